"""The grammars of text scalars, held against the format tests of JSON-Schema-Test-Suite."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modelsync.patterns.match import Matcher
from modelsync.patterns.samples import mutants, samples
from modelsync.schema.formats import FORMATS, grammars_of

DIFFERENCES = {"hostname": 23, "time": 6}
"""How many texts of the suite a format decides differently: internationalized labels that IDNA 2008
forbids are accepted, and leap seconds are refused. docs/spec-language.md says so."""


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"decimal"}))
def test_a_format_agrees_with_the_suite(name: str, corpus: Path) -> None:
    path = corpus / f"json-schema-suite/draft2020-12/optional/format/{name}.json"
    cases = [case for group in json.loads(path.read_text("utf-8")) for case in group["tests"]]
    texts = [case for case in cases if isinstance(case["data"], str)]
    assert len(texts) > 20
    wrong = [
        case["data"] for case in texts if FORMATS[name].accepts(case["data"]) is not case["valid"]
    ]
    assert len(wrong) == DIFFERENCES.get(name, 0)
    if name == "hostname":
        assert all("xn--" in text.casefold() for text in wrong)
    if name == "time":
        assert all(":60" in text for text in wrong)


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ("0", True),
        ("-0.50", True),
        ("12.50", True),
        ("9" * 1000, True),
        ("9" * 1001, False),
        ("01", False),
        ("1.", False),
        (".5", False),
        ("+1", False),
        ("1e3", False),
        ("NaN", False),
        ("", False),
    ],
)
def test_a_decimal_has_digits_and_no_exponent(text: str, is_valid: bool) -> None:
    assert FORMATS["decimal"].accepts(text) is is_valid


@pytest.mark.parametrize("name", FORMATS)
def test_the_compiled_grammar_agrees_with_the_reference(name: str) -> None:
    format_ = FORMATS[name]
    matcher = Matcher(format_.pattern)
    for text in samples(format_.pattern, 10):
        for other in (text, *mutants(text, 3)):
            fits = format_.max_length is None or len(other) <= format_.max_length
            assert format_.accepts(other) is (matcher.search(other) and fits), other


def test_grammars_include_those_that_they_contain() -> None:
    assert grammars_of({"email", "string"}) == {"email", "hostname", "ipv4", "ipv6"}
    assert grammars_of({"ipv6"}) == {"ipv4", "ipv6"}
    assert grammars_of({"string", "date"}) == frozenset()
