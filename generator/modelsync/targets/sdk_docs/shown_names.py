"""What the names on pages are derived from. They follow SDK generators, not modelsync's code."""

from __future__ import annotations

import unicodedata

from modelsync.targets.naming_rules import signed


def shown_source(text: str | int) -> str:
    """Return the text that the shown name of a JSON key or value is derived from.

    `1st` is `n1st`, and the integer -1 is `minus1`.
    """
    if isinstance(text, int):
        return f"n{text}" if text >= 0 else f"minus{-text}"
    text = signed(text)
    return f"n{text}" if unicodedata.normalize("NFKC", text[:1])[:1].isdecimal() else text
