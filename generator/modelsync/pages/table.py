r"""Field tables: cells and their escapes, and the exact width of a column; read and written.

All columns of a table have the width of its longest cell, headers included, in UTF-16 units, as the
cell is *before* the escapes. A cell is escaped first and padded then, so an escaped cell may be
wider than its column. Where links were changed later, the width differs, and is stored beside the
cells.

Two things are not in a cell itself, but follow from the width of the table: whether spaces at its
end are padding, and whether a `<br/>` is a line feed or, between the examples of one field, a tag.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from modelsync.errors import Position, Problem

BREAK: Final = "<br/>"
_MAX_PADDED: Final = 8_000_000
"""The maximum size of a table with padding."""
_BAR: Final = re.compile(r"(?<!\\)\|")
_SEPARATOR: Final = re.compile(r"\| (-+) \|(?: \1 \|)*")
_NEXT_EXAMPLE: Final = re.compile(r"<br/>(?=\*\*Example [0-9]+:\*\*(?: |\Z))")
_FREE_TEXT: Final = ("Description", "Example", "Value")
"""The columns whose cells hold any text; those of the others have a form."""
_TYPE: Final = "Type"
"""A column that may hold tags, in literal types, but no spaces at the end."""
_FIRST_EXAMPLE: Final = "**Example 1:** "


def width(text: str) -> int:
    """Return the length of `text` in UTF-16 units, which is how the pages count."""
    return len(text) + sum(char > "\uffff" for char in text) if not text.isascii() else len(text)


def escape(cell: str) -> str:
    r"""Return a cell as it is written in a table: LF as `<br/>` and `|` as `\|`."""
    return cell.replace("\n", BREAK).replace("|", "\\|")


def unescape(cell: str) -> str:
    """Return the text of a cell, the inverse of :func:`escape`.

    Between examples, a `<br/>` is a tag of the page and stays.
    """
    cell = cell.replace("\\|", "|")
    if not cell.startswith(_FIRST_EXAMPLE):
        return cell.replace(BREAK, "\n")
    return BREAK.join(part.replace(BREAK, "\n") for part in _NEXT_EXAMPLE.split(cell))


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], column: int = 0) -> str:
    """Return a table without a line feed at its end; `column` overrides the width of a column."""
    all_rows = [headers, *rows]
    widest = column or max(width(cell) for row in all_rows for cell in row)
    # A very large table has less padding.
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
    """The text of one cell, and where it is."""

    text: str
    position: Position


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read."""

    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """Rows with as many cells as there are headers."""
    width: int = 0
    """The width of a column, if it does not follow from the cells; else 0."""


def read_table(path: str, first: int, lines: Sequence[str], problems: list[Problem]) -> Table:
    """Read the lines of a table, the first of which is the line `first` of the page `path`.

    The first line that is not a row ends it. A row that does not have as many cells as there are
    headers is reported, and omitted.
    """
    headers = tuple(cell.strip() for cell in _cells(lines[0]))
    separator = _SEPARATOR.fullmatch(lines[1]) if len(lines) > 1 else None
    column = len(separator[1]) if separator else 0
    if separator is None or lines[1] != _separator(column, len(headers)):
        problems.append(
            Problem(
                Position(path, first + 1),
                "MS101",
                "missing line of dashes below the header of the table",
                help="add a line with `| --- |` for each column, all of the same width",
            )
        )
    rows = []
    for number, line in enumerate(lines[2:], start=first + 2):
        if not line.startswith("|"):
            _check_end(path, number, lines[number - first :], problems)
            break
        texts = _cells(line)
        if len(texts) != len(headers):
            problems.append(_wrong_length(Position(path, number, 1, len(line)), texts, headers))
            continue
        rows.append(tuple(_row(path, number, texts, column)))
    is_explained = _restore_longest(headers, rows, column)
    return Table(headers, tuple(rows), 0 if is_explained else column)


def _separator(column: int, columns: int) -> str:
    return "| " + " | ".join(["-" * column] * columns) + " |"


def _cells(line: str) -> list[str]:
    return _BAR.split(line)[1:-1]


def _check_end(path: str, number: int, rest: Sequence[str], problems: list[Problem]) -> None:
    """Report what follows a table, unless it is a single line feed."""
    if list(rest) == [""]:
        return
    has_text = any(line.strip() for line in rest)
    message = "page must end with its table" + ("" if has_text else ", without an empty line")
    help_ = "remove what follows the table"
    problems.append(Problem(Position(path, number), "MS107", message, help=help_))


def _wrong_length(position: Position, cells: Sequence[str], headers: Sequence[str]) -> Problem:
    return Problem(
        position,
        "MS102",
        f"row has {len(cells)} cells, but the table has {len(headers)} columns",
        help="write a `|` inside a cell as `\\|`",
    )


def _row(path: str, number: int, texts: Sequence[str], column: int) -> list[Cell]:
    cells = []
    at = 3  # after "| "
    for text in texts:
        bare = text[1:-1]
        if width(bare) <= column or not column:
            bare = bare.rstrip(" ")
        cells.append(Cell(unescape(bare), Position(path, number, at, max(1, len(bare)))))
        at += len(text) + 1
    return cells


# What the width of a table says about its longest cell --------------------------------------------


def _restore_longest(headers: Sequence[str], rows: list[tuple[Cell, ...]], column: int) -> bool:
    """Restore the cell that made the table as wide as it is, if no cell is that long.

    Either `<br/>` are tags of the page, which count five and not one, or the cell ends with spaces.
    Returns whether the cells explain the width then.
    """
    texts = [*headers, *(cell.text for row in rows for cell in row)]
    longest = max(map(width, texts), default=0)
    if column <= longest:
        return column == longest or not column
    with_headers = [
        (header, cell) for row in rows for header, cell in zip(headers, row, strict=True)
    ]
    with_headers.sort(key=lambda pair: -width(pair[1].text))
    for restore, columns in _EXPLANATIONS:
        for header, cell in with_headers:
            text = restore(cell.text, column - width(cell.text)) if header in columns else ""
            if text:
                _replace(rows, cell, Cell(text, cell.position))
                return True
    return False


def _with_all_tags(text: str, missing: int) -> str:
    tags = text.count("\n")
    return text.replace("\n", BREAK) if tags * (len(BREAK) - 1) == missing else ""


def _with_spaces(text: str, missing: int) -> str:
    # A cell that its escapes make longer than the column keeps its spaces, and nobody writes more
    # spaces than text.
    return text + " " * missing if missing <= len(text) and text == escape(text) else ""


def _with_some_tags(text: str, missing: int) -> str:
    tags, rest = divmod(missing, len(BREAK) - 1)
    # The first empty line is not a tag: it follows the banner of a deprecated field.
    before, empty, after = text.partition("\n\n") if "\n\n" in text else ("", "", text)
    if tags > after.count("\n"):
        before, empty, after = "", "", text
    if rest or tags > after.count("\n"):
        return ""
    return before + empty + BREAK.join(after.rsplit("\n", tags))


_EXPLANATIONS: Final = (
    (_with_all_tags, (*_FREE_TEXT, _TYPE)),
    (_with_spaces, _FREE_TEXT),
    (_with_some_tags, (*_FREE_TEXT, _TYPE)),
)
"""Text that a cell may have lost, and the columns whose cells may have lost it.

Each function returns the whole text for a cell that lacks some units, or an empty one.
"""


def _replace(rows: list[tuple[Cell, ...]], old: Cell, new: Cell) -> None:
    for index, row in enumerate(rows):
        if any(cell is old for cell in row):
            rows[index] = tuple(new if cell is old else cell for cell in row)
            return
