"""The meaning of constraints, in the cases where languages differ."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from modelsync.schema.constraints import NONE, Constraints, is_multiple, number_of
from modelsync.schema.shown import shown


@pytest.mark.parametrize(
    ("value", "divisor", "expected"),
    [
        (0.3, "0.1", True),
        (0.30000000000000004, "0.1", False),
        (1e300, "0.1", True),
        (1e308, "0.123456789", False),
        (5e-324, "0.1", False),
        (1.1, "0.01", True),
        (9007199254740993, "3", True),
        (float("0.1000000000000000055"), "0.1", True),
        (0.0, "7", True),
        (-0.0, "7", True),
        (-0.3, "0.1", True),
        (12, "1.5", True),
        (13, "1.5", False),
        ("1.50", "0.5", True),
        ("1.5000000000000000000000000000000000000001", "0.5", False),
        ("1e3", "1e2", True),
    ],
)
def test_multiples_are_decimal_arithmetic(value: float | str, divisor: str, expected: bool) -> None:
    assert is_multiple(number_of(value), Decimal(divisor)) is expected


@pytest.mark.parametrize(
    ("text", "length"), [("\U0001f600", 1), ("e\u0301", 2), ("\r\n", 2), ("", 0)]
)
def test_lengths_count_code_points(text: str, length: int) -> None:
    assert Constraints(min_length=length, max_length=length).failure(text) is None
    assert Constraints(min_length=length + 1).failure(text) == (
        f"expected at least {length + 1} character{'s' * (length > 0)}",
        f", found {length}",
    )


@pytest.mark.parametrize(
    ("items", "are_different"),
    [
        ([1, True], True),
        ([0, False, None, "0"], True),
        ([1, 1], False),
        (["a", "A"], True),
        ([None, None], False),
        ([], True),
    ],
)
def test_items_are_equal_if_they_are_the_same_json(
    items: list[object], are_different: bool
) -> None:
    assert (Constraints(unique_items=True).failure(items) is None) is are_different


@pytest.mark.parametrize(
    ("constraint", "value", "is_valid"),
    [
        ("maximum", 0.1, True),
        ("minimum", 0.1, True),
        ("exclusive_maximum", 0.1, False),
        ("exclusive_maximum", 0.09999999, True),
        ("maximum", 0.10000001, False),
    ],
)
def test_bounds_of_a_float32_are_rounded_to_32_bits(
    constraint: str, value: float, is_valid: bool
) -> None:
    limits = replace(NONE, **{constraint: Decimal("0.1")})  # type: ignore[arg-type]
    assert (limits.failure(value, "float32") is None) is is_valid


@pytest.mark.parametrize(
    ("value", "accepted"),
    [("1.0", True), ("1.00000000000000000000000000001", False), ("-1e500", True)],
)
def test_decimals_are_compared_by_their_digits(value: str, accepted: bool) -> None:
    assert (Constraints(maximum=Decimal("1.00")).failure(value, "decimal") is None) is accepted


def test_the_first_constraint_that_fails_is_the_error() -> None:
    limits = Constraints(max_length=2, pattern="^b", min_length=1)
    assert limits.failure("aaa") == ("expected at most 2 characters", ", found 3")
    assert limits.failure("aa") == ("expected a match of ^b", ', found "aa"')
    both = Constraints(minimum=Decimal(5), multiple_of=Decimal(2))
    assert both.failure(3, "int64") == ("expected a number of at least 5", ", found 3")
    assert both.failure(7, "int64") == ("expected a number that is a multiple of 2", ", found 7")


def test_an_error_shows_the_beginning_of_a_long_text() -> None:
    fits, long = "é" * 40, "é" * 41
    assert shown(fits) == f'"{fits}"'
    assert shown(long) == f'"{long[:37]}..."'


def test_an_error_shows_which_items_are_equal() -> None:
    assert Constraints(unique_items=True).failure([1, True, "1", True, 1]) == (
        "expected different items",
        ", found [3] equal to [1]",
    )
