"""The whole import: bytes -> a schema that every target can generate code from, and findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from modelsync.errors import Position, Problem
from modelsync.importer.findings import Finding
from modelsync.importer.references import Library
from modelsync.importer.repair import repair
from modelsync.importer.translate import translate
from modelsync.progress import Progress, silent
from modelsync.schema.schema import Schema


@dataclass(frozen=True, slots=True)
class Imported:
    """What sources say."""

    schema: Schema
    positions: Mapping[str, Position]
    """The position of each definition in the sources, by its name."""
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    """What keeps a source, or a part of one, from being read."""
    sources: Mapping[str, str]
    """The text of each source that was read, by its path in messages."""


def import_sources(
    paths: Sequence[str],
    read: Callable[[str], bytes | None],
    package: str,
    *,
    allow_outside: bool = False,
    progress: Progress = silent,
) -> Imported:
    """Return the schema of some files, and of those that they refer to.

    `read` returns the content of a file, None if there is none. Files outside the folders of
    `paths` are only read with `allow_outside`.
    """
    problems: list[Problem] = []
    library = Library(read, problems, allow_outside)
    library.add(paths)
    translation = translate(library)
    findings = translation.findings
    repaired = repair(translation.documents, package, findings, progress)
    return Imported(
        repaired.schema,
        repaired.positions,
        tuple(sorted({*findings.found, *library.findings.found})),
        tuple(sorted(set(problems))),
        {source.path: source.text for source in library.sources},
    )
