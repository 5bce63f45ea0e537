"""`check --format github`."""

from __future__ import annotations

import re
from pathlib import Path

from helpers.drift import KINDS, Check, outdated
from helpers.projects import write
from modelsync.errors import Position
from modelsync.plan.changes import Cause, Change, Kind, Plan
from modelsync.report import changes
from modelsync.report.changes import Report, report_lines
from modelsync.report.github import annotations_text, harmless


def annotated(out: str) -> list[tuple[dict[str, str], str]]:
    """Return the properties and the text of each annotation, read as GitHub's runner does."""
    escapes = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))
    annotations = []
    for line in out.splitlines():
        ((head, message),) = re.findall(r"^::error (.*?)::(.*)$", line)
        properties = dict(each.split("=", 1) for each in head.split(","))
        for escape, char in escapes:
            properties = {key: text.replace(escape, char) for key, text in properties.items()}
            if char not in ":,":
                message = message.replace(escape, char)
        annotations.append((properties, message))
    return annotations


def test_github_has_nothing_to_annotate_in_sync(project: Path, check: Check) -> None:
    assert check(project, "--format", "github") == (0, "", "in sync: 11 files\n")


def test_the_first_ten_annotations_show_each_kind_of_drift_and_a_cause(
    drifted: Path, check: Check
) -> None:
    """GitHub shows only ten. tests/reports/check-github.txt has them all."""
    code, out, err = check(drifted, "--format", "github")
    assert code == 1
    annotations = [properties for properties, _ in annotated(out)]
    first = annotations[:10]
    assert {each["title"].removeprefix("modelsync: ") for each in first} >= set(KINDS)
    assert "back end/specs/new.yaml" in {each["file"] for each in first}
    positions = {(each["file"], each["line"], each["col"]) for each in annotations}
    assert len(positions) == len(annotations)
    assert err == check(drifted)[1]


def test_github_annotations_are_escaped() -> None:
    cause = Cause("100%, a: b\r\n::set-env\x1b", Position("a%,b:c.yaml", 2, 3))
    change = Change("out/x", Kind.OUTDATED, (cause,), b"")
    text = r"100%25, a: b\r\n::set-env\x1b (a%25,b:c.yaml:2:3)"
    assert annotations_text(Report(plan=Plan((change,), 0))).splitlines() == [
        "::error title=modelsync%3A outdated,file=out/x,line=1,col=1::"
        f"{text}%0Afix: modelsync generate",
        "::error title=modelsync%3A 1 generated file out of date,"
        "file=a%25%2Cb%3Ac.yaml,line=2,col=3::"
        f"{text}; out of date because of it:%0A- out/x%0Afix: modelsync generate",
    ]


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
    report = Report(plan=Plan(tuple(outdated(300)), 0))
    annotations = annotations_text(report).splitlines()
    assert len(annotations) == 50
    assert annotations[-1] == (
        "::notice title=modelsync::300 files differ: 300 outdated; 0 in sync;"
        " see the log of this step"
    )
    assert [line.text for line in report_lines(report)][-1] == "modelsync generate"
