"""Generated code that checks a constraint wrongly fails `verify`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from helpers.mutants import MODEL, Choice, Run, missed
from helpers.projects import schema_of, target, texts_of
from modelsync.schema.constraints import KINDS
from modelsync.targets.base import Target
from modelsync.targets.go import GoTarget
from modelsync.targets.python import PythonTarget
from modelsync.verify.languages import go as go_runner
from modelsync.verify.languages import python as python_runner
from modelsync.verify.languages import typescript as typescript_runner
from modelsync.verify.toolchains import Tool

# No constraint of a field follows from the others, so each fault changes what is accepted.
SPEC = """\
model: Line
fields:
  sku: {type: string, required: true, minLength: 5, maxLength: 20, pattern: '^[A-Z]{2}-\\d+$'}
  note: {type: string | null, minLength: 2, maxLength: 5}
  home: {type: uri, minLength: 9, maxLength: 30}
  quantity: {type: int32, minimum: 3, maximum: 99, multipleOf: 3}
  big: {type: int64, minimum: -9007199254740990, maximum: 9007199254740990}
  count: {type: uint64, minimum: 5}
  price: {type: decimal, minimum: 0.05, exclusiveMaximum: 1000, multipleOf: 0.05}
  cost: {type: decimal, exclusiveMinimum: 0, maximum: 9.99}
  rate: {type: float64, exclusiveMinimum: 0, maximum: 0.1}
  ratio: {type: float64, minimum: 0.1, exclusiveMaximum: 1, multipleOf: 0.1}
  single: {type: float32, minimum: 0.1, maximum: 0.7}
  tags: {type: 'list[string]', minItems: 1, maxItems: 3, uniqueItems: true}
  owners: {type: 'list[uuid]', maxItems: 4, uniqueItems: true}
  labels: {type: 'map[int64]', minProperties: 1, maxProperties: 2}
  auto: {type: '"auto" | int64', minimum: 5}
  either: {type: 'string | list[int64]', minLength: 2, minItems: 2}
"""
ALIASES = """\
alias: Code
type: string
minLength: 2
maxLength: 6
pattern: '^[a-z0-9]+$'
---
alias: ShortCode
type: Code
maxLength: 4
---
alias: Count
type: int64
minimum: 3
multipleOf: 3
---
alias: Price
type: decimal
minimum: 0.5
---
alias: Ratio
type: float32
maximum: 0.7
---
alias: Codes
type: list[Code]
minItems: 1
uniqueItems: true
---
alias: Counts
type: map[Count]
maxProperties: 2
---
alias: Auto
type: '"auto" | int64'
minimum: 5
---
model: Line
fields:
  code: {type: Code, required: true, minLength: 3}
  short: {type: ShortCode, minLength: 3}
  count: {type: Count, maximum: 9}
  price: {type: Price, maximum: 9.5}
  ratio: {type: Ratio, minimum: 0.1}
  codes: {type: Codes, maxItems: 3}
  counts: {type: Counts, minProperties: 1}
  lists: {type: 'list[Codes]', minItems: 1}
"""


class Language(NamedTuple):
    """How the functions that check constraints look in a language."""

    function: re.Pattern[str]
    check: re.Pattern[str]
    """A check in a function; the group is its condition, which holds for a bad value."""
    never: str
    opposite: str


PYTHON: Final = Language(
    re.compile(r"def (_check_\w+).*:\n(?:    .*\n)*?    return value\n"),
    re.compile(r"    if (.*):\n"),
    "False",
    "not ({})",
)
GO: Final = Language(
    re.compile(r"func ((?:check|measure)\w+)\(.*\{\n(?:.*\n)*?\treturn codec\.Failure\{\}\n\}"),
    re.compile(r"\tif (?:\w+ := [^;]*; )?(.*) \{\n"),
    "false",
    "!({})",
)
TYPESCRIPT: Final = Language(
    re.compile(r"function ((?:check|measure)\w+)\((?:.*\n)*?\}\n"),
    re.compile(r"  if \((.*)\) \{\n"),
    "false",
    "!({})",
)
_NEIGHBORS: Final = {" < ": " <= ", " > ": " >= ", " <= ": " < ", " >= ": " > "}


def choices_of(made: Target, language: Language) -> Iterator[Choice]:
    """Yield each check of the code, with mutants that drop it, invert it, or are off by one."""
    for path, text in texts_of(made).items():
        functions = language.function.finditer(text) if "/mutant." not in path else ()
        for function in functions:
            for check in language.check.finditer(text, function.start(), function.end()):
                wrong = {
                    f"{function[1]}: {check[1]} {name}": condition
                    for name, condition in _changed(check[1], language)
                }
                yield Choice(path, check.start(1), check.end(1), check[1], wrong)


def _changed(condition: str, language: Language) -> Iterator[tuple[str, str]]:
    yield "dropped", language.never
    yield "inverted", language.opposite.format(condition)
    for operator, neighbor in _NEIGHBORS.items():
        if operator in condition:
            yield "off by one", condition.replace(operator, neighbor)


def all_missed(made: Target, language: Language, run: Run, folder: Path, count: int) -> list[str]:
    """Return the mutants that no case of `verify` finds. There must be `count` mutants."""
    choices = list(choices_of(made, language))
    assert sum(len(choice.wrong) for choice in choices) == count
    return missed(made, choices, run, folder)


def test_the_spec_has_every_constraint() -> None:
    assert schema_of(SPEC).constraints == KINDS.keys()


each_spec = pytest.mark.parametrize(
    ("spec", "count"),
    [pytest.param(SPEC, 99, id="fields"), pytest.param(ALIASES, 57, id="aliases")],
)


@pytest.mark.slow
@each_spec
def test_every_wrong_check_in_python_is_found(tmp_path: Path, spec: str, count: int) -> None:
    made = target(schema_of(spec + MODEL), "python", "models")
    assert isinstance(made, PythonTarget)
    run = partial(python_runner.run, made)
    assert all_missed(made, PYTHON, run, tmp_path, count) == []


@pytest.mark.toolchain
@each_spec
def test_every_wrong_check_in_go_is_found(tmp_path: Path, go: Tool, spec: str, count: int) -> None:
    made = target(schema_of(spec + MODEL), "go", "models", {"module": "example.com/models"})
    assert isinstance(made, GoTarget)
    run = partial(go_runner.run, made, go=go)
    assert all_missed(made, GO, run, tmp_path, count) == []


@pytest.mark.toolchain
@pytest.mark.parametrize(
    ("spec", "count"),
    [pytest.param(SPEC, 92, id="fields"), pytest.param(ALIASES, 52, id="aliases")],
)
def test_every_wrong_check_in_typescript_is_found(
    tmp_path: Path, node: Tool, spec: str, count: int
) -> None:
    made = target(schema_of(spec + MODEL), "typescript", "models")
    run = partial(typescript_runner.run, made, node=node)
    assert all_missed(made, TYPESCRIPT, run, tmp_path, count) == []
