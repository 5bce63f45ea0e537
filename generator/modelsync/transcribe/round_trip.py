"""Whether the pages that were read come back: what is written against what was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Final

from modelsync.errors import Position, Problem, visible
from modelsync.pages.code import NotCode
from modelsync.pages.example import read_usage
from modelsync.pages.page import NoModelPage, read_page
from modelsync.progress import Progress, counted, silent
from modelsync.transcribe.page_sets import Origin

_MAX_SHOWN: Final = 100


def inexact(
    pages: Origin,
    files: Mapping[str, bytes],
    written: Mapping[str, bytes],
    out: str,
    progress: Progress = silent,
) -> Iterator[Problem]:
    """Yield a problem for each page of a set that does not come back byte for byte.

    It says what keeps the page from coming back, as far as that can be told.

    `files` are those that the set was read from, and `written` is what its Markdown target made,
    below the folder `out`.
    """
    for path in counted(pages.paths, "comparing pages", progress):
        made = written.get(f"{out}/{pages.written(path)}", b"")
        read = files[pages.source(path)]
        if made != read:
            shown = pages.shown(path)
            cause = _line_ends(shown, read, made) or _fault(shown, read)
            yield cause or _difference(shown, read, made)


def _line_ends(path: str, read: bytes, made: bytes) -> Problem | None:
    """Return the problem of a page that differs in how its lines end alone."""
    if read.replace(b"\r\n", b"\n") != made:
        return None
    end = read.index(b"\r\n")
    return Problem(
        Position(path, read.count(b"\n", 0, end) + 1, end - read.rfind(b"\n", 0, end)),
        "MS115",
        "this page does not come back as it is: its lines end in CRLF",
        help="pages are written with LF: store it with that, and let git change no line ends",
    )


def _fault(path: str, data: bytes) -> Problem | None:
    """Return what is wrong with the example on a page of TypeScript, None if nothing is."""
    try:
        page = read_page(path, data.decode("utf-8"), [])
    except (NoModelPage, UnicodeDecodeError):
        return None
    usage = page.usage or ""
    try:
        if usage and page.fence == "typescript":
            read_usage(usage)
    except NotCode as error:
        at = error.offset + len(usage[error.offset :]) - len(usage[error.offset :].lstrip())
        where = Position(
            path,
            page.usage_position.line + usage.count("\n", 0, at),
            at - usage.rfind("\n", 0, at),
        )
        message = "this example cannot be read, and is left out"
        return Problem(where, "MS117", message, help=f"expected {error.expected}")
    return None


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
