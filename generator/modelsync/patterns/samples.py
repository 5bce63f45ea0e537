"""Texts that match a pattern, and texts that are one change away from a match."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from modelsync.patterns import syntax
from modelsync.patterns.syntax import Chars, Choice, Node, Ranges, Repeat, contains

_MOST_REPEATS: Final = 3
_LONGEST: Final = 2_000
_TIMES: Final = 4
"""How many characters a text has at most: so many, and so many more for each repeat."""
_MOST_TOO_LONG: Final = 8
_USUAL: Final = syntax.union([(0x20, 0x7E)])
_ODD: Final = ("\n", "\u00e9", "\u0661", "\u2028", "\U0001f600", " ", "_", "-", "0", "a", "Z")


def samples(
    pattern: Node, number: int, seed: int = 0, repeats: int = _MOST_REPEATS
) -> Iterator[str]:
    """Yield texts that follow the syntax tree of a pattern.

    Nearly all of them match it: anchors inside the pattern can be in the way. A part is repeated up
    to `repeats` times more than necessary. Equal arguments give equal texts. Texts that become far
    longer than that are omitted.
    """
    choose = random.Random(seed)  # noqa: S311 - not for secrets
    too_long = 0
    for _ in range(number):
        try:
            yield _sample(pattern, choose, repeats, _Length(_LONGEST + _TIMES * repeats))
        except _TooLongError:
            too_long += 1
            if too_long == _MOST_TOO_LONG:
                return


class _TooLongError(Exception):
    """A text becomes longer than anyone needs: repeats in repeats multiply."""


class _Length:
    """How much longer a text may become."""

    def __init__(self, most: int) -> None:
        self.left = most

    def add(self) -> None:
        """Count a character."""
        self.left -= 1
        if self.left < 0:
            raise _TooLongError


def mutants(text: str, number: int, seed: int = 0) -> Iterator[str]:
    """Yield copies of a text with one character removed, doubled, replaced or added."""
    choose = random.Random(f"{seed} {text}")  # noqa: S311
    for _ in range(number):
        at = choose.randrange(len(text) + 1)
        before, here, after = text[:at], text[at : at + 1], text[at + 1 :]
        instead = choose.choice(("", here * 2, choose.choice(_ODD), here + choose.choice(_ODD)))
        yield before + instead + after


def _sample(node: Node, choose: random.Random, repeats: int, length: _Length) -> str:
    match node:
        case Chars(ranges=ranges):
            length.add()
            return chr(_char(ranges, choose))
        case syntax.Sequence(parts=parts):
            return "".join(_sample(part, choose, repeats, length) for part in parts)
        case Choice(branches=branches):
            return _sample(choose.choice(branches), choose, repeats, length)
        case Repeat(part=part, least=least, most=most):
            limit = least + repeats
            count = choose.randint(least, limit if most is None else min(most, limit))
            return "".join(_sample(part, choose, repeats, length) for _ in range(count))
        case _:
            return ""


def _char(ranges: Ranges, choose: random.Random) -> int:
    """Return a character of the ranges, most often one that a keyboard has."""
    usual = _usual(ranges)
    if usual and choose.random() < 0.9:
        return choose.choice(usual)
    low, high = choose.choice(ranges)
    return choose.choice((low, high, choose.randint(low, high)))


@lru_cache(maxsize=1_000)
def _usual(ranges: Ranges) -> list[int]:
    return [char for low, high in _USUAL for char in range(low, high + 1) if contains(ranges, char)]
