"""Constraints are read into their simplest form, and apply to the right parts of a type."""

from __future__ import annotations

from decimal import Decimal

import pytest

from modelsync.errors import Problem, ProblemsError
from modelsync.schema.constraints import Constraints
from modelsync.schema.definitions import Field, Model
from modelsync.schema.types import (
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
)
from modelsync.spec.read import read_schema

STRING, INTEGER = Scalar("string"), Scalar("int64")
OTHERS = """
---
enum: E
values: {a: , b: }
---
enum: Open
open: true
values: {a: }
---
model: M
fields: {}
"""


def field(keys: str) -> Field:
    schema = read_schema({"specs/a.yaml": f"model: A\nfields:\n  f: {{{keys}}}\n{OTHERS}"}, "specs")
    model = schema.by_id["A"]
    assert isinstance(model, Model)
    return model.fields[0]


def problem(spec: str) -> Problem:
    with pytest.raises(ProblemsError) as raised:
        read_schema({"specs/a.yaml": spec}, "specs")
    (found,) = raised.value.problems
    return found


def problem_of(keys: str) -> Problem:
    return problem(f"model: A\nfields:\n  f: {{{keys}}}\n{OTHERS}")


def limited(type_: Type, **constraints: object) -> Limited:
    return Limited(type_, Constraints(**constraints))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("type: string, minLength: 1", limited(STRING, min_length=1)),
        ("type: string | null, maxLength: 1", Nullable(limited(STRING, max_length=1))),
        (
            "type: '\"auto\" | int64', minimum: 5",
            AnyOf((Constant("auto"), limited(INTEGER, minimum=Decimal(5)))),
        ),
        (
            "type: 'string | list[string]', minLength: 2, minItems: 3",
            AnyOf((limited(STRING, min_length=2), limited(ListOf(STRING), min_items=3))),
        ),
        ("type: 'map[string]', minProperties: 0", limited(MapOf(STRING), min_properties=0)),
        ("type: 'list[E]', uniqueItems: true", limited(ListOf(Ref("E")), unique_items=True)),
        ("type: 'list[Open | null]', uniqueItems: true", None),
        ("type: 'list[string]', uniqueItems: false", ListOf(STRING)),
    ],
)
def test_constraints_apply_to_the_alternatives_that_can_have_them(
    keys: str, expected: Type | None
) -> None:
    type_ = field(keys).type
    assert expected is None or type_ == expected


@pytest.mark.parametrize(
    ("keys", "minimum", "maximum"),
    [
        ("exclusiveMinimum: 0, exclusiveMaximum: 0.2e1", 1, 1),
        ("minimum: 5, exclusiveMinimum: 3", 5, None),
        ("minimum: 5, exclusiveMinimum: 5", 6, None),
        ("maximum: -1, exclusiveMaximum: -1", None, -2),
        ("exclusiveMinimum: -9223372036854775808", -(2**63) + 1, None),
        ("maximum: 123456789012345678901234567890123", None, 123456789012345678901234567890123),
    ],
)
def test_bounds_of_integers_become_inclusive(
    keys: str, minimum: int | None, maximum: int | None
) -> None:
    type_ = field(f"type: int64, {keys}").type
    assert isinstance(type_, Limited)
    low = None if minimum is None else Decimal(minimum)
    high = None if maximum is None else Decimal(maximum)
    assert type_.constraints == Constraints(minimum=low, maximum=high)


@pytest.mark.parametrize(
    "keys",
    [
        "type: float64, exclusiveMinimum: 1.7976931348623157e308",
        "type: float64, exclusiveMaximum: -1.7976931348623157e308",
        "type: float32, minimum: 0.1, exclusiveMaximum: 0.1",
        "type: float32, exclusiveMinimum: 0.1, maximum: 0.10000000149011612",
        "type: decimal, minimum: 0.1, maximum: 0.19, multipleOf: 0.2",
        "type: decimal, exclusiveMinimum: -0.2, exclusiveMaximum: 0, multipleOf: 0.2",
        "type: int64, minimum: 1, maximum: 2, multipleOf: 1.5",
        "type: uint64, minimum: 1, multipleOf: 1e20",
        "type: uint64, exclusiveMinimum: 18446744073709551615",
        "type: hostname, minLength: 254",
        "type: email, maxLength: 2",
        "type: 'list[E]', minItems: 3, uniqueItems: true",
        'type: \'list["a" | "b"]\', minItems: 3, uniqueItems: true',
    ],
)
def test_constraints_that_no_value_satisfies_are_a_problem(keys: str) -> None:
    assert problem_of(keys).code == "MS025"


@pytest.mark.parametrize(
    "keys",
    [
        "type: float64, minimum: 1.7976931348623157e308",
        "type: float32, minimum: 0.1, maximum: 0.10000000149011612",
        "type: decimal, minimum: 0.1, maximum: 0.2, multipleOf: 0.2",
        "type: decimal, exclusiveMaximum: 0, multipleOf: 0.2",
        "type: int64, minimum: 1, maximum: 3, multipleOf: 1.5",
        "type: int64, multipleOf: 1e20",
        "type: uint64, minimum: 0",
        "type: hostname, minLength: 253, maxLength: 253",
        "type: email, maxLength: 3",
        "type: 'list[Open]', minItems: 3, uniqueItems: true",
        "type: 'list[bool | null]', minItems: 3, uniqueItems: true",
        "type: 'list[date | bytes | uuid]', uniqueItems: true",
    ],
)
def test_constraints_that_a_value_satisfies_are_accepted(keys: str) -> None:
    field(keys)


@pytest.mark.parametrize(
    ("keys", "help_"),
    [
        ("type: 'list[int64]', maxLength: 3", "for lists, write `maxItems`"),
        (
            "type: 'list[string]', maxLength: 3",
            "for lists, write `maxItems`; to limit the items, move it to an alias, and write"
            " `list[ItsName]`",
        ),
        (
            "type: 'map[string]', pattern: a",
            "to limit the values, move it to an alias, and write `map[ItsName]`",
        ),
        ("type: 'map[string] | null', minItems: 3", "for maps, write `minProperties`"),
        ("type: string, minimum: 3", "for strings, write `minLength`"),
        ("type: int64, maxProperties: 3", "for numbers, write `maximum`"),
        ("type: M, minProperties: 3", "remove `minProperties`"),
        ("type: E, minLength: 3", "remove `minLength`"),
        ("type: uuid, pattern: a", "remove `pattern`"),
        ("type: 'list[M]', uniqueItems: true", "remove `uniqueItems`"),
        ("type: 'list[decimal]', uniqueItems: true", "remove `uniqueItems`"),
    ],
)
def test_help_for_a_constraint_on_another_type_names_the_right_key(keys: str, help_: str) -> None:
    found = problem_of(keys)
    assert (found.code, found.help) == ("MS023", help_)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        (r"ab\Bc", "3:28:2"),
        (r"'ab\Bc'", "3:29:2"),
        (r'"ab\\Bc"', "3:26:8"),
        (r"'it''s\B'", "3:26:9"),
        ("|\n      ab\\B\n", "3:26:1"),
        ("é🙂\\B", "3:28:2"),
    ],
    ids=["plain", "quoted", "escaped", "doubled", "block", "wide"],
)
def test_a_problem_points_into_the_pattern_if_it_is_as_written(written: str, place: str) -> None:
    spec = f"model: A\nfields:\n  f: \n    type: string\n    pattern: {written}\n"
    found = problem(spec).position
    line, column, width = map(int, place.split(":"))
    assert (found.line, found.column, found.width) == (line + 2, column - 12, width)


@pytest.mark.parametrize("value", ["[1, true]", "[true, 1, '1', null]"])
def test_items_of_different_kinds_are_different(value: str) -> None:
    field(f"type: 'list[int64 | bool | string | null]', uniqueItems: true, default: {value}")


def test_a_default_that_breaks_a_constraint_is_a_problem() -> None:
    assert problem_of("type: string, maxLength: 1, default: ab").code == "MS030"
    assert problem_of("type: 'list[E]', uniqueItems: true, example: [a, a]").code == "MS031"
