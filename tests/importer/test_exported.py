"""Export and import are an inverse pair: what JSON Schema has no word for is in `x-modelsync`."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.import_sources import imported, openapi
from helpers.places import CASES
from helpers.projects import Options, schema_in, schema_of, target, texts_of
from helpers.random_specs import random_specs, spec_text
from helpers.strategies import schemas
from modelsync.importer.repair import repair
from modelsync.schema.schema import Schema
from modelsync.spec.write import write_specs

NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
KINDS: tuple[tuple[str, Options], ...] = (
    ("json-schema", {}),
    ("json-schema", {"files": "many"}),
    ("json-schema", {"files": "bundled", "id": "https://example.com/schemas/"}),
    ("json-schema", {"variants": True}),
    ("openapi", {}),
)

VALID = (0, 1, 7, 12, 13, 14, 16, 18, 21, 22, 24, 25)
"""The seeds of random specs that break no rule."""


def sorted_(schema: Schema) -> Schema:
    return Schema(tuple(sorted(schema.definitions, key=lambda each: each.id)))


def exported_and_imported(schema: Schema, name: str, options: Options) -> Schema:
    translation = imported(texts_of(target(schema, name, "out", options)))
    found = repair(translation.documents, "", translation.findings)
    assert translation.findings.found == []
    return sorted_(found)


@pytest.mark.parametrize("case", NAMES)
@pytest.mark.parametrize(("name", "options"), KINDS, ids=str)
def test_an_import_of_an_export_is_the_same_schema(case: str, name: str, options: Options) -> None:
    schema = schema_in(CASES / case)
    assert exported_and_imported(schema, name, options) == sorted_(schema)


@pytest.mark.slow
@settings(deadline=None)
@given(schemas(), st.sampled_from(KINDS))
def test_any_schema_comes_back(schema: Schema, kind: tuple[str, Options]) -> None:
    assert exported_and_imported(schema, *kind) == sorted_(schema)


@pytest.mark.parametrize("seed", VALID)
def test_random_specs_come_back(seed: int) -> None:
    schema = schema_of(spec_text(random_specs(seed)))
    name, options = KINDS[seed % len(KINDS)]
    assert exported_and_imported(schema, name, options) == sorted_(schema)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "null", "1.50", "1e400", "~"])
def test_text_of_pages_that_looks_like_another_value(text: str) -> None:
    pages = f"{{go: {{description: '{text}'}}}}"
    schema = schema_of(f"model: Order\nfields: {{id: {{type: string, pages: {pages}}}}}")
    assert exported_and_imported(schema, "json-schema", {}) == schema


# What has been changed by hand -----------------------------------------------------------------


SPEC = """
model: Base
abstract: true
fields:
  id: {type: uuid, required: true, deprecated: Use key}
---
model: Order
extends: [Base]
names: {go: Purchase}
fields:
  sku: {type: string, pattern: '^\\d+$', names: {python: article}}
  price: {type: decimal, minimum: 0}
---
union: Shape
discriminator: kind
open: true
members: [Circle]
---
model: Circle
fields:
  kind: {type: '"circle"', required: true}
"""


@cache
def exported() -> str:
    """Return the JSON Schema of the spec."""
    return texts_of(target(schema_of(SPEC), "json-schema", "out"))["out/schema.json"]


def changed(change: Callable[[Any], object]) -> tuple[str, list[str]]:
    """Return what is imported after a change of the exported definitions, and the findings."""
    document = json.loads(exported())
    change(document["$defs"])
    translation = imported({"schema.json": document})
    schema = repair(translation.documents, "", translation.findings)
    texts = write_specs(schema, "specs").values()
    return "---\n".join(texts), [each.message for each in translation.findings.found]


def test_what_is_added_to_an_export_is_read() -> None:
    specs, findings = changed(
        lambda each: each["Order"]["properties"].update(
            {"count": {"type": "integer"}, "tags": {"type": "array", "items": {"type": "string"}}}
        )
    )
    assert "extends: [Base]\n" in specs
    assert "  count:\n    type: int64\n  tags:\n    type: list[string]\n" in specs
    assert "pattern: ^\\d+$" in specs
    assert findings == []


def test_the_schema_counts_if_x_modelsync_contradicts_it() -> None:
    specs, _ = changed(lambda each: each["Order"]["properties"].pop("id"))
    order = specs.partition("model: Order\n")[2].partition("---")[0]
    assert "extends" not in order
    assert "names:\n  go: Purchase\n" in order
    specs, _ = changed(lambda each: each["Order"]["properties"]["sku"].update(pattern="^a$"))
    assert "    pattern: ^a$\n" in specs
    assert "      python: article\n" in specs
    specs, _ = changed(lambda each: each["Shape"].pop("anyOf"))
    assert "alias: Shape\ntype: any\n" in specs


def test_components_can_be_copied_to_another_document() -> None:
    files = texts_of(target(schema_of(SPEC), "openapi", "out"))
    schemas = json.loads(files["out/openapi.json"])["components"]["schemas"]
    translation = imported({"api.json": openapi(schemas)})
    schema = repair(translation.documents, "", translation.findings)
    assert sorted_(schema) == sorted_(schema_of(SPEC))


WORDS = (
    *("type", "format", "pattern", "minimum", "extends", "own", "ownAdditionalProperties", "alias"),
    *("union", "discriminator", "mapping", "open", "overlapping", "names", "only", "pages"),
    *("external", "package", "name", "deprecated", "abstract", "inferred", "variantOf"),
)


@pytest.mark.parametrize("word", WORDS)
def test_any_value_of_a_word_is_read(word: str) -> None:
    for value in (None, 1, "a.b", ["a"], [["a", 1]], {"go": [5]}):
        for name in ("Order", "Shape"):

            def change(each: Any, name: str = name, value: Any = value) -> None:
                each[name].setdefault("x-modelsync", {})[word] = value
                for field in each[name].get("properties", {}).values():
                    field.setdefault("x-modelsync", {})[word] = value

            specs, _ = changed(change)
            assert "model: Circle" in specs


def test_a_type_of_requests_is_only_imported_if_something_else_refers_to_it() -> None:
    spec = "model: A\nfields: {id: {type: string, readOnly: true}, b: {type: string}}\n"
    made = target(schema_of(spec), "openapi", "out", {"variants": True})
    schemas = json.loads(texts_of(made)["out/openapi.json"])["components"]["schemas"]
    schemas["C"] = {
        "type": "object",
        "properties": {"a": {"$ref": "#/components/schemas/ARequest"}},
    }
    translation = imported({"api.json": openapi(schemas)})
    assert {name for name, _ in translation.documents} == {"A", "C", "ARequest"}
    del schemas["C"]
    translation = imported({"api.json": openapi(schemas)})
    assert [name for name, _ in translation.documents] == ["A"]
