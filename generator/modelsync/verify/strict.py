"""A JSON reader as strict as RFC 8259."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Final

from modelsync.schema.json_values import Json, refuse_constant

DEPTH: Final = 200
"""The nesting depth that every language must be able to decode."""

_MAX_DIGITS: Final = 309
"""An integer with more digits exceeds every double; Python refuses to parse thousands of digits."""
_LONG: Final = re.compile(rf"\d{{{_MAX_DIGITS}}}")
_NO_BRACKETS: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*+"?|[^]["{}])++', re.DOTALL)
_LEVELS: Final = {"[": 1, "{": 1, "]": -1, "}": -1}


def parse(text: str, parse_float: Callable[[str], float] = float) -> Json:
    """Decode a document; of duplicate keys, the last one counts. Raises ValueError.

    `parse_float` reads a number that has a fraction or an exponent.
    """
    value: Json = json.loads(
        text, parse_constant=refuse_constant, parse_int=_integer, parse_float=parse_float
    )
    return value


def parse_written(text: str) -> Json:
    """Decode a document that code has written. Raises ValueError, also for duplicate keys."""
    value: Json = json.loads(
        text, parse_constant=refuse_constant, parse_int=_integer, object_pairs_hook=_object
    )
    return value


def nesting(text: str) -> int:
    """Return how deep a document nests."""
    brackets = _NO_BRACKETS.sub("", text)
    return max(accumulate(map(_LEVELS.__getitem__, brackets), initial=0))


def nests_too_deep(text: str) -> bool:
    """Whether a document nests deeper than every language must be able to decode."""
    if text.count("[") + text.count("{") <= DEPTH:
        return False
    return nesting(text) > DEPTH


def is_extreme(text: str) -> bool:
    """Whether some JSON readers reject a document."""
    return nests_too_deep(text) or _LONG.search(text) is not None


def _integer(digits: str) -> int | float:
    if len(digits.lstrip("-")) > _MAX_DIGITS:
        return -math.inf if digits.startswith("-") else math.inf
    return int(digits)


def _object(members: Sequence[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(members)
    if len(value) != len(members):
        keys = [key for key, _ in members]
        duplicate = next(key for key in value if keys.count(key) > 1)
        raise ValueError(f"duplicate key {json.dumps(duplicate)}")
    return value
