"""The pages of a set, with their types read.

References still name places of the set. :mod:`modelsync.transcribe.match` finds which definition a
place means together with the pages of other languages.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from modelsync.errors import Position
from modelsync.naming import words
from modelsync.pages.notation import Place
from modelsync.pages.page import Page, Row
from modelsync.schema.types import Type
from modelsync.transcribe.page_sets import PageSet

Kind: TypeAlias = Literal["model", "enum", "union"]
_PRECEDENCE: Final = ("go", "python", "typescript")
"""Whose pages are used first if pages disagree: Go's show most about types."""


@dataclass(frozen=True, slots=True)
class TypedField:
    """One row of a model's table with its type read."""

    row: Row
    type: Type
    nullable: bool | None
    """Whether null is a value; None if neither the type nor an example shows it."""
    key: str
    """Rows of several languages that have the same key are the same field."""


@dataclass(frozen=True, slots=True)
class TypedValue:
    """One value of an enum."""

    json_value: str | int
    name: str = ""
    """The name that the page shows for it; empty without one."""


@dataclass(frozen=True, slots=True)
class TypedPage:
    """The content of one page."""

    notation: str
    place: Place
    page: Page
    kind: Kind
    fields: tuple[TypedField, ...] = ()
    values: tuple[TypedValue, ...] = ()
    open: bool = False
    members: tuple[Type, ...] = ()
    tags: tuple[str, ...] = ()
    """The names of the members on a union's page in Go, if all of them could be read."""
    stem: str = ""
    """The name of the page's file, without its extension."""
    options: Mapping[str, str] = field(default_factory=dict)
    """The options in which the page differs from most of the set."""
    inferred: bool = False
    """Whether the page does not exist: the definition is known only from links to it."""

    @property
    def position(self) -> Position:
        """The position of its title."""
        return self.page.position


@dataclass(frozen=True, slots=True)
class MissingPage:
    """A definition that has no page, and the first place that refers to it."""

    name: str
    position: Position


@dataclass(slots=True)
class TypedPages:
    """The pages of a set by the ids that :func:`page_id` returns."""

    pages: PageSet
    number: int
    """The number of the set within the run."""
    definitions: dict[str, TypedPage] = field(default_factory=dict)
    externals: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The text and the link of each external type, by the id of the references to it."""
    missing: dict[str, MissingPage] = field(default_factory=dict)
    """The references that lead to no page."""


def page_id(number: int, place: Place) -> str:
    """Return the id of a place in the set with this number."""
    return f"{number}:{place.shown}"


def by_precedence(pages: Iterable[TypedPage]) -> list[TypedPage]:
    """Return pages of one definition by precedence."""
    return sorted(pages, key=lambda page: _PRECEDENCE.index(page.notation))


def free_name(name: str, fallback: str, taken: Container[str]) -> str:
    """Return `name`, or `fallback` if it is taken, followed by as many `_` as needed."""
    if name in taken:
        name = fallback
    while name in taken:
        name += "_"
    return name


def field_key(name: str) -> str:
    """Return the key that the names of one field in several languages share."""
    return "_".join(words(name)).lower() or name


def by_key(fields: tuple[TypedField, ...]) -> Mapping[str, TypedField]:
    """Return fields by their keys."""
    return {field.key: field for field in fields}


def align_keys(sets: Sequence[TypedPages]) -> None:
    """Give rows whose names differ only in where words begin the same key.

    `APIURL`, `apiUrl` and `api_url` are one field. Names that differ like this within one set stay
    apart, because they are two fields there.
    """
    common = _common_keys(sets)
    if not common:
        return
    for pages in sets:
        for id_, page in pages.definitions.items():
            if not common.keys().isdisjoint(field.key for field in page.fields):
                aligned = (replace(row, key=common.get(row.key, row.key)) for row in page.fields)
                pages.definitions[id_] = replace(page, fields=tuple(aligned))


def _common_keys(sets: Sequence[TypedPages]) -> dict[str, str]:
    """Return the common key for each key that some sets spell differently."""
    spellings: dict[str, list[set[str]]] = {}
    for index, pages in enumerate(sets):
        rows = (row for page in pages.definitions.values() for row in page.fields)
        for key in {row.key for row in rows}:
            letters = key.replace("_", "")
            spellings.setdefault(letters, [set() for _ in sets])[index].add(key)
    common: dict[str, str] = {}
    for keys_per_set in spellings.values():
        keys = set().union(*keys_per_set)
        if len(keys) > 1 and all(len(keys_of_set) <= 1 for keys_of_set in keys_per_set):
            common.update(dict.fromkeys(keys, max(keys, key=lambda key: (key.count("_"), key))))
    return common
