"""`modelsync breaking`: what it compares with, prints and returns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.projects import write
from helpers.repositories import commit_all, git, new_repository
from modelsync.cli import run

CONFIG = "targets:\n  python: {out: generated/python}\n"
OLD = "model: User\nfields:\n  age: {type: int32}\n"
NEW = (
    "model: User\nfields:\n  age: {type: int64}\n  name: {type: string, description: Their name.}\n"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose last commit has the old spec, and its folder the new one."""
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    folder = new_repository(tmp_path / "project")
    write(folder, {"modelsync.yaml": CONFIG, "specs/user.yaml": OLD})
    commit_all(folder)
    write(folder, {"specs/user.yaml": NEW})
    monkeypatch.chdir(folder)
    return folder


def test_shows_the_document_that_old_code_refuses(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["breaking", "--against", "main"]) == 1
    output = capsys.readouterr().out
    commit = git(project, "rev-parse", "HEAD")[:12]
    assert "field-type-widened `age`" in output
    assert "was `int32`, is `int64`" in output
    assert f"was at {commit}:specs/user.yaml:3:15" in output
    assert '{"age": 3000000000}' in output
    assert "age: expected a 32-bit integer, found 3000000000" in output


def test_nothing_breaks_against_the_same_specs(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit_all(project)
    assert run(["breaking", "--against", "HEAD"]) == 0
    assert capsys.readouterr().out.startswith("no changes since ")
    assert run(["breaking", "--against", "HEAD~1"]) == 1


def test_a_new_optional_field_does_not_count(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, {"specs/user.yaml": OLD + "  name: {type: string}\n"})
    assert run(["breaking", "--against", "HEAD"]) == 0
    assert "1 change since" in (output := capsys.readouterr().out)
    assert "none of which breaks anything; -v also shows 1" in output
    assert run(["breaking", "--against", "HEAD", "-v"]) == 0
    assert "field-added `name`" in (output := capsys.readouterr().out)
    assert "silent: documents are accepted" in output
    assert run(["breaking", "--against", "HEAD", "--changelog"]) == 0
    assert capsys.readouterr().out.startswith("Version step for documents: **minor**")


def test_compares_with_a_folder_outside_git(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "before", {"a/modelsync.yaml": CONFIG, "a/specs/user.yaml": OLD})
    for against in ("../before/a", "../before#a"):
        assert run(["breaking", "--against", against]) == 1
        assert "was at ../before/a/specs/user.yaml:3:15" in capsys.readouterr().out


def test_compares_with_the_folder_that_the_project_was_in(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, {"specs/user.yaml": OLD})
    git(project, "tag", "before")
    (project / "models").mkdir()
    git(project, "mv", "modelsync.yaml", "specs", "models")
    write(project, {"models/specs/user.yaml": NEW})
    arguments = ["breaking", "--project", "models", "--against"]
    assert run([*arguments, "before"]) == 2
    assert "help: pass `--against before#.`" in capsys.readouterr().err
    assert run([*arguments, "before#."]) == 1
    assert "field-type-widened" in capsys.readouterr().out


def test_json_has_both_positions_and_the_document(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["breaking", "--against", "main", "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["outcome"], document["step"]) == ("breaking", "major")
    change = next(each for each in document["changes"] if each["rule"] == "field-type-widened")
    assert (change["line"], change["oldPosition"]["line"]) == (3, 3)
    (broken,) = change["breaks"]
    assert broken["axis"] == "old-readers"
    assert json.loads(broken["document"])["age"] == 3_000_000_000


def test_sarif_and_github_name_the_rule(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["breaking", "--against", "main", "--format", "sarif"]) == 1
    (log,) = json.loads(capsys.readouterr().out)["runs"]
    first = log["results"][0]
    assert first["ruleId"] == log["tool"]["driver"]["rules"][first["ruleIndex"]]["id"]
    assert first["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 3
    assert run(["breaking", "--against", "main", "--format", "github"]) == 1
    output = capsys.readouterr().out
    assert "::error title=modelsync%3A field-type-widened,file=specs/user.yaml,line=3" in output


def test_a_changelog_has_the_step(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {"specs/user.yaml": OLD.replace("int32}", "int32, description: In years.}")})
    assert run(["breaking", "--against", "main", "--changelog"]) == 0
    assert capsys.readouterr().out == (
        "Version step for documents: **patch**\n\n### `User`\n\n"
        "- `age`: What is said about a field has changed.\n"
    )


def test_goes_on_with_the_valid_part_of_the_old_specs(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, {"specs/user.yaml": OLD, "specs/bad.yaml": "model: Bad\nfields: 1\n"})
    commit = commit_all(project)[:12]
    write(project, {"specs/user.yaml": NEW, "specs/bad.yaml": "model: Bad\nfields: {}\n"})
    assert run(["breaking", "--against", "HEAD"]) == 1
    captured = capsys.readouterr()
    assert f"MS157 1 problem in the project at commit `{commit}`" in captured.err
    assert f"{commit}:specs/bad.yaml:2:9" in captured.err
    assert "field-type-widened" in captured.out


def test_a_shallow_clone_gets_help_to_fetch(
    project: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commit_all(project)
    git(tmp_path, "clone", "--quiet", "--depth", "1", project.as_uri(), "clone")
    monkeypatch.chdir(tmp_path / "clone")
    assert run(["breaking", "--against", "HEAD~1"]) == 2
    error = capsys.readouterr().err
    assert "MS154 unknown revision `HEAD~1`" in error
    assert "run `git fetch --unshallow`" in error


@pytest.mark.parametrize("against", ["--output=x", "-h", "", "a\nb", "main\0"])
def test_a_revision_is_never_an_option_of_git(
    project: Path, against: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["breaking", f"--against={against}"]) == 2
    assert "MS15" in capsys.readouterr().err


def test_a_project_whose_root_is_above_its_config(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = "root: ..\nspecs: ../specs\ntargets:\n  python: {out: ../generated/python}\n"
    git(project, "rm", "--quiet", "--cached", "modelsync.yaml")
    (project / "modelsync.yaml").unlink()
    write(project, {"config/modelsync.yaml": config, "specs/user.yaml": OLD})
    commit_all(project)
    write(project, {"specs/user.yaml": NEW})
    arguments = ["breaking", "--project", "config", "--against"]
    assert run([*arguments, "main"]) == 1
    assert ":specs/user.yaml:3:15" in capsys.readouterr().out
    assert run([*arguments, "mian"]) == 2
    assert " --> config/modelsync.yaml:1:1" in capsys.readouterr().err
