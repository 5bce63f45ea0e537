"""What a transcription found -> the text that `modelsync transcribe` prints. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from modelsync.commands.transcribe import Stale, Transcribed
from modelsync.errors import Problem, show, visible
from modelsync.plan.diff import MAX_LINES, diff
from modelsync.project.config import NAME as CONFIG
from modelsync.report.changes import Line, Look, count
from modelsync.transcribe.disagreements import Disagreement
from modelsync.transcribe.json_keys import Convention
from modelsync.transcribe.typed_pages import MissingPage

_MAX_PROBLEMS: Final = 20
_MAX_DISAGREEMENTS: Final = 10
_MAX_SAID: Final = 100
_MAX_DIFFS: Final = 10
_COLUMNS: Final = ("pages", "exact", "with problems", "no model pages", "notation", "folder")


def problem_lines(
    problems: Sequence[Problem], texts: Mapping[str, str], verbose: bool
) -> Iterator[str]:
    """Yield what is wrong with pages, each with its place; `texts` has theirs by path."""
    shown = problems if verbose else problems[:_MAX_PROBLEMS]
    for problem in shown:
        yield show(problem, texts) + "\n"
    yield from _rest(len(problems) - len(shown), "problem")


def disagreement_lines(found: Sequence[Disagreement], verbose: bool) -> Iterator[str]:
    """Yield what pages do not agree on, with both places."""
    shown = found if verbose else found[:_MAX_DISAGREEMENTS]
    for each in shown:
        yield f"pages disagree on {visible(each.subject)}, and {each.counts}:"
        for place, said in zip((each.one, each.other), each.statements, strict=True):
            yield f"    {place}: {visible(said)[:_MAX_SAID]}"
    yield from _rest(len(found) - len(shown), "disagreement")


def missing_page_lines(found: Sequence[MissingPage], verbose: bool) -> Iterator[str]:
    """Yield what has no page, each with the place that leads to it."""
    shown = found if verbose else found[:_MAX_DISAGREEMENTS]
    for each in shown:
        yield f"{visible(each.name)} has no page: see the link at {each.position}"
    yield from _rest(len(found) - len(shown), "missing page")


def _rest(number: int, noun: str) -> Iterator[str]:
    if number > 0:
        yield f"... and {count(number, f'more {noun}')} (-v shows all)"


def stale_lines(done: Transcribed, verbose: bool) -> Iterator[Line]:
    """Yield what has become of files that a person has changed, and what their pages say now."""
    limit = None if verbose else MAX_LINES
    for number, each in enumerate(done.stale):
        yield Line(_become(each))
        if each.before is None or each.after is None:
            continue
        if verbose or number < _MAX_DIFFS:
            lines = diff(each.path, each.before, each.after, limit)
            yield from (Line(line, Look.DIFF) for line in lines)
        elif number == _MAX_DIFFS:
            yield Line("(-v shows what has changed on the pages of the others)")


def _become(stale: Stale) -> str:
    path, copy = visible(stale.path), visible(stale.copy)
    if stale.merged is not None:
        return f"merged  {path}: your edits, and what has changed on its pages; as it was: {copy}"
    if stale.after is None:
        return f"kept    {path}: edited, and its pages are gone"
    if stale.removed:
        return f"kept    {path}: removed; what its pages say is in {copy}"
    if stale.before is None and stale.path == CONFIG:
        return f"kept    {path}: it was there before; add the targets of the pages, from {copy}"
    if stale.before is None:
        return f"kept    {path}: edited; what its pages say is in {copy}"
    return f"kept    {path}: edited where its pages have changed; what they say is in {copy}"


def summary_lines(done: Transcribed) -> Iterator[str]:
    """Yield a table of the pages of each folder, how keys were found, and what was written."""
    rows = [_COLUMNS, *_rows(done)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(_COLUMNS))]
    for row in rows:
        numbers = [cell.rjust(width) for cell, width in zip(row[:4], widths, strict=False)]
        yield "  ".join([*numbers, row[4].ljust(widths[4]), row[5]])
    yield _wire_names(done.transcription.convention)
    changes = done.written.changes
    deleted = sum(change.data is None for change in changes)
    merged = sum(each.merged is not None for each in done.stale)
    left = len(done.stale) - merged
    kept = f", {count(merged, 'edited spec')} merged" if merged else ""
    kept += f", {count(left, 'edited spec')} kept" if left else ""
    yield (
        f"{count(len(changes) - deleted, 'file')} written, {deleted:,} deleted,"
        f" {done.written.unchanged:,} unchanged{kept}"
    )
    if deleted:
        yield "copies of the deleted specs are in .modelsync/kept"


def _wire_names(convention: Convention) -> str:
    """Return how the keys in JSON were made, and what speaks for it."""
    if convention.asked:
        return f"JSON keys: {convention.name}, set by --json-keys"
    spelled = convention.alike + convention.unlike
    reason = "no keys found in the text of the pages"
    if spelled:
        reason = f"as {convention.alike:,} of {spelled:,} in the text of the pages"
    return f"JSON keys: {convention.name}, {reason}; override with --json-keys"


def _rows(done: Transcribed) -> Iterator[tuple[str, ...]]:
    paths = {problem.position.path for problem in done.problems}
    for pages, exact in zip(done.transcription.sets, done.exact, strict=True):
        wrong = sum(pages.shown(path) in paths for path in pages.paths)
        numbers = (len(pages.paths), exact, wrong, pages.others)
        yield (*(f"{number:,}" for number in numbers), pages.notation, visible(pages.root))
