r"""The characters of Unicode's general categories: `\p{Nd}`.

They are those of one version of Unicode, which `categories.txt` has, so that a pattern means the
same in every language, and with every Python that runs modelsync.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from modelsync.patterns.syntax import Ranges, union

_RUN: Final = re.compile(r"([A-Z][a-z])([0-9]*)")
_LONG_NAMES: Final = {
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


def short_name(name: str) -> str:
    """Return the short name of a general category, such as `Nd`; empty if it is none."""
    value = name.removeprefix("gc=").removeprefix("General_Category=")
    value = _LONG_NAMES.get(value, value)
    return value if ranges_of_category(value) else ""


@lru_cache(maxsize=64)
def ranges_of_category(name: str) -> Ranges:
    """Return the characters of a category by its short name; none if it is not known."""
    several = _all_categories()
    if name not in several and name not in {each[0] for each in several}:
        return ()
    return union(pair for each, pairs in several.items() if each.startswith(name) for pair in pairs)


@cache
def _all_categories() -> dict[str, list[tuple[int, int]]]:
    """Return the ranges of each category. The file has them as runs of characters, in order."""
    text = Path(__file__).with_name("categories.txt").read_text("ascii")
    found: dict[str, list[tuple[int, int]]] = {}
    start = 0
    for name, length in _RUN.findall(text.partition("\n")[2]):
        end = start + int(length or 1)
        found.setdefault(name, []).append((start, end - 1))
        start = end
    return found
