"""`modelsync vectors`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpers.projects import schema_of
from helpers.verify_projects import (
    ALL_TARGETS,
    ORDER,
    SHOP,
    project,
)
from modelsync.cli import run
from modelsync.verify.vectors import cases

Vector = dict[str, Any]


def printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[Vector]:
    capsys.readouterr()
    assert run(["vectors", "--project", str(folder)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def with_document(vectors: list[Vector], document: str) -> Vector:
    (found,) = (
        vector
        for vector in vectors
        if vector["definition"] == "Order" and vector.get("document") == document
    )
    return found


def test_a_vector_has_a_document_and_its_expected_outcome(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vectors = printed(project(tmp_path, SHOP, ALL_TARGETS), capsys)
    assert len(vectors) == len(list(cases(schema_of(SHOP))))
    assert with_document(vectors, "{}") == {
        "definition": "Order",
        "what": "id is absent",
        "path": "specs/shop.yaml",
        "line": 3,
        "column": 3,
        "document": "{}",
        "accepted": False,
        "error_path": "id",
    }
    accepted = with_document(vectors, '{"id": "text"}')
    assert (accepted["accepted"], accepted["written"]) == (True, {"id": "text"})
    not_utf8 = [vector for vector in vectors if vector.get("document_base64") == "Iv8i"]
    assert [vector["definition"] for vector in not_utf8] == ["Order", "Line", "Color"]


def test_a_vector_has_the_outcome_of_languages_that_differ(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vectors = printed(project(tmp_path, SHOP, ALL_TARGETS), capsys)
    beyond = with_document(vectors, '{"count": 9007199254740993, "id": "text"}')
    assert beyond["written"] == {"id": "text", "count": 2**53 + 1}
    assert beyond["otherwise"] == {"typescript": {"accepted": False, "error_path": "count"}}


def test_a_vector_names_the_targets_without_its_definition(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = "model: A\nonly: [go]\nfields: {x: {type: string}}\n"
    vectors = printed(project(tmp_path, f"{ORDER}---\n{spec}", ALL_TARGETS), capsys)
    facts = {
        (vector["definition"], *vector.get("without", ()), "otherwise" in vector)
        for vector in vectors
    }
    assert facts == {("A", "python", "typescript", "big", False), ("Order", False)}
