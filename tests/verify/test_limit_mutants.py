"""Generated code that checks a constraint wrongly fails `verify`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from helpers.projects import schema_of, target, texts_of, write
from modelsync.schema.constraints import KINDS
from modelsync.targets.python import PythonTarget
from modelsync.verify.expected import agrees, expected
from modelsync.verify.languages import python as python_runner
from modelsync.verify.vectors import cases

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

_FUNCTION: Final = re.compile(r"def (_check_\w+).*:\n(?:    .*\n)*?    return value\n")
_CHECK: Final = re.compile(r"    if (.*):\n")
_NEIGHBORS: Final = {" < ": " <= ", " > ": " >= ", " <= ": " < ", " >= ": " > "}


class Mutant(NamedTuple):
    """A module of the generated code with one changed check."""

    what: str
    path: str
    text: str


def mutants_of(texts: dict[str, str]) -> Iterator[Mutant]:
    """Yield the code with each check dropped, inverted and off by one."""
    for path, text in texts.items():
        for function in _FUNCTION.finditer(text):
            for check in _CHECK.finditer(text, function.start(), function.end()):
                for name, condition in _changed(check[1]):
                    what = f"{function[1]}: {check[1]} {name}"
                    changed = text[: check.start(1)] + condition + text[check.end(1) :]
                    yield Mutant(what, path, changed)


def _changed(condition: str) -> Iterator[tuple[str, str]]:
    yield "dropped", "False"
    yield "inverted", f"not ({condition})"
    for operator, neighbor in _NEIGHBORS.items():
        if operator in condition:
            yield "off by one", condition.replace(operator, neighbor)


def test_the_spec_has_every_constraint() -> None:
    assert schema_of(SPEC).constraints == KINDS.keys()


@pytest.mark.slow
def test_every_wrong_check_in_python_is_found(tmp_path: Path) -> None:
    made = target(schema_of(SPEC), "python", "models")
    assert isinstance(made, PythonTarget)
    texts = texts_of(made)
    asked = tuple(cases(made.schema))
    wanted = [expected(made.schema, case, made.holds) for case in asked]
    mutants = list(mutants_of(texts))
    assert len(mutants) == 99

    def is_found(folder: Path, changed: dict[str, str]) -> bool:
        write(folder, {**texts, **changed})
        outcomes = python_runner.run(made, folder / "models", asked)
        return not all(map(agrees, outcomes, wanted))

    assert not is_found(tmp_path / "unchanged", {})
    missed = [
        mutant.what
        for number, mutant in enumerate(mutants)
        if not is_found(tmp_path / str(number), {mutant.path: mutant.text})
    ]
    assert missed == []
