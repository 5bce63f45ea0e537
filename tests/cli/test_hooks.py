"""The pre-commit hooks of this checkout, which pre-commit runs in other repositories."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from helpers.projects import write
from helpers.repositories import attempt, commit_all, copy_of, environment, git, new_repository
from modelsync.cli import run

pytestmark = pytest.mark.toolchain

CONFIG = """\
targets:
  python: {out: out/python}
  docs: {target: sdk-docs, notation: go, out: out/docs}
"""
SPEC = "model: Point\nfields: {x: {type: float64}}\n"
OTHER = "model: Line\nfields: {from: {type: Point}}\n"
PRE_COMMIT = (sys.executable, "-m", "pre_commit")
HOOKS = ("modelsync-generate", "modelsync-check")


@dataclass(frozen=True)
class Source:
    """This checkout as a repository of hooks, and where pre-commit keeps what it installs."""

    folder: Path
    commit: str
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        # `git commit` finds pre-commit, and not the modelsync of this environment.
        return environment({"PRE_COMMIT_HOME": str(self.home)})

    def config(self, hook: str, more: Mapping[str, object] | None = None) -> str:
        hooks = [{"id": hook, **(more or {})}]
        repos = [{"repo": str(self.folder), "rev": self.commit, "hooks": hooks}]
        installed = ["pre-commit", "pre-merge-commit"]
        return yaml.safe_dump({"default_install_hook_types": installed, "repos": repos})


@pytest.fixture(scope="module")
def source(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Source:
    folder = tmp_path_factory.mktemp("hooks")
    checkout = copy_of(root, folder / "modelsync")
    return Source(checkout, git(checkout, "rev-parse", "HEAD").strip(), folder / "home")


@dataclass(frozen=True)
class Repository:
    """A repository with a project that is in sync, committed, and a hook that is installed."""

    folder: Path
    source: Source

    def write(self, path: str, text: str) -> None:
        write(self.folder, {path: text})

    def git(self, *words: str) -> str:
        return git(self.folder, *words)

    def commit(self, *words: str) -> tuple[bool, str]:
        """Try to commit what is staged; return whether git did, and all that was printed."""
        commit = ("git", "commit", "--message", "a change", *words)
        return attempt(self.folder, *commit, env=self.source.environment)

    def obey(self, result: str) -> None:
        """Run the last command that was printed, and then those that it prints."""
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        env = environment({"PATH": programs})
        while commands := re.findall(r"^(?:modelsync generate|git (?:add|rm)).*", result, re.M):
            _, result = attempt(self.folder, "sh", "-c", commands[-1], env=env)

    def has(self, path: str) -> bool:
        """Whether the last commit has a file."""
        return path in self.git("ls-tree", "-r", "--name-only", "HEAD").splitlines()


def repository(
    folder: Path, source: Source, hook: str, args: list[str] | None = None, project: str = "."
) -> Repository:
    new_repository(folder)
    made = {"modelsync.yaml": CONFIG, "specs/point.yaml": SPEC}
    write(folder / project, made)
    assert run(["generate", "-q", "--project", str(folder / project)]) == 0
    write(folder, {".pre-commit-config.yaml": source.config(hook, {"args": args} if args else {})})
    commit_all(folder)
    installed, result = attempt(folder, *PRE_COMMIT, "install", env=source.environment)
    assert installed, result
    return Repository(folder, source)


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory, source: Source) -> Mapping[str, Path]:
    """A repository for each hook. Tests copy it: it does not contain its own path."""
    folder = tmp_path_factory.mktemp("repositories")
    return {hook: repository(folder / hook, source, hook).folder for hook in HOOKS}


def copied(repositories: Mapping[str, Path], hook: str, folder: Path, source: Source) -> Repository:
    shutil.copytree(repositories[hook], folder, symlinks=True)
    # Git also compares modification times, which the copies do not have.
    git(folder, "update-index", "-q", "--refresh")
    return Repository(folder, source)


@pytest.fixture
def generating(tmp_path: Path, source: Source, repositories: Mapping[str, Path]) -> Repository:
    return copied(repositories, "modelsync-generate", tmp_path / "repository", source)


@pytest.fixture(params=HOOKS)
def either(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    source: Source,
    repositories: Mapping[str, Path],
) -> Repository:
    """A repository with each of the hooks."""
    return copied(repositories, request.param, tmp_path / "repository", source)


def test_a_changed_spec_fails_the_commit_once(generating: Repository) -> None:
    generating.write("specs/point.yaml", SPEC.replace("x:", "y:"))
    generating.git("add", "specs")
    committed, result = generating.commit()
    assert not committed
    assert "0 created, 2 updated, 0 deleted" in result
    command = "git add -- modelsync.manifest out/docs out/python"
    assert command in result
    # The hook has generated the files; until they are staged, the commit fails.
    assert not generating.commit()[0]
    generating.git(*command.split()[1:])
    assert generating.commit()[0]
    assert generating.git("status", "--porcelain") == ""


def test_an_edited_file_is_caught(either: Repository) -> None:
    path = "out/python/point.py"
    before = (either.folder / path).read_text("utf-8")
    either.write(path, before + "mine = 1\n")
    either.git("add", path)
    committed, result = either.commit()
    assert not committed
    assert re.search(f"edited +{path}: edited since it was generated", result), result
    fixed = "+mine = 1" not in result and "-mine = 1" in result
    assert ((either.folder / path).read_text("utf-8") == before) == fixed


def test_a_new_file_is_caught_until_it_is_staged(either: Repository) -> None:
    """`git commit --all` never adds a new file."""
    either.write("specs/line.yaml", OTHER)
    either.git("add", "specs")
    assert not either.commit("--all")[0]
    assert run(["generate", "-q", "--project", str(either.folder)]) == 0
    committed, result = either.commit("--all")
    assert not committed
    assert "untracked  out/python/line.py: not tracked by git" in result
    command = "git add -- out/docs out/python"
    assert command in result
    either.git(*command.split()[1:])
    assert either.commit("--all")[0]
    assert either.has("out/python/line.py")


def test_a_deleted_file_is_caught(either: Repository) -> None:
    """The commit has only a deletion, so pre-commit passes no file."""
    either.git("rm", "--quiet", "out/python/point.py")
    committed, result = either.commit()
    assert not committed
    assert "- hook id: modelsync-" in result
    assert either.has("out/python/point.py")


def test_a_deleted_spec_is_caught_until_its_files_are_gone(either: Repository) -> None:
    either.write("specs/line.yaml", OTHER)
    assert run(["generate", "-q", "--project", str(either.folder)]) == 0
    commit_all(either.folder)
    either.git("rm", "--quiet", "specs/line.yaml")
    assert not either.commit()[0]

    # The files are deleted, but not staged: pre-commit restores them for the hook.
    assert run(["generate", "-q", "--project", str(either.folder)]) == 0
    either.git("add", "--all")
    either.git("reset", "--quiet", "--", "out/python/line.py")
    committed, result = either.commit()
    assert not committed
    assert "left over  out/python/line.py: still in git," in result
    either.obey(result)
    assert either.commit()[0]
    assert not either.has("out/python/line.py")
    assert either.git("status", "--porcelain") == ""


def test_an_unstaged_file_is_caught(either: Repository) -> None:
    either.write("specs/point.yaml", SPEC.replace("x:", "y:"))
    assert run(["generate", "-q", "--project", str(either.folder)]) == 0
    either.git("add", "specs")
    committed, result = either.commit()
    assert not committed
    # pre-commit has stashed them: one hook generates them again, the other reports that.
    either.obey(result)
    assert either.commit()[0]
    assert either.git("status", "--porcelain") == ""


def test_a_commit_of_some_paths_is_checked_against_its_index(either: Repository) -> None:
    """Git creates such a commit from a separate index, which the hook must use."""
    either.write("specs/line.yaml", OTHER)
    assert run(["generate", "-q", "--project", str(either.folder)]) == 0
    either.git("add", "--all")
    committed, result = either.commit("specs", "modelsync.manifest")
    assert not committed
    assert "help: this commit only has the paths passed to `git commit`" in result
    assert either.commit("specs", "modelsync.manifest", "out")[0]


def test_an_untracked_spec_is_caught(either: Repository) -> None:
    """A clone would have the files generated from it, but not the spec itself."""
    either.write("specs/line.yaml", OTHER)
    assert run(["generate", "-q", "--project", str(either.folder)]) == 0
    either.git("add", "out", "modelsync.manifest")
    committed, result = either.commit()
    assert not committed
    assert "untracked  specs/line.yaml: not tracked by git" in result
    command = "git add -- specs/line.yaml"
    assert command in result
    either.git(*command.split()[1:])
    assert either.commit()[0]


def test_an_invalid_spec_is_reported(either: Repository) -> None:
    either.write("specs/point.yaml", SPEC.replace("float64", "flaot64"))
    either.git("add", "specs")
    committed, result = either.commit()
    assert not committed
    assert "specs/point.yaml:2:20" in result
    assert "did you mean `float64`?" in result


@pytest.mark.parametrize("hook", HOOKS)
def test_a_project_may_be_in_a_subfolder_of_the_repository(
    tmp_path: Path, source: Source, hook: str
) -> None:
    made = repository(tmp_path / "repository", source, hook, ["--project", "sub"], project="sub")
    made.write("sub/specs/line.yaml", OTHER)
    assert run(["generate", "-q", "--project", str(made.folder / "sub")]) == 0
    made.git("add", "sub/specs", "sub/modelsync.manifest")
    committed, result = made.commit()
    assert not committed
    made.obey(result)
    assert made.commit()[0]
    assert made.has("sub/out/python/line.py")


def test_ignored_files_are_skipped(generating: Repository) -> None:
    generating.write(".gitignore", "out/docs/\n")
    generating.write("specs/line.yaml", OTHER)
    generating.git("rm", "-r", "--quiet", "--cached", "out/docs")
    generating.git("add", "specs", ".gitignore")
    assert run(["generate", "-q", "--project", str(generating.folder)]) == 0
    generating.git("add", "modelsync.manifest", "out/python")
    committed, result = generating.commit()
    assert committed, result


def on_a_branch(made: Repository, name: str, files: Mapping[str, str]) -> None:
    """Commit files and what is generated from them on a new branch of `main`."""
    made.git("switch", "--quiet", "--create", name, "main")
    write(made.folder, files)
    assert run(["generate", "-q", "--project", str(made.folder)]) == 0
    commit_all(made.folder)


def test_a_merge_without_conflicts_is_checked(either: Repository) -> None:
    """Each branch is in sync, git merges them without conflicts, and the result is not in sync."""
    either.write(".gitattributes", "modelsync.manifest merge=union\n")
    commit_all(either.folder)
    on_a_branch(
        either, "option", {"modelsync.yaml": CONFIG.replace("notation: go", "notation: python")}
    )
    on_a_branch(either, "model", {"specs/line.yaml": OTHER})
    before = either.git("rev-parse", "HEAD")
    env = either.source.environment
    merged, result = attempt(either.folder, "git", "merge", "--no-edit", "option", env=env)
    assert not merged
    assert "CONFLICT" not in result
    assert "hook id: modelsync" in result
    assert either.git("rev-parse", "HEAD") == before
    assert run(["generate", "-q", "--project", str(either.folder)]) == 0
    either.git("add", "out", "modelsync.manifest")
    assert either.commit()[0]
    assert run(["check", "-q", "--project", str(either.folder)]) == 0


def test_generating_fixes_a_merge_with_conflicts(either: Repository) -> None:
    on_a_branch(either, "one", {"specs/one.yaml": OTHER})
    on_a_branch(either, "two", {"specs/two.yaml": OTHER.replace("Line", "Area")})
    merged, _ = attempt(either.folder, "git", "merge", "one", env=either.source.environment)
    assert not merged
    conflicts = either.git("diff", "--name-only", "--diff-filter=U").splitlines()
    assert "modelsync.manifest" in conflicts
    assert {path.split("/")[0] for path in conflicts} == {"modelsync.manifest", "out"}
    assert run(["generate", "-q", "--project", str(either.folder)]) == 0
    either.git("add", "out", "modelsync.manifest")
    assert either.commit()[0]
    assert run(["check", "-q", "--project", str(either.folder)]) == 0


def test_a_hook_in_sync_passes_and_changes_nothing(generating: Repository) -> None:
    for skipped, wanted in (("", "Passed"), ("modelsync-generate", "Skipped")):
        env = generating.source.environment | {"SKIP": skipped}
        passed, result = attempt(generating.folder, *PRE_COMMIT, "run", "--all-files", env=env)
        assert passed, result
        assert wanted in result
    assert generating.git("status", "--porcelain") == ""


def test_the_project_uses_its_own_hooks(source: Source, root: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    git(tmp_path, "clone", "--quiet", str(source.folder), str(checkout))
    # What `make generate` sets up; the program of this environment does the same.
    programs = checkout / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "modelsync").symlink_to(Path(sys.executable).with_name("modelsync"))

    def run_all() -> tuple[bool, str]:
        every = ("run", "--all-files", "--verbose")
        return attempt(checkout, *PRE_COMMIT, *every, env=source.environment)

    passed, result = run_all()
    assert passed, result
    assert "0 created, 0 updated, 0 deleted" in result
    edited = next((checkout / "generated" / "go").rglob("*.go"))
    edited.write_text(edited.read_text("utf-8") + "// mine\n", "utf-8")
    passed, result = run_all()
    assert not passed
    assert f"edited        {edited.relative_to(checkout).as_posix()}" in result
    passed, result = run_all()
    assert passed, result
