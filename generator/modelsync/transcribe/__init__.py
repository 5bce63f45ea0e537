"""Model pages of SDK docs -> one schema, and what writes every page back.

    files -> page sets -> what each page says -> groups -> definitions -> what pages say otherwise

Nothing is read from a disk here and nothing written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from modelsync.errors import Problem
from modelsync.progress import Progress, silent
from modelsync.schema.ir import Schema
from modelsync.targets import target_class
from modelsync.targets.base import Settings
from modelsync.transcribe.fix_names import usable
from modelsync.transcribe.fix_rules import shallow
from modelsync.transcribe.json_keys import Convention, find_wires
from modelsync.transcribe.match import Group, match, match_packages
from modelsync.transcribe.merge import Disagreement, Merger
from modelsync.transcribe.page_overrides import Shown, as_shown
from modelsync.transcribe.page_sets import (
    Origin,
    PageSet,
    no_pages,
    one_per_notation,
    read_page_sets,
)
from modelsync.transcribe.typed_pages import Gone, SeenSet, align_keys, see


@dataclass(frozen=True, slots=True)
class Transcription:
    """What came out of a run: the schema, a Markdown target for each page set, and what to tell.

    `gone` is what pages refer to, and has a page in no language. `join` is the option that a Go
    target of the schema needs, since packages use each other; empty where they do not.
    """

    schema: Schema
    sets: tuple[Origin, ...]
    settings: tuple[Settings, ...]
    problems: tuple[Problem, ...]
    disagreements: tuple[Disagreement, ...]
    gone: tuple[Gone, ...]
    convention: Convention
    join: Mapping[str, str] = field(default_factory=dict)


def transcribe(
    folders: Mapping[str, Mapping[str, bytes]],
    notation: str | None = None,
    wire: str | None = None,
    progress: Progress = silent,
) -> Transcription:
    """Read the files of some folders, each by its path below the folder, as one API.

    `notation` and `wire` override what the folders show by themselves: the notation of the pages,
    and how wire names are made of shown names. `progress` is told how far it is. A folder without
    model pages is one of the problems.
    """
    problems: list[Problem] = []
    # Pages take more room than what they say: they are let go as soon as that is known.
    joined = _joined(_read(folders, notation, problems, progress), wire, problems, progress)
    schema, join = usable(joined.schema, joined.settings, progress)
    return Transcription(
        schema,
        joined.sets,
        tuple(joined.settings.values()),
        tuple(problems),
        joined.disagreements,
        joined.gone,
        joined.convention,
        join,
    )


def _read(
    folders: Mapping[str, Mapping[str, bytes]],
    notation: str | None,
    problems: list[Problem],
    progress: Progress,
) -> list[PageSet]:
    found = []
    for label, files in folders.items():
        sets = read_page_sets(label, files, notation, problems, progress)
        found += sets
        if not sets:
            problems.append(no_pages(label))
    return one_per_notation(found, problems)


class _Joined(NamedTuple):
    """What pages say together, where they lay, and the target that shows them, by notation."""

    schema: Schema
    sets: tuple[Origin, ...]
    settings: Mapping[str, Settings]
    disagreements: tuple[Disagreement, ...]
    gone: tuple[Gone, ...]
    convention: Convention


def _joined(
    pages: list[PageSet], wire: str | None, problems: list[Problem], progress: Progress
) -> _Joined:
    """Return one schema that shows what all the pages show."""
    sets = [see(each, number, problems, progress) for number, each in enumerate(pages)]
    progress("matching pages", 0, len(sets))
    align_keys(sets)
    groups = match(sets)
    wires = find_wires(sets, wire)
    merger = Merger(sets, groups, wires)
    merged = merger.merge(progress)
    schema = Schema(tuple(sorted(merged.definitions, key=lambda each: each.id)))
    schema = shallow(schema, merger.languages)
    packages = match_packages(sets)
    settings = {each.pages.notation: _settings(each, packages, groups) for each in sets}
    shown: dict[str, dict[str, Shown]] = {}
    for group in groups:
        id_ = merged.of_group[id(group)]
        written = ((number, page) for number, page in group.pages.items() if not page.inferred)
        for number, page in written:
            fields = merged.wires.get(id_, {})
            shown.setdefault(sets[number].pages.notation, {})[id_] = Shown(page, fields)
    schema = as_shown(schema, shown, settings, merger.resolved, progress)
    origins = tuple(each.origin for each in pages)
    gone = _gone(sets, groups)
    return _Joined(schema, origins, settings, merged.disagreements, gone, wires.convention)


def _gone(sets: Iterable[SeenSet], groups: Iterable[Group]) -> tuple[Gone, ...]:
    """Return what has a page in no language, each where it is referred to first."""
    found = {id_: each for seen in sets for id_, each in seen.gone.items()}
    for group in groups if found else ():
        if not all(page.inferred for page in group.pages.values()):
            for id_ in found.keys() & group.ids:
                del found[id_]
    first: dict[str, Gone] = {}
    for each in found.values():
        first.setdefault(each.name, each)
    return tuple(first.values())


def _settings(
    seen: SeenSet, packages: Mapping[tuple[int, str], str], groups: Iterable[Group]
) -> Settings:
    """Return the Markdown target that writes a page set back."""
    notation = seen.pages.notation
    cls = target_class("markdown")
    number = seen.number
    shown = {name: package for (each, package), name in packages.items() if each == number}
    # What lies in the top package here may be of several in the schema.
    shown |= {g.package: g.pages[number].place.package for g in groups if number in g.pages}
    shown = {name: package for name, package in shown.items() if name != package}
    options = cls.defaults() | {
        "notation": notation,
        "pages": shown,
        "folder": seen.pages.origin.folder,
        "index": False,
        **seen.pages.options,
    }
    return Settings(
        f"docs-{notation}",
        "markdown",
        f"generated/docs/{notation}",
        options=options,
    )
