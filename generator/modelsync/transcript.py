"""What a transcription found -> the text that `modelsync transcribe` prints. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from modelsync.errors import Problem, show, visible
from modelsync.report import count
from modelsync.scribe import Transcribed
from modelsync.transcribe.merge import Disagreement

_MAX_PROBLEMS: Final = 20
_MAX_DISAGREEMENTS: Final = 10
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
        yield f"pages disagree on {each.what}: {each.one} and {each.other}"
    yield from _rest(len(found) - len(shown), "disagreement")


def _rest(number: int, noun: str) -> Iterator[str]:
    if number > 0:
        yield f"... and {count(number, f'more {noun}')} (-v shows all)"


def stale_lines(done: Transcribed) -> Iterator[str]:
    """Yield what was left as a person has made it, though its pages say something else now."""
    for change in done.stale:
        path = visible(change.path)
        if change.data is None:
            yield f"kept  {path}: edited, and its pages are gone"
        else:
            yield f"kept  {path}: edited; what its pages say is in {done.copies[change.path]}"


def summary_lines(done: Transcribed) -> Iterator[str]:
    """Yield a table of the pages of each folder, and what was written."""
    rows = [_COLUMNS, *_rows(done)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(_COLUMNS))]
    for row in rows:
        numbers = [cell.rjust(width) for cell, width in zip(row[:4], widths, strict=False)]
        yield "  ".join([*numbers, row[4].ljust(widths[4]), row[5]])
    changes = done.written.changes
    deleted = sum(change.data is None for change in changes)
    kept = f", {count(len(done.stale), 'edited spec')} kept" if done.stale else ""
    yield (
        f"{count(len(changes) - deleted, 'file')} written, {deleted:,} deleted,"
        f" {done.written.unchanged:,} unchanged{kept}"
    )


def _rows(done: Transcribed) -> Iterator[tuple[str, ...]]:
    for pages, exact in zip(done.transcription.sets, done.exact, strict=True):
        paths = {problem.position.path for problem in done.problems}
        prefix = "/".join(filter(None, (pages.label, pages.folder)))
        wrong = sum(f"{prefix}/{path}" in paths for path in pages.pages)
        numbers = (len(pages.pages), exact, wrong, pages.others)
        yield (*(f"{number:,}" for number in numbers), pages.notation, visible(prefix))
