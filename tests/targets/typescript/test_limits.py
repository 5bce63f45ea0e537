"""Constraints in generated TypeScript, run and compared with the reference reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpers.messages import same_message
from helpers.places import CASES
from helpers.projects import generate, schema_in, schema_of, texts_of
from modelsync import targets
from modelsync.errors import Problem
from modelsync.targets.base import Settings
from modelsync.targets.typescript import TypeScriptTarget
from modelsync.verify.cases import Case
from modelsync.verify.expected import agrees, expected
from modelsync.verify.languages.typescript import run
from modelsync.verify.toolchains import Tool
from modelsync.verify.vectors import cases

NUMBERS = """
model: Numbers
fields:
  float: {type: float64, multipleOf: 0.1}
  odd: {type: float64, multipleOf: 0.123456789}
  tiny: {type: float64, multipleOf: 1e-320, minimum: -1e300}
  single: {type: float32, multipleOf: 0.1, minimum: -0.7, exclusiveMaximum: 16777217}
  decimal: {type: decimal, multipleOf: 0.05}
  large: {type: decimal, multipleOf: 3e20}
  between: {type: decimal, exclusiveMinimum: -10.25, maximum: 99.5}
  below: {type: decimal, minimum: -0.001, exclusiveMaximum: 0}
  integer: {type: int64, multipleOf: 2.5}
  far: {type: int64, maximum: 9007199254740993, multipleOf: 100000000000000000000}
"""
EDGES = {
    "float": "0 -0.0 0.3 0.30000000000000004 1e300 1.7e308 5e-324 -0.7 1e21 123456789012345680000",
    "odd": "1e308 0.123456789 1.23456789e-9 12345678900000.0 1.23456789e+22",
    "tiny": "5e-324 1e-320 2e-320 -1e300 -1.0000000000000002e300",
    "single": "0.1 -0.7 -0.7000001 0.3 1.1 16777216 16777217 16777218 1.1754944e-38 3.4e38",
    "decimal": f"0 -0 -0.00 0.05 0.050 0.051 -0.1 0.{'0' * 990}5 {'9' * 999} {'1' + '0' * 998}",
    "large": f"3{'0' * 20} 3{'0' * 19} 6{'0' * 990} 0.0 -300000000000000000000.0",
    "between": "-10.25 -10.250 -10.2499 -10 99.5 99.50 99.501 100 -9.9",
    "below": f"0 -0.0 -0.001 -0.0010 -0.00101 -0.{'0' * 900}1",
    "integer": "5 -5 2 9007199254740990 -9007199254740990 9223372036854775805 0",
    "far": "0 1 9007199254740993 9007199254740994 -9223372036854775808",
}
TEXTS = ("decimal", "large", "between", "below")


def document(field: str, text: str) -> bytes:
    """Return a document with one number."""
    value = f'"{text}"' if field in TEXTS else text
    return f'{{"{field}": {value}}}'.encode()


def disagreements(target: Any, folder: Path, tried: list[Case], node: Tool) -> list[str]:
    """Return the cases in which generated code and the reference differ, also in their messages."""
    wrong = []
    for case, outcome in zip(tried, run(target, folder, tried, node), strict=True):
        wanted = expected(target.schema, case, target.holds)
        same = agrees(outcome, wanted)
        # TypeScript says why it does not hold an integer.
        if wanted is not None and wanted.path and "integer" not in wanted.message:
            same = same and same_message(outcome.message, wanted.message)
        if not same:
            wrong.append(f"{case}\n  TypeScript: {outcome}\n  reference: {wanted}")
    return wrong


@pytest.mark.toolchain
@pytest.mark.parametrize("integer", ["number", "bigint"])
def test_constraints_agree_with_the_reference(integer: str, tmp_path: Path, node: Tool) -> None:
    schema = schema_in(CASES / "limits")
    target = generate(schema, "typescript", tmp_path, "out", {"int64": integer})
    wrong = disagreements(target, tmp_path / "out", list(cases(target.schema)), node)
    assert not wrong, "\n".join(wrong[:10])


@pytest.mark.toolchain
@pytest.mark.parametrize("integer", ["number", "bigint"])
def test_numbers_are_compared_by_their_digits(integer: str, tmp_path: Path, node: Tool) -> None:
    target = generate(schema_of(NUMBERS), "typescript", tmp_path, "out", {"int64": integer})
    tried = [
        Case("Numbers", document(field, text))
        for field, texts in EDGES.items()
        for text in texts.split()
    ]
    assert disagreements(target, tmp_path / "out", tried, node) == []


CHANGES = {
    "sku: expected at least 3 characters, found 2": "sku: 'éé'",
    "sku: expected at least 3 characters, found 1": "sku: '\\u{1F600}'",
    'sku: expected a match of ^[A-Z]{2}-\\d+$, found "AB-1\\n"': "sku: 'AB-1\\n'",
    "note: expected at most 5 characters, found 6": "note: 'éééééé'",
    "note: expected at most 5 characters, found 7": "note: '\\u{1F600}'.repeat(7)",
    "note: expected at most 5 characters, found 11": "note: 'a'.repeat(11)",
    "quantity: expected a number of at least 1, found 0": "quantity: 0",
    "quantity: expected a number that is a multiple of 3, found 4": "quantity: 4",
    'price: expected a number less than 1000.5, found "1000.50"': "price: '1000.50'",
    "single: expected a number of at most 0.7, found 0.8": "single: 0.8",
    "tags: expected at least 1 item, found 0": "tags: []",
    "tags: expected different items, found [2] equal to [0]": "tags: ['a', 'b', 'a']",
    "days: expected different items, found [1] equal to [0]": "days: ['2026-01-02', '2026-01-02']",
    "owners: expected different items, found [1] equal to [0]": "owners: [ID, ID.toUpperCase()]",
    "owners: expected at most 3 items, found 4": "owners: ['', '', '', '']",
    "labels: expected at least 1 key, found 0": "labels: {}",
    "labels: expected at most 2 keys, found 3": "labels: { a: 1, b: 'x', c: 1 }",
    "mixed: expected different items, found [1] equal to [0]": "mixed: [null, null]",
    "either: expected at least 2 characters, found 1": "either: 'a'",
    "either: expected at least 2 items, found 1": "either: [1]",
    "lines[0].sku: required, but absent": "lines: [{}]",
    "auto: expected a number of at least 5, found 4": "auto: 4",
    "": "note: '\\u{1F600}'.repeat(5), single: 0.7, tags: ['b', 'a'], price: '-0.00', auto: 'auto'",
}
SCRIPT = """\
import { encodeOrder } from "./out/index.ts";
const ID = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const valid = { sku: "AB-1", title: "t", quantity: 3, days: null, owners: [], labels: null };
const changes = [%s];
console.log(JSON.stringify(changes.map((change) => {
  try {
    encodeOrder({ ...valid, ...change });
    return "";
  } catch (error) {
    return error.message;
  }
})));
"""


@pytest.mark.toolchain
def test_encoding_checks_what_decoding_checks(node: Tool, tmp_path: Path) -> None:
    generate(schema_in(CASES / "limits"), "typescript", tmp_path, "out")
    changes = ", ".join(f"{{ {change} }}" for change in CHANGES.values())
    (tmp_path / "use.mjs").write_text(SCRIPT % changes, encoding="utf-8")
    done = node.run(tmp_path / "use.mjs")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == list(CHANGES)


def target_of(fields: str, **options: str) -> TypeScriptTarget:
    values: dict[str, Any] = {option.name: option.default for option in TypeScriptTarget.options}
    settings = Settings("typescript", "typescript", "out", options=values | options)
    return TypeScriptTarget(schema_of(f"model: M\nfields: {{{fields}}}\n"), settings)


def problems_of(fields: str, **options: str) -> list[Problem]:
    return list(targets.problems_of([target_of(fields, **options)]))


def support(fields: str) -> str:
    return texts_of(target_of(fields))["out/_wire.ts"]


@pytest.mark.parametrize(
    "limits", ["minimum: 9007199254740992", "maximum: -9007199254740992", "minimum: 1e18"]
)
def test_a_range_without_a_number_is_a_problem(limits: str) -> None:
    (problem,) = problems_of(f"a: {{type: 'list[string] | int64', {limits}}}")
    assert problem.code == "MS053"
    assert problem.help == "set the option `int64: bigint` of the target"
    assert problems_of(f"a: {{type: int64, {limits}}}", int64="bigint") == []


def test_checks_that_cannot_fail_are_omitted() -> None:
    spec = (
        "a: {type: int32, minimum: -2147483648, maximum: 9}, b: {type: string, minLength: 0},"
        " c: {type: int64, minimum: -9007199254740993}, d: {type: uint64, multipleOf: 0.5}"
    )
    text = texts_of(target_of(spec))["out/m.ts"]
    assert text.count("function check") == 1
    assert text.count("if (number") == 1


def test_the_support_module_has_only_what_the_constraints_need() -> None:
    base = support("a: {type: string}, b: {type: decimal}")
    assert "Constraints" not in base
    lengths = support("a: {type: string, maxLength: 1}")
    assert "isLonger" in lengths
    assert "isShorter" not in lengths
    assert "isMultiple" not in support("a: {type: int32, multipleOf: 3}")
    assert "compareDecimals" in support("a: {type: decimal, minimum: 3}")
    assert "toBase64(item)" in support("a: {type: 'list[bytes]', uniqueItems: true}")


def test_the_functions_of_a_module_have_different_names() -> None:
    spec = """
model: M
fields:
  a: {type: E}
  e: {type: string, maxLength: 1}
---
enum: E
values: {x: }
"""
    settings = target_of("").settings
    text = texts_of(TypeScriptTarget(schema_of(spec), settings))["out/m.ts"]
    assert "import { checkE," in text
    assert "function checkE_(" in text
