"""How the generated modules import each other, and which imports are deferred.

A module is on Python's stack while it runs its imports, and the stack holds 1,000 calls. So no
import may cause more than :data:`DEEPEST` others, one inside the other, wherever a program starts.
Imports that would go deeper are deferred until one of their names is used.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from modelsync.graphs import circles, longest_path
from modelsync.schema.ir import Schema, refs_of

DEEPEST: Final = 75
"""How many imports may be nested: each takes ten calls of Python's stack."""


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Nodes that are imported together."""

    width: int
    """How many of them are nested at most."""
    depth: int
    """How many imports are nested at most, with those of other groups."""


class ImportGraph:
    """Which modules of a schema import which others, and how.

    The nodes are modules and packages: importing a module also imports the packages around it,
    and those import all of their modules. A package around the importing module does not count,
    since it is being imported already.
    """

    def __init__(self, schema: Schema) -> None:
        self._packages = {definition.id: definition.package for definition in schema.definitions}
        self._filled = frozenset(schema.packages)
        self._targets = self._all_targets(schema)
        self._cycles: dict[str, int] = {}
        self._groups: dict[str, _Group] = {}
        # Each cycle comes after those that it imports.
        for number, cycle in enumerate(circles(self._targets)):
            self._cycles.update(dict.fromkeys(cycle, number))
            self._measure(cycle)
        self.defers_any = any(
            self.is_deferred(definition.id, ref.id)
            for definition in schema.definitions
            for ref in refs_of(definition)
        )

    def is_circular(self, here: str, there: str) -> bool:
        """Return whether the modules of two definitions import each other."""
        return self._cycles[here] == self._cycles[there]

    def is_deferred(self, here: str, there: str) -> bool:
        """Return whether the module of a definition imports that of another only when it is used.

        An immediate import is less deep than this module by the width of the module's group. So no
        more imports can be nested than this module is deep.
        """
        group = self._groups[here]
        others = map(self._groups.__getitem__, self._imported(self._packages[here], there))
        return any(
            other is not group and other.depth + group.width > group.depth for other in others
        )

    def _all_targets(self, schema: Schema) -> dict[str, list[str]]:
        """Return what each node imports. Packages come first, as they do in Python."""
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
        """Yield what a module of `package` imports with the module of a definition, in order."""
        for outer in _with_parents(self._packages[there]):
            if not _is_within(package, outer) and outer in self._filled:
                yield _node(outer)
        yield there

    def _measure(self, cycle: Sequence[str]) -> None:
        """Set the groups of a cycle, whose nodes are each after their targets.

        The cycle is one group, unless that is too deep: then each node is its own group, and
        imports only those before it.
        """
        width = longest_path(cycle, self._targets, DEEPEST)
        if width + self._depth_below(filter(_is_package, cycle)) <= DEEPEST:
            self._measure_group(cycle, width)
            return
        for node in cycle:
            self._measure_group([node], 1)

    def _measure_group(self, nodes: Sequence[str], width: int) -> None:
        """Set the group of nodes. Modules defer what would go too deep; packages defer nothing."""
        kept = self._depth_below(filter(_is_package, nodes))
        below = max(kept, self._depth_below(nodes, at_most=DEEPEST - width))
        self._groups.update(dict.fromkeys(nodes, _Group(width, width + below)))

    def _depth_below(self, nodes: Iterable[str], at_most: float = math.inf) -> int:
        """Return the greatest depth, up to `at_most`, of what nodes import; 0 without imports.

        Targets without a group are deferred, or get the same group.
        """
        targets = {target for node in nodes for target in self._targets[node]}
        depths = (self._groups[target].depth for target in targets if target in self._groups)
        return max((depth for depth in depths if depth <= at_most), default=0)


def _node(package: str) -> str:
    return f"{package}."  # the id of a definition does not end in a dot


def _is_package(node: str) -> bool:
    return node.endswith(".")


def _with_parents(package: str) -> list[str]:
    parts = package.split(".")
    return [".".join(parts[: n + 1]) for n in range(len(parts))]


def _is_within(package: str, other: str) -> bool:
    return not other or package == other or package.startswith(f"{other}.")
