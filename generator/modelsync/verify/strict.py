"""JSON text -> what it says, as strictly as RFC 8259 has it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Final, NoReturn

from modelsync.schema.meaning import Json

DEPTH: Final = 200
"""How deep documents may nest that every language has to read."""

_MAX_DIGITS: Final = 309
"""An integer of more digits is beyond every double; Python refuses to read one of thousands."""
_LONG: Final = re.compile(rf"\d{{{_MAX_DIGITS}}}")
_STRING_OR_BRACKET: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?|[][{}]', re.DOTALL)


def parse(text: str) -> Json:
    """Return what a document says; of two equal keys the last one. Raises ValueError."""
    value: Json = json.loads(text, parse_constant=_refuse, parse_int=_integer)
    return value


def parse_written(text: str) -> Json:
    """Return what a document says that code has written: it has no key twice. Raises ValueError."""
    value: Json = json.loads(
        text, parse_constant=_refuse, parse_int=_integer, object_pairs_hook=_object
    )
    return value


def nesting(text: str) -> int:
    """Return how deep a document nests."""
    level = deepest = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        level += (found[0] in "[{") - (found[0] in "]}")
        deepest = max(deepest, level)
    return deepest


def nests_too_deep(text: str) -> bool:
    """Whether a document nests deeper than every language has to read."""
    if text.count("[") + text.count("{") <= DEPTH:
        return False
    return nesting(text) > DEPTH


def is_extreme(text: str) -> bool:
    """Whether a document is one that not every reader of JSON takes."""
    return nests_too_deep(text) or _LONG.search(text) is not None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _integer(digits: str) -> int | float:
    if len(digits.lstrip("-")) > _MAX_DIGITS:
        return -math.inf if digits.startswith("-") else math.inf
    return int(digits)


def _object(members: Sequence[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(members)
    if len(found) != len(members):
        keys = [key for key, _ in members]
        twice = next(key for key in found if keys.count(key) > 1)
        raise ValueError(f"the key {json.dumps(twice)} comes twice")
    return found
