"""A page set -> what its pages say of each definition, with their types read.

References still name places of the set; what they come to mean together with the pages of other
languages is told by :mod:`modelsync.transcribe.match`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from modelsync.errors import Position, Problem
from modelsync.naming import words
from modelsync.pages.notation import NOTATIONS, Dialect, Notation, NotThisNotation, Place
from modelsync.pages.notation.base import page_path
from modelsync.pages.notation.go import OPEN_UNION
from modelsync.pages.page import Fields, Members, Page, Row, Values
from modelsync.progress import Progress, counted, silent
from modelsync.schema.ir import NOWHERE, Ref, Scalar, Type
from modelsync.transcribe.infer_missing import infer
from modelsync.transcribe.page_sets import PACKAGE, PageSet

_TAG: Final = re.compile(r"\.Create(\w+)\(")
_NULL: Final = re.compile(r"^  (\w+): null,$", re.M)
"""A field of the model itself, not of one inside it, that the example has null for."""
_OPEN: Final = " Open enum: "
"""What begins the comment in the example of an open enum."""
_OPEN_TEXTS: Final = ("UnrecognizedStr", "Unrecognized<string>", '("custom_value")')
"""What ends that example where the values are text."""
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
    options: Mapping[str, str] = field(default_factory=dict)
    """What the page has otherwise than most of the set."""
    inferred: bool = False
    """Whether there is no page: it is known from links to where it should be."""

    @property
    def position(self) -> Position:
        """Where its title stands."""
        return self.page.position


@dataclass(frozen=True, slots=True)
class Gone:
    """A definition that has no page, and the first place that refers to it."""

    name: str
    position: Position


@dataclass(slots=True)
class SeenSet:
    """What a page set says: each definition by the identity of its place, and external types.

    `externals` has the text and the link of each by the identity that refers to it, and `gone` what
    has no page, by that identity too.
    """

    pages: PageSet
    number: int
    definitions: dict[str, Seen] = field(default_factory=dict)
    externals: dict[str, tuple[str, str]] = field(default_factory=dict)
    gone: dict[str, Gone] = field(default_factory=dict)


def identity(number: int, place: Place) -> str:
    """Return the identity of a place in the set of this number."""
    return f"{number}:{place.shown}"


class _Style(NamedTuple):
    """What the options of a page say of how it is read."""

    dialect: Dialect
    anything: tuple[str, ...]
    inline: bool
    wraps_null: bool

    @classmethod
    def of(cls, options: Mapping[str, str | bool]) -> _Style:
        return cls(
            Dialect(above=str(options.get("above", ""))),
            (str(options.get("any", "any")),),
            options.get("unions") == "types",
            options.get("wrapped") in (True, "true"),
        )


class _References:
    """The places of one set, those of pages that are missing, and what lies outside of it.

    `here` is the page that refers to them, and `position` where on it.
    """

    def __init__(
        self, seen: SeenSet, notation: type[Notation], by_path: Mapping[str, Place]
    ) -> None:
        self.seen = seen
        self.notation = notation
        self.by_path = by_path
        self.places = set(by_path.values())
        self.packages = {place.package for place in self.places}
        self.missing: dict[Place, None] = {}
        self.here = Place("", "")
        self.position = NOWHERE
        self.files = str(seen.pages.options.get("files", "joined"))
        self._set = _Style.of(seen.pages.options)
        self.style = self._set
        self.anything = self.style.anything

    def turn_to(self, place: Place, own: Mapping[str, str]) -> None:
        """Read the page at `place` next, which has these options of its own."""
        self.here = place
        self.style = _Style.of({**self.seen.pages.options, **own}) if own else self._set
        self.anything = self.style.anything

    def page(self, place: Place, link: str) -> Ref:
        if place in self.places:
            return Ref(identity(self.seen.number, place))
        if self.is_missing(place, link):
            self.missing[place] = None
            ref = Ref(identity(self.seen.number, place))
        else:
            ref = self.outside(place.shown, link)
        if link or ref.id not in self.seen.externals:
            self.seen.gone.setdefault(ref.id, Gone(place.shown, self.position))
        return ref

    def at(self, link: str) -> Ref | None:
        # Where most links say the name of a union, one that says its types cannot be written.
        place = self.by_path.get(page_path(link)) if self.style.inline else None
        return Ref(identity(self.seen.number, place)) if place else None

    def is_missing(self, place: Place, link: str) -> bool:
        """Whether a definition has no page, and does not lie outside of the set.

        The link leads where its page would be; or the code of a union, which has no links, names
        it in a package that has pages. In TypeScript it has no link if it is a union, of whose
        members nothing is known.
        """
        if not link:
            return self.notation.name != "typescript" and place.package in self.packages
        home = self.notation.place(place.package, place.title, self.files)
        is_package = all(PACKAGE.fullmatch(part) for part in place.package.split("."))
        return is_package and self.style.dialect.link(self.here, home) == link

    def outside(self, text: str, link: str) -> Ref:
        id_ = f"{self.seen.number}:!{text}({link})"
        self.seen.externals[id_] = (text, link)
        return Ref(id_)


def see(
    pages: PageSet, number: int, problems: list[Problem], progress: Progress = silent
) -> SeenSet:
    """Return what the pages of a set say, and add what cannot be read to `problems`."""
    seen = SeenSet(pages, number)
    by_path = {path: pages.place(path, page) for path, page in pages.pages.items()}
    notation = NOTATIONS[pages.notation]
    refs = _References(seen, notation, by_path)
    reader = _Reader(notation, refs, problems)
    for path, page in counted(pages.pages.items(), "reading types", progress):
        place = by_path[path]
        stem = path.rpartition("/")[2].removesuffix(".md")
        own = pages.own_options.get(path, {})
        refs.turn_to(place, own)
        definition = replace(reader.definition(place, page), stem=stem, options=own)
        seen.definitions[identity(number, place)] = definition
    seen.definitions.update([*_inferred(seen, refs.missing)])
    return seen


def _inferred(seen: SeenSet, missing: Iterable[Place]) -> Iterator[tuple[str, Seen]]:
    """Yield what is known of each definition that has no page at its place."""
    ids = {identity(seen.number, place): place for place in missing}
    models = [each for each in seen.definitions.values() if each.kind == "model"] if ids else []
    shown = ((each.page, {row.row.name: row.type for row in each.fields}) for each in models)
    for id_, found in infer(shown, ids).items():
        rows = [(Row(name, "", required=False), type_) for name, type_ in found.fields.items()]
        yield (
            id_,
            Seen(
                seen.pages.notation,
                ids[id_],
                Page(ids[id_].title, Fields(())),
                "enum" if found.values and not rows else "model",
                tuple(SeenField(row, type_, None, field_key(row.name)) for row, type_ in rows),
                () if rows else tuple(map(SeenValue, found.values)),
                open=True,
                inferred=True,
            ),
        )


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
                usage = page.usage or ""
                values = tuple(_values(page.body, usage))
                is_open = page.body.open or _OPEN in usage
                return Seen(name, place, page, "enum", values=values, open=is_open)
            case Members():
                members = tuple(self.members(page.body))
                tags = [_TAG.search(member.code) for member in page.body.members]
                known = tuple(tag[1].removeprefix(place.title) for tag in tags if tag is not None)
                known = known if len(known) == len(members) else ()
                is_open = OPEN_UNION in page.body.more
                return Seen(name, place, page, "union", (), (), is_open, members, known)

    def fields(self, rows: tuple[Row, ...], nulls: frozenset[str]) -> Iterator[SeenField]:
        taken: set[str] = set()
        for row in rows:
            self.refs.position = row.type_position
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
            if nullable is None and self.refs.style.wraps_null and not row.required:
                nullable = False
            yield SeenField(row, shown.type, nullable, key)

    def members(self, body: Members) -> Iterator[Type]:
        for member in body.members:
            self.refs.position = member.position
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


def align_keys(sets: Sequence[SeenSet]) -> None:
    """Give rows that differ in where their words begin one key: `APIURL`, `apiUrl` and `api_url`.

    Those of one set do not, or they would show as one.
    """
    spelled: dict[str, list[set[str]]] = {}
    for index, seen in enumerate(sets):
        rows = (row for page in seen.definitions.values() for row in page.fields)
        for key in {row.key for row in rows}:
            letters = key.replace("_", "")
            spelled.setdefault(letters, [set() for _ in sets])[index].add(key)
    common: dict[str, str] = {}
    for keys in spelled.values():
        known = set().union(*keys)
        if len(known) > 1 and all(len(each) <= 1 for each in keys):
            common.update(dict.fromkeys(known, max(known, key=lambda key: (key.count("_"), key))))
    if not common:
        return
    for seen in sets:
        for id_, page in seen.definitions.items():
            if not common.keys().isdisjoint(field.key for field in page.fields):
                aligned = (replace(row, key=common.get(row.key, row.key)) for row in page.fields)
                seen.definitions[id_] = replace(page, fields=tuple(aligned))


def _values(body: Values, usage: str) -> Iterator[SeenValue]:
    """Yield the values of an enum. A table shows digits that are text as it shows numbers."""
    if body.form == "table":
        is_text = body.kind == "string" or usage.endswith(_OPEN_TEXTS)
        whole = not is_text and all(_is_integer(literal) for literal in body.literals)
        for text, name in zip(body.literals, body.names, strict=True):
            yield SeenValue(int(text) if whole else text, name)
        return
    yield from (SeenValue(json.loads(literal)) for literal in body.literals)


def _is_integer(text: str) -> bool:
    return bool(_INTEGER.fullmatch(text)) and int(text) in _INT64


def by_key(fields: tuple[SeenField, ...]) -> Mapping[str, SeenField]:
    """Return fields by their keys."""
    return {each.key: each for each in fields}
