"""Generated code that ignores the constraints of an alias where it is used fails `verify`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from helpers.mutants import MODEL, Choice, missed
from helpers.projects import schema_of, target, texts_of
from modelsync.targets.base import Target
from modelsync.targets.go import GoTarget
from modelsync.targets.python import PythonTarget
from modelsync.verify.languages import go as go_runner
from modelsync.verify.languages import python as python_runner
from modelsync.verify.languages import typescript as typescript_runner
from modelsync.verify.toolchains import Tool

SPEC = """\
alias: Code
type: string
minLength: 2
---
model: Line
fields:
  required: {type: Code, required: true}
  optional: {type: Code}
  nullable: {type: Code | null}
  both: {type: Code | null, required: true}
  default: {type: Code, default: abc}
  item: {type: 'list[Code]'}
  items: {type: 'list[list[Code]]'}
  value: {type: 'map[Code]'}
  of_null: {type: 'list[Code | null]'}
  member: {type: Code | int64}
  members: {type: 'list[int64 | Code]'}
  limited: {type: Code, maxLength: 5}
"""


class Use(NamedTuple):
    """How the code of a language uses the alias, and how it reads any string instead."""

    pattern: str
    """Its group, or all of it without one, is the function that reads the alias."""
    right: str
    wrong: str
    after: str = ""


def choices_of(made: Target, uses: Sequence[Use]) -> list[Choice]:
    """Return each use of the alias, with a mutant that reads any string. There must be 12."""
    choices = []
    for path, text in texts_of(made).items():
        if re.search(r"/(code|__init__|mutant)\.\w+$", path):
            continue
        for pattern, right, wrong, after in uses:
            for found in re.finditer(pattern, text):
                start, end = found.span(found.re.groups)
                what = text[:end].splitlines()[-1]
                choices.append(Choice(path, start, end, right, {what: wrong}, f"{{}}{after}"))
    assert len(choices) == 12
    return choices


@pytest.mark.slow
def test_python_checks_an_alias_in_each_position(tmp_path: Path) -> None:
    made = target(schema_of(SPEC + MODEL), "python", "models")
    assert isinstance(made, PythonTarget)
    run = partial(python_runner.run, made)
    uses = [Use(r"\bcode_from_dict(?=[()])", "code_from_dict", "wire.string")]
    assert missed(made, choices_of(made, uses), run, tmp_path) == []


@pytest.mark.toolchain
def test_go_checks_an_alias_in_each_position(tmp_path: Path, go: Tool) -> None:
    made = target(schema_of(SPEC + MODEL), "go", "models", {"module": "example.com/models"})
    assert isinstance(made, GoTarget)
    run = partial(go_runner.run, made, go=go)
    right = "(*Code).ReadJSON"
    wrong = "func(v *Code, r *codec.Reader) error { return codec.ReadString((*string)(v), r) }"
    uses = [
        Use(r"\(\*Code\)\.ReadJSON", right, wrong),
        Use(r"\bv\.Required\.ReadJSON\(r\)", right, wrong, "(&v.Required, r)"),
        Use(r"\bv\.Default\.ReadJSON\(r\)", right, wrong, "(&v.Default, r)"),
        Use(r"\bv\.ReadJSON\(r\)", right, wrong, "(v, r)"),
    ]
    assert missed(made, choices_of(made, uses), run, tmp_path) == []


@pytest.mark.toolchain
def test_typescript_checks_an_alias_in_each_position(tmp_path: Path, node: Tool) -> None:
    made = target(schema_of(SPEC + MODEL), "typescript", "models")
    run = partial(typescript_runner.run, made, node=node)
    # Only where it is read: what is written has been read before.
    patterns = (
        r"\bcheckCode(?=\(from\[)",
        r"from\[[^;]*?\b(checkCode)(?=\))",
        r"(?<=const text = )checkCode",
        r"export function (?:read|check)\w+\((?:(?!\n\}).|\n(?!\}))*?return (checkCode)",
    )
    uses = [Use(pattern, "checkCode", "wire.string") for pattern in patterns]
    assert missed(made, choices_of(made, uses), run, tmp_path) == []
