"""`--format json` of `verify`, and the lines of `vectors`.

docs/verify.md describes the documents. They are stable: additions are new keys, and `version` is
increased when a key is removed or changes its meaning.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

from modelsync.commands.verify import Disagreement, Proof, Vector, Verdict
from modelsync.errors import Problem
from modelsync.report.json import VERSION, position_json, problem_json
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.strict import is_extreme, parse
from modelsync.verify.toolchains import format_version


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
        "problems": [problem_json(problem) for problem in problems],
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
        **position_json(verdict.position),
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
    return {**_case(found.case), **position_json(found.position), "said": said}


def _case(case: Case) -> dict[str, Any]:
    shown = {"definition": case.definition, "what": case.what, **position_json(case.position)}
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
