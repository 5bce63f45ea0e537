"""One meaning in every language: the table of documents, run through the generated code.

Each row of `meaning/documents.yaml` has the outcome of a document. The reference reader and the
code of every language must have it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpers.places import MEANING
from helpers.projects import generate, schema_in
from modelsync.schema import meaning
from modelsync.schema.scalars import parse_datetime
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref
from modelsync.schema.validation import ValidationError, path_text
from modelsync.targets.go import GoTarget
from modelsync.targets.python import PythonTarget
from modelsync.targets.typescript import TypeScriptTarget
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.languages import go as go_runner
from modelsync.verify.languages import python as python_runner
from modelsync.verify.languages import typescript as typescript_runner
from modelsync.verify.toolchains import Tool

DEFAULTS = {
    "limit": 20,
    "speed": "fast",
    "since": "2026-01-01T00:00:00Z",
    "maybe": True,
    "labels": ["a", "b"],
}
ROWS: list[tuple[str, str, str]] = [
    tuple(row) for row in yaml.safe_load((MEANING / "documents.yaml").read_text("utf-8"))
]
CASES = [Case(f"shop.{name}", document.encode()) for name, document, _ in ROWS]


@pytest.fixture(scope="module")
def schema() -> Schema:
    return schema_in(MEANING)


def cut_to_milliseconds(value: Any) -> Any:
    """Return a JSON value in which datetimes have the precision that every language keeps."""
    match value:
        case dict():
            return {key: cut_to_milliseconds(item) for key, item in value.items()}
        case list():
            return [cut_to_milliseconds(item) for item in value]
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{4,}Z", value):
            return parse_datetime(value)
        case _:
            return value


def with_defaults(definition: str, value: Any) -> Any:
    """Return a document as code encodes it again: with the defaults of its absent fields."""
    if definition != "shop.Order":
        return value
    value = DEFAULTS | value
    if "next" in value:
        value["next"] = with_defaults(definition, value["next"])
    return value


def check(outcomes: Sequence[Outcome]) -> None:
    """Compare the outcomes of one language with the table, and report all that differ."""
    assert len(outcomes) == len(ROWS)
    wrong = []
    for (_, document, expected), case, outcome in zip(ROWS, CASES, outcomes, strict=True):
        if expected.startswith("refused at"):
            path = expected.removeprefix("refused at").strip()
            if outcome.accepted:
                wrong.append(f"{document}\n  accepted, expected: {expected}")
            elif outcome.path != path or not outcome.message.startswith(path):
                wrong.append(f"{document}\n  {outcome.message!r}, expected: {expected}")
            continue
        written = json.loads(document if expected == "same" else expected)
        written = with_defaults(case.definition, written)
        if not outcome.accepted:
            wrong.append(f"{document}\n  refused: {outcome.message}")
        elif cut_to_milliseconds(json.loads(outcome.json)) != written:
            wrong.append(f"{document}\n  written back as {outcome.json}")
    assert not wrong, "\n".join(wrong)


def _reference(schema: Schema, case: Case) -> Outcome:
    def not_json(constant: str) -> float:
        raise ValueError(constant)

    try:
        value = json.loads(case.document, parse_constant=not_json)
    except ValueError as error:
        return Outcome(accepted=False, message=f"not JSON: {error}")
    try:
        written = meaning.read(schema, Ref(case.definition), value)
    except ValidationError as error:
        path = path_text(error.steps)
        return Outcome(accepted=False, path=path, message=str(error))
    return Outcome(accepted=True, json=json.dumps(written))


def test_the_reference_reader_agrees_with_the_table(schema: Schema) -> None:
    check([_reference(schema, case) for case in CASES])


def test_python_agrees_with_the_table(schema: Schema, tmp_path: Path) -> None:
    target = generate(schema, "python", tmp_path, "models")
    assert isinstance(target, PythonTarget)
    check(python_runner.run(target, tmp_path / "models", CASES))


@pytest.mark.toolchain
@pytest.mark.parametrize("int64", ["number", "bigint"])
def test_typescript_agrees_with_the_table(
    schema: Schema, tmp_path: Path, node: Tool, int64: str
) -> None:
    target = generate(schema, "typescript", tmp_path, "models", {"int64": int64})
    assert isinstance(target, TypeScriptTarget)
    check(typescript_runner.run(target, tmp_path / "models", CASES, node))


@pytest.mark.toolchain
@pytest.mark.parametrize("experiment", ["", "jsonv2"])
def test_go_agrees_with_the_table(
    schema: Schema, tmp_path: Path, go: Tool, experiment: str
) -> None:
    target = generate(schema, "go", tmp_path, "models", {"module": "example.com/models"})
    assert isinstance(target, GoTarget)
    check(go_runner.run(target, tmp_path / "models", CASES, go, {"GOEXPERIMENT": experiment}))
