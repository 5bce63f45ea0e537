"""What `modelsync import` prints: losses, notes and problems with their positions, and counts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from modelsync.commands.importing import ImportRun
from modelsync.errors import Problem, show
from modelsync.importer.findings import Finding
from modelsync.plan.changes import Change, Kind
from modelsync.report.changes import count
from modelsync.report.intake import written_lines
from modelsync.report.json import problem_json

VERSION: Final = 1
LOSS: Final = "MS142"
NOTE: Final = "MS143"

_MAX_SHOWN: Final = 100
"""The maximum number of problems shown, and of losses."""
_MAX_SUBJECTS: Final = 10
_KINDS: Final = ("model", "enum", "union", "alias")


def problem_lines(run: ImportRun, verbose: bool) -> Iterator[str]:
    """Yield what could not be read, then each loss; with `verbose`, each note as well."""
    texts = run.imported.sources
    yield from _shown(run.imported.problems, texts, "problem", verbose)
    yield from _shown([as_problem(each) for each in run.losses], texts, "loss", verbose)
    yield from _shown(run.dangling, {}, "problem", verbose)
    if verbose:
        yield from _shown([as_problem(each) for each in run.notes], texts, "note", verbose)


def _shown(
    problems: Iterable[Problem], texts: Mapping[str, str], noun: str, verbose: bool
) -> Iterator[str]:
    all_ = list(problems)
    shown = all_ if verbose else all_[:_MAX_SHOWN]
    for problem in shown:
        yield show(problem, texts) + "\n"
    if len(shown) < len(all_):
        yield f"... and {_count(len(all_) - len(shown), f'more {noun}')} (-v shows all)"


def as_problem(finding: Finding) -> Problem:
    """Return a finding as the problem that messages show."""
    help_ = f"the spec has {finding.written}" if finding.written else "the spec omits it"
    code = LOSS if finding.is_loss else NOTE
    return Problem(finding.position, code, finding.message, help_)


def summary_lines(run: ImportRun) -> Iterator[str]:
    """Yield the losses and notes by subject, the definitions by kind, and the files."""
    if run.imported.problems:
        yield f"{count(len(run.imported.problems), 'problem')} in the sources"
    if run.dangling:
        yield f"{count(len(run.dangling), 'problem')} in the specs"
    for noun, findings, more in (("loss", run.losses, ""), ("note", run.notes, "; -v shows each")):
        if findings:
            yield f"{_count(len(findings), noun)}: {_subjects(findings)}{more}"
    total = sum(run.kinds.values())
    kinds = ", ".join(_count(run.kinds[kind], kind) for kind in _KINDS if kind in run.kinds)
    in_full = total - run.with_loss
    yield (
        f"{count(total, 'definition')}: {kinds}; {in_full:,} said in full,"
        f" {run.with_loss:,} with a loss"
    )
    if run.skipped:
        yield f"{count(run.skipped, 'other file')} skipped: not a schema"
    yield from written_lines(run.written, run.edited)
    for path in run.created:
        yield f"wrote {path}"


def _subjects(findings: Iterable[Finding]) -> str:
    counts = Counter(each.subject for each in findings)
    listed = [f"{subject} {number:,}" for subject, number in counts.most_common(_MAX_SUBJECTS)]
    others = counts.total() - sum(number for _, number in counts.most_common(_MAX_SUBJECTS))
    return ", ".join([*listed, *([f"others {others:,}"] if others else [])])


def _count(number: int, noun: str) -> str:
    if noun.endswith(("loss", "alias")) and number != 1:
        noun += "e"
    return count(number, noun)


# JSON ---------------------------------------------------------------------------------------------


def json_text(run: ImportRun) -> str:
    """Return the document of `--format json`, in plain ASCII so that no encoding can corrupt it."""
    document = {
        "version": VERSION,
        "definitions": {kind: run.kinds.get(kind, 0) for kind in _KINDS}
        | {"withLoss": run.with_loss},
        "losses": [_finding(each) for each in run.losses],
        "notes": [_finding(each) for each in run.notes],
        "problems": [problem_json(each) for each in (*run.imported.problems, *run.dangling)],
        "files": [_change(each) for each in run.written.changes]
        + [{"path": path, "change": "created"} for path in run.created],
        "unchanged": run.written.unchanged,
        "skipped": run.skipped,
        "kept": [
            {"path": file.path, "newVersion": file.copy or None}
            for file in run.edited
            if file.merged is None
        ],
    }
    return json.dumps(document, indent=2)


def problems_json(problems: Iterable[Problem]) -> str:
    """Return the document of `--format json` if nothing was written."""
    document = {"version": VERSION, "problems": [problem_json(each) for each in problems]}
    return json.dumps(document, indent=2)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "subject": finding.subject,
        "text": finding.message,
        "written": finding.written or None,
        "path": finding.position.path,
        "line": finding.position.line,
        "column": finding.position.column,
        "width": finding.position.width,
    }


def _change(change: Change) -> dict[str, str]:
    words = {Kind.CREATED: "created", Kind.ORPHANED: "deleted", Kind.EDITED: "merged"}
    return {"path": change.path, "change": words.get(change.kind, "changed")}
