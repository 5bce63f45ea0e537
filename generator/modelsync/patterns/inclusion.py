"""Whether a pattern matches all texts that another one matches.

Decided on position automata (Glushkov): a text that only the other pattern matches leads from its
start to an end while the states of the first pattern that it reaches contain no end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from modelsync.patterns import syntax
from modelsync.patterns.syntax import Anchor, Chars, Choice, Node, Ranges, Repeat, contains

_MOST_STATES: Final = 250
_MOST_PAIRS: Final = 2000


def is_whole(pattern: Node) -> bool:
    """Return whether a match of a pattern is always the whole text."""
    match pattern:
        case Choice(branches=branches):
            return all(map(is_whole, branches))
        case syntax.Sequence(parts=(Anchor(kind="start"), *_, Anchor(kind="end"))):
            return True
        case _:
            return False


def includes(pattern: Node, other: Node) -> bool:
    """Return whether every text that all of `other` matches has a match of `pattern`.

    False also if that is not known, because a pattern has other anchors than `^` at its start and
    `$` at its end, or is too large.
    """
    try:
        wide, narrow = _Automaton(_searching(pattern)), _Automaton(_without_anchors(other))
    except _Unknown:
        return False
    return _includes(wide, narrow)


class _Unknown(Exception):
    """A pattern that is too large, or has anchors inside."""


_ANYTHING: Final = Repeat(Chars(syntax.union([(0, syntax.LAST)])), 0, None, 0, 0)


def _searching(node: Node) -> Node:
    """Return a pattern for whole texts that contain a match of `node`."""
    parts = node.parts if isinstance(node, syntax.Sequence) else (node,)
    start, end = Anchor("start"), Anchor("end")
    before = parts[1:] if parts[:1] == (start,) else (_ANYTHING, *parts)
    after = before[:-1] if before[-1:] == (end,) else (*before, _ANYTHING)
    return syntax.Sequence(after)


def _without_anchors(node: Node) -> Node:
    parts = node.parts if isinstance(node, syntax.Sequence) else (node,)
    kept = [part for part in parts if not isinstance(part, Anchor)]
    return syntax.Sequence(tuple(kept))


@dataclass(frozen=True, slots=True)
class _Ends:
    empty: bool
    first: frozenset[int] = frozenset()
    last: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Automaton:
    node: Node
    chars: list[Ranges] = field(default_factory=list)
    after: list[set[int]] = field(default_factory=list)
    ends: _Ends = field(init=False)

    def __post_init__(self) -> None:
        self.ends = self._add(self.node)

    def is_end(self, state: int) -> bool:
        return self.ends.empty if state < 0 else state in self.ends.last

    def steps(self, states: Iterable[int], char: int) -> frozenset[int]:
        """Return the states after a character; -1 is the state before the first one."""
        return frozenset(
            other
            for state in states
            for other in (self.ends.first if state < 0 else self.after[state])
            if contains(self.chars[other], char)
        )

    def _add(self, node: Node) -> _Ends:
        match node:
            case Chars(ranges=ranges):
                if len(self.chars) == _MOST_STATES:
                    raise _Unknown
                position = len(self.chars)
                self.chars.append(ranges)
                self.after.append(set())
                return _Ends(False, frozenset([position]), frozenset([position]))
            case syntax.Sequence(parts=parts):
                ends = _Ends(True)
                for part in parts:
                    ends = self._joined(ends, self._add(part))
                return ends
            case Choice(branches=branches):
                each = [self._add(branch) for branch in branches]
                first = frozenset().union(*(ends.first for ends in each))
                last = frozenset().union(*(ends.last for ends in each))
                return _Ends(any(ends.empty for ends in each), first, last)
            case Repeat():
                return self._repeated(node)
            case _:
                raise _Unknown

    def _repeated(self, node: Repeat) -> _Ends:
        ends = _Ends(True)
        if node.most is None:
            ends = self._add(node.part)
            self._connect(ends, ends)
            ends = _Ends(ends.empty or node.least == 0, ends.first, ends.last)
            for _ in range(node.least - 1):
                ends = self._joined(self._add(node.part), ends)
            return ends
        for number in range(node.most, 0, -1):
            ends = self._joined(self._add(node.part), ends)
            if number > node.least:
                ends = _Ends(True, ends.first, ends.last)
        return ends

    def _joined(self, left: _Ends, right: _Ends) -> _Ends:
        self._connect(left, right)
        first = left.first | right.first if left.empty else left.first
        last = left.last | right.last if right.empty else right.last
        return _Ends(left.empty and right.empty, first, last)

    def _connect(self, left: _Ends, right: _Ends) -> None:
        for position in left.last:
            self.after[position] |= right.first


def _includes(wide: _Automaton, narrow: _Automaton) -> bool:
    bounds = {low for ranges in (*wide.chars, *narrow.chars) for low, _ in ranges}
    bounds |= {high + 1 for ranges in (*wide.chars, *narrow.chars) for _, high in ranges}
    # One character for each class that no pattern distinguishes.
    samples = sorted(bound for bound in bounds if bound <= syntax.LAST)
    seen: set[tuple[int, frozenset[int]]] = set()
    waiting = [(-1, frozenset([-1]))]
    while waiting:
        state, others = pair = waiting.pop()
        if pair in seen:
            continue
        seen.add(pair)
        if narrow.is_end(state) and not any(map(wide.is_end, others)):
            return False
        if len(seen) > _MOST_PAIRS:
            return False
        for char in samples:
            after = narrow.steps([state], char)
            if after:
                reached = wide.steps(others, char)
                waiting += [(next_, reached) for next_ in after]
    return True
