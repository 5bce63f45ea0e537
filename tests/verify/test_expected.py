"""The outcome that a language must have for a document, and which outcomes agree with it."""

from __future__ import annotations

import json
import sys
from itertools import islice

import pytest

from helpers.places import MEANING
from helpers.projects import schema_in, schema_of
from helpers.verify_projects import ORDER
from modelsync.schema.scalars import Holds
from modelsync.schema.schema import Schema
from modelsync.spec.read import read_schema
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.cases import written as encoded_again
from modelsync.verify.expected import Expectations, Language, agrees, expected, same
from modelsync.verify.strict import DEPTH
from modelsync.verify.vectors import cases

ALL = Holds()


def outcome(spec: str, document: str, holds: Holds = ALL) -> Outcome | None:
    schema = schema_of(spec)
    return expected(schema, Case(schema.definitions[0].id, document.encode()), holds)


def written(spec: str, document: str, holds: Holds = ALL) -> object:
    """Return the JSON value that code must write for a document that it must accept."""
    wanted = outcome(spec, document, holds)
    assert wanted is not None
    assert wanted.accepted
    return json.loads(wanted.json)


def test_a_language_rejects_integers_that_it_cannot_represent() -> None:
    spec = "model: M\nfields: {count: {type: int64}}\n"
    document = '{"count": 9007199254740993}'
    assert written(spec, document) == {"count": 2**53 + 1}
    wanted = outcome(spec, document, Holds(integers=range(-(2**53), 2**53)))
    assert wanted is not None
    assert (wanted.accepted, wanted.path) == (False, "count")


def test_a_language_truncates_times_to_its_precision() -> None:
    spec = "model: M\nfields: {at: {type: datetime}}\n"
    document = '{"at": "2024-01-01T00:00:00.123456789Z"}'
    assert written(spec, document) == {"at": "2024-01-01T00:00:00.123Z"}
    assert written(spec, document, Holds(fraction=9)) == {"at": "2024-01-01T00:00:00.123456789Z"}


@pytest.mark.parametrize("text", ['"\\ud800"', '{"\\ud800": 1}', "[9007199254740993]"])
def test_a_value_that_languages_decode_differently_may_have_any_outcome_in_an_any(
    text: str,
) -> None:
    spec = "model: A\nfields: {any: {type: any}, text: {type: string}}\n"
    assert outcome(spec, f'{{"any": {text}}}') is None
    rejected = outcome(spec, f'{{"text": {text}}}')
    assert rejected is not None
    assert (rejected.accepted, rejected.path) == (False, "text")


# Which outcomes agree


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}', True),
        ("1", "1.0", True),
        ("1e3", "1000", True),
        ("9007199254740993", "9007199254740992", False),
        ("123456789012345680000", "1.2345678901234568e+20", True),
        ("true", "1", False),
        ("[1]", "[1, 2]", False),
        ('{"a": null}', "{}", False),
        ('"1"', "1", False),
        ("null", "false", False),
    ],
)
def test_written_json_is_compared_by_value(one: str, other: str, equal: bool) -> None:
    accepted = Outcome(accepted=True, json=one), Outcome(accepted=True, json=other)
    assert agrees(*accepted) is equal
    assert agrees(*reversed(accepted)) is equal


def test_errors_agree_if_they_have_the_same_path() -> None:
    rejected = Outcome(accepted=False, path="a.b", message="one wording")
    assert agrees(Outcome(accepted=False, path="a.b", message="another"), rejected)
    assert not agrees(Outcome(accepted=False, path="a"), rejected)
    assert not agrees(Outcome(accepted=False, path="a.b", crash="KeyError"), rejected)
    assert not agrees(Outcome(accepted=True, json="{}"), rejected)


def test_integers_and_doubles_of_any_size_are_compared() -> None:
    assert not same(10**309, float("inf"))
    assert not same(10**309, 1.5)
    assert same([10**23], [1e23])
    assert same([1e23], [10**23])


# Depth


UNIONS = """\
union: A
members: [B, string]
---
union: B
members: [C, int32]
---
union: C
members: [M, 'list[A]', 'map[A]', bool]
---
model: M
fields: {n: {type: A | null, required: true}}
"""


def nested(levels: int) -> bytes:
    brackets = (('{"n": ', "}"), ("[", "]"))
    pairs = [brackets[level % 2] for level in range(levels)]
    return "".join([*(b for b, _ in pairs), "7", *(a for _, a in reversed(pairs))]).encode()


def test_the_deepest_document_is_decoded_without_changing_the_recursion_limit() -> None:
    schema = schema_of(UNIONS)
    limit = sys.getrecursionlimit()
    wanted = expected(schema, Case("A", nested(DEPTH)), ALL)
    assert wanted is not None
    assert json.loads(wanted.json) == json.loads(nested(DEPTH))
    assert agrees(encoded_again(nested(DEPTH).decode()), wanted)
    assert sys.getrecursionlimit() == limit


@pytest.mark.parametrize("levels", [DEPTH + 1, 100_000])
def test_code_may_accept_or_reject_a_document_that_is_too_deep(levels: int) -> None:
    schema = schema_of(UNIONS)
    wanted = expected(schema, Case("A", nested(levels)), Holds())
    assert wanted is None
    assert agrees(Outcome(accepted=False), wanted)
    assert agrees(encoded_again(nested(levels).decode()), wanted)
    assert not agrees(Outcome(accepted=False, crash="RecursionError"), wanted)


# Several languages


@pytest.mark.slow
def test_the_shared_expectations_equal_those_of_each_language() -> None:
    schema = schema_in(MEANING)
    spec = f"{ORDER}  at: {{type: datetime, default: 2024-01-01T00:00:00.1234567Z}}\n"
    limited = read_schema({"specs/shop.yaml": spec}, "specs")
    small = Holds(integers=range(-(2**53) + 1, 2**53))
    languages = {
        "general": Language(schema, Holds()),
        "small": Language(schema, small),
        "fine": Language(schema, Holds(fraction=9)),
        "other": Language(limited, Holds()),
        "other, fine": Language(limited, Holds(fraction=9)),
    }
    expectations = Expectations(languages)
    for case in (*islice(cases(schema), 0, None, 3), *cases(limited)):
        assert expectations.of(case) == {
            name: expected(each.schema, case, each.holds)
            for name, each in languages.items()
            if case.definition in each.schema.by_id
        }


@pytest.mark.parametrize(
    ("document", "times"),
    [
        ('{"note": "\\ud800"}', 1),
        ('{"n\\u006fte": "a\\n"}', 1),
        ('{"at": "2024-01-01T00:00:00.123Z"}', 1),
        ('{"at": "2024-01-01T00:00:00.1234Z"}', 2),
        ('{"at": "2024-01-01T00:00:00.\\u003123456Z"}', 2),
        ('{"at": "2024-01-01T00:00:00\\u002E123456Z"}', 2),
        ('{"count": 9007199254740993}', 2),
    ],
)
def test_languages_share_what_they_represent_alike(
    document: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[Holds] = []

    def counted(schema: Schema, case: Case, holds: Holds) -> Outcome | None:
        decoded.append(holds)
        return expected(schema, case, holds)

    monkeypatch.setattr("modelsync.verify.expected.expected", counted)
    fields = "{note: {type: string}, at: {type: datetime}, count: {type: int64}}"
    schema = schema_of(f"model: M\nfields: {fields}\n")
    languages = {"one": Language(schema, Holds()), "other": Language(schema, Holds(fraction=9))}
    Expectations(languages).of(Case("M", document.encode()))
    assert len(decoded) == times
