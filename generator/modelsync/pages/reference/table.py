"""Tables of reference pages, with the layout that Prettier gives them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def rows(headers: Sequence[str], cells: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table: its header, the line of dashes, and each row.

    Each column is as wide as its longest cell.
    """
    columns = [*zip(headers, *cells, strict=True)]
    widths = [max(3, *map(width, column)) for column in columns]
    dashes = ["-" * column for column in widths]
    return [_line(row, widths) for row in (headers, dashes, *cells)]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (column - width(cell)) for cell, column in zip(cells, widths, strict=True)
    )
    return f"| {' | '.join(padded)} |"


def width(text: str) -> int:
    """Return how many columns a text takes: wide characters take two, combining ones none."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 1 + (unicodedata.east_asian_width(char) in "WF")
