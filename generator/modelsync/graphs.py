"""Graph algorithms over names: a graph maps each node to the nodes that it points to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def components(targets: Mapping[Node, Iterable[Node]]) -> list[list[Node]]:
    """Return the strongly connected components of a graph, each after the components it points to.

    The nodes within a component are sorted like that too, as far as its cycles allow. This is
    Tarjan's algorithm with an explicit stack, because chains of definitions can be long.
    """
    numbers: dict[Node, int] = {}
    low: dict[Node, int] = {}
    finished: dict[Node, int] = {}
    path: list[Node] = []
    components: list[list[Node]] = []
    assigned: set[Node] = set()

    def enter(node: Node) -> tuple[Node, Iterator[Node]]:
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


def on_cycles(targets: Mapping[Node, Collection[Node]]) -> frozenset[Node]:
    """Return the nodes that lead back to themselves."""
    return frozenset(
        node
        for component in components(targets)
        for node in component
        if len(component) > 1 or node in targets[node]
    )


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


def longest_path(component: Sequence[str], edges: Mapping[str, Sequence[str]], most: int) -> int:
    """Return an upper bound for the number of nodes on a path through a component.

    Often a few nodes hold a component together, such as a union of most models.
    Without these hubs there is no cycle, and the longest path is known. A path goes to each hub
    once, and at most that far before and after each. A component of up to `most` nodes is not
    examined: the bound is its size.
    """
    if len(component) <= most:
        return len(component)
    rest = set(component)
    for hubs in range(most // 2):
        inner = {node: [other for other in edges[node] if other in rest] for node in rest}
        parts = components(inner)
        if len(parts) == len(rest):
            longest: dict[str, int] = {}
            for (node,) in parts:
                longest[node] = 1 + max((longest.get(other, 0) for other in inner[node]), default=0)
            return hubs + (hubs + 1) * max(longest.values())
        uses = Counter(other for others in inner.values() for other in others)
        rest.remove(max(sorted(rest), key=lambda node: uses[node] * len(inner[node])))
    return len(component)


def shortest_cycle(start: str, targets: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the nodes on the shortest path from `start` back to it, with `start` at both ends.

    `start` must be on a cycle.
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


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Nodes that are entered together."""

    width: int
    """The maximum number of them that are nested."""
    depth: int
    """The maximum number of nested nodes, including those of other groups."""


class Nesting:
    """The edges of a graph to follow immediately, so that at most `deepest` nodes are nested.

    A node is entered, follows its edges to nodes that were not entered before, one after the other,
    and is left. The `firm` nodes follow all of their edges; the others may omit some.
    """

    def __init__(
        self, targets: Mapping[str, Sequence[str]], firm: Container[str], deepest: int
    ) -> None:
        self._targets = targets
        self._firm = firm
        self._deepest = deepest
        self._components: dict[str, int] = {}
        self._groups: dict[str, _Group] = {}
        for number, component in enumerate(components(targets)):
            self._components.update(dict.fromkeys(component, number))
            self._measure(component)

    def is_circular(self, node: str, other: str) -> bool:
        """Return whether two nodes can be reached from each other."""
        return self._components[node] == self._components[other]

    def is_too_deep(self, node: str, other: str) -> bool:
        """Return whether the edge from a node to another would nest too many nodes.

        Every other edge leads to a node whose depth is smaller by at least the width of this node's
        group. So the depth of a node limits how many nodes can nest below it.
        """
        group, inner = self._groups[node], self._groups[other]
        return inner is not group and inner.depth + group.width > group.depth

    def _measure(self, component: Sequence[str]) -> None:
        """Set the groups of a component, whose nodes are each after their targets.

        The component is one group, unless that is too deep: then each node is its own group, and
        follows only the edges to those before it.
        """
        width = longest_path(component, self._targets, self._deepest)
        if width + self._depth_below(self._firm_of(component)) <= self._deepest:
            self._measure_group(component, width)
            return
        for node in component:
            self._measure_group([node], 1)

    def _measure_group(self, nodes: Sequence[str], width: int) -> None:
        """Set the group of nodes, which follow no edge that is too deep, unless they are firm."""
        kept = self._depth_below(self._firm_of(nodes))
        below = max(kept, self._depth_below(nodes, at_most=self._deepest - width))
        self._groups.update(dict.fromkeys(nodes, _Group(width, width + below)))

    def _firm_of(self, nodes: Iterable[str]) -> list[str]:
        return [node for node in nodes if node in self._firm]

    def _depth_below(self, nodes: Iterable[str], at_most: float = math.inf) -> int:
        """Return the greatest depth, up to `at_most`, of what nodes point to; 0 without edges.

        Targets without a group are not followed, or get the same group.
        """
        targets = {target for node in nodes for target in self._targets[node]}
        depths = (self._groups[target].depth for target in targets if target in self._groups)
        return max((depth for depth in depths if depth <= at_most), default=0)
