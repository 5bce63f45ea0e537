"""Values for pages that need one if the schema has no example."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from modelsync.pages.code import MAX_NESTING
from modelsync.pages.values_to_code import shown_type
from modelsync.schema.definitions import Alias, Definition, Enum, Model, Union
from modelsync.schema.schema import Schema
from modelsync.schema.types import (
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
    walk,
)
from modelsync.schema.values import Object, Value

_OF_SCALAR: Final[dict[str, Value]] = {
    "string": "<value>",
    "bool": False,
    "int32": 0,
    "int64": 0,
    "uint32": 0,
    "uint64": 0,
    "float32": 0,
    "float64": 0,
    "decimal": "0",
    "datetime": "2026-01-01T00:00:00.000Z",
    "date": "2026-01-01",
    "time": "00:00:00Z",
    "duration": "PT0S",
    "uuid": "00000000-0000-0000-0000-000000000000",
    "uri": "https://example.com",
    "email": "user@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "bytes": "",
    "any": "<value>",
}
_MAX_MODELS: Final = 200
"""The maximum number of models in one value: models that need others would never end."""


def made_up_value(schema: Schema, type_: Type) -> Value:
    """Return a value of `type_`: the example of the definition, or one made up."""
    return _Maker(schema).value(type_, frozenset())


def example_of(definition: Definition) -> Value:
    """Return the example of a definition; for an enum without one, its first value."""
    if definition.example is None and isinstance(definition, Enum):
        return definition.values[0].json_value
    return definition.example


class _Maker:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.models = 0

    def value(self, type_: Type, inside: frozenset[str]) -> Value:
        """Return a value of a type; `inside` are the ids of the definitions around it."""
        match type_:
            case Limited(inner=inner):
                return self.value(inner, inside)
            case Scalar(name=name):
                return _OF_SCALAR[name]
            case ListOf(item=item):
                return () if _leads_into(item, inside) else (self.value(item, inside),)
            case MapOf(value=value):
                if _leads_into(value, inside):
                    return Object()
                return Object((("key", self.value(value, inside)),))
            case Constant(value=value):
                return value
            case Nullable():
                return None
            case AnyOf(members=members):
                return self.member_value(members, inside)
            case Ref():
                return self.definition_value(self.schema[type_], inside)

    def definition_value(self, definition: Definition, inside: frozenset[str]) -> Value:
        example = example_of(definition)
        if example is not None:
            return example
        within = inside | {definition.id}
        self.models += 1
        if self.models > _MAX_MODELS or len(inside) > MAX_NESTING // 2:
            return Object()
        match definition:
            case Model(fields=fields):
                required = (field for field in fields if field.required)
                return Object(
                    tuple(
                        (field.json_key, self.value(shown_type(field), within))
                        for field in required
                    )
                )
            case Union(members=members):
                return self.member_value(members, within)
            case Enum(values=values):
                return values[0].json_value
            case Alias(type=type_):
                return self.value(type_, within)

    def member_value(self, members: Sequence[Type], inside: frozenset[str]) -> Value:
        free = (member for member in members if not _leads_into(member, inside))
        return self.value(next(free, members[0]), inside)


def _leads_into(type_: Type, inside: frozenset[str]) -> bool:
    return any(isinstance(inner, Ref) and inner.id in inside for inner in walk(type_))
