"""JSON values: their kinds, and the kinds that a type accepts."""

from __future__ import annotations

from typing import Final, NoReturn, TypeAlias

from modelsync.schema.definitions import Alias, Enum, Model, Union, types_of
from modelsync.schema.schema import Schema
from modelsync.schema.types import (
    NUMBERS,
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
)
from modelsync.schema.values import Object, Value

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""A JSON value as :func:`json.loads` returns it."""

Steps: TypeAlias = "tuple[str | int, ...]"
"""The path from a document to a value in it: keys and indexes."""

KINDS: Final = ("null", "bool", "number", "string", "array", "object")
"""The kinds of JSON value."""


def refuse_constant(constant: str) -> NoReturn:
    """Raise a ValueError: the `parse_constant` of :func:`json.loads`, which takes `NaN`."""
    raise ValueError(f"{constant} is not JSON")


def kind_of(value: Json) -> str:
    """Return which of :data:`KINDS` a JSON value is."""
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"


def to_json(value: Value) -> Json:
    """Return a value of a spec as a value of :mod:`json`."""
    match value:
        case Object(items=items):
            return {key: to_json(item) for key, item in items}
        case tuple():
            return [to_json(item) for item in value]
        case _:
            return value


def kinds(schema: Schema, type_: Type) -> frozenset[str]:
    """Return the kinds of JSON values that `type_` may accept, of :data:`KINDS`."""
    cache = schema.kinds_of_unions
    if isinstance(type_, Ref) and isinstance(schema[type_], Union):
        if type_.id not in cache:
            cache[type_.id] = _kinds(schema, type_)
        return cache[type_.id]
    return _kinds(schema, type_)


def _kinds(schema: Schema, type_: Type) -> frozenset[str]:
    accepted: set[str] = set()
    # Unions can share members at every level: visit each one once, and each alias.
    unions: set[str] = set()
    waiting = [type_]
    while waiting:
        match waiting.pop():
            case Scalar(name="any"):
                return frozenset(KINDS)
            case Scalar(name=name):
                accepted.add(
                    "number" if name in NUMBERS else "bool" if name == "bool" else "string"
                )
            case ListOf():
                accepted.add("array")
            case MapOf():
                accepted.add("object")
            case Constant(value=value):
                accepted.add(kind_of(value))
            case Nullable(inner=inner):
                accepted.add("null")
                waiting.append(inner)
            case Limited(inner=inner):
                waiting.append(inner)
            case AnyOf(members=members):
                waiting += members
            case Ref() as ref:
                match schema[ref]:
                    case Model():
                        accepted.add("object")
                    case Enum(type=scalar):
                        accepted.add("string" if scalar == "string" else "number")
                    case Union(id=id_) if id_ in schema.kinds_of_unions:
                        accepted |= schema.kinds_of_unions[id_]
                    case (Union() | Alias()) as named if named.id not in unions:
                        unions.add(named.id)
                        waiting += types_of(named)
                    case _:
                        pass
    return frozenset(accepted)
