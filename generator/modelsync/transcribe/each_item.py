"""The items of a schema: each definition, field and value.

While a schema is made of pages, the line of an item's position is its number. By that it is found
again in the problems that rules and targets have with it.
"""

from __future__ import annotations

from dataclasses import replace
from operator import is_
from typing import Protocol, TypeVar

from modelsync.schema.ir import Definition, Enum, EnumValue, Field, Model, Schema

Item = TypeVar("Item", Definition, Field, EnumValue)


class Change(Protocol):
    """What is done to each item."""

    def __call__(self, item: Item, /) -> Item:
        """Return an item changed, or as it is."""


def each_item(schema: Schema, change: Change) -> Schema:
    """Return `schema` with each item changed; what does not change is not copied."""

    def changed(items: tuple[Item, ...]) -> tuple[Item, ...] | None:
        found = tuple(map(change, items))
        return None if all(map(is_, found, items)) else found

    def inside(definition: Definition) -> Definition:
        match definition:
            case Model(fields=fields) if (found := changed(fields)) is not None:
                return replace(definition, fields=found)
            case Enum(values=values) if (named := changed(values)) is not None:
                return replace(definition, values=named)
            case _:
                return definition

    return Schema(tuple(change(inside(definition)) for definition in schema.definitions))
