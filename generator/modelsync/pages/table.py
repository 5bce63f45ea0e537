"""Field tables: cells and their escapes, and the exact width of a column.

The one width of a table is that of its longest cell, headers among them, in UTF-16 units, as it
is *before* the escapes. A cell is escaped first and padded then, so an escaped cell may overflow.
"""

from __future__ import annotations

from collections.abc import Sequence


def width(text: str) -> int:
    """Return the length of `text` in UTF-16 units, which is how the pages count."""
    return len(text) + sum(char > "\uffff" for char in text) if not text.isascii() else len(text)


def escape(cell: str) -> str:
    r"""Return a cell as it stands in a table: LF as `<br/>` and `|` as `\|`."""
    return cell.replace("\n", "<br/>").replace("|", "\\|")


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table without a line feed at its end."""
    all_rows = [headers, *rows]
    column = max(width(cell) for row in all_rows for cell in row)
    lines = [
        "| " + " | ".join(_padded(escape(cell), column) for cell in row) + " |" for row in all_rows
    ]
    lines.insert(1, "| " + " | ".join(["-" * column] * len(headers)) + " |")
    return "\n".join(lines)


def _padded(cell: str, column: int) -> str:
    return cell + " " * (column - width(cell))
