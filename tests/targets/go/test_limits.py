"""Constraints and text scalars in generated Go, run and compared with the reference reader."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from helpers.go_specs import TESTDATA, go_target, rendered, write
from helpers.messages import same_message
from helpers.places import CASES
from modelsync.patterns.samples import mutants, samples
from modelsync.schema.formats import FORMATS
from modelsync.targets.go import GoTarget
from modelsync.verify.cases import Case
from modelsync.verify.expected import agrees, expected
from modelsync.verify.languages import go as go_runner
from modelsync.verify.toolchains import Tool
from modelsync.verify.vectors import cases

ORDER = {"order.yaml": (CASES / "limits/specs/order.yaml").read_text("utf-8")}
LIMITS = """
model: Limits
fields:
  float: {type: float64, multipleOf: 0.1}
  odd: {type: float64, multipleOf: 0.123456789}
  single: {type: float32, multipleOf: 0.1, minimum: -0.7, exclusiveMaximum: 16777217}
  decimal: {type: decimal, multipleOf: 0.05}
  large: {type: decimal, multipleOf: 3e20}
  between: {type: decimal, exclusiveMinimum: -10.25, maximum: 99.5}
  below: {type: decimal, minimum: -0.001, exclusiveMaximum: 0}
  integer: {type: int64, multipleOf: 2.5}
"""
FORMAT_FIELDS = "model: Formats\nfields:\n" + "".join(f"  {n}: {{type: {n}}}\n" for n in FORMATS)


def disagreements(target: GoTarget, folder: Path, tried: list[Case], go: Tool) -> list[str]:
    """Return the cases in which generated code and the reference differ, also in their messages."""
    write(target, folder)
    wrong = []
    for case, outcome in zip(tried, go_runner.run(target, folder, tried, go), strict=True):
        wanted = expected(target.schema, case, target.holds)
        same = agrees(outcome, wanted)
        if wanted is not None and wanted.path:
            same = same and same_message(outcome.message, wanted.message)
        if not same:
            wrong.append(f"{case}\n  Go: {outcome}\n  reference: {wanted}")
    return wrong


def random_numbers(random: Random) -> Iterator[tuple[str, str]]:
    """Yield a field of `LIMITS` and a number for it, as JSON."""
    for _ in range(1_000):
        digits = random.randrange(10 ** random.randint(1, 20))
        step = random.choice((Decimal("0.1"), Decimal("0.05"), Decimal("0.123456789"), 1, 3))
        number = Decimal(digits) * step * Decimal(10) ** random.randint(-12, 12)
        sign = random.choice(("", "-"))
        for field in ("float", "odd", "single"):
            yield field, f"{sign}{float(number)!r}"
        for field in ("decimal", "large", "between", "below"):
            zeros = "0" * random.randint(0, 2)
            text = format(number, "f")
            yield field, f'"{sign}{text}{zeros if "." in text else ""}"'
        (single,) = struct.unpack("<f", random.randbytes(4))
        (double,) = struct.unpack("<d", random.randbytes(8))
        yield "single", repr(single)
        yield "odd", repr(double)
        yield "integer", f"{sign}{digits}"


EDGES = {
    "float": ["0", "-0.0", "0.3", "0.30000000000000004", "1e300", "1.7e308", "5e-324", "-0.7"],
    "odd": ["1e308", "0.123456789", "1.23456789e-9", "12345678900000.0"],
    "single": ["0.1", "-0.7", "-0.7000001", "0.3", "1.1", "16777216", "1.1754944e-38", "3.4e38"],
    "decimal": ["0", "-0", "-0.00", "0.05", "0.050", "0.051", "-0.1", f"0.{'0' * 990}5", "9" * 999],
    "large": ["3" + "0" * 20, "3" + "0" * 19, "6" + "0" * 990, "0.0", "300000000000000000000.0"],
    "between": ["-10.25", "-10.250", "-10.2499", "-10", "99.5", "99.50", "99.501", "100", "-9.9"],
    "below": ["0", "-0.0", "-0.001", "-0.0010", "-0.00101", f"-0.{'0' * 900}1"],
    "integer": ["5", "-5", "2", "9223372036854775805", "-9223372036854775805", "0"],
}


@pytest.mark.toolchain
def test_constraints_agree_with_the_reference(tmp_path: Path, go: Tool) -> None:
    target = go_target(ORDER, gomod=True)
    assert disagreements(target, tmp_path, list(cases(target.schema)), go) == []


@pytest.mark.toolchain
def test_numbers_are_compared_by_their_digits(tmp_path: Path, go: Tool) -> None:
    texts = {"limits.yaml": LIMITS}
    pairs = list(random_numbers(Random(0)))  # noqa: S311
    for field, numbers in EDGES.items():
        is_text = field in ("decimal", "large", "between", "below")
        pairs += [(field, f'"{number}"' if is_text else number) for number in numbers]
    tried = [
        Case("Limits", f'{{"{field}":{number}}}'.encode())
        for field, number in pairs
        if "inf" not in number and "nan" not in number
    ]
    wrong = disagreements(go_target(texts, gomod=True), tmp_path, tried, go)
    assert not wrong, "\n".join(wrong[:10])


@pytest.mark.toolchain
def test_text_scalars_agree_with_their_grammars(tmp_path: Path, go: Tool) -> None:
    tried = []
    for name, format_ in FORMATS.items():
        for number, text in enumerate(samples(format_.pattern, 500)):
            for other in (text, *mutants(text, 6, number), *mutants(text[:60] * 5, 1, number)):
                tried.append(Case("Formats", json.dumps({name: other}).encode()))
    wrong = disagreements(go_target({"f.yaml": FORMAT_FIELDS}, gomod=True), tmp_path, tried, go)
    assert not wrong, "\n".join(wrong[:10])


@pytest.mark.toolchain
def test_encoding_checks_what_decoding_checks(tmp_path: Path, go: Tool) -> None:
    write(go_target(ORDER, gomod=True), tmp_path)
    (tmp_path / "use").mkdir()
    shutil.copy(TESTDATA / "limits_test.go", tmp_path / "use")
    done = go.run("test", "-trimpath", "./use", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_support_code_has_only_what_the_constraints_need() -> None:
    def support(fields: str) -> set[str]:
        paths = rendered({"m.yaml": f"model: M\nfields: {{{fields}}}\n"})
        return {Path(path).name for path in paths if path.startswith("internal/codec/")}

    base = support("a: {type: string}, b: {type: int64}, c: {type: 'list[string]'}")
    assert support("a: {type: string, minLength: 0}, b: {type: uint64, minimum: 0}") - base == {
        "unsigned.go"
    }
    assert support("a: {type: string, maxLength: 5}, b: {type: int64, multipleOf: 3}") - base == {
        "limits.go"
    }
    assert support("a: {type: string, pattern: a}") - base == {"limits.go", "pattern.go"}
    assert support("a: {type: 'list[string]', uniqueItems: true}") - base == {
        "limits.go",
        "unique.go",
    }
    assert support("a: {type: float64, multipleOf: 0.1}") - base == {"limits.go", "multiple.go"}


def test_checks_that_cannot_fail_are_omitted() -> None:
    spec = """
model: M
fields:
  a: {type: int32, minimum: -2147483648, maximum: 9}
  b: {type: uint64, minimum: 0, multipleOf: 0.5}
  c: {type: string, minLength: 0}
"""
    text = rendered({"m.yaml": spec})["m.go"]
    assert text.count("\tif v ") == 1
    assert "codec.ReadPointer(&v.B, r, codec.ReadUint64)" in text
    assert "codec.ReadPointer(&v.C, r, codec.ReadString)" in text


def test_packages_named_like_those_of_the_checks_are_imported_with_another_name() -> None:
    texts = {
        "m.yaml": "model: M\nfields: {a: {type: strconv.S}, b: {type: string, minLength: 2}}\n",
        "strconv/s.yaml": "model: S\nfields: {a: {type: string}}\n",
    }
    text = rendered(texts)["m.go"]
    assert '\t"strconv"\n\t"unicode/utf8"\n' in text
    assert '\tstrconv_ "example.com/acme/models/strconv"\n' in text
