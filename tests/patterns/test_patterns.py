"""The pattern dialect: its syntax, what it refuses, and its translations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.patterns.check import check
from modelsync.patterns.match import Matcher
from modelsync.patterns.parse import parse
from modelsync.patterns.samples import mutants, samples
from modelsync.patterns.syntax import PatternError, Ranges, union
from modelsync.patterns.translate import ECMASCRIPT, PYTHON, RE2, Dialect, translate
from modelsync.verify.toolchains import Tool

VECTORS = [
    ("^a$", "a\n", False),
    ("a$", "ba", True),
    ("^.$", "\r", True),
    ("^.$", "\u2028", True),
    ("^.$", "\n", False),
    ("^.$", "\U0001f600", True),
    ("^.{2}$", "e\u0301", True),
    (r"^\d+$", "\u0663", False),
    (r"^\w+$", "\u00e9", False),
    (r"^\s$", "\u00a0", False),
    (r"^\s$", "\v", True),
    (r"^\S$", "\ufeff", True),
    (r"\bcat", "\u00e9cat", True),
    (r"^[\]a]+$", "a]", True),
    ("^[^a]$", "\n", True),
    (r"^[\w.-]+$", "a-b.c", True),
    (r"^[^\W\d]+$", "a_1", False),
    (r"^\uD83D\uDE00$", "\U0001f600", True),
    ("a^b", "a^b", False),
    ("^(a|ab)(c|bcd)$", "abcd", True),
    ("^(|en|zh.*)$", "", True),
    ("^K$", "\u212a", False),
    (r"^\x41\/\-\"\_$", 'A/-"_', True),
    ("^a|b$", "ax", True),
    (r"^[^\d\s]*?$", "\u2003", True),
    (r"^[\s\S]{2}$", "\n\U0010ffff", True),
    ("^[&~|]+$", "&&~~||", True),
    ("^[--a]$", ".", True),
    ("^[+--]$", ",", True),
    (r"^[\^\[-]+$", "[^-", True),
    (r"^[^\^\]-]$", "^", False),
    ("^[,-]$", "-", True),
    ("^a{0}$", "", True),
    (r"^\p{L}+$", "\u00e9\u0436\u5b57\U00010428", True),
    (r"^\p{L}$", "\u0661", False),
    (r"^[\p{Lu}\p{Nd}_-]+$", "\u00c9\u0661_-", True),
    (r"^[^\p{L}]$", "\u00e9", False),
    (r"^\P{Zs}$", "\u2003", False),
    # Unicode has had this letter since version 15.1, which some engines know and others do not.
    (r"^\p{L}$", "\U0002ebf0", False),
]
"""A pattern, a text, and whether the text contains a match."""

REFUSED = [
    ("", 0, "empty pattern"),
    ("a**", 2, "second repetition `*`"),
    ("a++", 2, "possessive repetition `+`"),
    ("ab{,3}", 2, "`{` without a count"),
    ("a{1001}", 1, "a count above 1000"),
    ("a{3,1}", 1, "`{3,1}` has its limits in reverse"),
    ("(a{1,20}b){60}", 1, "nested counts multiply to more than 1000"),
    ("a(?=b)", 1, "lookahead is not portable"),
    ("(?<!a)b", 0, "lookbehind is not portable"),
    ("(?P<n>a)", 0, "a named group is not portable"),
    ("(?i)a", 0, "flags are not portable"),
    (r"(a)\1", 3, "a backreference is not portable"),
    (r"a\B", 1, r"the escape `\B` is not portable"),
    (r"a\p{Script=Greek}", 1, r"unknown category `\p{Script=Greek}`"),
    (r"\p{Cs}", 0, r"unknown category `\p{Cs}`"),
    (r"[\pL]", 1, r"`\p` without a category"),
    (r"[a-\p{L}]", 1, "a range that ends in a class"),
    (r"\Aa", 0, r"the escape `\A` is not portable"),
    (r"a\x4", 1, r"incomplete escape `\x`"),
    (r"\u{110000}", 0, "no character has this code"),
    (r"a\uD83Db", 1, "half of a surrogate pair"),
    ("a\\", 1, "`\\` at the end"),
    ("[]a]", 0, "empty class"),
    ("[^]", 0, "empty class"),
    ("[[:alpha:]]", 1, "unescaped `[` in a class"),
    (r"[\w-.]", 3, "`-` that starts no range"),
    ("[z-a]", 1, "a range in reverse"),
    (r"[a-\d]", 1, "a range that ends in a class"),
    (r"[\b]", 1, r"the escape `\b` is not portable"),
    (r"[^\s\S]", 0, "the class contains no character"),
    ("a[b", 1, "missing `]`"),
    ("[a-", 0, "missing `]`"),
    ("(a", 0, "missing `)`"),
    ("a)", 1, "`)` without a `(` before it"),
    ("a}", 1, "unescaped `}`"),
    ("*a", 0, "`*` repeats nothing"),
    ("^*", 0, "`^*` repeats an anchor"),
    ("x(a?)*", 1, "this repeats what can match the empty text"),
    (
        "x(a+)+y",
        2,
        "a text can match this repetition in several ways, which takes exponential time",
    ),
    (
        "(a|b|ab)*c",
        0,
        "a text can match this repetition in several ways, which takes exponential time",
    ),
    ("(a|a)*", 0, "a text can match this repetition in several ways, which takes exponential time"),
    (
        "(x+x+)+y",
        3,
        "a text can match this repetition in several ways, which takes exponential time",
    ),
    ("(" * 51 + ")" * 51, 50, "groups nest more than 50 levels deep"),
    (
        "((a|b{8}){5}c){9}",
        0,
        "the pattern has more than 400 characters with its counts written out",
    ),
]
"""A pattern outside the dialect, the offset of its fault, and the message."""


@pytest.mark.parametrize(("pattern", "text", "matches"), VECTORS)
def test_a_pattern_matches_a_text(pattern: str, text: str, matches: bool) -> None:
    tree = parse(pattern)
    check(tree)
    assert Matcher(tree).search(text) is matches
    assert (re.compile(translate(tree, PYTHON), re.ASCII).search(text) is not None) is matches


@pytest.mark.parametrize(("pattern", "offset", "message"), REFUSED)
def test_a_pattern_outside_the_dialect_is_refused(pattern: str, offset: int, message: str) -> None:
    with pytest.raises(PatternError) as error:
        check(parse(pattern))
    assert (error.value.message, error.value.offset) == (message, offset)
    assert error.value.offset + error.value.width <= max(1, len(pattern))


@pytest.mark.parametrize("pattern", ["(ab|a)*c", "(a|b)*?", "(,a+)+", "^(a+,)*a+$", "(a?b)+"])
def test_repetitions_that_take_linear_time_are_accepted(pattern: str) -> None:
    check(parse(pattern))


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        (PYTHON, r"\A(?:[0-9A-Z_a-z]+[^\x0a])?\U0001f600\/\Z"),
        (ECMASCRIPT, r"^(?:[0-9A-Z_a-z]+[^\n])?\u{1f600}\/$"),
        (RE2, r"\A(?:[0-9A-Z_a-z]+[^\x{a}])?\x{1f600}\/\z"),
    ],
    ids=["python", "ecmascript", "re2"],
)
def test_a_pattern_is_written_anew_for_each_language(dialect: Dialect, expected: str) -> None:
    assert translate(parse("^(\\w+.)?\U0001f600/$"), dialect) == expected


# Patterns that Hypothesis draws -----------------------------------------------------------------

_ATOMS = st.sampled_from(
    [*"abc0_-/&~é.", r"\n", r"\x41", r"\u2028", r"\u{1F600}", r"\-", r"\d", r"\W", r"\s", r"\S"]
)
_CLASSES = st.builds(
    "[{}{}]".format,
    st.sampled_from(["", "^"]),
    st.lists(
        st.sampled_from(["a", "b-c", r"\d", r"\s", "é", r"\u2000-\u3000", "&", "~", "|", "A-Z"]),
        min_size=1,
        max_size=3,
    ).map("".join),
)
_COUNTS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "+?"])


def _sequences(atoms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    part = st.one_of(st.builds("{}{}".format, atoms, _COUNTS), st.sampled_from(["^", "$", r"\b"]))
    return st.lists(part, min_size=1, max_size=4).map("".join)


def _groups(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"({'|'.join(parts)})")
    return _sequences(st.one_of(group, _ATOMS, _CLASSES))


PATTERNS = st.recursive(_sequences(st.one_of(_ATOMS, _CLASSES)), _groups, max_leaves=4)
TEXTS = st.text(st.sampled_from([*"abcA09_- \n\r\t\v./&~|", "\u2028", "é", "\x85", "\U0001f600"]))


@given(PATTERNS, st.lists(TEXTS, min_size=1, max_size=5))
def test_the_translation_for_python_agrees_with_the_reference(
    pattern: str, texts: list[str]
) -> None:
    try:
        tree = parse(pattern)
        check(tree)
    except PatternError:
        return
    matcher, compiled = Matcher(tree), re.compile(translate(tree, PYTHON), re.ASCII)
    made = list(samples(tree, 3))
    for text in [*texts, *made, *(other for each in made for other in mutants(each, 2))]:
        assert matcher.search(text) is (compiled.search(text) is not None), text


_NODE = """
const cases = JSON.parse(require("fs").readFileSync(0));
console.log(JSON.stringify(cases.map(([pattern, text]) => new RegExp(pattern, "u").test(text))));
"""
_GO = """package main

import (
	"encoding/json"
	"os"
	"regexp"
)

func main() {
	var cases [][2]string
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	matches := []bool{}
	for _, each := range cases {
		matches = append(matches, regexp.MustCompile(each[0]).MatchString(each[1]))
	}
	_ = json.NewEncoder(os.Stdout).Encode(matches)
}
"""


@pytest.mark.toolchain
@pytest.mark.parametrize("language", ["typescript", "go"])
def test_translations_mean_the_same_in_other_languages(
    language: str, tmp_path: Path, go: Tool, node: Tool
) -> None:
    trees = [parse(pattern) for pattern, _, _ in VECTORS]
    cases = [(tree, text) for tree, (_, text, _) in zip(trees, VECTORS, strict=True)]
    cases += [
        (tree, text)
        for tree in trees
        for made in samples(tree, 5)
        for text in (made, *mutants(made, 5))
    ]
    program = tmp_path / ("main.go" if language == "go" else "main.cjs")
    program.write_text(_GO if language == "go" else _NODE)
    tool, dialect = (go, RE2) if language == "go" else (node, ECMASCRIPT)
    # `-trimpath`, as in other tests: the packages of Go are compiled once.
    arguments = ("run", "-trimpath", program) if language == "go" else (program,)
    run = tool.run(
        *arguments,
        cwd=tmp_path,
        stdin=json.dumps([(translate(tree, dialect), text) for tree, text in cases]),
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == [Matcher(tree).search(text) for tree, text in cases]


def test_the_set_of_a_character_in_a_pattern_is_built_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built = []

    def counted(ranges: Iterable[tuple[int, int]]) -> Ranges:
        built.append(1)
        return union(ranges)

    monkeypatch.setattr("modelsync.patterns.parse.union", counted)
    parse("(?:ŵẃ|ẃŵ)" * 1_000)
    assert len(built) == 2
