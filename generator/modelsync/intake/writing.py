"""Write the specs of a run into a project, without losing your edits.

If an edited spec has changed in its source too, the changes of both are merged, unless they touch
the same lines. Then the spec stays unchanged, and what it would become is put beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from modelsync import disk
from modelsync.errors import ProblemsError
from modelsync.intake.keep_edits import merge_edits, replace_documents
from modelsync.intake.last_run import (
    Intake,
    helping_to_restore,
    is_new,
    last_text,
    list_text,
    other_sources,
    pack_texts,
    read_list,
    unpack_texts,
)
from modelsync.plan.changes import Cause, Change, Kind, Plan, Present, plan
from modelsync.plan.manifest import Entry, Manifest
from modelsync.progress import Progress, silent
from modelsync.schema.values import NOTHING
from modelsync.tree import InTheWay


@dataclass(frozen=True, slots=True)
class EditedFile:
    """A file that you have edited, and whose source has changed since the last run."""

    path: str
    before: bytes | None
    """What the last run wrote, None if that is unknown."""
    after: bytes | None
    """What this run would write, None if the source no longer has it."""
    merged: bytes | None = None
    """What this run writes: your edits and the source's changes. None if the file is kept."""
    removed: bool = False
    """Whether you have deleted the file."""
    copy: str = ""
    """The path of a copy, if there is one: of the old file if it is merged, else of `after`."""


class Written(NamedTuple):
    """What a run has changed in a project."""

    changes: Plan
    edited: tuple[EditedFile, ...]


class Wanted(NamedTuple):
    """The files that a run writes."""

    specs: str
    """The folder of the specs."""
    files: Mapping[str, bytes]
    """By path: the specs, and others that the run may write."""
    before: Mapping[str, bytes] = NOTHING
    """What the specs of the project say now, in the form of `files`, if that is known."""
    sources: Mapping[str, frozenset[str]] = NOTHING
    """The sources of each file; of a file that is missing here, all that there is."""


def write_project(
    project: Path,
    wanted: Wanted,
    intake: Intake,
    *,
    progress: Progress = silent,
    waiting: Callable[[], object] = lambda: None,
    check: Callable[[Manifest], object] = lambda _listed: None,
) -> Written:
    """Write the files that a run wants, and store what the next run needs.

    `check` gets the list of what earlier runs wrote before anything is written, and may raise.
    Raises :class:`ProblemsError` and OSError.
    """
    project.mkdir(parents=True, exist_ok=True)
    with disk.locked(project, waiting):
        planned = _plan(project, wanted, intake, check)
        edited = _with_copies(project, planned.edited, intake)
        _write(project, wanted, intake, planned, progress)
    return Written(planned.changes, edited)


# Planning -----------------------------------------------------------------------------------------


class _Planned(NamedTuple):
    """What to write, and the inputs of the plan."""

    changes: Plan
    edited: tuple[EditedFile, ...]
    present: Mapping[str, Present | None]
    list_before: bytes | None
    """The list of what the last run wrote."""
    list_after: bytes
    texts: Mapping[str, bytes]
    """The texts of other runs that the next one may need."""


def _plan(
    project: Path, wanted: Wanted, intake: Intake, check: Callable[[Manifest], object]
) -> _Planned:
    name = f"{wanted.specs}/{intake.list}"
    with helping_to_restore(intake):
        data, pending = disk.read_manifests(project, name)
    # An interrupted run did not report what it was about to write.
    written = read_list(intake, data, name)
    check(written)
    owned = _owned(written | read_list(intake, pending, name), wanted, intake)
    files = wanted.files
    present = disk.read_present(project, files.keys() | owned.keys())
    # What differs only in form is as the source wants it.
    same = [path for path in files if path in present and files[path] == wanted.before.get(path)]
    as_is = disk.read_files(project, same) if same else {}
    planned = plan(
        {**files, **as_is},
        present,
        owned,
        lambda _path: (Cause(intake.changed),),
        lambda _path: (Cause(intake.gone),),
    )
    _check_obstacles(planned, intake)
    unedited = [change for change in planned.changes if _is_unedited(change)]
    new = [each for each in planned.changes if not _is_unedited(each) and is_new(each, written)]
    edited = _edited_files(project, wanted, intake, written, new)
    merged = [
        Change(file.path, Kind.EDITED, (Cause(intake.changed),), file.merged)
        for file in edited
        if file.merged
    ]
    changes = Plan((*unedited, *merged), planned.unchanged)
    list_after = list_text(intake, files, written, wanted.sources)
    others = read_list(intake, list_after, name).files.keys() - files.keys()
    kept = _texts_of(project, intake, others)
    return _Planned(changes, edited, present, data, list_after, kept)


def _texts_of(project: Path, intake: Intake, paths: Set[str]) -> dict[str, bytes]:
    """Return what earlier runs wrote to some paths, as far as it is known."""
    texts = unpack_texts(disk.recall(project, intake.texts)) if paths else {}
    return {path: str(texts[path]).encode("utf-8") for path in paths & texts.keys()}


def _owned(listed: Manifest, wanted: Wanted, intake: Intake) -> Mapping[str, Entry]:
    """Return the listed files that can be specs; other files must not be deleted.

    Neither must specs that come from a source which this run does not read.
    """
    return {
        path: entry
        for path, entry in listed.files.items()
        if path in wanted.files
        or (
            path.startswith(f"{wanted.specs}/")
            and disk.is_spec(path)
            and not other_sources(intake, entry)
        )
    }


def _check_obstacles(planned: Plan, intake: Intake) -> None:
    obstacles = [change.obstacle for change in planned.changes if change.obstacle]
    if obstacles:
        help_ = f"move it: `modelsync {intake.command}` writes a file there"
        raise ProblemsError(
            problem for obstacle in obstacles for problem in InTheWay(obstacle, help_).problems
        )


def _is_unedited(change: Change) -> bool:
    if change.kind is Kind.ORPHANED:
        return not change.edited
    return change.kind in (Kind.CREATED, Kind.OUTDATED, Kind.LINE_ENDINGS)


def _edited_files(
    project: Path, wanted: Wanted, intake: Intake, written: Manifest, changes: Sequence[Change]
) -> tuple[EditedFile, ...]:
    """Return what happens to edited files whose source has changed as well."""
    texts = unpack_texts(disk.recall(project, intake.texts)) if changes else {}
    return tuple(
        _edited_file(
            project,
            wanted.specs,
            change,
            last_text(change.path, texts, written),
            wanted.before.get(change.path),
        )
        for change in changes
    )


def _edited_file(
    project: Path, specs: str, change: Change, last: bytes | None, now: bytes | None
) -> EditedFile:
    """Return what happens to a file; `now` is what it says in the form that the run writes."""
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


# Writing ------------------------------------------------------------------------------------------


def _with_copies(
    project: Path, edited: Sequence[EditedFile], intake: Intake
) -> tuple[EditedFile, ...]:
    """Back up what would be lost, and return `edited` with the paths of the copies."""
    not_written = {file.path: file.after for file in edited if file.after and not file.merged}
    copies = disk.put_aside(project, not_written, intake.list.lstrip("."))
    copies |= disk.keep(project, [file.path for file in edited if file.merged])
    return tuple(replace(file, copy=copies.get(file.path, "")) for file in edited)


def _write(
    project: Path, wanted: Wanted, intake: Intake, planned: _Planned, progress: Progress
) -> None:
    """Apply the planned changes, and store what the next run needs."""
    changes = planned.changes.changes
    disk.keep(project, [change.path for change in changes if change.data is None])
    if changes or planned.list_before != planned.list_after:
        new_list = planned.list_after
        name = f"{wanted.specs}/{intake.list}"
        disk.apply(project, changes, planned.present, new_list, new_list, progress, name)
    disk.remember(project, intake.texts, pack_texts({**planned.texts, **wanted.files}))
