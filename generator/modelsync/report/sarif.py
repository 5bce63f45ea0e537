"""`check --format sarif`: a SARIF 2.1.0 log, which code scanning and many editors read.

Each kind of change and each problem code is a rule. The location of a change is in the generated
file, and its causes are related locations.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from modelsync.commands.explain_code import explain_code, title_of
from modelsync.errors import Position, Problem
from modelsync.plan.changes import Kind, because
from modelsync.report.changes import Report, fix_line

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT: Final = "%SRCROOT%"

_KINDS: Final = {
    Kind.CREATED: "A generated file is missing",
    Kind.OUTDATED: "A generated file does not match its spec, template or options",
    Kind.EDITED: "A generated file was edited",
    Kind.DELETED: "A generated file was deleted",
    Kind.ORPHANED: "A generated file is no longer needed",
    Kind.FOREIGN: "A file at the path of a generated file is not from modelsync",
    Kind.LINE_ENDINGS: "A generated file has different line endings",
}
MAX_RESULTS: Final = 25_000
"""GitHub rejects a run with more."""


def sarif_text(report: Report) -> str:
    """Return the log, in plain ASCII so that no encoding can corrupt it."""
    rules = {_rule_id(kind): _KINDS[kind] for kind in Kind}
    found = (*report.problems, *report.warnings)
    rules |= {problem.code: title_of(problem.code) for problem in found}
    all_results = chain(
        problem_results(report, report.problems),
        _changes(report),
        problem_results(report, report.warnings, "warning"),
    )
    results = list(islice(all_results, MAX_RESULTS))
    return log(results, rules, succeeded=report.plan is not None)


def log(results: list[dict[str, Any]], rules: Mapping[str, str], *, succeeded: bool) -> str:
    """Return a log of results; `rules` has a sentence for each of their rules."""
    order = {rule: index for index, rule in enumerate(rules)}
    for each in results:
        each["ruleIndex"] = order[each["ruleId"]]
    driver = {
        "name": "modelsync",
        "semanticVersion": version("modelsync"),
        "rules": [_rule(name, what) for name, what in rules.items()],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": succeeded}],
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
        "fullDescription": {"text": f"{what.removesuffix('.')}."},
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
        text = f"{change.path}: {because(change)}\n{fix_line(report, change)}"
        yield result(report, rule, text, position, related, change.path)


def problem_results(
    report: Report, problems: Iterable[Problem], level: str = "error"
) -> Iterator[dict[str, Any]]:
    """Yield a result for each problem."""
    repeats: Counter[tuple[str, str]] = Counter()
    for problem in problems:
        text = problem.message + (f"\nhelp: {problem.help}" if problem.help else "")
        key = problem.position.path, problem.message
        repeats[key] += 1
        identity = " ".join((*key, str(repeats[key])))
        related = list(problem.related)
        found = result(report, problem.code, text, problem.position, related, identity)
        yield {**found, "level": level}


def result(
    report: Report,
    rule: str,
    text: str,
    position: Position,
    related: list[tuple[Position, str]],
    identity: str,
) -> dict[str, Any]:
    """Return one result; `identity` distinguishes results of one rule, also in later runs."""
    return {
        "ruleId": rule,
        "level": "error",
        "message": {"text": text},
        "locations": [_location(report, position)],
        "relatedLocations": [
            {"id": number, **_location(report, place), "message": {"text": note}}
            for number, (place, note) in enumerate(related, start=1)
        ],
        "partialFingerprints": {"modelsync/v1": _digest(identity)},
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _location(report: Report, position: Position) -> dict[str, Any]:
    region = {"startLine": position.line, "startColumn": position.column}
    if position.width > 1:
        region["endColumn"] = position.column + position.width
    if Path(position.path).is_absolute():  # of a target from another package
        artifact = {"uri": Path(position.path).as_uri()}
    else:
        uri = quote((report.prefix + position.path).encode("utf-8", "surrogateescape"))
        artifact = {"uri": uri, "uriBaseId": _ROOT}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}
