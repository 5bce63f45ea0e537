"""Paths that are the same on every machine: which are allowed, and which are one and the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from modelsync.errors import visible

CONFIG: Final = "modelsync.yaml"
"""The name of a project's config."""

_PART: Final = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9_.@+-]*")
_MAX_PART: Final = 200

DEVICES: Final = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)
"""What Windows lets no file and no folder be called, with a suffix or without."""


def path_problem(path: str) -> str:
    """Return what is wrong with a relative path to write to, or an empty string.

    Allowed is what every file system takes for the same name: ASCII letters, digits and a few
    marks, no `..`, no device name of Windows, no dot at the end of a part.
    """
    if not path or path.startswith("/"):
        return "it is not relative to the project's folder"
    return next(filter(None, map(_part_problem, path.split("/"))), "")


@lru_cache(maxsize=65_536)
def _part_problem(part: str) -> str:
    if part in ("", ".", ".."):
        return f'"{part}" is not allowed in it'
    if len(part) > _MAX_PART:
        return f'"{visible(part[:40])}..." is too long'
    if not _PART.fullmatch(part) or part.endswith("."):
        return f'"{visible(part)}" is not a portable name'
    if part.casefold().partition(".")[0] in DEVICES:
        return f'"{part}" is a device on Windows'
    return ""


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is passed over among specs and templates.

    Those that begin with a dot are hidden, and editors leave their copies as `name~` and `#name#`.
    """
    return name.startswith((".", "#")) or name.endswith("~")


def path_key(path: str) -> str:
    """Return what two paths have in common when some file system takes them for one.

    Those do not tell case apart, nor the Unicode forms of a character.
    """
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
