"""Values as code: the literals in the examples of TypeScript pages, and how to read them.

    {
      id: "<id>",
      createdAt: new Date("2026-01-01T00:00:00Z"),
      tags: [],
    }

A string is in double quotes; one of several lines is a string per line, joined by `+`.
:mod:`modelsync.pages.code_layout` writes values as code.
"""

from __future__ import annotations

import math
import re
import sys
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from modelsync.errors import HIDDEN

MAX_NESTING: Final = 48
"""How deep arrays and objects may nest: a spec allows 64 levels, including its own keys."""
_MAX_DIGITS: Final = 400
"""The maximum length of a number, as in specs."""
LINES: Final = ("joined", "escapes", "broken")
"""How code may write a string of several lines."""


@dataclass(frozen=True, slots=True)
class Raw:
    """An expression that is not a literal: `Color.Red`, `NaN`."""

    text: str
    used: tuple[str, str] = field(default=("", ""), compare=False)
    """The module and the name that it needs to import, empty if it needs none."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call with a string: `new Date("...")`."""

    name: str
    """The text before its bracket."""
    text: str
    used: tuple[str, str] = field(default=("", ""), compare=False)
    """As for :class:`Raw`."""


@dataclass(frozen=True, slots=True)
class Items:
    """An array."""

    items: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Properties:
    """An object."""

    items: tuple[tuple[str, Code], ...] = ()
    """The keys as code has them, in quotes or not, with their values."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that its layout would write differently, such as `1.0` or `1e21`."""

    text: str


Code: TypeAlias = "Raw | Call | Items | Properties | Number | str | bool | int | float | None"


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of code on the pages of a set."""

    compact: bool = False
    """The style of older pages: four spaces per level, lists on one line if they fit, no quotes
    around keys of maps where possible, and single quotes where they save escapes."""
    decimals: bool = False
    """Whether a fraction has at least two digits."""
    lines: str = LINES[0]
    """How a string of several lines is written: `joined` by `+`, as one string with `escapes`, or
    `broken` into lines."""

    @property
    def indent(self) -> str:
        """The indentation of one level."""
        return "    " if self.compact else "  "

    def key(self, key: str) -> str:
        """Return the key of a map as code."""
        return bare(key) if self.compact else quoted(key)

    def quoted(self, text: str) -> str:
        """Return a string as code, on one line."""
        fewest = "'" if self.compact and text.count('"') > text.count("'") else '"'
        return f"{fewest}{_escaped(text, fewest)}{fewest}"

    def text(self, text: str, indent: str) -> str:
        """Return a string as code; the lines after the first are indented by `indent`."""
        if "\n" not in text or self.lines == "escapes":
            return self.quoted(text)
        if self.lines == "broken":
            return '"{}"'.format("\n".join(map(_escaped, text.split("\n"))))
        return f"\n{indent}+ ".join(map(self.quoted, _LINE_END.split(text)))


PLAIN: Final = Layout()


class NotCode(Exception):
    """A text is not a value in code: `expected` is missing at `offset`."""

    def __init__(self, offset: int, expected: str) -> None:
        super().__init__(expected)
        self.offset = offset
        self.expected = expected


class HiddenText(NotCode):
    """A string in code has invisible characters as escapes, which specs cannot contain."""


_IDENTIFIER: Final = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
# No part of the pattern can match the start of the next part, so it never backtracks.
_DOUBLE: Final = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_SINGLE: Final = r"'[^'\\\n]*(?:\\.[^'\\\n]*)*'"
_BACK: Final = r"`[^`\\$]*(?:\\.[^`\\$]*)*`"
_NAME: Final = r"(?:(?:new|await)\ )?-?[A-Za-z_$][\w$]*(?:\s*\.[\w$]+)*(?:\(\)\.\w+)?"
_HEADERS: Final = r',\s*\{\s*headers:\s*\{\s*"Content-Type":\s*"application/json"\s*\},\s*\}'
_WITH_HEADERS: Final = ("new Response",)
"""The calls that have headers after their string, which are always the same."""
_TOKEN: Final = re.compile(
    rf"""\s*(?:
    (?P<text>{_DOUBLE}|{_SINGLE}|{_BACK})
    |(?P<number>-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<mark>[\[\]{{}},:;])
    |(?P<raw>{_NAME})(?P<called>\((?:\s*(?P<argument>{_DOUBLE}|{_SINGLE})(?P<headers>{_HEADERS})?,?\s*)?\))?
    )""",
    re.X | re.S | re.A,
)
_MORE_TEXT: Final = re.compile(rf"\s*\+\s*({_DOUBLE}|{_SINGLE})", re.S)
_LINE_END: Final = re.compile(r"(?<=\n)")
_BEFORE_DOT: Final = re.compile(r"\s+\.")
_WORDS: Final = {"true": True, "false": False, "null": None}


def quoted(text: str) -> str:
    """Return a string, or the key of a map, in double quotes."""
    return f'"{_escaped(text)}"'


def _escaped(text: str, quote: str = '"') -> str:
    """Return a string as it is between quotes. A tab is not escaped."""
    return text.replace("\\", "\\\\").replace(quote, f"\\{quote}").replace("\n", "\\n")


def bare(key: str) -> str:
    """Return the key of a model as code: without quotes where possible."""
    return key if _IDENTIFIER.fullmatch(key) else quoted(key)


def key_of(code: str) -> str:
    """Return the key that code has: the inverse of :func:`quoted` and :func:`bare`."""
    return _text(code) if code[0] in "\"'`" else code


def number_text(value: float, layout: Layout = PLAIN) -> str:
    """Return a float as JavaScript writes it."""
    if not math.isfinite(value):
        return "NaN"
    # Python produces the same digits, but uses an exponent in other cases.
    if value == 0 or 1e-6 <= abs(value) < 1e21:
        text = f"{Decimal(repr(value)):f}".removesuffix(".0")
        return f"{text}0" if layout.decimals and text[-2:-1] == "." else text
    return repr(value).replace("e-0", "e-")


def read_code(text: str, layout: Layout = PLAIN) -> Code:
    """Return the value of some code, the inverse of writing it.

    Raises :class:`NotCode`.
    """
    reader = _Reader(text, layout)
    value = reader.value()
    reader.end()
    return value


@dataclass(slots=True)
class _Open:
    """An array or an object whose end has not been read: its bracket, and its items so far."""

    mark: str
    items: list[tuple[str, Code]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)


class _Reader:
    def __init__(self, text: str, layout: Layout) -> None:
        self.text = text
        self.layout = layout
        self.at = 0

    def next(self, expected: str) -> re.Match[str]:
        token = _TOKEN.match(self.text, self.at)
        if token is None:
            raise NotCode(self.at, expected)
        self.at = token.end()
        return token

    def peek(self) -> str:
        token = _TOKEN.match(self.text, self.at)
        return token["mark"] or "" if token else ""

    def need(self, mark: str) -> None:
        start = self.at
        if self.next(f"`{mark}`")["mark"] != mark:
            raise NotCode(start, f"`{mark}`")

    def end(self) -> None:
        if self.text[self.at :].strip():
            raise NotCode(self.at, "the end")

    def value(self) -> Code:
        # An explicit stack, because hostile pages may nest examples very deep.
        open_: list[_Open] = []
        while True:
            start = self.at
            token = self.next("a value")
            mark = token["mark"]
            if mark in ("{", "["):
                if len(open_) == MAX_NESTING:
                    raise NotCode(start, f"at most {MAX_NESTING} nested brackets")
                open_.append(_Open(mark))
                if self.peek() not in ("}", "]"):
                    self.begin_item(open_[-1])
                    continue
                value = self.close(open_)
            elif mark:
                raise NotCode(start, "a value")
            else:
                value = self.scalar(token, start)
            while open_:
                items = open_[-1].items
                items[-1] = (items[-1][0], value)
                more = self.peek() == ","
                if more:
                    self.need(",")
                if more and self.peek() not in ("}", "]"):
                    self.begin_item(open_[-1])
                    break
                value = self.close(open_)
            else:
                return value

    def scalar(self, token: re.Match[str], offset: int) -> Code:
        if token["text"]:
            parts = [_read_text(token["text"], offset)]
            while more := _MORE_TEXT.match(self.text, self.at):
                parts.append(_read_text(more[1], self.at))
                self.at = more.end()
            return "".join(parts)
        if token["number"]:
            return _read_number(token["number"], offset, self.layout)
        word = token["raw"]
        if token["called"]:
            return _read_call(token, offset)
        # A line may end before a dot.
        return _WORDS[word] if word in _WORDS else Raw(_BEFORE_DOT.sub(".", word))

    def begin_item(self, inside: _Open) -> None:
        key = ""
        if inside.mark == "{":
            start = self.at
            token = self.next("a key")
            key = token["text"] or token["raw"] or token["number"] or ""
            if not key or token["called"]:
                raise NotCode(start, "a key")
            if key_of(key) in inside.keys:
                raise NotCode(
                    token.end() - len(key), "a key that this object does not have already"
                )
            inside.keys.add(key_of(key))
            self.need(":")
        inside.items.append((key, None))

    def close(self, open_: list[_Open]) -> Code:
        closed = open_.pop()
        self.need("}" if closed.mark == "{" else "]")
        if closed.mark == "{":
            return Properties(tuple(closed.items))
        return Items(tuple(value for _, value in closed.items))


def _read_text(code: str, offset: int) -> str:
    text = _text(code)
    if HIDDEN.search(text):
        raise HiddenText(offset, "a string without invisible or control characters")
    return text


def _read_call(token: re.Match[str], offset: int) -> Code:
    name, called = token["raw"], token["called"]
    if not token["argument"]:
        return Raw(f"{name}{called}")
    if bool(token["headers"]) != (name in _WITH_HEADERS):
        raise NotCode(offset, "headers after the string of a `new Response`, and nowhere else")
    return Call(name, _read_text(token["argument"], offset))


def _read_number(number: str, offset: int, layout: Layout) -> int | float | Number:
    if len(number) > _MAX_DIGITS or not math.isfinite(float(number)):
        raise NotCode(offset, "a number that JSON can represent")
    value = number_of(number)
    written = number_text(value, layout) if isinstance(value, float) else str(value)
    return value if written == number else Number(number)


def number_of(text: str) -> int | float:
    """Return the number that a text in code means."""
    is_whole = text.lstrip("-").isdecimal() and text != "-0"
    return int(text) if is_whole else float(text)


def is_number(text: str) -> bool:
    """Return whether a text is a number in code, and not too long."""
    token = _TOKEN.fullmatch(text)
    return bool(token and token["number"] == text and len(text) <= _MAX_DIGITS)


_ESCAPE: Final = re.compile(r"\\(u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|.)", re.S)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def _text(code: str) -> str:
    def unescaped(escape: re.Match[str]) -> str:
        digits = escape[2] or escape[3] or escape[4]
        if not digits:
            return _ESCAPED.get(escape[1], escape[1])
        point = int(digits[-8:], 16)
        return chr(point) if point <= sys.maxunicode else escape[0]

    text = _ESCAPE.sub(unescaped, code[1:-1])
    # Escapes write a character of more than 16 bits as two.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
