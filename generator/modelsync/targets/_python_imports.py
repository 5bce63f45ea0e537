"""How the modules of a generated Python package import each other, and how deep that goes.

While a module runs its imports, it stands on Python's stack, and so do all that wait for it; Python
ends a program whose stack holds 1,000 calls. So no import may set off more than :data:`DEEPEST`
others, one inside the other, wherever a program begins: what would go deeper is put off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Final

from modelsync.ir import Schema, refs_of

DEEPEST: Final = 75
"""How many modules may import each other at one time: each takes ten calls of Python's stack."""


class Imports:
    """Which modules of a schema are imported at once by others, and how.

    To import a module is to import the packages that it is in, and those import all of theirs: so
    a package takes part, too. Only a package that the importing module is in itself does not
    count, since that one is being imported already.
    """

    def __init__(self, schema: Schema) -> None:
        self._packages = {definition.id: definition.package for definition in schema.definitions}
        self._filled = frozenset(schema.packages)
        edges = self._edges(schema)
        self._circles: dict[str, int] = {}
        self._depths: dict[str, int] = {}
        self._widths: dict[str, int] = {}
        # Each circle comes after those that it imports.
        for number, circle in enumerate(_circles(edges)):
            self._circles.update(dict.fromkeys(circle, number))
            self._measure(circle, edges)
        self.puts_off_any = any(
            self.puts_off(definition.id, ref.id)
            for definition in schema.definitions
            for ref in refs_of(definition)
        )

    def circular(self, here: str, there: str) -> bool:
        """Whether the modules of two definitions import each other in a circle."""
        return self._circles[here] == self._circles[there]

    def puts_off(self, here: str, there: str) -> bool:
        """Whether the module of a definition must not import that of another before it is used.

        The depth falls with each module that is imported at once, so it says how many there are.
        """
        return not all(
            self._is_one(here, node)
            or self._depths[node] + self._widths[here] <= self._depths[here]
            for node in self._imported(self._packages[here], there)
        )

    def _is_one(self, here: str, node: str) -> bool:
        """Whether two nodes are one, or of a circle small enough to be imported as a whole."""
        return here == node or (
            self._circles[here] == self._circles[node] and self._widths[node] > 1
        )

    def _edges(self, schema: Schema) -> dict[str, list[str]]:
        """Return what each node imports. The packages come first, as they do in Python."""
        edges = {
            _node(package): [definition.id for definition in schema.packages[package]]
            for package in sorted(schema.packages)
        }
        for definition in schema.definitions:
            edges[definition.id] = [
                node
                for ref in refs_of(definition)
                for node in self._imported(definition.package, ref.id)
            ]
        return edges

    def _imported(self, package: str, there: str) -> Iterator[str]:
        """Yield what a module of `package` imports with that of a definition, in this order."""
        for outer in _with_parents(self._packages[there]):
            if not _is_within(package, outer) and outer in self._filled:
                yield _node(outer)
        yield there

    def _measure(self, circle: list[str], edges: Mapping[str, list[str]]) -> None:
        """Note how deep the nodes of a circle import, of which each stands after its targets.

        The circle counts as one node, as wide as the longest way through it, where that is not
        too deep. Otherwise only those before a member count for it: the others will be put off. A
        package puts nothing off.
        """
        width = _longest_way(circle, edges)
        beyond = {node: self._depths_below(edges[node]) for node in circle}
        needed = max(
            (depth for node in circle if _is_package(node) for depth in beyond[node]), default=0
        )
        if width + needed <= DEEPEST:
            below = [depth for depths in beyond.values() for depth in depths]
            deepest = max((depth for depth in below if width + depth <= DEEPEST), default=0)
            self._widths.update(dict.fromkeys(circle, width))
            self._depths.update(dict.fromkeys(circle, width + deepest))
            return
        for node in circle:
            depths = self._depths_below(edges[node])
            if not _is_package(node):
                depths = [depth for depth in depths if depth < DEEPEST]
            self._widths[node] = 1
            self._depths[node] = 1 + max(depths, default=0)

    def _depths_below(self, targets: list[str]) -> list[int]:
        """Return the depths of those targets that are measured already."""
        return [self._depths[target] for target in targets if target in self._depths]


def _node(package: str) -> str:
    return f"{package}."  # no definition's identity ends so


def _is_package(node: str) -> bool:
    return node.endswith(".")


def _with_parents(package: str) -> list[str]:
    parts = package.split(".")
    return [".".join(parts[: n + 1]) for n in range(len(parts))]


def _is_within(package: str, other: str) -> bool:
    return not other or package == other or package.startswith(f"{other}.")


def _longest_way(circle: list[str], edges: Mapping[str, list[str]]) -> int:
    """Return how many nodes of a circle a way through it has at most, or a higher number.

    Often a few nodes hold a circle together, such as a union of most models, to which they refer.
    Without these it has no circle any more, and so a longest way; one that goes through all of
    them has that many nodes before and after each.
    """
    rest = set(circle)
    for hubs in range(DEEPEST // 2):
        if len(circle) <= DEEPEST:
            break
        inner = {node: [other for other in edges[node] if other in rest] for node in rest}
        parts = _circles(inner)
        longest: dict[str, int] = {}
        for (node,) in (part for part in parts if len(part) == 1):
            longest[node] = 1 + max((longest.get(other, 0) for other in inner[node]), default=0)
        if len(longest) == len(rest):
            return hubs + (hubs + 1) * max(longest.values())
        targets = Counter(other for others in inner.values() for other in others)
        rest.remove(max(sorted(rest), key=lambda node: targets[node] * len(inner[node])))
    return len(circle)


def _circles(edges: Mapping[str, list[str]]) -> list[list[str]]:
    """Return the strongly connected components of a graph, each after those that it leads to.

    So are the nodes of each, as far as a circle lets them. Tarjan's algorithm, with a stack of its
    own: a chain of definitions may be long.
    """
    numbers = count()
    found: dict[str, int] = {}
    low: dict[str, int] = {}
    done: dict[str, int] = {}
    path: list[str] = []
    circles: list[list[str]] = []
    closed: set[str] = set()
    for root in edges:
        if root in found:
            continue
        found[root] = low[root] = next(numbers)
        path.append(root)
        work = [(root, iter(edges[root]))]
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in found:
                    found[other] = low[other] = next(numbers)
                    path.append(other)
                    work.append((other, iter(edges[other])))
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
                    circles.append(sorted(circle, key=done.__getitem__))
                    closed.update(circle)
    return circles
