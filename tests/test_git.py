"""`--tracked`: what git has of the generated files, as `check` and `generate` say it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from modelsync.cli import run
from projects import write
from repositories import commit_all, git, new_repository

CONFIG = "targets: {docs: {target: markdown, notation: go, out: out/docs}}\n"
SPEC = "model: Point\nfields: {x: {type: float64}}\n"
PAGE = "out/docs/models/point.md"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository without a commit, the folder in which everything here runs."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)  # these tests may run in a hook themselves
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = new_repository(tmp_path / "repository")
    monkeypatch.chdir(folder)
    write(folder, {"modelsync.yaml": CONFIG, "specs/point.yaml": SPEC})
    assert run(["generate", "-q"]) == 0
    return folder


def told_by(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    capsys.readouterr()
    return run(arguments), capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("command", ["generate", "check"])
def test_what_git_lacks_is_named(
    repository: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert told_by([command, "--tracked"], capsys) == (
        1,
        [
            "untracked  modelsync.manifest: git does not have it",
            "untracked  out/docs/models/README.md: git does not have it",
            f"untracked  {PAGE}: git does not have it",
            "git add -- modelsync.manifest out/docs",
        ],
    )
    git(repository, "add", "modelsync.manifest", "out/docs")
    assert told_by([command, "--tracked"], capsys) == (0, [])


def test_a_long_list_is_cut(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    specs = {f"specs/m{n}.yaml": SPEC.replace("Point", f"M{n}") for n in range(30)}
    write(repository, specs)
    assert run(["generate", "-q"]) == 0
    _, told = told_by(["check", "-q", "--tracked"], capsys)
    assert told[-2:] == ["... and 3 more (-v names all)", "git add -- modelsync.manifest out/docs"]
    assert len(told) == 32
    _, told = told_by(["check", "-v", "--tracked"], capsys)
    assert len(told) == 34


def test_what_git_has_left_over_is_named(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository, {"specs/line.yaml": SPEC.replace("Point", "Line")})
    assert run(["generate", "-q"]) == 0
    commit_all(repository)
    (repository / "specs/line.yaml").unlink()
    code, told = told_by(["generate", "-q", "--tracked"], capsys)
    assert code == 1
    assert told == [
        "left over  out/docs/models/line.md: git has it, and no spec wants it any more",
        "git add -- modelsync.manifest out/docs",
    ]
    git(repository, "add", "modelsync.manifest", "out/docs")
    assert told_by(["generate", "-q", "--tracked"], capsys) == (0, [])


def test_what_takes_the_place_of_a_generated_file_is_not_left_over(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository, {"specs/line.yaml": SPEC.replace("Point", "Line")})
    assert run(["generate", "-q"]) == 0
    commit_all(repository)
    (repository / "specs/line.yaml").unlink()
    assert run(["generate", "-q"]) == 0
    git(repository, "add", "--update", "modelsync.manifest", "out/docs/models/README.md")
    monkeypatch.chdir(repository / "specs")
    assert told_by(["check", "--tracked"], capsys)[0] == 1
    write(repository, {"out/docs/models/line.md": "# Written by hand\n"})
    assert told_by(["check", "--tracked"], capsys) == (0, [])


def test_a_target_that_is_gone_is_left_over_file_by_file(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit_all(repository)
    write(repository, {"modelsync.yaml": CONFIG.replace("out/docs", "docs")})
    code, told = told_by(["generate", "-q", "--tracked"], capsys)
    assert code == 1
    cure = f"git add -- docs modelsync.manifest out/docs/models/README.md {PAGE}"
    assert told[-1] == cure
    git(repository, *cure.split()[1:])
    assert told_by(["generate", "-q", "--tracked"], capsys) == (0, [])


def test_paths_are_as_they_are_called_here(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository / "specs")
    code, told = told_by(["check", "--tracked"], capsys)
    assert code == 1
    assert told[-1] == "git add -- ../modelsync.manifest ../out/docs"
    git(repository / "specs", *told[-1].split()[1:])
    assert told_by(["check", "--tracked"], capsys) == (0, [])


def test_a_manifest_of_the_last_commit_that_cannot_be_read_is_none(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository, {"modelsync.manifest": "nonsense\n"})
    commit_all(repository)
    (repository / "modelsync.manifest").unlink()
    assert run(["generate", "-q"]) == 0
    assert told_by(["check", "--tracked"], capsys) == (0, [])


def test_without_git_it_cannot_be_said(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", "")
    code, told = told_by(["check", "--tracked"], capsys)
    assert code == 2
    assert told[-1] == "Error: --tracked: there is no git on PATH"
    monkeypatch.setenv("PATH", path)
    (repository / ".git").rename(repository / "no longer")
    code, told = told_by(["check", "--tracked"], capsys)
    assert code == 2
    assert "not a git repository" in told[-1]
