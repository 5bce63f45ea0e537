"""What a schema says besides its type: descriptions, defaults, examples, `x-` and the like."""

from __future__ import annotations

from typing import Final

from modelsync.importer.findings import Findings
from modelsync.importer.nodes import Entry, key, plain, text
from modelsync.importer.tree import JsonObject

FLAGS: Final = ("readOnly", "writeOnly", "deprecated")


def description_of(schema: JsonObject) -> tuple[Entry, ...]:
    """Return the `description` of a definition or a field: the title, if there is none."""
    for keyword in ("description", "title"):
        value = schema.get(keyword)
        if isinstance(value, str) and value.strip():
            at = schema.at(keyword)
            return ((key("description", at), text(value, at)),)
    return ()


def field_annotations(schema: JsonObject, findings: Findings) -> tuple[Entry, ...]:
    """Return the entries of a field, besides its type and whether it is required."""
    flags = tuple(
        (key(flag, schema.at(flag)), plain("true", schema.at(flag)))
        for flag in FLAGS
        if schema.get(flag) is True
    )
    return (*description_of(schema), *flags)


def definition_annotations(schema: JsonObject, findings: Findings) -> tuple[Entry, ...]:
    """Return the entries of a definition, besides what its kind has."""
    if schema.get("deprecated") is True:
        at = schema.at("deprecated")
        return (*description_of(schema), (key("deprecated", at), plain("true", at)))
    return description_of(schema)
