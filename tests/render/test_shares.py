"""Templates contain most of the output: Python only computes names, expressions and decisions."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from helpers.projects import schema_in, target

MOST = 0.6
"""The largest share of a target's output that Python may compute, names and docs included."""


@pytest.mark.parametrize(
    "name",
    ["go", "pydantic", "python", "typescript"],
)
def test_templates_contain_most_of_the_output(name: str, root: Path) -> None:
    spec = importlib.util.spec_from_file_location("templates", root / "benchmarks/templates.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    options = {"module": "example.com/models"} if name == "go" else {}
    share = module.share_of(target(schema_in(root), name, name, options), root)
    assert share.computed_share <= MOST
    assert share.long_pieces == ()
