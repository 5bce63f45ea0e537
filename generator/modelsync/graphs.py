"""Graph algorithms over names: a graph maps each node to the nodes that it points to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count


def circles(targets: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Return the strongly connected components of a graph, each after the components it points to.

    The nodes within a component have the same order, as far as its circles allow. This is Tarjan's
    algorithm with an explicit stack, because chains of definitions can be long.
    """
    numbers = count()
    number_of: dict[str, int] = {}
    low: dict[str, int] = {}
    finished: dict[str, int] = {}
    path: list[str] = []
    components: list[list[str]] = []
    assigned: set[str] = set()
    for root in targets:
        if root in number_of:
            continue
        number_of[root] = low[root] = next(numbers)
        path.append(root)
        stack = [(root, iter(targets[root]))]
        while stack:
            node, rest = stack[-1]
            for other in rest:
                if other not in number_of:
                    number_of[other] = low[other] = next(numbers)
                    path.append(other)
                    stack.append((other, iter(targets[other])))
                    break
                if other not in assigned:
                    low[node] = min(low[node], number_of[other])
            else:
                stack.pop()
                finished[node] = len(finished)
                if stack:
                    above = stack[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == number_of[node]:
                    circle = [path.pop()]
                    while circle[-1] != node:
                        circle.append(path.pop())
                    components.append(sorted(circle, key=finished.__getitem__))
                    assigned.update(circle)
    return components


def reachable(starts: Iterable[str], targets: Mapping[str, Sequence[str]]) -> set[str]:
    """Return `starts` and every node that can be reached from them."""
    visited = set(starts)
    waiting = list(visited)
    while waiting:
        for other in targets.get(waiting.pop(), ()):
            if other not in visited:
                visited.add(other)
                waiting.append(other)
    return visited
