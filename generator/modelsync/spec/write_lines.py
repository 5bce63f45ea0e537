"""Keys and values -> lines of YAML, as you would write them by hand.

Text is plain if YAML allows it, a block if it has several lines, and quoted otherwise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from modelsync.schema.values import Object, Value
from modelsync.spec.reader import FLAGS

_PLAIN: Final = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=~](?:[^\n:#]|:(?=\S)|(?<=\S)#)*(?<=\S)")
"""Text that needs no quotes, outside of brackets: it does not start with an indicator of YAML, and
contains neither a colon before a space nor a `#` after one."""
_GUESSED: Final = re.compile(r"<<|null|true|false|-?[0-9].*|\.\.\.|---.*", re.I)
"""Text that needs quotes because YAML would not read it as a string."""
_BLOCK: Final = re.compile(r"(?![ \t\n])[^\r\x85\u2028\u2029]*\n[^\r\x85\u2028\u2029]*")
_ESCAPED: Final = re.compile(
    "[\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
)


def plain(text: str) -> str:
    """Return text as a scalar on one line, in quotes if it needs them."""
    if _PLAIN.fullmatch(text) and not _GUESSED.fullmatch(text) and _is_visible(text):
        return text
    if '"' in text and "\\" not in text and text.isprintable() and _is_visible(text):
        return "'" + text.replace("'", "''") + "'"
    return quoted(text)


def quoted(text: str) -> str:
    """Return text in double quotes."""
    # JSON strings are valid YAML, except for characters that editors hide.
    in_quotes = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", in_quotes)


def _is_visible(text: str) -> bool:
    return text.isascii() or not _ESCAPED.search(text)


def in_brackets(text: str) -> str:
    """Return text as a scalar in a list in brackets."""
    return (
        json.dumps(text) if re.search(r"[,\[\]{}]", text) and text == plain(text) else plain(text)
    )


def entry(key: str, text: str, indent: str = "") -> Iterator[str]:
    """Yield the lines of a key with a text."""
    head = f"{indent}{plain(key)}:"
    if not _BLOCK.fullmatch(text) or not _is_visible(text) or text.endswith("\n\n"):
        yield f"{head} {plain(text)}"
        return
    # The line feed that ends a block is not part of its text; `+` keeps one that is.
    yield f"{head} |{'+' if text.endswith(chr(10)) else ''}"
    for line in text.split("\n"):
        yield f"{indent}  {line}" if line else ""


def value_lines(key: str, value: Value, indent: str = "") -> Iterator[str]:
    """Yield the lines of a key with a JSON value."""
    if isinstance(value, str):
        yield from entry(key, value, indent)
        return
    yield from _under(f"{indent}{plain(key)}:", value, indent)


def _under(head: str, value: Value, indent: str) -> Iterator[str]:
    """Yield the lines of a value that starts after `head`."""
    match value:
        case Object(items=()):
            yield f"{head} {{}}"
        case ():
            yield f"{head} []"
        case Object(items=items):
            yield head
            for key, item in items:
                yield from value_lines(key, item, f"{indent}  ")
        case tuple():
            yield head
            for item in value:
                yield from _item(item, f"{indent}  ")
        case str():
            yield f"{head} {plain(value)}"
        case _:
            yield f"{head} {json.dumps(value)}"


def _item(value: Value, indent: str) -> Iterator[str]:
    match value:
        case Object(items=items) if items:
            lines = [line for key, item in items for line in value_lines(key, item, f"{indent}  ")]
            first = lines[0].removeprefix(indent).lstrip()
            yield f"{indent}- {first}"
            yield from lines[1:]
        case tuple() if value:
            yield f"{indent}-"
            for item in value:
                yield from _item(item, f"{indent}  ")
        case _:
            yield from _under(f"{indent}-", value, indent)


def reason(reason: str | Literal[False] | None, indent: str) -> Iterator[str]:
    """Yield the lines of `deprecated`; none for None."""
    if reason and reason.lower() in FLAGS:
        yield from (f"{indent}deprecated: |", f"{indent}  {reason}")
    elif reason:
        yield from entry("deprecated", reason, indent)
    elif reason is not None:
        yield f"{indent}deprecated: {'false' if reason is False else 'true'}"


def text_map(key: str, texts: Mapping[str, str], indent: str = "") -> Iterator[str]:
    """Yield the lines of a mapping of texts; none if it is empty."""
    if texts:
        yield f"{indent}{key}:"
        for name, text in texts.items():
            yield from entry(name, text, f"{indent}  ")


def optional_text(key: str, text: str | None, indent: str) -> Iterator[str]:
    """Yield the lines of a key with a text; none for None."""
    if text is not None:
        yield from entry(key, text, indent)


def optional_value(key: str, value: Value, indent: str) -> Iterator[str]:
    """Yield the lines of a key with a JSON value; none for None."""
    if value is not None:
        yield from value_lines(key, value, indent)


def flag(key: str, value: bool | None, indent: str) -> Iterator[str]:
    """Yield the line of a flag; none for None."""
    if value is not None:
        yield f"{indent}{key}: {'true' if value else 'false'}"
