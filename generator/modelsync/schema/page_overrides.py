"""How the pages of one language differ from what the definitions say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from modelsync.schema.types import Type
from modelsync.schema.values import Value, nothing


@dataclass(frozen=True, slots=True)
class FieldPage:
    """How the pages of one language show a field differently. None means no difference."""

    name: str | None = None
    type: Type | None = None
    nullable: bool | None = None
    wrapper: str | None = None
    """The wrapper of the type in Python, if it contradicts the rest of the page: `Optional`,
    `Nullable`, `OptionalNullable` or `none`."""
    cell: str | None = None
    """The text of the type's cell, if no type produces it."""
    required: bool | None = None
    description: str | None = None
    examples: tuple[str, ...] | None = None
    """The text of each example in its cell."""
    deprecated: str | Literal[False] | None = None
    """The reason on the page, empty without a reason, and False if not deprecated."""


@dataclass(frozen=True, slots=True)
class ValuePage:
    """How the pages of one language show an enum value differently."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class DefinitionPage:
    """How the page of one language shows a definition differently. None means no difference."""

    shown: bool = True
    """Whether there is a page at all."""
    name: str | None = None
    """The title."""
    file: str | None = None
    """The file name of the page, without its extension."""
    module: str | None = None
    """The file that examples import from, if it is not the file of the page."""
    description: str | None = None
    deprecated: str | Literal[False] | None = None
    """As in :class:`FieldPage`."""
    open: bool | None = None
    """Whether the page shows an enum, or a union in Go, as open."""
    named: bool | None = None
    """Whether the page of an enum has a table of names, if most pages differ."""
    usage: bool | None = None
    """Whether the page has an example, if most pages of its kind differ."""
    order: tuple[str, ...] | None = None
    """The JSON keys of all fields of the page, or the values of an enum, in order."""
    members: tuple[Type, ...] | None = None
    """The types on the page of a union."""
    tags: tuple[str, ...] | None = None
    """The names of a union's members on the page, if code has a name for each member."""
    example: Value = None
    """An example that need not match the fields."""
    examples: tuple[Value, ...] | None = None
    """An example for each member of a union."""
    code: str | None = None
    """The text of the example, if its value does not produce it."""
    heads: tuple[str, ...] | None = None
    """The heading of each union member."""
    codes: tuple[str, ...] | None = None
    """The text below the heading of each union member."""
    more: str | None = None
    """The text after all members of a union."""
    width: int | None = None
    """The width of the table's columns, if it is not that of the longest cell."""
    options: Mapping[str, str] = field(default_factory=nothing)
    """The options of the Markdown target that differ on this page."""
