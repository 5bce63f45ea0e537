"""Generated code that ignores the constraints of an alias where it is used fails `verify`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from helpers.projects import schema_of, target, texts_of, write
from modelsync.targets.base import Target
from modelsync.targets.go import GoTarget
from modelsync.targets.python import PythonTarget
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.expected import agrees, expected
from modelsync.verify.languages import go as go_runner
from modelsync.verify.languages import python as python_runner
from modelsync.verify.languages import typescript as typescript_runner
from modelsync.verify.toolchains import Tool
from modelsync.verify.vectors import cases

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


def missed(
    made: Target,
    changes: dict[str, str],
    run: Callable[[Path, Sequence[Case]], Sequence[Outcome]],
    folder: Path,
    count: int,
) -> list[str]:
    """Return the uses of the alias that may read any string, and no case of `verify` finds.

    `changes` has a pattern of a use, and how it reads any string. There must be `count` uses.
    """
    texts = texts_of(made)
    asked = tuple(cases(made.schema))
    wanted = [expected(made.schema, case, made.holds) for case in asked]
    uses = [
        (path, found, plain)
        for path, text in texts.items()
        if not re.search(r"/(code|__init__)\.\w+$", path)
        for use, plain in changes.items()
        for found in re.finditer(use, text)
    ]
    assert len(uses) == count
    left = []
    for number, (path, found, plain) in enumerate(uses):
        text = texts[path]
        changed = text[: found.start()] + found.expand(plain) + text[found.end() :]
        write(folder / str(number), {**texts, path: changed})
        if all(map(agrees, run(folder / str(number) / "models", asked), wanted)):
            left.append(text[: found.end()].splitlines()[-1])
    return left


@pytest.mark.slow
def test_python_checks_an_alias_in_each_position(tmp_path: Path) -> None:
    made = target(schema_of(SPEC), "python", "models")
    assert isinstance(made, PythonTarget)
    run = partial(python_runner.run, made)
    changes = {r"\bcode_from_dict(?=[()])": "wire.string"}
    assert missed(made, changes, run, tmp_path, 12) == []


@pytest.mark.toolchain
def test_go_checks_an_alias_in_each_position(tmp_path: Path, go: Tool) -> None:
    made = target(schema_of(SPEC), "go", "models", {"module": "example.com/models"})
    assert isinstance(made, GoTarget)
    run = partial(go_runner.run, made, go=go)
    function = "func(v *Code, r *wire.Reader) error { return wire.ReadString((*string)(v), r) }"
    changes = {
        r"\(\*Code\)\.ReadJSON": function,
        r"\bv\.Required\.ReadJSON\(r\)": "wire.ReadString((*string)(&v.Required), r)",
        r"\bv\.ReadJSON\(r\)": "wire.ReadString((*string)(v), r)",
    }
    assert missed(made, changes, run, tmp_path, 12) == []


@pytest.mark.toolchain
def test_typescript_checks_an_alias_in_each_position(tmp_path: Path, node: Tool) -> None:
    made = target(schema_of(SPEC), "typescript", "models")
    run = partial(typescript_runner.run, made, node=node)
    # Only where it is read: what is written has been read before.
    changes = {
        r"\bcheckCode(?=\(from\[)": "wire.string",
        r"(from\[[^;]*?)\bcheckCode(?=\))": r"\1wire.string",
        r"(?<=const text = )checkCode": "wire.string",
        r"(export function read\w+\((?:(?!\n\}).|\n(?!\}))*?return )checkCode": r"\1wire.string",
    }
    assert missed(made, changes, run, tmp_path, 12) == []
