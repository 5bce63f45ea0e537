"""Values and declarations as code, in the layout that the formatters of SDK docs produce.

The formatter is dprint, at 80 columns with an indentation of two; on older pages it is Prettier
with an indentation of four (see :class:`~modelsync.pages.code.Layout`):

    let value: Order = {                      let value: Order = {
      tags: [                                     tags: ["<value>"],
        "<value>",                                meta: {
      ],                                              key: "<value>",
      meta: {                                     },
        "key": "<value>",                     };
      },
    };

Both expand whatever has a line feed after its bracket, which the docs have in every list and in
every object that is not empty. A value starts on the next line, indented, if not even its first
part fits: an opening bracket, a call up to its bracket, or a whole scalar.
"""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from typing import Final

from modelsync.pages.code import (
    PLAIN,
    Call,
    Code,
    Items,
    Layout,
    Number,
    Properties,
    Raw,
    number_text,
)

COLUMNS: Final = 80
_WITH_HEADERS: Final = ("new Response",)
_SHORT_KEY: Final = 6
"""The maximum length of a key for which Prettier keeps even a long string on its line."""
_MAP: Final = re.compile(r"\{ \[k: string\]: (.*) \}((?:\[\])*)")
_GENERIC: Final = re.compile(r"(\w+)<(.*)>((?:\[\])*)")
_GROUP: Final = re.compile(r"\((.*)\)((?:\[\])+)")
_BRACKET: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\](){}<>]| \| ')


def columns(text: str) -> int:
    """Return the width of `text` in columns."""
    if text.isascii():
        return len(text)
    return sum(map(_columns_of, text))


def _columns_of(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def write_code(value: Code, layout: Layout = PLAIN, indent: str = "") -> str:
    """Return a value as code; the lines after the first are indented by `indent`."""
    return _written(value, layout, indent, len(indent), indent + layout.indent)


def declaration(word: str, type_: str, code: Code, layout: Layout = PLAIN) -> str:
    """Return the declaration of `value`; `word` is `let` or `const`."""
    head, is_moved = f"{word} value: {type_} =", False
    if not layout.compact:
        head, is_moved = _with_type(f"{word} value:", type_, " =", "")
    return _after(f"{head} ", code, layout, layout.indent if is_moved else "") + ";"


# Values -----------------------------------------------------------------------------------------


def _after(head: str, value: Code, layout: Layout, indent: str, key: str = "") -> str:
    """Return `head` and a value, which begins on the same line if possible."""
    column = columns(head.rpartition("\n")[2])
    inner = indent + layout.indent
    # Only the bracket of a list or an object has to fit, so nested values are written once.
    is_block = isinstance(value, Items | Properties) and bool(value.items)
    if not is_block or column < COLUMNS:
        text = _written(value, layout, indent, column, inner)
        if is_block or _fits(text, column) or _stays(value, layout, key):
            return head + text
    return f"{head[:-1]}\n{inner}{_written(value, layout, inner, len(inner), inner)}"


def _fits(text: str, column: int) -> bool:
    """Return whether code fits on a line from this column on, with the mark that ends it."""
    first, more, _ = text.partition("\n")
    return column + columns(first) + (not more) <= COLUMNS


def _stays(value: Code, layout: Layout, key: str) -> bool:
    """Return whether a value stays on the line of its head even if it does not fit."""
    match value:
        case str() | Raw() if layout.compact and key and columns(key) <= _SHORT_KEY:
            return True
        case str():
            return "\n" in value and layout.lines == "broken"
        case int() | float() | Number() if not isinstance(value, bool):
            return layout.compact and not _scalar(value, layout).startswith("-")
        case _:
            return False


def _written(value: Code, layout: Layout, indent: str, column: int, hang: str) -> str:
    """Return a value as code that begins at `column`.

    The lines after the first are indented by `indent`, those of a string by `hang`.
    """
    inner = indent + layout.indent
    match value:
        case Items(items=items):
            if layout.compact and _may_be_flat(value):
                line = _flat(value, layout)
                if "\n" not in line and _fits(line, column):
                    return line
            if layout.compact and len(items) > 1 and all(map(_is_number, items)):
                return _block("[", _filled(items, layout, inner), "]", indent)
            lines = [inner + _written(item, layout, inner, len(inner), inner) for item in items]
            return _block("[", lines, "]", indent)
        case Properties(items=pairs):
            lines = [_after(f"{inner}{key}: ", value_, layout, inner, key) for key, value_ in pairs]
            return _block("{", lines, "}", indent)
        case Call():
            return _call(value, layout, indent, column)
        case Raw(text=text) if column == len(indent) and not (
            layout.compact or _fits(text, column)
        ):
            return text.replace(".", f"\n{inner}.")
        case str():
            return layout.text(value, hang)
        case _:
            return _scalar(value, layout)


def _scalar(value: Code, layout: Layout) -> str:
    match value:
        case Raw(text=text) | Number(text=text):
            return text
        case float():
            return number_text(value, layout)
        case _:
            return json.dumps(value)


def _call(call: Call, layout: Layout, indent: str, column: int) -> str:
    text = layout.quoted(call.text)
    inner = indent + layout.indent
    if call.name in _WITH_HEADERS:
        line = f"{call.name}({text}, {_headers(layout, indent)})"
        more = f"\n{inner}{_headers(layout, inner)},"
    else:
        line = f"{call.name}({text})"
        more = ""
    return line if _fits(line, column) else f"{call.name}(\n{inner}{text},{more}\n{indent})"


def _headers(layout: Layout, indent: str) -> str:
    inner = indent + layout.indent
    return f'{{\n{inner}headers: {{ "Content-Type": "application/json" }},\n{indent}}}'


def _block(opening: str, items: list[str], closing: str, indent: str) -> str:
    if not items:
        return opening + closing
    return opening + "".join(f"\n{item}," for item in items) + f"\n{indent}{closing}"


def _may_be_flat(value: Code) -> bool:
    """Return whether a value may be on one line. Lists in a list are if one of them is short."""
    match value:
        case Items(items=items):
            many = [item for item in items if isinstance(item, Items) and len(item.items) > 1]
            is_table = len(items) > 1 and len(many) == len(items)
            return not is_table and all(map(_may_be_flat, items))
        case Properties(items=pairs):
            return not pairs
        case Call(name=name):
            return name not in _WITH_HEADERS
        case _:
            return True


def _flat(value: Code, layout: Layout) -> str:
    match value:
        case Items(items=items):
            return f"[{', '.join(_flat(item, layout) for item in items)}]"
        case Call(name=name, text=text):
            return f"{name}({layout.quoted(text)})"
        case _:
            return write_code(value, layout)


def _is_number(value: Code) -> bool:
    return isinstance(value, int | float | Number) and not isinstance(value, bool)


def _filled(numbers: tuple[Code, ...], layout: Layout, indent: str) -> list[str]:
    """Return lines with as many numbers as fit, without the commas at their ends."""
    text = ", ".join(_scalar(number, layout) for number in numbers)
    lines = textwrap.wrap(f"{text},", COLUMNS - len(indent), break_on_hyphens=False)
    return [f"{indent}{line.removesuffix(',')}" for line in lines]


# Types ------------------------------------------------------------------------------------------


def _with_type(head: str, type_: str, end: str, indent: str) -> tuple[str, bool]:
    """Return a type with `head` before it and `end` after it, and whether it begins a line.

    A type with brackets breaks inside them; any other begins the next line.
    """
    line = f"{head} {type_}{end}"
    if columns(line) <= COLUMNS:
        return line, False
    opened = _opened(type_, indent)
    if opened:
        return f"{head} {opened}{end}", False
    return f"{head}\n{_on_own_line(type_, end, indent + PLAIN.indent)}", True


def _opened(type_: str, indent: str) -> str:
    """Return a map or a generic type, broken inside its brackets; empty for any other type."""
    inner = indent + PLAIN.indent
    if len(_members(type_)) > 1:
        return ""
    if match := _MAP.fullmatch(type_):
        content, _ = _with_type(f"{inner}[k: string]:", match[1], ";", inner)
        return f"{{\n{content}\n{indent}}}{match[2]}"
    if match := _GENERIC.fullmatch(type_):
        content = f"{inner}{match[2]}"
        if columns(content) > COLUMNS:
            content = _on_own_line(match[2], "", inner)
        return f"{match[1]}<\n{content}\n{indent}>{match[3]}"
    return ""


def _on_own_line(type_: str, end: str, indent: str) -> str:
    """Return a type that begins a line: on one line if it fits and is not a union."""
    members = _members(type_)
    if len(members) > 1:
        return "\n".join(f"{indent}| {_in_union(member, indent)}" for member in members) + end
    if columns(f"{indent}{type_}{end}") <= COLUMNS:
        return f"{indent}{type_}{end}"
    if match := _GROUP.fullmatch(type_):
        inside = _on_own_line(match[1], "", indent + PLAIN.indent)
        return f"{indent}(\n{inside}\n{indent}){match[2]}{end}"
    return f"{indent}{_opened(type_, indent) or type_}{end}"


def _in_union(type_: str, indent: str) -> str:
    """Return a member of a union that has one line per member."""
    if columns(f"{indent}| {type_}") <= COLUMNS:
        return type_
    return _opened(type_, indent + PLAIN.indent) or type_


def _members(type_: str) -> list[str]:
    """Return the members of a union; any other type is its only member."""
    depth = 0
    ends = []
    for mark in _BRACKET.finditer(type_):
        if mark[0] == " | ":
            ends += [mark.span()] if depth == 0 else []
        elif mark[0][0] != '"':
            depth += 1 if mark[0] in "[({<" else -1
    starts = [0, *(end for _, end in ends)]
    return [type_[a:b] for a, b in zip(starts, [*(a for a, _ in ends), len(type_)], strict=True)]
