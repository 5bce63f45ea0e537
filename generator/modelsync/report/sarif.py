"""`check --format sarif`: a SARIF 2.1.0 log, which code scanning and many editors read.

Each kind of change and each code of a problem is a rule. A change lies in the generated file, and
what has caused it is a related location of it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from modelsync.commands.explain_code import explain_code, title_of
from modelsync.errors import Position
from modelsync.plan.changes import Kind, because
from modelsync.report.changes import Report, cure

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT: Final = "%SRCROOT%"

_KINDS: Final = {
    Kind.CREATED: "A generated file is missing",
    Kind.OUTDATED: "A generated file is not as its spec, template or options say",
    Kind.EDITED: "A generated file was edited",
    Kind.DELETED: "A generated file was deleted",
    Kind.ORPHANED: "A generated file is left over that no spec asks for",
    Kind.FOREIGN: "What stands in the place of a generated file is not from modelsync",
    Kind.LINE_ENDINGS: "A generated file has other line ends",
}
_MAX_RESULTS: Final = 25_000
"""GitHub refuses a run with more."""


def sarif_text(report: Report) -> str:
    """Return the log. It is plain ASCII, so that no encoding on the way can harm it."""
    rules = {_rule_id(kind): _KINDS[kind] for kind in Kind}
    rules |= {problem.code: title_of(problem.code) for problem in report.problems}
    order = {rule: index for index, rule in enumerate(rules)}
    results = list(islice(chain(_problems(report), _changes(report)), _MAX_RESULTS))
    for result in results:
        result["ruleIndex"] = order[result["ruleId"]]
    driver = {
        "name": "modelsync",
        "semanticVersion": version("modelsync"),
        "rules": [_rule(name, what) for name, what in rules.items()],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": report.plan is not None}],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository"}}},
        "results": results,
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule_id(kind: Kind) -> str:
    return kind.replace(" ", "-")


def _rule(name: str, what: str) -> dict[str, Any]:
    help_ = explain_code(name) or "The message has the command that fixes it."
    return {
        "id": name,
        "shortDescription": {"text": what},
        "fullDescription": {"text": f"{what}."},
        "help": {"text": help_, "markdown": help_},
        "defaultConfiguration": {"level": "error"},
    }


def _changes(report: Report) -> Iterator[dict[str, Any]]:
    for change in report.changes:
        rule = _rule_id(change.kind)
        related = [
            (cause.position, cause.text) for cause in change.causes if cause.position is not None
        ]
        position = Position(change.path, report.line_of(change) or 1)
        text = f"{change.path}: {because(change)}\n{cure(report, change)}"
        yield _result(report, rule, text, position, related, change.path)


def _problems(report: Report) -> Iterator[dict[str, Any]]:
    alike: Counter[tuple[str, str]] = Counter()
    for problem in report.problems:
        text = problem.message + (f"\nhelp: {problem.help}" if problem.help else "")
        key = problem.position.path, problem.message
        alike[key] += 1
        known_by = " ".join((*key, str(alike[key])))
        yield _result(report, problem.code, text, problem.position, list(problem.related), known_by)


def _result(
    report: Report,
    rule: str,
    text: str,
    position: Position,
    related: list[tuple[Position, str]],
    known_by: str,
) -> dict[str, Any]:
    """Return one result; `known_by` tells it from the others of its rule, also in later runs."""
    return {
        "ruleId": rule,
        "level": "error",
        "message": {"text": text},
        "locations": [_location(report, position)],
        "relatedLocations": [
            {"id": number, **_location(report, place), "message": {"text": note}}
            for number, (place, note) in enumerate(related, start=1)
        ],
        "partialFingerprints": {"modelsync/v1": _sum(known_by)},
    }


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _location(report: Report, position: Position) -> dict[str, Any]:
    region = {"startLine": position.line, "startColumn": position.column}
    if position.width > 1:
        region["endColumn"] = position.column + position.width
    if Path(position.path).is_absolute():  # a target may be installed anywhere
        artifact = {"uri": Path(position.path).as_uri()}
    else:
        uri = quote((report.prefix + position.path).encode("utf-8", "surrogateescape"))
        artifact = {"uri": uri, "uriBaseId": _ROOT}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}
