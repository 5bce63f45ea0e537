"""Model pages of SDK docs -> one schema, and the target sdk-docss that write every page back.

    files -> page sets -> typed pages -> groups -> definitions -> page overrides

This package reads and writes no files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from modelsync.errors import Problem
from modelsync.intake.each_item import with_positions
from modelsync.intake.fix_names import fix_names
from modelsync.intake.fix_rules import limit_unions
from modelsync.progress import Progress, silent
from modelsync.schema.schema import Schema
from modelsync.targets import target_class
from modelsync.targets.base import Settings
from modelsync.transcribe.constraints import with_constraints
from modelsync.transcribe.disagreements import Disagreement
from modelsync.transcribe.json_keys import Convention, find_json_keys
from modelsync.transcribe.match import Group, match, match_packages
from modelsync.transcribe.merge import Merger
from modelsync.transcribe.page_overrides import MatchedPage, with_page_overrides
from modelsync.transcribe.page_sets import (
    Origin,
    PageSet,
    no_pages,
    one_per_notation,
    read_page_sets,
)
from modelsync.transcribe.read_types import read_types
from modelsync.transcribe.typed_pages import MissingPage, TypedPages, align_keys


@dataclass(frozen=True, slots=True)
class Transcription:
    """The result of a run."""

    schema: Schema
    sets: tuple[Origin, ...]
    settings: tuple[Settings, ...]
    """A target sdk-docs for each page set."""
    problems: tuple[Problem, ...]
    disagreements: tuple[Disagreement, ...]
    missing_pages: tuple[MissingPage, ...]
    """Definitions that pages refer to, but that have no page in any language."""
    convention: Convention | None
    """How JSON keys were derived; None if the pages have them."""
    join: Mapping[str, str] = field(default_factory=dict)
    """The option that a target for Go needs, because packages use each other; usually empty."""


def transcribe(
    folders: Mapping[str, Mapping[str, bytes]],
    notation: str | None = None,
    json_keys: str | None = None,
    progress: Progress = silent,
) -> Transcription:
    """Read the files of some folders, each by its path below the folder, as one API.

    `notation` and `json_keys` override what is detected: the notation of the pages, and how JSON
    keys are derived from shown names. A folder without model pages is reported as a problem.
    """
    problems: list[Problem] = []
    # Pages need more memory than their content: free them as soon as it has been read.
    merged = _merge(_read(folders, notation, problems, progress), json_keys, problems, progress)
    schema, join = fix_names(merged.schema, merged.settings, progress)
    return Transcription(
        schema,
        merged.sets,
        tuple(merged.settings.values()),
        tuple(problems),
        merged.disagreements,
        merged.missing_pages,
        merged.convention,
        join,
    )


def _read(
    folders: Mapping[str, Mapping[str, bytes]],
    notation: str | None,
    problems: list[Problem],
    progress: Progress,
) -> list[PageSet]:
    """Return the page sets of all folders, at most one in each notation."""
    all_sets = []
    for label, files in folders.items():
        sets = read_page_sets(label, files, notation, problems, progress)
        all_sets += sets
        if not sets:
            problems.append(no_pages(label))
    return one_per_notation(all_sets, problems)


class _Merged(NamedTuple):
    """The schema from all pages."""

    schema: Schema
    sets: tuple[Origin, ...]
    settings: Mapping[str, Settings]
    """The target sdk-docs that writes the pages of each notation."""
    disagreements: tuple[Disagreement, ...]
    missing_pages: tuple[MissingPage, ...]
    convention: Convention


def _merge(
    page_sets: list[PageSet], json_keys: str | None, problems: list[Problem], progress: Progress
) -> _Merged:
    """Return one schema with everything that the pages show."""
    sets = [read_types(pages, number, problems, progress) for number, pages in enumerate(page_sets)]
    progress("matching pages", 0, len(sets))
    align_keys(sets)
    groups = match(sets)
    derived_keys = find_json_keys(sets, json_keys)
    merger = Merger(sets, groups, derived_keys)
    merged = merger.merge(progress)
    schema = Schema(tuple(sorted(merged.definitions, key=lambda definition: definition.id)))
    schema = limit_unions(with_positions(schema), merger.languages)
    settings = _settings_by_notation(sets, groups)
    matched = _matched_pages(sets, groups, merger)
    resolve = merger.references.resolve
    schema = with_page_overrides(schema, matched, settings, resolve, progress)
    schema = with_constraints(schema)
    return _Merged(
        schema,
        tuple(pages.origin for pages in page_sets),
        settings,
        merged.disagreements,
        _missing_pages(sets, groups),
        derived_keys.convention,
    )


def _matched_pages(
    sets: Sequence[TypedPages], groups: Iterable[Group], merger: Merger
) -> dict[str, dict[str, MatchedPage]]:
    """Return the pages of each notation by the ids of their definitions."""
    matched: dict[str, dict[str, MatchedPage]] = {}
    for group in groups:
        id_ = merger.references.id_of(group)
        for number, page in group.pages.items():
            if not page.inferred:
                pages = matched.setdefault(sets[number].pages.notation, {})
                pages[id_] = MatchedPage(page, merger.json_keys.get(id_, {}))
    return matched


def _missing_pages(sets: Iterable[TypedPages], groups: Iterable[Group]) -> tuple[MissingPage, ...]:
    """Return the definitions without a page in any language, with the first reference to each."""
    missing = {id_: page for typed in sets for id_, page in typed.missing.items()}
    for group in groups if missing else ():
        if not all(page.inferred for page in group.pages.values()):
            for id_ in missing.keys() & group.ids:
                del missing[id_]
    first: dict[str, MissingPage] = {}
    for page in missing.values():
        first.setdefault(page.name, page)
    return tuple(first.values())


def _settings_by_notation(
    sets: Sequence[TypedPages], groups: Sequence[Group]
) -> dict[str, Settings]:
    packages = match_packages(sets)
    return {typed.pages.notation: _settings(typed, packages, groups) for typed in sets}


def _settings(
    typed: TypedPages, packages: Mapping[tuple[int, str], str], groups: Iterable[Group]
) -> Settings:
    """Return the target sdk-docs that writes a page set back."""
    notation, number = typed.pages.notation, typed.number
    shown_packages = {
        name: package for (set_number, package), name in packages.items() if set_number == number
    }
    # The top package of this set may be several packages of the schema.
    shown_packages |= {
        g.package: g.pages[number].place.package for g in groups if number in g.pages
    }
    options = target_class("sdk-docs").defaults() | {
        "notation": notation,
        "pages": {name: package for name, package in shown_packages.items() if name != package},
        "folder": typed.pages.origin.folder,
        "index": False,
        **typed.pages.options,
    }
    return Settings(f"docs-{notation}", "sdk-docs", f"generated/docs/{notation}", options=options)
