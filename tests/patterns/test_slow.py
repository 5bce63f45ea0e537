"""Which patterns may take more than linear time."""

from __future__ import annotations

import string

import pytest

from modelsync.patterns.check import check
from modelsync.patterns.parse import parse
from modelsync.patterns.slow import is_slow

LONG = string.ascii_lowercase * 7
SLOW = [
    r"^(\d+.)?(\d+.)?(\d+.)?(\d+)?$",
    "^a*a*$",
    "^a*b*a*$",
    "^(a|b)*a(a|b)*$",
    "^(a*b)*(ab*)*$",
    "^(x|a*a*)$",
    r"^\d{1,20}\d{1,20}$",
    r"^a+a+\b",
    # The search begins at each character.
    "a+b",
    r"^x|\s+$",
    "(?:^|,)a+b",
    f"^({LONG})*({LONG})*$",
]
FAST = [
    "^a*$",
    "^a*b*c*$",
    r"^\d+-\d+$",
    "^a{0,5}a{0,5}$",
    "^[a-z]([a-z-]{0,61}[a-z])?$",
    "^(a?b)+(c|d)*$",
    "^(?:a+|b+)$",
    "^a|^b+$",
    "abc",
    # Nothing that follows can fail.
    "^a*a*",
    "a+",
    f"^({LONG})*-({LONG})*$",
    "^" + "".join(f"{char}*-" for char in LONG) + "$",
]


@pytest.mark.parametrize("pattern", SLOW)
def test_a_slow_pattern_is_found(pattern: str) -> None:
    check(parse(pattern))
    assert is_slow(pattern)


@pytest.mark.parametrize("pattern", FAST)
def test_a_pattern_of_linear_time_is_not_slow(pattern: str) -> None:
    check(parse(pattern))
    assert not is_slow(pattern)


def test_a_pattern_that_needs_many_steps_counts_as_slow() -> None:
    pattern = f"^({'.' * 199})*x({'.' * 199})*$"
    check(parse(pattern))
    assert is_slow(pattern)
