"""What the meta-schemas of JSON Schema say, which documents refer to by their URIs.

The parts are written from the texts of the specifications: "JSON Schema Validation" of draft-04 to
2020-12. They say what a keyword of a schema may be. A schema inside a schema is any object, or
`true` or `false` since draft-06.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from modelsync.importer.library.dialects import DRAFT_04, Dialect, meta_schema

_Schema: TypeAlias = Mapping[str, Any]

_VOCABULARY: Final = re.compile(r"https?://json-schema\.org/draft/20(?:19-09|20-12)/meta/[a-z-]+")
_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "number"}
_FLAG: Final = {"type": "boolean"}
_COUNT: Final = {"type": "integer", "minimum": 0}
_SCHEMA: Final = {"$ref": "#"}
_BY_NAME: Final = {"type": "object", "additionalProperties": _SCHEMA}
_TYPE_NAMES: Final = ["array", "boolean", "integer", "null", "number", "object", "string"]

_TEXTS: Final = (
    "title description pattern format schema id ref comment anchor dynamicRef dynamicAnchor"
    " recursiveRef contentMediaType contentEncoding"
).split()
_NUMBERS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_FLAGS: Final = "uniqueItems readOnly writeOnly deprecated recursiveAnchor".split()
_COUNTS: Final = (
    "minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains"
).split()
_SCHEMAS: Final = (
    "additionalItems additionalProperties contains contentSchema else if items not propertyNames"
    " then unevaluatedItems unevaluatedProperties"
).split()
_SCHEMAS_BY_NAME: Final = "defs definitions properties patternProperties dependentSchemas".split()

_FLAG_OR_SCHEMA: Final = {"anyOf": [_FLAG, _SCHEMA]}
_DRAFT_04: Final = {
    "exclusiveMinimum": _FLAG,
    "exclusiveMaximum": _FLAG,
    "additionalItems": _FLAG_OR_SCHEMA,
    "additionalProperties": _FLAG_OR_SCHEMA,
    "enum": {"type": "array", "items": {}, "minItems": 1, "uniqueItems": True},
}
"""The keywords that are different in draft-04."""


def meta_schema_text(uri: str) -> bytes | None:
    """Return a schema that has the parts of the meta-schema at a URI; None for another URI.

    All parts are in `definitions`, also those that are properties of the meta-schema.
    """
    dialect = meta_schema(uri)
    if dialect is None and not _VOCABULARY.fullmatch(uri.partition("#")[0]):
        return None
    kinds = "object" if dialect is DRAFT_04 else ["object", "boolean"]
    root = {"description": "A JSON Schema.", "type": kinds, "definitions": _parts(dialect)}
    return json.dumps(root).encode()


def place_of_part(fragment: str) -> str:
    """Return where a part of a meta-schema is in the text: `/properties/$id` -> `/definitions/id`.

    A key such as `$ref` would be a keyword there.
    """
    return re.sub(r"^/(?:definitions|\$defs|properties)/\$?", "/definitions/", fragment)


def says_less(part: Any) -> bool:
    """Return whether a part says less than the meta-schema: it contains a JSON Schema."""
    return "definitions" in part or '"#"' in json.dumps(part, default=str)


def _parts(dialect: Dialect | None) -> _Schema:
    """Return the keywords of a dialect, and the definitions of its meta-schema."""
    is_draft_04 = dialect is DRAFT_04
    some_schemas = {"type": "array", "items": _SCHEMA, "minItems": 1}
    names = {"type": "array", "items": _TEXT, "uniqueItems": True}
    if is_draft_04:
        names = {**names, "minItems": 1}
    type_name = {"type": "string", "enum": _TYPE_NAMES}
    type_names = {"type": "array", "items": type_name, "minItems": 1, "uniqueItems": True}
    or_names = {"anyOf": [_SCHEMA, names]}
    parts: dict[str, Any] = {
        **dict.fromkeys(_TEXTS, _TEXT),
        **dict.fromkeys(_NUMBERS, _NUMBER),
        **dict.fromkeys(_FLAGS, _FLAG),
        **dict.fromkeys(_COUNTS, _COUNT),
        **dict.fromkeys(_SCHEMAS, _SCHEMA),
        **dict.fromkeys(_SCHEMAS_BY_NAME, _BY_NAME),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems", "schemaArray"), some_schemas),
        **dict.fromkeys(("required", "stringArray"), names),
        **dict.fromkeys(("positiveInteger", "nonNegativeInteger"), _COUNT),
        "positiveIntegerDefault0": {**_COUNT, "default": 0},
        "nonNegativeIntegerDefault0": {**_COUNT, "default": 0},
        "multipleOf": {"type": "number", "exclusiveMinimum": 0},
        "simpleTypes": type_name,
        "type": {"anyOf": [type_name, type_names]},
        "enum": {"type": "array", "items": {}},
        "examples": {"type": "array", "items": {}},
        "default": {},
        "const": {},
        "dependencies": {"type": "object", "additionalProperties": or_names},
        "dependentRequired": {"type": "object", "additionalProperties": names},
        "vocabulary": {"type": "object", "additionalProperties": _FLAG},
        **dict.fromkeys(("anchorString", "uriString", "uriReferenceString"), _TEXT),
    }
    if is_draft_04:
        parts |= _DRAFT_04
    if dialect is None or dialect.has_ref_siblings is False:
        parts["items"] = {"anyOf": [_SCHEMA, some_schemas]}
    return parts
