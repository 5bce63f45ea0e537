"""Groups of pages -> definitions: what every language tells, put together.

Each notation loses something: Go shows the width of numbers, Python tells null from absent,
TypeScript shows constants. A fact that a notation does not tell is not known, which is not a no.
Where pages contradict each other, one of them counts and the :class:`Disagreement` is told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, count
from typing import Any, Final, TypeVar

from modelsync.errors import Position
from modelsync.naming import INITIALISMS, pascal
from modelsync.pages.notation.base import nullable
from modelsync.pages.page import Members, Page
from modelsync.progress import Progress, counted, silent
from modelsync.schema.ir import (
    AnyOf,
    Constant,
    Definition,
    Enum,
    EnumValue,
    External,
    Field,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Ref,
    Scalar,
    Type,
    Union,
    map_type,
    walk,
)
from modelsync.schema.type_expr import RESERVED
from modelsync.spec.reader import MAX_NAME
from modelsync.transcribe.json_keys import Wires
from modelsync.transcribe.match import Group
from modelsync.transcribe.typed_pages import Seen, SeenField, SeenSet, by_key, free

_ORDER: Final = ("go", "python", "typescript")
"""Whose word counts first where pages disagree: Go's tells most of types."""
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_MAX_EXTERNAL: Final = 60
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two pages that do not say the same: what about, where each says what, and what counts."""

    what: str
    one: Position
    other: Position
    said: tuple[str, str]
    counts: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What came out: the definitions, and what pages do not agree on.

    `of_group` has the identity of the definition of each group, and `wires` the wire name of each
    field by that identity and the key of the field.
    """

    definitions: tuple[Definition, ...]
    of_group: Mapping[int, str]
    wires: Mapping[str, Mapping[str, str]]
    disagreements: tuple[Disagreement, ...]


class Merger:
    """Puts groups together; `naming` makes the wire name of a field from what pages show."""

    def __init__(self, sets: Sequence[SeenSet], groups: Sequence[Group], naming: Wires) -> None:
        self.sets = sets
        self.groups = groups
        self.naming = naming
        self.languages = tuple(dict.fromkeys(seen.pages.notation for seen in sets))
        self.disagreements: list[Disagreement] = []
        self.names = _names(groups)
        self.ids: dict[str, str] = {}
        self.group_of: dict[str, Group] = {}
        for group in groups:
            name = self.names[id(group)]
            for id_ in group.ids:
                self.ids[id_] = f"{group.package}.{name}"
                self.group_of[f"{group.package}.{name}"] = group
        self.externals: dict[str, Union] = {}
        self.external_ids: dict[tuple[str, str, str], str] = {}
        self.numbers = count(1)
        self.wires: dict[str, dict[str, str]] = {}

    def merge(self, progress: Progress = silent) -> Merged:
        """Return every definition, external types among them.

        The line of each item is a number that no other one has: see
        :mod:`modelsync.transcribe.items`.
        """
        groups = counted(self.groups, "merging", progress)
        definitions = [self._definition(group) for group in groups]
        of_group = {
            id(group): definition.id
            for group, definition in zip(self.groups, definitions, strict=True)
        }
        everything = self._everywhere([*definitions, *self.externals.values()])
        return Merged(everything, of_group, self.wires, tuple(self.disagreements))

    def _place(self) -> Position:
        """Return the place of an item that no other item has."""
        return Position("", next(self.numbers))

    # Definitions ------------------------------------------------------------------------------

    def _definition(self, group: Group) -> Definition:
        pages = _in_order(group.pages.values())
        name = self.names[id(group)]
        only = self._only(page.notation for page in pages)
        is_inferred = all(page.inferred for page in pages)
        if is_inferred:
            # A language that has only the name tells nothing of what is in it.
            pages = [page for page in pages if page.fields or page.values] or pages[:1]
        first = pages[0]
        place = self._place()
        common: dict[str, Any] = {
            "name": name,
            "package": group.package,
            "description": _first(page.page.description for page in pages) or "",
            "deprecated": _reason(page.page.deprecated for page in pages),
            "names": {
                page.notation: page.place.title
                for page in (*group.pages.values(), *group.missing.values())
                if page.place.title != name
            },
            "only": only,
            "inferred": is_inferred,
            "position": place,
            "names_position": place,
        }
        match first.kind:
            case "model":
                wires = self.wires.setdefault(f"{group.package}.{name}", {})
                return Model(**common, fields=tuple(self._fields(pages, wires)))
            case "enum":
                return self._enum(common, pages)
            case _:
                members = self._members(pages)
                discriminator, mapping = self._discriminator(members, self._tags(pages))
                return Union(
                    **common,
                    members=members,
                    discriminator=discriminator,
                    mapping=mapping,
                    member_positions=(place,) * len(members),
                )

    def _everywhere(self, definitions: list[Definition]) -> tuple[Definition, ...]:
        """Return the definitions, each in all languages of what refers to it."""
        everything = set(self.languages)
        by_id = {each.id: each for each in definitions}
        languages = {id_: set(each.only) or everything for id_, each in by_id.items()}
        for each in definitions:
            if isinstance(each, Union) and each.external is not None:
                languages[each.id] = set()
        rest = list(by_id)
        while rest:
            id_ = rest.pop()
            for ref, only in _refs(by_id[id_]):
                needed = languages[id_] & (set(only) or everything)
                if not needed <= languages[ref.id]:
                    languages[ref.id] |= needed
                    rest.append(ref.id)
        return tuple(
            replace(
                each,
                only=() if languages[each.id] >= everything else tuple(sorted(languages[each.id])),
            )
            for each in definitions
        )

    def _only(self, notations: Iterable[str]) -> tuple[str, ...]:
        found = set(notations)
        return () if found >= set(self.languages) else tuple(sorted(found))

    def _enum(self, common: Mapping[str, Any], pages: Sequence[Seen]) -> Enum:
        lists = [[str(value.wire) for value in page.values] for page in pages]
        # A table shows numbers and digits alike; a literal does not.
        numbers = all(isinstance(value.wire, int) for page in pages for value in page.values)
        everywhere = self._only(page.notation for page in pages)
        known_to = [set(texts) for texts in lists]
        values = []
        for text in _merged_order(lists):
            here = self._only(
                page.notation for page, known in zip(pages, known_to, strict=True) if text in known
            )
            only = here if here != everywhere else ()
            wire = int(text) if numbers else text
            place = self._place()
            values.append(EnumValue(wire, only=only, position=place, names_position=place))
        return Enum(
            **common,
            values=tuple(values),
            type="int64" if numbers else "string",
            open=any(page.open for page in pages),
        )

    def _own_members(self, page: Seen) -> list[Type]:
        """Return the members that one page shows: none of them null, nor a union in itself."""
        bare = [_bare(self.resolved(member)) for member in page.members]
        return [
            _bare(inner)
            for each in bare
            for inner in (each.members if isinstance(each, AnyOf) else (each,))
        ]

    def _members(self, pages: Sequence[Seen]) -> tuple[Type, ...]:
        first = pages[0]
        members = self._own_members(first)
        for page in pages[1:]:
            others = self._own_members(page)
            rest = self._joined(members, others)
            if rest and len(others) == len(members):
                self._disagree_on_members(first, page, "the first ones count")
            elif len(others) != len(members):
                self._disagree_on_members(first, page, "all of them count")
                members += rest
        return tuple(dict.fromkeys(members))

    def _joined(self, members: list[Type], others: Sequence[Type]) -> list[Type]:
        """Join each of `others` to one of `members`, and return those that none agrees with.

        Pages may have them in different orders: what is the same comes first, then what comes at
        the same place.
        """
        free = dict.fromkeys(range(len(members)))
        rest = []
        for index, other in enumerate(others):
            same = (number for number in free if members[number] == other)
            for number in (*same, *([index] if index in free else ()), *free):
                joined = self.join(members[number], other)
                if joined is not None:
                    members[number] = joined
                    del free[number]
                    break
            else:
                rest.append(other)
        return rest

    def _tags(self, pages: Sequence[Seen]) -> dict[str, set[str]]:
        """Return what Go's pages call the members of a union, by the identity of the member.

        A member may have several tags, and what only other languages show has none.
        """
        tags: dict[str, set[str]] = {}
        for page in pages:
            # Only a page that shows a tag for each member has any.
            for member, tag in zip(page.members, page.tags, strict=False):
                type_ = _bare(self.resolved(member))
                if isinstance(type_, Ref):
                    tags.setdefault(type_.id, set()).add(tag)
        return tags

    def _discriminator(
        self, members: Sequence[Type], tags: Mapping[str, Collection[str]]
    ) -> tuple[str | None, tuple[tuple[str, str], ...]]:
        """Return the field whose value identifies the member, and the member of each value.

        Go's tags are made from these values: where they are not, no field is a discriminator.
        """
        tables: dict[str, Mapping[str, frozenset[str]]] = {}
        for member in members:
            group = self.group_of.get(member.id) if isinstance(member, Ref) else None
            if group is None or group.kind != "model" or not isinstance(member, Ref):
                return None, ()
            tables[member.id] = self._texts(group)
        common = set.intersection(*map(set, tables.values())) if tables else set()
        for key in sorted(common):
            pairs: list[tuple[str, str]] = []
            for id_, table in tables.items():
                values = table[key]
                if id_ in tags:
                    values = frozenset(v for v in values if pascal(v, INITIALISMS) in tags[id_])
                if len(values) != max(1, len(tags.get(id_, ()))):
                    break
                pairs += ((value, id_) for value in sorted(values))
            else:
                wires = {self._wire_of(id_, key) for id_ in tables}
                if len(wires) == 1 and len(dict(pairs)) == len(pairs):
                    return wires.pop(), tuple(pairs)
        return None, ()

    def _texts(self, group: Group) -> dict[str, frozenset[str]]:
        """Return the texts that each required field of a model may be, where pages tell."""
        found: dict[str, frozenset[str]] = {}
        for page in _in_order(group.pages.values()):
            for field in page.fields:
                values = self._values_of(field.type) if field.row.required else None
                if values is not None:
                    known = found.get(field.key, values)
                    found[field.key] = known & values or known
        return found

    def _values_of(self, type_: Type) -> frozenset[str] | None:
        match type_:
            case Constant(value=str(value)):
                return frozenset({value})
            case Ref():
                group = self.group_of.get(self.ids.get(type_.id, ""))
                if group is not None and group.kind == "enum":
                    return frozenset(
                        str(value.wire) for page in group.pages.values() for value in page.values
                    )
        return None

    def _wire_of(self, id_: str, key: str) -> str:
        group = self.group_of[id_]
        rows = [
            (page, table[key])
            for page in _in_order(group.pages.values())
            if key in (table := by_key(page.fields))
        ]
        return self.naming.name(rows)

    # Fields -----------------------------------------------------------------------------------

    def _fields(self, pages: Sequence[Seen], wires: dict[str, str]) -> Iterator[Field]:
        tables = [by_key(page.fields) for page in pages]
        taken: set[str] = set()
        for key in _merged_order([list(table) for table in tables]):
            rows = [
                (page, table[key])
                for page, table in zip(pages, tables, strict=True)
                if key in table
            ]
            # Two names that differ on pages are two on the wire.
            wires[key] = free(self.naming.name(rows), rows[0][1].row.name, taken)
            taken.add(wires[key])
            yield self._field(rows, wires[key], pages)

    def _field(self, rows: list[tuple[Seen, SeenField]], wire: str, pages: Sequence[Seen]) -> Field:
        seen = [field for _, field in rows]
        type_, takes_null = self._type(rows)
        required = [field.row.required for field in seen]
        if len(set(required)) > 1:
            what = f"whether {_shown(rows)} is required"
            counts = "it is" if required[0] else "it is not"
            self._disagree(what, *_two(seen, required), counts)
        here = self._only(page.notation for page, _ in rows)
        everywhere = self._only(page.notation for page in pages)
        place = self._place()
        return Field(
            json_key=wire,
            type=nullable(type_) if takes_null else type_,
            required=required[0],
            description=_first(field.row.description for field in seen) or "",
            deprecated=_reason(field.row.deprecated for field in seen),
            only=here if here != everywhere else (),
            position=place,
            names_position=place,
            type_position=place,
        )

    def _type(self, rows: list[tuple[Seen, SeenField]]) -> tuple[Type, bool]:
        """Return the type of a field, and whether null is a value of it."""
        (_, first), *others = rows
        type_ = self.resolved(first.type)
        for _, other in others:
            joined = self.join(type_, self.resolved(other.type))
            if joined is None:
                places = (first.row.type_position, other.row.type_position)
                said = (first.row.type, other.row.type)
                self._disagree(f"the type of {_shown(rows)}", *places, said, "the first counts")
            else:
                type_ = joined
        known = [(field, field.nullable) for _, field in rows if field.nullable is not None]
        if len({told for _, told in known}) > 1:
            fields, told = zip(*known, strict=True)
            self._disagree(f"whether {_shown(rows)} may be null", *_two(fields, told), "it may")
        return type_, any(told for _, told in known)

    def join(self, one: Type, other: Type) -> Type | None:
        """Return what both types say together, None where they contradict each other."""
        match one, other:
            case _ if one == other:
                return one
            case (Nullable(), _) | (_, Nullable()):
                left = one.inner if isinstance(one, Nullable) else one
                right = other.inner if isinstance(other, Nullable) else other
                joined = self.join(left, right)
                return joined and Nullable(joined)
            case ListOf(item=left), ListOf(item=right):
                joined = self.join(left, right)
                return joined and ListOf(joined)
            case MapOf(value=left), MapOf(value=right):
                joined = self.join(left, right)
                return joined and MapOf(joined)
            case Scalar(name=left), Scalar(name=right):
                return _wider_known(left, right)
            case (Scalar(name="string"), Constant(value=str())) | (
                Scalar(name="bool"),
                Constant(value=bool()),
            ):
                return other
            case (Constant(value=str()), Scalar(name="string")) | (
                Constant(value=bool()),
                Scalar(name="bool"),
            ):
                return one
            case (Ref() as ref, Constant() as constant) | (Constant() as constant, Ref() as ref):
                return self._literal(ref, constant)
            case Ref(), Ref():
                return self._same_external(one, other)
            case _:
                return None

    def _literal(self, ref: Ref, constant: Constant) -> Type | None:
        """Return what an enum and a literal of it say together: Go shows the enum."""
        group = self.group_of.get(ref.id)
        values = {
            value.wire for page in (group.pages.values() if group else ()) for value in page.values
        }
        if constant.value not in values:
            return None
        return ref if len(values) == 1 else constant

    # References -------------------------------------------------------------------------------

    def resolved(self, type_: Type) -> Type:
        """Return a type whose references name merged definitions."""

        def merged(leaf: Type) -> Type:
            if not isinstance(leaf, Ref):
                return leaf
            return Ref(self.ids.get(leaf.id) or self._external(leaf.id), leaf.position)

        return map_type(type_, merged)

    @cached_property
    def external_names(self) -> set[str]:
        """The names that no other external type may have."""
        return {definition.rpartition(".")[2] for definition in self.group_of}

    def _external(self, id_: str) -> str:
        """Return the identity of an external type that a page refers to."""
        number, _, _ = id_.partition(":")
        seen = self.sets[int(number)]
        text, link = seen.externals[id_]
        notation = seen.pages.notation
        name = re.sub(r"[^A-Za-z0-9]", "", pascal(text))[:_MAX_EXTERNAL]
        name = name if name[:1].isalpha() else f"External{name}"
        known = self.external_ids.get((notation, text, link))
        if known is not None:
            return known
        while name in self.external_names:
            name += "Type"
        external = External({notation: text}, {notation: link} if link else {})
        place = self._place()
        made = Union(
            name=name,
            members=(Scalar("any"),),
            external=external,
            position=place,
            names_position=place,
            member_positions=(place,),
        )
        self.externals[made.id] = made
        self.external_ids[notation, text, link] = made.id
        self.external_names.add(name)
        self.ids[id_] = made.id
        return made.id

    def _same_external(self, one: Ref, other: Ref) -> Ref | None:
        """Return one reference for two external types of different languages."""
        left, right = self.externals.get(one.id), self.externals.get(other.id)
        if left is None or right is None or not left.external or not right.external:
            return None
        if left.external.shown.keys() & right.external.shown.keys():
            return None
        shown = {**left.external.shown, **right.external.shown}
        links = {**left.external.links, **right.external.links}
        self.externals[one.id] = replace(left, external=External(shown, links))
        for notation, text in right.external.shown.items():
            link = right.external.links.get(notation, "")
            self.external_ids[notation, text, link] = one.id
        return one

    def _disagree_on_members(self, one: Seen, other: Seen, counts: str) -> None:
        what = f"the members of {one.place.title}"
        said = (_heads(one.page), _heads(other.page))
        self._disagree(what, one.position, other.position, said, counts)

    def _disagree(
        self, what: str, one: Position, other: Position, said: tuple[str, str], counts: str
    ) -> None:
        self.disagreements.append(Disagreement(what, one, other, said, counts))


def _refs(definition: Definition) -> Iterator[tuple[Ref, tuple[str, ...]]]:
    """Yield each reference, and the languages that have it."""
    match definition:
        case Model(fields=fields):
            pairs = [(field.type, field.only) for field in fields]
        case Union(members=members):
            pairs = [(member, ()) for member in members]
        case _:
            return
    for type_, only in pairs:
        for inner in walk(type_):
            if isinstance(inner, Ref):
                yield inner, only


def _bare(type_: Type) -> Type:
    return type_.inner if isinstance(type_, Nullable) else type_


def _wider_known(one: str, other: str) -> Scalar | None:
    """Return what two scalars say together: `float64` of TypeScript may be any number."""
    numbers = {"int32", "int64", "float32", "float64"}
    if {one, other} <= numbers:
        whole = [name for name in (one, other) if name.startswith("int")]
        if "int32" in (one, other):
            return Scalar("int32")
        if whole:
            return Scalar("int64")
        return Scalar("float32")
    return None


def _in_order(pages: Iterable[Seen]) -> list[Seen]:
    return sorted(pages, key=lambda page: _ORDER.index(page.notation))


def _first(texts: Iterable[_T]) -> _T | None:
    return next((text for text in texts if text), None)


def _reason(reasons: Iterable[str | None]) -> str | None:
    """Return why something goes away: what the first page with a reason says."""
    known = [reason for reason in reasons if reason is not None]
    return next(filter(None, known), "") if known else None


def _two(
    fields: Sequence[SeenField], said: Sequence[bool]
) -> tuple[Position, Position, tuple[str, str]]:
    """Return the places of two fields that say different things, and what they say."""
    other = next(index for index, each in enumerate(said) if each != said[0])
    words = ("yes", "no") if said[0] else ("no", "yes")
    return fields[0].row.position, fields[other].row.position, words


def _shown(rows: Sequence[tuple[Seen, SeenField]]) -> str:
    """Return a field as a message names it."""
    page, field = rows[0]
    return f"{page.place.title}.{field.row.name}"


def _heads(page: Page) -> str:
    """Return the members of a union as its page shows them."""
    assert isinstance(page.body, Members)
    return ", ".join(member.head for member in page.body.members)


def _merged_order(orders: list[list[str]]) -> list[str]:
    """Return all keys in one order: that of the first list, the others' own ones in between."""
    behind: dict[str | None, str | None] = {None: None}
    for order in orders:
        at: str | None = None
        for key in order:
            if key not in behind:
                behind[key], behind[at] = behind[at], key
            at = key
    merged = []
    at = behind[None]
    while at is not None:
        merged.append(at)
        at = behind[at]
    return merged


def _names(groups: Sequence[Group]) -> dict[int, str]:
    """Return a name for each group that no other one of its package has."""
    names: dict[int, str] = {}
    taken: dict[tuple[str, str], int] = {}
    # The pages of most languages have the first word.
    for group in sorted(groups, key=lambda group: -len(group.pages)):
        titles = [page.place.title for page in _in_order(group.pages.values())]
        titles = [title[:MAX_NAME] for title in titles]
        fitting = (title for title in titles if _NAME.fullmatch(title) and title not in RESERVED)
        wanted = [*fitting, *map(_safe, titles)]
        kind = group.kind.capitalize()
        numbered = (f"{wanted[0][: MAX_NAME - 12]}{kind}{n or ''}" for n in count())
        name = next(
            name for name in chain(wanted, numbered) if (group.package, name.lower()) not in taken
        )
        taken[group.package, name.lower()] = id(group)
        names[id(group)] = name
    return names


def _safe(title: str) -> str:
    """Return a name that a definition can have, as near to a title as may be."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii")
    name = re.sub(r"\W", "", plain)
    name = name if name[:1].isalpha() else f"T{name.lstrip('_')}"
    return name.capitalize() if name in RESERVED else name[:MAX_NAME]
