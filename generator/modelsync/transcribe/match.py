"""Which pages of several languages are about one definition.

Pages match by package and title. The package of one language may have another name in the next:
those match whose pages have the most titles in common, and those of errors, whose names differ by
language. What lies in the top package of one language may lie in any one of another. Pages whose
titles differ match where the same field of matched models refers to both, or where one title begins
with the other and the fields are the same; and models of one title that have no field in common do
not match (what one language calls a response, another one wraps in an envelope of that name).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, count
from operator import itemgetter
from typing import Final

from modelsync.schema.ir import AnyOf, ListOf, MapOf, Nullable, Ref, Type, walk
from modelsync.transcribe.typed_pages import Seen, SeenSet, by_key

_TOP: Final = "models"
"""The package of what lies in no other: of all, where pages are flat."""
_ERRORS: Final = frozenset({"errors", "apierrors", "sdkerrors"})


@dataclass(slots=True)
class Group:
    """The pages of one definition: at most one of each set, by the number of the set.

    `missing` has what is known of it in the sets that refer to it and have no page of it. `ids` are
    the identities that refer to it.
    """

    package: str
    pages: dict[int, Seen] = field(default_factory=dict)
    missing: dict[int, Seen] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """What it is: `model`, `enum` or `union`."""
        return next(iter(self.pages.values())).kind

    def fits(self, other: Group) -> bool:
        """Whether no set has both: what goes by two names in one set is two definitions."""
        sets = self.pages.keys() | self.missing.keys()
        return sets.isdisjoint(other.pages) and sets.isdisjoint(other.missing)


def match(sets: Sequence[SeenSet]) -> list[Group]:
    """Return the groups of pages that are about one definition each."""
    packages = match_packages(sets)
    groups: dict[tuple[str, str, str], Group] = {}
    of: dict[str, Group] = {}
    missing: list[tuple[int, str, Seen]] = []
    for seen in sets:
        for id_, page in seen.definitions.items():
            if page.inferred:
                missing.append((seen.number, id_, page))
                continue
            package = packages[seen.number, page.place.package]
            # What is a model in one language and an enum in another is two definitions.
            key = (package, page.place.title.lower(), page.kind)
            group = groups.setdefault(key, Group(package))
            if seen.number in group.pages or not _alike(page, group.pages.values()):
                group = Group(package)
            group.pages[seen.number] = page
            group.ids.add(id_)
            of[id_] = group
    _match_top(of, packages)
    for number, id_, page in missing:
        title = (packages[number, page.place.package], page.place.title.lower())
        kinds = (groups.get((*title, kind)) for kind in ("model", "enum", "union"))
        # What has no page in this language may have one in another.
        found = next(filter(None, kinds), None)
        # It may have been joined to another group since.
        found = found and of[next(iter(found.ids))]
        if found is None or number in found.pages or number in found.missing:
            found = groups[*title, page.kind] = Group(title[0])
        group = found
        if all(each.inferred for each in group.pages.values()):
            group.pages[number] = page
        else:
            group.missing[number] = page
        group.ids.add(id_)
        of[id_] = group
    _match_by_title(of, len(sets))
    _match_by_fields(of)
    matched = _groups(of)
    _move_up(matched, of, packages)
    return matched


def _move_up(
    groups: Sequence[Group], of: Mapping[str, Group], packages: Mapping[tuple[int, str], str]
) -> None:
    """Move what only lies in top packages to where it is used from, so that no ring comes of it.

    Pages of a flat language do not show a package. If `operations` refers to `components`, then
    what refers to a definition of `operations` is not one of `components`.
    """
    flat = [
        group
        for group in groups
        if group.package != _TOP and all(p.place.package == _TOP for p in group.pages.values())
    ]
    if not flat:
        return
    moving = {id(group) for group in flat}
    uses = {
        (group.package, other.package)
        for group in groups
        if id(group) not in moving
        for other in _used(group, of)
        if id(other) not in moving
    }
    users: dict[int, list[Group]] = {}
    been = {id(group): {group.package} for group in flat}
    for group in flat:
        # What a language shows in a package of its own is no place for what it shows in the top.
        been[id(group)] |= {name for (n, _), name in packages.items() if n in group.pages}
        for other in _used(group, of):
            users.setdefault(id(other), []).append(group)
    rest = list(flat)
    while rest:
        group = rest.pop()
        here = group.package
        above = (other.package for other in _used(group, of) if (other.package, here) in uses)
        there = next((each for each in above if (here, each) not in uses), here)
        if there not in been[id(group)]:
            been[id(group)].add(there)
            group.package = there
            rest += [group, *users.get(id(group), ())]


def _used(group: Group, of: Mapping[str, Group]) -> Iterator[Group]:
    """Yield the groups of what the pages of a group refer to."""
    for page in group.pages.values():
        for type_ in (*(each.type for each in page.fields), *page.members):
            for inner in walk(type_):
                if isinstance(inner, Ref) and inner.id in of:
                    yield of[inner.id]


def _groups(of: Mapping[str, Group]) -> list[Group]:
    """Return each group once; `of` has that of each identity."""
    return list({id(group): group for group in of.values()}.values())


def _alike(page: Seen, others: Iterable[Seen]) -> bool:
    """Whether a page can be about what other pages of its title are about."""
    keys = {each.key for each in page.fields}
    return all(
        not keys or not other.fields or any(each.key in keys for each in other.fields)
        for other in others
    )


def _match_top(of: dict[str, Group], packages: Mapping[tuple[int, str], str]) -> None:
    """Join what lies in the top package of some languages to what has its title in another.

    Only one package of all may have it, which these languages do not have themselves.
    """
    titled: dict[tuple[str, str], list[Group]] = {}
    groups = _groups(of)
    for group in groups:
        titled.setdefault((_title(group).lower(), group.kind), []).append(group)
    for group in groups:
        if any(page.place.package != _TOP for page in group.pages.values()):
            continue
        own = {name for (number, _), name in packages.items() if number in group.pages}
        others = [
            other
            for other in titled[_title(group).lower(), group.kind]
            if other is not group and other.package not in own
        ]
        if len(others) == 1 and group.fits(others[0]):
            pages = group.pages.values()
            if all(_alike(page, others[0].pages.values()) for page in pages):
                _absorb(others[0], group, of)


def _match_by_title(of: dict[str, Group], number_of_sets: int) -> None:
    """Join models of the same fields of which one title begins with the other."""
    alone: dict[tuple[str, frozenset[str]], list[Group]] = {}
    for group in _groups(of):
        keys = frozenset(each.key for page in group.pages.values() for each in page.fields)
        if len(group.pages) < number_of_sets and keys:
            alone.setdefault((group.package, keys), []).append(group)
    for groups in alone.values():
        if len({number for group in groups for number in group.pages}) == 1:
            continue
        # Titles that begin with a title stand right behind it.
        titled = sorted(((_title(group).lower(), group) for group in groups), key=itemgetter(0))
        for index, (title, one) in enumerate(titled):
            for longer, other in titled[index + 1 :]:
                if not longer.startswith(title):
                    break
                if one.fits(other):
                    _absorb(one, other, of)


def _title(group: Group) -> str:
    return next(iter(group.pages.values())).place.title


def _absorb(one: Group, other: Group, of: dict[str, Group]) -> None:
    one.pages.update(other.pages)
    one.missing.update(other.missing)
    one.ids |= other.ids
    for id_ in other.ids:
        of[id_] = one


def match_packages(sets: Sequence[SeenSet]) -> dict[tuple[int, str], str]:
    """Return the name that each package of each set gets: packages that match get one."""
    titles: dict[tuple[int, str], set[str]] = {}
    for seen in sets:
        for page in seen.definitions.values():
            key = (seen.number, page.place.package)
            titles.setdefault(key, set()).add(page.place.title.lower())
    pairs = sorted(
        (
            (-len(titles[one] & titles[other]), one[1] != other[1], one, other)
            for one, other in combinations(titles, 2)
            if one[0] != other[0]
        ),
    )
    together: dict[tuple[int, str], list[tuple[int, str]]] = {key: [key] for key in titles}
    for common, _, one, other in pairs:
        joined = together[one] + [key for key in together[other] if key not in together[one]]
        smaller = min(len(titles[one]), len(titles[other]))
        are_errors = one[1] in _ERRORS and other[1] in _ERRORS
        if -common * 2 < smaller and not are_errors:
            continue
        if len({number for number, _ in joined}) < len(joined):
            continue
        for key in joined:
            together[key] = joined
    taken: set[str] = set()
    found: dict[tuple[int, str], str] = {}
    for keys in sorted(together.values(), key=len, reverse=True):
        if keys[0] not in found:
            name = _name([package for _, package in keys], taken)
            taken.add(name)
            found |= dict.fromkeys(keys, name)
    return found


def _name(packages: Iterable[str], taken: Container[str]) -> str:
    """Return one name for packages that match: the most frequent; `models` says the least.

    It is none of those that others have.
    """
    names = Counter(packages)
    wanted = sorted(names, key=lambda name: (name == _TOP, -names[name], name))
    numbered = (f"{wanted[0]}{number}" for number in count(2))
    return next(name for name in chain(wanted, numbered) if name not in taken)


def _match_by_fields(of: dict[str, Group]) -> None:
    """Join groups to which the same field of several languages refers."""
    rest = _groups(of)
    while rest:
        group = rest.pop()
        pages = list(group.pages.values())
        for one, other in combinations(pages, 2):
            fields = by_key(other.fields)
            pairs = [
                (each.type, fields[each.key].type) for each in one.fields if each.key in fields
            ]
            if len(one.members) == len(other.members):
                pairs += zip(one.members, other.members, strict=True)
            for left, right in pairs:
                joined = _join(left, right, of)
                if joined is not None:
                    rest.append(joined)


def _join(left: Type, right: Type, of: dict[str, Group]) -> Group | None:
    """Join the groups that two types of one form refer to, if nothing speaks against it."""
    one, other = _only_ref(left), _only_ref(right)
    if one is None or other is None or _form(left) != _form(right):
        return None
    a, b = of.get(one.id), of.get(other.id)
    if a is None or b is None or a is b or a.kind != b.kind or not a.fits(b):
        return None
    if a.package != b.package:
        return None
    _absorb(a, b, of)
    return a


def _only_ref(type_: Type) -> Ref | None:
    refs = [inner for inner in walk(type_) if isinstance(inner, Ref)]
    return refs[0] if len(refs) == 1 else None


def _form(type_: Type) -> str:
    """Return how lists and maps nest around what a type is made of."""
    match type_:
        case ListOf(item=item):
            return f"[{_form(item)}"
        case MapOf(value=value):
            return f"{{{_form(value)}"
        case Nullable(inner=inner):
            return _form(inner)
        case AnyOf():
            return "|"
        case _:
            return ""
