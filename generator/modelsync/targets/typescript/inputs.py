"""The types of what may be encoded, where they differ from what decoding returns.

Decoding sets each field that has a default, and `additionalProperties`. In a value to encode they
may be absent: the type `OrderInput` next to `Order` says so. What it contains may be read-only,
optional properties may be undefined, and bytes may be in shared memory.
"""

from __future__ import annotations

from modelsync.graphs import reachable
from modelsync.schema.ir import (
    Definition,
    ListOf,
    MapOf,
    Model,
    Scalar,
    Schema,
    Type,
    refs_in,
    refs_of,
    types_of,
    walk,
)


def definitions_with_input(schema: Schema) -> frozenset[str]:
    """Return the ids of the definitions that have an input type, or lead to one that has."""
    users: dict[str, list[str]] = {}
    for definition in schema.definitions:
        for ref in refs_of(definition):
            users.setdefault(ref.id, []).append(definition.id)
    starts = [each.id for each in schema.definitions if _differs(each)]
    return frozenset(reachable(starts, users))


def _differs(definition: Definition) -> bool:
    """Whether a definition has a default, or a type that is narrower when it is decoded.

    Lists, maps and optional fields are not worth a type of their own: few of them are read-only.
    """
    return any(Scalar("bytes") in walk(type_) for type_ in types_of(definition)) or (
        isinstance(definition, Model)
        and (
            definition.additional_type is not None
            or any(field.has_default for field in definition.fields)
        )
    )


def differs(with_input: frozenset[str], type_: Type) -> bool:
    """Whether the input type of a type is another one."""
    return any(ref.id in with_input for ref in refs_in(type_)) or any(
        isinstance(part, ListOf | MapOf) or part == Scalar("bytes") for part in walk(type_)
    )
