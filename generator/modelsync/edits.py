"""A spec that a person has edited, when its pages change: both changes in one text. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final, NamedTuple

from modelsync.config import NAME as CONFIG
from modelsync.config import read_config
from modelsync.errors import ProblemsError
from modelsync.spec.read import read_sound

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

    None where they touch the same lines, or lines side by side, and are not the same change.
    """
    lines = before.splitlines(keepends=True)
    if max(text.count("\n") for text in (before, one, other)) > _MAX_LINES:
        return None
    hunks = sorted({*_hunks(lines, one), *_hunks(lines, other)})
    if any(hunk.end >= later.start for hunk, later in pairwise(hunks)):
        return None
    for hunk in reversed(hunks):
        lines[hunk.start : hunk.end] = hunk.lines
    return "".join(lines)


class _Hunk(NamedTuple):
    """Lines that come in the place of those from `start` up to `end`."""

    start: int
    end: int
    lines: tuple[str, ...]


def _hunks(lines: list[str], text: str) -> Iterator[_Hunk]:
    new = text.splitlines(keepends=True)
    matcher = SequenceMatcher(None, lines, new, autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind != "equal":
            yield _Hunk(start, end, tuple(new[first:last]))


def _problems(path: str, root: str, text: str) -> set[tuple[str, str]]:
    """Return the problems that a file has by itself, each with its code."""
    if path != CONFIG:
        found = read_sound({path: text}, root).problems
        return {(each.code, each.message) for each in found if each.code != _NOT_FOUND}
    try:
        read_config(text)
    except ProblemsError as error:
        return {(each.code, each.message) for each in error.problems}
    return set()
