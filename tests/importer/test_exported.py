"""Export and import are an inverse pair: what JSON Schema has no word for is in `x-modelsync`."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.import_sources import imported
from helpers.places import CASES
from helpers.projects import Options, schema_in, target, texts_of
from helpers.strategies import schemas
from modelsync.importer.repair import repair
from modelsync.schema.schema import Schema

NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
KINDS: tuple[tuple[str, Options], ...] = (
    ("json-schema", {}),
    ("json-schema", {"files": "many"}),
    ("json-schema", {"files": "bundled", "id": "https://example.com/schemas/"}),
    ("json-schema", {"variants": True}),
    ("openapi", {}),
)


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


@settings(deadline=None)
@given(schemas(), st.sampled_from(KINDS))
def test_any_schema_comes_back(schema: Schema, kind: tuple[str, Options]) -> None:
    assert exported_and_imported(schema, *kind) == sorted_(schema)
