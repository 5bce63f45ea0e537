"""The layout pass: it breaks the lines of a rendered file that are too long, and no others.

Templates write each statement on one line. Each language breaks a line that does not fit by the
rules of its formatter, using a tree of the line's brackets. It does not look inside strings and
comments.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, TypeAlias

_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Group:
    """A pair of brackets and what is between them: items, which commas separate."""

    opening: str
    items: tuple[Sequence, ...]
    closing: str
    spaced: bool = False
    """Whether a space follows the opening bracket, as in `{ a: 1 }`."""

    def __str__(self) -> str:
        """Return the group on one line."""
        space = " " if self.spaced and self.items else ""
        return f"{self.opening}{space}{', '.join(map(flat, self.items))}{space}{self.closing}"


class Quoted(str):
    """A string literal with its quotes, which is a separate piece of a sequence."""

    __slots__ = ()


Sequence: TypeAlias = tuple[str | Group, ...]
"""A run of code: text without brackets, string literals, and groups."""


def flat(sequence: Sequence) -> str:
    """Return code on one line."""
    return "".join(map(str, sequence))


def partition(sequence: Sequence, separator: str) -> tuple[Sequence, Sequence] | None:
    """Return what is before and after the first `separator` outside of strings and brackets."""
    for index, piece in enumerate(sequence):
        if isinstance(piece, Quoted | Group) or separator not in piece:
            continue
        before, _, after = piece.partition(separator)
        return (
            (*sequence[:index], *filter(None, [before])),
            (*filter(None, [after]), *sequence[index + 1 :]),
        )
    return None


def split(sequence: Sequence, separator: str) -> list[Sequence]:
    """Return the parts of code between each `separator` outside of strings and brackets."""
    parts: list[list[str | Group]] = [[]]
    for piece in sequence:
        if isinstance(piece, Quoted | Group):
            parts[-1].append(piece)
            continue
        first, *others = piece.split(separator)
        parts[-1] += filter(None, [first])
        parts += [[other] if other else [] for other in others]
    return [tuple(part) for part in parts]


_TOKEN: Final = re.compile(
    r"""
      "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | `(?:[^`\\]|\\.)*`
    | [([{] | [)\]}] | ,\ * | [^"'`()\[\]{},]+
    """,
    re.VERBOSE,
)


def parse(line: str) -> Sequence | None:
    """Return a line of code as a tree, None if it has an unclosed string or bracket."""
    tokens = _TOKEN.findall(line)
    if sum(map(len, tokens)) != len(line):
        return None
    items: list[list[str | Group]] = [[]]
    stack: list[tuple[str, list[list[str | Group]]]] = []
    for token in tokens:
        first = token[0]
        if first in _PAIRS:
            stack.append((token, items))
            items = [[]]
        elif first in ")]}":
            if not stack or _PAIRS[stack[-1][0]] != token:
                return None
            opening, outer = stack.pop()
            outer[-1].append(_group(opening, items, token))
            items = outer
        elif first == "," and stack:
            items.append([])
        elif first in "\"'`":
            items[-1].append(Quoted(token))
        else:
            _append(items[-1], token)
    return None if stack else tuple(items[0])


def _append(run: list[str | Group], text: str) -> None:
    if run and isinstance(last := run[-1], str) and not isinstance(last, Quoted):
        run[-1] = last + text
    else:
        run.append(text)


def _group(opening: str, items: list[list[str | Group]], closing: str) -> Group:
    first, last = items[0], items[-1]
    spaced = bool(first) and isinstance(first[0], str) and first[0].startswith(" ")
    if spaced:
        first[0] = str(first[0])[1:]
        if last and isinstance(last[-1], str):
            last[-1] = last[-1].removesuffix(" ")
    return Group(opening, tuple(tuple(item) for item in items if item), closing, spaced)


def exploded(indent: str, head: str, group: str | Group, tail: str, step: str) -> str | None:
    """Return `head group tail` with each item of the group on its own line, and a comma after it.

    The items are indented by `step` more. A comprehension gets no comma. The result is None if
    `group` has no items, or is not a group.
    """
    if not isinstance(group, Group) or not group.items:
        return None
    comma = "" if partition(group.items[0], " for ") else ","
    lines = "".join(f"{indent}{step}{flat(item)}{comma}\n" for item in group.items)
    return f"{indent}{head}{group.opening}\n{lines}{indent}{group.closing}{tail}"


def columns(text: str) -> int:
    """Return how many columns a text takes: some characters take two, and some none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )
