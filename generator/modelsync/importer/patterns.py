"""Regular expressions of ECMA-262 -> the dialect of specs, with the same meaning."""

from __future__ import annotations

from typing import NamedTuple

from modelsync.patterns.check import check
from modelsync.patterns.parse import parse
from modelsync.patterns.syntax import PatternError


class ReadPattern(NamedTuple):
    """What a spec has for a pattern."""

    text: str | None = None
    """The pattern in the dialect of specs. None if there is none, or if it says nothing."""
    problem: str = ""
    """Why the dialect cannot say it, as the end of a clause."""


def read_pattern(pattern: str) -> ReadPattern:
    """Return a regular expression of ECMA-262 in the dialect of specs."""
    try:
        check(parse(pattern))
    except PatternError as error:
        return ReadPattern(None, f"is not portable: {error.message}")
    return ReadPattern(pattern)
