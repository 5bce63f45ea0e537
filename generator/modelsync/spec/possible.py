"""Whether any value of a type satisfies its constraints.

Of patterns, only the lengths of their matches count, so there may still be none.
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from modelsync.patterns.lengths import longest_text, shortest
from modelsync.patterns.parse import parse
from modelsync.schema.constraints import Constraints
from modelsync.schema.formats import FORMATS
from modelsync.schema.scalars import shortest_float32
from modelsync.schema.types import INTEGERS

_SHORTEST: Final = {"uri": len("a:"), "email": len("a@b"), "hostname": len("a")}
_BOUNDS: Final = ("minimum", "exclusive_minimum", "maximum", "exclusive_maximum")


def bounds_of(own: Constraints) -> Iterator[tuple[str, Decimal]]:
    """Yield the name and the value of each bound of a number."""
    for name in _BOUNDS:
        limit = getattr(own, name)
        if limit is not None:
            yield name, limit


def has_size(least: int | None, most: int | None) -> bool:
    """Return whether there are sizes between two, both included."""
    return least is None or most is None or least <= most


def has_length(scalar: str, own: Constraints) -> bool:
    """Return whether a text of a scalar can have a length that is allowed."""
    longest = FORMATS[scalar].max_length if scalar in FORMATS else None
    return (
        has_size(own.min_length, own.max_length)
        and has_size(own.min_length, longest)
        and has_size(_SHORTEST.get(scalar), own.max_length)
    )


def fits_float(scalar: str, number: float) -> bool:
    """Return whether a number is finite as a float of 32 or 64 bits."""
    try:
        return math.isfinite(number if scalar == "float64" else _single(number))
    except OverflowError:
        return False


def has_number(scalar: str, own: Constraints) -> bool:
    """Return whether a number of a scalar is in range, and a multiple if it has to be one."""
    given = {name: _as_compared(scalar, limit) for name, limit in bounds_of(own)}
    lows = [(given[name], name == "exclusive_minimum") for name in _BOUNDS[:2] if name in given]
    highs = [(given[name], name == "maximum") for name in _BOUNDS[2:] if name in given]
    if scalar in INTEGERS:
        lows.append((Fraction(INTEGERS[scalar][0]), False))
        highs.append((Fraction(INTEGERS[scalar][-1]), True))
    elif scalar == "float64":
        lows.append((-_LARGEST, False))
        highs.append((_LARGEST, True))
    if not lows or not highs:
        return True
    (low, low_is_excluded), (high, high_is_included) = max(lows), min(highs)
    step = None if own.multiple_of is None else Fraction(own.multiple_of)
    if scalar in INTEGERS:
        # The integers among the multiples of 3/2 are the multiples of 3.
        step = Fraction(step.numerator if step else 1)
    if step:
        first = math.ceil(low / step) * step
        low, low_is_excluded = first + step * (low_is_excluded and first == low), False
    return low < high or (low == high and high_is_included and not low_is_excluded)


_LARGEST: Final = Fraction(Decimal(repr(sys.float_info.max)))


def _as_compared(scalar: str, limit: Decimal) -> Fraction:
    if scalar == "float32":
        return Fraction(Decimal(repr(shortest_float32(_single(float(limit))))))
    return Fraction(limit)


def _single(number: float) -> float:
    """Return the nearest float of 32 bits. Raise OverflowError if there is none."""
    (single,) = struct.unpack("<f", struct.pack("<f", number))
    return float(single)


def has_match_of(pattern: str | None, least: int | None = None, most: int | None = None) -> bool:
    """Return whether a text of these lengths can match a pattern, as far as lengths show it."""
    if pattern is None or (least is None and most is None):
        return True
    node = parse(pattern)
    longest = longest_text(node)
    return (most is None or shortest(node) <= most) and (
        least is None or longest is None or longest >= least
    )
