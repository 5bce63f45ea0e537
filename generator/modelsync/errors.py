"""Positions, problems, and how problems are displayed.

A *problem* is one fault in something the user wrote: a spec, the config, a template. Problems are
values: readers and rules collect them, and a single :class:`ProblemsError` carries all problems of
a run to the command line. Any other exception that leaves this package is an internal error.

A message is a clause without a period that starts with the thing: "unknown type `Usr`". Names,
keys, types, values, file names and commands are in backticks. The help is an instruction. Every
code has a section in docs/problems.md.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from bisect import bisect
from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

HIDDEN: Final = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f"  # C0 except tab and line feed, and DEL
    "\x80-\x9f"  # C1
    "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"  # bidirectional controls
    "\ud800-\udfff"  # lone surrogates
    "\ufeff\ufffe\uffff"  # byte order mark, non-characters
    "]"
)
"""Characters that editors and terminals hide. Specs must not contain them."""


class Position(NamedTuple):
    """A position in a file.

    A named tuple for speed: every scalar of a spec has one.
    """

    path: str
    line: int = 1
    """Counts from 1."""
    column: int = 1
    """Counts from 1, in Unicode code points."""
    width: int = 1
    """How many code points the caret line marks."""

    def __str__(self) -> str:
        return f"{visible(self.path)}:{self.line}:{self.column}"

    def shifted(self, columns: int, width: int = 1) -> Position:
        """Return the position `columns` to the right on the same line, `width` wide."""
        return Position(self.path, self.line, self.column + columns, width)


NOWHERE: Final = Position("")
"""The position of what no file contains."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem: its position, its stable code, the message, and how to fix it.

    Messages quote user input. The constructor makes each text a single line and escapes every
    character that a terminal would interpret, so callers need not.
    """

    position: Position
    code: str
    message: str
    help: str = ""
    related: tuple[tuple[Position, str], ...] = ()
    """Further positions, each with a note."""
    cause: BaseException | None = field(default=None, compare=False, repr=False)
    """The exception that third-party code raised, if there was one."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", visible(self.message))
        object.__setattr__(self, "help", visible(self.help))
        if self.related:
            notes = tuple((position, visible(note)) for position, note in self.related)
            object.__setattr__(self, "related", notes)


class ProblemsError(Exception):
    """Carries every problem of a run, sorted by position, without duplicates."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(f"{p.position}: {p.code} {p.message}" for p in self.problems))


_MAX_SUGGESTIONS: Final = 1000
"""Problems beyond this number get no suggestion, because finding one takes time."""
_MAX_WORD: Final = 200
_NEIGHBORS: Final = 5


class Names:
    """Candidate names for suggestions, indexed so that lookups stay fast for many names.

    A word is only compared with its neighbors in two sorted lists: the names with a similar
    beginning and the names with a similar ending.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._by_folded = {name.casefold(): name for name in names}
        self._forwards = sorted(self._by_folded)
        self._backwards = sorted(name[::-1] for name in self._by_folded)

    def nearest(self, word: str) -> str | None:
        """Return the name that `word` most likely misspells."""
        if len(word) > _MAX_WORD:
            return None
        folded = word.casefold()
        if len(self._forwards) <= 4 * _NEIGHBORS:
            around = self._forwards
        else:
            around = _neighbors(self._forwards, folded)
            around += [name[::-1] for name in _neighbors(self._backwards, folded[::-1])]
        near = difflib.get_close_matches(folded, around, n=1, cutoff=0.6)
        return self._by_folded[near[0]] if near else None


def _neighbors(ordered: list[str], word: str) -> list[str]:
    place = bisect(ordered, word)
    return ordered[max(0, place - _NEIGHBORS) : place + _NEIGHBORS]


def suggests(before: Sized) -> bool:
    """Whether one more problem gets a suggestion, after the problems in `before`."""
    return len(before) < _MAX_SUGGESTIONS


def did_you_mean(word: str, candidates: Iterable[str] | Names, before: Sized = ()) -> str:
    """Return "did you mean `x`?" for the candidate nearest to `word`, or an empty string.

    Pass :class:`Names` as `candidates` to look up many words, and the problems found so far as
    `before`.
    """
    if not suggests(before):
        return ""
    names = candidates if isinstance(candidates, Names) else Names(candidates)
    near = names.nearest(word)
    return f"did you mean `{visible(near)}`?" if near is not None else ""


def in_backticks(names: Iterable[str]) -> str:
    """Return a comma-separated list of names, each in backticks."""
    return ", ".join(f"`{name}`" for name in names)


def visible(text: str) -> str:
    """Return `text` with every character escaped that a terminal would interpret.

    Messages quote user input, which may contain terminal controls or bidirectional controls.
    Escaping twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char
        if char == " " or unicodedata.category(char)[0] not in "CZ"
        else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


_MAX_ERROR_TEXT: Final = 300


def error_text(error: BaseException) -> str:
    """Return the type and the text of an exception that third-party code raised."""
    name = visible(type(error).__name__)
    try:
        text = " ".join(str(error).split())
    except Exception as other:  # its `__str__` is third-party code, too
        text = f"(its message raised {type(other).__name__})"
    if len(text) > _MAX_ERROR_TEXT:
        text = f"{text[:_MAX_ERROR_TEXT]}..."
    return f"{name}: {visible(text)}" if text else name


# All line breaks of YAML 1.1.
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@lru_cache(maxsize=8)
def source_lines(text: str) -> list[str]:
    """Return the lines of a file. Cached, so that each file is split once."""
    return _LINE_END.split(text) if has_other_line_ends(text) else text.split("\n")


def has_other_line_ends(text: str) -> bool:
    """Whether a text has other line ends than newlines. Much faster than a regular expression."""
    return any(end in text for end in "\r\x85\u2028\u2029")


def position_of(path: str, text: str, offset: int, width: int = 1) -> Position:
    """Return the position of the character at `offset`. Counts lines as :func:`excerpt` does."""
    line, start = 1, 0
    for end in _LINE_END.finditer(text, 0, offset):
        line, start = line + 1, end.end()
    return Position(path, line, offset - start + 1, width)


def excerpt(position: Position, text: str, gutter: int) -> list[str]:
    """Return the source line at `position` with a caret line below it."""
    lines = source_lines(text)
    if position.line > len(lines):
        return []
    source = lines[position.line - 1]
    start = min(position.column - 1, len(source))
    width = max(1, min(position.width, len(source) - start))
    # Lines can be very long: show only the part around the caret.
    first = max(0, start - 60)
    around = source[first : first + 120]
    before = ("..." if first else "") + visible(around[: start - first])
    marked = visible(around[start - first : start - first + width])
    after = visible(around[start - first + width :])
    margin = " " * gutter
    return [
        f"{margin} |",
        f"{position.line:>{gutter}} | {before}{marked}{after}",
        f"{margin} | {' ' * _columns(before)}{'^' * max(1, _columns(marked))}",
    ]


def _columns(text: str) -> int:
    """Return the width of `text` in terminal columns. East Asian wide characters take two."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def show(problem: Problem, texts: Mapping[str, str]) -> str:
    """Return `problem` as displayed text: message, position, source line, caret and help.

    `texts` maps paths to file contents. Positions in other files are shown without a source line.
    """
    gutter = len(str(max(problem.position.line, *(p.line for p, _ in problem.related), 1)))
    margin = " " * gutter
    lines = [f"{problem.code} {problem.message}", f"{margin}--> {problem.position}"]
    if problem.position.path in texts:
        lines += excerpt(problem.position, texts[problem.position.path], gutter)
    for position, note in problem.related:
        lines.append(f"{margin}::: {position}: {note}")
        if position.path in texts:
            lines += excerpt(position, texts[position.path], gutter)
    if problem.help:
        lines += [f"{margin} |", f"{margin} = help: {problem.help}"]
    return "\n".join(lines)
