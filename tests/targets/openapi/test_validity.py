"""The documents are valid by the schema of OpenAPI 3.1."""

from __future__ import annotations

import json

import pytest

from helpers.places import CASES
from helpers.projects import schema_in, schema_of, target, texts_of

NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())


@pytest.mark.parametrize("case", NAMES)
def test_a_document_is_valid(case: str) -> None:
    import openapi_spec_validator  # noqa: PLC0415 - takes long, and all workers read this module

    made = target(schema_in(CASES / case), "openapi", "out")
    openapi_spec_validator.validate(json.loads(texts_of(made)["out/openapi.json"]))


def test_the_title_and_the_version_are_those_of_the_options() -> None:
    schema = schema_of("model: A\nfields: {}\n")
    made = target(schema, "openapi", "out", {"title": 'The "API"', "version": "1.2.0"})
    document = json.loads(texts_of(made)["out/openapi.json"])
    assert document["info"] == {"title": 'The "API"', "version": "1.2.0"}


def test_extensions_can_be_left_out() -> None:
    schema = schema_of("model: A\nx-table: a\nfields: {x-b: {type: string, x-c: 1}}\n")
    made = target(schema, "openapi", "out", {"extensions": False})
    document = json.loads(texts_of(made)["out/openapi.json"])
    assert document["components"]["schemas"]["A"] == {
        "type": "object",
        "properties": {"x-b": {"type": "string"}},
    }
