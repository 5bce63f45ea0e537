"""Differences between two contents."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.plan.diff import MAX_LINES, diff, first_difference, only_form_differs, patch

HEAD = ["--- a.md", "+++ a.md"]


def body(old: str, new: str) -> list[str]:
    """Return the difference without its header."""
    lines = diff("a.md", old.encode(), new.encode())
    assert lines[:2] == HEAD
    return lines[2:]


def test_equal_contents_have_no_difference() -> None:
    assert diff("a.md", b"one\n", b"one\n") == []
    assert diff("a.md", b"", b"") == []
    assert patch("a.md", b"one\n", b"one\n") == ""


def test_a_new_or_deleted_file_has_one_side() -> None:
    assert diff("a.md", None, b"one\n") == ["--- /dev/null", "+++ a.md", "@@ -0,0 +1 @@", "+one"]
    assert diff("a.md", b"one\n", None) == ["--- a.md", "+++ /dev/null", "@@ -1 +0,0 @@", "-one"]


def test_a_missing_line_feed_at_the_end_is_shown_as_in_git() -> None:
    mark = "\\ No newline at end of file"
    assert body("one\ntwo", "one\ntwo\n") == ["@@ -1,2 +1,2 @@", " one", "-two", mark, "+two"]
    assert body("one", "two") == ["@@ -1 +1 @@", "-one", mark, "+two", mark]
    assert body("one\nend", "two\nend") == ["@@ -1,2 +1,2 @@", "-one", "+two", " end", mark]


def test_line_endings_are_counted() -> None:
    assert body("one\r\ntwo\r\n", "one\ntwo\n") == ["2 of 2 line endings are CRLF instead of LF"]
    assert body("one\r\ntwo\nthree\n", "one\ntwo\n3\n") == [
        "1 of 3 line endings are CRLF instead of LF",
        "@@ -1,3 +1,3 @@",
        " one",
        " two",
        "-three",
        "+3",
    ]


def test_the_difference_in_a_long_line_is_shown() -> None:
    left, right = "| name " * 40, "| text " * 40
    removed, added = body(f"{left}| int64 {right}\n", f"{left}| string {right}\n")[1:]
    assert "| int64 |" in removed
    assert "| string |" in added
    for line in (removed, added):
        assert line[1:4] == line[-3:] == "..."
        assert len(line) < 180
    assert removed.index("int64") == added.index("string")


def test_the_beginning_of_a_new_long_line_is_shown() -> None:
    assert body("", f"{'x' * 500}\n")[1] == f"+{'x' * 160}..."
    # A line that continues the other one:
    removed, added = body(f"{'x' * 300}\n", f"{'x' * 300}y\n")[1:]
    assert removed.endswith("x")
    assert added.endswith("xy")


def test_a_difference_in_white_space_can_be_seen() -> None:
    assert body("\tone\n", "    one\n")[1:] == ["-→   one", "+    one"]
    assert body("one \ntwo\n", "one\ntwo\n")[1:] == ["-one·", "+one", " two"]
    assert body("one\u00a0\n", "one\n")[1:] == ["-one\\xa0", "+one"]
    assert body("\tone\n", "\ttwo\n")[1:] == ["-    one", "+    two"]


def test_control_characters_are_escaped() -> None:
    assert body("", "\x1b[2Jone\u202e\rtwo\n")[1] == "+\\x1b[2Jone\\u202e\\rtwo"


@pytest.mark.parametrize("data", [b"\xff\xfe", b"one\0two"])
def test_content_that_is_not_text_is_reported(data: bytes) -> None:
    result = f"not UTF-8 text; sizes in bytes: {len(data)} now, 4 as generated"
    assert diff("a.md", data, b"one\n") == [*HEAD, result]
    assert patch("a.md", data, b"one\n") is None
    assert only_form_differs(data, b"one\n") == ""


def test_content_that_is_too_large_is_reported() -> None:
    result = "too large to compare; sizes in bytes: 2,000,000 now, 4 as generated"
    assert diff("a.md", b"x" * 2_000_000, b"one\n") == [*HEAD, result]


def test_a_long_difference_is_shortened() -> None:
    new = "".join(f"{number}\n" for number in range(200)).encode()
    lines = diff("a.md", None, new)
    assert len(lines) == 2 + MAX_LINES + 1
    assert lines[-1] == "... 141 more lines (-v shows all)"
    assert diff("a.md", None, new, limit=200)[-1] == "... 1 more line (-v shows all)"
    assert len(diff("a.md", None, new, limit=None)) == 2 + 201


TEXTS = st.text(st.sampled_from("ab \t\r\n|é"), max_size=60).map(str.encode)


@given(TEXTS, TEXTS)
def test_a_difference_is_shown_exactly_when_there_is_one(old: bytes, new: bytes) -> None:
    lines = diff("a", old, new)
    assert bool(lines) == (old != new)
    assert all(line.isprintable() for line in lines)
    assert bool(patch("a", old, new)) == (old != new)


@given(TEXTS, TEXTS)
def test_the_first_difference_is_a_line_of_the_file(old: bytes, new: bytes) -> None:
    number = first_difference(old, new)
    lines, others = (io.BytesIO(data).readlines() for data in (old, new))
    assert lines[: number - 1] == others[: number - 1]
    assert 1 <= number <= max(1, len(lines))
    if old != new and number < len(lines):
        assert lines[number - 1] not in others[number - 1 : number]


def test_git_can_apply_a_patch(tmp_path: Path) -> None:
    old = "\tone \r\n" + "x" * 900 + "\n" + "same\n" * 9 + "end"
    new = "one\n" + "x" * 899 + "é\n" + "same\n" * 9 + "end\n"
    (tmp_path / "a.md").write_bytes(old.encode())
    text = patch("a.md", old.encode(), new.encode())
    assert text is not None
    words = ["git", "apply", "-p0", "--whitespace=nowarn", "-"]
    subprocess.run(words, cwd=tmp_path, input=text.encode(), check=True)
    assert (tmp_path / "a.md").read_bytes() == new.encode()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("a  = 1\n\n", "\ta = 1", "whitespace"),
        ("\ufeffa\r\n", "a\n", "whitespace"),
        ("f('a', b,)", 'f(\n    "a",\n    b\n)\n', "whitespace and punctuation"),
        ("| _a_ |\n| ----- |\n", "| *a*  |\n| -- |\n", "whitespace and punctuation"),
        ("a = 1", "a = 2", ""),
        ("ab", "a b c", ""),
    ],
)
def test_changes_by_formatters_are_recognized(old: str, new: str, what: str) -> None:
    assert only_form_differs(old.encode(), new.encode()) == what
