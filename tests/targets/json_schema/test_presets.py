"""The schemas for structured output: what language models accept, and what they mean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from helpers.projects import schema_of, target, texts_of
from helpers.schema_validators import format_checker
from helpers.shallow import shallow_cases
from helpers.structured_documents import Unsayable, meaning, returned
from modelsync.schema.json_values import Json
from modelsync.schema.scalars import DEFAULT
from modelsync.schema.schema import Schema
from modelsync.schema.structured import PRESETS, structured
from modelsync.targets import target_class
from modelsync.targets.base import Settings
from modelsync.verify.expected import expected

EVERYWHERE = {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf"}
EVERYWHERE |= {"$ref", "$defs", "description"}
EACH = 25
"""A share of the documents that keeps the test fast."""


@cache
def documents() -> list[tuple[str, Json]]:
    outcomes = ((case, expected(meaning(), case, DEFAULT)) for case in shallow_cases(meaning()))
    valid = (
        (case.definition, json.loads(outcome.json))
        for case, outcome in outcomes
        if outcome is not None and outcome.accepted
    )
    return list(islice(valid, 0, None, EACH))


def files(schema: Schema, preset: str, *roots: str) -> dict[str, Any]:
    options: dict[str, Any] = {"preset": preset, "roots": roots}
    texts = texts_of(target(schema, "json-schema", "out", options))
    return {path.removeprefix("out/"): json.loads(text) for path, text in texts.items()}


def schemas_in(value: Any, *, is_schema: bool = True) -> Iterator[dict[str, Any]]:
    """Yield a schema and all schemas in it."""
    if is_schema and isinstance(value, dict):
        yield value
        for key, inner in value.items():
            yield from schemas_in(inner, is_schema=key not in ("properties", "$defs"))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from schemas_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from schemas_in(inner)


@pytest.mark.parametrize("preset", PRESETS)
def test_schemas_have_only_what_the_dialect_has(preset: str) -> None:
    for path, schema in files(meaning(), preset).items():
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object", path
        for each in schemas_in(schema):
            assert each.keys() - PRESETS[preset].keywords <= EVERYWHERE, path
            assert "$ref" not in each or len(each) == 1, path
            assert "format" not in each or each["format"] in PRESETS[preset].formats
            if each.get("type") == "object":
                assert each["required"] == [*each["properties"]], path
                assert each["additionalProperties"] is False, path


@pytest.mark.parametrize("preset", PRESETS)
def test_a_validator_accepts_the_form_of_valid_documents(preset: str) -> None:
    schema = meaning()
    found = {path.rpartition("/")[2]: each for path, each in files(schema, preset).items()}
    built: dict[str, Schema] = {}
    validators: dict[str, Draft202012Validator] = {}
    tried = 0
    for id_, document in documents():
        path = f"{schema.by_id[id_].name}.json"
        if path not in found:
            continue  # a scalar
        if id_ not in built:
            built[id_] = structured(schema, id_, PRESETS[preset])
            validators[id_] = Draft202012Validator(found[path], format_checker=format_checker())
        try:
            form = returned(schema, id_, built[id_], document)
        except Unsayable:
            continue
        validators[id_].validate(form)
        tried += 1
    assert tried > 50


def test_what_the_dialect_cannot_say_is_described() -> None:
    spec = """
model: A
fields:
  sku: {type: string, required: true, description: Identifies it., pattern: '^a', maxLength: 9}
  price: {type: decimal, required: true}
  part: {type: B, deprecated: true}
  color: {type: C}
  level: {type: D}
---
model: B
fields: {}
---
enum: C
description: A color.
open: true
values: {red: , blue: }
---
enum: D
values: {low: Not much., high: }
"""
    (schema,) = files(schema_of(spec), "anthropic", "A").values()
    properties = schema["properties"]
    assert properties["sku"] == {
        "description": "Identifies it.\nmaxLength: 9\npattern: ^a",
        "type": "string",
    }
    assert properties["price"] == {
        "description": "A decimal number, such as -12.50.",
        "type": "string",
    }
    assert properties["part"] == {
        "description": "Deprecated.",
        "anyOf": [{"$ref": "#/$defs/B"}, {"type": "null"}],
    }
    assert schema["$defs"]["C"] == {
        "description": 'A color.\nSuch as "red", "blue".',
        "type": "string",
    }
    assert schema["$defs"]["D"] == {
        "description": '"low": Not much.',
        "type": "string",
        "enum": ["low", "high"],
    }
    assert schema["$defs"]["B"]["required"] == []


def test_members_of_a_union_have_different_first_keys() -> None:
    spec = """
model: A
fields:
  part: {type: B | C | D, required: true}
---
model: B
fields:
  name: {type: string, required: true}
  left: {type: string, required: true}
---
model: C
fields:
  name: {type: string, required: true}
  right: {type: string, required: true}
  kind: {type: '"c"', required: true}
---
model: D
fields:
  name: {type: string, required: true}
  kind: {type: '"d"', required: true}
"""
    (schema,) = files(schema_of(spec), "openai", "A").values()
    found = schema["$defs"]
    assert [next(iter(found[name]["properties"])) for name in "BCD"] == ["left", "right", "kind"]
    assert all([*each["properties"]] == each["required"] for each in found.values())


def problems(spec: str, **options: Any) -> list[str]:
    cls = target_class("json-schema")
    settings = Settings("a", "json-schema", "out", options=cls.defaults() | options)
    return [f"{each.code} {each.message}" for each in cls(schema_of(spec), settings).problems()]


def test_limits_are_problems() -> None:
    values = "".join(f"  v{number}: \n" for number in range(1001))
    spec = f"enum: E\nvalues:\n{values}---\nmodel: A\nfields: {{e: {{type: E}}}}\n"
    assert problems(spec, preset="openai") == [
        "MS152 `A` is too large for the preset `openai`: 1,001 values of enums, but at most 1,000"
        " are allowed"
    ]
    assert problems(spec, preset="anthropic") == []


def test_roots_are_definitions() -> None:
    spec = "model: A\nfields: {}\n"
    assert problems(spec, preset="openai", roots=("A", "B")) == ["MS150 unknown definition `B`"]


def test_the_keys_of_the_preset_are_reserved() -> None:
    spec = "model: A\nfields: {json_text: {type: string}}\n"
    (problem,) = problems(spec, preset="portable")
    assert problem.startswith("MS151 the preset `portable` has its own key `json_text`")
