"""`--format json` of `verify`, and the lines of `vectors`.

docs/verify.md describes the documents. They are stable: additions are new keys, and `version` is
increased when a key is removed or changes its meaning.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

from modelsync.commands.verify import TargetResult, Vector, VerifyResult
from modelsync.errors import Problem
from modelsync.report.json import VERSION, position_json, problem_json
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.compare import Disagreement
from modelsync.verify.strict import is_extreme, parse
from modelsync.verify.toolchains import format_version


def verify_json(result: VerifyResult) -> str:
    """Return the document of `verify`."""
    outcome = "disagree" if not result.agrees else "incomplete" if result.missing else "agree"
    document = {
        "version": VERSION,
        "outcome": outcome,
        "cases": result.case_count,
        "targets": [_target_result(target) for target in result.targets],
        "disagreements": [_disagreement(disagreement) for disagreement in result.disagreements],
        "problems": [],
    }
    return json.dumps(document, indent=2)


def verify_problems_json(problems: Iterable[Problem]) -> str:
    """Return the document of `verify` if problems prevented it from running."""
    document = {
        "version": VERSION,
        "outcome": "problems",
        "cases": 0,
        "targets": [],
        "disagreements": [],
        "problems": [problem_json(problem) for problem in problems],
    }
    return json.dumps(document, indent=2)


def vector_json(vector: Vector) -> str:
    """Return one line of `vectors`: a case and its expected outcome."""
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
        **position_json(result.position),
        "cases": sum(result.case_counts.values()),
        "wrong": sum(result.wrong_counts.values()),
        "compiled_only": not result.can_run,
        "tools": {tool.name: format_version(tool.version) for tool in result.tools},
        "missing": [
            {"tool": tool.tool, "text": tool.reason, "help": tool.help} for tool in result.missing
        ],
        "findings": [{"tool": finding.tool, "text": finding.text} for finding in result.findings],
        "failure": result.failure or None,
        **({"left_out": dict(result.left_out)} if result.is_validator else {}),
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
    return {**_case(disagreement.case), **position_json(disagreement.position), "said": said}


def _case(case: Case) -> dict[str, Any]:
    keys = {"definition": case.definition, "what": case.what, **position_json(case.position)}
    try:
        return {**keys, "document": case.document.decode("utf-8")}
    except UnicodeDecodeError:
        return {**keys, "document_base64": base64.b64encode(case.document).decode("ascii")}


def _outcome(outcome: Outcome | None) -> dict[str, Any]:
    if outcome is None:
        return {"accepted": None}
    if outcome.crash:
        return {"accepted": False, "crash": outcome.crash}
    if outcome.accepted and not outcome.json:
        return {"accepted": True}
    if outcome.accepted and is_extreme(outcome.json):
        return {"accepted": True, "written_text": outcome.json}
    if outcome.accepted:
        return {"accepted": True, "written": parse(outcome.json)}
    paths = [error.path for error in outcome.errors]
    all_paths = {"error_paths": paths} if len(paths) > 1 else {}
    return {"accepted": False, "error_path": outcome.path, **all_paths}
