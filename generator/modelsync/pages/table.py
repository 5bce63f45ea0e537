r"""Field tables: cells and their escapes, and the exact width of a column; read and written.

The one width of a table is that of its longest cell, headers among them, in UTF-16 units, as it
is *before* the escapes. A cell is escaped first and padded then, so an escaped cell may overflow.
Where links have been changed since, the width is another one, and is told beside the cells.

Two things a cell alone does not say, and the width of the table does: whether the blanks at its
end are padding or its own, and whether a `<br/>` stands for a line feed or, between the examples
of one field, for itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from modelsync.errors import Position, Problem

BREAK: Final = "<br/>"
_MAX_PADDED: Final = 8_000_000
"""How long a table may be made by its padding."""
_BAR: Final = re.compile(r"(?<!\\)\|")
_SEPARATOR: Final = re.compile(r"\| (-+) \|(?: \1 \|)*")
_NEXT_EXAMPLE: Final = re.compile(r"<br/>(?=\*\*Example [0-9]+:\*\*(?: |\Z))")
_FREE: Final = ("Description", "Example", "Value")
"""The columns whose cells hold what they like; those of the others have a form."""
_TYPE: Final = "Type"
"""A column that may hold tags, in literal types, but no blanks at the end."""
_FIRST_EXAMPLE: Final = "**Example 1:** "


def width(text: str) -> int:
    """Return the length of `text` in UTF-16 units, which is how the pages count."""
    return len(text) + sum(char > "\uffff" for char in text) if not text.isascii() else len(text)


def escape(cell: str) -> str:
    r"""Return a cell as it stands in a table: LF as `<br/>` and `|` as `\|`."""
    return cell.replace("\n", BREAK).replace("|", "\\|")


def unescape(cell: str) -> str:
    """Return what a cell says, the inverse of :func:`escape`.

    Between examples, a `<br/>` is a tag of the page's own and stays.
    """
    cell = cell.replace("\\|", "|")
    if not cell.startswith(_FIRST_EXAMPLE):
        return cell.replace(BREAK, "\n")
    return BREAK.join(part.replace(BREAK, "\n") for part in _NEXT_EXAMPLE.split(cell))


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], column: int = 0) -> str:
    """Return a table without a line feed at its end; `column` is its width if it has one."""
    all_rows = [headers, *rows]
    widest = column or max(width(cell) for row in all_rows for cell in row)
    # A table as large as that gets fewer spaces.
    column = min(widest, _MAX_PADDED // (len(all_rows) * len(headers)))
    lines = [
        "| " + " | ".join(_padded(escape(cell), column) for cell in row) + " |" for row in all_rows
    ]
    lines.insert(1, _separator(column, len(headers)))
    return "\n".join(lines)


def _padded(cell: str, column: int) -> str:
    return cell + " " * (column - width(cell))


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell says, and where it stands."""

    text: str
    position: Position


@dataclass(frozen=True, slots=True)
class Table:
    """The headers of a table, its rows of as many cells, and its width if its cells do not say."""

    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    width: int = 0


def read_table(path: str, first: int, lines: Sequence[str], problems: list[Problem]) -> Table:
    """Read the lines of a table, the first of which is the line `first` of the page `path`.

    The first line that is no row ends it. A row that has not as many cells as there are headers
    is a problem, and is left out.
    """
    headers = tuple(cell.strip() for cell in _cells(lines[0]))
    separator = _SEPARATOR.fullmatch(lines[1]) if len(lines) > 1 else None
    column = len(separator[1]) if separator else 0
    if separator is None or lines[1] != _separator(column, len(headers)):
        problems.append(
            Problem(
                Position(path, first + 1),
                "MS101",
                "a line of dashes is needed below the headers of a table",
                help="it has `| --- |` for each column, all of one width",
            )
        )
    rows = []
    for number, line in enumerate(lines[2:], start=first + 2):
        if not line.startswith("|"):
            _end(path, number, lines[number - first :], problems)
            break
        texts = _cells(line)
        if len(texts) != len(headers):
            problems.append(_uneven(Position(path, number, 1, len(line)), len(texts), headers))
            continue
        rows.append(tuple(_row(path, number, texts, column)))
    is_told = _give_back_width(headers, rows, column)
    return Table(headers, tuple(rows), 0 if is_told else column)


def _separator(column: int, columns: int) -> str:
    return "| " + " | ".join(["-" * column] * columns) + " |"


def _cells(line: str) -> list[str]:
    return _BAR.split(line)[1:-1]


def _end(path: str, number: int, rest: Sequence[str], problems: list[Problem]) -> None:
    if list(rest) == [""]:
        return
    said = next((line for line in rest if line.strip()), None)
    message = "the page should end with its table" + ("" if said else ", without an empty line")
    problems.append(Problem(Position(path, number), "MS107", message, help="remove what is behind"))


def _uneven(position: Position, found: int, headers: Sequence[str]) -> Problem:
    return Problem(
        position,
        "MS102",
        f"this row has {found} cells, and the table {len(headers)} columns",
        help="write a | inside a cell as \\|",
    )


def _row(path: str, number: int, texts: Sequence[str], column: int) -> list[Cell]:
    cells = []
    at = 3  # behind "| "
    for text in texts:
        bare = text[1:-1]
        if width(bare) <= column or not column:
            bare = bare.rstrip(" ")
        cells.append(Cell(unescape(bare), Position(path, number, at, max(1, len(bare)))))
        at += len(text) + 1
    return cells


def _give_back_width(headers: Sequence[str], rows: list[tuple[Cell, ...]], column: int) -> bool:
    """Give one cell what made the table as wide as it is, where none is as long as that.

    Either `<br/>` are tags of its own, which count five and not one, or it ends with blanks.
    Returns whether the cells tell the width then.
    """
    texts = [*headers, *(cell.text for row in rows for cell in row)]
    longest = max(map(width, texts), default=0)
    if column <= longest:
        return column == longest or not column
    named = [(header, cell) for row in rows for header, cell in zip(headers, row, strict=True)]
    named.sort(key=lambda pair: -width(pair[1].text))
    for explained, columns in _EXPLANATIONS:
        for header, cell in named:
            text = explained(cell.text, column - width(cell.text)) if header in columns else ""
            if text:
                _replace(rows, cell, Cell(text, cell.position))
                return True
    return False


def _with_all_tags(text: str, missing: int) -> str:
    tags = text.count("\n")
    return text.replace("\n", BREAK) if tags * (len(BREAK) - 1) == missing else ""


def _with_blanks(text: str, missing: int) -> str:
    # What its escapes make longer than the column has its blanks still, and nobody writes more
    # of them than of all else.
    return text + " " * missing if missing <= len(text) and text == escape(text) else ""


def _with_some_tags(text: str, missing: int) -> str:
    tags, rest = divmod(missing, len(BREAK) - 1)
    # The first empty line is the page's own: it stands behind the words for what is deprecated.
    before, empty, behind = text.partition("\n\n") if "\n\n" in text else ("", "", text)
    if tags > behind.count("\n"):
        before, empty, behind = "", "", text
    if rest or tags > behind.count("\n"):
        return ""
    return before + empty + BREAK.join(behind.rsplit("\n", tags))


_EXPLANATIONS: Final = (
    (_with_all_tags, (*_FREE, _TYPE)),
    (_with_blanks, _FREE),
    (_with_some_tags, (*_FREE, _TYPE)),
)
"""What a cell may have lost, and the columns whose cells may have."""


def _replace(rows: list[tuple[Cell, ...]], old: Cell, new: Cell) -> None:
    for index, row in enumerate(rows):
        if any(cell is old for cell in row):
            rows[index] = tuple(new if cell is old else cell for cell in row)
            return
