"""Warnings: every command and format shows them, and nothing fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.drift import Check
from helpers.projects import write
from modelsync.cli import run

SPEC = """\
model: Point
fields:
  slow: {type: 'list[int64] | string', pattern: '^a*a*$'}
  limited: {type: string, pattern: '^a*a*$', maxLength: 100}
  fast: {type: string, pattern: '^a*b*$'}
"""
TEXT = """\
warning: MS051 this pattern may take very long for long strings
 --> specs/p.yaml:3:49
  |
3 |   slow: {type: 'list[int64] | string', pattern: '^a*a*$'}
  |                                                 ^^^^^^^^
  |
  = help: add `maxLength`, which generated code checks before the pattern

"""


@pytest.fixture
def warned(project: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The project with a slow pattern, in sync."""
    write(project, {"specs/p.yaml": SPEC})
    assert run(["generate", "--project", str(project)]) == 0
    assert TEXT in capsys.readouterr().err
    assert run(["generate", "-q", "--project", str(project)]) == 0
    assert capsys.readouterr().err == ""
    return project


def test_text_has_warnings(warned: Path, check: Check) -> None:
    code, out, _ = check(warned)
    assert code == 0
    assert out.startswith(TEXT)
    assert check(warned, "-q") == (0, "", "")


def test_json_and_sarif_have_warnings(warned: Path, check: Check) -> None:
    code, out, _ = check(warned, "--format", "json")
    (warning,) = json.loads(out)["warnings"]
    assert (code, warning["code"], warning["line"]) == (0, "MS051", 3)
    code, out, _ = check(warned, "--format", "sarif")
    (result,) = json.loads(out)["runs"][0]["results"]
    assert (code, result["ruleId"], result["level"]) == (0, "MS051", "warning")


def test_github_has_warnings(warned: Path, check: Check) -> None:
    code, out, _ = check(warned, "--format", "github")
    assert code == 0
    assert out.startswith("::warning title=modelsync%3A MS051,file=back end/specs/p.yaml,line=3,")


def test_only_the_first_warnings_are_shown(project: Path, check: Check) -> None:
    fields = "".join(f"  f{number}: {{type: string, pattern: 'a+b'}}\n" for number in range(12))
    write(project, {"specs/p.yaml": f"model: Point\nfields:\n{fields}"})
    _, out, _ = check(project)
    assert out.count("warning: ") == 10
    assert "... and 2 more warnings (-v shows all)\n" in out
    _, out, _ = check(project, "-v")
    assert out.count("warning: ") == 12
