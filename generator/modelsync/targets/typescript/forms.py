"""The types of a definition besides its own: of what may be encoded, and of its JSON.

Decoding sets each field that has a default, and `additionalProperties`. In an `OrderInput`, which
may be encoded, they may be absent; what it contains may be read-only, optional properties may be
undefined, and bytes may be in shared memory. An `OrderJson` is what encoding returns.
"""

from __future__ import annotations

from typing import Final

from modelsync.graphs import reachable
from modelsync.schema.ir import (
    Definition,
    ListOf,
    MapOf,
    Model,
    Scalar,
    Schema,
    refs_of,
    types_of,
    walk,
)

_CONVERTED: Final = (Scalar("any"), Scalar("bytes"), Scalar("datetime"))


def definitions_with_forms(schema: Schema) -> frozenset[str]:
    """Return the ids of the definitions with such types: all models, and what leads to one.

    An enum is the same everywhere, and so is a union or an alias of numbers, booleans and text.
    """
    users: dict[str, list[str]] = {}
    for definition in schema.definitions:
        for ref in refs_of(definition):
            users.setdefault(ref.id, []).append(definition.id)
    starts = [each.id for each in schema.definitions if _differs(each)]
    return frozenset(reachable(starts, users))


def _differs(definition: Definition) -> bool:
    return isinstance(definition, Model) or any(
        isinstance(part, ListOf | MapOf) or part in _CONVERTED
        for type_ in types_of(definition)
        for part in walk(type_)
    )
