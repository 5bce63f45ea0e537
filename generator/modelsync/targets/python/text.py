"""Spec text as Python: an encoder for each place in a file where it may appear."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence
from typing import Final

from modelsync.schema.ir import Definition, EnumValue, Field, Object, Value
from modelsync.targets.base import Code, code, join
from modelsync.targets.documentation import Note, NoteKind, notes_of

_PLAIN: Final = re.compile(r"[ !#-\[\]-~]*")
_JOINERS: Final = frozenset("\u200c\u200d")
"""Invisible characters that emoji and some scripts need. They do no harm."""


def literal(value: Value) -> Code:
    """Return a JSON value as a Python literal, on one line."""
    match value:
        case str():
            return _string(value)
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


def _string(text: str) -> Code:
    if _PLAIN.fullmatch(text):
        return Code(f'"{text}"')
    # Black takes the quotes that need fewer backslashes, and prefers double quotes.
    quote = "'" if text.count('"') > text.count("'") else '"'
    return Code(quote + "".join(_escaped(char, quote) for char in text) + quote)


def _escaped(char: str, quote: str) -> str:
    if char in (quote, "\\"):
        return f"\\{char}"
    return char if char.isprintable() else _escape(char)


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
    quote = "'" if value.count(b'"') > value.count(b"'") else '"'
    inner = "".join(
        f"\\{chr(byte)}"
        if chr(byte) in (quote, "\\")
        else chr(byte)
        if 0x20 <= byte < 0x7F
        else f"\\x{byte:02x}"
        for byte in value
    )
    return Code(f"b{quote}{inner}{quote}")


def comment(text: str) -> Code:
    """Return text for a `#` comment on one line."""
    if _PLAIN.fullmatch(text):
        return Code(text)
    return Code("".join(_shown(char) for char in text).strip())


def _shown(char: str) -> str:
    """Return a character for a docstring or a comment: invisible characters become escapes."""
    if char in _JOINERS or unicodedata.category(char)[0] != "C":
        return char if char == " " or not char.isspace() else _escape(char)
    return _escape(char)


def docstring(paragraphs: Sequence[str], indent: str = "    ") -> Code:
    """Return a docstring of `paragraphs`, with `indent` before each line but the first.

    Empty paragraphs are omitted. Without paragraphs, the result is empty.
    """
    text = _trimmed("\n\n".join(filter(None, map(_trimmed, paragraphs))))
    if _PLAIN.fullmatch(text):
        return Code(f'"""{text}"""') if text else Code()
    inner = _docstring_text(text)
    if "\n" not in inner:
        # Like Black: a space separates a final quote from the closing ones.
        return Code(f'"""{inner} """' if inner.endswith('"') else f'"""{inner}"""')
    lines = inner.split("\n")
    return Code(
        '"""'
        + "\n".join([lines[0], *(f"{indent}{line}" if line else "" for line in lines[1:])])
        + f'\n{indent}"""'
    )


def _docstring_text(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if text.startswith('"'):
        text = f"\\{text}"
    return "\n".join("".join(map(_shown, line)) for line in text.split("\n"))


def _trimmed(text: str) -> str:
    """Return text without the spaces that Black removes from a docstring, or ruff reports."""
    if "\n" not in text and "\t" not in text:
        return text.strip()
    lines = [line.expandtabs(4).rstrip() for line in re.split(r"\r\n?|\n", text)]
    rest = [line for line in lines[1:] if line]
    margin = min((len(line) - len(line.lstrip()) for line in rest), default=0)
    return "\n".join([lines[0].strip(), *(line[margin:] for line in lines[1:])]).strip()


def documentation(
    item: Definition | Field | EnumValue, indent: str = "    ", omit: Container[NoteKind] = ()
) -> Code:
    """Return the docstring of an item, without the notes in `omit`; it may be empty."""
    notes = [_sentence(note) for note in notes_of(item) if note.kind not in omit]
    return docstring([item.description, *notes], indent)


def _sentence(note: Note) -> str:
    match note.kind:
        case NoteKind.INFERRED:
            return "Inferred from examples."
        case NoteKind.EXAMPLES:
            return f"Example: {note.text}"
        case NoteKind.DEPRECATED:
            return f"Deprecated: {note.text}" if note.text else "Deprecated."
        case _:
            return ""  # the declaration shows it
