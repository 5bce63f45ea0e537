"""Find the values that the cell of an example may mean."""

from __future__ import annotations

import json
from collections.abc import Iterator

from modelsync.errors import HIDDEN
from modelsync.pages.code import MAX_NESTING
from modelsync.pages.example import example_text
from modelsync.schema import meaning
from modelsync.schema.definitions import Model
from modelsync.schema.json_values import Json, refuse_constant, to_json
from modelsync.schema.schema import Schema
from modelsync.schema.types import ListOf, MapOf, Nullable, Ref, Type
from modelsync.schema.validation import ValidationError
from modelsync.schema.values import Object, Value


def value_of_cell(schema: Schema, type_: Type, text: str) -> Value:
    """Return the value of a type that the cell of an example shows; None if none fits."""
    for value in _values(text):
        if example_text(value) == text and fits(schema, type_, value):
            return value
    return None


def fits(schema: Schema, type_: Type, value: Value) -> bool:
    """Return whether a spec accepts a value as an example of a type, with no unknown key in it."""
    try:
        meaning.read(schema, type_, to_json(value))
    except ValidationError:
        return False
    return _knows_keys(schema, type_, value)


def _knows_keys(schema: Schema, type_: Type, value: Value) -> bool:
    """Return whether the models in a type have a field for each key of a value."""
    match type_, value:
        case Nullable(inner=inner), _:
            return _knows_keys(schema, inner, value)
        case ListOf(item=inner), tuple():
            return all(_knows_keys(schema, inner, item) for item in value)
        case MapOf(value=inner), Object(items=items):
            return all(_knows_keys(schema, inner, item) for _, item in items)
        case Ref(), Object(items=items):
            model = schema[type_]
            if not isinstance(model, Model):
                return True
            types = {field.json_key: field.type for field in model.fields}
            return all(
                key in types and _knows_keys(schema, types[key], item) for key, item in items
            )
        case _:
            return True


def _values(text: str) -> Iterator[Value]:
    """Yield what a cell may mean: the text itself, and the JSON value that it is."""
    yield text
    try:
        value = _from_json(json.loads(text, parse_constant=refuse_constant))
    except (ValueError, RecursionError):
        return
    if _fits_in_spec(value):
        yield value


def _from_json(value: Json) -> Value:
    match value:
        case list():
            return tuple(map(_from_json, value))
        case dict():
            return Object(tuple((key, _from_json(item)) for key, item in value.items()))
        case _:
            return value


def _fits_in_spec(value: Value, depth: int = 0) -> bool:
    """Return whether a spec can hold a value: not nested too deep, no hidden characters."""
    match value:
        case str():
            return not HIDDEN.search(value)
        case tuple():
            return depth < MAX_NESTING and all(_fits_in_spec(item, depth + 1) for item in value)
        case Object(items=items):
            return depth < MAX_NESTING and all(
                _fits_in_spec(part, depth + 1) for pair in items for part in pair
            )
        case _:
            return True
