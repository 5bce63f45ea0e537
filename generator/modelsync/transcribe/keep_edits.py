"""A spec that a person has edited, when its pages change: both changes in one text. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from modelsync.errors import ProblemsError
from modelsync.project.config import NAME as CONFIG
from modelsync.project.config import read_config
from modelsync.spec.read import read_specs

_MAX_LINES: Final = 5_000
"""Comparing takes seconds above it."""
_NOT_FOUND: Final = "MS020"
"""The code of a reference to a definition of another spec, when a spec is read alone."""


def with_edits(path: str, root: str, before: bytes, edited: bytes, after: bytes) -> bytes | None:
    """Return a file with what has changed from `before` to `after`, and with its edits.

    `path` is that of a spec, whose folder is below `root`, or of the config. None where both
    changes touch the same lines, or lines side by side, or where what comes out breaks a rule that
    the edited file keeps.
    """
    try:
        texts = [data.decode("utf-8") for data in (before, edited, after)]
    except UnicodeDecodeError:
        return None
    merged = merge(*texts)
    if merged is None or not _problems(path, root, merged) <= _problems(path, root, texts[1]):
        return None
    return merged.encode("utf-8")


def merge(before: str, one: str, other: str) -> str | None:
    """Return `before` with the changes of both other texts, line by line.

    None where they touch the same lines, or lines side by side, and are not the same change. The
    same change counts once, unless it cannot be told apart from two that happen to meet.
    """
    texts = [text.splitlines(keepends=True) for text in (before, one, other)]
    if max(map(len, texts)) > _MAX_LINES:
        return None
    merged: list[str] = []
    for region in regions(*texts):
        if region.one == region.before:
            merged += region.other
        elif region.other in (region.before, region.one):
            merged += region.one
        else:
            return None
    return None if _loses_a_line(*texts, merged=merged) else "".join(merged)


def _loses_a_line(before: list[str], *sides: list[str], merged: list[str]) -> bool:
    """Whether a line is there less often than the changes of both sides together leave it.

    So it is where one side has moved a line to where the other side has inserted an equal one.
    """
    old, one, other, new = map(Counter, (before, *sides, merged))
    return any(
        new[line] < min(max(one[line], other[line]), one[line] + other[line] - old[line])
        for line in {*one, *other}
    )


class Region(NamedTuple):
    """Lines that have the same place in three texts: a line of all three, or what differs."""

    before: list[str]
    one: list[str]
    other: list[str]


def regions(before: list[str], one: list[str], other: list[str]) -> Iterator[Region]:
    """Divide three texts into regions, as diff3 does: at each line that all three share."""
    in_one, in_other = _places(before, one), _places(before, other)
    a = b = c = 0
    for line in range(len(before)):
        if line in in_one and line in in_other:
            d, e = in_one[line], in_other[line]
            yield Region(before[a:line], one[b:d], other[c:e])
            a, b, c = line + 1, d + 1, e + 1
            yield Region(before[line:a], one[d:b], other[e:c])
    yield Region(before[a:], one[b:], other[c:])


def _places(lines: list[str], new: list[str]) -> dict[int, int]:
    """Return which lines are kept, by number, and their numbers in `new`."""
    matcher = SequenceMatcher(None, lines, new, autojunk=False)
    return {
        start + index: place + index
        for start, place, size in matcher.get_matching_blocks()
        for index in range(size)
    }


def _problems(path: str, root: str, text: str) -> set[tuple[str, str]]:
    """Return the problems that a file has by itself, each with its code."""
    if path != CONFIG:
        found = read_specs({path: text}, root).problems
        return {(each.code, each.message) for each in found if each.code != _NOT_FOUND}
    try:
        read_config(text)
    except ProblemsError as error:
        return {(each.code, each.message) for each in error.problems}
    return set()
