"""The keywords of JSON Schema and OpenAPI, by what the import does with them."""

from __future__ import annotations

from typing import Final

ANNOTATIONS: Final = frozenset(
    {
        "$comment",
        "deprecated",
        "default",
        "description",
        "example",
        "examples",
        "externalDocs",
        "readOnly",
        "title",
        "writeOnly",
        "xml",
    }
)
"""Keywords that say nothing about which documents are valid."""
IDENTIFIERS: Final = frozenset(
    {
        "$anchor",
        "$defs",
        "$dynamicAnchor",
        "$id",
        "$recursiveAnchor",
        "$schema",
        "$vocabulary",
        "definitions",
        "id",
    }
)
"""Keywords that name schemas, or hold schemas that only references use."""


def is_structural(keyword: str) -> bool:
    """Return whether a keyword decides which documents are valid."""
    return not (keyword in ANNOTATIONS or keyword in IDENTIFIERS or keyword.startswith("x-"))
