"""A schema without constraints, for targets that do not show any."""

from __future__ import annotations

from dataclasses import replace

from modelsync.schema.ir import (
    Alias,
    AnyOf,
    Definition,
    Limited,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Schema,
    Type,
    Union,
    with_additional,
)


def without_constraints(schema: Schema) -> Schema:
    """Return `schema` with the types of its fields and members only."""
    if not schema.constraints:
        return schema
    return Schema(tuple(map(_definition, schema.definitions)))


def _definition(definition: Definition) -> Definition:
    match definition:
        case Model(fields=fields):
            plain = tuple(replace(field, type=_type(field.type)) for field in fields)
            return with_additional(replace(definition, fields=plain), _type)
        case Union(members=members):
            return replace(definition, members=tuple(map(_type, members)))
        case Alias(type=type_):
            return replace(definition, type=_type(type_))
        case _:
            return definition


def _type(type_: Type) -> Type:
    match type_:
        case Limited(inner=inner):
            return _type(inner)
        case ListOf(item=item):
            return ListOf(_type(item))
        case MapOf(value=value):
            return MapOf(_type(value))
        case Nullable(inner=inner):
            return Nullable(_type(inner))
        case AnyOf(members=members):
            return AnyOf(tuple(map(_type, members)))
        case _:
            return type_
