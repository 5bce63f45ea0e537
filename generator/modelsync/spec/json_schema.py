"""The JSON Schema (draft 7) of specs and of `modelsync.yaml`, for editors.

Made from the same tables as the readers. A YAML scalar is text to the readers, whatever it looks
like, so where they take text the schema takes every scalar.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from modelsync.schema.type_expr import RESERVED
from modelsync.spec import shape
from modelsync.spec.reader import FLAGS, MAX_NAME
from modelsync.spec.shape import Key, Shape

_TEXT: Final = {"type": ["string", "number", "boolean", "null"]}
_NAME: Final = {
    "type": "string",
    "pattern": "^[A-Za-z][A-Za-z0-9_]*$",
    "maxLength": MAX_NAME,
    "not": {"enum": sorted(RESERVED)},
}
_TYPE: Final = {
    "type": ["string", "number", "boolean"],
    "examples": ["string", "int64", "datetime", "list[string]", "map[any]", "User | null"],
}
# As in `Reader.reason`; without flags for case, which JSON Schema does not have.
_FLAGS: Final = "|".join(
    "".join(f"[{char.upper()}{char}]" for char in word) for word in sorted(FLAGS)
)
_REASON: Final = rf"^(?!\s*$)(?!(?:{_FLAGS})$)"
_KINDS: Final[dict[str, Any]] = {
    "text": _TEXT,
    "path": {"type": "string"},
    "target": {"type": "string"},
    "choice": {"type": "string"},
    "flag": {"type": "boolean"},
    "reason": {"type": ["boolean", "string"], "pattern": _REASON},
    "shown reason": {"type": ["boolean", "string"], "pattern": _REASON},
    "name": _NAME,
    "names": {"type": "object", "additionalProperties": _TEXT},
    "type": _TYPE,
    "types": {"type": "array", "items": _TYPE, "minItems": 1},
    "shown types": {"type": "array", "items": _TYPE},
    "mapping": {"type": "object", "additionalProperties": {"type": ["string"]}},
    "value": {},
    "values": {"type": "array"},
    "text map": {"type": "object", "additionalProperties": _TEXT},
    "languages": {"type": ["array", "string"], "items": {"type": "string"}},
    "texts": {"type": ["array", *_TEXT["type"]], "items": _TEXT},
    "count": {"type": "integer", "minimum": 1, "maximum": 9_999_999},
    "packages": {"type": ["array", "string"], "items": {"type": "string"}},
}


def json_schema(config: Shape, target: Iterable[Key]) -> dict[str, Any]:
    """Return the JSON Schema of a document, which is a definition or the config.

    `config` and `target` are the shapes of the config and of one target in it; a target's own
    options are not checked, since packages of others may add targets.
    """
    value_pages = {"type": "object", "additionalProperties": _object(shape.VALUE_PAGE, _KINDS)}
    kinds = _KINDS | {
        "field pages": {
            "type": "object",
            "additionalProperties": _object(shape.FIELD_PAGE, _KINDS),
        },
        "definition pages": {
            "type": "object",
            "additionalProperties": {
                "anyOf": [{"const": False}, _object(shape.DEFINITION_PAGE, _KINDS)]
            },
        },
        "fields": {"type": "object", "additionalProperties": {"$ref": "#/definitions/field"}},
        "enum values": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "anyOf": [_TEXT, _object(shape.ENUM_VALUE, _KINDS | {"value pages": value_pages})],
            },
        },
        "targets": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[a-z][a-z0-9_-]*$"},
            "additionalProperties": _object(Shape("a target", tuple(target)), _KINDS, closed=False),
        },
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A spec of modelsync, or modelsync.yaml",
        "type": "object",
        "oneOf": [{"$ref": f"#/definitions/{name}"} for name in (*shape.DEFINITIONS, "config")],
        "definitions": {
            name: _object(each, kinds)
            for name, each in {
                **shape.DEFINITIONS,
                "field": shape.FIELD,
                "config": config,
            }.items()
        },
    }


def _object(each: Shape, kinds: dict[str, Any], *, closed: bool = True) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            key.name: {"description": key.doc, **kinds[key.kind]}
            | ({"enum": list(key.choices)} if key.choices else {})
            for key in each.keys
        },
        "required": [key.name for key in each.keys if key.needed],
        **({"additionalProperties": False} if closed else {}),
    }


def to_text(schema: dict[str, Any]) -> str:
    """Return a JSON Schema as the text of a file."""
    return json.dumps(schema, indent=2) + "\n"
