"""The layout of TypeScript: code with the places where Prettier would break a long line.

A :data:`Doc` knows its text on one line. Where that is too long for its line, it is placed anew,
by the rules that Prettier has for each of the few forms that generated code takes.
"""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from typing import Final, TypeAlias

from modelsync.targets.base import Code

_WIDTH: Final = 80


class Breakable(ABC):
    """Code that may take more than one line: `flat` is its text on one."""

    __slots__ = ("flat",)
    flat: str

    @abstractmethod
    def head(self) -> tuple[int, bool]:
        """Return the width up to the first place for a break, and whether there is one."""

    @abstractmethod
    def broken(self, indent: int, column: int, rest: int) -> str:
        """Return the code, begun at `column` of a line that is `indent` deep, in several lines.

        `rest` is the width of what must follow in the last one.
        """


Doc: TypeAlias = str | Breakable


def laid_out(doc: Doc, indent: int) -> Code:
    """Return `doc` as Prettier leaves it where it begins `indent` columns in."""
    text = flat(doc)
    if indent + columns(text) <= _WIDTH:
        return Code(text)
    # A break takes the place of the space before it.
    return Code(_placed(doc, indent, indent, 0).replace(" \n", "\n"))


def flat(doc: Doc) -> str:
    """Return `doc` on one line."""
    return doc if isinstance(doc, str) else doc.flat


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


def new_line(indent: int) -> str:
    """Return the break before a line that is `indent` deep."""
    return "\n" + " " * indent


def _placed(doc: Doc, indent: int, column: int, rest: int) -> str:
    text = flat(doc)
    if isinstance(doc, str) or column + columns(text) + rest <= _WIDTH:
        return text
    return doc.broken(indent, column, rest)


def _head(doc: Doc) -> tuple[int, bool]:
    return (columns(doc), False) if isinstance(doc, str) else doc.head()


class Parts(Breakable):
    """Some code after other code."""

    __slots__ = ("parts",)

    def __init__(self, *parts: Doc) -> None:
        self.parts = parts
        self.flat = "".join([part if isinstance(part, str) else part.flat for part in parts])

    def head(self) -> tuple[int, bool]:
        return _head_of(self.parts)

    def broken(self, indent: int, column: int, rest: int) -> str:
        text = ""
        for index, part in enumerate(self.parts):
            width, may_break = _head_of(self.parts[index + 1 :])
            placed = _placed(part, indent, column, width if may_break else width + rest)
            text += placed
            _, line_feed, last_line = placed.rpartition("\n")
            column = columns(last_line) + (0 if line_feed else column)
        return text


def _head_of(parts: tuple[Doc, ...]) -> tuple[int, bool]:
    width = 0
    for part in parts:
        more, may_break = _head(part)
        width += more
        if may_break:
            return width, True
    return width, False


class Brackets(Breakable):
    """Brackets around some items, which break into an item a line.

    `padding` stands inside the brackets on one line, `last` behind the last of several lines.
    """

    __slots__ = ("closing", "items", "last", "opening")

    def __init__(
        self, opening: str, items: tuple[Doc, ...], closing: str, last: str = ",", padding: str = ""
    ) -> None:
        self.opening = opening
        self.items = items
        self.closing = closing
        self.last = last
        inner = ", ".join([item if isinstance(item, str) else item.flat for item in items])
        self.flat = f"{opening}{padding}{inner}{padding}{closing}"

    def head(self) -> tuple[int, bool]:
        return columns(self.opening), True

    def broken(self, indent: int, column: int, rest: int) -> str:
        inner = indent + 2
        line = new_line(inner)
        rest_of_line = len(self.last)  # and where there is none, there is but one item
        items = f",{line}".join(_placed(item, inner, inner, rest_of_line) for item in self.items)
        return f"{self.opening}{line}{items}{self.last}{new_line(indent)}{self.closing}"


def call(function: str, *arguments: Doc) -> Brackets:
    """Return the call of a function."""
    return Brackets(f"{function}(", arguments, ")")


def element(value: str, key: str) -> Brackets:
    """Return the access to a property by its key: `value[key]`."""
    return Brackets(f"{value}[", (key,), "]", last="")


class Operation(Breakable):
    """An operator and what is right of it, which break after the operator.

    What is right of it then goes `deeper` by that many columns.
    """

    __slots__ = ("deeper", "operator", "right")

    def __init__(self, operator: str, right: Doc, deeper: int = 2) -> None:
        self.operator = operator
        self.right = right
        self.deeper = deeper
        self.flat = f" {operator} {flat(right)}"

    def head(self) -> tuple[int, bool]:
        return len(f" {self.operator}"), True

    def broken(self, indent: int, column: int, rest: int) -> str:
        inner = indent + self.deeper
        return f" {self.operator}{new_line(inner)}{_placed(self.right, inner, inner, rest)}"


class OneOf(Breakable):
    """`A | B`: on one line of its own, or a member a line.

    `opening` and `closing` are brackets around it, where it needs them.
    """

    __slots__ = ("closing", "members", "opening")

    def __init__(self, members: tuple[Doc, ...], opening: str = "", closing: str = "") -> None:
        self.members = members
        self.opening = opening
        self.closing = closing
        self.flat = opening + " | ".join([flat(member) for member in members]) + closing

    def as_items(self) -> OneOf:
        """Return the type of a list of these. Brackets are needed once: a list of lists has one."""
        if self.closing:
            return OneOf(self.members, self.opening, f"{self.closing}[]")
        return OneOf(self.members, "(", ")[]")

    def head(self) -> tuple[int, bool]:
        return len(self.opening), True

    def broken(self, indent: int, column: int, rest: int) -> str:
        inner = indent + 2
        one_line = " | ".join([flat(member) for member in self.members])
        if inner + columns(one_line) + (0 if self.closing else rest) <= _WIDTH:
            lines = new_line(inner) + one_line
        else:
            members = [_placed(member, inner + 2, inner + 2, 0) for member in self.members]
            lines = "".join(f"{new_line(inner)}| {member}" for member in members)
        return self.opening + lines + (new_line(indent) + self.closing if self.closing else "")


class Assigned(Breakable):
    """`= value`: begun in the same line, or in the next one. A property has `:` for the sign."""

    __slots__ = ("sign", "value")

    def __init__(self, value: Doc, sign: str = " =") -> None:
        self.value = value
        self.sign = sign
        self.flat = f"{sign} {flat(value)}"

    def head(self) -> tuple[int, bool]:
        return len(self.sign), True

    def broken(self, indent: int, column: int, rest: int) -> str:
        if isinstance(self.value, OneOf):
            return self.sign + self.value.broken(indent, column, rest)
        if not _is_one_piece(self.value):
            start = column + len(self.sign) + 1
            width, _ = _head(self.value)
            if start + width <= _WIDTH:
                return f"{self.sign} {_placed(self.value, indent, start, rest)}"
        inner = indent + 2
        return self.sign + new_line(inner) + _placed(self.value, inner, inner, rest)


def _is_one_piece(value: Doc) -> bool:
    """Whether Prettier moves `value` to the next line before it breaks it."""
    if not isinstance(value, Brackets):
        return isinstance(value, str)
    return len(value.items) == 1 and len(flat(value.items[0])) <= _WIDTH // 4
