"""Portable paths: which are allowed, and which are the same file on some file system."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from modelsync.errors import visible

CONFIG: Final = "modelsync.yaml"
"""The file name of a project's config."""

_PART: Final = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9_.@+-]*")
_MAX_PART: Final = 200

DEVICES: Final = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)
"""Names that Windows reserves, with or without a suffix."""


def path_problem(path: str) -> str:
    """Return the problem with a relative path to write to, or an empty string.

    Allowed are paths that mean the same on every file system: ASCII letters, digits and a few
    marks, no `..`, no Windows device name, no dot at the end of a part.
    """
    if not path or path.startswith("/"):
        return "it is not relative to the project folder"
    return next(filter(None, map(_part_problem, path.split("/"))), "")


@lru_cache(maxsize=65_536)
def _part_problem(part: str) -> str:
    if part in ("", ".", ".."):
        return (
            f"it must not contain `{part}`" if part else "it must not contain `//` or end with `/`"
        )
    if len(part) > _MAX_PART:
        return f"`{visible(part[:40])}...` is too long"
    if not _PART.fullmatch(part) or part.endswith("."):
        return f"`{visible(part)}` is not a portable name"
    if part.casefold().partition(".")[0] in DEVICES:
        return f"`{part}` is a device name on Windows"
    return ""


def is_hidden(name: str) -> bool:
    """Whether specs and templates of this name are ignored.

    Names that begin with a dot are hidden. Editors leave copies as `name~` and `#name#`.
    """
    return name.startswith((".", "#")) or name.endswith("~")


def path_key(path: str) -> str:
    """Return a key that is equal for paths that are the same file on some file system.

    Some file systems ignore case and Unicode normalization.
    """
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
