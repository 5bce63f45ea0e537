"""The whole import: bytes -> a schema that every target can generate code from, and findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from modelsync.errors import Position, Problem
from modelsync.importer.findings import Finding, Findings
from modelsync.importer.library.references import Library
from modelsync.importer.repair import Repairer
from modelsync.importer.repair.valid_names import ValidNames, valid_names
from modelsync.importer.repair.variants import problems_of_variants
from modelsync.importer.translation.translate import translate
from modelsync.intake.each_item import items_in
from modelsync.progress import Progress, silent
from modelsync.schema.schema import Schema
from modelsync.targets.base import Settings


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
    """The text of each source, by its path in messages, also of those that cannot be read."""
    given: frozenset[str] = frozenset()
    """The paths of the files that were given, without those that cannot be imported."""


def import_sources(
    paths: Sequence[str],
    read: Callable[[str], bytes | None],
    package: str,
    *,
    allow_outside: bool = False,
    settings: Sequence[Settings] = (),
    progress: Progress = silent,
) -> Imported:
    """Return the schema of some files, and of those that they refer to.

    `read` returns the content of a file, None if there is none. Files outside the folders of
    `paths` are only read with `allow_outside`. `settings` are those of the targets that the project
    has; built-in targets can generate the schema in any case.
    """
    problems: list[Problem] = []
    library = Library(read, problems, allow_outside)
    library.add(paths)
    translation = translate(library)
    findings = translation.findings
    repairer = Repairer(translation.documents, package, findings)
    named = _named(repairer, settings, progress)
    _report_names(named, repairer, findings)
    return Imported(
        named.schema,
        repairer.positions(),
        tuple(sorted({*findings.found, *library.findings.found})),
        tuple(sorted(set(problems))),
        {**library.unreadable, **{source.path: source.text for source in library.sources}},
        frozenset(document.path for document in library.documents),
    )


def _named(repairer: Repairer, settings: Sequence[Settings], progress: Progress) -> ValidNames:
    """Return a schema that every target can generate code from."""
    has_variants = any(each.has_variants for each in settings)
    while True:
        named = valid_names(repairer.schema(progress), settings, progress)
        of_variants = problems_of_variants(named.schema) if has_variants else ()
        # Those of options are for `modelsync generate` to report.
        problems = [each for each in (*named.problems, *of_variants) if repairer.has(each.position)]
        if not problems:
            return named
        repairer.fix(problems)


def _report_names(named: ValidNames, repairer: Repairer, findings: Findings) -> None:
    """Add a note for each item with a name that no rule derives."""
    ids = {key.definition for key in named.given}
    changed = (items_in(each) for each in named.schema.definitions if each.id in ids)
    for key, item in chain.from_iterable(changed):
        for language, name in named.given.get(key, {}).items():
            shown = key.definition.rpartition(".")[2] if key.json is None else key.json
            message = f"`{shown}` has no valid name of its own in `{language}`"
            written = f"`names: {{{language}: {name}}}`"
            findings.note(repairer.source_of(item.position), "names", message, written)
