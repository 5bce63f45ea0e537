"""What the commands that write specs print about files: those that they wrote, and your edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from modelsync.errors import visible
from modelsync.intake.writing import EditedFile
from modelsync.plan.changes import Plan
from modelsync.plan.diff import MAX_LINES, diff
from modelsync.project.config import NAME as CONFIG
from modelsync.report.changes import Line, Look, count

_MAX_DIFFS: Final = 10


def edited_file_lines(edited: Sequence[EditedFile], origin: str, verbose: bool) -> Iterator[Line]:
    """Yield what happened to edited files, and what has changed where they come from.

    `origin` is what that is: `pages`, or `source`.
    """
    limit = None if verbose else MAX_LINES
    for number, file in enumerate(edited):
        yield Line(_outcome(file, origin))
        if file.before is None or file.after is None:
            continue
        if verbose or number < _MAX_DIFFS:
            lines = diff(file.path, file.before, file.after, limit)
            yield from (Line(line, Look.DIFF) for line in lines)
        elif number == _MAX_DIFFS:
            where = "on the pages" if origin == "pages" else f"in the {origin}"
            yield Line(f"(-v shows what changed {where} of the other files)")


def _outcome(file: EditedFile, origin: str) -> str:
    path, copy = visible(file.path), visible(file.copy)
    if file.merged is not None:
        return f"merged  {path}: your edits and the changes in its {origin}; old version: {copy}"
    if file.after is None:
        gone = "pages no longer exist" if origin == "pages" else f"{origin} no longer has it"
        return f"kept    {path}: edited, and its {gone}"
    if file.removed:
        return f"kept    {path}: you deleted it; new version: {copy}"
    if file.before is None and file.path == CONFIG:
        return f"kept    {path}: it already exists; add the targets of the {origin} from {copy}"
    if file.before is None:
        return f"kept    {path}: edited; new version: {copy}"
    return f"kept    {path}: edited where its {origin} changed; new version: {copy}"


def written_lines(written: Plan, edited: Sequence[EditedFile]) -> Iterator[str]:
    """Yield how many files were written, deleted, merged and kept."""
    changes = written.changes
    deleted = sum(change.data is None for change in changes)
    merged = sum(file.merged is not None for file in edited)
    kept = len(edited) - merged
    more = f", {count(merged, 'edited spec')} merged" if merged else ""
    more += f", {count(kept, 'edited spec')} kept" if kept else ""
    yield (
        f"{count(len(changes) - deleted, 'file')} written, {deleted:,} deleted,"
        f" {written.unchanged:,} unchanged{more}"
    )
    if deleted:
        yield "copies of the deleted specs are in `.modelsync/kept`"
