"""Repetitions of repetitions -> one, because the dialect refuses what may take exponential time."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Final

from modelsync.importer.patterns.iterations import shorter
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
from modelsync.patterns.inclusion import includes
from modelsync.patterns.parse import parse
from modelsync.patterns.syntax import Anchor, PatternError, Repeat, overlap, union

_MOST_TO_ABSORB: Final = 80
"""How long a repeated part is at most if it is checked whether two in a row are one: that takes
time for long ones."""


def simpler(choice: Choice) -> Choice:
    """Return branches in which `(a+)*` is `a*`, `(a*)+` is `a*`, and `(a|)*` is `(a)*`."""
    return tuple(tuple(_part(part) for part in branch) for branch in choice)


def _part(part: Part) -> Part:
    if not isinstance(part, Group):
        return part
    part = replace(part, branches=_with_merged_chars(simpler(part.branches)))
    merged = _merged(part)
    if merged is not None:
        return merged
    is_repeated = part.count.most is None or part.count.most > 1
    if is_repeated and part.count.least <= 1 and _absorbs_itself(part.branches):
        return replace(part, count=Count(part.count.least, 1))
    if part.count.most is not None:
        return part
    branches, count = shorter(part.branches, part.count)
    if () in branches and len(branches) > 1:
        branches, count = tuple(branch for branch in branches if branch), Count(0, None)
    part = replace(part, branches=_with_merged_chars(branches), count=count)
    return _merged(part) or part


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
    text = written(branches)
    if len(text) > _MOST_TO_ABSORB:
        return False
    try:
        once = parse(text)
    except PatternError:
        return False
    try:
        check(Repeat(once, 0, None, 0, 0))
    except PatternError:
        whole = syntax.Sequence((Anchor("start"), once, Anchor("end")))
        return includes(whole, syntax.Sequence((once, once)))
    return False


def _merged(group: Group) -> Part | None:
    """Return a repeated part that is alone in a repeated group as one: `(a+)*` is `a*`."""
    match group.branches:
        case ((Chars() | Group() as only,),):
            inner, outer = only.count, group.count
        case _:
            return None
    if ONCE in (inner, outer):
        return None
    is_unlimited = inner.most is None or outer.most is None
    if is_unlimited and inner.least <= 1 and outer.least <= 1 and inner.most in (None, 1):
        return replace(only, count=Count(inner.least * outer.least, None))
    return None
