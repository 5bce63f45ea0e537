"""Text of specs in Go: literals and comments, as gofmt leaves them."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from modelsync.schema.meaning import Json
from modelsync.targets.base import Code


@lru_cache(maxsize=65_536)
def literal(text: str) -> Code:
    """Return `text` as an interpreted string literal."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return Code(f'"{text}"')
    return Code('"' + "".join(map(_literal_char, text)) + '"')


def _literal_char(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    if char == "\n":
        return "\\n"
    if char == "\t":
        return "\\t"
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


@lru_cache(maxsize=65_536)
def raw_literal(text: str) -> Code:
    """Return `text` as a raw string literal where that can hold it, for what is full of quotes."""
    if text.isprintable() and "`" not in text:
        return Code(f"`{text}`")
    return literal(text)


def json_text(value: Json) -> str:
    """Return JSON exactly as generated code writes the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_QUOTE: Final = "\N{LEFT DOUBLE QUOTATION MARK}"
_MAY_BE_LINK: Final = re.compile(rb"\[[^\s\[\]]*\]")
_MAX_LINKS: Final = 20
# What Go's tools take for something else than prose, or write in another way.
_NOT_PROSE: Final[Sequence[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]]] = (
    (re.compile(r"^\+build"), r"\\+build"),
    (re.compile(r"^go:"), r"\\go:"),
    (re.compile(r"^\[.*\]:.*"), lambda link: link[0].replace("]:", "] :")),
    (re.compile(r"^#\s+"), "# "),
    (re.compile(r"(?<!`)``(?!`)"), _QUOTE),
    (re.compile(r"''"), "\N{RIGHT DOUBLE QUOTATION MARK}"),
)
_HEADING = re.compile(r"[^\W\d_](?:.*\w)?")
_NO_HEADING = re.compile(r"""[;:!?+*/=\[\]{}_^°&§~%#@<">\\]""")
MAX_LINE = 97
_JOINERS = "\u200c\u200d"  # emoji and some scripts are made with them


@lru_cache(maxsize=16_384)
def comment(text: str) -> tuple[Code, ...]:
    """Return the lines of a comment that says `text`, as gofmt leaves it.

    gofmt edits documentation: it makes quotes of two backticks, moves what looks like the target
    of a link to the end, marks headings, and takes `+build` for a build constraint. Other tools
    warn of a directive, `go:build`, that a blank keeps from being one.
    """
    paragraphs = [_wrapped(lines) for lines in _paragraphs(text)]
    out: list[Code] = []
    for index, lines in enumerate(paragraphs):
        if index:
            out.append(Code("//"))
        is_inner = 0 < index < len(paragraphs) - 1
        mark = "// # " if is_inner and len(lines) == 1 and _is_heading(lines[0]) else "// "
        out += [Code(mark + line) for line in lines]
    return tuple(out)


def _paragraphs(text: str) -> Iterator[list[str]]:
    """Yield the lines of each paragraph of `text`, free of blanks around and of controls."""
    lines: list[str] = []
    for line in text.splitlines():
        clean = line if line.isprintable() else "".join(map(_comment_char, line))
        clean = clean.strip()
        if clean:
            lines.append(clean)
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _comment_char(char: str) -> str:
    return char if char.isprintable() or char in _JOINERS else " "


def _wrapped(lines: Iterable[str]) -> list[str]:
    out: list[str] = []
    for line in lines:
        if len(line) > MAX_LINE:
            out += textwrap.wrap(line, MAX_LINE, break_long_words=False, break_on_hyphens=False)
        else:
            out.append(line)
    return _fenced("\n".join(map(_as_prose, out))).split("\n")


def _fenced(text: str) -> str:
    """Return a paragraph with three backticks or more, as fences have them, as gofmt leaves them.

    It takes two for a quote, but for those of a run of three or more. Only that it goes on after
    such a run by a count of backticks at a wrong place (`parseText` in go/doc/comment), and may so
    come to stand in the middle of others.
    """
    if "```" not in text:
        return text
    data = text.encode("utf-8")
    links = list(_MAY_BE_LINK.finditer(data))
    if links:
        # It goes through what is between links one by one; which are some is not for us to say.
        starts, ends = ([0, *(link.end() for link in links)], [*(link.start() for link in links)])
        parts = (data[a:b] for a in starts for b in (*ends, len(data)) if a < b)
        if len(links) > _MAX_LINKS or any(_quote_in(part) >= 0 for part in parts):
            return re.sub("`{3,}", lambda run: run[0].replace("``", _QUOTE), text)
        return text
    while (at := _quote_in(data)) >= 0:
        data = data[:at] + _QUOTE.encode("utf-8") + data[at + 2 :]
    return data.decode("utf-8")


def _quote_in(data: bytes) -> int:
    """Return where the first two backticks stand that gofmt makes a quote of, or -1."""
    at = data.find(b"``")
    while data[at : at + 3] == b"```":
        after = at + 3
        while data[at + after : at + after + 1] == b"`":
            after += 1
        at = data.find(b"``", after)
    return at


def _as_prose(line: str) -> str:
    for pattern, replacement in _NOT_PROSE:
        line = pattern.sub(replacement, line)
    return line


def _is_heading(line: str) -> bool:
    """Whether gofmt, or somebody who reads it, takes a line between paragraphs for a heading."""
    return _HEADING.fullmatch(line) is not None and not _NO_HEADING.search(line)
