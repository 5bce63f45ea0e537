"""Word lists of targets, such as reserved names: text files next to their code."""

from __future__ import annotations

from pathlib import Path


def words_in(path: Path) -> frozenset[str]:
    """Return the words of a text file, in which `#` begins a comment."""
    lines = path.read_text("utf-8").splitlines()
    return frozenset(word for line in lines for word in line.partition("#")[0].split())
