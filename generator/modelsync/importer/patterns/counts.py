"""Counts that are larger than those of the dialect, as lengths of the whole text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from modelsync.importer.patterns.tokens import (
    Anchor,
    Branch,
    Chars,
    Choice,
    Count,
    Group,
    Look,
    Part,
)
from modelsync.patterns.parse import MAX_COUNT
from modelsync.patterns.syntax import PatternError, complement, overlap, union

_LARGE = 10
"""Counts from here on become lengths, if a pattern has too many characters with them."""


class Limited(NamedTuple):
    """A pattern, and the lengths that the text must have besides."""

    choice: Choice
    least: int = 0
    most: int | None = None


def without_large_counts(choice: Choice) -> Limited:
    """Return a pattern without one large count, and the lengths of texts that say the same.

    That is possible for a pattern of the whole text in which all other parts have a fixed length:
    `^[a-z]{1,2000}$` is `^[a-z]*$` with lengths from 1 to 2000. A lookahead at its start that is
    only about the length is a length, too: `^(?=.{3,9}$)`.
    """
    if len(choice) != 1:
        return Limited(choice)
    branch = choice[0]
    if len(branch) < 2 or branch[0] != Anchor("^") or branch[-1] != Anchor("$"):
        return Limited(choice)
    least, most = 0, None
    look = _length_looked_at(branch[1], branch[2:])
    if look is not None:
        least, most = look.least, look.most
        branch = (branch[0], *branch[2:])
    limited = _without_count(branch)
    if limited is None:
        return Limited((branch,), least, most)
    tops = [each for each in (most, limited.most) if each is not None]
    return Limited(limited.choice, max(least, limited.least), min(tops, default=None))


def with_split_counts(choice: Choice) -> Choice:
    """Return a pattern whose large counts are split: `a{1,1024}` is `a(?:a{10}){0,100}a{0,23}`.

    Raises PatternError for counts above 3000, which would be slow to match.
    """
    return tuple(tuple(each for part in branch for each in _split(part)) for branch in choice)


def _split(part: Part) -> list[Part]:
    if isinstance(part, Group):
        part = replace(part, branches=with_split_counts(part.branches))
    if not isinstance(part, Chars | Group) or _size(part.count) <= MAX_COUNT:
        return [part]
    count = part.count
    found: list[Part] = []
    for least in _in_thousands(count.least):
        found.append(replace(part, count=Count(least, least)))
    if count.most is None:
        return [*found, replace(part, count=Count(0, None))]
    optional = count.most - count.least
    if optional > 3 * MAX_COUNT:
        raise PatternError(f"a count above {3 * MAX_COUNT}", 0)
    tens = Group(((replace(part, count=Count(10, 10)),),), "(?:")
    while optional > MAX_COUNT:
        found.append(replace(tens, count=Count(0, MAX_COUNT // 10)))
        optional -= MAX_COUNT
    return [*found, replace(part, count=Count(0, optional))] if optional else found


def _in_thousands(count: int) -> Iterator[int]:
    if count > 3 * MAX_COUNT:
        raise PatternError(f"a count above {3 * MAX_COUNT}", 0)
    while count > 0:
        yield min(count, MAX_COUNT)
        count -= MAX_COUNT


def _length_looked_at(part: Part, rest: Branch) -> Count | None:
    """Return the lengths that a lookahead at the start is about: `(?=.{3,9}$)`."""
    if not isinstance(part, Look) or part.direction != "ahead" or part.is_negative:
        return None
    match part.branches:
        case ((Chars(ranges=ranges, count=count), Anchor(text="$")),):
            covers_rest = not overlap(complement(ranges), union(_all_chars(rest)))
            return count if covers_rest else None
        case _:
            return None


def _all_chars(branch: Branch) -> Iterator[tuple[int, int]]:
    """Yield ranges of all characters that a text can consist of."""
    for part in branch:
        if isinstance(part, Chars):
            yield from part.ranges
        elif isinstance(part, Group):
            for inner in part.branches:
                yield from _all_chars(inner)


def _without_count(branch: Branch) -> Limited | None:
    """Return a branch without its only count of a varying length."""
    varying = [index for index, part in enumerate(branch) if _width(part) is None]
    if len(varying) > 1:
        return None
    counts = [(index, part) for index, part in enumerate(branch) if isinstance(part, Chars)]
    large = [(index, part) for index, part in counts if _size(part.count) > _LARGE]
    if varying:
        large = [pair for pair in large if pair[0] in varying]
    if not large:
        return None
    index, part = max(large, key=lambda pair: _size(pair[1].count))
    others = sum(_width(each) or 0 for number, each in enumerate(branch) if number != index)
    count = part.count
    kept = replace(part, count=Count(min(count.least, 1), None))
    most = None if count.most is None else count.most + others
    choice = ((*branch[:index], kept, *branch[index + 1 :]),)
    return Limited(choice, count.least + others, most)


def _size(count: Count) -> int:
    return max(count.least, count.most or 0)


def _width(part: Part) -> int | None:
    """Return how many characters a part has; None if that varies."""
    match part:
        case Anchor():
            return 0
        case Chars(count=count):
            return count.least if count.least == count.most else None
        case Group(branches=branches, count=count) if count.least == count.most:
            widths = {_branch_width(branch) for branch in branches}
            only = widths.pop()
            return None if widths or only is None else only * count.least
        case _:
            return None


def _branch_width(branch: Branch) -> int | None:
    widths = [_width(part) for part in branch]
    return None if None in widths else sum(filter(None, widths))
