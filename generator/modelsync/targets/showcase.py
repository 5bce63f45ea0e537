"""Generated code as reference pages show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """What one target has generated for a definition."""

    target: str
    """The name of the target in the config."""
    title: str
    """The name of the language."""
    fence: str
    """The language of the code, as Markdown has it."""
    declaration: str
    """The lines that declare the definition, as they were generated."""
    usage: str
    """The lines that decode and encode a value."""


def top_level(text: str, inner: str) -> Iterator[list[str]]:
    """Yield the lines of each statement at the top level of a file, with the comments above it.

    Statements are separated by empty lines; lines that start with a match of `inner`, and empty
    lines before them, belong to the statement above.
    """
    is_inner = re.compile(inner)
    block: list[str] = []
    empty: list[str] = []
    for line in text.splitlines():
        if not line:
            empty.append(line)
        elif block and empty and not is_inner.match(line):
            yield block
            block, empty = [line], []
        else:
            block += [*empty, line]
            empty = []
    if block:
        yield block


def declared(blocks: Iterable[list[str]], head: str) -> str:
    """Return the blocks that have a line which starts with a match of `head`, empty if none has."""
    is_head = re.compile(head)
    found = ("\n".join(block) for block in blocks if any(map(is_head.match, block)))
    return "\n\n".join(found)
