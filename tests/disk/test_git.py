"""`--tracked`: what `check` and `generate` report about a project in git."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest

from helpers.projects import write
from helpers.repositories import attempt, commit_all, environment, git, new_repository
from modelsync.cli import run
from modelsync.disk import git as git_

pytestmark = pytest.mark.posix

CONFIG = "targets: {docs: {target: sdk-docs, notation: go, out: out/docs}}\n"
SPEC = "model: Point\nfields: {x: {type: float64}}\n"
OTHER = SPEC.replace("Point", "Line")
PAGE = "out/docs/models/point.md"
INDEX = "out/docs/models/README.md"
MORE_CONFIG = CONFIG.replace("{docs", "{python: {out: out/python}, docs")
STAGED: tuple[int, list[str]] = (0, [])


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository without a commit, the folder in which everything here runs."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)  # these tests may run in a hook
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = new_repository(tmp_path / "repository")
    monkeypatch.chdir(folder)
    write(folder, {"modelsync.yaml": CONFIG, "specs/point.yaml": SPEC})
    assert run(["generate", "-q"]) == 0
    return folder


@pytest.fixture
def committed(repository: Path) -> Path:
    """The same repository, with all of it committed."""
    commit_all(repository)
    return repository


def run_lines(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    capsys.readouterr()
    return run(arguments), capsys.readouterr().err.splitlines()


def tracked(capsys: pytest.CaptureFixture[str], command: str = "check") -> tuple[int, list[str]]:
    return run_lines([command, "-q", "--tracked"], capsys)


def obey(folder: Path, result: list[str]) -> None:
    """Run the command that was printed last, as a user would."""
    succeeded, output = attempt(folder, "sh", "-c", result[-1], env=environment())
    assert succeeded, output


def clone_is_in_sync(folder: Path) -> bool:
    """Whether what is staged is a project in sync, once it is committed and cloned."""
    git(folder, "commit", "--quiet", "--no-verify", "--allow-empty", "--message", "a change")
    clone = folder.parent / "clone"
    git(folder, "clone", "--quiet", ".", str(clone))
    return run(["check", "-q", "--project", str(clone)]) == 0


@pytest.mark.parametrize("command", ["generate", "check"])
def test_untracked_files_are_listed(
    repository: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    cure = "git add -- modelsync.manifest modelsync.yaml out/docs specs/point.yaml"
    assert run_lines([command, "--tracked"], capsys) == (
        1,
        [
            "untracked  modelsync.manifest: not tracked by git",
            "untracked  modelsync.yaml: not tracked by git",
            f"untracked  {INDEX}: not tracked by git",
            f"untracked  {PAGE}: not tracked by git",
            "untracked  specs/point.yaml: not tracked by git",
            cure,
        ],
    )
    obey(repository, [cure])
    assert run_lines([command, "--tracked"], capsys) == STAGED
    assert clone_is_in_sync(repository)


def test_untracked_specs_and_templates_are_listed(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", "-q", "--eject", "sdk-docs"]) == 0
    write(committed, {"specs/line.yaml": OTHER, "specs/notes.txt": "", "templates/go/x": ""})
    assert run(["generate", "-q"]) == 0
    git(committed, "add", "out", "modelsync.manifest")
    code, result = tracked(capsys)
    assert code == 1
    assert "untracked  specs/line.yaml: not tracked by git" in result
    assert "untracked  templates/sdk-docs/page.md.j2: not tracked by git" in result
    assert not any(other in line for line in result for other in ("notes.txt", "templates/go"))
    obey(committed, result)
    assert tracked(capsys) == STAGED
    assert clone_is_in_sync(committed)


@pytest.mark.parametrize("forgotten", ["specs", "out", "modelsync.manifest", "modelsync.yaml"])
def test_files_that_differ_from_the_index_are_listed(
    committed: Path, capsys: pytest.CaptureFixture[str], forgotten: str
) -> None:
    config = CONFIG.replace("notation: go", "notation: python")
    write(committed, {"specs/point.yaml": SPEC.replace("x:", "y:"), "modelsync.yaml": config})
    assert run(["generate", "-q"]) == 0
    git(committed, "add", "--all")
    git(committed, "reset", "--quiet", "--", forgotten)
    code, result = tracked(capsys)
    assert code == 1
    *files, _ = result
    assert files
    for line in files:
        assert line.startswith(f"unstaged   {forgotten}")
        assert line.endswith(": the staged version is out of date")
    obey(committed, result)
    assert tracked(capsys) == STAGED
    assert clone_is_in_sync(committed)


def test_a_deleted_spec_that_is_still_staged_is_listed(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(committed, {"specs/line.yaml": OTHER})
    assert run(["generate", "-q"]) == 0
    commit_all(committed)
    (committed / "specs/line.yaml").unlink()
    assert run(["generate", "-q"]) == 0
    git(committed, "add", "out", "modelsync.manifest")
    result = ["unstaged   specs/line.yaml: deleted, but still staged"]
    assert tracked(capsys) == (1, [*result, "git add -- specs/line.yaml"])
    obey(committed, ["git add -- specs/line.yaml"])
    assert tracked(capsys) == STAGED
    assert clone_is_in_sync(committed)


HOOK = "exec modelsync check -q --tracked"


def commit(folder: Path, *words: str) -> tuple[bool, str]:
    """Commit with the hook of docs/ci.md."""
    write(folder, {".git/hooks/pre-commit": f"#!/bin/sh\n{HOOK}\n"})
    (folder / ".git/hooks/pre-commit").chmod(0o755)
    program = Path(sys.executable).parent
    env = environment({"PATH": f"{program}{os.pathsep}{os.environ['PATH']}"})
    return attempt(folder, "git", "commit", "--quiet", "--message", "a change", *words, env=env)


@pytest.mark.slow
def test_a_hook_sees_what_is_not_staged(committed: Path) -> None:
    write(committed, {"specs/point.yaml": SPEC.replace("x:", "y:")})
    assert run(["generate", "-q"]) == 0
    git(committed, "add", "specs")
    passed, result = commit(committed)
    assert not passed
    assert f"unstaged   {PAGE}: the staged version is out of date" in result
    assert "help: this commit" not in result
    obey(committed, result.splitlines())
    assert commit(committed) == (True, "")
    assert clone_is_in_sync(committed)


@pytest.mark.slow
def test_a_hook_passes_commits_outside_the_project(committed: Path) -> None:
    """Unfinished work that is not in the commit does not matter."""
    write(committed, {"specs/point.yaml": SPEC.replace("x:", "y:"), "notes.txt": "mine\n"})
    assert run(["generate", "-q"]) == 0
    git(committed, "add", "notes.txt")
    assert commit(committed) == (True, "")
    assert commit(committed, "--all")[0]
    assert clone_is_in_sync(committed)


@pytest.mark.slow
def test_a_commit_of_some_paths_is_checked_against_its_index(committed: Path) -> None:
    """Git creates such a commit from a separate index, without other staged files."""
    write(committed, {"specs/point.yaml": SPEC.replace("x:", "y:")})
    assert run(["generate", "-q"]) == 0
    git(committed, "add", "--all")
    passed, result = commit(committed, "specs")
    assert not passed
    assert f"unstaged   {PAGE}: the staged version is out of date" in result
    assert "help: this commit only has the paths passed to `git commit`" in result
    obey(committed, result.splitlines())
    assert commit(committed) == (True, "")
    assert clone_is_in_sync(committed)


def test_a_long_list_is_shortened(committed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(committed, {f"specs/m{n}.yaml": SPEC.replace("Point", f"M{n}") for n in range(32)})
    assert run(["generate", "-q"]) == 0
    git(committed, "add", "specs")
    git(committed, "commit", "--quiet", "--message", "specs")
    _, result = run_lines(["check", "-q", "--tracked"], capsys)
    assert result[-2:] == [
        "... and 4 more (-v shows all)",
        "git add -- modelsync.manifest out/docs",
    ]
    assert len(result) == 32
    _, result = run_lines(["check", "-v", "--tracked"], capsys)
    assert len(result) == 35


def test_left_over_files_in_git_are_listed(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(committed, {"specs/line.yaml": OTHER})
    assert run(["generate", "-q"]) == 0
    commit_all(committed)
    git(committed, "rm", "--quiet", "specs/line.yaml")
    code, result = tracked(capsys, "generate")
    assert code == 1
    assert result == [
        "unstaged   modelsync.manifest: the staged version is out of date",
        f"unstaged   {INDEX}: the staged version is out of date",
        "left over  out/docs/models/line.md: still in git, but no longer generated",
        "git add -- modelsync.manifest out/docs",
    ]
    obey(committed, result)
    assert tracked(capsys, "generate") == STAGED


def test_an_existing_left_over_file_should_be_removed(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file without the header is unknown once the manifest does not list it."""
    config = MORE_CONFIG.replace("python: {out", "typescript: {package: true, out")
    write(committed, {"modelsync.yaml": config})
    assert run(["generate", "-q"]) == 0
    package = (committed / "out/python/package.json").read_bytes()
    commit_all(committed)
    write(committed, {"modelsync.yaml": config.replace("package: true, ", "")})
    assert run(["generate", "-q"]) == 0
    (committed / "out/python/package.json").write_bytes(package)
    git(committed, "add", "--all")
    code, result = tracked(capsys)
    assert code == 1
    assert result[-1] == "git rm -- out/python/package.json"
    obey(committed, result)
    assert tracked(capsys) == STAGED


def test_a_file_that_replaces_a_generated_one_is_not_left_over(
    committed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(committed, {"specs/line.yaml": OTHER})
    assert run(["generate", "-q"]) == 0
    commit_all(committed)
    (committed / "specs/line.yaml").unlink()
    assert run(["generate", "-q"]) == 0
    git(committed, "add", "--update", "specs", "modelsync.manifest", INDEX)
    (committed / "specs").mkdir(exist_ok=True)
    monkeypatch.chdir(committed / "specs")
    assert tracked(capsys)[0] == 1
    write(committed, {"out/docs/models/line.md": "# Written by hand\n"})
    assert tracked(capsys) == STAGED


def test_a_file_that_was_staged_but_never_committed_is_left_over(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(committed, {"specs/line.yaml": OTHER})
    assert run(["generate", "-q"]) == 0
    git(committed, "add", "--all")
    git(committed, "rm", "--quiet", "-f", "specs/line.yaml")
    assert run(["generate", "-q"]) == 0
    code, result = tracked(capsys)
    assert code == 1
    assert "left over  out/docs/models/line.md" in "\n".join(result)
    obey(committed, result)
    assert tracked(capsys) == STAGED
    assert clone_is_in_sync(committed)


def test_the_files_of_a_removed_target_are_left_over(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(committed, {"modelsync.yaml": CONFIG.replace("out/docs", "docs")})
    code, result = tracked(capsys, "generate")
    assert code == 1
    assert result[-1] == "git add -- docs modelsync.manifest modelsync.yaml"
    assert (committed / PAGE).exists(), "nothing outside the output folders is deleted"
    git(committed, "rm", "-q", INDEX, PAGE)
    obey(committed, result)
    assert tracked(capsys, "generate") == STAGED


def test_only_files_of_modelsync_are_staged(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(committed, {"out/docs/.env": "secret\n", "specs/line.yaml": OTHER})
    code, result = tracked(capsys, "generate")
    assert code == 1
    assert shlex.split(result[-1])[3:] == [
        "modelsync.manifest",
        INDEX,
        "out/docs/models/line.md",
        "specs/line.yaml",
    ]
    obey(committed, result)
    assert ".env" not in git(committed, "ls-files")
    assert tracked(capsys) == STAGED


def test_files_that_were_never_tracked_are_not_left_over(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(committed, {"modelsync.yaml": MORE_CONFIG})
    assert run(["generate", "-q"]) == 0
    write(committed, {"modelsync.yaml": CONFIG})
    code, result = tracked(capsys, "generate")
    assert code == 1
    assert "delete the file yourself if it is not needed" in result[-1]
    assert "git add" not in "".join(result)
    assert tracked(capsys, "generate") == STAGED


def test_with_drift_nothing_should_be_staged(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(committed, {PAGE: "# Edited by hand\n", "specs/line.yaml": OTHER})
    capsys.readouterr()
    assert run(["check", "--tracked"]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == "modelsync generate --tracked"
    assert "git add" not in out + err
    code, result = run_lines(["generate", "-q", "--tracked"], capsys)
    assert code == 1
    obey(committed, result)
    assert tracked(capsys) == STAGED
    assert clone_is_in_sync(committed)


def test_paths_are_relative_to_the_current_folder(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository / "specs")
    code, result = tracked(capsys)
    assert code == 1
    cure = "git add -- ../modelsync.manifest ../modelsync.yaml ../out/docs point.yaml"
    assert result[-1] == cure
    obey(repository / "specs", result)
    assert tracked(capsys) == STAGED


def test_a_project_is_found_in_its_repository_from_anywhere(
    tmp_path: Path,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["check", "-q", "--tracked", "--project", "repository"]
    code, result = run_lines(words, capsys)
    assert code == 1
    assert "untracked  specs/point.yaml: not tracked by git" in result
    obey(tmp_path, result)
    assert run_lines(words, capsys) == STAGED


def test_an_invalid_manifest_in_the_last_commit_is_ignored(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository, {"modelsync.manifest": "nonsense\n"})
    commit_all(repository)
    (repository / "modelsync.manifest").unlink()
    assert run(["generate", "-q"]) == 0
    git(repository, "add", "modelsync.manifest")
    assert tracked(capsys) == STAGED


def test_ignored_files_are_skipped(committed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(committed, {".git/info/exclude": "*/docs/models/line.md\n", "specs/line.yaml": OTHER})
    assert run(["generate", "-q"]) == 0
    git(committed, "add", "--all")
    assert tracked(capsys) == STAGED


def test_without_git_tracked_is_an_error(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", "")
    code, result = run_lines(["check", "--tracked"], capsys)
    assert code == 2
    assert result[-1] == "Error: --tracked: git is not on PATH"
    monkeypatch.setenv("PATH", path)
    (repository / ".git").rename(repository / "no longer")
    code, result = run_lines(["check", "--tracked"], capsys)
    assert code == 2
    assert "not a git repository" in result[-1]


# --- Repositories whose configs name programs ---


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


def booby_trap(config: Path, canary: Path) -> None:
    with config.open("a") as file:
        file.write(f'[core]\n\tfsmonitor = "touch {canary}; false"\n\thooksPath = hooks\n')


@pytest.mark.parametrize("knows_bare", [True, False])
def test_a_bare_repository_in_a_project_is_not_used(
    committed: Path,
    canary: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    knows_bare: bool,
) -> None:
    """A clone can contain one, with a config that names programs; older gits use it."""
    inner = committed / "inner"
    git(committed, "clone", "-q", "--bare", str(committed), str(inner))
    git(inner, "config", "core.bare", "false")
    git(inner, "config", "core.worktree", str(inner))
    booby_trap(inner / "config", canary)
    write(inner, {"modelsync.yaml": CONFIG, "specs/point.yaml": SPEC})
    assert run(["generate", "-q", "--project", "inner"]) == 0
    if not knows_bare:
        monkeypatch.setattr(git_, "_SAFE", ())
    code, result = run_lines(["check", "-q", "--tracked", "--project", "inner"], capsys)
    assert code == 2
    assert "--tracked: " in result[-1]
    assert not canary.exists()


def test_no_program_from_a_repository_config_runs(
    committed: Path, canary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    booby_trap(committed / ".git/config", canary)
    inner = new_repository(committed / "specs/inner")
    write(inner, {"x.txt": "x"})
    commit_all(inner)
    git(committed, "-c", "core.fsmonitor=", "add", "specs/inner")
    booby_trap(inner / ".git/config", canary)
    assert tracked(capsys) == STAGED
    assert not canary.exists()
