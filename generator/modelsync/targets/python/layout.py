"""Python's layout pass: lines of more than 88 columns are broken as Black breaks them.

Black puts each item on its own line where brackets do not fit on one, and a comma after the last
item tells it to leave them so. It puts parentheses around what has no brackets to break.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from modelsync.targets.layout import Group, flat, parse, partition
from modelsync.targets.layout import Sequence as Tree

WIDTH: Final = 88
"""Black's line length."""

_INDENT: Final = "    "
_LONG_LINE, _LINE_OF_WIDE_CHARACTERS = (
    re.compile(rf'^(?: *"""[\s\S]*?"""|.{{{characters},}})$', re.MULTILINE)
    for characters in (WIDTH + 1, WIDTH // 2)
)
"""What may have to be broken. Docstrings are matched as a whole, and stay unchanged."""
_UNBREAKABLE: Final = re.compile(
    r"""\s*(?:
      \#.*
    | (?:\w+\ =\ )?(?:"(?:[^"\\]++|\\.)*+"|'(?:[^'\\]++|\\.)*+'),?
    )""",
    re.VERBOSE,
)
"""Comments, and lines of one string."""


def formatted(text: str) -> str:
    """Return the text of a module as Black formats it.

    Black itself is imported only for lines that the rules here do not cover: that takes as long as
    a whole run.
    """
    if text.isascii() and max(map(len, text.split("\n"))) <= WIDTH:
        return text
    unbroken: list[str] = []

    def lines(match: re.Match[str]) -> str:
        line = match[0]
        if _fits(line) or line.lstrip().startswith('"""'):
            return line
        result = _broken(line) or line
        unbroken.extend(line for line in result.split("\n") if not _fits(line))
        return result

    text = (_LONG_LINE if text.isascii() else _LINE_OF_WIDE_CHARACTERS).sub(lines, text)
    return text if all(map(_UNBREAKABLE.fullmatch, unbroken)) else black(text)


def black(text: str) -> str:
    """Return the text of a module as Black itself formats it."""
    from black import Mode, format_str  # noqa: PLC0415
    from black.mode import TargetVersion  # noqa: PLC0415

    return format_str(text, mode=Mode({TargetVersion.PY311}, line_length=WIDTH))


def _fits(line: str) -> bool:
    return (len(line) if line.isascii() else _columns(line)) <= WIDTH


def _columns(line: str) -> int:
    """Return how many columns a line takes: some characters take two, and some none."""
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in line
    )


def _broken(line: str) -> str | None:
    """Return a statement over several lines; None where no rule covers it."""
    statement = line.lstrip(" ")
    indent = line[: len(line) - len(statement)]
    if statement.startswith("from "):
        before, _, names = statement.partition(" import ")
        return _exploded(indent, f"{before} import (", names.split(", "), ")")
    tree = parse(statement)
    if tree is None:
        return None
    if statement.startswith("def "):
        name, parameters, *rest = tree
        return _exploded_group(indent, str(name), parameters, flat(tuple(rest)))
    for keyword in ("return ", "raise "):
        if statement.startswith(keyword):
            value = (str(tree[0]).removeprefix(keyword), *tree[1:])
            return _with_value(indent, keyword, value)
    assignment = partition(tree, " = ")
    if assignment is None:
        return None
    return _with_value(indent, f"{flat(assignment[0])} = ", assignment[1])


def _with_value(indent: str, head: str, value: Tree) -> str | None:
    """Return `head value` over several lines: the value is what can be broken."""
    if partition(value, " if ") is not None:
        return _in_parentheses(indent, head, _conditional(f"{indent}{_INDENT}", value))
    *function, last = value
    if isinstance(last, Group) and last.items and (last.opening == "(" or not function):
        return _exploded_group(indent, f"{head}{flat(tuple(function))}", last, "")
    inner = f"{indent}{_INDENT}{flat(value)}"
    # Black adds parentheses only where they help, except after an annotation.
    if ": " in head or _fits(inner):
        return _in_parentheses(indent, head, inner)
    return None


def _conditional(indent: str, value: Tree) -> str:
    """Return `a if b else c(...)`: on one line if it fits, otherwise on three or more."""
    line = f"{indent}{flat(value)}"
    choice = partition(value, " if ")
    rest = partition(choice[1], " else ") if choice else None
    if _fits(line) or choice is None or rest is None:
        return line
    last = f"{indent}else {flat(rest[1])}"
    *function, group = rest[1]
    if not _fits(last):
        last = _exploded_group(indent, f"else {flat(tuple(function))}", group, "") or last
    return f"{indent}{flat(choice[0])}\n{indent}if {flat(rest[0])}\n{last}"


def _in_parentheses(indent: str, head: str, inner: str) -> str:
    return f"{indent}{head}(\n{inner}\n{indent})"


def _exploded_group(indent: str, head: str, group: str | Group, tail: str) -> str | None:
    if not isinstance(group, Group) or not group.items:
        return None
    items = [flat(item) for item in group.items]
    if len(items) == 1 and partition(group.items[0], " for ") is not None:
        comprehension = f"{indent}{_INDENT}{items[0]}"
        return f"{indent}{head}{group.opening}\n{comprehension}\n{indent}{group.closing}{tail}"
    return _exploded(indent, f"{head}{group.opening}", items, f"{group.closing}{tail}")


def _exploded(indent: str, head: str, items: Sequence[str], tail: str) -> str:
    """Return `head items tail` with one item on each line."""
    lines = "".join(f"{indent}{_INDENT}{item},\n" for item in items)
    return f"{indent}{head}\n{lines}{indent}{tail}"
