"""The lines that `modelsync transcribe` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from modelsync.commands.transcribe import Transcribed
from modelsync.errors import Problem, show, visible
from modelsync.report.changes import count
from modelsync.report.columns import columns
from modelsync.report.intake import written_lines
from modelsync.transcribe.disagreements import Disagreement
from modelsync.transcribe.json_keys import Convention
from modelsync.transcribe.typed_pages import MissingPage

_MAX_PROBLEMS: Final = 20
_MAX_DISAGREEMENTS: Final = 10
_MAX_STATEMENT: Final = 100
_COLUMNS: Final = ("pages", "exact", "with problems", "other files", "notation", "folder")


def problem_lines(
    problems: Sequence[Problem], texts: Mapping[str, str], verbose: bool
) -> Iterator[str]:
    """Yield the problems of pages; `texts` has the texts of the pages by path."""
    shown = problems if verbose else problems[:_MAX_PROBLEMS]
    for problem in shown:
        yield show(problem, texts) + "\n"
    yield from _rest(len(problems) - len(shown), "problem")


def disagreement_lines(disagreements: Sequence[Disagreement], verbose: bool) -> Iterator[str]:
    """Yield where pages contradict each other, with both positions."""
    shown = disagreements if verbose else disagreements[:_MAX_DISAGREEMENTS]
    for disagreement in shown:
        yield f"pages disagree on {visible(disagreement.subject)}; using {disagreement.counts}:"
        for position, statement in zip(
            (disagreement.one, disagreement.other), disagreement.statements, strict=True
        ):
            yield f"    {position}: {visible(statement)[:_MAX_STATEMENT]}"
    yield from _rest(len(disagreements) - len(shown), "disagreement")


def missing_page_lines(pages: Sequence[MissingPage], verbose: bool) -> Iterator[str]:
    """Yield each definition without a page, with the position of a link to it."""
    shown = pages if verbose else pages[:_MAX_DISAGREEMENTS]
    for page in shown:
        yield f"{visible(page.name)} has no page: see the link at {page.position}"
    yield from _rest(len(pages) - len(shown), "missing page")


def _rest(number: int, noun: str) -> Iterator[str]:
    if number > 0:
        yield f"... and {count(number, f'more {noun}')} (-v shows all)"


def summary_lines(result: Transcribed) -> Iterator[str]:
    """Yield a table of the pages of each folder, how JSON keys were derived, and what was written.

    The table has a row for each page set.
    """
    yield from columns([_COLUMNS, *_rows(result)], align="rrrrl")
    if result.transcription.convention is not None:
        yield _json_keys_line(result.transcription.convention)
    yield from written_lines(result.written, result.edited)


def _json_keys_line(convention: Convention) -> str:
    """Return how JSON keys were derived, and the evidence for it."""
    if convention.asked:
        return f"JSON keys: {convention.name}, set by --json-keys"
    spelled = convention.alike + convention.unlike
    reason = "no names found in the text of the pages"
    if spelled:
        reason = f"{convention.alike:,} of {spelled:,} names in the text of the pages"
    return f"JSON keys: {convention.name} ({reason}); override with --json-keys"


def _rows(result: Transcribed) -> Iterator[tuple[str, ...]]:
    paths = {problem.position.path for problem in result.problems}
    for pages, exact in zip(result.transcription.sets, result.exact, strict=True):
        wrong = sum(pages.shown(path) in paths for path in pages.paths)
        numbers = (len(pages.paths), exact, wrong, pages.others)
        yield (*(f"{number:,}" for number in numbers), pages.notation, visible(pages.root))
