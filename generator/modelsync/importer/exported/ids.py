"""Which schemas modelsync has written, and which definitions they were."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from modelsync.importer.text.tree import Json, JsonObject
from modelsync.targets.json_schema.target import MARK
from modelsync.targets.json_schema.types import OWN

_ID: Final = re.compile(r"(?:[a-z][a-z0-9_]*\.)*[A-Za-z][A-Za-z0-9_]*", re.ASCII)
OF_FILES: Final = frozenset({"$schema", "$id", "$comment", "title", "$defs"})
"""The keywords of a file."""


def is_exported(schema: Json) -> bool:
    """Return whether a schema is in a file that modelsync has written."""
    root = schema.source.root if isinstance(schema, JsonObject) else None
    if not isinstance(root, JsonObject):
        return False
    marks = (root.get("$comment"), root.get("x-generated-by"))
    return MARK in marks


def own_id(key: str, schema: Json) -> str:
    """Return the id that a definition had when modelsync exported it; empty if it does not say."""
    own = schema.get(OWN) if isinstance(schema, JsonObject) else None
    if not isinstance(own, JsonObject):
        return key if is_exported(schema) and _ID.fullmatch(key) else ""
    package, name = own.get("package", ""), own.get("name", key)
    id_ = f"{package}.{name}" if package else f"{name}"
    return id_ if _ID.fullmatch(id_) else ""


def is_same(one: Json, other: Json) -> bool:
    """Return whether two schemas of files that modelsync has written are the same definition.

    Files with everything that a definition needs repeat others. References in them differ.
    """
    if not is_exported(one) or not is_exported(other):
        return False
    assert isinstance(one, JsonObject)
    assert isinstance(other, JsonObject)
    is_file = one is one.source.root or other is other.source.root
    dropped = OF_FILES if is_file else frozenset()
    return _without_references(one, dropped) == _without_references(other, dropped)


def _without_references(value: Json, dropped: frozenset[str] = frozenset()) -> object:
    match value:
        case dict():
            return {
                key: "" if key == "$ref" else _without_references(inner)
                for key, inner in value.items()
                if key not in dropped
            }
        case list():
            return [_without_references(inner) for inner in value]
        case _:
            return value


def is_variant(schema: Json, exported_names: Mapping[str, str]) -> bool:
    """Return whether a definition is a type of requests or responses, which no spec has."""
    own = schema.get(OWN) if isinstance(schema, JsonObject) else None
    origin = own.get("variantOf") if isinstance(own, JsonObject) else None
    return isinstance(origin, str) and origin in exported_names
