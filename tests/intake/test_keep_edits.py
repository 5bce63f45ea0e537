"""Merges of your edits in a spec with the changes of its pages."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from modelsync.intake.keep_edits import merge, merge_edits, regions

BASE = "a\nb\nc\nd\ne\n"

LINES = st.lists(st.sampled_from("abcd"), max_size=8).map(lambda it: "".join(f"{x}\n" for x in it))

EDITS = st.lists(
    st.sampled_from(["keep", "keep", "keep", "remove", "replace", "insert", "both"]), max_size=8
)
"""The edit of each line by one side: `insert` is before it, `both` also replaces it."""


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        (BASE, BASE, BASE),
        ("A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", "A\nb\nc\nd\nE\n"),
        ("a\nc\nd\ne\n", "a\nb\nc\nd\nx\ny\ne\n", "a\nc\nd\nx\ny\ne\n"),
        ("A\nb\nc\nd\ne\n", "A\nb\nc\nd\nE\n", "A\nb\nc\nd\nE\n"),
        ("A\nb\nc\nd\ne\n", "X\nb\nc\nd\ne\n", None),
        ("A\nb\nc\nd\ne\n", "a\nB\nc\nd\ne\n", None),
        ("a\nx\nb\nc\nd\ne\n", "a\ny\nb\nc\nd\ne\n", None),
        ("a\nb\nx\nd\ne\n", "a\nb\nd\ne\n", None),
        ("a\nx\nb\nc\nd\ne\n", "a\nx\nb\nc\nd\ne\n", "a\nx\nb\nc\nd\ne\n"),
        ("a\nx\nb\nc\nd\ne\n", "a\nx\nx\nb\nc\nd\ne\n", None),
        ("b\nc\nd\ne\na\n", "a\nb\nc\nd\ne\na\n", None),
    ],
    ids=[
        "nothing", "two places", "more and fewer lines", "the same and more", "one line",
        "lines side by side", "two insertions", "changed and removed", "one insertion of both",
        "one line and two of them", "moved to where another was inserted",
    ],
)  # fmt: skip
def test_a_merge_combines_the_changes_of_both_sides(
    one: str, other: str, merged: str | None
) -> None:
    assert merge(BASE, one, other) == merged
    assert merge(BASE, other, one) == merged


@given(LINES, LINES)
def test_a_change_on_only_one_side_is_taken_completely(before: str, after: str) -> None:
    assert merge(before, before, after) == after
    assert merge(before, after, before) == after
    assert merge(before, after, after) == after


@given(LINES, LINES, LINES)
def test_the_regions_of_a_text_make_up_the_whole_text(before: str, one: str, other: str) -> None:
    texts = [text.splitlines(keepends=True) for text in (before, one, other)]
    divided = list(regions(*texts))
    for text, parts in zip(texts, zip(*divided, strict=True), strict=True):
        assert [line for part in parts for line in part] == text
    # Between two differences there is a line that all texts share.
    for region in divided[1::2]:
        assert region.before == region.one == region.other
        assert len(region.before) == 1


@given(LINES, LINES, LINES)
@example("b\nb\na\nb\n", "b\na\nb\nb\n", "b\nb\nb\nb\n")
def test_a_merge_loses_no_line_of_either_side(before: str, one: str, other: str) -> None:
    merged = merge(before, one, other)
    lost = [
        letter
        for letter in "abcd"
        # An equal line that both sides add may count once, and one that a side removes is gone.
        if merged is not None
        and merged.count(letter)
        < min(
            max(one.count(letter), other.count(letter)),
            one.count(letter) + other.count(letter) - before.count(letter),
        )
    ]
    assert lost == []


@given(LINES, LINES, LINES)
def test_a_conflict_needs_two_different_changes(before: str, one: str, other: str) -> None:
    assert merge(before, one, other) is not None or len({before, one, other}) == 3


@given(LINES, LINES, LINES)
def test_the_order_of_the_sides_does_not_matter(before: str, one: str, other: str) -> None:
    assert merge(before, one, other) == merge(before, other, one)


def edited(edits: list[str], side: str) -> list[list[str]]:
    """Return the lines of a side for each line; lines are only equal if they are the same."""
    return [
        {
            "keep": [f"{index}\n"],
            "remove": [],
            "replace": [f"{index} of {side}\n"],
            "insert": [f"before {index} of {side}\n", f"{index}\n"],
            "both": [f"before {index} of {side}\n", f"{index} of {side}\n"],
        }[edit]
        for index, edit in enumerate(edits)
    ]


@given(EDITS, EDITS)
def test_a_merge_has_the_changes_of_both_sides(one: list[str], other: list[str]) -> None:
    size = min(len(one), len(other))
    lines = [[f"{index}\n"] for index in range(size)]
    ours, theirs = edited(one[:size], "one"), edited(other[:size], "other")
    both: list[str] = []
    conflict = False
    for line, mine, its in zip(lines, ours, theirs, strict=True):
        both += its if mine == line else mine
        conflict |= line not in (mine, its) and mine != its
    changed = [[i for i in range(size) if side[i] != lines[i]] for side in (ours, theirs)]
    side_by_side = any(abs(i - j) == 1 for i in changed[0] for j in changed[1])

    merged = merge(*("".join(map("".join, side)) for side in (lines, ours, theirs)))

    if conflict:
        assert merged is None
    elif merged is not None or not side_by_side:
        assert merged == "".join(both)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(EDITS, EDITS, st.booleans())
def test_a_merge_equals_that_of_git(one: list[str], other: list[str], same: bool) -> None:
    """No line occurs twice, so only one alignment of the texts is possible."""
    size = min(len(one), len(other))
    sides = (
        [[f"{index}\n"] for index in range(size)],
        edited(one[:size], "one"),
        edited(other[:size], "one" if same else "other"),
    )
    texts = ["".join(map("".join, side)) for side in sides]
    with TemporaryDirectory() as folder:
        for name, text in zip(("before", "one", "other"), texts, strict=True):
            (Path(folder) / name).write_text(text)
        git = subprocess.run(
            ["git", "merge-file", "-p", "one", "before", "other"],  # noqa: S607
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    assert merge(*texts) == (git.stdout if git.returncode == 0 else None)


def spec(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in ("model: A", "fields:", *lines)).encode()


FIELDS = ("  a:", "    type: string", "  b:", "    type: Other", "  c:", "    type: bool")


def test_a_merged_spec_breaks_no_rule_that_the_edited_one_keeps() -> None:
    before = spec(*FIELDS)
    edited = spec("  d: {type: int64}", *FIELDS)
    after = spec(*FIELDS, "  e: {type: int64}")
    assert merge_edits("specs/a.yaml", "specs", before, edited, after) == spec(
        "  d: {type: int64}", *FIELDS, "  e: {type: int64}"
    )
    twice = spec(*FIELDS, "  d: {type: int64}")
    assert merge_edits("specs/a.yaml", "specs", before, edited, twice) is None


def test_a_merged_config_is_valid() -> None:
    line = b"  %b: {target: sdk-docs, notation: go, out: %b}\n"
    before = b"targets:\n" + line % (b"a", b"a") + line % (b"b", b"b")
    edited = b"# Mine.\n" + before
    after = before + line % (b"c", b"c")
    merged = merge_edits("modelsync.yaml", "specs", before, edited, after)
    assert merged == b"# Mine.\n" + after
    first = before.replace(b"targets:\n", b"targets:\n" + line % (b"c", b"x"))
    assert merge_edits("modelsync.yaml", "specs", before, first, after) is None


def test_binary_and_very_long_files_are_not_merged() -> None:
    assert merge_edits("specs/a.yaml", "specs", b"a\n", b"\xff\n", b"b\n") is None
    long = "a\n" * 6_000
    assert merge(long, f"b\n{long}", long) is None
