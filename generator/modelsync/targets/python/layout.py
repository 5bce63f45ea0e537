"""Python's layout pass: lines of more than 88 columns are broken as Black breaks them.

If brackets do not fit on one line, Black puts each item on its own line, and a comma after the last
one so that it keeps them that way. It adds parentheses around code that has no brackets to break.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from modelsync.targets.layout import Group, columns, exploded, flat, parse, partition
from modelsync.targets.layout import Sequence as Tree

WIDTH: Final = 88
"""Black's line length."""

_INDENT: Final = "    "
_LONG_LINE, _LINE_OF_WIDE_CHARACTERS = (
    re.compile(rf'^(?: *"""[\s\S]*?"""|.{{{characters},}})$', re.MULTILINE)
    for characters in (WIDTH + 1, WIDTH // 2)
)
"""Lines that may have to be broken. Docstrings are matched as a whole, and stay unchanged."""
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

    Black itself is imported only for lines that the rules here do not cover, because the import
    takes as long as a whole run.
    """
    if text.isascii() and max(map(len, text.split("\n"))) <= WIDTH:
        return text
    unbroken: list[str] = []

    def lines(match: re.Match[str]) -> str:
        line = match[0]
        if _fits(line) or line.lstrip().startswith('"""'):
            return line
        result = "\n".join(map(_broken_item, (_broken(line) or line).split("\n")))
        unbroken.extend(line for line in result.split("\n") if not _fits(line))
        return result

    text = (_LONG_LINE if text.isascii() else _LINE_OF_WIDE_CHARACTERS).sub(lines, text)
    return text if all(map(_UNBREAKABLE.fullmatch, unbroken)) else black(text)


@lru_cache(maxsize=256)  # to find the causes of changes, some files are rendered again
def black(text: str) -> str:
    """Return the text of a module as Black itself formats it."""
    from black import Mode, format_str  # noqa: PLC0415
    from black.mode import TargetVersion  # noqa: PLC0415

    return format_str(text, mode=Mode({TargetVersion.PY311}, line_length=WIDTH))


def _fits(line: str) -> bool:
    return columns(line) <= WIDTH


def _broken_item(line: str) -> str:
    """Return an item inside brackets over several lines, if it does not fit on its line."""
    if _fits(line) or not line.endswith(","):
        return line
    item = line.lstrip(" ")
    *head, last = parse(item[:-1]) or ("",)
    before = flat(tuple(head))
    lines = exploded(line[: -len(item)], before, last, ",", _INDENT)
    # In a subscript, a comma would make a tuple.
    if not lines or " | " in before or line.endswith("],"):
        return line
    return "\n".join(map(_broken_item, lines.split("\n")))


def _broken(line: str) -> str | None:
    """Return a statement over several lines; None if no rule covers it."""
    statement = line.lstrip(" ")
    indent = line[: len(line) - len(statement)]
    keyword = statement.partition(" ")[0]
    if keyword == "from":
        before, _, names = statement.partition(" import ")
        group = Group("(", tuple((name,) for name in names.split(", ")), ")")
        return exploded(indent, f"{before} import ", group, "", _INDENT)
    tree = parse(statement) or ()
    if keyword == "def" and tree:
        name, parameters, *rest = tree
        return exploded(indent, str(name), parameters, flat(tuple(rest)), _INDENT)
    separator = f"{keyword} " if keyword in ("return", "raise") else " = "
    sides = partition(tree, separator)
    if not sides and len(tree) > 1 and isinstance(tree[-1], Group):
        return exploded(indent, flat(tree[:-1]), tree[-1], "", _INDENT)
    return sides and _with_value(indent, f"{flat(sides[0])}{separator}", sides[1])


def _with_value(indent: str, head: str, value: Tree) -> str | None:
    """Return `head value` over several lines, broken inside the value."""
    inner = f"{indent}{_INDENT}{flat(value)}"
    *function, last = value
    if choice := partition(value, " if "):
        inner = inner if _fits(inner) else _conditional(f"{indent}{_INDENT}", *choice)
    elif isinstance(last, Group) and last.items and (last.opening == "(" or not function):
        return exploded(indent, f"{head}{flat(tuple(function))}", last, "", _INDENT)
    # Black adds parentheses only where they help, except after an annotation.
    elif ": " not in head and not _fits(inner):
        return None
    return f"{indent}{head}(\n{inner}\n{indent})"


def _conditional(indent: str, value: Tree, rest: Tree) -> str:
    """Return `a if b else c(...)` on three lines or more; `rest` is what follows the `if`."""
    condition, other = partition(rest, " else ") or (rest, ())
    last = f"{indent}else {flat(other)}"
    if other and not _fits(last):
        last = exploded(indent, f"else {flat(other[:-1])}", other[-1], "", _INDENT) or last
    return f"{indent}{flat(value)}\n{indent}if {flat(condition)}\n{last}"
