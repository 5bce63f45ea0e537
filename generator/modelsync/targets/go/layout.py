"""The columns of declarations, as gofmt aligns them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

_BLOCK: Final = re.compile(r"(\ntype .* struct \{\n|\nconst \(\n)((?:\t.*\n|\n)+)")
"""The first line and the body of a struct, or of a list of constants."""
_DECLARATION: Final = re.compile(r"\t([^\W\d]\w*) +([^`=\n]*[^`=\n ]) *(`[^`]*`|= .*)?")
"""A name, a type, and a tag or a value."""


def align(text: str) -> str:
    """Return a file with the columns of its declarations aligned: names, types, tags and values.

    A line that is not a declaration, such as a comment, ends the columns before it.
    """
    return _BLOCK.sub(lambda block: block[1] + "\n".join(_aligned(block[2].split("\n"))), text)


def _aligned(lines: list[str]) -> Iterator[str]:
    for is_other, group in groupby(lines, key=lambda line: not _DECLARATION.fullmatch(line)):
        run = list(group)
        yield from run if is_other or len(run) == 1 else _columns("\n".join(run))


def _columns(declarations: str) -> Iterator[str]:
    rows = _DECLARATION.findall(declarations)
    names = max(len(name) for name, _, _ in rows)
    for _, group in groupby(rows, key=lambda row: not row[2]):
        run = list(group)
        types = max(len(type_) for _, type_, _ in run)
        for name, type_, rest in run:
            yield f"\t{name:{names}} " + (f"{type_:{types}} {rest}" if rest else type_)
