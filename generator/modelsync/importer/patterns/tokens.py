"""The parts of a regular expression, each with its text in the dialect of specs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from modelsync.patterns.syntax import LAST, Ranges, complement


@dataclass(frozen=True, slots=True)
class Count:
    """How often a part is repeated."""

    least: int
    most: int | None
    """None if there is no limit."""

    @property
    def text(self) -> str:
        """The count as it is written after a part."""
        match self.least, self.most:
            case 0, None:
                return "*"
            case 1, None:
                return "+"
            case 0, 1:
                return "?"
            case 1, 1:
                return ""
            case least, None:
                return f"{{{least},}}"
            case least, most if least == most:
                return f"{{{least}}}"
            case least, most:
                return f"{{{least},{most}}}"


ONCE = Count(1, 1)


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set."""

    text: str
    ranges: Ranges
    count: Count = ONCE


@dataclass(frozen=True, slots=True)
class Anchor:
    r"""The start or the end of the text, or the boundary of a word: `^`, `$` and `\b`."""

    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Branches in parentheses."""

    branches: Choice
    prefix: str = "("
    count: Count = ONCE


@dataclass(frozen=True, slots=True)
class Look:
    """A lookahead or a lookbehind, which no spec has."""

    branches: Choice
    direction: Literal["ahead", "behind"]
    is_negative: bool
    offset: int
    """Where it is in the pattern."""


Part: TypeAlias = Chars | Anchor | Group | Look
Branch: TypeAlias = tuple[Part, ...]
Choice: TypeAlias = tuple[Branch, ...]
"""The branches of a pattern or a group; most have only one."""


def written(choice: Choice) -> str:
    """Return branches as text."""
    return "|".join("".join(map(_part, branch)) for branch in choice)


def _part(part: Part) -> str:
    match part:
        case Anchor(text=text):
            return text
        case Chars(text=text, count=count):
            return text + count.text
        case Group(branches=branches, prefix=prefix, count=count):
            return f"{prefix}{written(branches)}){count.text}"
        case Look():
            raise AssertionError("lookaround is removed before")


def chars_of(ranges: Ranges, count: Count = ONCE) -> Chars:
    """Return characters as a class; they must not be empty."""
    if not complement(ranges):
        return Chars("[\\s\\S]", ranges, count)
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return Chars(escaped(ranges[0][0]), ranges, count)
    if ranges[-1][1] == LAST and len(ranges) < _MANY:
        return Chars(f"[^{class_text(complement(ranges))}]", ranges, count)
    return Chars(f"[{class_text(ranges)}]", ranges, count)


def class_text(ranges: Ranges) -> str:
    """Return ranges as the inside of a class."""
    return "".join(
        _in_class(low)
        if low == high
        else f"{_in_class(low)}{'' if high == low + 1 else '-'}{_in_class(high)}"
        for low, high in ranges
    )


def _in_class(char: int) -> str:
    return f"\\{chr(char)}" if char < 0x7F and chr(char) in "[]\\^-" else _readable(char)


def escaped(char: int) -> str:
    """Return a character as it is written outside of a class."""
    is_syntax = char < 0x7F and chr(char) in "^$\\.*+?()[]{}|"
    return f"\\{chr(char)}" if is_syntax else _readable(char)


def _readable(char: int) -> str:
    if char in _NAMED:
        return _NAMED[char]
    if 0x20 <= char < 0x7F or (0xA0 < char < _AFTER_CYRILLIC and chr(char).isalnum()):
        return chr(char)
    return f"\\x{char:02x}" if char < 0x100 else _unicode(char)


def _unicode(char: int) -> str:
    return f"\\u{char:04x}" if char < 0x10000 else f"\\u{{{char:x}}}"


_MANY = 100
"""From this many ranges on, a class is written as it is: no other form is shorter."""
_AFTER_CYRILLIC = 0x0530
"""Letters from here on are written as escapes: some are hard to distinguish, or change the
direction of the line."""
_NAMED = {0x09: "\\t", 0x0A: "\\n", 0x0B: "\\v", 0x0C: "\\f", 0x0D: "\\r"}
