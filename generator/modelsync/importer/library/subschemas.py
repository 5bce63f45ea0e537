"""Where the schemas inside a schema are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from modelsync.importer.text.tree import Json, JsonList, JsonObject

_ONE: Final = frozenset(
    "additionalItems additionalProperties contains contentSchema else if items not propertyNames"
    " then unevaluatedItems unevaluatedProperties".split()
)
_LISTS: Final = frozenset("allOf anyOf items oneOf prefixItems".split())
_MAPS: Final = frozenset(
    "$defs definitions dependencies dependentSchemas patternProperties properties".split()
)
_NO_SCHEMAS: Final = frozenset("const default enum example examples".split())


def schemas_inside(root: JsonObject) -> Iterator[tuple[JsonObject, JsonObject]]:
    """Yield the objects in `root` and below that are schemas, each with the schema around it.

    The root comes first, with itself, and each schema after the one around it. Of an OpenAPI
    document, these are all objects that may be schemas. Data in `enum` or `default` is none.
    """
    inside = _any_inside if "openapi" in root else schemas_in
    rest: list[tuple[Json, JsonObject]] = [(root, root)]
    seen: set[int] = set()  # YAML aliases may have the same object at several places
    while rest:
        schema, around = rest.pop()
        if isinstance(schema, JsonObject) and id(schema) not in seen:
            seen.add(id(schema))
            yield schema, around
            rest += [(inner, schema) for inner in inside(schema)]


def schemas_in(schema: JsonObject) -> Iterator[Json]:
    """Yield what is a schema directly in another one: objects and booleans, or what is wrong."""
    for keyword, value in schema.items():
        if keyword in _MAPS and isinstance(value, JsonObject):
            yield from value.values()
        elif keyword in _LISTS and isinstance(value, JsonList):
            yield from value
        elif keyword in _ONE:
            yield value


def _any_inside(schema: JsonObject) -> Iterator[Json]:
    for keyword, value in schema.items():
        if isinstance(value, JsonList):
            yield from value
        elif keyword not in _NO_SCHEMAS:
            yield value
