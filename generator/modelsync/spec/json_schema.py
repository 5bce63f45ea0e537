"""The JSON Schema (draft 7) of specs and of `modelsync.yaml`, for editors."""

from __future__ import annotations

import json
from typing import Any

from modelsync.spec.definitions import DEFINITIONS
from modelsync.spec.fields import FIELD
from modelsync.spec.shape import Shape, object_schema


def json_schema(config: Shape) -> dict[str, Any]:
    """Return the JSON Schema of a document, which is a definition or the config.

    The options of a target are not checked, because packages may add targets.
    """
    documents = {**DEFINITIONS, "field": FIELD, "config": config}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A modelsync spec, or modelsync.yaml",
        "type": "object",
        "oneOf": [{"$ref": f"#/definitions/{name}"} for name in documents if name != "field"],
        "definitions": {name: object_schema(shape) for name, shape in documents.items()},
    }


def to_text(schema: dict[str, Any]) -> str:
    """Return a JSON Schema as the text of a file."""
    return json.dumps(schema, indent=2) + "\n"
