"""What all formats of `check` have in common."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.drift import Check
from modelsync.report.check_formats import CHECK_FORMATS


def test_every_format_is_an_option(project: Path, check: Check) -> None:
    for format_ in CHECK_FORMATS:
        assert check(project, "--format", format_)[0] == 0
    code, _, err = check(project, "--format", "nosuch")
    assert code == 2
    assert err.splitlines()[-1] == (
        "Error: Invalid value for '--format': 'nosuch' is not one of"
        " 'text', 'json', 'github', 'sarif'."
    )


@pytest.mark.parametrize("format_", ["json", "sarif"])
def test_standard_output_has_only_the_document(wrong: Path, check: Check, format_: str) -> None:
    code, out, err = check(wrong, "--format", format_, "-q")
    assert (code, err) == (2, "")
    assert json.loads(out)
    code, out, err = check(wrong, "--format", format_, "nosuch")
    assert (code, err) == (2, "2 problems; nothing was compared\n")
    assert json.loads(out)
    assert "MS079" in out


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
    _, out, _ = check(project, "--format", "json")
    assert json.loads(out)["project"] == "back end"
    (project / ".git").write_text("gitdir: elsewhere\n")  # as in a worktree
    _, out, _ = check(project, "--format", "json")
    assert json.loads(out)["project"] == "."
