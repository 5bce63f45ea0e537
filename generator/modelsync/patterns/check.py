"""What a pattern may not do, though its syntax is right: be too large, or take exponential time.

Backtracking engines try every way in which a repetition can match a text. If there are two ways for
one text, they try 2^n of them for n repetitions. Both conditions are decided on the position
automaton (Glushkov): each character of the pattern is a state, with an edge to each character that
can come next. See Weideman et al., "Analyzing Matching Time Behavior of Backtracking Regular
Expression Matchers by Using Ambiguity of NFA", 2016.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from modelsync.graphs import components
from modelsync.patterns import syntax
from modelsync.patterns.parse import MAX_COUNT
from modelsync.patterns.syntax import Chars, Choice, Node, PatternError, Ranges, Repeat, overlap

MAX_POSITIONS: Final = 400
"""How many characters a pattern may have, after counts are written out."""
_UNLIMITED: Final = 10
"""From this count on, a repetition is treated as unlimited."""


def check(pattern: Node) -> None:
    """Raise :class:`PatternError` for a pattern that is too large or may take exponential time."""
    _check_counts(pattern, 1)
    automaton = Automaton()
    automaton.add(pattern)
    for group in components(automaton.after):
        if _is_ambiguous(automaton, group):
            repeat = automaton.repeats[group[0]]
            raise PatternError(
                "a text can match this repetition in several ways, which takes exponential time",
                repeat.offset,
                repeat.width,
                "let what is repeated begin or end with a character that the rest does not contain",
            )


def _check_counts(node: Node, around: int) -> None:
    """Check repetitions. `around` is the product of the counts of those around a node."""
    match node:
        case syntax.Sequence(parts=inner) | Choice(branches=inner):
            for part in inner:
                _check_counts(part, around)
        case Repeat(part=part, least=least, most=most):
            count = around * max(1, most if most is not None else least)
            if count > MAX_COUNT:
                message = f"nested counts multiply to more than {MAX_COUNT}"
                raise PatternError(message, node.offset, node.width)
            if most not in (0, 1) and _may_be_empty(part):
                message = "this repeats what can match the empty text"
                help_ = "remove the inner `?` or `*`, or the outer one"
                raise PatternError(message, node.offset, node.width, help_)
            _check_counts(part, count)
        case _:
            pass


def _may_be_empty(node: Node) -> bool:
    match node:
        case Chars():
            return False
        case syntax.Sequence(parts=parts):
            return all(_may_be_empty(part) for part in parts)
        case Choice(branches=branches):
            return any(_may_be_empty(branch) for branch in branches)
        case Repeat(part=part, least=least):
            return least == 0 or _may_be_empty(part)
        case _:
            return True


@dataclass(frozen=True, slots=True)
class _Ends:
    """How a part of the automaton begins and ends; each number counts ways, up to two."""

    empty: int
    """The ways to match the empty text."""
    first: Counter[int] = field(default_factory=Counter)
    last: Counter[int] = field(default_factory=Counter)


class Automaton:
    """The position automaton of a pattern."""

    def __init__(self, most: int = MAX_POSITIONS) -> None:
        self.most = most
        self.chars: list[Ranges] = []
        self.repeats: dict[int, Repeat] = {}
        """The innermost unlimited repetition around each position."""
        self.after: dict[int, Counter[int]] = {}
        """The positions that can come next, and in how many ways."""

    def add(self, node: Node, around: Repeat | None = None) -> _Ends:
        """Add the positions of a pattern, inside the repetition `around` if there is one."""
        match node:
            case Chars(ranges=ranges):
                return self._position(ranges, around)
            case syntax.Sequence(parts=parts):
                ends = _Ends(1)
                for part in parts:
                    ends = self._joined(ends, self.add(part, around))
                return ends
            case Choice(branches=branches):
                return _either([self.add(branch, around) for branch in branches])
            case Repeat():
                return self._repeated(node, around)
            case _:
                return _Ends(1)

    def _position(self, ranges: Ranges, around: Repeat | None) -> _Ends:
        position = len(self.chars)
        if position == self.most:
            message = f"the pattern has more than {MAX_POSITIONS} characters with its counts"
            raise PatternError(f"{message} written out", 0, 1, "use smaller counts, or `maxLength`")
        self.chars.append(ranges)
        self.after[position] = Counter()
        if around is not None:
            self.repeats[position] = around
        return _Ends(0, Counter([position]), Counter([position]))

    def _repeated(self, node: Repeat, around: Repeat | None) -> _Ends:
        least, most = node.least, node.most
        if most is None or most > _UNLIMITED:
            ends = self.add(node.part, node)
            self._connect(ends, ends)
            return _Ends(ends.empty + (least == 0), ends.first, ends.last)
        ends = _Ends(1)
        # x{1,3} is x(x(x)?)?, built from its end.
        for number in range(most, 0, -1):
            ends = self._joined(self.add(node.part, around), ends)
            if number > least:
                ends = _Ends(ends.empty + 1, ends.first, ends.last)
        return ends

    def _joined(self, left: _Ends, right: _Ends) -> _Ends:
        self._connect(left, right)
        return _Ends(
            left.empty * right.empty,
            left.first + _times(right.first, left.empty),
            right.last + _times(left.last, right.empty),
        )

    def _connect(self, left: _Ends, right: _Ends) -> None:
        for position, ways in left.last.items():
            after = self.after[position]
            for other, other_ways in right.first.items():
                after[other] = min(2, after[other] + ways * other_ways)


def _times(positions: Counter[int], ways: int) -> Counter[int]:
    return Counter(
        {position: min(2, count * ways) for position, count in positions.items() if ways}
    )


def _either(branches: Sequence[_Ends]) -> _Ends:
    first: Counter[int] = Counter()
    last: Counter[int] = Counter()
    for branch in branches:
        first += branch.first
        last += branch.last
    return _Ends(sum(branch.empty for branch in branches), first, last)


def _is_ambiguous(automaton: Automaton, group: Sequence[int]) -> bool:
    """Return whether a text leads from a state of a component back to it in two ways."""
    inside = set(group)
    after = {
        position: {
            other: ways for other, ways in automaton.after[position].items() if other in inside
        }
        for position in group
    }
    if any(ways > 1 for others in after.values() for ways in others.values()):
        return True
    pairs = _pairs(automaton, {position: list(others) for position, others in after.items()})
    for component in components(pairs):
        equal = {left == right for left, right in component}
        if len(equal) == 2:
            return True
    return False


def _pairs(
    automaton: Automaton, after: Mapping[int, Sequence[int]]
) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """Return the pairs of states that equal texts lead to, from every state and itself."""
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = {}
    waiting = [(position, position) for position in after]
    while waiting:
        pair = waiting.pop()
        if pair in pairs:
            continue
        # A pair and its reverse are the same: keep the sorted one.
        pairs[pair] = [
            (min(left, right), max(left, right))
            for left in after[pair[0]]
            for right in after[pair[1]]
            if overlap(automaton.chars[left], automaton.chars[right])
        ]
        waiting += pairs[pair]
    return pairs
