"""Comments in Go, in the form that gofmt leaves unchanged."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, Literal

from modelsync.targets.base import Code

WIDTH: Final = 97
"""The longest line of a comment, without the slashes."""

_QUOTE: Final = "\N{LEFT DOUBLE QUOTATION MARK}"
_REPLACED: Final[Sequence[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]]] = (
    (re.compile(r"^\+build"), r"\\+build"),
    (re.compile(r"^go:"), r"\\go:"),
    (re.compile(r"^\[.*\]:.*"), lambda link: link[0].replace("]:", "] :")),
    (re.compile(r"^#\s+"), "# "),
    (re.compile("`{3,}"), "`"),  # gofmt means to skip these, but finds quotes in some of them
    (re.compile("``"), _QUOTE),
    (re.compile(r"''"), "\N{RIGHT DOUBLE QUOTATION MARK}"),
)
"""What Go's tools do not read as prose, or rewrite, at the start of a line or inside it."""

_HEADING: Final = re.compile(r"""(?!.*[;:!?+*/=\[\]{}_^°&§~%#@<">\\])[^\W\d_](?:.*\w)?""")
"""A line between paragraphs that gofmt, or a reader, takes for a heading."""

_JOINERS: Final = "\u200c\u200d"
"""Invisible characters that emoji and some scripts need."""


@lru_cache(maxsize=16_384)
def comment(text: str) -> tuple[Code, ...]:
    """Return the lines of a comment with `text`, in the form that gofmt leaves unchanged.

    gofmt edits doc comments: it turns two backticks into a quote, moves what looks like the target
    of a link to the end, marks headings, and takes `+build` for a build constraint. Other tools
    warn about `go:build`, which the space after `//` keeps from being a directive.
    """
    blocks = list(_separated(_blocks(text)))
    if all(form != "text" for form, _ in blocks):  # gofmt removes the margin that all lines have
        blocks = [each for block in blocks for each in _as_text(block)]
    lines: list[str] = []
    for index, (form, block) in enumerate(blocks):
        is_inner = 0 < index < len(blocks) - 1
        if is_inner and form == "text" and len(block) == 1 and _HEADING.fullmatch(block[0]):
            block[0] += "."
        lines += ["//"] if index else []
        lines += [f"//{_MARGINS[form]}{line}" if line else "//" for line in block]
    return tuple(map(Code, lines))


Form = Literal["text", "list", "code"]
Block = tuple[Form, list[str]]
_MARGINS: Final[Mapping[Form, str]] = {"text": " ", "list": " ", "code": "\t"}
_ITEM: Final = re.compile(r"(?:[-*+•]|(\d{1,9})[.)])[ \t]+(?=\S)")
"""The marker of an item of a list, in Markdown and for gofmt."""
_NO_CODE: Final = re.compile(rf"\s*(?:{_ITEM.pattern}|\[.*\]:|\+build|go:)")
"""A line that gofmt does not leave as code."""
_FENCE: Final = re.compile(r"\s{0,3}```+\w*\s*")


def _separated(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks, with text instead of a list or code where gofmt would join two of them."""
    before: Form = "text"
    for form, block in blocks:
        is_unfit = form == "code" and any(map(_NO_CODE.match, block))
        if form != "text" and (before != "text" or is_unfit):
            yield from _as_text((form, block))
            before = "text"
        else:
            yield form, block
            before = form


def _as_text(block: Block) -> list[Block]:
    return [("text", lines) for lines in _paragraphs("\n".join(block[1]))]


def _blocks(text: str) -> Iterator[Block]:
    """Yield the lines of each paragraph, list and block of code of a text in Markdown."""
    lines = [line if line.isprintable() else _printable(line) for line in _untabbed(text)]
    start = at = 0
    while at < len(lines):
        is_first = at == start or not lines[at - 1].strip()
        form, block, end = _code_at(lines, at, is_first) or _list_at(lines, at) or ("text", [], at)
        if end > at:
            yield from (("text", each) for each in _paragraphs("\n".join(lines[start:at])))
            yield form, block
            start = at = end
        else:
            at += 1
    yield from (("text", each) for each in _paragraphs("\n".join(lines[start:])))


def _untabbed(text: str) -> list[str]:
    return [line.expandtabs(4).rstrip() for line in text.splitlines()]


def _code_at(lines: list[str], at: int, is_first: bool) -> tuple[Form, list[str], int] | None:
    """Return the code that starts at a line and the index of the line after it, if it is code."""
    end = at
    if _FENCE.fullmatch(lines[at]):
        closing = (i for i in range(at + 1, len(lines)) if lines[i].strip() == "```")
        end = next(closing, at)
        code, end = lines[at + 1 : end], end + (end > at)
    else:
        while is_first and end < len(lines) and (lines[end][:4].isspace() or not lines[end]):
            end += 1
        code = lines[at:end]
    code = textwrap.dedent("\n".join(code)).strip("\n").split("\n")
    return ("code", code, end) if any(code) else None


def _list_at(lines: list[str], at: int) -> tuple[Form, list[str], int] | None:
    """Return the list that starts at a line and the index of the line after it, if it is one."""
    items: list[tuple[str, list[str]]] = []
    end = at
    while end < len(lines):
        line = lines[end].strip()
        if marker := _ITEM.match(line):
            if items and bool(marker[1]) != items[0][0].endswith(". "):
                break
            sign = f" {marker[1]}. " if marker[1] else "  - "
            items.append((sign, [line[marker.end() :]]))
        elif line and items and lines[end - 1].strip():
            items[-1][1].append(line)
        elif line or not items or not _ITEM.match("".join(lines[end + 1 : end + 2]).strip()):
            break
        end += 1
    block: list[str] = []
    for sign, item in items:
        for paragraph in _paragraphs("\n".join(item), WIDTH - 4):
            block += [f"{'    ' if index else sign}{line}" for index, line in enumerate(paragraph)]
    return ("list", block, end) if items else None


def _paragraphs(text: str, width: int = WIDTH) -> Iterator[list[str]]:
    """Yield the lines of each paragraph of `text`, wrapped."""
    for is_text, group in groupby(map(str.strip, text.split("\n")), key=bool):
        if is_text:
            fitting = (part for line in group for part in _wrapped(line, width))
            yield list(map(_as_prose, fitting))


def _wrapped(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() or char in _JOINERS else " " for char in line)


def _as_prose(line: str) -> str:
    for pattern, replacement in _REPLACED:
        line = pattern.sub(replacement, line)
    return line
