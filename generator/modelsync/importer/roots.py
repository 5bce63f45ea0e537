"""Which schemas of a document are definitions, and what they are called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from modelsync.importer.tree import Json, JsonObject


class Root(NamedTuple):
    """A schema that is a definition, and its name before clashes are resolved."""

    name: str
    schema: Json


def roots_of(root: Json) -> Iterator[Root]:
    """Yield the definitions of a document, in order."""
    if not isinstance(root, JsonObject):
        yield Root("Root", root)
        return
    if "openapi" in root:
        components = root.get("components")
        schemas = components.get("schemas") if isinstance(components, JsonObject) else None
        yield from _entries(schemas)
        return
    for keyword in ("$defs", "definitions"):
        yield from _entries(root.get(keyword))


def _entries(schemas: Json) -> Iterator[Root]:
    if isinstance(schemas, JsonObject):
        for name, schema in schemas.items():
            yield Root(name, schema)
