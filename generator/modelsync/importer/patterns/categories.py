r"""The characters of Unicode properties, as ranges: `\p{Nd}`."""

from __future__ import annotations

import sys
import unicodedata
from functools import cache, lru_cache
from itertools import groupby
from typing import Final

from modelsync.patterns.syntax import LAST, Ranges, union

_SPECIAL: Final[dict[str, Ranges]] = {
    "Any": union([(0, LAST)]),
    "ASCII": union([(0, 0x7F)]),
    "ASCII_Hex_Digit": union([(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)]),
}
_LONG_NAMES: Final = {
    "AHex": "ASCII_Hex_Digit",
    "Letter": "L",
    "Lowercase_Letter": "Ll",
    "Uppercase_Letter": "Lu",
    "Titlecase_Letter": "Lt",
    "Modifier_Letter": "Lm",
    "Other_Letter": "Lo",
    "Mark": "M",
    "Number": "N",
    "Decimal_Number": "Nd",
    "digit": "Nd",
    "Letter_Number": "Nl",
    "Other_Number": "No",
    "Punctuation": "P",
    "punct": "P",
    "Symbol": "S",
    "Math_Symbol": "Sm",
    "Currency_Symbol": "Sc",
    "Modifier_Symbol": "Sk",
    "Other_Symbol": "So",
    "Separator": "Z",
    "Space_Separator": "Zs",
    "Line_Separator": "Zl",
    "Paragraph_Separator": "Zp",
    "Other": "C",
    "Control": "Cc",
    "cntrl": "Cc",
    "Format": "Cf",
    "Private_Use": "Co",
    "Connector_Punctuation": "Pc",
    "Dash_Punctuation": "Pd",
    "Open_Punctuation": "Ps",
    "Close_Punctuation": "Pe",
    "Initial_Punctuation": "Pi",
    "Final_Punctuation": "Pf",
    "Other_Punctuation": "Po",
}
_CATEGORIES: Final = frozenset(
    "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp"
    " C Cc Cf Co".split()
)


@lru_cache(maxsize=64)
def ranges_of_property(name: str) -> Ranges | None:
    """Return the characters of a general category; None if it is not known.

    They are those of the version of Unicode that this Python has.
    """
    value = name.removeprefix("gc=").removeprefix("General_Category=")
    value = _LONG_NAMES.get(value, value)
    if value in _SPECIAL:
        return _SPECIAL[value]
    if value not in _CATEGORIES:
        return None
    return _of_category(value)


def _of_category(value: str) -> Ranges:
    several = _all_categories()
    return union(
        pair for name, pairs in several.items() if name.startswith(value) for pair in pairs
    )


@cache
def _all_categories() -> dict[str, list[tuple[int, int]]]:
    """Return the ranges of each category, found in one pass over all characters."""
    found: dict[str, list[tuple[int, int]]] = {}
    names = map(unicodedata.category, map(chr, range(sys.maxunicode + 1)))
    start = 0
    for name, group in groupby(names):
        end = start + sum(1 for _ in group)
        found.setdefault(name, []).append((start, end - 1))
        start = end
    return found
