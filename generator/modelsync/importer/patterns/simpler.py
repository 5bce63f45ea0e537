"""Repetitions of repetitions -> one, because the dialect refuses what may take exponential time."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from modelsync.importer.patterns.inclusion import includes
from modelsync.importer.patterns.tokens import (
    ONCE,
    Chars,
    Choice,
    Count,
    Group,
    Part,
    chars_of,
    written,
)
from modelsync.patterns import syntax
from modelsync.patterns.check import check
from modelsync.patterns.parse import parse
from modelsync.patterns.syntax import Anchor, PatternError, Repeat, overlap, union


def simpler(choice: Choice) -> Choice:
    """Return branches in which `(a+)*` is `a*`, `(a*)+` is `a*`, and `(a|)*` is `(a)*`."""
    return tuple(tuple(_part(part) for part in branch) for branch in choice)


def _part(part: Part) -> Part:
    if not isinstance(part, Group):
        return part
    branches = _with_merged_chars(simpler(part.branches))
    if part.count.most is None:
        branches = tuple(_without_needless_counts(branches, part.count))
        least = part.count.least
        if () in branches and len(branches) > 1:
            branches, least = tuple(branch for branch in branches if branch), 0
        part = replace(part, count=Count(least, None))
    match branches:
        case ((Chars() | Group() as only,),):
            merged = _merged(only.count, part.count)
            if merged is not None:
                return replace(only, count=merged)
        case _:
            pass
    if part.count.most is None and part.count.least <= 1 and _absorbs_itself(branches):
        return replace(part, branches=branches, count=Count(part.count.least, 1))
    return replace(part, branches=branches)


def _with_merged_chars(branches: Choice) -> Choice:
    """Return branches of which all that are one character are one class, if they overlap."""
    single = [branch[0] for branch in branches if len(branch) == 1]
    chars = [part for part in single if isinstance(part, Chars) and part.count == ONCE]
    pairs = combinations(chars, 2)
    if not any(overlap(one.ranges, other.ranges) for one, other in pairs):
        return branches
    merged = chars_of(union(pair for part in chars for pair in part.ranges))
    others = (branch for branch in branches if len(branch) != 1 or branch[0] not in chars)
    return ((merged,), *others)


def _absorbs_itself(branches: Choice) -> bool:
    """Return whether two matches in a row are one, so that none needs to be repeated."""
    if all(len(branch) == 1 and isinstance(branch[0], Chars) for branch in branches):
        return False  # one character each
    try:
        once = parse(written(branches))
    except PatternError:
        return False
    try:
        check(Repeat(once, 0, None, 0, 0))
    except PatternError:
        whole = syntax.Sequence((Anchor("start"), once, Anchor("end")))
        return includes(whole, syntax.Sequence((once, once)))
    return False


def _without_needless_counts(branches: Choice, outer: Count) -> list[tuple[Part, ...]]:
    """Return the branches of an unlimited repetition, of which each one part needs no count."""
    found: list[tuple[Part, ...]] = []
    for branch in branches:
        match branch:
            case (Chars(count=Count(least=1, most=None)) as only,) if len(branches) > 1:
                found.append((replace(only, count=ONCE),))
            case (Group(count=Count(least=1, most=None)) as only,) if len(branches) > 1:
                found.append((replace(only, count=ONCE),))
            case (Chars(count=Count(least=0)) as only,) if outer.least == 0 and _is_simple(only):
                found.append((replace(only, count=ONCE),))
            case _:
                found.append(branch)
    return found


def _is_simple(part: Chars) -> bool:
    return part.count.most in (None, 1)


def _merged(inner: Count, outer: Count) -> Count | None:
    """Return the count of one part in a repeated group of its own: `(a+)*` is `a*`."""
    if outer == ONCE:
        return None
    if inner == ONCE:
        return None
    is_unlimited = inner.most is None or outer.most is None
    if is_unlimited and inner.least <= 1 and outer.least <= 1 and inner.most in (None, 1):
        return Count(inner.least * outer.least, None)
    return None
