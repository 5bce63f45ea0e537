"""Values as code: the literals in the examples of TypeScript pages, read and written.

    {
      id: "<id>",
      createdAt: new Date("2026-01-01T00:00:00Z"),
      tags: [],
    }

Objects and arrays with content are always expanded, with a comma behind each item. A scalar that
would pass column 80 goes to a line of its own. Text is in double quotes, or in single ones where
that saves escapes.
"""

from __future__ import annotations

import json
import math
import re
import sys
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from modelsync.errors import HIDDEN

COLUMNS: Final = 80
MAX_NESTING: Final = 48
"""How deep arrays and objects may nest: a spec holds them among its own keys, and allows 64."""
_MAX_DIGITS: Final = 400
"""How long a number may be, as in specs."""


@dataclass(frozen=True, slots=True)
class Raw:
    """An expression that is no literal: `new Date("...")`, `Color.Red`, `NaN`.

    `used` are the module and the name that it needs to be imported, empty where it needs none.
    """

    text: str
    used: tuple[str, str] = field(default=("", ""), compare=False)


@dataclass(frozen=True, slots=True)
class Items:
    """An array."""

    items: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Properties:
    """An object: its keys as they stand in code, in quotes or not, and their values."""

    items: tuple[tuple[str, Code], ...] = ()


Code: TypeAlias = "Raw | Items | Properties | str | bool | int | float | None"


class NotCode(Exception):
    """A text is no value in code: `offset` is where, `expected` what should be there."""

    def __init__(self, offset: int, expected: str) -> None:
        super().__init__(expected)
        self.offset = offset
        self.expected = expected


_IDENTIFIER: Final = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
# No part of a pattern can match what the one behind it begins with: text is read once.
_DOUBLE: Final = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
_SINGLE: Final = r"'[^'\\\n]*(?:\\.[^'\\\n]*)*'"
_BACK: Final = r"`[^`\\$]*(?:\\.[^`\\$]*)*`"
_CALLED: Final = rf"\((?:{_DOUBLE})?\)"
_TOKEN: Final = re.compile(
    rf"""\s*(?:
    (?P<text>{_DOUBLE}|{_SINGLE}|{_BACK})
    |(?P<number>-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<mark>[\[\]{{}},:;])
    |(?P<raw>(?:(?:new|await)\ )?-?[A-Za-z_$][\w$.]*(?:\(\)\.\w+)?(?:{_CALLED})?)
    )""",
    re.X | re.S | re.A,
)
_WORDS: Final = {"true": True, "false": False, "null": None}


def write_code(value: Code, indent: str = "") -> str:
    """Return a value as code; the lines behind the first are indented by `indent`."""
    inner = indent + "  "
    match value:
        case Items(items=items):
            return _block("[", [inner + write_code(item, inner) for item in items], "]", indent)
        case Properties(items=pairs):
            return _block("{", [_property(key, item, inner) for key, item in pairs], "}", indent)
        case Raw(text=text):
            return text
        case float():
            return _number(value)
        case str():
            return quoted(value)
        case _:
            return json.dumps(value)


def _property(key: str, value: Code, indent: str) -> str:
    text = write_code(value, indent)
    line = f"{indent}{key}: {text}"
    if "\n" not in text and text[-1] not in "]})" and len(line) + 1 > COLUMNS:
        return f"{indent}{key}:\n{indent}  {text}"
    return line


def quoted(text: str) -> str:
    """Return text, or the key of a map, in the quotes that need fewer escapes."""
    double = json.dumps(text, ensure_ascii=False)
    if text.count('"') <= text.count("'"):
        return double
    inner = double[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{inner}'"


def bare(key: str) -> str:
    """Return a key as those of models are written: without quotes where it can be."""
    return key if _IDENTIFIER.fullmatch(key) else quoted(key)


def key_of(code: str) -> str:
    """Return the key that stands in code: the inverse of :func:`quoted` and :func:`bare`."""
    return _text(code) if code[0] in "\"'`" else code


def _block(opening: str, items: list[str], closing: str, indent: str) -> str:
    if not items:
        return opening + closing
    return opening + "".join(f"\n{item}," for item in items) + f"\n{indent}{closing}"


def _number(value: float) -> str:
    """Return a float as JavaScript writes it."""
    if not math.isfinite(value):
        return "NaN"
    # The digits are those of Python; when an exponent is needed is another matter.
    if value == 0 or 1e-6 <= abs(value) < 1e21:
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    return repr(value).replace("e-0", "e-")


def declaration(word: str, type_: str, code: Code) -> str:
    """Return the line, or lines, that give `value` its value; `word` is `let` or `const`.

    What does not fit on a line breaks behind the equals sign, or else around the type.
    """
    text = write_code(code)
    first = text.partition("\n")[0]
    declared = f"{word} value: {type_} ="
    end = "" if "\n" in text else ";"
    if len(f"{declared} {first}{end}") <= COLUMNS:
        return f"{declared} {text};"
    if len(declared) <= COLUMNS:
        indented = text.replace("\n", "\n  ")
        return f"{declared}\n  {indented};"
    return f"{word} value:\n  {type_} =\n  {text};"


def read_code(text: str) -> Code:
    """Return the value that `text` writes, the inverse of :func:`write_code`.

    Raises :class:`NotCode`.
    """
    reader = _Reader(text)
    value = reader.value()
    reader.end()
    return value


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
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
        # An own stack: examples of hostile pages nest as deep as they like.
        open_: list[tuple[str, list[tuple[str, Code]]]] = []
        while True:
            start = self.at
            token = self.next("a value")
            mark = token["mark"]
            if mark in ("{", "["):
                if len(open_) == MAX_NESTING:
                    raise NotCode(start, f"at most {MAX_NESTING} brackets inside one another")
                open_.append((mark, []))
                if self.peek() not in ("}", "]"):
                    self.begin_item(mark, open_[-1][1])
                    continue
                value = self.close(open_)
            elif mark:
                raise NotCode(start, "a value")
            else:
                value = _scalar(token, start)
            while open_:
                kind, items = open_[-1]
                items[-1] = (items[-1][0], value)
                more = self.peek() == ","
                if more:
                    self.need(",")
                if more and self.peek() not in ("}", "]"):
                    self.begin_item(kind, items)
                    break
                value = self.close(open_)
            else:
                return value

    def begin_item(self, kind: str, items: list[tuple[str, Code]]) -> None:
        key = ""
        if kind == "{":
            start = self.at
            token = self.next("a key")
            key = token["text"] or token["raw"] or token["number"] or ""
            if not key:
                raise NotCode(start, "a key")
            self.need(":")
        items.append((key, None))

    def close(self, open_: list[tuple[str, list[tuple[str, Code]]]]) -> Code:
        kind, items = open_.pop()
        self.need("}" if kind == "{" else "]")
        if kind == "{":
            return Properties(tuple(items))
        return Items(tuple(value for _, value in items))


def _scalar(token: re.Match[str], offset: int) -> Code:
    if token["text"]:
        text = _text(token["text"])
        if HIDDEN.search(text):
            raise NotCode(offset, "text without characters that editors hide")
        return text
    if token["number"]:
        return _read_number(token["number"], offset)
    word = token["raw"]
    return _WORDS[word] if word in _WORDS else Raw(word)


def _read_number(number: str, offset: int) -> int | float:
    if len(number) > _MAX_DIGITS or not math.isfinite(float(number)):
        raise NotCode(offset, "a number that JSON can hold")
    is_whole = number.lstrip("-").isdecimal() and number != "-0"
    return int(number) if is_whole else float(number)


_ESCAPE: Final = re.compile(r"\\(u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|.)", re.S)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def _text(code: str) -> str:
    def unescaped(found: re.Match[str]) -> str:
        digits = found[2] or found[3] or found[4]
        if not digits:
            return _ESCAPED.get(found[1], found[1])
        point = int(digits[-8:], 16)
        return chr(point) if point <= sys.maxunicode else found[0]

    text = _ESCAPE.sub(unescaped, code[1:-1])
    # Escapes write a character beyond 16 bits as two.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
