"""The layout pass of TypeScript: breaks the lines that are too long as Prettier breaks them.

It knows the statements that generated code consists of. A line of any other form, in a project's
own template, may be broken in another way than Prettier's.
"""

from __future__ import annotations

import re
import unicodedata
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
    print_document,
    separated,
)

_WIDTH: Final = 80
_SHORT_KEY: Final = 5
"""Prettier never moves a value to the line after a key that has fewer characters."""
_SHORT_ARGUMENT: Final = _WIDTH // 4
"""Prettier moves a call to the next line before it breaks an only argument that is this short."""
_SOFT: Final = Line("")
_TYPE_NAME: Final = re.compile(
    r"(?!(?:bigint|boolean|false|number|string|true|unknown)$)[^\W\d][\w.$]*"
)


def formatted(text: str) -> str:
    """Return a rendered file in which no line is too long that can be broken."""
    lines = text.split("\n")
    if text.isascii() and max(map(len, lines)) <= _WIDTH:
        return text
    return "\n".join(line if _fits(line) else _broken(line) for line in _with_moved_objects(lines))


def columns(text: str) -> int:
    """Return how many columns Prettier counts for `text`."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if "\u0300" <= char <= "\u036f"
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )


def _fits(line: str) -> bool:
    return columns(line) <= _WIDTH


def _with_moved_objects(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines; a constant object goes below a name that leaves no room for its `{`."""
    indent = ""
    for line in lines:
        if line.endswith(" = {") and not _fits(line):
            yield line.removesuffix(" {")
            indent = "  "
            yield f"{indent}{{"
        else:
            yield indent + line
            if line.startswith("}"):
                indent = ""


def _broken(line: str) -> str:
    """Return the lines for one that is too long."""
    code = line.lstrip(" ")
    indent = line[: len(line) - len(code)]
    if code.startswith("/** ") and code.endswith(" */"):
        return f"{indent}/**\n{indent} * {code[4:-3]}\n{indent} */"
    tail = next((end for end in (" {", ";", ",") if code.endswith(end)), "")
    tree = None if code.startswith(("*", "//")) else parse(code.removesuffix(tail))
    if tree is None:
        return line
    return print_document((_statement(tree, tail), tail), len(indent), _WIDTH, columns)


def _statement(code: Sequence, tail: str) -> Document:
    """Return the document of a statement, a property or an entry, without its `tail`."""
    first = str(code[0])
    if sides := partition(code, " = "):
        name, value = sides
        spell = _type if first.startswith("export type ") else _expression
        return (_expression(name), " =", _assigned(value, spell))
    if tail == ";" and (sides := partition(code, ": ")):
        return (flat(sides[0]), ": ", _type(sides[1]))
    if tail == ",":
        return _entry(code)
    if first == "if " and isinstance(condition := code[1], Group):
        return (first, _brackets(condition, map(_condition, condition.items), ""))
    if first in ("import ", "export ") and isinstance(names := code[1], Group):
        return flat(code) if len(names.items) == 1 else _expression(code)
    return _expression(code)


def _assigned(value: Sequence, spell: Callable[[Sequence], Document]) -> Document:
    """Return the document of what follows the `=` or `:` before a value."""
    members = _members(value) if spell is _type else []
    if members:
        return Unit(Indent((Line(), _one_of(members))))
    match [piece for piece in value if isinstance(piece, Group) and piece.items]:
        case [Group(items=[argument])] if " " not in flat(value[:-1]):
            breaks = columns(flat(argument)) > _SHORT_ARGUMENT
        case groups:
            breaks = bool(groups)
    return Attached(spell(value)) if breaks else Unit(Indent((Line(), spell(value))))


# Expressions -------------------------------------------------------------------------------------


def _expression(code: Sequence) -> Document:
    if sides := partition(code, " ?? "):
        left, right = map(_expression, sides)
        return (left, Unit((" ??", Indent((Line(), right)))))
    return tuple(_bracketed(piece) if isinstance(piece, Group) else piece for piece in code)


def _bracketed(group: Group) -> Document:
    """Return the document of arguments, parameters, a key in brackets, an object or names."""
    spell = _entry if group.opening == "{" else _expression
    return _brackets(group, map(spell, group.items), "" if group.opening == "[" else ",")


def _brackets(group: Group, items: Iterable[Document], last: str) -> Document:
    """Return the document of brackets; where they break, `last` follows the last item."""
    if not group.items:
        return str(group)
    end = Line(" " if group.spaced else "")
    inner = Indent((end, separated(items, ",", Line())))
    return Unit((group.opening, inner, IfBroken(last), end, group.closing))


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
            return _brackets(group, map(_property, group.items), ";")
        case Group(opening="(", items=[inner]):
            if members := _members(inner):
                return Unit(("(", Indent((_SOFT, _one_of(members))), _SOFT, ")"))
            return ("(", _type(inner), ")")
        case _:
            return _brackets(group, map(_type, group.items), "")


def _property(code: Sequence) -> Document:
    """Return the document of a property of an object type."""
    name, type_ = partition(code, ": ") or ((), code)
    return (_type(name), ": " if name else "", _type(type_))
