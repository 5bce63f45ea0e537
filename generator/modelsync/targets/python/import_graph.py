"""How the generated modules import each other, and which imports are deferred.

A module is on Python's stack while it runs its imports, and the stack holds 1,000 calls. So no
import may lead to more than :data:`DEEPEST` nested ones, whichever module a program imports first.
Imports that would go deeper are deferred until one of their names is used.
"""

from __future__ import annotations

from typing import Final

from modelsync.graphs import Nesting
from modelsync.schema.ir import Schema, named, refs_of

DEEPEST: Final = 75
"""How many imports may be nested: each takes ten calls of Python's stack."""


class ImportGraph:
    """Which modules of a schema import which others, and how.

    Packages do not count: they import their modules when their names are used.
    """

    def __init__(self, schema: Schema) -> None:
        used = {
            each.id: [
                id_
                for ref in refs_of(each)
                for id_ in dict.fromkeys((ref.id, named(schema.by_id, ref).id))
            ]
            for each in schema.definitions
        }
        self._nesting = Nesting(used, (), DEEPEST)
        self.defers_any = any(
            self.is_deferred(here, there) for here, others in used.items() for there in others
        )

    def is_deferred(self, here: str, there: str) -> bool:
        """Return whether one definition's module imports another's only when it is used."""
        return self._nesting.is_too_deep(here, there)

    def is_circular(self, here: str, there: str) -> bool:
        """Return whether two definitions' modules import each other, directly or indirectly."""
        return self._nesting.is_circular(here, there)
