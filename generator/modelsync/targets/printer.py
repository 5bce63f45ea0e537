"""Prints documents, which are code with possible line breaks, by the algorithm of Prettier.

A :data:`Document` is text, a tuple of documents that follow each other, or an instance of one of
the classes of this module. A language builds one for a line that is too long.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from modelsync.targets.layout import Group


@dataclass(frozen=True, slots=True)
class Line:
    """A possible line break. It prints `flat` if the code around it fits on one line."""

    flat: str = " "


@dataclass(frozen=True, slots=True)
class Unit:
    """Code that stays on one line if it fits; if not, each of its own lines breaks."""

    content: Document


@dataclass(frozen=True, slots=True)
class Indent:
    """Code whose lines are indented by two more columns."""

    content: Document


@dataclass(frozen=True, slots=True)
class IfBroken:
    """Text that is only printed if the unit around it is broken."""

    text: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A space and code that breaks itself; on the next line only if its beginning does not fit."""

    content: Document


Document: TypeAlias = "str | tuple[Document, ...] | Line | Unit | Indent | IfBroken | Attached"


def separated(documents: Iterable[Document], *separator: Document) -> Document:
    """Return documents with a separator between them."""
    parts: list[Document] = []
    for document in documents:
        parts += (*separator, document) if parts else (document,)
    return tuple(parts)


def bracketed(group: Group, items: Iterable[Document], last: str) -> Document:
    """Return brackets that break into one item per line, with `last` after the last item."""
    if not group.items:
        return str(group)
    end = Line(" " if group.spaced else "")
    inner = Indent((end, separated(items, ",", Line())))
    return Unit((group.opening, inner, IfBroken(last), end, group.closing))


def columns(text: str) -> int:
    """Return how many columns Prettier counts for `text`."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if "\u0300" <= char <= "\u036f"
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )


def print_document(document: Document, indent: int, width: int) -> str:
    """Return `document` in lines of at most `width` columns, if its breaks allow that.

    The first line is `indent` columns deep.
    """
    text = " " * indent
    lines: list[str] = []
    # A stack of what is still to be printed: its indent, whether it is broken, and the document.
    rest: list[tuple[int, bool, Document]] = [(indent, True, document)]
    while rest:
        depth, is_broken, part = rest.pop()
        match part:
            case str():
                text += part
            case tuple():
                rest += [(depth, is_broken, inner) for inner in reversed(part)]
            case Line() if is_broken:
                lines.append(text.rstrip(" "))
                text = " " * depth
            case Line(flat=flat):
                text += flat
            case Unit(content=content):
                room = width - columns(text)
                is_broken = is_broken and not _fits(content, rest, room)
                rest.append((depth, is_broken, content))
            case Indent(content=content):
                rest.append((depth + 2, is_broken, content))
            case IfBroken(text=more):
                text += more if is_broken else ""
            case Attached(content=content):
                room = width - columns(text)
                if is_broken and not _fits(" ", [*rest, (depth, True, content)], room):
                    rest.append((depth + 2, True, (Line(), content)))
                else:
                    rest.append((depth, is_broken, (" ", content)))
    return "\n".join([*lines, text])


def _fits(document: Document, rest: list[tuple[int, bool, Document]], room: int) -> bool:
    """Whether `document` fits on one line, with what follows up to the next break."""
    following = len(rest)
    parts: list[tuple[bool, Document]] = [(False, document)]
    while room >= 0:
        if not parts:
            if not following:
                return True
            following -= 1
            parts.append(rest[following][1:])
        is_broken, part = parts.pop()
        match part:
            case str():
                room -= columns(part)
            case tuple():
                parts += [(is_broken, inner) for inner in reversed(part)]
            case Line() | Attached() if is_broken:
                return True
            case Line(flat=flat):
                room -= len(flat)
            case Unit(content=content) | Indent(content=content):
                parts.append((is_broken, content))
            case IfBroken(text=text):
                room -= len(text) if is_broken else 0
            case Attached(content=content):
                parts.append((False, (" ", content)))
    return False
