"""Error messages of generated code, compared across languages."""

from __future__ import annotations

import struct


def same_message(first: str, second: str) -> bool:
    """Return whether two messages say the same, however they write a number at the end."""
    expected, _, found = first.rpartition(", found ")
    other_expected, _, other_found = second.rpartition(", found ")
    return expected == other_expected and _same_value(found, other_found)


def _same_value(first: str, second: str) -> bool:
    try:
        # A 32-bit number is written with the digits of 32 or of 64 bits.
        return first == second or _single(float(first)) == _single(float(second))
    except ValueError:
        return False


def _single(number: float) -> bytes:
    """Return the bytes of a number that is rounded to 32 bits, without the sign of zero."""
    number += 0.0
    try:
        return struct.pack("f", number)
    except OverflowError:
        return struct.pack("d", number)
