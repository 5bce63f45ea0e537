"""Documents of definitions -> a schema that breaks no rule of specs, and findings about the rest.

What breaks a rule is changed as you would change it by hand, in as many rounds as it takes: a
default that does not fit is removed, a circle of required fields is broken, members that overlap
are marked. The last resort is the type `any`. So it always ends, and always with a valid schema.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from modelsync.errors import Position, Problem
from modelsync.importer.findings import Findings
from modelsync.importer.repair.documents import Document, Path
from modelsync.importer.repair.fixes import Fixer, is_last_resort
from modelsync.progress import Progress, silent
from modelsync.schema.schema import Schema
from modelsync.spec.nodes import MappingNode
from modelsync.spec.read import NodeReader

_GENTLE_ROUNDS: Final = 12
"""After these, whole definitions become `any`."""
_ROUNDS: Final = 24
"""After these, definitions are dropped."""


class Repairer:
    """The documents of definitions, which change until they break no rule."""

    def __init__(
        self, nodes: Iterable[tuple[str, MappingNode]], package: str, findings: Findings
    ) -> None:
        """`nodes` are the documents of the definitions of a package, each with its name.

        A name may have a package before it, which is inside the given one.
        Everything that is no longer as the documents say is added to `findings`.
        """
        documents = [
            Document(number, node, f"{package}.{name.rpartition('.')[0]}".strip("."))
            for number, (name, node) in enumerate(nodes)
        ]
        self._fixer = Fixer(documents, findings)
        self._fixer.clean()
        self._reader = NodeReader()
        self._rounds = 0

    def schema(self, progress: Progress = silent) -> Schema:
        """Return the schema of the documents. They break no rule after this."""
        while True:
            progress("applying the rules", self._rounds, self._rounds + 1)
            documents = self._fixer.documents.values()
            numbered = ((each.package, each.numbered) for each in documents)
            reading = self._reader.read(numbered, [])
            if not reading.problems:
                return reading.schema
            self.fix(reading.problems)

    def fix(self, problems: Iterable[Problem]) -> None:
        """Change what problems are about. Their positions are those of :meth:`schema`."""
        self._rounds += 1
        _fix(self._fixer, problems, self._rounds)

    def has(self, position: Position) -> bool:
        """Whether a position is one of :meth:`schema`, not one of a config, for example."""
        return position.path in self._fixer.documents

    def positions(self) -> dict[str, Position]:
        """Return the position of each definition in the sources, by its name."""
        return {each.name: each.position(()) for each in self._fixer.documents.values()}

    def source_of(self, position: Position) -> Position:
        """Return the position in the sources of an item at a position of :meth:`schema`."""
        document = self._fixer.documents.get(position.path)
        return document.position(document.path_of(position)) if document else position


def repair(nodes: Iterable[tuple[str, MappingNode]], package: str, findings: Findings) -> Schema:
    """Return the schema of the documents of definitions, changed so that it breaks no rule."""
    return Repairer(nodes, package, findings).schema()


def _fix(fixer: Fixer, problems: Iterable[Problem], number: int) -> None:
    """Fix the causes of problems, the last ones of a document first: the others stay in place."""
    fixer.unions.begin_round()
    found: dict[tuple[str, Path], Problem] = {}
    for problem in sorted(problems, key=_order):
        document = fixer.documents.get(problem.position.path)
        if document is not None:
            found.setdefault((document.label, document.path_of(problem.position)), problem)
    chosen = fixer.chosen(found.items(), number)
    for (label, path), problem in sorted(chosen, key=lambda each: each[1].position, reverse=True):
        document = fixer.documents.get(label)
        if document is None:
            continue
        if number > _ROUNDS:
            fixer.drop(document, problem)
        elif number > _GENTLE_ROUNDS or is_last_resort(problem, path):
            fixer.make_any(document, problem)
        else:
            fixer.fix(document, path, problem)


def _order(problem: Problem) -> tuple[str, Position]:
    """Sort causes before what may follow from them: the codes ascend from form to meaning."""
    return problem.code, problem.position
