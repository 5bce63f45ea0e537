"""Whatever a schema says, its import loads, and every target can be generated from it."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given, settings

from helpers.json_schemas import DOCUMENTS, OPENAPI
from helpers.projects import target, texts_of
from modelsync.importer.run import import_sources
from modelsync.spec.read import read_specs
from modelsync.spec.write import write_specs

_TARGETS: Final[dict[str, dict[str, str]]] = {
    "python": {},
    "typescript": {},
    "go": {"module": "example.com/models"},
    "pydantic": {},
    "markdown": {},
}


@pytest.mark.slow
@given(DOCUMENTS | OPENAPI)
@settings(max_examples=40, deadline=None)
def test_any_schema_loads_and_generates_every_target(document: Any) -> None:
    data = json.dumps(document).encode()
    imported = import_sources(["a.json"], lambda _path: data, "")
    texts = write_specs(imported.schema, "specs")
    reading = read_specs(texts, "specs")
    assert reading.problems == []
    for name, options in _TARGETS.items():
        texts_of(target(reading.schema, name, f"out/{name}", options))
