"""Compare two versions of a file, for people and for programs.

The content of a file that does not exist is None.
"""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Iterator
from itertools import groupby, zip_longest
from typing import Final

from modelsync.errors import visible

MAX_LINES: Final = 60
"""The maximum number of lines shown of the diff of one file."""
MAX_SHOWN: Final = 8 << 20
"""The maximum number of bytes read from a file for a diff."""
_MAX_COLUMNS: Final = 160
_BEFORE: Final = 40
"""The number of characters shown before the first difference in a long line."""
_MAX_BYTES: Final = 1_000_000
"""Larger files take seconds to compare, and nobody reads the result."""

_NO_LINE_FEED: Final = "\\ No newline at end of file"
_TAB: Final = "    "
_TAB_MARKED: Final = "→   "
_SPACES_MARKED: Final = str.maketrans({" ": "·", "\t": _TAB_MARKED})
_BLANK: Final = re.compile(r"[\s\ufeff]+")
_PADDING: Final = re.compile(rb"[\s-]+")
"""What aligns the columns of tables and of code."""
_FORM: Final = re.compile(r"[\s\ufeff,;()'\"`*_|-]+")
"""What formatters add and remove: quotes, commas, Markdown markers and rules."""


def diff(
    path: str, old: bytes | None, new: bytes | None, limit: int | None = MAX_LINES
) -> list[str]:
    """Return a unified diff of the file `path` for people.

    It has at most `limit` lines, and one that says how many more there are. A long line is cut to
    the part around the first difference. Control characters are shown as escapes, whitespace that
    would hide a difference is marked, and different line endings are counted.
    """
    names = [visible(line) for line in _names(path, old, new)]
    before, after = _text(old), _text(new)
    if before is None or after is None:
        return [*names, _sizes("not UTF-8 text", old, new)]
    if max(len(before), len(after)) > _MAX_BYTES:
        return [*names, _sizes("too large to compare", old, new)]
    hunks = _unified(before.replace("\r\n", "\n"), after.replace("\r\n", "\n"))
    lines = [*_line_endings(before, after), *_readable(hunks)]
    if not lines:
        return []
    if limit is not None and len(lines) > limit:
        more = len(lines) - limit
        lines = [*lines[:limit], f"... {more:,} more line{'' if more == 1 else 's'} (-v shows all)"]
    return [*names, *lines]


def patch(path: str, old: bytes | None, new: bytes | None) -> str | None:
    """Return the complete unified diff of the file `path`, for programs.

    None if a content is not UTF-8 text, or too large to compare.
    """
    before, after = _text(old), _text(new)
    if before is None or after is None or max(len(before), len(after)) > _MAX_BYTES:
        return None
    lines = _unified(before, after)
    return "\n".join([*_names(path, old, new), *lines, ""]) if lines else ""


def first_difference(old: bytes, new: bytes) -> int:
    """Return the number, from 1, of the first line of `old` that is different in `new`.

    If `old` ends before they differ, that is its last line; if they are the same, the first.
    """
    lines, others = (io.BytesIO(data).readlines() for data in (old, new))
    pairs = enumerate(zip_longest(lines, others), start=1)
    number = next((number for number, (one, other) in pairs if one != other), 1)
    return max(1, min(number, len(lines)))


def new_lines(old: bytes, new: bytes) -> list[int]:
    """Return the numbers of the lines of `new` that are not in `old`, ignoring padding."""
    old_lines = {_bare(line) for line in old.split(b"\n")}
    return [
        number
        for number, line in enumerate(new.split(b"\n"), start=1)
        if _bare(line) not in old_lines
    ]


def _bare(line: bytes) -> bytes:
    return _PADDING.sub(b"", line)


def only_form_differs(old: bytes, new: bytes) -> str:
    """Return what differs between two texts if a formatter may have changed it, else empty."""
    before, after = _text(old), _text(new)
    if before is None or after is None:
        return ""
    for pattern, what in ((_BLANK, "whitespace"), (_FORM, "whitespace and punctuation")):
        if pattern.sub("", before) == pattern.sub("", after):
            return what
    return ""


def _names(path: str, old: bytes | None, new: bytes | None) -> list[str]:
    before, after = ("/dev/null" if data is None else path for data in (old, new))
    return [f"--- {before}", f"+++ {after}"]


def _text(data: bytes | None) -> str | None:
    """Return a content as text, None if it is not text."""
    if data is None:
        return ""
    try:
        return None if b"\0" in data else data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _sizes(why: str, old: bytes | None, new: bytes | None) -> str:
    old_size = min(len(old or b""), MAX_SHOWN)
    more = "more than " if old and len(old) > old_size else ""
    return f"{why}; sizes in bytes: {more}{old_size:,} now, {len(new or b''):,} as generated"


def _line_endings(old: str, new: str) -> Iterator[str]:
    """Yield a line about the line endings of a file that are not LF."""
    ends = old.count("\r\n")
    if ends and "\r\n" not in new:
        yield f"{ends:,} of {old.count(chr(10)):,} line endings are CRLF instead of LF"


def _unified(old: str, new: str) -> list[str]:
    """Return the hunks of a unified diff. A line without a line feed is followed by git's note."""
    return list(difflib.unified_diff(_lines(old), _lines(new), lineterm=""))[2:]


def _lines(text: str) -> list[str]:
    *lines, last = text.split("\n")
    return [*lines, f"{last}\n{_NO_LINE_FEED}"] if last else lines


def _readable(lines: list[str]) -> Iterator[str]:
    """Yield the lines of hunks, made readable."""
    groups = [
        (sign, [line[1:] for line in group])
        for sign, group in groupby(lines, key=lambda line: line[0])
    ]
    for index, (sign, texts) in enumerate(groups):
        beside = {"-": groups[index + 1 : index + 2], "+": groups[index - 1 : index]}.get(sign, [])
        others = beside[0][1] if beside and beside[0][0] in "+-" else []
        for number, text in enumerate(texts):
            line, mark, _ = text.partition("\n")
            other = others[number].partition("\n")[0] if number < len(others) else None
            yield sign + visible(_shown(sign, line, other))
            if mark:
                yield _NO_LINE_FEED


def _shown(sign: str, line: str, other: str | None) -> str:
    """Return the part of a line to show; `other` is the line before or after the change."""
    if sign == "@":
        return line
    if sign in "+-":
        bare = line.rstrip(" \t")
        line = bare + line[len(bare) :].translate(_SPACES_MARKED)
        if other is not None and _looks(bare) == _looks(other.rstrip(" \t")):
            line = line.replace("\t", _TAB_MARKED)
    line = _looks(line)
    if len(line) <= _MAX_COLUMNS:
        return line
    first = 0
    if other is not None:
        pairs = enumerate(zip(line, _looks(other), strict=False))
        same = next((place for place, (one, two) in pairs if one != two), len(line))
        first = max(0, min(same, len(other)) - _BEFORE)
    end = first + _MAX_COLUMNS
    return ("..." if first else "") + line[first:end] + ("..." if end < len(line) else "")


def _looks(line: str) -> str:
    return line.replace("\t", _TAB)
