"""Random JSON Schemas and OpenAPI documents, valid or not, for imports."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NAMES = ["id", "kind", "Id", "a-b", "a_b", "2fa", "", "class", "type", "µ", "__proto__", "con"]
DEFINITIONS = ["A", "B", "a.b", "Node", "string", "1st", "node", "Con", "list"]
TEXTS = st.sampled_from(["", "x", "a\r\nb", "tab\t", "\x07", "# no", "'q'", 'say "hi"', "é\u2028"])
NUMBERS = st.sampled_from([0, 1, -1, 2, 10, 0.5, 1.0, -2.5, 2**53 + 1, 2**63, 10**30, 1e300])
SIZES = st.sampled_from([0, 1, 2, 5, 1000, 2.0, -1, 10**12])
PATTERNS = st.sampled_from(["^a+$", "[a-z]", r"^\d{3}$", "(", "(?=a)b", "^(a|b)*$", r"\p{L}", "é"])
FORMATS = st.sampled_from(
    ["date-time", "date", "uuid", "int32", "int64", "uint64", "float", "byte", "uri", "odd format"]
)
TYPES = ["string", "integer", "number", "boolean", "array", "object", "null"]
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS | st.sampled_from(["a", "b", "2024-01-01"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=2)
    ),
    max_leaves=4,
)
REFERENCES = st.sampled_from(
    [*(f"#/$defs/{name}" for name in DEFINITIONS[:4]), "#", "#/nowhere", "#/$defs/A/properties/id"]
)


def _keywords(inner: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    schemas = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    return {
        "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), max_size=3),
        "properties": named,
        "required": st.lists(st.sampled_from(NAMES), max_size=3),
        "additionalProperties": inner,
        "patternProperties": named,
        "items": inner | schemas,
        "prefixItems": schemas,
        "allOf": schemas,
        "anyOf": schemas,
        "oneOf": schemas,
        "not": inner,
        "if": inner,
        "then": inner,
        "contains": inner,
        "propertyNames": inner,
        "dependentRequired": st.just({"id": ["kind"]}),
        "unevaluatedProperties": st.booleans(),
        "enum": st.lists(VALUES, max_size=3),
        "const": VALUES,
        "default": VALUES,
        "example": VALUES,
        "examples": st.lists(VALUES, max_size=2),
        "minLength": SIZES,
        "maxLength": SIZES,
        "minItems": SIZES,
        "maxItems": SIZES,
        "minProperties": SIZES,
        "uniqueItems": st.booleans(),
        "minimum": NUMBERS,
        "maximum": NUMBERS,
        "exclusiveMinimum": NUMBERS | st.booleans(),
        "multipleOf": NUMBERS,
        "pattern": PATTERNS,
        "format": FORMATS,
        "title": TEXTS,
        "description": TEXTS,
        "deprecated": st.booleans(),
        "readOnly": st.booleans(),
        "writeOnly": st.booleans(),
        "nullable": st.booleans(),
        "discriminator": st.builds(
            lambda name, tags: {"propertyName": name, "mapping": tags},
            st.sampled_from(NAMES),
            st.dictionaries(st.sampled_from(["a", "b", "A"]), REFERENCES, max_size=2),
        ),
        "x-more": VALUES,
    }


def _schema(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keywords = _keywords(inner)
    chosen = st.lists(st.sampled_from(sorted(keywords)), max_size=5, unique=True)
    return chosen.flatmap(
        lambda names: st.fixed_dictionaries({name: keywords[name] for name in names})
    )


_LEAVES: st.SearchStrategy[Any] = (
    st.booleans()
    | st.builds(lambda name: {"type": name}, st.sampled_from(TYPES))
    | st.builds(lambda ref: {"$ref": ref}, REFERENCES)
)
SCHEMAS = st.recursive(_LEAVES, lambda inner: _schema(inner) | inner, max_leaves=8)

DOCUMENTS = st.builds(
    lambda root, definitions, draft: {
        "$schema": draft,
        **(root if isinstance(root, dict) else {}),
        "$defs": definitions,
    },
    SCHEMAS,
    st.dictionaries(st.sampled_from(DEFINITIONS), SCHEMAS, max_size=4),
    st.sampled_from(
        [
            "https://json-schema.org/draft/2020-12/schema",
            "http://json-schema.org/draft-07/schema#",
            "http://json-schema.org/draft-04/schema#",
        ]
    ),
)
"""JSON Schemas with definitions that refer to each other."""


def openapi(definitions: Any, version: str) -> Any:
    """Return an OpenAPI document with definitions as its schemas."""
    return {
        "openapi": version,
        "info": {"title": "Random", "version": "1"},
        "paths": {},
        "components": {"schemas": _moved(definitions)},
    }


def _moved(value: Any) -> Any:
    """Return schemas whose references are those of OpenAPI."""
    if isinstance(value, dict):
        return {key: _moved(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_moved(item) for item in value]
    if isinstance(value, str) and value.startswith("#/$defs/"):
        return value.replace("#/$defs/", "#/components/schemas/")
    return value


OPENAPI = st.builds(
    openapi,
    st.dictionaries(st.sampled_from(DEFINITIONS), SCHEMAS, min_size=1, max_size=4),
    st.sampled_from(["3.0.3", "3.1.0"]),
)
