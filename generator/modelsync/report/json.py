"""`--format json` of `check`, `explain` and `verify`, and the lines of `vectors`.

docs/check.md, docs/explain.md and docs/verify.md describe the documents. They are stable: additions
are new keys, and `version` is increased when a key is removed or changes its meaning.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any, Final

from modelsync.commands.explained import Explanation, LineOrigin, OptionValue, Uses
from modelsync.commands.verify import Disagreement, Proof, Vector, Verdict
from modelsync.errors import Position, Problem
from modelsync.plan.changes import Cause, Change, Kind, Plan
from modelsync.plan.diff import patch
from modelsync.report.changes import Report
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.strict import is_extreme, parse
from modelsync.verify.toolchains import format_version

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
        "problems": [_problem(problem) for problem in report.problems],
        "command": report.command if outcome == "drift" else None,
    }
    return json.dumps(document, indent=2)


def explanation_json(explanation: Explanation | Uses, command: str) -> str:
    """Return the document of `explain`. `command` is the command line that fixes a drift."""
    keys = _uses(explanation) if isinstance(explanation, Uses) else _origin(explanation, command)
    return json.dumps({"version": VERSION, **keys}, indent=2)


def proof_json(proof: Proof) -> str:
    """Return the document of `verify`."""
    document = {
        "version": VERSION,
        "outcome": "disagree" if not proof.agrees else "incomplete" if proof.missing else "agree",
        "cases": proof.cases,
        "targets": [_verdict(verdict) for verdict in proof.verdicts],
        "disagreements": [_disagreement(each) for each in proof.disagreements],
        "problems": [],
    }
    return json.dumps(document, indent=2)


def unproven_json(problems: Iterable[Problem]) -> str:
    """Return the document of `verify` if problems prevented it from running."""
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
    """Return one line of `vectors`: a case and its expected outcome."""
    shown = {**_case(vector.case), **_outcome(vector.wanted)}
    if vector.otherwise:
        shown["otherwise"] = {
            target: _outcome(outcome) for target, outcome in vector.otherwise.items()
        }
    if vector.without:
        shown["without"] = list(vector.without)
    return json.dumps(shown)


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "target": verdict.target,
        **_place(verdict.position),
        "cases": sum(verdict.asked.values()),
        "wrong": sum(verdict.wrong.values()),
        "tools": {tool.name: format_version(tool.version) for tool in verdict.tools},
        "missing": [
            {"tool": each.tool, "text": each.reason, "help": each.cure} for each in verdict.missing
        ],
        "findings": [{"tool": each.tool, "text": each.text} for each in verdict.findings],
        "failure": verdict.failure or None,
    }


def _disagreement(found: Disagreement) -> dict[str, Any]:
    said = {
        target: {
            "agrees": said.agrees,
            "found": {**_outcome(said.found), "message": said.found.message or None},
            "expected": _outcome(said.wanted),
        }
        for target, said in found.said.items()
    }
    return {**_case(found.case), **_place(found.position), "said": said}


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
        "target": settings and {"name": settings.name, **_place(settings.position)},
        "template": explanation.template and explanation.template.path,
        "definitions": [
            {"name": definition.id, **_place(definition.position)}
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
        "spec": _place(line.spec) if line.spec else None,
        "template": _place(line.template) if line.template else None,
        "options": [_option(option) for option in line.options],
    }


def _option(option: OptionValue) -> dict[str, Any]:
    return {"name": option.name, "value": json.loads(option.value), **_place(option.position)}


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
