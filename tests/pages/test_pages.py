"""Field tables, and the five pages that the project started from."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.strategies import PROSE
from modelsync.errors import Problem
from modelsync.pages.table import escape, read_table, table, unescape, width

# The project has only the checksums of the original pages, which show any difference.
SEEDS = {
    "mix-go/models/components/exportsession.md": "71defd3f7f34951b",
    "mix-typescript/models/exportsession.md": "0743f8223bb04979",
    "orq-node/models/operations/createsessionresponsebody.md": "c69a37c502976dd7",
    "orq-node/models/operations/getsessionresponsebody.md": "f4dd5e0a8133db11",
    "orq-node/models/operations/listsessionsdata.md": "7bec527479611c35",
}


@pytest.mark.parametrize("page", SEEDS)
def test_a_seed_page_is_generated_byte_for_byte(page: str, root: Path) -> None:
    data = (root / "generated/docs" / page).read_bytes()
    assert hashlib.sha256(data).hexdigest()[:16] == SEEDS[page]


def test_all_columns_have_one_width_and_escapes_do_not_count() -> None:
    assert table(["A", "B"], [["x|y", "ab\ncd"], ["", "🙂"]]).split("\n") == [
        "| A     | B     |",
        "| ----- | ----- |",
        r"| x\|y  | ab<br/>cd |",
        "|       | 🙂    |",
    ]


def tables_in(page: str) -> list[str]:
    """Return the text of each table on a page."""
    return re.findall(r"^\|.*\|$\n\| -+ \|.*(?:\n\|.*\|$)*", page, re.M)


def cells_of(row: str) -> list[str]:
    """Return the cells of a row, unescaped and without padding."""
    cells = re.split(r"(?<!\\)\|", row)[1:-1]
    return [unescape(cell[1:-1].rstrip()) for cell in cells]


def test_the_tables_of_real_pages_come_back_byte_for_byte(corpus: Path) -> None:
    """One table in a thousand may differ: it does not show spaces at the end of a cell, or that a
    cell was changed after padding."""
    tables = [
        found
        for page in sorted(corpus.glob("*/docs/**/*.md"))
        for found in tables_in(page.read_text("utf-8"))
    ]
    assert len(tables) > 1_000
    wrong = []
    for found in tables:
        header, _, *rows = found.split("\n")
        if table(cells_of(header), [cells_of(row) for row in rows]) != found:
            wrong.append(found)
    assert len(wrong) <= len(tables) / 1000, wrong[0]


def test_a_table_without_rows_has_only_its_header() -> None:
    assert table(["Field", "Type"], []) == "| Field | Type  |\n| ----- | ----- |"


def test_width_counts_utf_16_units() -> None:
    assert [width(text) for text in ("abc", "é", "名", "🙂")] == [3, 1, 1, 2]


CELLS = st.one_of(PROSE, st.just("x" * 90), st.just("**Example 1:** a<br/>**Example 2:** b\nc"))


@given(PROSE.filter(lambda text: "<br/>" not in text))
def test_a_cell_that_is_escaped_comes_back(cell: str) -> None:
    assert unescape(escape(cell)) == cell


@given(st.lists(st.tuples(CELLS, CELLS), max_size=4))
def test_a_written_table_is_read_and_written_back_unchanged(rows: list[tuple[str, str]]) -> None:
    text = table(("Description", "Value"), rows)
    problems: list[Problem] = []
    found = read_table("a.md", 1, text.split("\n"), problems)
    assert (problems, found.headers, len(found.rows)) == ([], ("Description", "Value"), len(rows))
    assert table(found.headers, [[cell.text for cell in row] for row in found.rows]) == text


@pytest.mark.parametrize(
    "longest",
    ["trailing blanks   ", "a<br/>tag of its own", "one | or another  "],
)
def test_the_width_restores_what_the_longest_cell_lost(longest: str) -> None:
    text = table(("Description", "Value"), [("a", "b"), ("", longest)])
    found = read_table("a.md", 1, text.split("\n"), [])
    assert width(found.rows[1][1].text) == width(longest)
    assert escape(found.rows[1][1].text).rstrip() == escape(longest).rstrip()


def test_cells_have_positions() -> None:
    found = read_table("a.md", 3, table(("Name", "Value"), [("a", "b|c")]).split("\n"), [])
    assert [str(cell.position) for cell in found.rows[0]] == ["a.md:5:3", "a.md:5:11"]
