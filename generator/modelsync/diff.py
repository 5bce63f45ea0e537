"""Two contents -> the lines that tell them apart, cut to a length that people read. Pure."""

from __future__ import annotations

import difflib
from typing import Final

from modelsync.errors import visible

MAX_LINES: Final = 60
"""How many lines of one file's difference are shown."""
_MAX_COLUMNS: Final = 200
_MAX_BYTES: Final = 1_000_000


def diff(path: str, old: bytes, new: bytes, limit: int = MAX_LINES) -> list[str]:
    """Return a unified diff of the file `path` from `old` to `new`, at most `limit` lines long.

    The lines have no line ends. Controls are shown as escapes, the ends of lines among them where
    they are not LF.
    """
    if max(len(old), len(new)) > _MAX_BYTES:
        return [f"{path}: too large to show what has changed"]
    before, after = (data.decode("utf-8", "replace").split("\n") for data in (old, new))
    lines = list(difflib.unified_diff(_numbered(before), _numbered(after), path, path, lineterm=""))
    shown = [_shown(line) for line in lines[:limit]]
    if len(lines) > limit:
        shown.append(f"... {len(lines) - limit} more lines")
    return shown


def _numbered(lines: list[str]) -> list[str]:
    """Return the lines of a text, the last one marked if no line feed ends it."""
    return lines[:-1] if not lines[-1] else [*lines[:-1], f"{lines[-1]}\\ no line feed at the end"]


def _shown(line: str) -> str:
    cut = line if len(line) <= _MAX_COLUMNS else f"{line[:_MAX_COLUMNS]}..."
    return visible(cut.replace("\t", "    "))
