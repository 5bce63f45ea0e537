"""`check --format sarif`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from helpers.drift import Check
from helpers.json_shapes import TEXT, shape
from helpers.projects import write

# What the schema of SARIF 2.1.0 requires of the parts that modelsync writes (3.13 and later).

MESSAGE = shape(text={"type": "string", "minLength": 1})
PHYSICAL = shape(
    artifactLocation=shape(
        uri={"type": "string", "pattern": r"^[A-Za-z0-9._~%/-]+$"},
        uriBaseId={"const": "%SRCROOT%"},
    ),
    region={
        "type": "object",
        "properties": {
            name: {"type": "integer", "minimum": 1}
            for name in ("startLine", "startColumn", "endColumn")
        },
        "required": ["startLine"],
        "additionalProperties": False,
    },
)


RULE = shape(
    id={"type": "string", "pattern": r"^(MS\d{3}|[a-z-]+)$"},
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=shape(text=TEXT, markdown=TEXT),
    defaultConfiguration=shape(level={"const": "error"}),
)


RESULT = shape(
    ruleId={"type": "string"},
    ruleIndex={"type": "integer", "minimum": 0},
    level={"const": "error"},
    message=MESSAGE,
    locations={"type": "array", "minItems": 1, "items": shape(physicalLocation=PHYSICAL)},
    relatedLocations={
        "type": "array",
        "uniqueItems": True,
        "items": shape(
            id={"type": "integer", "minimum": 1}, physicalLocation=PHYSICAL, message=MESSAGE
        ),
    },
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
)


RUN = shape(
    tool=shape(
        driver=shape(
            name={"const": "modelsync"},
            semanticVersion={"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
            rules={"type": "array", "uniqueItems": True, "items": RULE},
        )
    ),
    invocations={"type": "array", "items": shape(executionSuccessful={"type": "boolean"})},
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    originalUriBaseIds=shape(**{"%SRCROOT%": shape(description=MESSAGE)}),
    results={"type": "array", "items": RESULT},
)


LOG = shape(
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs={"type": "array", "minItems": 1, "items": RUN},
)


def sarif(check: Check, folder: Path) -> Any:
    """Return the one run of the log of a check."""
    _, out, _ = check(folder, "--format", "sarif")
    log = json.loads(out)
    jsonschema.validate(log, LOG)
    (sarif_run,) = log["runs"]
    rules = [rule["id"] for rule in sarif_run["tool"]["driver"]["rules"]]
    results = sarif_run["results"]
    assert len(set(rules)) == len(rules)
    assert [rules[result["ruleIndex"]] for result in results] == [
        result["ruleId"] for result in results
    ]
    identities = {(each["ruleId"], *each["partialFingerprints"].values()) for each in results}
    assert len(identities) == len(results)
    return sarif_run


def test_sarif_of_a_project_in_sync_has_no_result(project: Path, check: Check) -> None:
    found = sarif(check, project)
    assert found["results"] == []
    assert found["invocations"] == [{"executionSuccessful": True}]


def location(path: str, **region: int) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": f"back%20end/{path}", "uriBaseId": "%SRCROOT%"},
        "region": region,
    }


def test_sarif_has_every_change(drifted: Path, check: Check) -> None:
    results = sarif(check, drifted)["results"]
    assert [
        (
            result["ruleId"],
            result["message"]["text"].partition(":")[0],
            result["locations"][0]["physicalLocation"]["region"]["startLine"],
        )
        for result in results
    ] == [
        ("outdated", "out/docs/models/README.md", 5),
        ("orphaned", "out/docs/models/gone.md", 1),
        ("created", "out/docs/models/new.md", 1),
        ("outdated", "out/docs/models/point.md", 8),
        ("edited", "out/docs/models/queue.md", 6),
        ("outdated", "out/python/__init__.py", 9),
        ("orphaned", "out/python/gone.py", 1),
        ("foreign", "out/python/new.py", 1),
        ("outdated", "out/python/point.py", 10),
        ("line-endings", "out/python/queue.py", 1),
        ("deleted", "out/python/wire.py", 1),
    ]
    point = results[8]
    assert point["message"]["text"] == (
        "out/python/point.py: specs/p.yaml:2:10 changed\nfix: modelsync generate --force"
    )
    assert point["locations"] == [
        {"physicalLocation": location("out/python/point.py", startLine=10, startColumn=1)}
    ]
    assert point["relatedLocations"] == [
        {
            "id": 1,
            "physicalLocation": location("specs/p.yaml", startLine=2, startColumn=10),
            "message": {"text": "specs/p.yaml changed"},
        }
    ]


def test_sarif_has_the_problems(wrong: Path, check: Check) -> None:
    found = sarif(check, wrong)
    assert found["invocations"] == [{"executionSuccessful": False}]
    (problem,) = found["results"]
    assert problem["ruleId"] == "MS020"
    assert problem["message"]["text"] == (
        "unknown type or definition `Pont`\nhelp: did you mean `Point`?"
    )
    assert problem["locations"][0]["physicalLocation"] == location(
        "specs/p.yaml", startLine=2, startColumn=20, endColumn=24
    )


def test_sarif_distinguishes_problems_with_one_message(wrong: Path, check: Check) -> None:
    write(wrong, {"specs/p.yaml": "model: P\nfields: {a: {type: Q}, b: {type: Q}}\n"})
    results = sarif(check, wrong)["results"]
    assert [result["ruleId"] for result in results] == ["MS020", "MS020"]
