"""A schema -> how the modules of its Python import each other, and which imports go too deep.

While a module runs its imports, it stands on Python's stack, and so do all that wait for it; Python
ends a program whose stack holds 1,000 calls. So no import may set off more than :data:`DEEPEST`
others, one inside the other, wherever a program begins: what would go deeper is put off.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from modelsync.graphs import circles
from modelsync.schema.ir import Schema, refs_of

DEEPEST: Final = 75
"""How many modules may import each other at one time: each takes ten calls of Python's stack."""


@dataclass(frozen=True, slots=True, eq=False)
class _Whole:
    """Nodes that are imported together: how many at most one inside the other, and how deep."""

    width: int
    depth: int


class Imports:
    """Which modules of a schema are imported at once by others, and how.

    To import a module is to import the packages that it is in, and those import all of theirs: so
    a package takes part, too. Only a package that the importing module is in itself does not
    count, since that one is being imported already.
    """

    def __init__(self, schema: Schema) -> None:
        self._packages = {definition.id: definition.package for definition in schema.definitions}
        self._filled = frozenset(schema.packages)
        self._targets = self._all_targets(schema)
        self._circles: dict[str, int] = {}
        self._wholes: dict[str, _Whole] = {}
        # Each circle comes after those that it imports.
        for number, circle in enumerate(circles(self._targets)):
            self._circles.update(dict.fromkeys(circle, number))
            self._measure(circle)
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

        What is imported at once is less deep, by all that this module is imported with as a whole:
        so no more imports can follow each other than this module is deep.
        """
        whole = self._wholes[here]
        others = map(self._wholes.__getitem__, self._imported(self._packages[here], there))
        return any(
            other is not whole and other.depth + whole.width > whole.depth for other in others
        )

    def _all_targets(self, schema: Schema) -> dict[str, list[str]]:
        """Return what each node imports. The packages come first, as they do in Python."""
        targets = {
            _node(package): [definition.id for definition in schema.packages[package]]
            for package in sorted(schema.packages)
        }
        for definition in schema.definitions:
            targets[definition.id] = [
                node
                for ref in refs_of(definition)
                for node in self._imported(definition.package, ref.id)
            ]
        return targets

    def _imported(self, package: str, there: str) -> Iterator[str]:
        """Yield what a module of `package` imports with that of a definition, in this order."""
        for outer in _with_parents(self._packages[there]):
            if not _is_within(package, outer) and outer in self._filled:
                yield _node(outer)
        yield there

    def _measure(self, circle: Sequence[str]) -> None:
        """Note how deep the nodes of a circle import, of which each stands after its targets.

        The circle is imported as a whole, unless that is too deep: then each node for itself, and
        of the circle only the nodes that stand before it.
        """
        width = _longest_way(circle, self._targets)
        if width + self._depth_below(filter(_is_package, circle)) <= DEEPEST:
            self._measure_whole(circle, width)
            return
        for node in circle:
            self._measure_whole([node], 1)

    def _measure_whole(self, nodes: Sequence[str], width: int) -> None:
        """Note how deep nodes import that are imported as a whole, at most `width` deep.

        Their modules put off what would go too deep. A package puts nothing off.
        """
        kept = self._depth_below(filter(_is_package, nodes))
        below = max(kept, self._depth_below(nodes, at_most=DEEPEST - width))
        self._wholes.update(dict.fromkeys(nodes, _Whole(width, width + below)))

    def _depth_below(self, nodes: Iterable[str], at_most: float = math.inf) -> int:
        """Return the greatest depth, up to `at_most`, of what nodes import; 0 where there is none.

        What is not measured yet does not count: it will be put off, or is of the same whole.
        """
        targets = {target for node in nodes for target in self._targets[node]}
        depths = (self._wholes[target].depth for target in targets if target in self._wholes)
        return max((depth for depth in depths if depth <= at_most), default=0)


def _node(package: str) -> str:
    return f"{package}."  # no definition's identity ends so


def _is_package(node: str) -> bool:
    return node.endswith(".")


def _with_parents(package: str) -> list[str]:
    parts = package.split(".")
    return [".".join(parts[: n + 1]) for n in range(len(parts))]


def _is_within(package: str, other: str) -> bool:
    return not other or package == other or package.startswith(f"{other}.")


def _longest_way(circle: Sequence[str], targets: Mapping[str, Sequence[str]]) -> int:
    """Return how many nodes of a circle a way through it has at most, or a higher number.

    Often a few nodes hold a circle together, such as a union of most models, to which they refer.
    Without these hubs there is no circle any more, and so a longest way is known. A way through
    the circle goes to each hub once, and at most that far before and after each.
    """
    if len(circle) <= DEEPEST:
        return len(circle)
    rest = set(circle)
    for hubs in range(DEEPEST // 2):
        inner = {node: [other for other in targets[node] if other in rest] for node in rest}
        parts = circles(inner)
        if len(parts) == len(rest):
            longest: dict[str, int] = {}
            for (node,) in parts:
                longest[node] = 1 + max((longest.get(other, 0) for other in inner[node]), default=0)
            return hubs + (hubs + 1) * max(longest.values())
        uses = Counter(other for others in inner.values() for other in others)
        rest.remove(max(sorted(rest), key=lambda node: uses[node] * len(inner[node])))
    return len(circle)
