"""Generated code with one fault of any kind fails `verify`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from helpers.places import MEANING
from helpers.projects import target, texts_of, write
from modelsync.schema.schema import Schema
from modelsync.spec.read import read_schema
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

SPECS = MEANING / "specs"
NESTED = """\
union: Tree
members: [Branch, 'list[Tree]', 'map[Tree | null]', '"leaf"', bool]
---
union: Branch
members: [Fork, Knot, int32]
---
model: Fork
fields:
  left: {type: Tree, required: true}
  right: {type: Tree | null}
  alive: {type: 'true', required: true}
---
model: Knot
fields:
  knot: {type: string, required: true}
  names: {type: 'list[string]', required: true}
  ages: {type: 'map[int32]', required: true}
  at: {type: Branch}
---
union: Move
discriminator: kind
members: [Step, Jump]
mapping: {step: Step, jump: Jump}
---
model: Step
fields: {far: {type: float32}}
---
model: Jump
fields: {high: {type: float32}, then: {type: Move}}
---
union: Loose
members: [Narrow, Wide]
---
union: Looser
members: [Wide, any]
---
model: Narrow
fields: {n: {type: int32, required: true}, x: {type: int32}}
---
model: Wide
fields:
  n: {type: int32 | string, required: true}
  y: {type: int32}
  z: {type: Deeper}
---
union: Deeper
members: [Deep, 'list[Deep]', 'map[Deep]']
---
model: Deep
fields: {is_so: {type: bool}, same: {type: string, required: true}}
"""
"""In addition to the specs in meaning/: nested unions, required lists and maps, a discriminator
that no member has as a field, and similar models."""


class Mutant(NamedTuple):
    """A fault, and the change that causes it: wherever the code has the text `old`."""

    what: str
    old: str
    new: str


PYTHON = [
    Mutant("an int32 has 33 bits", "0x7FFF_FFFF", "0xFFFF_FFFF"),
    Mutant("an int64 ends at 2**63", "< 2**63", "<= 2**63"),
    Mutant("2**53 is exact with a fraction", "abs(value) < 2**53", "abs(value) <= 2**53"),
    Mutant(
        "true is an integer",
        "        return None\n    if isinstance(value, int):",
        "        pass\n    if isinstance(value, int):",
    ),
    Mutant("1.0 is not an integer", "and value.is_integer() and", "and not value.is_integer() and"),
    Mutant("infinity is a number", "if not isfinite(number):", "if number != number:"),
    Mutant(
        "infinity is any value", "if not -_BEYOND_FLOATS < value < _BEYOND_FLOATS:", "if False:"
    ),
    Mutant(
        "a float32 has 64 bits",
        '    number = _finite(value, "a 32-bit number")\n',
        '    return _finite(value, "a 32-bit number")\n    number = 0.0\n',
    ),
    Mutant("long integers are not JSON", "_LONG_DECODER.decode(text)", "_DECODER.decode(text)"),
    Mutant(
        "a lone surrogate is text",
        "    except UnicodeEncodeError:\n        return False",
        "    except UnicodeEncodeError:\n        return True",
    ),
    Mutant(
        "NaN is JSON",
        'raise ValueError(f"{name} is not a JSON value")',
        "return None  # type: ignore",
    ),
    Mutant("any bytes are UTF-8", 'str(text, "utf-8")', 'str(text, "utf-8", "replace")'),
    Mutant("a byte order mark is JSON", 'str(text, "utf-8")', 'str(text, "utf-8-sig")'),
    Mutant(
        "a line feed may be in a string",
        "_DECODER: Final = json.JSONDecoder(",
        "_DECODER: Final = json.JSONDecoder(strict=False, ",
    ),
    Mutant(
        "text may follow the document",
        "return _DECODER.decode(text)",
        'return _DECODER.raw_decode(text.strip(" \\n"))[0]',
    ),
    Mutant(
        "the first of duplicate keys counts",
        "_DECODER: Final = json.JSONDecoder(",
        "_DECODER: Final = json.JSONDecoder("
        "object_pairs_hook=lambda pairs: dict(reversed(pairs)), ",
    ),
    Mutant(
        "documents end at 190 levels",
        "return _DECODER.decode(text)",
        'return _DECODER.decode(text if max(map(text.count, "[{")) < 190 else "[" * 9999)',
    ),
    Mutant("a space may replace the T", "[Tt](?!24)", "[Tt ](?!24)"),
    Mutant("a comma begins the fraction", r"(?:\.\d+)?", r"(?:[.,]\d+)?"),
    Mutant(
        "offsets are ignored",
        "value.upper()).astimezone(UTC)",
        "value.upper()).replace(tzinfo=UTC)",
    ),
    Mutant("fractions keep their zeros", '.rstrip("0") for number', " for number"),
    Mutant(
        "years have no leading zeros",
        "if microsecond % 1000 or year < 1000:",
        "if microsecond % 1000:",
    ),
    Mutant("any ISO date is accepted", 'and len(value) == 10 and value[4:8:3] == "--"', ""),
    Mutant(
        "base64 may have any padding bits",
        'if value == binascii.b2a_base64(data, newline=False).decode("ascii"):',
        "if data or not value:",
    ),
    Mutant(
        "true is 1", "if type(value) is type(wanted) and value == wanted:", "if value == wanted:"
    ),
    Mutant(
        "items count from 1",
        "raise item_error(error, len(out), ",
        "raise item_error(error, len(out) + 1, ",
    ),
    Mutant(
        "paths lack the keys of maps",
        "raise item_error(error, key, items.items(), read)",
        "raise decode_error(error)",
    ),
    Mutant(
        "null is lost in any object",
        "            out[str.__str__(key)] = anything(item)\n",
        "            if item is not None:\n                out[key] = anything(item)\n",
    ),
    Mutant(
        "paths lack absent keys",
        "absent = DecodeError(_ABSENT, *steps)",
        "absent = DecodeError(_ABSENT)",
    ),
    Mutant("every key follows a dot", "if _IDENTIFIER.fullmatch(step):", "if _IDENTIFIER:"),
    Mutant("the tag is not written", "return {key: tags[0], **data}", "return data"),
    Mutant(
        "the last member accepts everything",
        "self.reads.append(every[at])",
        "self.reads.append(every[-1 - at])",
    ),
    Mutant("only one member is tried", "_use_cache()\n        return True", "_use_cache()"),
    Mutant("closed enums are open", "    if member is None:", "    if False:"),
    Mutant("open enums are closed", "return _MEMBERS.get(value, value)", "return _MEMBERS[value]"),
    Mutant("a default is another", "self.limit = 20 if", "self.limit = 21 if"),
    Mutant("null is written as absent", "is not UNSET:", "not in (None, UNSET):"),
    Mutant("null is not read", "None if value is None else", ""),
    Mutant(
        "an extra comma is written",
        'return str(_ORJSON.dumps(value, None, _ONLY_JSON), "utf-8")',
        'return str(_ORJSON.dumps(value, None, _ONLY_JSON), "utf-8").replace(",", ",,")',
    ),
    Mutant(
        "a wrong type raises a TypeError",
        'raise DecodeError(f"expected {expected}", detail=f", found {_found(value)}")',
        "raise TypeError(expected)",
    ),
]

TYPESCRIPT = [
    Mutant("an int32 has any size", "(value | 0) === value", "Number.isInteger(value)"),
    Mutant(
        "a lone surrogate is text", "if (!(value as Unicode).isWellFormed()) {", "if (!value) {"
    ),
    Mutant("infinity is any value", "Math.abs(Number(value)) < Infinity", "value === value"),
    Mutant(
        "a float32 is decoded beyond 32 bits, and not encoded",
        "Number.isFinite(Math.fround(value))",
        "Number.isFinite(value)",
    ),
    Mutant(
        "decode ignores its argument",
        "return wire.decode(value, read",
        "return wire.decode({}, read",
    ),
    Mutant("a tie is rounded up", "Math.abs(float % 1) === 0.25", "float < -1e300"),
    Mutant("a key sets the prototype of a map", 'if (key === "__proto__") {', "if (false) {"),
    Mutant(
        "inherited properties are keys",
        "has(value, key) ? value[key] : undefined",
        "value[key]",
    ),
    Mutant(
        "the first member is skipped",
        "for (const codec of codecs) {",
        "for (const codec of codecs.slice(1)) {",
    ),
    Mutant("unknown keys are not counted", "leftOut += 1;", "leftOut += 0;"),
    Mutant("unknown keys of nested models are not counted", "leftOut += attempt.leftOut;", ""),
    Mutant("days have 25 hours", "(day * 24 + hour)", "(day * 25 + hour)"),
]

GO = [
    Mutant("absent keys are fine", "if !o.seen.has(field) {", "if o.seen.has(-1) {"),
    Mutant("2**53 is exact with a fraction", "math.Abs(float) < 1<<53", "math.Abs(float) <= 1<<53"),
    Mutant("a lone surrogate is text", "if !valid {", "if !valid && r.broken != nil {"),
    Mutant(
        "maps grow with a duplicate key",
        "\tentries := map[string]T{}\n",
        "\tentries := *into\n\tif entries == nil {\n\t\tentries = map[string]T{}\n\t}\n",
    ),
    Mutant("lists grow with a duplicate key", "list := []T{}", "list := append([]T{}, *into...)"),
    Mutant("base64 may have any padding bits", "base64.StdEncoding.Strict()", "base64.StdEncoding"),
    Mutant(
        "offsets go to 24 hours", "return minutes, hour <= 23 &&", "return minutes, hour <= 24 &&"
    ),
    Mutant(
        "the last wrong field is reported",
        "o.err = o.r.also(o.err, o.wrong[field])",
        "if o.wrong[field] != nil {\n\t\t\t\to.err = o.wrong[field]\n\t\t\t}",
    ),
    Mutant("a default is only in the function for new values", "\t\tv.Limit = 20\n", ""),
    Mutant(
        "the error of a wrong tag is at the end of its object",
        "choice: true, at: at, depth: r.depth + 1",
        "choice: true, at: r.pos - 1, depth: r.depth + 1",
    ),
    Mutant(
        "encoding/json gets no error",
        "&decoded); err != nil {\n\t\treturn err",
        "&decoded); err != nil {\n\t\treturn nil",
    ),
    Mutant(
        "AppendJSON writes a tag",
        "w := Writer{buf: dst, start",
        "w := Writer{tag: `1`, buf: dst, start",
    ),
    Mutant(
        "bytes share the memory of the document",
        "make([]byte, base64.StdEncoding.DecodedLen(len(text)))",
        "text",
    ),
]


Run = Callable[[Sequence[Case]], Sequence[Outcome]]
"""Returns the outcomes of cases, in order."""


@pytest.fixture(scope="module")
def schema() -> Schema:
    texts = {
        f"specs/{path.relative_to(SPECS).as_posix()}": path.read_text("utf-8")
        for path in SPECS.rglob("*.yaml")
    }
    return read_schema({**texts, "specs/nested.yaml": NESTED}, "specs")


class Trial:
    """The code of one language, with the cases and the outcomes that they must have."""

    def __init__(self, made: Target) -> None:
        self.target = made
        self.texts = texts_of(made)
        self.cases = tuple(cases(made.schema))
        self.wanted = [expected(made.schema, case, made.holds) for case in self.cases]

    def write(self, folder: Path, mutant: Mutant | None = None) -> Path:
        """Write the code below `folder`, with the fault of a mutant, and return its folder."""
        texts = self.texts
        if mutant is not None:
            texts = {path: text.replace(mutant.old, mutant.new) for path, text in texts.items()}
            assert texts != self.texts, mutant.what
        write(folder, texts)
        return folder / self.target.settings.out

    def wrong(self, run: Run, at_once: int | None = None) -> Iterator[tuple[Case, Outcome]]:
        """Yield the cases with a wrong outcome, and the outcome.

        The cases run in batches of `at_once`, by default all in one. A caller that stops early does
        not run the remaining batches.
        """
        at_once = at_once or len(self.cases)
        for start in range(0, len(self.cases), at_once):
            asked = self.cases[start : start + at_once]
            wanted = self.wanted[start : start + at_once]
            for case, found, want in zip(asked, run(asked), wanted, strict=True):
                if not agrees(found, want):
                    yield case, found


# Python -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def python(schema: Schema) -> Trial:
    return Trial(target(schema, "python", "models"))


def wrong_in_python(trial: Trial, out: Path) -> Iterator[tuple[Case, Outcome]]:
    assert isinstance(trial.target, PythonTarget)
    return trial.wrong(partial(python_runner.run, trial.target, out), at_once=500)


@pytest.mark.slow
def test_unchanged_python_has_no_wrong_outcome(python: Trial, tmp_path: Path) -> None:
    assert list(wrong_in_python(python, python.write(tmp_path))) == []


@pytest.mark.slow
@pytest.mark.parametrize("mutant", PYTHON, ids=lambda mutant: mutant.what)
def test_a_fault_in_python_is_found(python: Trial, tmp_path: Path, mutant: Mutant) -> None:
    assert any(wrong_in_python(python, python.write(tmp_path, mutant)))


# TypeScript and Go --------------------------------------------------------------------------------


@pytest.mark.toolchain
def test_faults_in_typescript_are_found(schema: Schema, tmp_path: Path, node: Tool) -> None:
    trial = Trial(target(schema, "typescript", "models"))

    def wrong(out: Path) -> Iterator[tuple[Case, Outcome]]:
        run = partial(typescript_runner.run, trial.target, out, node=node)
        return trial.wrong(run, at_once=1_500)

    assert list(wrong(trial.write(tmp_path / "unchanged"))) == []
    folders = {each.what: trial.write(tmp_path / each.what, each) for each in TYPESCRIPT}
    assert [what for what, out in folders.items() if not any(wrong(out))] == []


@pytest.mark.toolchain
def test_faults_in_go_are_found(schema: Schema, tmp_path: Path, go: Tool) -> None:
    trial = Trial(target(schema, "go", "models", {"module": "example.com/models"}))
    made = trial.target
    assert isinstance(made, GoTarget)

    def wrong(out: Path) -> Iterator[tuple[Case, Outcome]]:
        return trial.wrong(partial(go_runner.run, made, out, go=go))

    assert list(wrong(trial.write(tmp_path / "unchanged"))) == []
    folders = {each.what: trial.write(tmp_path / each.what, each) for each in GO}
    assert [what for what, out in folders.items() if not any(wrong(out))] == []
