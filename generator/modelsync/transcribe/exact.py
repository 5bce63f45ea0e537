"""Whether the pages that were read come back: what is written against what was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Final

from modelsync.errors import Position, Problem, visible
from modelsync.transcribe.pageset import PageSet

_MAX_SHOWN: Final = 100


def inexact(
    pages: PageSet, files: Mapping[str, bytes], written: Mapping[str, bytes], out: str
) -> Iterator[Problem]:
    """Yield a problem for each page of a set that does not come back byte for byte.

    `files` are those that the set was read from, and `written` is what its Markdown target made,
    below the folder `out`.
    """
    for path in pages.pages:
        source = pages.source(path)
        made = written.get(f"{out}/{source}", b"")
        if made != files[source]:
            yield _difference(f"{pages.label}/{source}", files[source], made)


def _difference(path: str, read: bytes, made: bytes) -> Problem:
    """Return where a page and what is written in its place begin to differ."""
    here, there = _lines(read), _lines(made)
    line = next(n for n, (a, b) in enumerate(zip_longest(here, there)) if a != b)
    was = here[line] if line < len(here) else ""
    now = there[line] if line < len(there) else ""
    column = next((n for n, (a, b) in enumerate(zip_longest(was, now)) if a != b), 0)
    start = max(0, column - _MAX_SHOWN // 2)
    shown = visible(now[start : start + _MAX_SHOWN].rstrip("\n"))
    return Problem(
        Position(path, line + 1, column + 1),
        "MS115",
        "this page does not come back as it is, from here on",
        help=f"it is written as `{shown}`" if shown else "nothing more is written",
    )


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").split("\n")
