"""Which aliases of a spec are types of their own in Go, and how the others are read and written.

A type of its own has methods, as other definitions have. `type Moment = time.Time` keeps those of
`time.Time` instead, so functions next to it read and write it.
"""

from __future__ import annotations

from typing import Final

from modelsync.schema.ir import Alias, Definition, Ref, Scalar, Schema

_NO_OWN_METHODS: Final = frozenset({"decimal", "datetime", "date", "any"})
"""The scalars whose types in Go are interfaces, or have methods that another type would lose."""


def is_own_type(schema: Schema, alias: Alias) -> bool:
    """Return whether an alias is a type of its own in Go."""
    return not has_functions(schema, alias) and not isinstance(schema.plain(alias.type), Ref)


def has_functions(schema: Schema, definition: Definition) -> bool:
    """Return whether functions read and write a definition, which has no methods for that."""
    if not isinstance(definition, Alias):
        return False
    plain = schema.plain(definition.type)
    return isinstance(plain, Scalar) and plain.name in _NO_OWN_METHODS
