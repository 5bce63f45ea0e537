"""`--format json` of `check`, `explain` and `verify`: all that was found, as one JSON document.

Beside these, each line of `vectors`. Their shapes are described in docs/check.md, docs/explain.md
and docs/verify.md and stay as they are: what is added is a new key, and `version` counts up when a
key goes or means something else.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any, Final

from modelsync.commands.explanation import Explanation, LineOrigin, OptionValue, Uses
from modelsync.commands.verify import TargetResult, Vector, VerifyResult
from modelsync.errors import Position, Problem
from modelsync.plan.changes import Cause, Change, Kind, Plan
from modelsync.plan.diff import patch
from modelsync.report.changes import Report
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.compare import Disagreement
from modelsync.verify.strict import is_extreme, parse
from modelsync.verify.toolchains import format_version

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


def explanation_json(explanation: Explanation | Uses, command: str) -> str:
    """Return the document of `explain`. `command` is the one that mends a drift."""
    shown = _uses(explanation) if isinstance(explanation, Uses) else _origin(explanation, command)
    return json.dumps({"version": VERSION, **shown}, indent=2)


def verify_json(result: VerifyResult) -> str:
    """Return the document of `verify`."""
    outcome = "disagree" if not result.agrees else "incomplete" if result.missing else "agree"
    document = {
        "version": VERSION,
        "outcome": outcome,
        "cases": result.case_count,
        "targets": [_target_result(target) for target in result.targets],
        "disagreements": [_disagreement(each) for each in result.disagreements],
        "problems": [],
    }
    return json.dumps(document, indent=2)


def verify_problems_json(problems: Iterable[Problem]) -> str:
    """Return the document of `verify` where problems have kept it from running anything."""
    document = {
        "version": VERSION,
        "outcome": "problems",
        "cases": 0,
        "targets": [],
        "disagreements": [],
        "problems": [_problem(problem) for problem in problems],
    }
    return json.dumps(document, indent=2)


def vector_json(vector: Vector) -> str:
    """Return a case of `vectors` and its expected outcome, as one line."""
    document = {**_case(vector.case), **_outcome(vector.expected)}
    if vector.exceptions:
        document["otherwise"] = {
            target: _outcome(outcome) for target, outcome in vector.exceptions.items()
        }
    if vector.without:
        document["without"] = list(vector.without)
    return json.dumps(document)


def _target_result(result: TargetResult) -> dict[str, Any]:
    return {
        "target": result.target,
        **_place(result.position),
        "cases": sum(result.case_counts.values()),
        "wrong": sum(result.wrong_counts.values()),
        "compiled_only": not result.can_run,
        "tools": {tool.name: format_version(tool.version) for tool in result.tools},
        "missing": [
            {"tool": tool.tool, "text": tool.reason, "help": tool.cure} for tool in result.missing
        ],
        "findings": [{"tool": each.tool, "text": each.text} for each in result.findings],
        "failure": result.failure or None,
    }


def _disagreement(disagreement: Disagreement) -> dict[str, Any]:
    said = {
        target: {
            "agrees": answer.agrees,
            "found": {**_outcome(answer.actual), "message": answer.actual.message or None},
            "expected": _outcome(answer.expected),
        }
        for target, answer in disagreement.answers.items()
    }
    return {**_case(disagreement.case), **_place(disagreement.position), "said": said}


def _case(case: Case) -> dict[str, Any]:
    shown = {"definition": case.definition, "what": case.what, **_place(case.position)}
    try:
        return {**shown, "document": case.document.decode("utf-8")}
    except UnicodeDecodeError:
        return {**shown, "document_base64": base64.b64encode(case.document).decode("ascii")}


def _outcome(outcome: Outcome | None) -> dict[str, Any]:
    if outcome is None:
        return {"accepted": None}
    if outcome.crash:
        return {"accepted": False, "crash": outcome.crash}
    if outcome.accepted and is_extreme(outcome.json):
        return {"accepted": True, "written_text": outcome.json}
    if outcome.accepted:
        return {"accepted": True, "written": parse(outcome.json)}
    return {"accepted": False, "error_path": outcome.path}


def _uses(uses: Uses) -> dict[str, Any]:
    return {
        "path": uses.path,
        "line": uses.line,
        "what": uses.what,
        "uses": [
            {"path": use.path, "line": use.line or None, "text": use.text if use.line else None}
            for use in uses.found
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
        "target": settings and {"name": settings.name, **_place(settings.position)},
        "template": explanation.template and explanation.template.path,
        "definitions": [
            {"name": each.id, **_place(each.position)} for each in explanation.definitions
        ],
        "options": [_option(each) for each in explanation.options],
        "origin": line and _line(line),
    }


def _line(line: LineOrigin) -> dict[str, Any]:
    return {
        "text": line.text,
        "wanted": line.wanted,
        "what": line.what,
        "spec": _place(line.spec) if line.spec else None,
        "template": _place(line.template) if line.template else None,
        "options": [_option(each) for each in line.options],
    }


def _option(option: OptionValue) -> dict[str, Any]:
    return {"name": option.name, "value": json.loads(option.value), **_place(option.position)}


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
    return {"text": cause.text, **_place(cause.position)}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "text": problem.message,
        **_place(problem.position),
        "width": problem.position.width,
        "help": problem.help or None,
        "related": [{"text": note, **_place(place)} for place, note in problem.related],
    }


def _place(position: Position | None) -> dict[str, Any]:
    if position is None:
        return {"path": None, "line": None, "column": None}
    return {"path": position.path, "line": position.line, "column": position.column}
