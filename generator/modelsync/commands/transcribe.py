"""`modelsync transcribe`: write the specs and the config of a project from model pages.

Edits are kept. If the pages of an edited spec have changed too, their changes are merged into the
spec, unless they touch the same lines as the edits. Then the spec stays unchanged.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

from modelsync import disk
from modelsync.commands.transcribe_reference import read_reference
from modelsync.errors import Problem, ProblemsError
from modelsync.intake.last_run import Intake
from modelsync.intake.writing import EditedFile, Wanted, write_project
from modelsync.plan.changes import Plan
from modelsync.progress import Progress, silent, ticker
from modelsync.project.config import NAME as CONFIG
from modelsync.project.load import read_project_config
from modelsync.render.render import render
from modelsync.schema.for_language import of_language
from modelsync.schema.schema import Schema
from modelsync.schema.values import NOTHING
from modelsync.spec.nodes import MAX_BYTES
from modelsync.spec.read import read_schema
from modelsync.spec.write import write_specs
from modelsync.targets import target_class
from modelsync.transcribe import Transcription, transcribe
from modelsync.transcribe.config_text import config_text
from modelsync.transcribe.page_files import in_models_folder
from modelsync.transcribe.reference import are_reference_pages
from modelsync.transcribe.round_trip import page_differences

_INTAKE: Final = Intake(
    "transcribe",
    ".transcribed",
    "transcribed.texts",
    "pages",
    "its pages have changed",
    "its pages no longer exist",
)


@dataclass(frozen=True, slots=True)
class Transcribed:
    """The result of a run."""

    transcription: Transcription
    exact: tuple[int, ...]
    """The number of pages of each page set that are reproduced byte for byte."""
    problems: tuple[Problem, ...]
    """The problems of all pages."""
    written: Plan
    edited: tuple[EditedFile, ...]


def transcribe_into(
    folders: Sequence[Path],
    project: Path,
    *,
    notation: str | None = None,
    json_keys: str | None = None,
    progress: Progress = silent,
    waiting: Callable[[], object] = lambda: None,
) -> Transcribed:
    """Read the pages below `folders`, and write the specs and the config of `project`.

    Raises :class:`ProblemsError` if no folder has any page, or if the config of the project is
    invalid; and OSError.
    """
    pages = dict(map(_pages, folders))
    specs = _specs_folder(project)
    if any(map(are_reference_pages, pages.values())):
        found = _from_reference(pages, folders, project, specs, progress)
    else:
        found = _from_sdk_docs(pages, specs, notation, json_keys, progress)
    wanted = {path: text.encode("utf-8") for path, text in found.texts.items()}
    written = write_project(
        project, Wanted(specs, wanted, found.before), _INTAKE, progress=progress, waiting=waiting
    )
    return Transcribed(
        found.transcription, found.exact, found.problems, written.changes, written.edited
    )


class _Found(NamedTuple):
    """What pages say, and the texts of the files to write."""

    transcription: Transcription
    exact: tuple[int, ...]
    problems: tuple[Problem, ...]
    texts: Mapping[str, str]
    before: Mapping[str, bytes] = NOTHING
    """What the specs of the project would be without the changes on the pages, if that is known."""


def _from_sdk_docs(
    pages: Mapping[str, Mapping[str, bytes]],
    specs: str,
    notation: str | None,
    json_keys: str | None,
    progress: Progress,
) -> _Found:
    transcription = transcribe(pages, notation, json_keys, progress)
    if not transcription.sets:
        raise ProblemsError(transcription.problems)
    texts = write_specs(transcription.schema, specs, progress)
    # The texts contain everything, and the schema of a large API needs much memory.
    transcription = replace(transcription, schema=Schema(()))
    exact, problems = _compare_pages(transcription, texts, specs, pages, progress)
    config = config_text(transcription.settings, specs, transcription.join)
    return _Found(transcription, exact, problems, {**texts, CONFIG: config})


def _from_reference(
    pages: Mapping[str, Mapping[str, bytes]],
    folders: Sequence[Path],
    project: Path,
    specs: str,
    progress: Progress,
) -> _Found:
    read = read_reference(pages, folders, project, specs, progress)
    transcription = Transcription(Schema(()), read.sets, (), read.problems, (), (), None)
    texts = {**read.texts, **({CONFIG: read.config} if read.config else {})}
    return _Found(transcription, read.exact, read.problems, texts, read.before)


# Reading ------------------------------------------------------------------------------------------


def _pages(folder: Path) -> tuple[str, disk.Pages]:
    """Return the name of a folder of pages in messages, and its pages by their paths below it.

    The path of a folder inside `docs`, such as `docs/models/shop`, shows which package it is: its
    pages are read as those of the folder that contains `models`.
    """
    pages = disk.Pages(folder, MAX_BYTES)
    inside = _path_from_models(folder)
    if not inside or any(map(in_models_folder, pages)):
        return folder.as_posix(), pages
    root = os.path.normpath(folder / ("../" * (inside.count("/") + 1)))
    return Path(root).as_posix(), disk.Pages(folder, MAX_BYTES, f"{inside}/")


def _path_from_models(folder: Path) -> str:
    """`docs/models/shop` -> `models/shop`; empty for a folder that is not in `models` of docs."""
    path = Path(os.path.normpath(folder.absolute())).as_posix()
    before, models, below = f"{path}/".rpartition("/models/")
    return f"models/{below}".rstrip("/") if models and "/docs/" in f"{before}/" else ""


def _specs_folder(project: Path) -> str:
    """Return the folder of the specs: the one in the config, if there is a config."""
    if not os.path.lexists(project / CONFIG):
        return "specs"
    try:
        return read_project_config(project).specs
    except ProblemsError as error:
        raise ProblemsError(map(_or_move_away, error.problems)) from error


def _or_move_away(problem: Problem) -> Problem:
    help_ = f"move `{CONFIG}` elsewhere: `modelsync transcribe` writes a new one"
    return replace(problem, help=f"{problem.help}, or {help_}" if problem.help else help_)


# Comparing ----------------------------------------------------------------------------------------


def _compare_pages(
    transcription: Transcription,
    texts: Mapping[str, str],
    specs: str,
    pages: Mapping[str, Mapping[str, bytes]],
    progress: Progress,
) -> tuple[tuple[int, ...], tuple[Problem, ...]]:
    """Return how many pages of each set come back exactly, and all problems.

    The specs are read as `modelsync generate` reads them, so the result is what it would write.
    """
    schema = read_schema(texts, specs, progress)
    problems = list(transcription.problems)
    with_problems = {problem.position.path for problem in problems}
    exact = []
    for origin, settings in zip(transcription.sets, transcription.settings, strict=True):
        cls = target_class(settings.target)
        target = cls(of_language(schema, cls.language_of(settings)), settings)
        tick = ticker(f"writing the pages of {origin.notation}", len(origin.paths), progress)
        rendered = {path: out.data for path, out in render([target], rendered=tick).items()}
        files = pages[origin.label]
        wrong = list(page_differences(origin, files, rendered, settings.out, progress))
        exact.append(len(origin.paths) - len(wrong))
        # Other problems of a page explain why it is not reproduced exactly.
        problems += (problem for problem in wrong if problem.position.path not in with_problems)
    return tuple(exact), tuple(sorted(set(problems)))
