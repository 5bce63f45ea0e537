"""`--format json` of `check` and `explain`.

docs/check.md and docs/explain.md describe the documents. They are stable: additions are new keys,
and `version` is increased when a key is removed or changes its meaning.
"""

from __future__ import annotations

import json
from typing import Any, Final

from modelsync.commands.explained import Explanation, LineOrigin, OptionValue, Uses
from modelsync.errors import Position, Problem
from modelsync.plan.changes import Cause, Change, Kind, Plan
from modelsync.plan.diff import patch
from modelsync.report.changes import Report

VERSION: Final = 1


def json_text(report: Report) -> str:
    """Return the document of `check`, in plain ASCII so that no encoding can corrupt it."""
    plan = report.plan
    outcome = "problems" if plan is None else "in sync" if plan.in_sync else "drift"
    document = {
        "version": VERSION,
        "outcome": outcome,
        "project": report.prefix.rstrip("/") or ".",
        "counts": _counts(plan) if plan else None,
        "changes": [_change(report, change) for change in plan.changes] if plan else [],
        "manifest": _change(report, plan.manifest) if plan and plan.manifest else None,
        "problems": [problem_json(problem) for problem in report.problems],
        "warnings": [problem_json(warning) for warning in report.warnings],
        "command": report.command if outcome == "drift" else None,
    }
    return json.dumps(document, indent=2)


def explanation_json(explanation: Explanation | Uses, command: str) -> str:
    """Return the document of `explain`. `command` is the command line that fixes a drift."""
    keys = _uses(explanation) if isinstance(explanation, Uses) else _origin(explanation, command)
    return json.dumps({"version": VERSION, **keys}, indent=2)


def _uses(uses: Uses) -> dict[str, Any]:
    return {
        "path": uses.path,
        "line": uses.line,
        "what": uses.what,
        "uses": [
            {"path": use.path, "line": use.line or None, "text": use.text if use.line else None}
            for use in uses.uses
        ],
    }


def _origin(explanation: Explanation, command: str) -> dict[str, Any]:
    line, settings, change = explanation.line, explanation.settings, explanation.change
    return {
        "path": explanation.path,
        "line": line.number if line else None,
        "kind": change.kind.value if change else "in sync",
        "edited": change is not None and change.edited,
        "causes": [_cause(cause) for cause in change.causes] if change else [],
        "command": command if change else None,
        "target": settings and {"name": settings.name, **position_json(settings.position)},
        "template": explanation.template and explanation.template.path,
        "definitions": [
            {"name": definition.id, **position_json(definition.position)}
            for definition in explanation.definitions
        ],
        "options": [_option(option) for option in explanation.options],
        "origin": line and _line(line),
    }


def _line(line: LineOrigin) -> dict[str, Any]:
    return {
        "text": line.text,
        "wanted": line.wanted,
        "what": line.what,
        "spec": position_json(line.spec) if line.spec else None,
        "template": position_json(line.template) if line.template else None,
        "options": [_option(option) for option in line.options],
    }


def _option(option: OptionValue) -> dict[str, Any]:
    return {
        "name": option.name,
        "value": json.loads(option.value),
        **position_json(option.position),
    }


def _counts(plan: Plan) -> dict[str, int]:
    counts = {"in sync": plan.unchanged} | {kind.value: 0 for kind in Kind}
    for change in plan.changes:
        counts[change.kind.value] += 1
    return counts


def _change(report: Report, change: Change) -> dict[str, Any]:
    keys: dict[str, Any] = {
        "path": change.path,
        "kind": change.kind.value,
        "edited": change.edited,
        "line": report.line_of(change),
        "causes": [_cause(cause) for cause in change.causes],
    }
    if report.with_diff:
        blocked = change.blocked
        present = report.present.get(change.path)
        keys["diff"] = None if blocked else patch(change.path, present, change.data)
    return keys


def _cause(cause: Cause) -> dict[str, Any]:
    return {"text": cause.text, **position_json(cause.position)}


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return the keys of a problem."""
    return {
        "code": problem.code,
        "text": problem.message,
        **position_json(problem.position),
        "width": problem.position.width,
        "help": problem.help or None,
        "related": [{"text": note, **position_json(place)} for place, note in problem.related],
    }


def position_json(position: Position | None) -> dict[str, Any]:
    """Return the keys of a position, null if there is none."""
    if position is None:
        return {"path": None, "line": None, "column": None}
    return {"path": position.path, "line": position.line, "column": position.column}
