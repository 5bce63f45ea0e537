"""What a pattern consists of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

LAST: Final = 0x10FFFF
_SURROGATES: Final = (0xD800, 0xDFFF)

Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""Ranges of code points, both ends included: sorted, not adjacent, and without surrogates."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the text: its start, its end, or the boundary of a word."""

    kind: Literal["start", "end", "word"]


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other. An empty sequence matches the empty text."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of at least two branches."""

    branches: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part, several times."""

    part: Node
    least: int
    most: int | None
    """None if there is no limit."""
    offset: int
    """Where the repetition starts in the pattern, in code points."""
    width: int


Node: TypeAlias = Chars | Anchor | Sequence | Choice | Repeat


class PatternError(Exception):
    """A pattern that is not in the dialect. `offset` and `width` count code points in it."""

    def __init__(self, message: str, offset: int, width: int = 1, help_: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.width = max(1, width)
        self.help = help_


def union(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return the characters that are in any of the ranges."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(part for pair in ranges for part in _without_surrogates(*pair)):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def _without_surrogates(low: int, high: int) -> list[tuple[int, int]]:
    first, last = _SURROGATES
    parts = [(low, min(high, first - 1)), (max(low, last + 1), high)]
    return [part for part in parts if part[0] <= part[1]]


def code_point(high: int, low: int) -> int | None:
    """Return the character that two UTF-16 code units are, None if they are no pair."""
    if 0xD800 <= high <= 0xDBFF and 0xDC00 <= low <= 0xDFFF:
        return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
    return None


def complement(ranges: Ranges) -> Ranges:
    """Return the characters that are in none of the ranges."""
    others = []
    start = 0
    for low, high in ranges:
        if start < low:
            others.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        others.append((start, LAST))
    return union(others)


def overlap(left: Ranges, right: Ranges) -> bool:
    """Return whether a character is in both."""
    a = b = 0
    while a < len(left) and b < len(right):
        if left[a][1] < right[b][0]:
            a += 1
        elif right[b][1] < left[a][0]:
            b += 1
        else:
            return True
    return False


def contains(ranges: Ranges, char: int) -> bool:
    """Return whether a character is in the ranges."""
    return any(low <= char <= high for low, high in ranges)


DIGITS: Final = union([(0x30, 0x39)])
WORD: Final = union([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
SPACES: Final = union([(0x09, 0x0D), (0x20, 0x20)])
CLASSES: Final = {
    "d": DIGITS,
    "D": complement(DIGITS),
    "w": WORD,
    "W": complement(WORD),
    "s": SPACES,
    "S": complement(SPACES),
}
"""The characters of an escape, by its letter."""
CONTROLS: Final = {"t": 0x09, "n": 0x0A, "v": 0x0B, "f": 0x0C, "r": 0x0D}
"""The code point of an escape, by its letter."""
ANY: Final = complement(union([(0x0A, 0x0A)]))
"""What `.` matches."""
