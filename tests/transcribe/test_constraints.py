"""Constraints on pages: the sentences that the Markdown target writes are read back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from helpers.projects import write
from modelsync.cli import run
from modelsync.project.load import load
from modelsync.schema.definitions import Model
from modelsync.schema.types import Limited
from modelsync.transcribe.constraints import read_sentences

LANGUAGES = ("go", "python", "typescript")
SPEC = r"""
model: Product
description: What is sold
fields:
  sku: {type: string, required: true, minLength: 3, pattern: '^[A-Z|`]+\. $', description: A code}
  kind: {type: string, minLength: 2, maxLength: 2, deprecated: Old}
  quantity: {type: int32, minimum: 1, maximum: 100, multipleOf: 3, example: 3}
  rate: {type: float64, exclusiveMinimum: 0, exclusiveMaximum: 0.5}
  tags: {type: 'list[string]', maxItems: 3, uniqueItems: true}
  labels: {type: 'map[int64]', minProperties: 1, description: "First\n\nsecond"}
  # Not constraints:
  day: {type: string, description: "Length: 3 to 2."}
  born: {type: date, description: "Length: 3."}
  note: {type: string, description: "Items: 3."}
  code: {type: string, description: "Length: 3.", example: toolong}
  text: {type: string, description: "About 3.\n\nLength: three."}
  low: {type: int64, description: "Range: at least 3, nearly 4."}
"""


def transcribed(folder: Path, spec: str, *languages: str) -> Path:
    """Return the project that the pages of a spec are transcribed to."""
    config = "targets:\n" + "".join(
        f"  {name}: {{target: markdown, notation: {name}, out: pages/{name}, index: false}}\n"
        for name in languages
    )
    write(folder / "made", {"specs/shop/product.yaml": spec, "modelsync.yaml": config})
    assert run(["generate", "-q", "--project", str(folder / "made")]) == 0
    for name in languages:
        shutil.move(folder / "made/pages" / name, folder / name)
    project = folder / "project"
    folders = [str(folder / name) for name in languages]
    assert run(["transcribe", *folders, "--into", str(project)]) == 0
    return project


@pytest.mark.parametrize("languages", [*((name,) for name in LANGUAGES), LANGUAGES])
def test_constraints_come_back(tmp_path: Path, languages: tuple[str, ...]) -> None:
    project = transcribed(tmp_path, SPEC, *languages)
    before, after = (
        load(folder).schema.by_id["shop.Product"] for folder in (tmp_path / "made", project)
    )
    assert isinstance(before, Model)
    assert isinstance(after, Model)
    for old, new in zip(before.fields, after.fields, strict=True):
        assert old.description == new.description
        constraints = [
            field.type.constraints if isinstance(field.type, Limited) else None
            for field in (old, new)
        ]
        assert constraints[0] == constraints[1]


def test_an_example_of_a_document_wins_over_sentences(tmp_path: Path) -> None:
    spec = """
model: Product
fields:
  sku: {type: string, required: true, description: "Length: 3."}
example: {sku: toolong}
---
model: Other
fields:
  sku: {type: string, required: true, maxLength: 3}
"""
    project = transcribed(tmp_path, spec, "typescript")
    types = {
        definition.name: definition.fields[0].type
        for definition in load(project).schema.definitions
        if isinstance(definition, Model)
    }
    assert not isinstance(types["Product"], Limited)
    assert isinstance(types["Other"], Limited)


@pytest.mark.parametrize(
    "text",
    [
        "Length: .",
        "Length: 3. More",
        "Length: 1.5.",
        "Length: -1.",
        "Length: 1000000000.",
        "Length: greater than 3.",
        "Pattern: `(?=a)`.",
        "Range: `1`.",
        "Sizes: 3.",
    ],
)
def test_other_sentences_are_no_constraints(text: str) -> None:
    assert read_sentences(text) is None
