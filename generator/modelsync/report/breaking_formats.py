"""The output formats of `breaking` for programs. docs/breaking.md describes the JSON document."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, Final, NamedTuple

from modelsync.breaking.change import Axis
from modelsync.breaking.rules import RULES
from modelsync.commands.breaking import Compared, Verdict
from modelsync.commands.explain_code import title_of
from modelsync.errors import NOWHERE, Position, Problem
from modelsync.report.breaking import axes_of, message, subject, summary, whom
from modelsync.report.changes import Report
from modelsync.report.github import MAX_ANNOTATIONS, annotation, annotations_text
from modelsync.report.json import VERSION, position_json, problem_json
from modelsync.report.sarif import MAX_RESULTS, log, problem_results, result


class Found(NamedTuple):
    """What `breaking` found, for the formats that programs read."""

    compared: Compared | None
    """None if problems prevented it."""
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    prefix: str = ""
    """The path from the root of the repository to the project: empty, or `path/`."""

    @property
    def breaking(self) -> tuple[Verdict, ...]:
        """The changes that break something."""
        return self.compared.breaking if self.compared else ()


def json_text(found: Found) -> str:
    """Return the document, in plain ASCII so that no encoding can corrupt it."""
    compared = found.compared
    outcome = "problems" if compared is None else "breaking" if found.breaking else "compatible"
    counts = {
        str(axis): sum(axis in verdict.change.breaks for verdict in found.breaking) for axis in Axis
    }
    earlier = compared and {
        "name": compared.earlier.name,
        "commit": compared.earlier.commit or None,
        "project": compared.earlier.folder or ".",
    }
    document = {
        "version": VERSION,
        "outcome": outcome,
        "project": found.prefix.rstrip("/") or ".",
        "against": earlier,
        "step": compared and compared.step.value,
        "counts": counts if compared else None,
        "changes": [_change(verdict) for verdict in compared.verdicts] if compared else [],
        "problems": [problem_json(problem) for problem in found.problems],
        "warnings": [problem_json(warning) for warning in found.warnings],
    }
    return json.dumps(document, indent=2)


def _change(verdict: Verdict) -> dict[str, Any]:
    change = verdict.change
    return {
        "rule": change.rule,
        "text": RULES[change.rule],
        "definition": change.id,
        "item": change.item or None,
        "old": change.old or None,
        "new": change.new or None,
        **_place(change.position),
        "oldPosition": _place(change.old_position),
        "breaks": [_broken(verdict, axis) for axis in axes_of(change)],
    }


def _place(position: Position) -> dict[str, Any]:
    return position_json(None if position == NOWHERE else position)


def _broken(verdict: Verdict, axis: Axis) -> dict[str, Any]:
    witness = verdict.witnesses.get(axis)
    return {
        "axis": axis.value,
        "text": whom(axis),
        "document": witness.document if witness else None,
        "says": witness.says if witness else None,
    }


def github_text(found: Found) -> str:
    """Return an annotation for each change that breaks something, and each problem."""
    report = Report(problems=found.problems, warnings=found.warnings, prefix=found.prefix)
    lines = list(filter(None, [annotations_text(report)]))
    for verdict in found.breaking[: MAX_ANNOTATIONS - 1]:
        title = f"modelsync: {verdict.change.rule}"
        lines.append(annotation(found.prefix, _position(found, verdict), title, message(verdict)))
    if found.compared and len(found.breaking) >= MAX_ANNOTATIONS:
        lines.append(f"::notice title=modelsync::{summary(found.compared)}; see the log")
    return "\n".join(lines)


def _position(found: Found, verdict: Verdict) -> Position:
    """Return the position in the new specs; in the config for what is gone from all of them."""
    position = verdict.change.position
    if position != NOWHERE or found.compared is None:
        return position
    return Position(found.compared.project.config.place.config)


def sarif_text(found: Found) -> str:
    """Return a SARIF 2.1.0 log: each change that breaks something is a result."""
    report = Report(prefix=found.prefix)
    rules = dict(RULES) | {
        problem.code: title_of(problem.code) for problem in (*found.problems, *found.warnings)
    }
    results = [
        *problem_results(report, found.problems),
        *(_result(report, found, verdict) for verdict in islice(found.breaking, MAX_RESULTS)),
        *problem_results(report, found.warnings, "warning"),
    ]
    return log(results[:MAX_RESULTS], rules, succeeded=found.compared is not None)


def _result(report: Report, found: Found, verdict: Verdict) -> dict[str, Any]:
    change = verdict.change
    assert found.compared is not None
    related = _related(found.compared, report.prefix, change.old_position)
    identity = f"{subject(change)} {change.old} {change.new}"
    at = _position(found, verdict)
    return result(report, change.rule, message(verdict), at, list(related), identity)


def _related(compared: Compared, prefix: str, position: Position) -> Iterable[tuple[Position, str]]:
    """Yield the position in the old specs, if they are files of the repository."""
    if position == NOWHERE or not compared.earlier.commit:
        return
    path = posixpath.join(compared.earlier.folder, position.path)
    # Paths of results are relative to the project.
    path = posixpath.relpath(path, prefix or ".")
    yield position._replace(path=path), f"in commit {compared.earlier.commit}"


BREAKING_FORMATS: Final[Mapping[str, Callable[[Found], str] | None]] = {
    "text": None,
    "json": json_text,
    "github": github_text,
    "sarif": sarif_text,
}
"""The formats of `breaking`. None is the format for people, which is printed line by line."""
