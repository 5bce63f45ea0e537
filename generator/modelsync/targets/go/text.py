"""Literals in Go for texts and values of specs."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from modelsync.schema.json_values import Json
from modelsync.targets.base import Code
from modelsync.targets.text import json_text


@lru_cache(maxsize=65_536)
def literal(text: str) -> Code:
    """Return `text` as an interpreted string literal."""
    return Code(f'"{escaped(text)}"')


def escaped(text: str) -> Code:
    """Return `text` as it is inside an interpreted string literal."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return Code(text)
    return Code("".join(map(_literal_char, text)))


_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def _literal_char(char: str) -> str:
    if char.isprintable() or char in "\n\t":
        return _ESCAPES.get(char, char)
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


@lru_cache(maxsize=65_536)
def raw_literal(text: str) -> Code:
    """Return `text` as a raw string literal if possible: JSON has many quotes."""
    if text.isprintable() and "`" not in text:
        return Code(f"`{text}`")
    return literal(text)


def go_literal(value: Json) -> Code:
    """Return a string, number or boolean as a Go literal."""
    match value:
        case str():
            return literal(value)
        case float():
            return Code(repr(value + 0.0))  # Go has no literal for -0.0
        case _:
            return Code(str(value).lower())


def indented(lines: Code, depth: int) -> Code:
    """Return code in which all lines except the first are `depth` tabs further in."""
    return Code(lines.replace("\n", "\n" + "\t" * depth)) if "\n" in lines else lines


def json_literal(value: Json) -> Code:
    """Return JSON as a string literal."""
    return raw_literal(json_text(value))


def key_literal(key: str, value: str = "") -> Code:
    """Return a key as JSON, with the colon and the JSON of its value, as a string literal."""
    return raw_literal(f"{json_text(key)}:{value}")
