"""JSON Schemas of the documents that modelsync prints for programs."""

from __future__ import annotations

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
NULL: dict[str, Any] = {"type": "null"}
NUMBER_OR_NULL: dict[str, Any] = {"type": ["integer", "null"], "minimum": 1}
POSITION: dict[str, Any] = {
    "path": {"type": ["string", "null"]},
    "line": NUMBER_OR_NULL,
    "column": NUMBER_OR_NULL,
}
"""The properties of an object that has a position in a file."""


def shape(**properties: Any) -> dict[str, Any]:
    """Return the JSON Schema of an object with these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, NULL]}
