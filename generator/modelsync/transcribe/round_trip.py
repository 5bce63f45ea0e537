"""Check that the pages that were read are reproduced: compare them with the rendered pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Final

from modelsync.errors import Position, Problem, visible
from modelsync.pages.code import NotCode
from modelsync.pages.example import read_usage
from modelsync.pages.read_page import NotModelPage, read_page
from modelsync.progress import Progress, counted, silent
from modelsync.transcribe.page_sets import Origin

_MAX_SHOWN: Final = 100
"""The maximum number of characters of a line in a message."""


def page_differences(
    pages: Origin,
    files: Mapping[str, bytes],
    rendered: Mapping[str, bytes],
    out: str,
    progress: Progress = silent,
) -> Iterator[Problem]:
    """Yield a problem for each page of a set that is not reproduced byte for byte.

    The problem names the cause, if it is known. `files` are those that the set was read from, and
    `rendered` is what its target sdk-docs writes below the folder `out`.
    """
    for path in counted(pages.paths, "comparing pages", progress):
        read = files[pages.source(path)]
        written = rendered.get(f"{out}/{pages.written(path)}", b"")
        if written != read:
            label = pages.shown(path)
            cause = _line_endings(label, read, written) or _unreadable_example(label, read)
            yield cause or _first_difference(label, read, written)


def _line_endings(path: str, read: bytes, written: bytes) -> Problem | None:
    """Return the problem of a page that differs only in its line endings."""
    if read.replace(b"\r\n", b"\n") != written:
        return None
    end = read.index(b"\r\n")
    return Problem(
        Position(path, read.count(b"\n", 0, end) + 1, end - read.rfind(b"\n", 0, end)),
        "MS115",
        "page is not reproduced exactly: it has CRLF line endings",
        help="convert the page to LF, which modelsync writes, and keep git from changing it back",
    )


def _unreadable_example(path: str, data: bytes) -> Problem | None:
    """Return the problem of the example on a page in TypeScript, None if it can be read."""
    try:
        page = read_page(path, data.decode("utf-8"), [])
    except (NotModelPage, UnicodeDecodeError):
        return None
    usage = page.usage or ""
    try:
        if usage and page.fence == "typescript":
            read_usage(usage)
    except NotCode as error:
        at = error.offset + len(usage[error.offset :]) - len(usage[error.offset :].lstrip())
        position = Position(
            path,
            page.usage_position.line + usage.count("\n", 0, at),
            at - usage.rfind("\n", 0, at),
        )
        message = "example cannot be read and is omitted"
        return Problem(position, "MS117", message, help=f"expected {error.expected}")
    return None


def _first_difference(path: str, read: bytes, written: bytes) -> Problem:
    """Return the problem at the first difference between a page and the rendered one."""
    here, there = _lines(read), _lines(written)
    line = next(n for n, (a, b) in enumerate(zip_longest(here, there)) if a != b)
    old = here[line] if line < len(here) else ""
    new = there[line] if line < len(there) else ""
    column = next((n for n, (a, b) in enumerate(zip_longest(old, new)) if a != b), 0)
    start = max(0, column - _MAX_SHOWN // 2)
    quoted = visible(new[start : start + _MAX_SHOWN].rstrip("\n"))
    return Problem(
        Position(path, line + 1, column + 1),
        "MS115",
        "page is not reproduced exactly from here on",
        help=f"modelsync writes `{quoted}` here" if quoted else "modelsync writes nothing here",
    )


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").split("\n")
