"""The classes of the schema, and functions for walks over it, under one name for targets.

docs/targets.md documents this module. Targets import it, those of other packages too; all other
code imports the modules below it, which contain more.
"""

from __future__ import annotations

from modelsync.schema.aliases import constraints_of, named
from modelsync.schema.definitions import (
    Alias,
    Definition,
    Enum,
    EnumValue,
    Field,
    Model,
    Tag,
    Union,
    named_items,
    refs_of,
    types_of,
)
from modelsync.schema.schema import Schema
from modelsync.schema.types import (
    INTEGERS,
    NUMBERS,
    TEXTS,
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    ScalarName,
    Type,
    refs_in,
    walk,
)
from modelsync.schema.values import Object, Value

__all__ = [
    "INTEGERS",
    "NUMBERS",
    "TEXTS",
    "Alias",
    "AnyOf",
    "Constant",
    "Definition",
    "Enum",
    "EnumValue",
    "Field",
    "Limited",
    "ListOf",
    "MapOf",
    "Model",
    "Nullable",
    "Object",
    "Ref",
    "Scalar",
    "ScalarName",
    "Schema",
    "Tag",
    "Type",
    "Union",
    "Value",
    "constraints_of",
    "named",
    "named_items",
    "refs_in",
    "refs_of",
    "types_of",
    "walk",
]
