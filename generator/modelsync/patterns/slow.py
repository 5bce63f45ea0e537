r"""Patterns that take more than linear time on long texts, in a backtracking engine.

Two repetitions in a row that match the same text, as in `^\d*\d*$`, divide a text of n characters
in n ways. If the rest of the text does not match, such an engine tries all of them. A pattern that
does not begin with `^` is like one that begins with `.*`, because the engine tries every place of
the text.

The condition is that of Weber and Seidl, "On the degree of ambiguity of finite automata", 1991: a
text leads from a state p to p, from p to another state q, and from q to q.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from modelsync.graphs import components
from modelsync.patterns import syntax
from modelsync.patterns.check import MAX_POSITIONS, Automaton
from modelsync.patterns.parse import parse
from modelsync.patterns.syntax import LAST, Anchor, Chars, Choice, Node, Ranges, Repeat

_MAX_STEPS: Final = 200_000
"""The most edges that are looked at. A pattern that needs more counts as slow."""
_SEARCH: Final = Repeat(Chars(((0, LAST),)), 0, None, 0, 1)

_Triple: TypeAlias = tuple[int, int, int]
"""Where one text leads to: from p towards p, from p towards q, and from q towards q."""


@lru_cache(maxsize=1024)
def is_slow(pattern: str) -> bool:
    """Return whether a valid pattern may take at least quadratic time."""
    node = parse(pattern)
    automaton = Automaton(MAX_POSITIONS + 1)
    ends = automaton.add(node if _is_anchored(node) else syntax.Sequence((_SEARCH, node)))
    # A search that gets to such a state has found a match, and never goes back.
    final = frozenset() if _may_fail_at_its_end(node) else frozenset(ends.last)
    return _Product(automaton, final).is_ambiguous()


def _is_anchored(node: Node) -> bool:
    """Return whether all matches start at the start of the text."""
    match node:
        case Anchor(kind=kind):
            return kind == "start"
        case syntax.Sequence(parts=parts):
            return any(map(_is_anchored, parts[:1]))
        case Choice(branches=branches):
            return all(map(_is_anchored, branches))
        case Repeat(part=part, least=least):
            return least > 0 and _is_anchored(part)
        case _:
            return False


def _may_fail_at_its_end(node: Node) -> bool:
    """Return whether there is an anchor after which a match may end."""
    match node:
        case Anchor(kind=kind):
            return kind != "start"
        case syntax.Sequence(parts=inner) | Choice(branches=inner):
            return any(map(_may_fail_at_its_end, inner))
        case Repeat(part=part):
            return _may_fail_at_its_end(part)
        case _:
            return False


class _Product:
    """Three copies of an automaton that read the same text."""

    def __init__(self, automaton: Automaton, final: Collection[int]) -> None:
        self.after: Mapping[int, Collection[int]] = automaton.after
        self.chars = _as_bits(automaton.chars)
        self.final = final
        self.steps = 0

    def is_ambiguous(self) -> bool:
        """Return whether the number of ways to match a text grows with its length.

        No text leads from a state to itself in two ways, because such patterns are refused. So p
        and q are in different components.
        """
        loops = [
            frozenset(group)
            for group in components(self.after)
            if len(group) > 1 or group[0] in self.after[group[0]]
        ]
        reached = {group: self._reached(group) for group in loops}
        return any(
            self._has_pump(one, other)
            for one in loops
            for other in loops
            if one != other and other <= reached[one] and self._share_chars(one, other)
        )

    def _reached(self, group: Iterable[int]) -> set[int]:
        found = set(group)
        waiting = [*found]
        while waiting:
            new = set(self.after[waiting.pop()]) - found
            found |= new
            waiting += new
        return found

    def _share_chars(self, one: Iterable[int], other: Iterable[int]) -> bool:
        bits = [0, 0]
        for index, group in enumerate((one, other)):
            for position in group:
                bits[index] |= self.chars[position]
        return bits[0] & bits[1] != 0

    def _has_pump(self, one: Collection[int], other: Collection[int]) -> bool:
        """Return whether there are p in one component and q in the other."""
        edges: dict[_Triple, list[_Triple]] = {}
        waiting = [(p, p, q) for p in one for q in other if q not in self.final]
        while waiting:
            triple = waiting.pop()
            if triple in edges:
                continue
            edges[triple] = [*self._next(triple, one, other)]
            waiting += edges[triple]
            self.steps += len(edges[triple])
            if self.steps > _MAX_STEPS:
                return True
        # Back from (p, q, q) to (p, p, q): then both are in one component if the text exists.
        for (p, state, q), others in edges.items():
            if state == q and (p, p, q) in edges:
                others.append((p, p, q))
        return any(
            state == q and (p, p, q) in group
            for component in components(edges)
            if len(component) > 1
            for group in [set(component)]
            for p, state, q in group
        )

    def _next(
        self, triple: _Triple, one: Collection[int], other: Collection[int]
    ) -> Iterator[_Triple]:
        p, state, q = triple
        chars = self.chars
        for new_p in self.after[p]:
            if new_p not in one:
                continue
            for new_q in self.after[q]:
                shared = chars[new_p] & chars[new_q]
                if not shared or new_q not in other:
                    continue
                for new_state in self.after[state]:
                    if shared & chars[new_state]:
                        yield new_p, new_state, new_q


def _as_bits(chars: Iterable[Ranges]) -> list[int]:
    """Return sets of characters as numbers: a bit for all characters that no set tells apart."""
    sets = [*chars]
    starts = sorted({start for ranges in sets for low, high in ranges for start in (low, high + 1)})
    index = {start: number for number, start in enumerate(starts)}
    return [
        sum((1 << index[high + 1]) - (1 << index[low]) for low, high in ranges) for ranges in sets
    ]
