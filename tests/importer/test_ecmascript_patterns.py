"""Regular expressions of ECMA-262 -> the dialect of specs."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.importer.patterns import ReadPattern, is_implied_by_type, read_pattern
from modelsync.patterns.inclusion import includes
from modelsync.patterns.match import Matcher
from modelsync.patterns.parse import parse
from modelsync.patterns.samples import mutants, samples
from modelsync.patterns.syntax import PatternError
from modelsync.verify.toolchains import Tool

WRITTEN = [
    (r"^[\w-.]+$", r"^[\w\-.]+$"),
    (r"^[a-\d]$", r"^[a\-\d]$"),
    (r"^[^]$", r"^[\s\S]$"),
    ("[[]", r"[\[]"),
    (r"^\${[a-z]+}$", r"^\$\{[a-z]+\}$"),
    ("a]b", r"a\]b"),
    (r"\cA\0", r"\x01\x00"),
    (r"[\b]", r"[\x08]"),
    (r"^(?<year>\d{4})$", r"^(\d{4})$"),
    ("^a{2,3}?$", "^a{2,3}?$"),
    (r"^[\u0020-\uDFFF]$", "^[ -\\ud7ff]$"),
    (r"[\uD800-\uDBFF][\uDC00-\uDFFF]", r"[\u{10000}-\u{10ffff}]"),
    (r"^\p{ASCII}\P{Sc}?$", None),
    (r"^[\p{Letter}\p{Z}\p{gc=N}_.:@]*$", r"^[\p{L}\p{Z}\p{N}_.:@]*$"),
    ("^([a-z]+)*$", "^[a-z]*$"),
    ("^(a|[ab])*$", "^([ab])*$"),
    ("^a(?:-?[a-z]+)*$", "^a(?:-?[a-z])*$"),
    ("^(?:[.a-z]?[a-z]+)*$", r"^(?:\.?[a-z])*$"),
    ("^(?:a*b?)*$", "^(?:a|b)*$"),
    ("^a([-a-z]*[a-z]){0,39}?$", r"^a([\-a-z]*[a-z])?$"),
    (r"^([a-z]+(\.[a-z]+)*)*$", r"^([a-z]+(\.[a-z]+)*)?$"),
    ("^(?!-)[a-z-]+$", r"^[a-z][a-z\-]*$"),
    ("^(?!-)+[a-z-]+$", r"^[a-z][a-z\-]*$"),
    ("^[a-z-]{2,9}(?<!-)$", r"^[a-z\-]{1,8}[a-z]$"),
    ("^(?!ab).*$", r"^(?:[^\na].*|a(?:[^\nb].*)?)?$"),
    (r"^(?! *$)[^\n]*$", None),
    ("^(?=.*[0-9])[a-z0-9]+$", "^[a-z]*[0-9][a-z0-9]*$"),
    ("^(?!.*x)[w-z]+$", "^[wyz]+$"),
    (r"^a(?![\s\S])", "^a$"),
]
"""A pattern, and how it is written; None if the test below only compares the meaning."""

WITH_LENGTHS = [
    ("^x.{1,1024}y?$", ReadPattern("^x.(?:.{10}){0,100}.{0,23}y?$", 0, 1026)),
    ("^[a-z]{1,2000}$", ReadPattern("^[a-z]+$", 1, 2000)),
    ("^a[a-z]{0,1999}$", ReadPattern("^a[a-z]*$", 1, 2000)),
    (r"^(?=.{3,9}$)[a-z]+(\.[a-z]+)*$", ReadPattern(r"^[a-z]+(\.[a-z]+)*$", 3, 9)),
]
OF_OTHERS = [
    (r"\A[a-z]{,5}\Z", "^[a-z]{0,5}$"),
    ("(?i)^ab[x-z]$", "^[Aa][Bb][X-Zx-z]$"),
    ("^(?P<a>bc)$", "^(bc)$"),
    ("^[[:alpha:]_]+$", "^[A-Za-z_]+$"),
]
REFUSED = [
    r"(a)\1",
    r"a\Bb",
    r"^\p{Script=Greek}+$",
    "^(?=.*a.*b)[a-z]+$",
    "(?<!a)b",
    "[]",
    "[b-a]",
    "(",
    "(?s)a",
    "a**",
    r"\Qa",
    "(?i)é",
    "a{9000}",
]


@pytest.mark.parametrize(("pattern", "expected"), [each for each in WRITTEN if each[1]])
def test_patterns_are_written_in_the_dialect(pattern: str, expected: str) -> None:
    assert read_pattern(pattern) == ReadPattern(expected)


@pytest.mark.parametrize(("pattern", "expected"), WITH_LENGTHS)
def test_counts_of_the_whole_text_are_lengths(pattern: str, expected: ReadPattern) -> None:
    assert read_pattern(pattern) == expected


@pytest.mark.parametrize(("pattern", "expected"), OF_OTHERS)
def test_what_is_only_in_other_dialects_is_noted(pattern: str, expected: str) -> None:
    found = read_pattern(pattern)
    assert (found.text, found.problem) == (expected, "")
    assert found.note


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_no_spec_can_say_is_refused(pattern: str) -> None:
    found = read_pattern(pattern)
    assert found.text is None
    assert found.problem.startswith("is not portable: ")


def test_an_empty_pattern_says_nothing() -> None:
    assert read_pattern("") == ReadPattern()


def test_slashes_around_a_pattern_are_a_mistake() -> None:
    found = read_pattern("/^a$/")
    assert (found.text, found.problem) == ("^a$", "is in slashes, so no text matches it")


@pytest.mark.parametrize(
    ("pattern", "scalar", "is_implied"),
    [
        ("^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-", "uuid", True),
        ("^[0-9a-f-]{36}$", "uuid", False),
        (r"^\d{4}-\d\d-\d\d$", "date", True),
        (r"^\d{4}-\d\d-\d\dT", "datetime", False),
        ("^P", "duration", True),
        (r"^[^\s]+$", "ipv4", True),
        (r"(a)\1", "ipv4", False),
    ],
)
def test_patterns_that_a_type_implies(pattern: str, scalar: str, is_implied: bool) -> None:
    assert is_implied_by_type(pattern, scalar) is is_implied


@given(st.text("ab|()*?.[]-", max_size=8), st.text("ab|()*?.", max_size=6))
def test_included_patterns_match_no_other_texts(wide: str, narrow: str) -> None:
    try:
        both = parse(f"^(?:{wide})$"), parse(f"^(?:{narrow})$")
    except PatternError:
        return
    if includes(*both):
        matcher = Matcher(both[0])
        assert all(map(matcher.search, samples(both[1], 5)))


# Compared with an engine --------------------------------------------------------------------------

_NODE = r"""
const cases = JSON.parse(require("fs").readFileSync(0));
console.log(JSON.stringify(cases.map(([pattern, texts]) => {
  let regex = null;
  for (const flags of ["u", ""]) {
    try {
      regex ??= new RegExp(pattern, flags);
    } catch {}
  }
  return regex && texts.map((text) => regex.test(text));
})));
"""
_ATOMS = [
    *"abc01_-/.",
    r"\d",
    r"\w",
    r"\-",
    r"\/",
    r"\_",
    "{",
    "]",
    r"\cA",
    r"\x41",
    "é",
    "[^]",
    r"\y",
]
_ITEMS = ["a", "b-c", r"\d", r"\w", "-", "-x", ".", "[", r"\]", r"\b", "a-\\d", r"\cB", "{", "^"]
_COUNTS = ["", "", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "+?"]
_LOOKS = ["(?=", "(?!", "(?<=", "(?<!"]


class _Maker:
    """Makes patterns of ECMA-262 without the flag `u`."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - no secret

    def one(self, texts: list[str]) -> str:
        return self.random.choice(texts)

    def char_class(self) -> str:
        items = "".join(self.one(_ITEMS) for _ in range(self.random.randint(1, 3)))
        return f"[{self.one(['', '^'])}{items}]"

    def part(self, depth: int) -> str:
        match self.random.randrange(10):
            case 0 | 1 | 2 | 3:
                return self.one(_ATOMS) + self.one(_COUNTS)
            case 4 | 5 | 6:
                return self.char_class() + self.one(_COUNTS)
            case 7:
                return self.one(["^", "$", r"\b"])
            case 8 if depth < 3:
                return f"{self.one(['(', '(?:'])}{self.choice(depth + 1)}){self.one(_COUNTS)}"
            case _:
                inner = self.one([self.char_class(), "ab", "a|b", "$", "a$", ".*b", "[^]"])
                return f"{self.one(_LOOKS)}{inner})"

    def choice(self, depth: int = 0) -> str:
        branches = (
            "".join(self.part(depth) for _ in range(self.random.randint(1, 4)))
            for _ in range(self.random.choice([1, 1, 1, 2]))
        )
        return "|".join(branches)


def _cases() -> Iterator[tuple[str, ReadPattern, list[str]]]:
    """Yield patterns with what a spec has for them, and texts that match them or nearly do."""
    maker = _Maker(1)
    made = [f"^{maker.choice()}$" if n % 2 else maker.choice() for n in range(600)]
    written = [pattern for pattern, *_ in (*WRITTEN, *WITH_LENGTHS)]
    for pattern in (*written, *made):
        found = read_pattern(pattern)
        if found.text is None or found.note or found.problem:
            continue
        texts = {"", "a", "b", "-", "ab", "a-b", "é1", "x" * 1030}
        for text in samples(parse(found.text), 4):
            texts |= {text, f"{text}-", f"-{text}", text[1:], f"{text}\n", *mutants(text, 4)}
        # `.` and `\s` differ for these, which the docs say, and all else without the flag.
        yield (
            pattern,
            found,
            [
                text
                for text in texts
                if not re.search("[\r\u2028\u2029\U00010000-\U0010ffff]", text)
            ],
        )


@pytest.mark.toolchain
def test_patterns_mean_what_they_mean_in_ecmascript(tmp_path: Path, node: Tool) -> None:
    cases = list(_cases())
    program = tmp_path / "main.cjs"
    program.write_text(_NODE)
    stdin = json.dumps([(pattern, texts) for pattern, _, texts in cases])
    run = node.run(program, cwd=tmp_path, stdin=stdin)
    assert run.returncode == 0, run.stderr
    different = []
    for (pattern, found, texts), matches in zip(cases, json.loads(run.stdout), strict=True):
        matcher = Matcher(parse(found.text or ""))
        for text, expected in zip(texts, matches, strict=True):
            most = len(text) if found.max_length is None else found.max_length
            has_length = found.min_length <= len(text) <= most
            if (has_length and matcher.search(text)) is not expected:
                different.append((pattern, found.text, text, expected))
    assert different == []
    assert len(cases) > 400
