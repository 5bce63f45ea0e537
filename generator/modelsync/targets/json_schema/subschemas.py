"""Walks over schemas: which of their values are schemas, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from modelsync.schema.json_values import Json
from modelsync.targets.json_schema.types import Keywords

_SCHEMAS: Final = frozenset({"items", "additionalProperties", "not"})
_LISTS: Final = frozenset({"anyOf", "oneOf"})
_OBJECTS: Final = frozenset({"properties"})


def rewritten(schema: Keywords, change: Callable[[Keywords], Keywords]) -> Keywords:
    """Return a schema with every schema in it changed, innermost first."""
    return change({key: _inside(key, value, change) for key, value in schema.items()})


def _inside(key: str, value: Json, change: Callable[[Keywords], Keywords]) -> Json:
    match value:
        case dict() if key in _SCHEMAS:
            return rewritten(value, change)
        case dict() if key in _OBJECTS:
            return {name: _changed(each, change) for name, each in value.items()}
        case list() if key in _LISTS:
            return [_changed(each, change) for each in value]
        case _:
            return value


def _changed(schema: Json, change: Callable[[Keywords], Keywords]) -> Json:
    return rewritten(schema, change) if isinstance(schema, dict) else schema


def without_extensions(schema: Keywords) -> Keywords:
    """Return a schema without the keywords that start with `x-`."""
    return rewritten(schema, lambda each: {k: v for k, v in each.items() if not k.startswith("x-")})
