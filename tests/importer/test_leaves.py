"""Scalars, constraints, enums and values of schemas -> fields of specs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from helpers.import_sources import counts, imported, openapi, specs_of
from modelsync.importer.translation.translate import Translation


def translation_of(schema: dict[str, Any], version: str = "3.1.0") -> Translation:
    model = {"type": "object", "properties": {"field": schema}}
    return imported({"api.json": openapi({"Model": model}, version)})


def field(schema: dict[str, Any], version: str = "3.1.0") -> str:
    """Return the keys of a field that has a schema, in one line."""
    specs = specs_of(translation_of(schema, version))
    lines = specs.split("---")[0].partition("  field:\n")[2].splitlines()
    return "; ".join(line.strip() for line in lines)


def found(schema: dict[str, Any], version: str = "3.1.0") -> dict[str, int]:
    return counts(translation_of(schema, version).findings.found)


def messages(schema: dict[str, Any]) -> list[str]:
    return [each.message for each in translation_of(schema).findings.found]


# Types --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "format_", "expected"),
    [
        ("integer", None, "type: int64"),
        ("integer", "int32", "type: int32"),
        ("integer", "uint64", "type: uint64"),
        ("integer", "int8", "type: int32; minimum: -128; maximum: 127; format: int8"),
        ("integer", "uint16", "type: int32; minimum: 0; maximum: 65535; format: uint16"),
        ("integer", "unixtime", "type: int64; format: unixtime"),
        ("number", None, "type: float64"),
        ("number", "double", "type: float64"),
        ("number", "float", "type: float32"),
        ("number", "money", "type: float64; format: money"),
        ("string", "date-time", "type: datetime"),
        ("string", "byte", "type: bytes"),
        ("string", "duration", "type: duration"),
        ("string", "int64", "type: string; format: int64"),
        ("string", "binary", "type: string; format: binary"),
        ("boolean", None, "type: bool"),
    ],
)
def test_types_and_formats(type_: str, format_: str | None, expected: str) -> None:
    schema = {"type": type_, **({"format": format_} if format_ else {})}
    assert field(schema) == expected
    assert found(schema) == {}


@pytest.mark.parametrize(
    ("format_", "type_"),
    [("url", "uri"), ("uuid4", "uuid"), ("guid", "uuid"), ("DateTime", "datetime")],
)
def test_common_names_of_formats(format_: str, type_: str) -> None:
    schema = {"type": "string", "format": format_}
    assert field(schema) == f"type: {type_}"
    assert found(schema) == {"format": 1}


def test_formats_that_no_spec_has_are_left_out() -> None:
    assert field({"type": "string", "format": "dd/mm/yyyy"}) == "type: string"
    assert field({"type": "integer", "format": "date-time"}) == "type: int64"
    assert field({"type": "number", "format": "decimal"}) == "type: float64"
    assert field({"type": "number", "format": "int64"}) == "type: float64; format: int64"
    assert found({"type": "string", "format": "dd/mm/yyyy"}) == {"format": 1}


def test_base64_by_its_encoding() -> None:
    assert field({"type": "string", "contentEncoding": "base64"}) == "type: bytes"
    assert field({"type": "string", "contentEncoding": "base64url"}) == "type: string"


def test_an_integer_of_64_bits_without_a_sign() -> None:
    schema = {"type": "integer", "minimum": 0, "maximum": 2**64 - 1}
    assert field(schema) == f"type: uint64; minimum: 0; maximum: {2**64 - 1}"


def test_several_types() -> None:
    schema = {"type": ["string", "integer", "null"], "minimum": 1, "maxLength": 5}
    assert field(schema) == "type: string | int64 | null; maxLength: 5; minimum: 1"


@pytest.mark.parametrize(
    ("format_", "pattern"),
    [
        ("uuid", "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"),
        ("ipv4", r"^10\.0\.0\.[0-9]$"),
    ],
)
def test_a_pattern_that_says_a_form_and_more(format_: str, pattern: str) -> None:
    schema = {"type": "string", "format": format_, "pattern": pattern}
    assert field(schema).startswith("type: string; pattern: ")
    assert found(schema) == {"format": 1}


# Constraints --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"minimum": 1, "exclusiveMinimum": True}, "exclusiveMinimum: 1"),
        ({"maximum": 9, "exclusiveMaximum": False}, "maximum: 9"),
        ({"exclusiveMaximum": 9, "maximum": 9}, "maximum: 9; exclusiveMaximum: 9"),
        ({"multipleOf": 0.01}, "multipleOf: 0.01"),
        ({"multipleOf": 1, "allOf": [{"multipleOf": 1e30}]}, f"multipleOf: {10**30}"),
        ({"multipleOf": 0.1, "allOf": [{"multipleOf": 0.3}]}, "multipleOf: 0.3"),
        ({"minimum": 1e3}, "minimum: 1000"),
    ],
)
def test_bounds(schema: dict[str, Any], expected: str) -> None:
    schema = {"type": "number", **schema}
    assert field(schema, "3.0.0") == f"type: float64; {expected}"
    assert found(schema, "3.0.0") == {}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"minimum": 1.5}, "; minimum: 2"),
        ({"exclusiveMinimum": 1.5}, "; minimum: 2"),
        ({"maximum": 1.5}, "; maximum: 1"),
        ({"maximum": -1.5, "minimum": -3}, "; minimum: -3; maximum: -2"),
        ({"maximum": 1e30}, ""),
        ({"minimum": -(2**63) - 1}, ""),
        ({"minimum": "1"}, "; minimum: 1"),
        ({"minLength": 3}, ""),
        ({"maxItems": 3}, ""),
    ],
)
def test_bounds_of_integers_that_are_noted(schema: dict[str, Any], expected: str) -> None:
    schema = {"type": "integer", **schema}
    assert field(schema) == f"type: int64{expected}"
    assert set(found(schema).values()) == {1}
    assert not any(subject.endswith("!") for subject in found(schema))


@pytest.mark.parametrize(
    ("schema", "subject"),
    [
        ({"type": "integer", "minimum": 5, "maximum": 4}, "impossible constraints"),
        ({"type": "integer", "minimum": 1e30}, "impossible constraints"),
        ({"type": "number", "minimum": 1e200, "format": "float"}, "minimum"),
        ({"type": "number", "multipleOf": 0}, "multipleOf"),
        ({"type": "number", "multipleOf": 1.234567890123456}, "multipleOf"),
        ({"type": "string", "minLength": -1}, "minLength"),
        ({"type": "string", "minLength": 10**9}, "minLength"),
        ({"type": "string", "minLength": 5, "maxLength": 4}, "impossible constraints"),
        ({"type": "string", "pattern": "^a{5}$", "maxLength": 4}, "impossible constraints"),
        ({"type": "string", "pattern": "(a)\\1"}, "pattern"),
        ({"type": "string", "pattern": 1}, "pattern"),
        ({"type": "string", "format": "date-time", "maxLength": 25}, "maxLength"),
        ({"type": "string", "format": "uuid", "pattern": "^[0-9a-f-]+$"}, "pattern"),
        ({"type": "string", "format": "ipv4", "pattern": "10.0.0.[0-9]"}, "pattern"),
    ],
)
def test_constraints_that_are_lost(schema: dict[str, Any], subject: str) -> None:
    assert found(schema) == {f"{subject}!": 1}
    assert "; m" not in field(schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"format": "date-time", "minLength": 1},
        {"format": "uuid", "minLength": 36, "maxLength": 36, "pattern": "^[0-9a-fA-F-]{36}$"},
        {"format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        {"maxLength": 2**53},
    ],
)
def test_constraints_that_say_nothing(schema: dict[str, Any]) -> None:
    schema = {"type": "string", **schema}
    assert "; " not in field(schema)
    assert not any(subject.endswith("!") for subject in found(schema))


def test_a_bound_between_two_floats_is_the_nearest_one() -> None:
    text = '{"type": "object", "properties": {"field": {"type": "number", "maximum": %s}}}'
    source = f'{{"$defs": {{"Model": {text % "0.10000000000000000001"}}}}}'
    translation = imported({"a.json": source})
    assert "maximum: 0.1\n" in specs_of(translation)
    assert counts(translation.findings.found) == {"maximum": 1}


# Enums --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"enum": ["a", "b"]}, 'type: \'"a" | "b"\''),
        ({"type": "string", "enum": ["a"]}, "type: '\"a\"'"),
        ({"const": -32021}, 'type: "-32021"'),
        ({"type": "number", "enum": [1.0, 2]}, 'type: "1 | 2"'),
        ({"enum": ["a", 1, True]}, "type: '\"a\" | 1 | true'"),
        ({"enum": [True, False]}, "type: bool"),
        ({"enum": ["a", None]}, "type: '\"a\" | null'"),
        ({"enum": ["1", "2"], "type": "string"}, 'type: \'"1" | "2"\''),
    ],
)
def test_values(schema: dict[str, Any], expected: str) -> None:
    assert field(schema) == expected
    assert found(schema) == {}


@pytest.mark.parametrize(
    ("schema", "version", "expected"),
    [
        ({"type": "string", "enum": ["a", "a"]}, "3.1.0", '"a"'),
        ({"type": "string", "enum": ["a", 1]}, "3.1.0", '"a"'),
        ({"type": "string", "enum": ["a", None]}, "3.0.0", '"a"'),
        ({"type": "string", "nullable": True, "enum": ["a"]}, "3.0.0", '"a" | null'),
        ({"type": ["string", "null"], "enum": ["a"]}, "3.1.0", '"a"'),
    ],
)
def test_values_that_are_noted(schema: dict[str, Any], version: str, expected: str) -> None:
    assert field(schema, version) == f"type: '{expected}'"
    assert found(schema, version) == {"enum": 1}


@pytest.mark.parametrize(
    ("schema", "type_"),
    [
        ({"enum": [1.5, 2]}, "float64"),
        ({"enum": [{"a": 1}, "b"]}, "any"),
        ({"const": [1]}, "any"),
        ({"enum": ["a\u0000"]}, "string"),
        ({"const": 10**30}, "float64"),
        ({"enum": [], "type": "string"}, "string"),
        ({"enum": ["1"], "type": "integer"}, "int64"),
        ({"enum": ["a", "b"], "type": "array"}, 'list["a" | "b"]'),
    ],
)
def test_values_that_are_lost(schema: dict[str, Any], type_: str) -> None:
    assert field(schema) == f"type: {type_}"
    assert list(found(schema).values()) == [1]
    assert next(iter(found(schema))).endswith("!")


def enum(schema: dict[str, Any]) -> str:
    specs = specs_of(imported({"api.json": openapi({"Level": schema})}))
    return re.sub(r"\n\s*", " ", specs.partition("\nvalues:")[2]).strip()


def test_names_and_descriptions_of_values() -> None:
    expected = (
        "1: description: Rare names: python: LOW typescript: Low go: LevelLow"
        " 2: names: python: HIGH typescript: High go: LevelHigh"
    )
    base = {"type": "integer", "enum": [1, 2]}
    assert (
        enum({**base, "x-enum-varnames": ["LOW", "HIGH"], "x-enum-descriptions": ["Rare", ""]})
        == expected
    )
    by_entries = [{"value": 1, "name": "low", "description": "Rare"}, {"value": 2, "name": "High"}]
    assert enum({**base, "x-ms-enum": {"name": "Level", "values": by_entries}}) == expected
    members = [{"const": 1, "title": "Low", "description": "Rare"}, {"const": 2, "title": "High"}]
    assert enum({"oneOf": members}) == expected


def test_text_that_may_have_other_values_than_the_known_ones() -> None:
    known = {"type": "string", "enum": ["a", "b"]}
    for schema in (
        {"anyOf": [{"type": "string"}, known]},
        {"anyOf": [known, {"type": "string", "description": "Others"}]},
        {"type": "string", "x-extensible-enum": ["a", "b"]},
    ):
        specs = specs_of(imported({"api.json": openapi({"Level": schema})}))
        assert specs.startswith("enum: Level\n")
        assert specs.endswith("open: true\nvalues:\n  a:\n  b:\n")


# Values -------------------------------------------------------------------------------------------


def test_examples_and_defaults() -> None:
    assert field({"type": "string", "example": "1", "default": "no"}) == (
        'type: string; example: "1"; default: no'
    )
    assert field({"type": "string", "examples": ["a", "b", "a"]}).endswith("examples:; - a; - b")
    named = {"x": {"value": 1.50}, "y": {"externalValue": "https://example.com"}}
    assert field({"type": "number", "examples": named}) == "type: float64; example: 1.5"


def test_numbers_are_kept_exactly() -> None:
    text = '{"$defs": {"Model": {"properties": {"field": {"type": "integer", "x-n": %s}}}}}'
    assert "x-n: 12345678901234567890" in specs_of(
        imported({"a.json": text % "12345678901234567890"})
    )


def test_text_that_no_spec_can_hold() -> None:
    schema = {"type": "string", "default": "\u0000", "example": "\u001b", "x-a": {"\u202e": 1}}
    assert field(schema) == "type: string"
    assert found(schema) == {"default": 1, "example": 1, "x-a": 1}


def test_default_null_is_the_same_as_absent() -> None:
    schema = {"type": "string", "default": None}
    assert field(schema) == "type: string"
    assert found(schema) == {"default": 1}
    assert messages(schema) == ["the default null of an optional field"]


# Lists --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "is_unique"),
    [
        ({"type": "string"}, True),
        ({"type": ["string", "null"], "format": "uuid"}, True),
        ({"type": "integer", "oneOf": [{"const": 1, "title": "a"}, {"const": 2}]}, True),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}, True),
        ({"type": "string", "format": "date-time"}, False),
        ({"type": "number"}, False),
        ({"type": "object"}, False),
    ],
)
def test_unique_items(items: dict[str, Any], is_unique: bool) -> None:
    schema = {"type": "array", "items": items, "uniqueItems": True}
    assert field(schema).endswith("; uniqueItems: true") is is_unique
    assert ("uniqueItems!" in found(schema)) is not is_unique
