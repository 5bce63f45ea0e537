"""What `$` of a pattern means in Python: the end, and the place before a line feed at the end."""

from __future__ import annotations

from modelsync.patterns.parse import parse
from modelsync.patterns.syntax import Anchor, Choice, Node, Repeat, Sequence


def python_pattern(pattern: str) -> str | None:
    """Return a pattern that matches what Python finds for one.

    None if no pattern does: after a `$` before the line feed, Python goes on with what follows.
    """
    if "$" not in pattern:
        return pattern
    return None if _goes_on(parse(pattern), is_last=True) else _with_last_line_feed(pattern)


def _goes_on(node: Node, *, is_last: bool) -> bool:
    """Whether a part of a pattern has a `$` with anything after it."""
    match node:
        case Anchor(kind="end"):
            return not is_last
        case Sequence(parts=parts):
            end = len(parts) - 1
            return any(
                _goes_on(part, is_last=is_last and index == end) for index, part in enumerate(parts)
            )
        case Choice(branches=branches):
            return any(_goes_on(branch, is_last=is_last) for branch in branches)
        case Repeat(part=part, most=most):
            return _goes_on(part, is_last=is_last and most == 1)
        case _:
            return False


def _with_last_line_feed(pattern: str) -> str:
    text, in_class, escaped = "", False, False
    for char in pattern:
        is_end = char == "$" and not in_class and not escaped
        text += r"\n?$" if is_end else char
        if not escaped and char in "[]":
            in_class = char == "["
        escaped = char == "\\" and not escaped
    return text
