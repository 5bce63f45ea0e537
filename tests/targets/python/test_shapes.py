"""Python generated from schemas of unusual shapes: long chains, large cycles, wide unions."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from helpers.projects import generate, schema_of, write
from helpers.python_schemas import DEEP_SCHEMAS, UNEVEN_SCHEMAS, chain, files_of, hub, wide
from modelsync.schema.ir import Schema, refs_of
from modelsync.targets.python import PythonTarget
from modelsync.targets.python.import_graph import DEEPEST, ImportGraph
from modelsync.verify.cases import Case
from modelsync.verify.languages import python as python_runner


@pytest.mark.slow
@pytest.mark.parametrize("name", DEEP_SCHEMAS)
@pytest.mark.parametrize("first", [0, 70, 199])
def test_long_chains_of_modules_can_be_imported(name: str, first: int, tmp_path: Path) -> None:
    schema = DEEP_SCHEMAS[name]()
    write(tmp_path, files_of(schema))
    script = """if True:
        import importlib, sys
        sys.path.insert(0, sys.argv[1])
        data = {"next": {"next": {}}}
        for path in sys.argv[2:]:
            cls = getattr(importlib.import_module(path), path.rpartition(".")[2].upper())
            assert cls.from_dict(data).to_dict() == data
    """
    paths = [f"models.{each.package}.{each.name.lower()}" for each in schema.definitions]
    order = [paths[first], *paths[:198]] if first < 198 else paths[197::-1]
    subprocess.run([sys.executable, "-c", script, str(tmp_path), *order], check=True)


@pytest.mark.parametrize("name", [*DEEP_SCHEMAS, *UNEVEN_SCHEMAS])
def test_the_nesting_of_imports_is_limited_wherever_a_program_starts(name: str) -> None:
    imported = _imported_immediately({**DEEP_SCHEMAS, **UNEVEN_SCHEMAS}[name]())
    for start in imported:
        assert _nesting(start, imported) <= 1 + DEEPEST


def _imported_immediately(schema: Schema) -> dict[str, list[str]]:
    """Return what each module imports immediately. Packages import nothing."""
    imports = ImportGraph(schema)
    return {
        here.id: [ref.id for ref in refs_of(here) if not imports.is_deferred(here.id, ref.id)]
        for here in schema.definitions
    }


def _nesting(start: str, imported: Mapping[str, list[str]]) -> int:
    """Return how many imports are nested at most when Python imports `start`."""
    begun = {start}
    stack = [iter(imported[start])]
    deepest = 1
    while stack:
        inner = next((each for each in stack[-1] if each not in begun), None)
        if inner is None:
            stack.pop()
            continue
        begun.add(inner)
        stack.append(iter(imported[inner]))
        deepest = max(deepest, len(stack))
    return deepest


@pytest.mark.parametrize(
    "schema",
    [chain(1, closed=True), chain(70), chain(70, closed=True), chain(20, 20), hub(200)],
    ids=lambda schema: str(len(schema.definitions)),
)
def test_only_necessary_imports_are_deferred(schema: Schema) -> None:
    assert [path for path, text in files_of(schema).items() if "Later" in text] == []


@pytest.mark.slow
def test_unions_of_very_many_models_are_decoded_and_encoded(tmp_path: Path) -> None:
    target = generate(wide(300), "python", tmp_path, "models")
    assert isinstance(target, PythonTarget)
    cases = [
        *(Case("Plain", b'{"k%d": 1}' % number) for number in (0, 150, 299)),
        *(Case("Tagged", b'{"kind": "t%d"}' % number) for number in (0, 149)),
        Case("Mixed", b'{"k39": 1}'),
        Case("Mixed", b"[1]"),
    ]
    outcomes = python_runner.run(target, tmp_path / "models", cases)
    written = [json.loads(outcome.json) for outcome in outcomes]
    assert written == [json.loads(case.document) for case in cases]


def test_a_union_of_many_models_is_matched_without_its_type() -> None:
    # mypy takes more than a minute for the match of a value of 300 types.
    texts = files_of(wide(300))
    assert "        match member:\n" in texts["models/plain.py"]
    assert "        match member:\n" in texts["models/tagged.py"]


def test_members_that_differ_inside_lists_and_maps_share_one_variable() -> None:
    union = schema_of(
        "union: Both\nmembers: ['list[date]', 'list[datetime]', 'map[date]', 'map[datetime]']\n"
    )
    text = next(text for path, text in files_of(union).items() if path.endswith("both.py"))
    assert text.count("choice = wire.Choice(") == 1
    assert text.count("choice: wire.Choice[object] = wire.Choice(") == 1
