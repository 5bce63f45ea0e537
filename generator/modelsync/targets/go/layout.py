"""The columns of declarations, as gofmt aligns them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

_BLOCK: Final = re.compile(r"(\ntype .* struct \{\n|\nconst \(\n)((?:\t.*\n|\n)+)")
"""The first line and the body of a struct, or of a list of constants."""
_DECLARATION: Final = re.compile(r"\t([^\W\d]\w*) +([^`=\n]*[^`=\n ]) *(`[^`]*`|= .*)?")
"""A name, a type, and a tag or a value."""

_LITERAL: Final = re.compile(r"(\n\t(?:return|v :=) \w+\{\n)((?:\t\t\w+: .*\n)+)")
"""The first line and the fields of a struct literal."""
_SHORT: Final = 40
_RATIO: Final = 2.5
"""gofmt ends a column before a key whose size differs that much, unless both keys are short."""


def align(text: str) -> str:
    """Return a file with the columns of its declarations aligned: names, types, tags and values.

    A line that is not a declaration, such as a comment, ends the columns before it.
    """
    text = _BLOCK.sub(lambda block: block[1] + "\n".join(_aligned(block[2].split("\n"))), text)
    return _LITERAL.sub(lambda block: block[1] + "".join(_pairs(block[2])), text)


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


def _pairs(fields: str) -> Iterator[str]:
    """Yield the fields of a struct literal with their values in columns."""
    column: list[tuple[str, str]] = []
    for line in fields.splitlines():
        key, _, value = line.strip("\t").partition(" ")
        if column and not _continues([before.rstrip(":") for before, _ in column], key.rstrip(":")):
            yield from _column(column)
            column = []
        column.append((key, value))
    yield from _column(column)


def _continues(before: list[str], key: str) -> bool:
    """Return whether a key is in the same column as those before it."""
    sizes = [len(each.encode()) for each in before]
    size = len(key.encode())
    if max(sizes[-1], size) <= _SHORT:
        return True
    mean = math.exp(math.fsum(map(math.log, sizes)) / len(sizes))
    return 1 / _RATIO < size / mean < _RATIO


def _column(pairs: list[tuple[str, str]]) -> Iterator[str]:
    width = max(len(key) for key, _ in pairs)
    for key, value in pairs:
        yield f"\t\t{key:{width}} {value}\n"
