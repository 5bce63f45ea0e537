"""Documents of definitions -> a schema that breaks no rule of specs, and findings about the rest.

What breaks a rule is changed as you would change it by hand, in as many rounds as it takes: a
default that does not fit is removed, a circle of required fields is broken, members that overlap
are marked. The last resort is the type `any`. So it always ends, and always with a valid schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from modelsync.errors import Position, Problem
from modelsync.importer.documents import Document, Path
from modelsync.importer.findings import Findings
from modelsync.importer.fixes import Fixer, is_last_resort
from modelsync.progress import Progress, silent
from modelsync.schema.schema import Schema
from modelsync.spec.nodes import MappingNode
from modelsync.spec.read import read_nodes

_GENTLE_ROUNDS: Final = 12
"""After these, whole definitions become `any`."""
_ROUNDS: Final = 24
"""After these, definitions are dropped."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A schema that breaks no rule."""

    schema: Schema
    positions: Mapping[str, Position]
    """The position of each definition in the sources, by its name."""


def repair(
    nodes: Iterable[tuple[str, MappingNode]],
    package: str,
    findings: Findings,
    progress: Progress = silent,
) -> Repaired:
    """Return the schema of the documents of definitions, each with its name, in a package.

    A name may have a package before it, which is inside the given one.
    Everything that is not as the documents say is added to `findings`.
    """
    given = list(nodes)
    documents = [Document(number, node) for number, (_, node) in enumerate(given)]
    inner = {
        document.label: name.rpartition(".")[0]
        for document, (name, _) in zip(documents, given, strict=True)
    }
    fixer = Fixer(documents, findings)
    fixer.clean()
    rounds = 0
    while True:
        progress("applying the rules", rounds, rounds + 1)
        numbered = [
            (f"{package}.{inner[each.label]}".strip("."), each.numbered)
            for each in fixer.documents.values()
        ]
        reading = read_nodes(numbered, [])
        if not reading.problems:
            break
        rounds += 1
        _fix(fixer, reading.problems, rounds)
    positions = {each.name: each.position(()) for each in fixer.documents.values()}
    return Repaired(reading.schema, positions)


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
