"""A schema without constraints, for targets that do not show any."""

from __future__ import annotations

from modelsync.schema.definitions import with_types
from modelsync.schema.schema import Schema
from modelsync.schema.types import Type, rebuilt, unlimited


def without_constraints(schema: Schema) -> Schema:
    """Return `schema` with the types of its fields and members only."""
    if not schema.constraints:
        return schema
    return Schema(tuple(with_types(each, _bare) for each in schema.definitions))


def _bare(type_: Type) -> Type:
    return rebuilt(type_, unlimited)
