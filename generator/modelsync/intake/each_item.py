"""The items of a schema: each definition, field and enum value, with a key for each."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from operator import is_
from typing import NamedTuple, Protocol, TypeAlias, TypeVar

from modelsync.errors import Position
from modelsync.schema.definitions import Alias, Definition, Enum, EnumValue, Field, Model, Union
from modelsync.schema.schema import Schema

AnyItem: TypeAlias = Definition | Field | EnumValue
Item = TypeVar("Item", Definition, Field, EnumValue)
_Inner = TypeVar("_Inner", Field, EnumValue)


class ItemKey(NamedTuple):
    """Identifies one item of a schema."""

    definition: str
    """The id of the definition that is the item, or holds it."""
    json: str | int | None = None
    """The JSON key of a field or the JSON value of an enum value; None for the definition."""

    @property
    def owner(self) -> ItemKey:
        """The key of the definition that holds the item."""
        return ItemKey(self.definition)


class Change(Protocol):
    """What :func:`each_item` does to an item."""

    def __call__(self, key: ItemKey, item: Item, /) -> Item:
        """Return the changed item, or `item` itself."""


def key_of(definition: Definition, inner: Field | EnumValue) -> ItemKey:
    """Return the key of a field or an enum value of `definition`."""
    match inner:
        case Field():
            return ItemKey(definition.id, inner.json_key)
        case EnumValue():
            return ItemKey(definition.id, inner.json_value)


def each_item(schema: Schema, change: Change, ids: Container[str] | None = None) -> Schema:
    """Return `schema` with each item changed; an item that does not change is not copied.

    With `ids`, only the items of these definitions are changed.
    """

    def changed(definition: Definition, items: tuple[_Inner, ...]) -> tuple[_Inner, ...] | None:
        new = tuple(change(key_of(definition, item), item) for item in items)
        return None if all(map(is_, new, items)) else new

    def inside(definition: Definition) -> Definition:
        match definition:
            case Model(fields=fields) if (new_fields := changed(definition, fields)) is not None:
                return replace(definition, fields=new_fields)
            case Enum(values=values) if (new_values := changed(definition, values)) is not None:
                return replace(definition, values=new_values)
            case _:
                return definition

    return Schema(
        tuple(
            change(ItemKey(definition.id), inside(definition))
            if ids is None or definition.id in ids
            else definition
            for definition in schema.definitions
        )
    )


def items_of(schema: Schema) -> Iterator[tuple[ItemKey, AnyItem]]:
    """Yield every item with its key: a definition, then its fields or values."""
    for definition in schema.definitions:
        yield from items_in(definition)


def items_in(definition: Definition) -> Iterator[tuple[ItemKey, AnyItem]]:
    """Yield a definition and its fields or values, each with its key."""
    yield ItemKey(definition.id), definition
    for inner in inner_items(definition):
        yield key_of(definition, inner), inner


def inner_items(definition: Definition) -> tuple[Field, ...] | tuple[EnumValue, ...]:
    """Return the fields of a model or the values of an enum; none for a union."""
    match definition:
        case Model(fields=fields):
            return fields
        case Enum(values=values):
            return values
        case Union() | Alias():
            return ()


def with_positions(schema: Schema) -> Schema:
    """Return `schema` with a position for each item, as if there were a spec per definition.

    A schema built from pages has no specs yet. Rules and targets report a problem with a position
    only, and :func:`keys_by_position` finds the item that the position belongs to.
    """
    lines = {key: line for line, (key, _) in enumerate(items_of(schema), start=1)}

    def placed(key: ItemKey, item: Item) -> Item:
        position = Position(key.definition, lines[key])
        changed = replace(item, position=position, names_position=position)
        if isinstance(changed, Field):
            return replace(changed, type_position=position)
        if isinstance(changed, Union):
            return replace(changed, member_positions=(position,) * len(changed.members))
        return changed

    return each_item(schema, placed)


def keys_by_position(schema: Schema) -> Mapping[Position, ItemKey]:
    """Return the key of each item by its position; the positions must be distinct."""
    return {item.position: key for key, item in items_of(schema)}
