"""The items of a schema, each with a number by which it is found again in problems."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Protocol, TypeVar

from modelsync.errors import Position
from modelsync.ir import Definition, Enum, EnumValue, Field, Model, Schema, Union

Item = TypeVar("Item", Definition, Field, EnumValue)


def placed(schema: Schema) -> Schema:
    """Return `schema` with the number of each item as its line."""

    def place(item: Item, line: int) -> Item:
        at = Position("", line)
        item = replace(item, position=at, names_position=at)
        if isinstance(item, Field):
            return replace(item, type_position=at)
        if isinstance(item, EnumValue):
            return item
        return _with_members(item, at)

    return each_item(schema, place)


def _with_members(definition: Definition, at: Position) -> Definition:
    if not isinstance(definition, Union):
        return definition
    return replace(definition, member_positions=(at,) * len(definition.members))


class Change(Protocol):
    """What is done to each item."""

    def __call__(self, item: Item, line: int, /) -> Item:
        """Return an item changed; `line` is its number."""


def each_item(schema: Schema, change: Change) -> Schema:
    """Return `schema` with each definition, field and value changed; each has a number."""
    lines = count(1)

    def inside(definition: Definition) -> Definition:
        match definition:
            case Model(fields=fields):
                changed = tuple(change(field, next(lines)) for field in fields)
                return replace(definition, fields=changed)
            case Enum(values=values):
                named = tuple(change(value, next(lines)) for value in values)
                return replace(definition, values=named)
            case _:
                return definition

    return Schema(
        tuple(change(inside(definition), next(lines)) for definition in schema.definitions)
    )
