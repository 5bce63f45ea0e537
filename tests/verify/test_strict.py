"""The strict JSON reader."""

from __future__ import annotations

import pytest

from modelsync.verify.strict import DEPTH, nesting, nests_too_deep, parse, parse_written


def test_the_last_of_duplicate_keys_in_a_document_is_used() -> None:
    assert parse('{"a": 1, "a": 2}') == {"a": 2}


@pytest.mark.parametrize("digits", [310, 5000])
def test_an_integer_that_exceeds_all_doubles_is_infinite(digits: int) -> None:
    for read in (parse, parse_written):
        assert read("9" * digits) == float("inf")
        assert read("-" + "9" * digits) == float("-inf")
    assert parse("9" * 308) == 10**308 - 1


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        ("[" * DEPTH + "]" * DEPTH, False),
        ("[" * (DEPTH + 1) + "]" * (DEPTH + 1), True),
        ("[" * (DEPTH + 1), True),
        ('{"a":' * DEPTH + "[]" + "}" * DEPTH, True),
        ("[" + "{}," * DEPTH + "{}]", False),
        ('["' + "[" * DEPTH + '", {}]', False),
        ('["\\"' + "[" * DEPTH + '", {}]', False),
    ],
)
def test_only_documents_deeper_than_promised_nest_too_deep(text: str, deep: bool) -> None:
    assert nests_too_deep(text) is deep


def test_brackets_in_strings_do_not_count_as_nesting() -> None:
    assert nesting('{"a[{": ["\\"[[[", {}], "b": [1]}') == 3
    assert nesting("7") == 0
