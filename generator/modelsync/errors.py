"""Positions, problems, and how a problem is shown.

A *problem* is one fault in what a user wrote (a spec, the config, a template). Problems are
values: readers and rules collect them, and one :class:`ProblemsError` carries all those of a run
to the command line. Any other exception that leaves this package is a fault of ours.
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
    "\x00-\x08\x0b-\x1f\x7f"  # C0 but tab and line feed, and DEL
    "\x80-\x9f"  # C1
    "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"  # controls of the direction of reading
    "\ud800-\udfff"  # lone surrogates
    "\ufeff\ufffe\uffff"  # byte order mark, non-characters
    "]"
)
"""Characters that editors and terminals hide, and that no spec may hold."""


class Position(NamedTuple):
    """A place in a file: `line` and `column` count from 1, columns in Unicode code points.

    `width` is the number of code points that a caret line marks. (A named tuple, as the nodes of
    a spec are: there is one for each scalar, and making them is a good part of the reading.)
    """

    path: str
    line: int = 1
    column: int = 1
    width: int = 1

    def __str__(self) -> str:
        return f"{visible(self.path)}:{self.line}:{self.column}"

    def shifted(self, columns: int, width: int = 1) -> Position:
        """Return the position `columns` to the right on the same line, `width` wide."""
        return Position(self.path, self.line, self.column + columns, width)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: where it is, its stable code, what is wrong, and what to do about it.

    The texts quote what users wrote. Each is one line, and whatever a terminal would act on is an
    escape in it.
    `cause` is the exception that it was found by, where code from outside has raised one.
    """

    position: Position
    code: str
    message: str
    help: str = ""
    related: tuple[tuple[Position, str], ...] = ()
    cause: BaseException | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", visible(self.message))
        object.__setattr__(self, "help", visible(self.help))
        if self.related:
            notes = tuple((position, visible(note)) for position, note in self.related)
            object.__setattr__(self, "related", notes)


class ProblemsError(Exception):
    """Carries every problem of a run, sorted by position and free of repeats."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(f"{p.position}: {p.code} {p.message}" for p in self.problems))


_MAX_SUGGESTIONS: Final = 1000
"""Problems after so many others get no suggestion: it takes time to find, and nobody reads it."""
_MAX_WORD: Final = 200
_NEIGHBORS: Final = 5


class Names:
    """Names to suggest one of. Looking up a word takes no longer where there are many.

    Only the names next to the word are compared with it: those that begin like it, and those that
    end like it.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._by_folded = {name.casefold(): name for name in names}
        self._forwards = sorted(self._by_folded)
        self._backwards = sorted(name[::-1] for name in self._by_folded)

    def nearest(self, word: str) -> str | None:
        """Return the name that `word` is most likely a misspelling of."""
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
    """Whether one more problem gets a suggestion, after those there are already."""
    return len(before) < _MAX_SUGGESTIONS


def did_you_mean(word: str, candidates: Iterable[str] | Names, before: Sized = ()) -> str:
    """Return `did you mean "x"?` for the candidate nearest to `word`, or an empty string.

    `candidates` are :class:`Names` where many words are looked up, and `before` the problems that
    were found already.
    """
    if not suggests(before):
        return ""
    known = candidates if isinstance(candidates, Names) else Names(candidates)
    near = known.nearest(word)
    return f'did you mean "{visible(near)}"?' if near is not None else ""


def visible(text: str) -> str:
    """Return `text` with each character that a terminal would act on as an escape.

    Problems quote what a user wrote, and that may hold terminal controls or characters that
    turn the direction of reading.
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
    """Return the type and the text of an exception that code from outside has raised."""
    name = visible(type(error).__name__)
    try:
        text = " ".join(str(error).split())
    except Exception as other:  # its `__str__` is code from outside, too
        text = f"its text cannot be shown ({type(other).__name__})"
    if len(text) > _MAX_ERROR_TEXT:
        text = f"{text[:_MAX_ERROR_TEXT]}..."
    return f"{name}: {visible(text)}" if text else name


# What YAML 1.1 counts as the end of a line.
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@lru_cache(maxsize=8)
def source_lines(text: str) -> list[str]:
    """Return the lines of a file. It is split once, however many problems it has."""
    return _LINE_END.split(text)


def position_of(path: str, text: str, offset: int, width: int = 1) -> Position:
    """Return the position of a character of `text`; lines are counted as :func:`excerpt` does."""
    line, start = 1, 0
    for end in _LINE_END.finditer(text, 0, offset):
        line, start = line + 1, end.end()
    return Position(path, line, offset - start + 1, width)


def excerpt(position: Position, text: str, gutter: int) -> list[str]:
    """Return the lines that show `position` in `text`: the source line and a caret below it."""
    lines = source_lines(text)
    if position.line > len(lines):
        return []
    source = lines[position.line - 1]
    start = min(position.column - 1, len(source))
    width = max(1, min(position.width, len(source) - start))
    # A line may be very long: show the part around the caret.
    first = max(0, start - 60)
    shown = source[first : first + 120]
    before = ("..." if first else "") + visible(shown[: start - first])
    marked = visible(shown[start - first : start - first + width])
    after = visible(shown[start - first + width :])
    blank = " " * gutter
    return [
        f"{blank} |",
        f"{position.line:>{gutter}} | {before}{marked}{after}",
        f"{blank} | {' ' * _columns(before)}{'^' * max(1, _columns(marked))}",
    ]


def _columns(text: str) -> int:
    """Return how many columns of a terminal `text` takes (East Asian wide characters take two)."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def show(problem: Problem, texts: Mapping[str, str]) -> str:
    """Return `problem` as a user reads it: sentence, place, source line, caret and help.

    `texts` maps the path of each file that was read to its text; a path that is not in it is
    shown without a source line.
    """
    gutter = len(str(max(problem.position.line, *(p.line for p, _ in problem.related), 1)))
    blank = " " * gutter
    out = [f"{problem.code} {problem.message}", f"{blank}--> {problem.position}"]
    if problem.position.path in texts:
        out += excerpt(problem.position, texts[problem.position.path], gutter)
    for position, note in problem.related:
        out.append(f"{blank}::: {position}: {note}")
        if position.path in texts:
            out += excerpt(position, texts[position.path], gutter)
    if problem.help:
        out += [f"{blank} |", f"{blank} = help: {problem.help}"]
    return "\n".join(out)
