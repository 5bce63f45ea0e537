"""A project, and what `modelsync explain` prints about its files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modelsync.cli import run

SPEC = """\
model: User
description: Who may come in
fields:
  id:
    type: string
    required: true
  size: {type: int64}
  role: {type: Role}
---
enum: Role
values: {member: , admin: May do everything}
"""
CONFIG = """\
targets:
  python: {out: python}
  typescript:
    out: typescript
    int64: bigint
    package: true
  go:
    out: go
    module: example.com/acme/models
  docs: {target: sdk-docs, out: docs, notation: go}
"""


def line_number(file: Path, start: str) -> int:
    """Return the number of the first line that starts with a text, ignoring indentation."""
    lines = file.read_text("utf-8").split("\n")
    return next(n for n, line in enumerate(lines, 1) if line.strip().startswith(start))


def run_explain(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """Return the output of `explain`, or its error messages if another exit code is expected."""
    capsys.readouterr()
    assert run(["explain", *arguments]) == code
    out, err = capsys.readouterr()
    return err if code else out


def explained(capsys: pytest.CaptureFixture[str], place: str) -> dict[str, object]:
    """Return the origin of a line, as in the JSON output."""
    found = json.loads(run_explain(capsys, place, "--format", "json"))
    assert isinstance(found, dict)
    line = found["origin"]
    assert isinstance(line, dict)
    return line
