"""Lookaheads and lookbehinds of one character -> a part of what they look at.

`(?!-)[a-z-]+` is `[a-z][a-z-]*`, and `[a-z-]+(?<!-)` is `[a-z-]*[a-z]`. The dialect of specs cannot
say any other lookaround.
"""

from __future__ import annotations

from dataclasses import replace

from modelsync.importer.patterns.tokens import (
    ONCE,
    Anchor,
    Branch,
    Chars,
    Choice,
    Count,
    Group,
    Look,
    Part,
    chars_of,
)
from modelsync.patterns.syntax import PatternError, Ranges, complement, overlap, union


def without_lookaround(choice: Choice) -> Choice:
    """Return branches without lookaround. Raises PatternError if the dialect cannot say them."""
    return tuple(map(_branch, choice))


def _branch(branch: Branch) -> Branch:
    parts = [_inside(part) for part in branch]
    # Behind: from the end, with the parts in reverse.
    parts = _looked(parts[::-1], "behind")[::-1]
    return tuple(_looked(parts, "ahead"))


def _inside(part: Part) -> Part:
    if isinstance(part, Group):
        return replace(part, branches=without_lookaround(part.branches))
    return part


def _looked(parts: list[Part], direction: str) -> list[Part]:
    """Return parts without the lookaround of a direction. The first parts are looked at last."""
    done: list[Part] = []
    for part in reversed(parts):
        if isinstance(part, Look) and part.direction == direction:
            done = _applied(part, done)
        else:
            done.insert(0, part)
    return done


def _applied(look: Look, rest: list[Part]) -> list[Part]:
    """Return what follows a lookahead, limited to what it allows."""
    edge = "$" if look.direction == "ahead" else "^"
    allowed, at_edge = _allowed(look, edge)
    found = _limited(rest, allowed, at_edge, edge)
    if found is None:
        raise PatternError("lookaround has no equivalent", look.offset)
    return found


def _allowed(look: Look, edge: str) -> tuple[Ranges, bool]:
    """Return the next characters that a lookahead allows, and whether it allows the edge."""
    chars: list[tuple[int, int]] = []
    has_edge = False
    for branch in look.branches:
        match branch:
            case (Chars(ranges=ranges, count=Count(least=1)),):
                chars += ranges
            case (Chars(ranges=ranges, count=count),) if count == ONCE:
                chars += ranges
            case (Anchor(text=text),) if text == edge:
                has_edge = True
            case _:
                raise PatternError("lookaround of several characters", look.offset)
    named = union(chars)
    return (complement(named), not has_edge) if look.is_negative else (named, has_edge)


def _limited(parts: list[Part], allowed: Ranges, at_edge: bool, edge: str) -> list[Part] | None:
    """Return parts whose first character is allowed; None if they cannot be written."""
    if not parts:
        return None  # whatever follows the branch
    first, rest = parts[0], parts[1:]
    match first:
        case Anchor(text=text) if text == edge:
            return parts if at_edge else None
        case Chars(ranges=ranges, count=count):
            if not overlap(ranges, complement(allowed)):
                if count.least:
                    return parts
                return None if _limited(rest, allowed, at_edge, edge) != rest else parts
            return _limited_chars(first, rest, allowed, at_edge, edge)
        case Group(branches=(branch,), count=count) if count == ONCE:
            step = 1 if edge == "$" else -1
            inner = _limited(list(branch[::step]), allowed, at_edge, edge)
            if inner is None:
                return None
            return [replace(first, branches=(tuple(inner[::step]),)), *rest]
        case _:
            return None


def _limited_chars(
    first: Chars, rest: list[Part], allowed: Ranges, at_edge: bool, edge: str
) -> list[Part] | None:
    kept = _both(first.ranges, allowed)
    if not kept:
        return None
    count = first.count
    fewer = Count(max(0, count.least - 1), None if count.most is None else count.most - 1)
    start: list[Part] = [chars_of(kept)]
    if fewer.most != 0:
        start.append(replace(first, count=fewer))
    if count.least:
        return [*start, *rest]
    # Without any of these characters, the lookahead is about what follows.
    after = _limited(rest, allowed, at_edge, edge)
    if after is None:
        return None
    if after != rest:
        return None
    branch = tuple(start if edge == "$" else start[::-1])
    return [Group((branch,), "(?:", Count(0, 1)), *rest]


def _both(one: Ranges, other: Ranges) -> Ranges:
    return complement(union([*complement(one), *complement(other)]))
