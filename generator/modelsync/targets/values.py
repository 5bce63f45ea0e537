"""The values in a schema, as JSON: defaults, and integers that a language may not represent."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.errors import Position
from modelsync.schema.definitions import Definition, Enum, Field, Model, Union, types_of
from modelsync.schema.json_values import Json, to_json
from modelsync.schema.meaning import read
from modelsync.schema.schema import Schema
from modelsync.schema.types import LEAVES, Constant, walk
from modelsync.schema.validation import ValidationError


def written_default(schema: Schema, field: Field) -> Json:
    """Return the JSON that the default of a field is written as."""
    try:
        return read(schema, field.type, to_json(field.default))
    except ValidationError:  # reported as a problem of the spec
        return to_json(field.default)


def integers_of(schema: Schema, definition: Definition) -> Iterator[tuple[Position, int]]:
    """Yield each integer that a definition contains, such as a literal or a default."""
    for type_ in types_of(definition):
        for inner in () if type(type_) in LEAVES else walk(type_):
            if isinstance(inner, Constant) and inner.kind == "int":
                yield definition.position, int(inner.value)
    match definition:
        case Enum(values=values):
            for value in values:
                if isinstance(value.json_value, int):
                    yield value.position, value.json_value
        case Union(by_tag=tags):
            for tag in tags:
                if type(tag) is int:
                    yield definition.position, tag
        case Model(fields=fields):
            for field in fields:
                if field.has_default:
                    for number in _integers_in(written_default(schema, field)):
                        yield field.position, number
        case _:
            pass


def _integers_in(value: Json) -> Iterator[int]:
    match value:
        case bool():
            pass
        case int():
            yield value
        case list():
            for item in value:
                yield from _integers_in(item)
        case dict():
            for item in value.values():
                yield from _integers_in(item)
        case _:
            pass
