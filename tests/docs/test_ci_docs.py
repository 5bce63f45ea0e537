"""docs/ci.md is true, and what it shows can be copied."""

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

CONFIG = "targets: {docs: {target: sdk-docs, notation: go, out: generated/docs}}\n"
SPEC = "model: Point\nfields: {x: {type: float64}}\n"
INSTALL = "pip install git+https://github.com/OWNER/modelsync@REV"
PAGE = "generated/docs/models/point.md"


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs/ci.md").read_text("utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.M | re.S)


def yaml_blocks(page: str) -> list[Any]:
    return [yaml.load(block, Loader=yaml.BaseLoader) for block in blocks(page, "yaml")]  # noqa: S506


def rows(page: str, heading: str) -> list[str]:
    """Return the first cell of each row, in the table whose first column is called `heading`."""
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
    """Return the environment of a shell in which modelsync is installed."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return environment({"PATH": programs})


def test_every_hook_of_the_page_exists(root: Path, page: str) -> None:
    hooks = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text("utf-8"))
    names = {hook["id"] for hook in hooks}
    assert names == set(re.findall(r"^- `(modelsync-[a-z]+)`", page, re.M))
    usual, narrowed = (block for block in yaml_blocks(page) if "modelsync-generate" in str(block))
    assert {hook["id"] for hook in (*usual["repos"][0]["hooks"], *narrowed)} <= names
    for path in ("specs/a/b.yaml", "templates/go/x.j2", "modelsync.yaml", "modelsync.manifest"):
        assert re.search(narrowed[0]["files"], path), path
    assert not re.search(narrowed[0]["files"], "src/specs/x.py")


def test_the_workflows_use_the_inputs_and_outputs_of_the_action(root: Path, page: str) -> None:
    action = yaml.safe_load((root / "action.yml").read_text("utf-8"))
    assert rows(page, "Input") == list(action["inputs"])
    workflows = [block["jobs"]["in-sync"] for block in yaml_blocks(page) if "jobs" in block]
    assert len(workflows) == 2
    assert all("uses" in step or "run" in step for job in workflows for step in job["steps"])
    assert all(f"`{name}`" in page for name in action["outputs"])


def test_every_kind_and_every_exit_code_is_described(page: str) -> None:
    assert set(rows(page, "Kind")) == set(Kind)
    codes = {0, cli.DRIFT, cli.INVALID, cli.FAILURE}
    assert set(rows(page, "Exit code")) == {str(code) for code in codes}


def test_git_applies_the_attributes(repository: Path, page: str) -> None:
    (attributes,) = blocks(page, "gitattributes")
    write(repository, {".gitattributes": attributes})
    attributes = git(repository, "check-attr", "eol", "merge", "--", PAGE, "modelsync.manifest")
    assert attributes.splitlines() == [
        f"{PAGE}: eol: lf",
        f"{PAGE}: merge: unspecified",
        "modelsync.manifest: eol: lf",
        "modelsync.manifest: merge: union",
    ]
    # A clone has the committed bytes, even if git is configured to convert line endings.
    commit_all(repository)
    clone = repository / "clone"
    git(repository, "-c", "core.autocrlf=true", "clone", "--quiet", ".", str(clone))
    assert b"\r\n" in (clone / "specs/point.yaml").read_bytes()
    assert run(["check", "--project", str(clone)]) == 0


def scripts(page: str) -> list[str]:
    """Return the scripts of the page, without their `pip install`: modelsync is installed."""
    commands = [
        step
        for block in yaml_blocks(page)
        if "models" in block
        for step in block["models"]["script"]
    ]
    texts = ["\n".join(commands), *blocks(page, "sh")]
    return [script.replace(INSTALL, ":") for script in texts]


@pytest.mark.slow
def test_the_scripts_do_what_the_page_says(repository: Path, page: str) -> None:
    all_scripts = scripts(page)
    assert len(all_scripts) == 4

    def outcomes() -> list[tuple[int, str]]:
        return [exit_code(repository, script) for script in all_scripts]

    assert {code for code, _ in outcomes()} == {0}
    write(repository, {PAGE: "mine\n"})
    for code, output in outcomes():
        assert code == cli.DRIFT, output
        assert f"edited        {PAGE}" in output
    write(repository, {"specs/point.yaml": "model: 1\n"})
    for code, output in outcomes():
        assert code == cli.INVALID, output
        assert "specs/point.yaml:1:8" in output


def exit_code(folder: Path, script: str) -> tuple[int, str]:
    command = f'({script}\n)\necho "exit code $?"'
    succeeded, output = attempt(folder, "sh", "-c", command, env=with_modelsync())
    assert succeeded, output
    return int(output.rpartition("exit code ")[2]), output


def test_every_option_of_the_page_exists(page: str) -> None:
    mentioned = set(re.findall(r"--[a-z][a-z-]+", page)) - {"--exit-code"}  # of git
    assert {"--diff", "--tracked", "--force", "--fail-on-change"} <= mentioned
    assert mentioned <= all_options()


def test_the_page_installs_modelsync_in_only_one_way(page: str) -> None:
    """Nothing names a release or a tag: there is none."""
    installs = re.findall(r"^.*?(pip install .*?)(?: mypy)?$", "\n".join(code(page)), re.M)
    assert set(installs) == {INSTALL}
    assert len(installs) == 4
    assert not re.search(r"v\d+\.\d+\.\d+", page)


def code(page: str) -> list[str]:
    return re.findall(r"^```\w+\n(.*?)^```$", page, re.M | re.S)
