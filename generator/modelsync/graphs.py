"""Graphs: what leads to what, as names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import count


def circles(targets: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Return the strongly connected components of a graph, each after those that it leads to.

    So are the nodes of each, as far as a circle lets them. Tarjan's algorithm, with a stack of its
    own: a chain of definitions may be long.
    """
    numbers = count()
    found: dict[str, int] = {}
    low: dict[str, int] = {}
    done: dict[str, int] = {}
    path: list[str] = []
    all_found: list[list[str]] = []
    closed: set[str] = set()
    for root in targets:
        if root in found:
            continue
        found[root] = low[root] = next(numbers)
        path.append(root)
        work = [(root, iter(targets[root]))]
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in found:
                    found[other] = low[other] = next(numbers)
                    path.append(other)
                    work.append((other, iter(targets[other])))
                    break
                if other not in closed:
                    low[node] = min(low[node], found[other])
            else:
                work.pop()
                done[node] = len(done)
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == found[node]:
                    circle = [path.pop()]
                    while circle[-1] != node:
                        circle.append(path.pop())
                    all_found.append(sorted(circle, key=done.__getitem__))
                    closed.update(circle)
    return all_found


def reachable(starts: Iterable[str], targets: Mapping[str, Sequence[str]]) -> set[str]:
    """Return `starts`, and every node that they lead to."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        for other in targets.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def longest_path(circle: Sequence[str], edges: Mapping[str, Sequence[str]], most: int) -> int:
    """Return an upper bound of how many nodes of a circle a path through it has.

    Often a few nodes hold a circle together, such as a union of most models, to which they refer.
    Without these hubs there is no circle, and its longest path is known. A path goes to each hub
    once, and at most that far before and after each. A circle of up to `most` nodes is not
    examined: the bound is its size.
    """
    if len(circle) <= most:
        return len(circle)
    rest = set(circle)
    for hubs in range(most // 2):
        inner = {node: [other for other in edges[node] if other in rest] for node in rest}
        parts = circles(inner)
        if len(parts) == len(rest):
            longest: dict[str, int] = {}
            for (node,) in parts:
                longest[node] = 1 + max((longest.get(other, 0) for other in inner[node]), default=0)
            return hubs + (hubs + 1) * max(longest.values())
        uses = Counter(other for others in inner.values() for other in others)
        rest.remove(max(sorted(rest), key=lambda node: uses[node] * len(inner[node])))
    return len(circle)
