"""Spec text as Python: an encoder for each place in a file where it may appear."""

from __future__ import annotations

import re
from typing import Final

from modelsync.schema.ir import Alias, Definition, EnumValue, Field, Object, Union, Value
from modelsync.targets.base import Code, code, join
from modelsync.targets.documentation import paragraphs_of
from modelsync.targets.text import quoted, shown, trimmed

_PLAIN: Final = re.compile(r"[ !#-\[\]-~]*")


def literal(value: Value) -> Code:
    """Return a JSON value as a Python literal, on one line."""
    match value:
        case str() if _PLAIN.fullmatch(value):
            return Code(f'"{value}"')
        case str():
            return Code(quoted(value, lambda char: char if char.isprintable() else _escape(char)))
        case tuple():
            return code("[{}]", join(", ", [literal(item) for item in value]))
        case Object(items=items):
            pairs = [code("{}: {}", literal(key), literal(item)) for key, item in items]
            return code("{{{}}}", join(", ", pairs))
        case float():
            return Code(repr(value).replace("e+", "e"))  # as Black writes exponents
        case None | bool() | int():
            return Code(repr(value))
        case _:  # a template of the project may pass anything
            raise TypeError(f"{type(value).__name__} is not a JSON value")


def _escape(char: str) -> str:
    """Return the escape of a character, in lower case like Black's."""
    if char == "\n":
        return "\\n"
    number = ord(char)
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def bytes_literal(value: bytes) -> Code:
    """Return bytes as a Python literal."""
    escape = "\\x{:02x}".format
    text = quoted(value.decode("latin-1"), lambda c: c if " " <= c <= "~" else escape(ord(c)))
    return Code(f"b{text}")


def comment(text: str) -> Code:
    """Return text for a `#` comment on one line."""
    return Code(text if _PLAIN.fullmatch(text) else shown(text, _escape).strip())


def docstring(*paragraphs: str, indent: str = "    ") -> Code:
    """Return a docstring of `paragraphs`, with `indent` before each line but the first.

    Empty paragraphs are omitted. Without paragraphs, the result is empty.
    """
    text = trimmed("\n\n".join(filter(None, map(trimmed, paragraphs))))
    if _PLAIN.fullmatch(text):
        return Code(f'"""{text}"""') if text else Code()
    text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    text = f"\\{text}" if text.startswith('"') else text
    first, *others = (shown(line, _escape) for line in text.split("\n"))
    if not others:
        # Like Black: a space separates a final quote from the closing ones.
        return Code(f'"""{first} """' if first.endswith('"') else f'"""{first}"""')
    lines = [first, *(f"{indent}{line}" if line else "" for line in others), f'{indent}"""']
    return Code('"""' + "\n".join(lines))


def documentation(item: Definition | Field | EnumValue, *, is_indented: bool = True) -> Code:
    """Return the docstring of an item; empty if there is nothing to say."""
    is_alias = isinstance(item, Alias | Union) and not is_indented
    return docstring(*paragraphs_of(item), indent="" if is_alias else "    ")
