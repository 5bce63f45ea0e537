from typing import Any, Final

import pytest

from helpers.import_sources import counts, imported, openapi
from modelsync.importer.translation import keywords
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode

# Every keyword of JSON Schema draft-04 to 2020-12 and of the schema objects of OpenAPI 3.0 to 3.2,
# with a value that says something about the schema beside it.
_OBJECT: Final = {"type": "object", "properties": {"a": {"type": "string"}, "b": {}}}
_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "number"}
_LIST: Final = {"type": "array", "items": {"type": "string"}}
_CASES: Final[dict[str, tuple[dict[str, Any], Any]]] = {
    "$comment": (_TEXT, "a"),
    "$dynamicRef": ({}, "#/components/schemas/Other"),
    "$recursiveRef": ({}, "#"),
    "$ref": ({}, "#/components/schemas/Other"),
    "additionalItems": ({"type": "array", "items": [_TEXT]}, {"type": "integer"}),
    "additionalProperties": (_OBJECT, False),
    "allOf": ({}, [_TEXT]),
    "anyOf": ({}, [_TEXT, {"type": "integer"}]),
    "const": ({}, "a"),
    "contains": (_LIST, {"const": "a"}),
    "contentEncoding": (_TEXT, "base64"),
    "contentMediaType": (_TEXT, "text/plain"),
    "contentSchema": (_TEXT, {"type": "object"}),
    "default": (_TEXT, "a"),
    "dependencies": (_OBJECT, {"a": ["b"]}),
    "dependentRequired": (_OBJECT, {"a": ["b"]}),
    "dependentSchemas": (_OBJECT, {"a": {"required": ["b"]}}),
    "deprecated": (_TEXT, True),
    "description": (_TEXT, "a"),
    "discriminator": (_OBJECT, {"propertyName": "a"}),
    "enum": (_TEXT, ["a"]),
    "example": (_TEXT, "a"),
    "examples": (_TEXT, ["a"]),
    "exclusiveMaximum": (_NUMBER, 5),
    "exclusiveMinimum": (_NUMBER, 5),
    "externalDocs": (_TEXT, {"url": "https://example.com"}),
    "format": (_TEXT, "uuid"),
    "if": (_OBJECT, {"required": ["a"]}),
    "items": ({"type": "array"}, _TEXT),
    "maxContains": (_LIST | {"contains": {"const": "a"}}, 2),
    "maxItems": (_LIST, 2),
    "maxLength": (_TEXT, 2),
    "maxProperties": ({"type": "object"}, 2),
    "maximum": (_NUMBER, 2),
    "minContains": (_LIST | {"contains": {"const": "a"}}, 2),
    "minItems": (_LIST, 2),
    "minLength": (_TEXT, 2),
    "minProperties": ({"type": "object"}, 2),
    "minimum": (_NUMBER, 2),
    "multipleOf": (_NUMBER, 2),
    "not": (_OBJECT, {"required": ["a"]}),
    "nullable": (_TEXT, True),
    "oneOf": ({}, [_TEXT, {"type": "integer"}]),
    "pattern": (_TEXT, "^a"),
    "patternProperties": ({"type": "object"}, {"^a": _TEXT}),
    "prefixItems": ({"type": "array"}, [_TEXT]),
    "properties": ({"type": "object"}, {"a": _TEXT}),
    "propertyNames": ({"type": "object"}, {"pattern": "^a"}),
    "readOnly": (_TEXT, True),
    "required": (_OBJECT, ["a"]),
    "title": (_TEXT | {"description": "a"}, "b"),
    "type": ({}, "string"),
    "unevaluatedItems": (_LIST | {"prefixItems": [_TEXT]}, False),
    "unevaluatedProperties": (_OBJECT, False),
    "uniqueItems": (_LIST, True),
    "writeOnly": (_TEXT, True),
    "x-own": (_TEXT, 1),
    "xml": (_TEXT, {"name": "a"}),
    "unknown": (_TEXT, 1),
}


def _read(schema: dict[str, Any]) -> tuple[list[Any], dict[str, int]]:
    field = {"type": "object", "properties": {"field": schema}}
    translation = imported({"api.json": openapi({"Other": _TEXT, "A": field})})
    written = [_shown(node) for name, node in translation.documents if name.startswith("A")]
    return written, counts(translation.findings.found)


def _shown(node: Node) -> Any:
    """Return the content of a node, without positions."""
    match node:
        case ScalarNode(text=text):
            return text
        case SequenceNode(items=items):
            return [_shown(item) for item in items]
        case MappingNode(entries=entries):
            return {key.text: _shown(value) for key, value in entries}


@pytest.mark.parametrize("keyword", _CASES)
def test_each_keyword_is_said_or_reported(keyword: str) -> None:
    beside, value = _CASES[keyword]
    assert _read(beside | {keyword: value}) != _read(beside)


def test_all_keywords_have_a_case() -> None:
    # Drafts before draft-04 are not read, and `then` and `else` are lost with their `if`.
    silent = keywords.IDENTIFIERS | {"disallow", "divisibleBy", "extends", "then", "else"}
    known = keywords.ANNOTATIONS | keywords.TRANSLATED | keywords.LOST | keywords.COUNTED
    assert known - silent == _CASES.keys() - {"unknown", "x-own"}


def test_losses_are_where_the_keyword_is() -> None:
    source = openapi({"A": _OBJECT | {"not": {"required": ["a"]}}})
    (found,) = imported({"api.json": source}).findings.found
    assert found.is_loss
    assert found.subject == "not"
    assert isinstance(source["components"]["schemas"]["A"], dict)
    assert found.position.width == len('"not"')


def test_what_changes_nothing_is_counted_once() -> None:
    schemas = {name: {"type": "string", "xml": {}, "own": 1} for name in "ABC"}
    found = imported({"api.json": openapi(schemas)}).findings.found
    assert sorted(each.message for each in found) == ["`own`, 3 times", "`xml`, 3 times"]
