"""The layout pass of TypeScript: breaks the lines that are too long as Prettier breaks them.

It knows the statements that generated code consists of. A line of any other form, in a project's
own template, may be broken differently than Prettier would.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from textwrap import indent
from typing import Final

from modelsync.targets.layout import Group, Sequence, exploded, flat, parse, partition, split
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
"""Prettier moves a call to the next line before it breaks a single argument that is this short."""
_SOFT: Final = Line("")
_PROPERTY: Final = re.compile(r'(?:[\w$]+|"[^"]*")\??')
_NAME: Final = re.compile(r"(?!(?:bigint|boolean|false|number|string|true|unknown)$)[^\W\d][\w.$]*")
_FUNCTION: Final = re.compile(r"(?:export )?function ")
_PATTERN: Final = re.compile(r"(const \w+ =) (/.+/u;)")
_SCHEMA: Final = re.compile(
    r"(export const \S+: wire\.Schema<)(\S+), (\S+)(> =) (/\* @__PURE__ \*/ wire\.schema\()(.+)\);"
)
_KEPT: Final = re.compile(r"to\.[\w$]+ = (?:true|false|\d[\d.e-]*)")
"""Prettier never moves a boolean or a number to the next line, unless it has a sign."""
_OBJECT: Final = re.compile(r"^.* = \{\n(?:.*\n)*?\}", re.MULTILINE)


def formatted(text: str) -> str:
    """Return a rendered file in which every line that is too long is broken, if possible."""
    if " = {\n" in text:
        text = _OBJECT.sub(_with_room, text)
    return "\n".join([line if _fits(line) else break_line(line) for line in text.split("\n")])


def _fits(line: str) -> bool:
    return columns(line) <= _WIDTH


def _with_room(match: re.Match[str]) -> str:
    """Return an object, with its `{` on a new line if it does not fit after the name."""
    first, rest = match[0].split(" {\n", 1)
    return match[0] if _fits(f"{first} {{") else first + indent(f"\n{{\n{rest}", "  ")


def break_line(line: str) -> str:
    """Break a line that is too long, and return the lines."""
    code = line.lstrip(" ")
    depth = len(line) - len(code)
    if code.startswith("/** ") and code.endswith(" */"):
        return indent(f"/**\n * {code[4:-3]}\n */", " " * depth)
    tail = next((end for end in (" {", ";", ",") if code.endswith(end)), "")
    if match := _PATTERN.fullmatch(code):
        return indent(f"{match[1]}\n  {match[2]}", " " * depth)
    if match := _SCHEMA.fullmatch(code):
        return _break_schema(*match.groups())
    tree = None if code.startswith(("*", "/")) else parse(code.removesuffix(tail))
    if not tree:
        return line
    lines = _break_function(tree, tail, depth) or break_list(tree, tail, depth)
    return lines or print_document((_statement(tree, tail), tail), depth, _WIDTH)


def _break_schema(start: str, json: str, name: str, equals: str, call: str, read: str) -> str:
    """Return the declaration of a schema, with the arguments of its type on lines of their own."""
    first, value = f"{start}{json}, {name}{equals}", f"{call}{read});"
    if _fits(first):
        return f"{first}\n  {value}"
    types = f"{start}\n  {json},\n  {name}\n{equals}"
    return f"{types} {value}" if _fits(f"> = {value}") else f"{types} {call}\n  {read},\n);"


def _break_function(code: Sequence, tail: str, depth: int) -> str | None:
    """Return the first line of a function whose result's type has brackets, or None."""
    if not _FUNCTION.match(str(code[0])):
        return None
    at = next((at for at, piece in enumerate(code) if _is_list(piece)), 0)
    sides = partition(code[at + 1 :], ": ")
    if not sides or not any(isinstance(piece, Group) for piece in sides[1]):
        return None
    parameters = exploded(" " * depth, flat(code[:at]), code[at], "", "  ")
    if not parameters:
        return None
    result = print_document(("): ", _type(sides[1]), tail), depth, _WIDTH)
    return f"{parameters.removesuffix(')').rstrip(' ')}{result}"


def _is_list(piece: object) -> bool:
    return isinstance(piece, Group) and piece.opening == "("


def break_list(code: Sequence, tail: str, depth: int) -> str | None:
    """Return a call, the first line of a function or an import with each item on its own line.

    The printer would return the same, but takes several times as long. The result is None for
    other code, and if an item does not fit on its line.
    """
    last = max((at for at, piece in enumerate(code) if isinstance(piece, Group)), default=0)
    head, group, rest = flat(code[:last]), code[last], flat(code[last + 1 :])
    is_import = head in ("import ", "export ")
    if not isinstance(group, Group) or not (is_import or _is_call(group, head)) or tail == ",":
        return None
    # The printer may move a call with one argument, and does not break an import of one name.
    may_stay = len(group.items) == 1 and (is_import or " = " in head)
    if may_stay or ": " in head or " ?? " in head + rest:
        return None
    lines = exploded(" " * depth, head, group, rest + tail, "  ")
    return lines if lines and all(_fits(line) for line in lines.split("\n")[:-1]) else None


def _statement(code: Sequence, tail: str) -> Document:
    """Return the document of a statement, a property or an entry, without its `tail`."""
    if sides := partition(code, " = "):
        name, value = sides
        if _KEPT.fullmatch(flat(code)):
            return flat(code)
        spell = _type if str(code[0]).startswith("export type ") else _expression
        return (_expression(name), " =", _assigned(value, spell))
    if (sides := partition(code, ": ")) and tail != " {":
        if tail == ",":
            return _entry(code)
        if _PROPERTY.fullmatch(flat(sides[0])):
            return _property(code)
    return _expression(code)


def _assigned(value: Sequence, spell: Callable[[Sequence], Document]) -> Document:
    """Return the document of what follows the `=` or `:` before a value."""
    if spell is _type and _members(value):
        return _type(value, Line())
    match [piece for piece in value if isinstance(piece, Group) and piece.items]:
        case [Group(items=[argument])] if len(value) <= 2 and " " not in flat(value[:-1]):
            breaks = columns(flat(argument)) > _SHORT_ARGUMENT
        case groups:
            breaks = bool(groups)
    return Attached(spell(value)) if breaks else Unit(Indent((Line(), spell(value))))


# Expressions -------------------------------------------------------------------------------------


def _expression(code: Sequence, *operators: str) -> Document:
    """Return the document of an expression, which may break after ` ??` and after `operators`."""
    for operator in (" ??", *operators):
        if sides := partition(code, f"{operator} "):
            left, right = map(_expression, sides)
            more = (Line(), right)
            return (left, Unit((operator, more if operator in operators else Indent(more))))
    return tuple(
        _group(piece, str(before)) if isinstance(piece, Group) else piece
        for before, piece in zip(("", *code), code, strict=False)
    )


def _group(group: Group, before: str) -> Document:
    """Return the document of arguments, parameters, a key in brackets, an object or names."""
    if group.opening == "{":
        is_one = len(group.items) == 1 and before in ("import ", "export ")
        is_block = any(";" in piece for item in group.items for piece in item if type(piece) is str)
        return str(group) if is_one or is_block else bracketed(group, map(_entry, group.items), ",")
    match group.items:
        case [[Group(opening="[") as array]] if group.opening == "(":
            return ("(", _group(array, ""), ")")
    operators = (" !==", " !=") if before == "if " else ()
    items = [_expression(item, *operators) for item in group.items]
    is_array = group.opening == "[" and not before
    return bracketed(group, items, "," if is_array or _is_call(group, before) else "")


def _is_call(group: Group, before: str) -> bool:
    """Whether a comma may follow the last item: elsewhere it has a meaning, or is an error."""
    return group.opening == "(" and before[-1:].strip() != "" and "..." not in str(group)


def _entry(code: Sequence) -> Document:
    """Return the document of an entry of an object."""
    if not (sides := partition(code, ": ")):
        return _expression(code)
    key = flat(sides[0])
    if len(key) < _SHORT_KEY:
        return (f"{key}: ", _expression(sides[1]))
    return (f"{key}:", _assigned(sides[1], _expression))


# Types -------------------------------------------------------------------------------------------


def _type(code: Sequence, before_union: Line = _SOFT) -> Document:
    if members := _members(code):
        return Unit(Indent((before_union, _one_of(members))))
    return tuple(_inner_type(piece) if isinstance(piece, Group) else piece for piece in code)


def _members(code: Sequence) -> list[Sequence]:
    """Return the members of a union; none if Prettier keeps the union together: `Name | null`."""
    match split(code, " | "):
        case [_]:
            return []
        case [[Group(opening="{")], ["null"]]:
            return []
        case [[str() as name], ["null"]] if _NAME.fullmatch(name):
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
