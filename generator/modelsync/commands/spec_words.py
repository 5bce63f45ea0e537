"""Describe the items of a spec: definitions, fields, values and members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from modelsync.errors import Position, visible
from modelsync.schema.definitions import Definition, Enum, Model, Union, kind_of_definition
from modelsync.schema.schema import Schema


class Item(NamedTuple):
    """Something that a spec declares."""

    what: str
    """What it is, in words."""
    positions: tuple[Position, ...]
    is_definition: bool = False


def items_of(path: str, schema: Schema) -> Iterator[Item]:
    """Yield each definition of the spec at `path`, followed by its parts."""
    for definition in schema.definitions:
        if definition.spec == path:
            what = f"the {kind_of_definition(definition)} `{definition.name}`"
            yield Item(what, (definition.position,), is_definition=True)
            for part, positions, _ in _parts(definition):
                yield Item(f"{part} of {what}", positions)


def _parts(definition: Definition) -> Iterator[Item]:
    match definition:
        case Model():
            for field in definition.own_fields:
                positions = (field.position, field.type_position)
                yield Item(f"the field `{visible(field.json_key)}`", positions)
            if definition.additional_properties is not None and not definition.additional_origin:
                yield Item("`additionalProperties`", (definition.additional_position,))
        case Enum(values=values):
            for value in values:
                yield Item(f"the value `{visible(str(value.json_value))}`", (value.position,))
        case Union(positions=positions):
            for number, position in enumerate(positions, start=1):
                yield Item(f"member {number}", (position,))


def describe_position(position: Position, schema: Schema) -> str:
    """Return what is at a position of a spec, in words; empty if that is not known.

    A position inside a type is that of its field.
    """
    before = [
        (start.column, item.what)
        for item in items_of(position.path, schema)
        for start in item.positions
        if start.line == position.line and start.column <= position.column
    ]
    return max(before, default=(0, ""))[1]
