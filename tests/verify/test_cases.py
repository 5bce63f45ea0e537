"""The outcome of a document that was written back."""

from __future__ import annotations

import pytest

from modelsync.verify.cases import Outcome, written
from modelsync.verify.expected import agrees
from modelsync.verify.strict import DEPTH


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Expecting value"),
        ("{", "Expecting property name"),
        ("[1, NaN]", "NaN is not JSON"),
        ("-Infinity", "-Infinity is not JSON"),
        ('{"a": 1, "b": 2, "a": 1}', 'duplicate key "a"'),
        ('[{"a": {"\\u0062": 1, "b": 2}}]', 'duplicate key "b"'),
    ],
)
def test_a_written_document_must_be_json_without_duplicate_keys(text: str, reason: str) -> None:
    outcome = written(text)
    assert not outcome.accepted
    assert outcome.crash.startswith(f"the output is not valid JSON: {reason}")
    assert not agrees(outcome, Outcome(accepted=True, json="{}"))


def test_a_written_document_may_nest_deeper_than_the_limit() -> None:
    """The defaults of absent fields add levels."""
    assert written("[" * (DEPTH + 1) + "]" * (DEPTH + 1)).accepted
    assert not written("[" * DEPTH + "[1,,2]" + "]" * DEPTH).accepted
