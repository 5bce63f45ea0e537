"""Edits of a text and changes of what it was made from, together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.edits import merge, with_edits

BASE = "a\nb\nc\nd\ne\n"

LINES = st.lists(st.sampled_from("abcd"), max_size=8).map(lambda it: "".join(f"{x}\n" for x in it))


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
    ],
    ids=[
        "nothing", "two places", "more and fewer lines", "the same and more", "one line",
        "lines side by side", "two insertions", "changed and removed",
    ],
)  # fmt: skip
def test_changes_of_both(one: str, other: str, merged: str | None) -> None:
    assert merge(BASE, one, other) == merged
    assert merge(BASE, other, one) == merged


@given(LINES, LINES)
def test_one_change_alone_is_the_whole(before: str, after: str) -> None:
    assert merge(before, before, after) == after
    assert merge(before, after, before) == after
    assert merge(before, after, after) == after


@given(LINES, LINES, LINES)
def test_no_line_of_either_change_is_lost(before: str, one: str, other: str) -> None:
    merged = merge(before, one, other)
    if merged is None:
        return
    for letter in "abcd":
        added = max(text.count(letter) - before.count(letter) for text in (one, other))
        gone = sum(min(0, text.count(letter) - before.count(letter)) for text in (one, other))
        assert merged.count(letter) - before.count(letter) >= min(added, added + gone)


def spec(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in ("model: A", "fields:", *lines)).encode()


FIELDS = ("  a:", "    type: string", "  b:", "    type: Other", "  c:", "    type: bool")


def test_a_merged_spec_keeps_the_rules_that_the_edited_one_keeps() -> None:
    before = spec(*FIELDS)
    edited = spec("  d: {type: int64}", *FIELDS)
    after = spec(*FIELDS, "  e: {type: int64}")
    assert with_edits("specs/a.yaml", "specs", before, edited, after) == spec(
        "  d: {type: int64}", *FIELDS, "  e: {type: int64}"
    )
    twice = spec(*FIELDS, "  d: {type: int64}")
    assert with_edits("specs/a.yaml", "specs", before, edited, twice) is None


def test_a_merged_config_is_one() -> None:
    line = b"  %b: {target: markdown, notation: go, out: %b}\n"
    before = b"targets:\n" + line % (b"a", b"a") + line % (b"b", b"b")
    edited = b"# Ours.\n" + before
    after = before + line % (b"c", b"c")
    merged = with_edits("modelsync.yaml", "specs", before, edited, after)
    assert merged == b"# Ours.\n" + after
    first = before.replace(b"targets:\n", b"targets:\n" + line % (b"c", b"x"))
    assert with_edits("modelsync.yaml", "specs", before, first, after) is None


def test_what_is_no_text_and_what_is_too_long_is_not_merged() -> None:
    assert with_edits("specs/a.yaml", "specs", b"a\n", b"\xff\n", b"b\n") is None
    long = "a\n" * 6_000
    assert merge(long, f"b\n{long}", long) is None
