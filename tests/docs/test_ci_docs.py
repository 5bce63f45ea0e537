"""docs/ci.md says what is so, and what it shows can be copied."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpers.commands import all_options
from helpers.projects import write
from helpers.repositories import attempt, commit_all, environment, git, new_repository
from modelsync import cli
from modelsync.cli import run
from modelsync.plan.changes import Kind

pytestmark = pytest.mark.posix

CONFIG = "targets: {docs: {target: markdown, notation: go, out: generated/docs}}\n"
SPEC = "model: Point\nfields: {x: {type: float64}}\n"
PAGE = "generated/docs/models/point.md"


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs/ci.md").read_text("utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.M | re.S)


def yaml_blocks(page: str) -> list[Any]:
    return [yaml.load(block, Loader=yaml.BaseLoader) for block in blocks(page, "yaml")]  # noqa: S506


def rows(page: str, heading: str) -> list[str]:
    """Return the first cell of each row of the table whose first column has a heading."""
    table = page.partition(f"\n| {heading} | ")[2].partition("\n\n")[0]
    return [line.split(" | ")[0].strip("|` ") for line in table.splitlines()[2:]]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    new_repository(tmp_path)
    write(tmp_path, {"modelsync.yaml": CONFIG, "specs/point.yaml": SPEC})
    assert run(["generate", "-q", "--project", str(tmp_path)]) == 0
    commit_all(tmp_path)
    return tmp_path


def with_modelsync() -> dict[str, str]:
    """Return the environment of a shell in which modelsync is installed already."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return environment({"PATH": programs})


def test_the_hooks_are_there(root: Path, page: str) -> None:
    known = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text("utf-8"))
    shown, narrowed = (each for each in yaml_blocks(page) if "modelsync-generate" in str(each))
    assert {hook["id"] for hook in known} == set(re.findall(r"^- `(modelsync-[a-z]+)`", page, re.M))
    assert {hook["id"] for hook in (*shown["repos"][0]["hooks"], *narrowed)} <= {
        hook["id"] for hook in known
    }
    for path in ("specs/a/b.yaml", "templates/go/x.j2", "modelsync.yaml", "modelsync.manifest"):
        assert re.search(narrowed[0]["files"], path), path
    assert not re.search(narrowed[0]["files"], "src/specs/x.py")


def test_the_workflows_name_what_is_there(root: Path, page: str) -> None:
    action = yaml.safe_load((root / "action.yml").read_text("utf-8"))
    assert rows(page, "Input") == list(action["inputs"])
    workflows = [each["jobs"]["in-sync"] for each in yaml_blocks(page) if "jobs" in each]
    assert len(workflows) == 2
    assert all("uses" in step or "run" in step for job in workflows for step in job["steps"])
    assert all(f"`{name}`" in page for name in action["outputs"])


def test_every_kind_and_every_exit_code_is_described(page: str) -> None:
    assert set(rows(page, "Kind")) == set(Kind)
    codes = {0, cli.DRIFT, cli.WRONG, cli.FAULT}
    assert set(rows(page, "Exit code")) == {str(code) for code in codes}


def test_git_takes_the_attributes(repository: Path, page: str) -> None:
    (attributes,) = blocks(page, "gitattributes")
    write(repository, {".gitattributes": attributes})
    told = git(repository, "check-attr", "eol", "merge", "--", PAGE, "modelsync.manifest")
    assert told.splitlines() == [
        f"{PAGE}: eol: lf",
        f"{PAGE}: merge: unspecified",
        "modelsync.manifest: eol: lf",
        "modelsync.manifest: merge: union",
    ]
    # With them, a clone has the bytes that were committed, whatever git is told to do there.
    commit_all(repository)
    clone = repository / "clone"
    git(repository, "-c", "core.autocrlf=true", "clone", "--quiet", ".", str(clone))
    assert b"\r\n" in (clone / "specs/point.yaml").read_bytes()
    assert run(["check", "--project", str(clone)]) == 0


def scripts(page: str) -> list[str]:
    """Return the scripts of the page; what they ask pip for is installed already."""
    commands = [
        step for each in yaml_blocks(page) if "models" in each for step in each["models"]["script"]
    ]
    found = ["\n".join(commands), *blocks(page, "sh")]
    return [script.replace("pip install modelsync", ":") for script in found]


@pytest.mark.slow
def test_the_scripts_do_what_the_page_says(repository: Path, page: str) -> None:
    found = scripts(page)
    assert len(found) == 4

    def outcomes() -> list[tuple[int, str]]:
        return [exit_code(repository, script) for script in found]

    assert {code for code, _ in outcomes()} == {0}
    write(repository, {PAGE: "mine\n"})
    for code, told in outcomes():
        assert code == cli.DRIFT, told
        assert f"edited        {PAGE}" in told
    write(repository, {"specs/point.yaml": "model: 1\n"})
    for code, told in outcomes():
        assert code == cli.WRONG, told
        assert "specs/point.yaml:1:8" in told


def exit_code(folder: Path, script: str) -> tuple[int, str]:
    said = f'({script}\n)\necho "exit code $?"'
    succeeded, told = attempt(folder, "sh", "-c", said, env=with_modelsync())
    assert succeeded, told
    return int(told.rpartition("exit code ")[2]), told


def test_the_options_are_there(page: str) -> None:
    named = set(re.findall(r"--[a-z][a-z-]+", page)) - {"--exit-code"}  # git's
    assert named
    assert named <= all_options()
