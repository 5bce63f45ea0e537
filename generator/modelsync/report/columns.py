"""Lay out rows of text as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_GAP = "  "


def columns(rows: Sequence[Sequence[str]], align: str = "l") -> Iterator[str]:
    """Yield each row as one line, with its cells padded to the width of their columns.

    `align` has a letter for each column: `l` aligns it to the left, `r` to the right. Columns
    after its end take its last letter. Lines have no trailing spaces.
    """
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    sides = align.ljust(len(widths), align[-1])
    for row in rows:
        cells = (
            cell.rjust(width) if side == "r" else cell.ljust(width)
            for cell, width, side in zip(row, widths, sides, strict=False)
        )
        yield _GAP.join(cells).rstrip()
