"""Generated TypeScript, on hostile documents and on values that must not be encoded."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from helpers.projects import generate, schema_of
from modelsync.verify.cases import Case, RunFailed
from modelsync.verify.languages.typescript import run
from modelsync.verify.toolchains import Tool

THINGS = """
model: Thing
fields:
  id: {type: int64}
  next: {type: Thing}
  any: {type: any}
  number: {type: float64}
  single: {type: float32}
  small: {type: int32}
  at: {type: datetime}
  day: {type: date}
  data: {type: bytes}
  text: {type: string}
  state: {type: State}
  map: {type: "map[int64]"}
  maps: {type: "list[map[int64]]"}
  list: {type: "list[Thing | null]"}
  either: {type: Plus | Minus}
---
enum: State
values: {on: , off: }
---
model: Plus
fields: {left: {type: Plus | Minus}, plus: {type: '"+"', required: true}}
---
model: Minus
fields: {left: {type: Plus | Minus}, minus: {type: '"-"', required: true}}
"""


def nested(depth: int, before: str, inner: str, after: str) -> bytes:
    return (before * depth + inner + after * depth).encode()


@pytest.mark.toolchain
@pytest.mark.parametrize("int64", ["number", "bigint"])
def test_hostile_documents_are_rejected_with_a_path(node: Tool, tmp_path: Path, int64: str) -> None:
    rejected: list[tuple[bytes, str]] = [
        (nested(100_000, '{"next":', "1", "}"), ""),
        (nested(100_000, '{"any":[', "1", "]}"), ""),
        (b'{"any":' + nested(100_000, "[", "1", "]") + b"}", ""),
        (nested(100_000, "[", "", ""), ""),
        (nested(3, '{"next":', "1", "}"), "next.next.next"),
        (b'{"either": {"plus": "+", "left": {"left": {"plus": "-"}}}}', "either"),
        (b'{"number": 1e400}', "number"),
        (b'{"number": NaN}', ""),
        (b'{"any": {"a b": [-1e400]}}', 'any["a b"][0]'),
        (b'{"id": ' + b"9" * 1_000_000 + b"}", "id"),
        (b'{"small": 2147483648}', "small"),
        (b'{"text": "\xff"}', ""),
        (b'{"text": "\\ud800"}', "text"),
        (b'{"map": {"\\udfff": 1}}', 'map["\\udfff"]'),
        (b'{"text": "abc', ""),
        (b"", ""),
        (b"\xef\xbb\xbf{}", ""),
        (b"[]", ""),
    ]
    accepted: list[bytes] = [
        nested(200, '{"next":', "{}", "}"),
        nested(200, '{"list":[null,', "{}", "]}"),
        b'{"map": {"__proto__": 1, "constructor": 2, "": 3}}',
        b'{"any": {"__proto__": {"polluted": 1}}}',
        b'{"either": {"left": {"minus": "-"}, "plus": "+"}}',
        b'{"text": "' + b"x" * 10_000_000 + b'"}',
    ]
    target = generate(schema_of(THINGS), "typescript", tmp_path, "out", {"int64": int64})
    cases = [Case("Thing", document) for document, _ in rejected]
    cases += [Case("Thing", document) for document in accepted]
    outcomes = run(target, tmp_path / "out", cases, node)
    for (document, path), outcome in zip(rejected, outcomes, strict=False):
        assert (outcome.accepted, outcome.path) == (False, path), (document[:80], outcome)
    for document, outcome in zip(accepted, outcomes[len(rejected) :], strict=True):
        assert outcome.accepted, (document[:80], outcome)
        assert json.loads(outcome.json) == json.loads(document)


@pytest.mark.toolchain
def test_an_integer_that_a_number_cannot_represent_has_its_own_message(
    node: Tool, tmp_path: Path
) -> None:
    target = generate(schema_of(THINGS), "typescript", tmp_path, "out")
    words = {
        "9223372036854775807": "an integer of at most 53 bits, found a longer one",
        "-9007199254740993": "an integer of at most 53 bits, found a longer one",
        "9223372036854780000": "a 64-bit integer, found 9223372036854780000",
    }
    cases = [Case("Thing", f'{{"map": {{"a": {number}}}}}'.encode()) for number in words]
    outcomes = run(target, tmp_path / "out", cases, node)
    assert [outcome.message for outcome in outcomes] == [
        f"map.a: expected {wanted}" for wanted in words.values()
    ]


@pytest.mark.toolchain
def test_similar_members_are_distinguished_in_linear_time(node: Tool, tmp_path: Path) -> None:
    # The field that distinguishes the two comes after the one that nests.
    spec = """
union: Term
members: [Plus, Minus]
---
model: Plus
fields: {left: {type: Term}, sign: {type: '"+"', required: true}}
---
model: Minus
fields: {left: {type: Term}, sign: {type: '"-"', required: true}}
"""
    target = generate(schema_of(spec), "typescript", tmp_path, "out")
    right = nested(200, '{"sign":"-","left":', '{"sign":"+"}', "}")
    wrong = nested(200, '{"sign":"-","left":', '{"sign":"x"}', "}")
    cases = [Case("Term", right), Case("Term", wrong)]
    first, second = run(target, tmp_path / "out", cases, node)
    assert json.loads(first.json) == json.loads(right)
    assert (second.accepted, second.path) == (False, "")


def assert_silent(script: str, folder: Path, node: Tool) -> None:
    """Assert that a script of testdata/, which prints what is wrong, prints nothing."""
    shutil.copy(Path(__file__).parent / "testdata" / script, folder)
    done = node.run(folder / script)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.toolchain
def test_only_plain_objects_are_decoded_and_only_their_own_properties(
    node: Tool, tmp_path: Path
) -> None:
    generate(schema_of(THINGS), "typescript", tmp_path, "out")
    assert_silent("decode.mjs", tmp_path, node)


@pytest.mark.toolchain
@pytest.mark.parametrize("int64", ["number", "bigint"])
def test_values_that_cannot_be_decoded_are_not_encoded(
    node: Tool, tmp_path: Path, int64: str
) -> None:
    generate(schema_of(THINGS), "typescript", tmp_path, "out", {"int64": int64})
    assert_silent("encode.mjs", tmp_path, node)


@pytest.mark.toolchain
def test_bigint_keeps_every_digit(node: Tool, tmp_path: Path) -> None:
    spec = """
model: Big
fields:
  id: {type: int64}
  ids: {type: "list[int64]"}
  rest: {type: any}
  number: {type: float64}
  level: {type: Level}
  most: {type: int64, default: 9223372036854775807}
---
enum: Level
type: int64
values: {9007199254740993: {names: {typescript: Odd}}}
"""
    target = generate(schema_of(spec), "typescript", tmp_path, "out", {"int64": "bigint"})
    exact = (
        b'{"id":9223372036854775807,"ids":[-9223372036854775808,0,9007199254740993],'
        b'"rest":{"a":[9007199254740994]},"number":9007199254740992,"level":9007199254740993,'
        b'"most":9007199254740993}'
    )
    rejected = [b'{"id":9223372036854775808}', b'{"id":9007199254740993.0}', b'{"id":1e18}']
    cases = [Case("Big", document) for document in (exact, b"{}", *rejected)]
    first, second, *others = run(target, tmp_path / "out", cases, node)
    assert first.json.encode() == exact
    assert second.json == '{"most":9223372036854775807}'
    assert [(other.accepted, other.path) for other in others] == [(False, "id")] * 3


@pytest.mark.toolchain
def test_bigint_keeps_every_digit_without_the_source_of_json_parse(
    node: Tool, tmp_path: Path
) -> None:
    spec = """
model: Big
fields:
  id: {type: int64}
  ids: {type: "list[int64]"}
  rest: {type: any}
  number: {type: float64}
"""
    generate(schema_of(spec), "typescript", tmp_path, "out", {"int64": "bigint"})
    assert_silent("digits.mjs", tmp_path, node)


@pytest.mark.toolchain
def test_a_crash_is_an_outcome(node: Tool, tmp_path: Path) -> None:
    target = generate(schema_of(THINGS), "typescript", tmp_path, "out")
    module = tmp_path / "out" / "thing.ts"
    text = module.read_text("utf-8")
    module.write_text(text.replace("const to = {}", "const to = undefined!"), "utf-8")
    (outcome,) = run(target, tmp_path / "out", [Case("Thing", b'{"id": 1}')], node)
    assert outcome.crash.startswith("TypeError: ")


@pytest.mark.toolchain
def test_code_that_does_not_load_has_no_outcome(node: Tool, tmp_path: Path) -> None:
    target = generate(schema_of(THINGS), "typescript", tmp_path, "out")
    (tmp_path / "out/thing.ts").write_text("export const broken = ;", "utf-8")
    with pytest.raises(RunFailed, match="node ended with 1"):
        run(target, tmp_path / "out", [Case("Thing", b"{}")], node)
