"""How long the texts are that match a pattern."""

from __future__ import annotations

from modelsync.patterns import syntax
from modelsync.patterns.syntax import Anchor, Chars, Choice, Node, Repeat


def shortest(node: Node) -> int:
    """Return the length of the shortest match, which is the least that a text needs."""
    match node:
        case Chars():
            return 1
        case syntax.Sequence(parts=parts):
            return sum(map(shortest, parts))
        case Choice(branches=branches):
            return min(map(shortest, branches))
        case Repeat(part=part, least=least):
            return least * shortest(part)
        case Anchor():
            return 0


def longest_text(node: Node) -> int | None:
    """Return the most that a text can have if the whole text has to match; None for any length."""
    match node:
        case Choice(branches=branches):
            return _most(list(map(longest_text, branches)))
        case syntax.Sequence(parts=(Anchor(kind="start"), *_, Anchor(kind="end"))):
            return _longest(node)
        case _:
            return None


def _longest(node: Node) -> int | None:
    match node:
        case Chars():
            return 1
        case syntax.Sequence(parts=parts):
            lengths = [_longest(part) for part in parts]
            return sum(filter(None, lengths)) if None not in lengths else None
        case Choice(branches=branches):
            return _most([_longest(branch) for branch in branches])
        case Repeat(part=part, most=most):
            length = _longest(part)
            return None if length is None or most is None else most * length
        case Anchor():
            return 0


def _most(lengths: list[int | None]) -> int | None:
    known = [length for length in lengths if length is not None]
    return max(known) if len(known) == len(lengths) else None
