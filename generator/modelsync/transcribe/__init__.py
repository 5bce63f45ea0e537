"""Model pages of SDK docs -> one schema, and what writes every page back.

    files -> page sets -> what each page says -> groups -> definitions -> what pages say otherwise

Nothing is read from a disk here and nothing written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modelsync.errors import Problem
from modelsync.ir import Schema
from modelsync.targets import target_class
from modelsync.targets.base import Settings
from modelsync.transcribe.match import match, match_packages
from modelsync.transcribe.merge import Disagreement, Merger
from modelsync.transcribe.otherwise import Shown, as_shown
from modelsync.transcribe.pageset import PageSet, one_per_notation, read_page_sets
from modelsync.transcribe.seen import SeenSet, see
from modelsync.transcribe.usable import usable
from modelsync.transcribe.wires import find_wires


@dataclass(frozen=True, slots=True)
class Transcription:
    """What came out of a run: the schema, a Markdown target for each page set, and what to tell."""

    schema: Schema
    sets: tuple[PageSet, ...]
    settings: tuple[Settings, ...]
    problems: tuple[Problem, ...]
    disagreements: tuple[Disagreement, ...]


def transcribe(
    folders: Mapping[str, Mapping[str, bytes]],
    notation: str | None = None,
    wire: str | None = None,
) -> Transcription:
    """Read the files of some folders, each by its path below the folder, as one API.

    `notation` and `wire` override what the folders show by themselves: the notation of the pages,
    and how wire names are made of shown names.
    """
    problems: list[Problem] = []
    found = [
        each
        for label, files in folders.items()
        for each in read_page_sets(label, files, notation, problems)
    ]
    pages = one_per_notation(found, problems)
    sets = [see(each, number, problems) for number, each in enumerate(pages)]
    groups = match(sets)
    merger = Merger(sets, groups, find_wires(sets, wire))
    merged = merger.merge()
    schema = Schema(tuple(sorted(merged.definitions, key=lambda each: each.id)))
    packages = match_packages(sets)
    settings = [_settings(each, packages) for each in sets]
    shown: dict[str, dict[str, Shown]] = {}
    for group in groups:
        id_ = merged.of_group[id(group)]
        for number, page in group.pages.items():
            fields = merged.wires.get(id_, {})
            shown.setdefault(sets[number].pages.notation, {})[id_] = Shown(page, fields)
    by_language = {each.pages.notation: made for each, made in zip(sets, settings, strict=True)}
    schema = usable(as_shown(schema, shown, by_language, merger.resolved), by_language)
    return Transcription(
        schema, tuple(pages), tuple(settings), tuple(problems), merged.disagreements
    )


def _settings(seen: SeenSet, packages: Mapping[tuple[int, str], str]) -> Settings:
    """Return the Markdown target that writes a page set back."""
    notation = seen.pages.notation
    cls = target_class("markdown")
    shown = {
        name: package
        for (number, package), name in packages.items()
        if number == seen.number and package != name
    }
    options = cls.defaults() | {
        "notation": notation,
        "pages": shown,
        "folder": seen.pages.folder,
        "index": False,
        **seen.pages.options,
    }
    return Settings(
        f"docs-{notation}",
        "markdown",
        f"generated/docs/{notation}",
        options=options,
    )
