"""Merge your edits of a spec with the changes of its pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from modelsync.errors import ProblemsError
from modelsync.project.config import NAME as CONFIG
from modelsync.project.config import read_config
from modelsync.spec.read import read_specs

_MAX_LINES: Final = 5_000
"""Comparing longer texts takes seconds."""
_UNKNOWN_REFERENCE: Final = "MS020"
"""The code of a reference to a definition in another spec, when a spec is read alone."""


def merge_edits(path: str, root: str, before: bytes, edited: bytes, after: bytes) -> bytes | None:
    """Return the edited file with the changes from `before` to `after`.

    `path` is the path of a spec, whose folder is below `root`, or of the config. Returns None if
    the edits and the changes touch the same or adjacent lines, or if the result breaks a rule
    that the edited file keeps.
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

    Returns None for a conflict: if the changes touch the same or adjacent lines, and are not the
    same change. The same change counts once, unless it may be two changes that happen to be equal.
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


def replace_documents(before: bytes, edited: bytes, after: bytes) -> bytes | None:
    """Return an edited spec with the documents that differ between `before` and `after`.

    `before` has the content of the edited spec, in another form. Returns None if the documents of
    the three do not correspond.
    """
    texts = [data.decode("utf-8", "replace") for data in (before, edited, after)]
    old, own, new = (re.split(r"(?m)^---[ \t]*\r?\n", text) for text in texts)
    if not len(old) == len(own) == len(new):
        return None
    documents = zip(old, own, new, strict=True)
    return "---\n".join(b if a == c else merge(a, b, c) or c for a, b, c in documents).encode()


def _loses_a_line(before: list[str], *sides: list[str], merged: list[str]) -> bool:
    """Return whether a line occurs less often than the changes of both sides leave it.

    This happens if one side moved a line to the place where the other side inserted an equal one.
    """
    old, one, other, new = map(Counter, (before, *sides, merged))
    return any(
        new[line] < min(max(one[line], other[line]), one[line] + other[line] - old[line])
        for line in {*one, *other}
    )


class Region(NamedTuple):
    """Corresponding lines of three texts: either one line that all share, or a difference."""

    before: list[str]
    one: list[str]
    other: list[str]


def regions(before: list[str], one: list[str], other: list[str]) -> Iterator[Region]:
    """Divide three texts into regions, as diff3 does: at each line that all three share."""
    in_one, in_other = _kept_lines(before, one), _kept_lines(before, other)
    a = b = c = 0
    for line in range(len(before)):
        if line in in_one and line in in_other:
            d, e = in_one[line], in_other[line]
            yield Region(before[a:line], one[b:d], other[c:e])
            a, b, c = line + 1, d + 1, e + 1
            yield Region(before[line:a], one[d:b], other[e:c])
    yield Region(before[a:], one[b:], other[c:])


def _kept_lines(lines: list[str], new: list[str]) -> dict[int, int]:
    """Return the indexes of the lines that are kept, with their indexes in `new`."""
    matcher = SequenceMatcher(None, lines, new, autojunk=False)
    return {
        start + offset: new_start + offset
        for start, new_start, size in matcher.get_matching_blocks()
        for offset in range(size)
    }


def _problems(path: str, root: str, text: str) -> set[tuple[str, str]]:
    """Return the code and the message of each problem that a file has by itself."""
    if path != CONFIG:
        problems = read_specs({path: text}, root).problems
        return {
            (problem.code, problem.message)
            for problem in problems
            if problem.code != _UNKNOWN_REFERENCE
        }
    try:
        read_config(text)
    except ProblemsError as error:
        return {(problem.code, problem.message) for problem in error.problems}
    return set()
