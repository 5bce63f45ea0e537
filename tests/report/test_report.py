"""What `check` and `generate` print: text, JSON, SARIF and GitHub annotations."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from helpers.projects import write
from modelsync.cli import run
from modelsync.errors import Position
from modelsync.plan.changes import Cause, Change, Kind, Plan, because
from modelsync.report import changes
from modelsync.report.changes import Report, change_lines, report_lines
from modelsync.report.check_formats import CHECK_FORMATS
from modelsync.report.github import annotations_text, harmless

KINDS = [kind.value for kind in Kind]

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Callable[..., tuple[int, str, str]]:
    """Run a check in a folder; return its exit code, standard output and standard error."""
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)

    def checked(folder: Path, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(folder)
        code = run(["check", *arguments])
        return code, *capsys.readouterr()

    return checked


Check = Callable[..., tuple[int, str, str]]


# Text


def parse_changes(lines: list[str]) -> dict[str, tuple[str, str]]:
    """Return the kind and the causes of each file, the causes without lines and columns."""
    found = {}
    for line in lines:
        path, causes = line[14:].split(": ", 1)
        found[path] = (line[:12].strip(), re.sub(r":\d+:\d+", "", causes))
    return found


def test_in_sync_is_one_line(project: Path, check: Check) -> None:
    assert check(project) == (0, "in sync: 10 files\n", "")
    assert check(project, "-q") == (0, "", "")


def test_every_kind_is_reported_with_its_cause_and_the_fix_comes_last(
    drifted: Path, check: Check
) -> None:
    code, out, err = check(drifted)
    assert (code, err) == (1, "")
    *changes, edited, unmarked, foreign, ends, summary, command = out.splitlines()
    form = "only whitespace differs: is a formatter or another hook changing it?"
    found = parse_changes(changes)
    assert {path: kind for path, (kind, _) in found.items()} == {
        "out/docs/models/README.md": "outdated",
        "out/docs/models/gone.md": "orphaned",
        "out/docs/models/new.md": "created",
        "out/docs/models/point.md": "outdated",
        "out/docs/models/queue.md": "edited",
        "out/python/__init__.py": "outdated",
        "out/python/gone.py": "orphaned",
        "out/python/new.py": "foreign",
        "out/python/point.py": "outdated",
        "out/python/queue.py": "line endings",
        "out/python/wire.py": "deleted",
    }
    causes = {kind: cause for kind, cause in found.values() if kind != "outdated"}
    assert causes == {
        "created": "specs/new.yaml is new",
        "edited": f"edited since it was generated; {form}",
        "deleted": "deleted since it was generated",
        "orphaned": "specs/gone.yaml was deleted",
        "foreign": "modelsync did not generate this file",
        "line endings": "has CRLF line endings",
    }
    assert found["out/python/point.py"][1] == "specs/p.yaml changed"
    assert {kind for kind, _ in found.values()} == set(KINDS)
    assert edited.startswith("help: `modelsync generate` overwrites edited files")
    assert unmarked.startswith(
        "help: `modelsync generate` deletes orphaned files without the header"
    )
    assert foreign.startswith("help: move the file, change the `out` of the target, ")
    assert "`modelsync generate --force`" in foreign
    assert ends.endswith(
        "these lines to `.gitattributes`: `out/docs/** text eol=lf`, `out/python/** text eol=lf`"
    )
    assert summary == (
        "11 files differ: 1 created, 4 outdated, 1 edited, 1 deleted, 2 orphaned, 1 foreign,"
        " 1 line endings; 1 in sync"
    )
    assert command == "modelsync generate --force"


def test_quiet_omits_optional_lines(drifted: Path, check: Check) -> None:
    code, out, err = check(drifted, "-q")
    assert (code, err) == (1, "")
    *changes, command = out.splitlines()
    assert len(parse_changes(changes)) == 11
    assert command == "modelsync generate --force"


def test_the_command_at_the_end_is_for_the_same_project_and_targets(
    drifted: Path, check: Check, capsys: Capture
) -> None:
    _, out, _ = check(drifted.parent, "--project", "back end", "docs")
    command = out.splitlines()[-1]
    assert command == "modelsync generate --project 'back end' docs"
    assert run(["generate", "--project", "back end", "docs"]) == 0
    capsys.readouterr()
    assert check(drifted, "docs")[0] == 0


def test_the_help_for_a_link_does_not_suggest_force(drifted: Path, check: Check) -> None:
    for path in (drifted / "out/docs/models").iterdir():
        path.unlink()
    (drifted / "out/docs/models").rmdir()
    (drifted / "out/docs/models").symlink_to(drifted)
    (drifted / "out/python/new.py").unlink()
    code, out, _ = check(drifted)
    assert code == 1
    assert parse_changes([out.splitlines()[0]])["out/docs/models"][0] == "foreign"
    assert "help: move it, or use the real folder as the `out` of the target" in out
    assert "--force" not in out
    summary, command = out.splitlines()[-2:]
    assert "; 4 files cannot be written; " in summary
    assert command == "mv out/docs/models out/docs/models.old && modelsync generate"
    (drifted / "out/docs/models").rename(drifted / "out/docs/models.old")
    assert run(["generate", "-q", "--project", str(drifted)]) == 0


def test_diff_shows_what_generate_would_do(drifted: Path, check: Check) -> None:
    _, out, _ = check(drifted, "--diff")
    assert "--- out/python/point.py\n+++ out/python/point.py\n@@" in out
    assert re.search(r"^-    x: .*\n\+    y: ", out, re.M)
    assert "--- out/docs/models/gone.md\n+++ /dev/null\n" in out
    assert "--- /dev/null\n+++ out/docs/models/new.md\n" in out
    assert "-mine\n" in out
    assert re.search(r"(\d+) of \1 line endings are CRLF instead of LF", out)
    assert re.search(r"^\.\.\. \d+ more lines \(-v shows all\)$", out, re.M)
    assert out.splitlines()[-1] == "modelsync generate --force"
    _, whole, _ = check(drifted, "--diff", "-v")
    assert "more line" not in whole
    assert len(whole.splitlines()) > len(out.splitlines())


def test_problems_are_printed_to_standard_error(wrong: Path, check: Check) -> None:
    code, out, err = check(wrong)
    assert (code, out) == (2, "")
    assert "MS020" in err
    assert "--> specs/p.yaml:2:" in err
    assert err.endswith("\n1 problem; nothing was compared\n")


def outdated(number: int, spec: str = "s.yaml") -> list[Change]:
    cause = Cause(f"{spec} changed", Position(spec, 3, 7))
    return [
        Change(f"out/{spec}-{index:03}", Kind.OUTDATED, (cause,), b"new\n")
        for index in range(number)
    ]


def texts(changes: list[Change], with_diff: bool = False, verbose: bool = False) -> list[str]:
    present = {change.path: b"old\n" * 100 for change in changes}
    return [line.text for line in change_lines(changes, present, lambda _: with_diff, verbose)]


def test_a_long_list_with_one_cause_is_shortened() -> None:
    lines = texts(outdated(1000))
    assert len(lines) == 31
    assert lines[-1] == "... and 970 more outdated: s.yaml:3:7 changed (-v shows all)"
    assert len(texts(outdated(30))) == 30
    assert len(texts(outdated(1000), verbose=True)) == 1000


def test_a_long_list_with_similar_causes_is_shortened() -> None:
    lines = texts([change for index in range(50) for change in outdated(1, f"s{index:02}.yaml")])
    assert len(lines) == 31
    assert lines[-1] == "... and 20 more outdated (-v shows all)"
    edited = Change("out/x", Kind.EDITED, (Cause("edited since it was generated"),), b"new\n")
    assert texts([*outdated(40), edited])[-2].startswith("edited        out/x: ")


def test_the_differences_of_one_run_are_shortened() -> None:
    changes = [change for index in range(20) for change in outdated(1, f"s{index:02}.yaml")]
    lines = texts(changes, with_diff=True)
    diffs = [line for line in lines if not line.startswith(("outdated", "..."))]
    assert 350 < len(diffs) < 450
    assert lines[-1] == "... and the differences in 13 more files (-v shows all)"
    assert len(texts(changes, with_diff=True, verbose=True)) > 20 * 100


def test_many_causes_are_shortened() -> None:
    causes = tuple(Cause(f"cause {number}") for number in range(5))
    change = Change("out/x", Kind.OUTDATED, causes, b"")
    assert because(change) == "cause 0; cause 1; cause 2; and 2 more"
    assert because(change, verbose=True).endswith("cause 3; cause 4")


def test_control_characters_in_causes_are_escaped() -> None:
    cause = Cause("a symbolic link to \x1b[2J\udcff is at this path")
    change = Change("out/x", Kind.FOREIGN, (cause,), b"")
    assert because(change) == "a symbolic link to \\x1b[2J\\udcff is at this path"


def test_a_change_of_only_the_manifest_is_reported(project: Path, check: Check) -> None:
    (project / "modelsync.manifest").unlink()
    for path in project.glob("out/**/*.*"):
        path.unlink()
    assert run(["generate", "-q", "--project", str(project)]) == 0
    manifest = project / "modelsync.manifest"
    manifest.write_text(manifest.read_text("utf-8").replace("# ", "#  ", 1), "utf-8")
    code, out, _ = check(project)
    assert code == 1
    change, summary, command = out.splitlines()
    assert change.startswith("outdated      modelsync.manifest: ")
    assert summary == "only `modelsync.manifest` differs; 10 files in sync"
    assert command == "modelsync generate"
    assert "-#  The files" in check(project, "--diff")[1]


def test_generate_says_that_the_manifest_alone_changed(project: Path, capsys: Capture) -> None:
    config = (project / "modelsync.yaml").read_text("utf-8")
    renamed = config.replace("python: {out", "snake: {target: python, out")
    write(project, {"modelsync.yaml": renamed})
    words = ["generate", "--fail-on-change", "--project", str(project)]
    summary = "0 created, 0 updated, 0 deleted, 10 unchanged; only `modelsync.manifest` changed"
    assert run([*words, "--dry-run"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == f"would be: {summary}"
    assert run([*words, "--diff"]) == 1
    change, *diff, last = capsys.readouterr().out.splitlines()
    assert change.startswith("outdated      modelsync.manifest: ")
    assert '+option snake out "out/python"' in diff
    assert last == summary
    assert run(words) == 0
    assert capsys.readouterr().out == "0 created, 0 updated, 0 deleted, 10 unchanged\n"


def test_an_edited_file_has_the_same_cause_as_others(project: Path, check: Check) -> None:
    """Its own new lines may be those of the edit: here the first one is."""
    spec = "model: Point\nfields:\n  x: {type: float64}\n  y: {type: string}\n"
    write(project, {"specs/p.yaml": spec})
    assert run(["generate", "-q", "--project", str(project)]) == 0
    point = project / "out/python/point.py"
    point.write_text(point.read_text("utf-8").replace("x: ", "xx: "), "utf-8")
    write(project, {"specs/p.yaml": spec.replace("y: {type: string}", "z: {type: bool}")})
    _, out, _ = check(project)
    (page,) = (line for line in out.splitlines() if "point.md: " in line)
    (edited,) = (line for line in out.splitlines() if "point.py: " in line)
    assert page.endswith("specs/p.yaml:4:3 changed")
    assert "edited since it was generated; specs/p.yaml:4:3 changed" in edited


# Generate


def test_generate_shows_what_was_edited_and_where_it_is_now(project: Path, capsys: Capture) -> None:
    page = project / "out/docs/models/point.md"
    page.write_text("mine\n" + page.read_text("utf-8"), "utf-8")
    assert run(["generate", "-q", "--project", str(project)]) == 0
    out = capsys.readouterr().out
    first, *diff, kept = out.splitlines()
    assert first == "edited        out/docs/models/point.md: edited since it was generated"
    assert "-mine" in diff
    path, copy = kept.split(": previous version saved as ")
    assert path == "out/docs/models/point.md"
    assert (project / copy).read_text("utf-8").startswith("mine\n")


def test_generate_lists_at_most_30_copies() -> None:
    kept = {f"out/{number}": f".modelsync/kept/{number}" for number in range(1000)}
    lines = list(changes.backup_lines(kept))
    assert len(lines) == 31
    assert lines[-1] == "... and 970 more copies in `.modelsync/kept`"
    assert len(list(changes.backup_lines(kept, verbose=True))) == 1000


def test_a_dry_run_prints_what_generate_would_print(drifted: Path, capsys: Capture) -> None:
    before = {path: path.read_bytes() for path in drifted.rglob("*") if path.is_file()}
    words = ["generate", "--dry-run", "--project", str(drifted)]
    assert run(words) == 2
    output = capsys.readouterr()
    assert "foreign       out/python/new.py: " in output.out
    assert "MS091" in output.err
    assert run([*words, "--force"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "would be: 2 created, 7 updated, 2 deleted, 1 unchanged"
    )
    assert {path: path.read_bytes() for path in drifted.rglob("*") if path.is_file()} == before


# JSON


def document(check: Check, folder: Path, *arguments: str) -> Any:
    code, out, err = check(folder, "--format", "json", *arguments)
    assert out.isascii()
    found = json.loads(out)
    assert code == {"in sync": 0, "drift": 1, "problems": 2}[found["outcome"]]
    assert err.count("\n") == 1
    return found


PLACE = {
    "path": {"type": ["string", "null"]},
    "line": {"type": ["integer", "null"], "minimum": 1},
    "column": {"type": ["integer", "null"], "minimum": 1},
}


def shape(**properties: Any) -> dict[str, Any]:
    """Return the JSON Schema of an object with these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


CHANGE = shape(
    path={"type": "string"},
    kind={"enum": KINDS},
    edited={"type": "boolean"},
    line=PLACE["line"],
    causes={"type": "array", "minItems": 1, "items": shape(text={"type": "string"}, **PLACE)},
)
PROBLEM = shape(
    code={"type": "string", "pattern": "^MS[0-9]{3}$"},
    text={"type": "string"},
    **PLACE,
    width={"type": "integer"},
    help={"type": ["string", "null"]},
    related={"type": "array", "items": shape(text={"type": "string"}, **PLACE)},
)
DOCUMENT = shape(
    version={"const": 1},
    outcome={"enum": ["in sync", "drift", "problems"]},
    project={"type": "string"},
    counts={
        "anyOf": [
            shape(**{key: {"type": "integer"} for key in ("in sync", *KINDS)}),
            {"type": "null"},
        ]
    },
    changes={"type": "array", "items": CHANGE},
    manifest={"anyOf": [CHANGE, {"type": "null"}]},
    problems={"type": "array", "items": PROBLEM},
    command={"type": ["string", "null"]},
)


@pytest.mark.parametrize("state", ["project", "drifted", "wrong"])
def test_json_has_its_shape(state: str, request: pytest.FixtureRequest, check: Check) -> None:
    found = document(check, request.getfixturevalue(state))
    jsonschema.validate(found, DOCUMENT)
    assert found["project"] == "back end"
    assert (
        found["outcome"] == {"project": "in sync", "drifted": "drift", "wrong": "problems"}[state]
    )


def test_json_has_what_the_text_says(drifted: Path, check: Check, capsys: Capture) -> None:
    found = document(check, drifted)
    assert found["command"] == "modelsync generate --force"
    words = found["command"].split()[1:]
    assert found["counts"] == {
        "in sync": 1,
        "created": 1,
        "outdated": 4,
        "edited": 1,
        "deleted": 1,
        "orphaned": 2,
        "foreign": 1,
        "line endings": 1,
    }
    by_path = {change["path"]: change for change in found["changes"]}
    assert list(by_path) == sorted(by_path)
    point = by_path["out/python/point.py"]
    assert point["kind"] == "outdated"
    assert point["causes"][0]["text"] == "specs/p.yaml changed"
    assert point["causes"][0]["path"] == "specs/p.yaml"
    lines = (drifted / "out/python/point.py").read_text("utf-8").splitlines()
    assert lines[point["line"] - 1] == '_KEYS: Final = ["x"]'
    assert by_path["out/python/new.py"]["edited"]
    assert by_path["out/python/wire.py"]["line"] is None
    assert by_path["out/python/wire.py"]["causes"][0]["path"] is None
    assert found["manifest"]["path"] == "modelsync.manifest"
    assert "diff" not in point
    assert run([*words, "-q"]) == 0  # it fixes all drift, as it reports
    capsys.readouterr()
    assert document(check, drifted)["command"] is None


def test_json_has_whole_differences(drifted: Path, check: Check) -> None:
    found = document(check, drifted, "--diff")
    by_path = {change["path"]: change for change in found["changes"]}
    assert found["manifest"]["line"] == 3
    assert found["manifest"]["diff"].startswith("--- modelsync.manifest\n+++ modelsync.manifest\n")
    assert by_path["out/python/new.py"]["diff"].startswith("--- out/python/new.py\n+++ ")
    assert by_path["out/python/wire.py"]["diff"].count("\n+") > 400
    assert "-# Code" in by_path["out/python/queue.py"]["diff"]
    assert "\r\n" in by_path["out/python/queue.py"]["diff"]


def test_json_has_the_problems(wrong: Path, check: Check) -> None:
    (problem,) = document(check, wrong)["problems"]
    assert problem["code"] == "MS020"
    assert (problem["path"], problem["line"], problem["width"]) == ("specs/p.yaml", 2, 4)
    assert problem["help"] == "did you mean `Point`?"


@pytest.mark.parametrize("format_", ["json", "sarif"])
def test_a_document_is_all_that_is_printed(
    drifted: Path, wrong: Path, check: Check, format_: str
) -> None:
    code, out, err = check(wrong, "--format", format_, "-q")
    json.loads(out)
    assert (code, err) == (2, "")
    code, out, err = check(wrong, "--format", format_, "nosuch")
    json.loads(out)
    assert code == 2
    assert "MS079" in out
    assert err.startswith("2 problems; ")


def test_the_shape_of_json_is_documented(root: Path) -> None:
    page = (root / "docs/check.md").read_text("utf-8")
    (block,) = re.findall(r"```json\n(.*?)```", page, re.S)
    example = json.loads(block)
    for change in (*example["changes"], example["manifest"]):
        del change["diff"]
    jsonschema.validate(example, DOCUMENT)
    keys = {*DOCUMENT["properties"], *CHANGE["properties"], "diff", *PROBLEM["properties"]}
    assert keys <= set(re.findall(r"`(\w+)`", page))
    for kind in KINDS:
        assert f"| `{kind}` |" in page


def test_every_format_is_an_option(project: Path, check: Check) -> None:
    for format_ in CHECK_FORMATS:
        assert check(project, "--format", format_)[0] == 0
    code, _, err = check(project, "--format", "nosuch")
    assert code == 2
    assert all(f"'{format_}'" in err for format_ in CHECK_FORMATS)


# SARIF: what its schema demands of the parts that we write (SARIF 2.1.0, 3.13 and further)


TEXT = shape(text={"type": "string", "minLength": 1})
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
    shortDescription=TEXT,
    fullDescription=TEXT,
    help=shape(text={"type": "string"}, markdown={"type": "string"}),
    defaultConfiguration=shape(level={"const": "error"}),
)
RESULT = shape(
    ruleId={"type": "string"},
    ruleIndex={"type": "integer", "minimum": 0},
    level={"const": "error"},
    message=TEXT,
    locations={"type": "array", "minItems": 1, "items": shape(physicalLocation=PHYSICAL)},
    relatedLocations={
        "type": "array",
        "uniqueItems": True,
        "items": shape(
            id={"type": "integer", "minimum": 1}, physicalLocation=PHYSICAL, message=TEXT
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
    originalUriBaseIds=shape(**{"%SRCROOT%": shape(description=TEXT)}),
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
    (only,) = log["runs"]
    rules = [rule["id"] for rule in only["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in only["results"])
    prints = [(each["ruleId"], *each["partialFingerprints"].values()) for each in only["results"]]
    assert len(set(prints)) == len(prints)
    return only


def test_sarif_of_a_project_in_sync_has_no_result(project: Path, check: Check) -> None:
    found = sarif(check, project)
    assert found["results"] == []
    assert found["invocations"] == [{"executionSuccessful": True}]


def test_sarif_has_every_change(drifted: Path, check: Check) -> None:
    results = sarif(check, drifted)["results"]
    assert {result["ruleId"].replace("-", " ") for result in results} == set(KINDS)
    (point,) = (each for each in results if "out/python/point.py" in each["message"]["text"])
    (location,) = point["locations"]
    place = location["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "back%20end/out/python/point.py"
    (related,) = point["relatedLocations"]
    cause = related["physicalLocation"]
    assert cause["artifactLocation"]["uri"] == "back%20end/specs/p.yaml"
    assert related["message"]["text"] == "specs/p.yaml changed"
    assert point["message"]["text"].endswith("\nfix: modelsync generate --force")


def test_sarif_has_the_problems(wrong: Path, check: Check) -> None:
    found = sarif(check, wrong)
    assert found["invocations"] == [{"executionSuccessful": False}]
    (problem,) = found["results"]
    assert problem["ruleId"] == "MS020"
    assert problem["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "back%20end/specs/p.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 2, "startColumn": 20, "endColumn": 24},
    }


def test_sarif_distinguishes_problems(wrong: Path, check: Check) -> None:
    write(wrong, {"specs/p.yaml": "model: P\nfields: {a: {type: Q}, b: {type: Q}}\n"})
    assert len(sarif(check, wrong)["results"]) == 2


# GitHub


def annotated(out: str) -> list[tuple[dict[str, str], str]]:
    """Return the properties and the text of each annotation, read as GitHub's runner does."""
    found = []
    for line in out.splitlines():
        ((head, message),) = re.findall(r"^::error (.*?)::(.*)$", line)
        properties = dict(each.split("=", 1) for each in head.split(","))
        for escape, char in (
            ("%0D", "\r"),
            ("%0A", "\n"),
            ("%3A", ":"),
            ("%2C", ","),
            ("%25", "%"),
        ):
            properties = {key: text.replace(escape, char) for key, text in properties.items()}
            if char not in ":,":
                message = message.replace(escape, char)
        found.append((properties, message))
    return found


def test_github_has_nothing_to_annotate_in_sync(project: Path, check: Check) -> None:
    assert check(project, "--format", "github") == (0, "", "in sync: 10 files\n")


def test_github_annotates_the_files_and_what_has_caused_it(drifted: Path, check: Check) -> None:
    code, out, err = check(drifted, "--format", "github")
    assert code == 1
    found = annotated(out)
    files = [properties["file"] for properties, _ in found]
    assert len({(each["file"], each["line"], each["col"]) for each, _ in found}) == len(found)
    assert set(parse_changes(check(drifted, "-q")[1].splitlines()[:-1])) == {
        path.removeprefix("back end/") for path in files if "/specs/" not in path
    }
    caused = [each for each in found if each[0]["file"] == "back end/specs/p.yaml"]
    assert all(each["title"].endswith(" out of date") for each, _ in caused)
    assert all(text.endswith("\nfix: modelsync generate --force") for _, text in caused)
    assert any("\n- out/python/point.py\n" in text for _, text in caused)
    # GitHub shows ten: each kind of drift is among them, and a place that has caused one.
    assert {each["title"].removeprefix("modelsync: ") for each, _ in found[:10]} >= set(KINDS)
    assert any("/specs/" in path for path in files[:10])
    assert err == check(drifted)[1]


def test_github_annotates_problems(wrong: Path, check: Check) -> None:
    code, out, err = check(wrong, "--format", "github")
    assert code == 2
    assert annotated(out) == [
        (
            {
                "title": "modelsync: MS020",
                "file": "back end/specs/p.yaml",
                "line": "2",
                "col": "20",
                "endColumn": "24",
            },
            "unknown type or definition `Pont`\nhelp: did you mean `Point`?",
        )
    ]
    assert err == check(wrong)[2]


def test_github_annotations_are_escaped() -> None:
    cause = Cause("100%, a: b\r\n::set-env\x1b", Position("a%,b:c.yaml", 2, 3))
    change = Change("out/x", Kind.OUTDATED, (cause,), b"")
    found = Report(plan=Plan((change,), 0))
    out = annotations_text(found)
    assert "file=a%25%2Cb%3Ac.yaml,line=2,col=3::100%25, a: b\\r\\n::set-env\\x1b (" in out
    assert [each["file"] for each, _ in annotated(out)] == ["out/x", "a%,b:c.yaml"]


def test_no_line_of_the_log_is_a_command(drifted: Path, check: Check) -> None:
    write(drifted, {"out/python/point.py": "  ::stop-commands::x\n##[add-mask]x\n"})
    _, _, err = check(drifted, "--format", "github", "--diff")
    assert "-  ::stop-commands::x" in err
    lines = [
        changes.Line(" ::debug::x"),
        changes.Line("MS000 what\n  ::debug::x"),
        changes.Line("+##[debug]x"),
        changes.Line("a::b"),
    ]
    assert [line.text for line in harmless(lines)] == [
        " \\x3a:debug::x",
        "MS000 what\n  \\x3a:debug::x",
        "+#\\x23[debug]x",
        "a::b",
    ]
    assert "##[" not in err


def test_github_gets_at_most_50_annotations() -> None:
    found = Report(plan=Plan(tuple(outdated(300)), 0))
    assert annotations_text(found).count("\n") == 49
    assert list(report_lines(found))[-1].text == "modelsync generate"


# The root of the repository


@pytest.mark.parametrize(
    ("workspace", "prefix"),
    [("", "back end"), ("{repository}", "back end"), ("{above}", "root/back end")],
)
def test_paths_are_relative_to_the_repository(
    project: Path, check: Check, monkeypatch: pytest.MonkeyPatch, workspace: str, prefix: str
) -> None:
    root = project.parent / "root"
    root.mkdir()
    (project.parent / ".git").rename(root / ".git")
    moved = project.rename(root / project.name)
    place = workspace.format(repository=root, above=root.parent)
    monkeypatch.setenv("GITHUB_WORKSPACE", place)
    _, out, _ = check(moved, "--format", "json")
    assert json.loads(out)["project"] == prefix


def test_a_workspace_elsewhere_is_ignored(
    project: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(project / "specs"))
    assert document(check, project)["project"] == "back end"
    (project / ".git").write_text("gitdir: elsewhere\n")  # as in a worktree
    assert document(check, project)["project"] == "."
