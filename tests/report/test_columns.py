from modelsync.report.columns import columns

ROWS = [["name", "count", "n"], ["a", "1,000", "-"], ["longer name", "1", "20"]]


def test_columns_are_aligned_to_the_left_by_default() -> None:
    assert list(columns(ROWS)) == [
        "name         count  n",
        "a            1,000  -",
        "longer name  1      20",
    ]


def test_columns_after_the_last_letter_are_aligned_like_it() -> None:
    assert list(columns(ROWS, "lr")) == [
        "name         count   n",
        "a            1,000   -",
        "longer name      1  20",
    ]


def test_no_rows_give_no_lines() -> None:
    assert list(columns([])) == []


def test_lines_have_no_trailing_spaces() -> None:
    assert list(columns([["a", "b"], ["a", ""]])) == ["a  b", "a"]
