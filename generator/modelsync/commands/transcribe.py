"""`modelsync transcribe`: write the specs and the config of a project from model pages.

Edits are kept. If the pages of an edited spec have changed too, their changes are merged into the
spec, unless they touch the same lines as the edits. Then the spec stays unchanged.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from modelsync import disk
from modelsync.commands.transcribe_reference import read_reference
from modelsync.errors import Problem, ProblemsError
from modelsync.plan.changes import Cause, Change, Kind, Plan, Present, plan
from modelsync.plan.manifest import Entry, Manifest
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
from modelsync.transcribe.keep_edits import merge_edits, replace_documents
from modelsync.transcribe.last_run import (
    LIST,
    TEXTS,
    helping_to_restore,
    is_new,
    last_text,
    list_text,
    pack_texts,
    read_list,
    unpack_texts,
)
from modelsync.transcribe.page_files import in_models_folder
from modelsync.transcribe.reference import are_reference_pages
from modelsync.transcribe.round_trip import page_differences
from modelsync.tree import InTheWay


@dataclass(frozen=True, slots=True)
class EditedFile:
    """A file that you have edited, and whose pages have changed since the last run."""

    path: str
    before: bytes | None
    """What the last run wrote, None if that is unknown."""
    after: bytes | None
    """What this run would write, None if the pages no longer exist."""
    merged: bytes | None = None
    """What this run writes: your edits and the changes of the pages. None if the file is kept."""
    removed: bool = False
    """Whether you have deleted the file."""
    copy: str = ""
    """The path of a copy, if there is one: of the old file if it is merged, else of `after`."""


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
    project.mkdir(parents=True, exist_ok=True)
    with disk.locked(project, waiting):
        planned = _plan(project, specs, wanted, found.before)
        edited = _with_copies(project, planned.edited)
        _write(project, specs, planned, wanted, progress)
    return Transcribed(found.transcription, found.exact, found.problems, planned.changes, edited)


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


# Planning -----------------------------------------------------------------------------------------


class _Planned(NamedTuple):
    """What to write, and the inputs of the plan."""

    changes: Plan
    edited: tuple[EditedFile, ...]
    present: Mapping[str, Present | None]
    list_before: bytes | None
    """The list of what the last run wrote."""
    list_after: bytes


def _plan(
    project: Path, specs: str, wanted: Mapping[str, bytes], before: Mapping[str, bytes]
) -> _Planned:
    with helping_to_restore():
        data, pending = disk.read_manifests(project, f"{specs}/{LIST}")
    # An interrupted run did not report what it was about to write.
    written = read_list(data, f"{specs}/{LIST}")
    owned = _owned(written | read_list(pending, f"{specs}/{LIST}"), specs, wanted)
    present = disk.read_present(project, wanted.keys() | owned.keys())
    # What differs only in form is as the pages want it.
    same = [path for path in wanted if path in present and wanted[path] == before.get(path)]
    as_is = disk.read_files(project, same) if same else {}
    planned = plan({**wanted, **as_is}, present, owned, _changed_pages, _deleted_pages)
    _check_obstacles(planned)
    unedited = [change for change in planned.changes if _is_unedited(change)]
    edited = _edited_files(
        project,
        specs,
        written,
        [each for each in planned.changes if not _is_unedited(each) and is_new(each, written)],
        before,
    )
    merged = [
        Change(file.path, Kind.EDITED, _changed_pages(file.path), file.merged)
        for file in edited
        if file.merged
    ]
    changes = Plan((*unedited, *merged), planned.unchanged)
    return _Planned(changes, edited, present, data, list_text(wanted))


def _owned(listed: Manifest, specs: str, wanted: Mapping[str, bytes]) -> Mapping[str, Entry]:
    """Return the listed files that can be specs; other files must not be deleted."""
    return {
        path: entry
        for path, entry in listed.files.items()
        if path in wanted or (path.startswith(f"{specs}/") and disk.is_spec(path))
    }


def _check_obstacles(planned: Plan) -> None:
    obstacles = [change.obstacle for change in planned.changes if change.obstacle]
    if obstacles:
        help_ = "move it: `modelsync transcribe` writes a file there"
        raise ProblemsError(
            problem for obstacle in obstacles for problem in InTheWay(obstacle, help_).problems
        )


def _is_unedited(change: Change) -> bool:
    if change.kind is Kind.ORPHANED:
        return not change.edited
    return change.kind in (Kind.CREATED, Kind.OUTDATED, Kind.LINE_ENDINGS)


def _edited_files(
    project: Path,
    specs: str,
    written: Manifest,
    changes: Sequence[Change],
    before: Mapping[str, bytes],
) -> tuple[EditedFile, ...]:
    """Return what happens to edited files whose pages have changed as well."""
    texts = unpack_texts(disk.recall(project, TEXTS)) if changes else {}
    return tuple(
        _edited_file(
            project,
            specs,
            change,
            last_text(change.path, texts, written),
            before.get(change.path),
        )
        for change in changes
    )


def _edited_file(
    project: Path, specs: str, change: Change, last: bytes | None, now: bytes | None
) -> EditedFile:
    """Return what happens to a file; `now` is what it says in the form that this command writes."""
    before = last or now
    file = EditedFile(change.path, before, change.data, removed=change.kind is Kind.DELETED)
    is_there = change.kind in (Kind.EDITED, Kind.FOREIGN)
    if not is_there or before is None or change.data is None:
        return file
    edited = disk.read_file(project, change.path)
    merged = merge_edits(change.path, specs, before, edited, change.data)
    if merged is None and before == now:
        # Only the form was edited, so nothing is lost.
        merged = replace_documents(before, edited, change.data)
    return replace(file, merged=merged)


def _changed_pages(path: str) -> tuple[Cause, ...]:
    return (Cause("its pages have changed"),)


def _deleted_pages(path: str) -> tuple[Cause, ...]:
    return (Cause("its pages no longer exist"),)


# Writing ------------------------------------------------------------------------------------------


def _with_copies(project: Path, edited: Sequence[EditedFile]) -> tuple[EditedFile, ...]:
    """Back up what would be lost, and return `edited` with the paths of the copies."""
    not_written = {file.path: file.after for file in edited if file.after and not file.merged}
    copies = disk.put_aside(project, not_written)
    copies |= disk.keep(project, [file.path for file in edited if file.merged])
    return tuple(replace(file, copy=copies.get(file.path, "")) for file in edited)


def _write(
    project: Path,
    specs: str,
    planned: _Planned,
    wanted: Mapping[str, bytes],
    progress: Progress,
) -> None:
    """Apply the planned changes, and store what the next run needs."""
    changes = planned.changes.changes
    disk.keep(project, [change.path for change in changes if change.data is None])
    if changes or planned.list_before != planned.list_after:
        new_list = planned.list_after
        disk.apply(
            project, changes, planned.present, new_list, new_list, progress, f"{specs}/{LIST}"
        )
    disk.remember(project, TEXTS, pack_texts(wanted))
