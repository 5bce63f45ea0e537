"""A page set -> what its pages say of each definition, with their types read.

References still name places of the set; what they come to mean together with the pages of other
languages is told by :mod:`modelsync.transcribe.match`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from modelsync.errors import Position, Problem
from modelsync.ir import Ref, Scalar, Type
from modelsync.naming import words
from modelsync.pages.notation import NOTATIONS, Notation, NotThisNotation, Place
from modelsync.pages.page import Fields, Members, Page, Row, Values
from modelsync.transcribe.pageset import PageSet

_TAG: Final = re.compile(r"\.Create(\w+)\(")
_NULL: Final = re.compile(r"^  (\w+): null,$", re.M)
"""A field of the model itself, not of one inside it, that the example has null for."""
_OPEN: Final = " Open enum: "
"""What begins the comment in the example of an open enum, in Go and Python."""
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_INT64: Final = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True)
class SeenField:
    """One row with its type read. `nullable` is None where neither its type nor an example tells.

    `key` is by which the rows of several languages are known to be one field.
    """

    row: Row
    type: Type
    nullable: bool | None
    key: str


@dataclass(frozen=True, slots=True)
class SeenValue:
    """One value of an enum, and the name that the page shows for it, if it does."""

    wire: str | int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one page says of a definition. `kind` is `model`, `enum` or `union`."""

    notation: str
    place: Place
    page: Page
    kind: str
    fields: tuple[SeenField, ...] = ()
    values: tuple[SeenValue, ...] = ()
    open: bool = False
    members: tuple[Type, ...] = ()
    tags: tuple[str, ...] = ()
    """What the page of a union in Go calls its members, where it could read them all."""
    stem: str = ""
    """What the file of the page is called, without its ending."""

    @property
    def position(self) -> Position:
        """Where its title stands."""
        return self.page.position


@dataclass(slots=True)
class SeenSet:
    """What a page set says: each definition by the identity of its place, and external types.

    `externals` has the text and the link of each by the identity that refers to it.
    """

    pages: PageSet
    number: int
    definitions: dict[str, Seen] = field(default_factory=dict)
    externals: dict[str, tuple[str, str]] = field(default_factory=dict)


def identity(number: int, place: Place) -> str:
    """Return the identity of a place in the set of this number."""
    return f"{number}:{place.shown}"


class _References:
    """The places of one set, and what lies outside of it."""

    def __init__(self, seen: SeenSet, places: set[Place]) -> None:
        self.seen = seen
        self.places = places

    def page(self, place: Place, link: str) -> Ref:
        if place in self.places:
            return Ref(identity(self.seen.number, place))
        return self.outside(place.shown, link)

    def outside(self, text: str, link: str) -> Ref:
        id_ = f"{self.seen.number}:!{text}({link})"
        self.seen.externals[id_] = (text, link)
        return Ref(id_)


def see(pages: PageSet, number: int, problems: list[Problem]) -> SeenSet:
    """Return what the pages of a set say, and add what cannot be read to `problems`."""
    seen = SeenSet(pages, number)
    places = {pages.place(path, page) for path, page in pages.pages.items()}
    reader = _Reader(NOTATIONS[pages.notation], _References(seen, places), problems)
    for path, page in pages.pages.items():
        place = pages.place(path, page)
        stem = path.rpartition("/")[2].removesuffix(".md")
        definition = replace(reader.definition(place, page), stem=stem)
        seen.definitions[identity(number, place)] = definition
    return seen


class _Reader:
    def __init__(
        self, notation: type[Notation], refs: _References, problems: list[Problem]
    ) -> None:
        self.notation = notation
        self.refs = refs
        self.problems = problems

    def definition(self, place: Place, page: Page) -> Seen:
        name = self.notation.name
        match page.body:
            case Fields(rows=rows):
                nulls = frozenset(_NULL.findall(page.usage or ""))
                return Seen(name, place, page, "model", fields=tuple(self.fields(rows, nulls)))
            case Values():
                values, is_open = _values(page.body)
                is_open = is_open or _OPEN in (page.usage or "")
                return Seen(name, place, page, "enum", values=values, open=is_open)
            case Members():
                members = tuple(self.members(page.body))
                tags = [_TAG.search(member.code) for member in page.body.members]
                known = tuple(tag[1].removeprefix(place.title) for tag in tags if tag is not None)
                known = known if len(known) == len(members) else ()
                return Seen(name, place, page, "union", members=members, tags=known)

    def fields(self, rows: tuple[Row, ...], nulls: frozenset[str]) -> Iterator[SeenField]:
        taken: set[str] = set()
        for row in rows:
            try:
                shown = self.notation.read_type_cell(row.type, row.required, self.refs)
            except NotThisNotation as error:
                where = row.type_position.shifted(error.offset)
                self.expected(where, error.expected)
                continue
            key = field_key(row.name)
            # Two names of one form in one table are two fields.
            key = key if key not in taken else f"={row.name}"
            taken.add(key)
            nullable = True if row.name in nulls else shown.nullable
            yield SeenField(row, shown.type, nullable, key)

    def members(self, body: Members) -> Iterator[Type]:
        for member in body.members:
            try:
                yield self.notation.read_member(member.head, member.code, self.refs)
            except NotThisNotation as error:
                self.expected(member.position, error.expected)
                yield Scalar("any")

    def expected(self, position: Position, what: str) -> None:
        message = f"this is no type in the notation of {self.notation.name}"
        self.problems.append(Problem(position, "MS106", message, help=f"expected {what}"))


def free(name: str, otherwise: str, taken: Container[str]) -> str:
    """Return `name`, or `otherwise` where it is taken, with as many `_` as make it free."""
    if name in taken:
        name = otherwise
    while name in taken:
        name += "_"
    return name


def field_key(name: str) -> str:
    """Return what the names of a field in several languages have in common."""
    return "_".join(words(name)).lower() or name


def _values(body: Values) -> tuple[tuple[SeenValue, ...], bool]:
    """Return the values of an enum, and whether it is open."""
    if body.form == "table":
        whole = all(_is_integer(literal) for literal in body.literals)
        values = (int(text) if whole else text for text in body.literals)
        pairs = zip(values, body.names, strict=True)
        return tuple(SeenValue(wire, name) for wire, name in pairs), False
    return tuple(SeenValue(json.loads(literal)) for literal in body.literals), body.open


def _is_integer(text: str) -> bool:
    return bool(_INTEGER.fullmatch(text)) and int(text) in _INT64


def by_key(fields: tuple[SeenField, ...]) -> Mapping[str, SeenField]:
    """Return fields by their keys."""
    return {each.key: each for each in fields}
