"""Which pages of several languages are about one definition.

- Pages match by package and title. A package may have another name in the next language: those
  packages match whose pages have the most titles in common, and packages of errors always match.
- What is in the top package of one language may be in any package of another.
- Pages whose titles differ match where the same field of matched models refers to both, or where
  one title begins with the other and the fields are the same.
- Models with one title and no field in common do not match: what one language calls a response,
  another one wraps in an envelope of that name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, count
from operator import itemgetter
from typing import Final, TypeAlias

from modelsync.schema.types import AnyOf, ListOf, MapOf, Nullable, Ref, Type, walk
from modelsync.transcribe.typed_pages import Kind, TypedPage, TypedPages, by_key

_TOP: Final = "models"
"""The package of everything that is in no other package: of all pages, if they are flat."""
_ERRORS: Final = frozenset({"errors", "apierrors", "sdkerrors"})
_KINDS: Final[tuple[Kind, ...]] = ("model", "enum", "union")

_Package: TypeAlias = tuple[int, str]
"""A package of a set: the number of the set, and the name of the package on its pages."""


@dataclass(slots=True, eq=False)
class Group:
    """The pages of one definition: at most one of each set."""

    package: str
    pages: dict[int, TypedPage] = field(default_factory=dict)
    """The pages by the number of their set."""
    missing: dict[int, TypedPage] = field(default_factory=dict)
    """What sets without a page for the definition show of it, by their references."""
    ids: set[str] = field(default_factory=set)
    """The page ids that refer to the definition."""

    @property
    def kind(self) -> Kind:
        """The kind of the definition."""
        return next(iter(self.pages.values())).kind

    @property
    def title(self) -> str:
        """The title of the first page."""
        return next(iter(self.pages.values())).place.title

    def fits(self, other: Group) -> bool:
        """Return whether no set is in both groups: two names in one set are two definitions."""
        sets = self.pages.keys() | self.missing.keys()
        return sets.isdisjoint(other.pages) and sets.isdisjoint(other.missing)


def match(sets: Sequence[TypedPages]) -> list[Group]:
    """Return a group of pages for each definition."""
    packages = match_packages(sets)
    group_of: dict[str, Group] = {}
    by_title = _match_by_package(sets, packages, group_of)
    _match_top(group_of, packages)
    _add_missing(sets, packages, by_title, group_of)
    _match_by_title(group_of, len(sets))
    _match_by_fields(group_of)
    groups = _groups(group_of)
    _move_to_users(groups, group_of, packages)
    return groups


_ByTitle: TypeAlias = dict[tuple[str, str, str], Group]
"""The first group of each package, title in lower case, and kind."""


def _match_by_package(
    sets: Sequence[TypedPages], packages: Mapping[_Package, str], group_of: dict[str, Group]
) -> _ByTitle:
    """Group pages that have the same title in the same package; fill `group_of` by page id."""
    by_title: _ByTitle = {}
    for typed in sets:
        for id_, page in typed.definitions.items():
            if page.inferred:
                continue
            package = packages[typed.number, page.place.package]
            # A model in one language and an enum in another are two definitions.
            key = (package, page.place.title.lower(), page.kind)
            group = by_title.setdefault(key, Group(package))
            if typed.number in group.pages or not _alike(page, group.pages.values()):
                group = Group(package)
            group.pages[typed.number] = page
            group.ids.add(id_)
            group_of[id_] = group
    return by_title


def _add_missing(
    sets: Sequence[TypedPages],
    packages: Mapping[_Package, str],
    by_title: _ByTitle,
    group_of: dict[str, Group],
) -> None:
    """Add what has no page in one language to its page in another, or to a group of its own."""
    for typed in sets:
        for id_, page in typed.definitions.items():
            if not page.inferred:
                continue
            title = (packages[typed.number, page.place.package], page.place.title.lower())
            group = next(filter(None, (by_title.get((*title, kind)) for kind in _KINDS)), None)
            # It may have been joined to another group since.
            group = group and group_of[next(iter(group.ids))]
            if group is None or typed.number in group.pages or typed.number in group.missing:
                group = by_title[*title, page.kind] = Group(title[0])
            is_inferred = all(other.inferred for other in group.pages.values())
            (group.pages if is_inferred else group.missing)[typed.number] = page
            group.ids.add(id_)
            group_of[id_] = group


def _move_to_users(
    groups: Sequence[Group], group_of: Mapping[str, Group], packages: Mapping[_Package, str]
) -> None:
    """Move what is only in top packages to where it is used, so that packages form no cycle.

    Pages of a flat language do not show a package. If `operations` refers to `components`, then
    whatever refers to a definition in `operations` does not belong in `components`.
    """
    flat = [
        group
        for group in groups
        if group.package != _TOP and all(p.place.package == _TOP for p in group.pages.values())
    ]
    if not flat:
        return
    uses = _uses(groups, flat, group_of)
    users: dict[Group, list[Group]] = {}
    tried = {group: {group.package} for group in flat}
    for group in flat:
        # The group has a flat page in these sets, so it belongs in none of their packages.
        tried[group] |= {name for (number, _), name in packages.items() if number in group.pages}
        for other in _used_by(group, group_of):
            users.setdefault(other, []).append(group)
    waiting = list(flat)
    while waiting:
        group = waiting.pop()
        here = group.package
        above = (
            other.package for other in _used_by(group, group_of) if (other.package, here) in uses
        )
        there = next((package for package in above if (here, package) not in uses), here)
        if there not in tried[group]:
            tried[group].add(there)
            group.package = there
            waiting += [group, *users.get(group, ())]


def _uses(
    groups: Sequence[Group], flat: Sequence[Group], group_of: Mapping[str, Group]
) -> set[tuple[str, str]]:
    """Return each pair of packages of which the first uses the second, without the flat groups."""
    moving = set(flat)
    return {
        (group.package, other.package)
        for group in groups
        if group not in moving
        for other in _used_by(group, group_of)
        if other not in moving
    }


def _used_by(group: Group, group_of: Mapping[str, Group]) -> Iterator[Group]:
    """Yield the groups that the pages of a group refer to."""
    for page in group.pages.values():
        for type_ in (*(row.type for row in page.fields), *page.members):
            for inner in walk(type_):
                if isinstance(inner, Ref) and inner.id in group_of:
                    yield group_of[inner.id]


def _groups(group_of: Mapping[str, Group]) -> list[Group]:
    """Return each group once."""
    return list(dict.fromkeys(group_of.values()))


def _alike(page: TypedPage, others: Iterable[TypedPage]) -> bool:
    """Return whether a page can be about the same definition as other pages of its title."""
    keys = {field.key for field in page.fields}
    return all(
        not keys or not other.fields or any(field.key in keys for field in other.fields)
        for other in others
    )


def _match_top(group_of: dict[str, Group], packages: Mapping[_Package, str]) -> None:
    """Join what is in the top package of some languages to what has its title in another.

    Only one package may have that title, and it must be one that these languages do not have.
    """
    titled: dict[tuple[str, str], list[Group]] = {}
    groups = _groups(group_of)
    for group in groups:
        titled.setdefault((group.title.lower(), group.kind), []).append(group)
    for group in groups:
        if any(page.place.package != _TOP for page in group.pages.values()):
            continue
        own = {name for (number, _), name in packages.items() if number in group.pages}
        others = [
            other
            for other in titled[group.title.lower(), group.kind]
            if other is not group and other.package not in own
        ]
        if len(others) == 1 and group.fits(others[0]):
            pages = group.pages.values()
            if all(_alike(page, others[0].pages.values()) for page in pages):
                _absorb(others[0], group, group_of)


def _match_by_title(group_of: dict[str, Group], number_of_sets: int) -> None:
    """Join models with the same fields where one title begins with the other."""
    incomplete: dict[tuple[str, frozenset[str]], list[Group]] = {}
    for group in _groups(group_of):
        keys = frozenset(field.key for page in group.pages.values() for field in page.fields)
        if len(group.pages) < number_of_sets and keys:
            incomplete.setdefault((group.package, keys), []).append(group)
    for groups in incomplete.values():
        if len({number for group in groups for number in group.pages}) == 1:
            continue
        # Titles that begin with a title come right after it.
        titled = sorted(((group.title.lower(), group) for group in groups), key=itemgetter(0))
        for index, (title, one) in enumerate(titled):
            for longer, other in titled[index + 1 :]:
                if not longer.startswith(title):
                    break
                if one.fits(other):
                    _absorb(one, other, group_of)


def _absorb(one: Group, other: Group, group_of: dict[str, Group]) -> None:
    one.pages.update(other.pages)
    one.missing.update(other.missing)
    one.ids |= other.ids
    for id_ in other.ids:
        group_of[id_] = one


# Packages -----------------------------------------------------------------------------------------


def match_packages(sets: Sequence[TypedPages]) -> dict[_Package, str]:
    """Return a name for each package of each set; packages that match have the same name."""
    titles: dict[_Package, set[str]] = {}
    for typed in sets:
        for page in typed.definitions.values():
            package = (typed.number, page.place.package)
            titles.setdefault(package, set()).add(page.place.title.lower())
    taken: set[str] = set()
    names: dict[_Package, str] = {}
    for together in sorted(_join_packages(titles).values(), key=len, reverse=True):
        if together[0] not in names:
            name = _package_name([package for _, package in together], taken)
            taken.add(name)
            names |= dict.fromkeys(together, name)
    return names


def _join_packages(titles: Mapping[_Package, set[str]]) -> dict[_Package, list[_Package]]:
    """Return the packages that match each package, itself included, by the titles of each."""
    pairs = sorted(
        (-len(titles[one] & titles[other]), one[1] != other[1], one, other)
        for one, other in combinations(titles, 2)
        if one[0] != other[0]
    )
    together: dict[_Package, list[_Package]] = {package: [package] for package in titles}
    for common, _, one, other in pairs:
        joined = together[one] + [
            package for package in together[other] if package not in together[one]
        ]
        smaller = min(len(titles[one]), len(titles[other]))
        are_errors = one[1] in _ERRORS and other[1] in _ERRORS
        if -common * 2 < smaller and not are_errors:
            continue
        if len({number for number, _ in joined}) < len(joined):
            continue
        for package in joined:
            together[package] = joined
    return together


def _package_name(packages: Iterable[str], taken: Container[str]) -> str:
    """Return a free name for packages that match: the most frequent one, `models` last."""
    frequency = Counter(packages)
    names = sorted(frequency, key=lambda name: (name == _TOP, -frequency[name], name))
    numbered = (f"{names[0]}{number}" for number in count(2))
    return next(name for name in chain(names, numbered) if name not in taken)


# Fields -------------------------------------------------------------------------------------------


def _match_by_fields(group_of: dict[str, Group]) -> None:
    """Join groups that the same field of several languages refers to."""
    waiting = _groups(group_of)
    while waiting:
        group = waiting.pop()
        for one, other in combinations(list(group.pages.values()), 2):
            for left, right in _same_types(one, other):
                joined = _join_targets(left, right, group_of)
                if joined is not None:
                    waiting.append(joined)


def _same_types(one: TypedPage, other: TypedPage) -> Iterator[tuple[Type, Type]]:
    """Yield the types that two pages of one definition show for the same field or member."""
    fields = by_key(other.fields)
    for field_ in one.fields:
        if field_.key in fields:
            yield field_.type, fields[field_.key].type
    if len(one.members) == len(other.members):
        yield from zip(one.members, other.members, strict=True)


def _join_targets(left: Type, right: Type, group_of: dict[str, Group]) -> Group | None:
    """Join the groups that two types of one shape refer to, unless something is against it."""
    one, other = _only_ref(left), _only_ref(right)
    if one is None or other is None or _shape(left) != _shape(right):
        return None
    a, b = group_of.get(one.id), group_of.get(other.id)
    if a is None or b is None or a is b or a.kind != b.kind or not a.fits(b):
        return None
    if a.package != b.package:
        return None
    _absorb(a, b, group_of)
    return a


def _only_ref(type_: Type) -> Ref | None:
    refs = [inner for inner in walk(type_) if isinstance(inner, Ref)]
    return refs[0] if len(refs) == 1 else None


def _shape(type_: Type) -> str:
    """Return how lists and maps nest in a type."""
    match type_:
        case ListOf(item=item):
            return f"[{_shape(item)}"
        case MapOf(value=value):
            return f"{{{_shape(value)}"
        case Nullable(inner=inner):
            return _shape(inner)
        case AnyOf():
            return "|"
        case _:
            return ""
