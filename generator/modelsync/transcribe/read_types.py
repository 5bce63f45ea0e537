"""A page set -> its pages with the types read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from modelsync.errors import NOWHERE, Position, Problem
from modelsync.pages.notation import NOTATIONS, Dialect, Notation, NotThisNotation, Place
from modelsync.pages.notation.base import page_path
from modelsync.pages.notation.go import OPEN_UNION
from modelsync.pages.page import Fields, Members, Page, Row, Values
from modelsync.progress import Progress, counted, silent
from modelsync.schema.types import Ref, Scalar, Type
from modelsync.transcribe.infer_missing import Inferred, infer
from modelsync.transcribe.page_files import PACKAGE
from modelsync.transcribe.page_sets import PageSet
from modelsync.transcribe.typed_pages import (
    MissingPage,
    TypedField,
    TypedPage,
    TypedPages,
    TypedValue,
    field_key,
    page_id,
)

_TAG: Final = re.compile(r"\.Create(\w+)\(")
_NULL: Final = re.compile(r"^  (\w+): null,$", re.M)
"""A field of the model itself, not of a nested one, that is null in the example."""
_OPEN: Final = " Open enum: "
"""The beginning of the comment in the example of an open enum."""
_OPEN_TEXTS: Final = ("UnrecognizedStr", "Unrecognized<string>", '("custom_value")')
"""The end of that example if the values are strings."""
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_INT64: Final = range(-(2**63), 2**63)


def read_types(
    pages: PageSet, number: int, problems: list[Problem], progress: Progress = silent
) -> TypedPages:
    """Return the pages of a set with types; add a problem for everything that cannot be read."""
    typed = TypedPages(pages, number)
    by_path = {path: pages.place(path, page) for path, page in pages.pages.items()}
    notation = NOTATIONS[pages.notation]
    references = _References(typed, notation, by_path)
    reader = _Reader(notation, references, problems)
    for path, page in counted(pages.pages.items(), "reading types", progress):
        place = by_path[path]
        stem = path.rpartition("/")[2].removesuffix(".md")
        options = pages.own_options.get(path, {})
        references.turn_to(place, options)
        definition = replace(reader.definition(place, page), stem=stem, options=options)
        typed.definitions[page_id(number, place)] = definition
    typed.definitions.update([*_inferred_pages(typed, references.missing)])
    return typed


class _Style(NamedTuple):
    """The options of a page that affect how it is read."""

    dialect: Dialect
    anything: tuple[str, ...]
    unions_as_types: bool
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
    """Finds the places that the types of one set refer to, and collects those without a page."""

    def __init__(
        self, typed: TypedPages, notation: type[Notation], by_path: Mapping[str, Place]
    ) -> None:
        self.typed = typed
        self.notation = notation
        self.by_path = by_path
        self.places = set(by_path.values())
        self.packages = {place.package for place in self.places}
        self.missing: dict[Place, None] = {}
        """The places in this set that have no page."""
        self.here = Place("", "")
        """The page that is being read."""
        self.position = NOWHERE
        """The position of the type that is being read."""
        self.files = str(typed.pages.options.get("files", "joined"))
        self._style_of_set = _Style.of(typed.pages.options)
        self.style = self._style_of_set
        self.anything = self.style.anything

    def turn_to(self, place: Place, options: Mapping[str, str]) -> None:
        """Read the page at `place` next; `options` are those in which it differs."""
        self.here = place
        self.style = self._style_of_set
        if options:
            self.style = _Style.of({**self.typed.pages.options, **options})
        self.anything = self.style.anything

    def page(self, place: Place, link: str) -> Ref:
        if place in self.places:
            return Ref(page_id(self.typed.number, place))
        if self.is_missing(place, link):
            self.missing[place] = None
            ref = Ref(page_id(self.typed.number, place))
        else:
            ref = self.outside(place.shown, link)
        if link or ref.id not in self.typed.externals:
            self.typed.missing.setdefault(ref.id, MissingPage(place.shown, self.position))
        return ref

    def at(self, link: str) -> Ref | None:
        # Where most links show the name of a union, one that shows its types cannot be written.
        place = self.by_path.get(page_path(link)) if self.style.unions_as_types else None
        return Ref(page_id(self.typed.number, place)) if place else None

    def is_missing(self, place: Place, link: str) -> bool:
        """Return whether `place` belongs to the set but has no page.

        Either the link leads to where its page would be, or there is no link, because the code of
        a union names it, and its package has pages. In TypeScript a reference without a link is a
        union, and nothing is known about the members.
        """
        if not link:
            return self.notation.name != "typescript" and place.package in self.packages
        expected = self.notation.place(place.package, place.title, self.files)
        is_package = all(PACKAGE.fullmatch(part) for part in place.package.split("."))
        return is_package and self.style.dialect.link(self.here, expected) == link

    def outside(self, text: str, link: str) -> Ref:
        id_ = f"{self.typed.number}:!{text}({link})"
        self.typed.externals[id_] = (text, link)
        return Ref(id_)


def _inferred_pages(typed: TypedPages, missing: Iterable[Place]) -> Iterator[tuple[str, TypedPage]]:
    """Yield the inferred page of each definition that has no page at its place."""
    places = {page_id(typed.number, place): place for place in missing}
    if not places:
        return
    models = [page for page in typed.definitions.values() if page.kind == "model"]
    with_types = (
        (model.page, {field.row.name: field.type for field in model.fields}) for model in models
    )
    for id_, inferred in infer(with_types, places).items():
        yield id_, _inferred_page(typed.pages.notation, places[id_], inferred)


def _inferred_page(notation: str, place: Place, inferred: Inferred) -> TypedPage:
    fields = tuple(
        TypedField(Row(name, "", required=False), type_, None, field_key(name))
        for name, type_ in inferred.fields.items()
    )
    return TypedPage(
        notation,
        place,
        Page(place.title, Fields(())),
        "enum" if inferred.values and not fields else "model",
        fields,
        () if fields else tuple(map(TypedValue, inferred.values)),
        open=True,
        inferred=True,
    )


class _Reader:
    def __init__(
        self, notation: type[Notation], references: _References, problems: list[Problem]
    ) -> None:
        self.notation = notation
        self.references = references
        self.problems = problems

    def definition(self, place: Place, page: Page) -> TypedPage:
        name = self.notation.name
        usage = page.usage or ""
        match page.body:
            case Fields(rows=rows):
                fields = tuple(self.fields(rows, frozenset(_NULL.findall(usage))))
                return TypedPage(name, place, page, "model", fields=fields)
            case Values() as body:
                values = tuple(_values(body, usage))
                is_open = body.open or _OPEN in usage
                return TypedPage(name, place, page, "enum", values=values, open=is_open)
            case Members() as body:
                members = tuple(self.members(body))
                is_open = OPEN_UNION in body.more
                tags = _tags(place, body)
                tags = tags if len(tags) == len(members) else ()
                return TypedPage(
                    name, place, page, "union", open=is_open, members=members, tags=tags
                )

    def fields(self, rows: tuple[Row, ...], nulls: frozenset[str]) -> Iterator[TypedField]:
        taken: set[str] = set()
        for row in rows:
            self.references.position = row.type_position
            try:
                cell = self.notation.read_type_cell(row.type, row.required, self.references)
            except NotThisNotation as error:
                self.report(row.type_position.shifted(error.offset), error.expected)
                continue
            key = field_key(row.name)
            # Two names in one table that have the same words are two fields.
            key = key if key not in taken else f"={row.name}"
            taken.add(key)
            nullable = True if row.name in nulls else cell.nullable
            if nullable is None and self.references.style.wraps_null and not row.required:
                nullable = False
            yield TypedField(row, cell.type, nullable, key)

    def members(self, body: Members) -> Iterator[Type]:
        for member in body.members:
            self.references.position = member.position
            try:
                yield self.notation.read_member(member.head, member.code, self.references)
            except NotThisNotation as error:
                self.report(member.position, error.expected)
                yield Scalar("any")

    def report(self, position: Position, expected: str) -> None:
        message = f"not a type in the {self.notation.name} notation"
        self.problems.append(Problem(position, "MS106", message, help=f"expected {expected}"))


def _tags(place: Place, body: Members) -> tuple[str, ...]:
    """Return the names of the members of a union in its Go code, if it shows them."""
    matches = (_TAG.search(member.code) for member in body.members)
    return tuple(match[1].removeprefix(place.title) for match in matches if match is not None)


def _values(body: Values, usage: str) -> Iterator[TypedValue]:
    """Yield the values of an enum. A table shows digits that are text just like numbers."""
    if body.form == "table":
        is_text = body.kind == "string" or usage.endswith(_OPEN_TEXTS)
        are_integers = not is_text and all(map(_is_integer, body.literals))
        for text, name in zip(body.literals, body.names, strict=True):
            yield TypedValue(int(text) if are_integers else text, name)
        return
    yield from (TypedValue(json.loads(literal)) for literal in body.literals)


def _is_integer(text: str) -> bool:
    return bool(_INTEGER.fullmatch(text)) and int(text) in _INT64
