"""`check --format json`: all that was found, as one JSON document.

Its shape is described in docs/check.md and stays as it is: what is added is a new key, and
`version` counts up when a key goes or means something else.
"""

from __future__ import annotations

import json
from typing import Any, Final

from modelsync.diff import patch
from modelsync.errors import Position, Problem
from modelsync.plan import Cause, Change, Kind, Plan
from modelsync.report import Report

VERSION: Final = 1


def json_text(report: Report) -> str:
    """Return the document. It is plain ASCII, so that no encoding on the way can harm it."""
    plan = report.plan
    outcome = "problems" if plan is None else "in sync" if plan.in_sync else "drift"
    document = {
        "version": VERSION,
        "outcome": outcome,
        "project": report.prefix.rstrip("/") or ".",
        "counts": _counts(plan) if plan else None,
        "changes": [_change(report, change) for change in plan.changes] if plan else [],
        "manifest": _change(report, plan.manifest) if plan and plan.manifest else None,
        "problems": [_problem(problem) for problem in report.problems],
        "command": report.command if outcome == "drift" else None,
    }
    return json.dumps(document, indent=2)


def _counts(plan: Plan) -> dict[str, int]:
    counts = {"in sync": plan.unchanged} | {kind.value: 0 for kind in Kind}
    for change in plan.changes:
        counts[change.kind.value] += 1
    return counts


def _change(report: Report, change: Change) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "path": change.path,
        "kind": change.kind.value,
        "edited": change.edited,
        "line": report.line_of(change),
        "causes": [_cause(cause) for cause in change.causes],
    }
    if report.with_diff:
        blocked = change.blocked
        present = report.present.get(change.path)
        shown["diff"] = None if blocked else patch(change.path, present, change.data)
    return shown


def _cause(cause: Cause) -> dict[str, Any]:
    nowhere = {"path": None, "line": None, "column": None}
    return {"text": cause.text} | (_place(cause.position) if cause.position else nowhere)


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "text": problem.message,
        **_place(problem.position),
        "width": problem.position.width,
        "help": problem.help or None,
        "related": [{"text": note, **_place(place)} for place, note in problem.related],
    }


def _place(position: Position) -> dict[str, Any]:
    return {"path": position.path, "line": position.line, "column": position.column}
