"""Field tables, and the five pages that the project began from."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from modelsync.pages.table import table, width

# The pages are not in the project; their sums are, so that a byte out of place is seen.
SEEDS = {
    "mix-go/models/components/exportsession.md": "71defd3f7f34951b",
    "mix-typescript/models/exportsession.md": "0743f8223bb04979",
    "orq-node/models/operations/createsessionresponsebody.md": "c69a37c502976dd7",
    "orq-node/models/operations/getsessionresponsebody.md": "f4dd5e0a8133db11",
    "orq-node/models/operations/listsessionsdata.md": "7bec527479611c35",
}


@pytest.mark.parametrize("page", SEEDS)
def test_a_seed_page_comes_out_byte_for_byte(page: str, root: Path) -> None:
    data = (root / "generated/docs" / page).read_bytes()
    assert hashlib.sha256(data).hexdigest()[:16] == SEEDS[page]


def test_one_width_for_all_columns_and_cells_padded_after_their_escapes() -> None:
    assert table(["A", "B"], [["x|y", "ab\ncd"], ["", "🙂"]]).split("\n") == [
        "| A     | B     |",
        "| ----- | ----- |",
        r"| x\|y  | ab<br/>cd |",
        "|       | 🙂    |",
    ]


def test_a_table_without_rows() -> None:
    assert table(["Field", "Type"], []) == "| Field | Type  |\n| ----- | ----- |"


def test_width_counts_utf_16_units() -> None:
    assert [width(text) for text in ("abc", "é", "名", "🙂")] == [3, 1, 1, 2]
