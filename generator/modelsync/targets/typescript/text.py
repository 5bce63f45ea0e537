"""The text of TypeScript: encodes each string of a spec for its place in the code."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from modelsync.errors import visible
from modelsync.schema.ir import Definition, EnumValue, Field
from modelsync.targets.base import Code
from modelsync.targets.documentation import NoteKind, notes_of

_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
_TSDOC_MARK: Final = re.compile(r"(`[^`]+`)|([\\@{}<>`])")


@cache
def literal(text: str) -> Code:
    """Return a string literal, in the quotes that Prettier prefers: those with fewer escapes."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return Code(f'"{text}"')
    quote = "'" if text.count('"') > text.count("'") else '"'
    return Code(quote + "".join(_in_quotes(char, quote) for char in text) + quote)


def _in_quotes(char: str, quote: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char == quote:
        return f"\\{char}"
    if char == " " or unicodedata.category(char)[0] not in "CZ":
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


def property_key(text: str) -> Code:
    """Return the key of a property in an object literal."""
    if text == "__proto__":
        return Code('["__proto__"]')  # as a plain key it would set the prototype
    return Code(text) if re.fullmatch(r"[A-Za-z_]\w*", text, re.ASCII) else literal(text)


def source_of(path: str) -> Code:
    """Return the path of a spec for the header of a file."""
    return Code(visible(path))


def documentation(item: Definition | Field | EnumValue, indent: int, default: str = "null") -> Code:
    """Return the doc comment of a definition, field or value; empty if it has nothing to say.

    `default` is the default of a field as JSON. The first line comes without its indent.
    """
    description = [_doc_line(line) for line in item.description.strip().splitlines()]
    notes: list[str] = []
    tags: list[str] = []
    for kind, text in notes_of(item):
        match kind:
            case NoteKind.INFERRED:
                notes.append("Inferred from examples.")
            case NoteKind.CONSTRAINTS:
                notes.append(_doc_line(text))
            case NoteKind.DEFAULT:
                tags.append(f"@defaultValue {_doc_line(f'`{default}`')}")
            case NoteKind.DEPRECATED:
                tags.append(f"@deprecated {_doc_line(' '.join(text.split()))}".rstrip())
            case _:
                pass  # the declaration shows it
    paragraphs = [lines for lines in (description, notes, tags) if lines]
    lines = [line for paragraph in paragraphs for line in ("", *paragraph)][1:]
    if len(lines) < 2:
        return Code(f"/** {lines[0]} */" if lines else "")
    start = "\n" + " " * indent
    inner = "".join(f"{start} * {line}".rstrip() for line in lines)
    return Code(f"/**{inner}{start} */")


def _doc_line(text: str) -> str:
    """Return a line of a doc comment: nothing in it ends the comment or begins a tag."""
    escaped = _TSDOC_MARK.sub(lambda match: match[1] or f"\\{match[2]}", text.rstrip())
    if not escaped.isprintable():
        escaped = "\t".join(visible(part) for part in escaped.split("\t"))
    return escaped.replace("*/", "*\\/")
