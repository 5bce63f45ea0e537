"""A pattern -> the text of a regular expression that means the same in one language.

The text is written from the syntax tree, never copied from the pattern: characters other than
printable ASCII are escaped, classes are sorted ranges, and groups do not capture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from modelsync.patterns.syntax import (
    LAST,
    Anchor,
    Chars,
    Choice,
    Node,
    Ranges,
    Repeat,
    Sequence,
    complement,
)

_SPECIAL: Final = frozenset("^$\\.*+?()[]{}|/")
_SPECIAL_IN_CLASS: Final = frozenset("^\\[]-")
_SPECIAL_IN_BARE_CLASS: Final = frozenset("\\]")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What is different in the regular expressions of a language."""

    start: str
    end: str
    code: str
    """How a code point is written, as a format string; empty for the escapes of Python."""
    escapes: Mapping[int, str] = field(default_factory=dict)
    """Characters with an escape that is shorter, and that linters accept."""
    is_bare: bool = False
    """Whether classes escape only what they must, as linters ask for."""


_ESCAPES: Final = {9: r"\t", 10: r"\n", 11: r"\v", 12: r"\f", 13: r"\r"}

PYTHON: Final = Dialect(r"\A", r"\Z", "")
"""For :func:`re.compile` with `re.ASCII`, and `search`."""
ECMASCRIPT: Final = Dialect("^", "$", r"\u{{{:x}}}", _ESCAPES, is_bare=True)
"""For a regular expression with the flag `u`, and `test`."""
RE2: Final = Dialect(r"\A", r"\z", r"\x{{{:x}}}")
"""For Go's `regexp`, and `MatchString`."""
JSON_SCHEMA: Final = Dialect("^", "$", "{:c}", _ESCAPES)
"""For ECMAScript with the flag `u`, Python's `re` and RE2 alike: validators use what they have.

No escape of other characters is the same in all three, so they stay as they are.
"""


def translate(pattern: Node, dialect: Dialect) -> str:
    """Return the text of a regular expression for an unanchored search."""
    match pattern:
        case Chars(ranges=ranges):
            return _chars(ranges, dialect)
        case Anchor(kind="word"):
            return r"\b"
        case Anchor(kind="start"):
            return dialect.start
        case Anchor():
            return dialect.end
        case Sequence(parts=parts):
            return "".join(_grouped(part, dialect, (Choice,)) for part in parts)
        case Choice(branches=branches):
            return "|".join(translate(branch, dialect) for branch in branches)
        case Repeat(part=part, least=least, most=most):
            return _grouped(part, dialect, (Choice, Sequence, Repeat)) + _counts(least, most)


def _grouped(part: Node, dialect: Dialect, kinds: tuple[type, ...]) -> str:
    text = translate(part, dialect)
    return f"(?:{text})" if isinstance(part, kinds) else text


def _counts(least: int, most: int | None) -> str:
    match least, most:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case 0, 1:
            return "?"
        case _, None:
            return f"{{{least},}}"
        case _:
            return f"{{{least}}}" if least == most else f"{{{least},{most}}}"


def _chars(ranges: Ranges, dialect: Dialect) -> str:
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _char(ranges[0][0], dialect, _SPECIAL)
    is_negated = ranges[-1][1] == LAST
    written = complement(ranges) if is_negated else ranges
    if not written:
        return r"[\s\S]"
    items = _bare_items(written, dialect) if dialect.is_bare else _items(written, dialect)
    if is_negated:
        return f"[^{items}]"
    return rf"[\{items}]" if items.startswith("^") else f"[{items}]"


def _items(ranges: Ranges, dialect: Dialect) -> str:
    return "".join(_range(low, high, dialect, _SPECIAL_IN_CLASS) for low, high in ranges)


def _bare_items(ranges: Ranges, dialect: Dialect) -> str:
    """Return the items of a class with a hyphen in front, where it needs no escape."""
    hyphen = ord("-")
    others = [(low + (low == hyphen), high - (high == hyphen)) for low, high in ranges]
    items = [
        _range(low, high, dialect, _SPECIAL_IN_BARE_CLASS) for low, high in others if low <= high
    ]
    return "".join(["-" if any(hyphen in ends for ends in ranges) else "", *items])


def _range(low: int, high: int, dialect: Dialect, special: frozenset[str]) -> str:
    first, last = (_char(char, dialect, special) for char in (low, high))
    if low == high:
        return first
    return f"{first}{last}" if high == low + 1 else f"{first}-{last}"


def _char(char: int, dialect: Dialect, special: frozenset[str]) -> str:
    if 0x20 <= char <= 0x7E:
        text = chr(char)
        return f"\\{text}" if text in special else text
    if char in dialect.escapes:
        return dialect.escapes[char]
    if dialect.code:
        return dialect.code.format(char)
    if char <= 0xFF:
        return f"\\x{char:02x}"
    return f"\\u{char:04x}" if char <= 0xFFFF else f"\\U{char:08x}"
