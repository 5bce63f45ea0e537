"""Spec text as TypeScript: an encoder for each place in a file where it may appear."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from modelsync.errors import visible
from modelsync.schema.ir import Definition, EnumValue, Field
from modelsync.schema.json_values import Json
from modelsync.schema.scalars import SAFE_INTEGER
from modelsync.targets.base import Code, code
from modelsync.targets.documentation import NoteKind, paragraphs_of
from modelsync.targets.text import json_text, quoted

_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TSDOC_MARK: Final = re.compile(r"(`[^`]+`)|([\\@{}<>`])")


@lru_cache(maxsize=None, typed=True)
def literal(value: str | int) -> Code:
    """Return a string, in the quotes that Prettier prefers, an integer or a boolean as literal."""
    if isinstance(value, int):
        return Code(json_text(value))
    if value.isprintable() and '"' not in value and "\\" not in value:
        return Code(f'"{value}"')
    return Code(quoted(value, _escape))


def _escape(char: str) -> str:
    if char in _ESCAPES or char == " " or unicodedata.category(char)[0] not in "CZ":
        return _ESCAPES.get(char, char)
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return re.sub("(.{4})", r"\\u\1", units)


def property_key(text: str) -> Code:
    """Return the key of a property in an object literal."""
    if text == "__proto__":
        return Code('["__proto__"]')  # as a plain key it would set the prototype
    is_name = text.replace("$", "_").isidentifier() and max(text) <= "\uffff"
    return Code(text) if is_name else literal(text)


def json_literal(value: Json) -> Code:
    """Return an expression for a JSON value. It creates lists and objects on each evaluation."""
    match value:
        case int() if abs(value) > SAFE_INTEGER:
            return Code(f"{value}n")
        case str() | int():
            return literal(value)
        case None | []:
            return Code(json_text(value))
        case dict() if not value:
            return Code("{}")
        case float():  # as Prettier writes numbers
            return Code(re.sub(r"e\+?(-?)0*", r"e\1", repr(value).removesuffix(".0")))
        case _:
            # In an object literal, `__proto__` would not be a key.
            return code("wire.parseJson({})", literal(json_text(value)))


def documentation(item: Definition | Field | EnumValue, indent: int, default: Json = None) -> Code:
    """Return the doc comment of a definition, field or value; empty if there is nothing to say.

    `default` is the default that a field is written with. The first line comes without its indent.
    """
    texts = paragraphs_of(item, omit=(NoteKind.EXAMPLES, NoteKind.DEPRECATED))
    paragraphs = [[_doc_line(line) for line in text.strip().splitlines()] for text in texts]
    tags: list[str] = []
    if isinstance(item, Field) and item.has_default:
        tags.append(f"@defaultValue {_doc_line(f'`{json_text(default)}`')}")
    if item.deprecated is not None:
        tags.append(f"@deprecated {_doc_line(' '.join(item.deprecated.split()))}".rstrip())
    lines = [line for part in (*paragraphs, tags) if part for line in ("", *part)][1:]
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
