"""How the generated modules import each other, and which imports are deferred.

A module is on Python's stack while it runs its imports, and the stack holds 1,000 calls. So no
import may lead to more than :data:`DEEPEST` nested ones, whichever module a program imports first.
Imports that would go deeper are deferred until one of their names is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from modelsync.graphs import Nesting
from modelsync.schema.ir import Schema, named, refs_of

DEEPEST: Final = 75
"""How many imports may be nested: each takes ten calls of Python's stack."""


class ImportGraph:
    """Which modules of a schema import which others, and how.

    The nodes are modules and packages: importing a module also imports the packages around it,
    and those import all of their modules. A package around the importing module does not count,
    since it is being imported already.
    """

    def __init__(self, schema: Schema) -> None:
        # The node of a package ends in a dot, unlike the id of a definition.
        self._homes = {each.id: f"{each.package}." for each in schema.definitions}
        packages = {f"{name}.": schema.packages[name] for name in sorted(schema.packages)}
        self._packages = frozenset(packages)
        # Packages come first, as they do in Python.
        targets = {node: [each.id for each in inside] for node, inside in packages.items()}
        used = {
            each.id: [
                id_
                for ref in refs_of(each)
                for id_ in dict.fromkeys((ref.id, named(schema.by_id, ref).id))
            ]
            for each in schema.definitions
        }
        for here, others in used.items():
            targets[here] = [node for there in others for node in self._imported(here, there)]
        self.nesting = Nesting(targets, self._packages, DEEPEST)
        self.defers_any = any(
            self.is_deferred(here, there) for here, others in used.items() for there in others
        )

    def is_deferred(self, here: str, there: str) -> bool:
        """Return whether one definition's module imports another's only when it is used."""
        return any(self.nesting.is_too_deep(here, node) for node in self._imported(here, there))

    def _imported(self, here: str, there: str) -> Iterator[str]:
        """Yield what the module of `here` imports with the module of `there`, in order."""
        outer = ""
        for part in self._homes[there][:-1].split("."):
            outer += f"{part}."
            if outer in self._packages and not self._homes[here].startswith(outer) and part:
                yield outer
        yield there
