"""Graph algorithms over names: a graph maps each node to the nodes that it points to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence


def circles(targets: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Return the strongly connected components of a graph, each after the components it points to.

    So are the nodes within a component, as far as its circles allow. This is Tarjan's algorithm
    with an explicit stack, because chains of definitions can be long.
    """
    numbers: dict[str, int] = {}
    low: dict[str, int] = {}
    finished: dict[str, int] = {}
    path: list[str] = []
    components: list[list[str]] = []
    assigned: set[str] = set()

    def enter(node: str) -> tuple[str, Iterator[str]]:
        numbers[node] = low[node] = len(numbers)
        path.append(node)
        return node, iter(targets[node])

    for root in targets:
        stack = [enter(root)] if root not in numbers else []
        while stack:
            node, rest = stack[-1]
            for other in rest:
                if other not in numbers:
                    stack.append(enter(other))
                    break
                if other not in assigned:
                    low[node] = min(low[node], numbers[other])
            else:
                stack.pop()
                finished[node] = len(finished)
                for above, _ in stack[-1:]:
                    low[above] = min(low[above], low[node])
                if low[node] == numbers[node]:
                    component = [path.pop()]
                    while component[-1] != node:
                        component.append(path.pop())
                    components.append(sorted(component, key=finished.__getitem__))
                    assigned.update(component)
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


def shortest_circle(start: str, targets: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the nodes on the shortest path from `start` back to it, with `start` at both ends.

    `start` must be on a circle.
    """
    previous: dict[str, str] = {}
    waiting = [start]
    for node in waiting:
        for other in targets.get(node, ()):
            if other not in previous:
                previous[other] = node
                waiting.append(other)
    path = [start, previous[start]]
    while path[-1] != start:
        path.append(previous[path[-1]])
    return path[::-1]
