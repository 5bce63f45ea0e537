"""The layout pass of TypeScript: breaks the lines that are too long as Prettier breaks them.

It knows the statements that generated code consists of. A line of any other form, in a project's
own template, may be broken in another way than Prettier's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from modelsync.targets.layout import Group, Sequence, flat, parse, partition, split
from modelsync.targets.printer import (
    Attached,
    Document,
    IfBroken,
    Indent,
    Line,
    Unit,
    bracketed,
    columns,
    print_document,
    separated,
)

_WIDTH: Final = 80
_SHORT_KEY: Final = 5
"""Prettier never moves a value to the line after a key that has fewer characters."""
_SHORT_ARGUMENT: Final = _WIDTH // 4
"""Prettier moves a call to the next line before it breaks an only argument that is this short."""
_SOFT: Final = Line("")
_PROPERTY: Final = re.compile(r"[\w$]+\??")
_TYPE_NAME: Final = re.compile(
    r"(?!(?:bigint|boolean|false|number|string|true|unknown)$)[^\W\d][\w.$]*"
)
_PATH: Final = r"\w[\w$.]*"
_ARGUMENT: Final = rf'(?:"[^"\\,]*"|{_PATH}(?:\({_PATH}\)|\["[^"\\,]*"\]|: {_PATH}| as {_PATH})?)'
_CALL: Final = re.compile(
    rf'( *(?:((?:const )?{_PATH}(?:\["[^"\\]*"\])?) = |return |throw |(?:export )?function )'
    rf"{_PATH}\()({_ARGUMENT}(?:, {_ARGUMENT})*)(\)(?:;|: {_PATH} {{))",
    re.ASCII,
)
"""A call or the first line of a function, whose arguments are plain."""
_NAME: Final = r"(?:type )?\w[\w$]*(?: as \w[\w$]*)?"
_NAMES: Final = re.compile(
    rf'((import|export) {{) ({_NAME}(?:, {_NAME})+) (}} from "[^"\\]*";)', re.ASCII
)


def formatted(text: str) -> str:
    """Return a rendered file in which no line is too long that can be broken."""
    lines = text.split("\n")
    if text.isascii() and max(map(len, lines)) <= _WIDTH:
        return text
    return "\n".join(
        line if _fits(line) else break_common_line(line) or break_line(line)
        for line in _with_moved_objects(lines)
    )


def _fits(line: str) -> bool:
    return (len(line) if line.isascii() else columns(line)) <= _WIDTH


def _with_moved_objects(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines, with an object moved below a name that has no room for its `{`."""
    indent = ""
    for line in lines:
        if line.endswith(" = {") and not _fits(line):
            yield line.removesuffix(" {")
            indent = "  "
            yield f"{indent}{{"
        else:
            yield indent + line if line else line
            if line.startswith("}"):
                indent = ""


def break_common_line(line: str) -> str:
    """Return the lines for a common one whose items fit on a line each; empty for any other.

    It is what :func:`break_line` returns, in a tenth of the time.
    """
    match = _CALL.fullmatch(line) or _NAMES.fullmatch(line)
    if match is None:
        return ""
    opening, target, inner, closing = match.groups()
    items = inner.split(", ")
    indent = " " * (len(line) - len(line.lstrip(" ")))
    is_assigned = match.re is _CALL and target
    if (is_assigned and len(items) == 1) or len(opening) > _WIDTH:
        return ""
    if len(indent) + max(map(len, items)) + len("  ,") > _WIDTH:
        return ""
    separator = f",\n{indent}  "
    return f"{opening}\n{indent}  {separator.join(items)},\n{indent}{closing}"


def break_line(line: str) -> str:
    """Return the lines for one that is too long."""
    code = line.lstrip(" ")
    indent = line[: len(line) - len(code)]
    if code.startswith("/** ") and code.endswith(" */"):
        return f"{indent}/**\n{indent} * {code[4:-3]}\n{indent} */"
    tail = next((end for end in (" {", ";", ",") if code.endswith(end)), "")
    tree = None if code.startswith(("*", "/")) else parse(code.removesuffix(tail))
    if not tree:
        return line
    return print_document((_statement(tree, tail), tail), len(indent), _WIDTH)


def _statement(code: Sequence, tail: str) -> Document:
    """Return the document of a statement, a property or an entry, without its `tail`."""
    first = str(code[0])
    if sides := partition(code, " = "):
        name, value = sides
        spell = _type if first.startswith("export type ") else _expression
        return (_expression(name), " =", _assigned(value, spell))
    if (sides := partition(code, ": ")) and tail != " {":
        if tail == ",":
            return _entry(code)
        if _PROPERTY.fullmatch(flat(sides[0])):
            return _property(code)
    match code:
        case ["if ", Group() as condition]:
            return ("if ", bracketed(condition, map(_condition, condition.items), ""))
        case ["import " | "export ", Group(items=[_]), *_]:
            return flat(code)
        case _:
            return _expression(code)


def _assigned(value: Sequence, spell: Callable[[Sequence], Document]) -> Document:
    """Return the document of what follows the `=` or `:` before a value."""
    members = _members(value) if spell is _type else []
    if members:
        return Unit(Indent((Line(), _one_of(members))))
    match [piece for piece in value if isinstance(piece, Group) and piece.items]:
        case [Group(items=[argument])] if len(value) <= 2 and " " not in flat(value[:-1]):
            breaks = columns(flat(argument)) > _SHORT_ARGUMENT
        case groups:
            breaks = bool(groups)
    return Attached(spell(value)) if breaks else Unit(Indent((Line(), spell(value))))


# Expressions -------------------------------------------------------------------------------------


def _expression(code: Sequence) -> Document:
    if len(code) == 1 and isinstance(code[0], str) and " ?? " not in code[0]:
        return code[0]
    if sides := partition(code, " ?? "):
        left, right = map(_expression, sides)
        return (left, Unit((" ??", Indent((Line(), right)))))
    before = ("", *code)
    return tuple(
        _group(piece, str(previous)) if isinstance(piece, Group) else piece
        for previous, piece in zip(before, code, strict=False)
    )


def _group(group: Group, before: str) -> Document:
    """Return the document of arguments, parameters, a key in brackets, an object or names."""
    if group.opening == "{":
        is_block = any(";" in piece for item in group.items for piece in item if type(piece) is str)
        return str(group) if is_block else bracketed(group, map(_entry, group.items), ",")
    # Elsewhere, a comma after the last item would change the meaning, or be an error.
    is_call = group.opening == "(" and before[-1:].strip() and "..." not in str(group)
    return bracketed(group, map(_expression, group.items), "," if is_call else "")


def _condition(code: Sequence) -> Document:
    """Return the document of what an `if` asks: what is right of its operator is not indented."""
    for operator in (" !==", " !="):
        if sides := partition(code, f"{operator} "):
            left, right = map(_expression, sides)
            return (left, Unit((operator, Line(), right)))
    return _expression(code)


def _entry(code: Sequence) -> Document:
    """Return the document of an entry of an object."""
    sides = partition(code, ": ")
    if sides is None:
        return _expression(code)
    key = flat(sides[0])
    if len(key) < _SHORT_KEY:
        return (f"{key}: ", _expression(sides[1]))
    return (f"{key}:", _assigned(sides[1], _expression))


# Types -------------------------------------------------------------------------------------------


def _type(code: Sequence) -> Document:
    if members := _members(code):
        return Unit(Indent((_SOFT, _one_of(members))))
    return tuple(_inner_type(piece) if isinstance(piece, Group) else piece for piece in code)


def _members(code: Sequence) -> list[Sequence]:
    """Return the members of a union; none where Prettier keeps it together: `Name | null`."""
    match split(code, " | "):
        case [_]:
            return []
        case [[Group(opening="{")], ["null"]]:
            return []
        case [[str() as name], ["null"]] if _TYPE_NAME.fullmatch(name):
            return []
        case members:
            return members


def _one_of(members: Iterable[Sequence]) -> Document:
    types = (Indent(_type(member)) for member in members)
    return Unit((IfBroken("| "), separated(types, Line(), "| ")))


def _inner_type(group: Group) -> Document:
    """Return the document of a type in parentheses, of an object type or an index."""
    match group:
        case Group(opening="{"):
            return bracketed(group, map(_property, group.items), ";")
        case Group(opening="(", items=[inner]):
            if members := _members(inner):
                return Unit(("(", Indent((_SOFT, _one_of(members))), _SOFT, ")"))
            return ("(", _type(inner), ")")
        case _:
            return bracketed(group, map(_type, group.items), "")


def _property(code: Sequence) -> Document:
    """Return the document of a property of an object type."""
    name, type_ = partition(code, ": ") or ((), code)
    return (_type(name), ": " if name else "", _type(type_))
