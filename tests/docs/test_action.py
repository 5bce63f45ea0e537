"""The GitHub Action, with its steps run as GitHub runs them, and the workflows of the project."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpers.projects import write
from helpers.repositories import attempt, copy_of, environment
from modelsync.cli import run

pytestmark = pytest.mark.posix

CONFIG = "targets: {docs: {target: sdk-docs, notation: go, out: out/docs}}\n"
SPEC = "model: Point\nfields: {x: {type: float64}}\n"
INDEX = "out/docs/models/README.md"
EXPRESSION = re.compile(r"\$\{\{ *([^}]*?) *\}\}")
GITHUB_LIMIT = 1024 * 1024
"""The maximum size of the summary of a step, in bytes."""
# In CommonMark, a line of at least as many backticks ends a block, even if it is indented a little.
BLOCK = re.compile(r"^(`{3,})(\w+)\n(.*?)^ {0,3}\1`*$", re.M | re.S)


def read_yaml(path: Path) -> Any:
    """Read YAML with every scalar as text, so that the key `on` is not a boolean."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - only text


@dataclass(frozen=True)
class Outcome:
    succeeded: bool
    log: str
    summary: str
    outputs: Mapping[str, str]

    @property
    def blocks(self) -> list[tuple[str, str]]:
        """The language and the text of each block of code in the summary."""
        return [(language, text) for _, language, text in BLOCK.findall(self.summary)]

    @property
    def prose(self) -> str:
        return BLOCK.sub("", self.summary)


@dataclass(frozen=True)
class Runner:
    """Runs the steps of the action in order, until one fails, like GitHub's runner."""

    action: Path
    temp: Path

    def install(self, workspace: Path, inputs: Mapping[str, str], **env: str) -> Outcome:
        return self._step(0, workspace, inputs, {}, env)

    def check(
        self, workspace: Path, inputs: Mapping[str, str], installed: Outcome, **env: str
    ) -> Outcome:
        return self._step(1, workspace, inputs, installed.outputs, env)

    def _step(
        self,
        number: int,
        workspace: Path,
        inputs: Mapping[str, str],
        installed: Mapping[str, str],
        env: dict[str, str],
    ) -> Outcome:
        action = read_yaml(self.action / "action.yml")
        defaults = {name: entry["default"] for name, entry in action["inputs"].items()}
        assert inputs.keys() <= defaults.keys()
        values = {f"inputs.{name}": text for name, text in (defaults | dict(inputs)).items()}
        values |= {f"steps.install.outputs.{name}": text for name, text in installed.items()}
        step = action["runs"]["steps"][number]
        variables = {
            name: EXPRESSION.sub(lambda expression: values[expression[1]], text)
            for name, text in step["env"].items()
        }
        script, outputs, summary = (self.temp / name for name in ("script.sh", "out", "summary"))
        write(self.temp, {"script.sh": step["run"], "out": "", "summary": ""})
        github = {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(self.temp),
        }
        assert step["shell"] == "bash"
        bash = ("bash", "--noprofile", "--norc", "-eo", "pipefail", str(script))
        succeeded, log = attempt(workspace, *bash, env=environment(github | variables | env))
        lines = outputs.read_text("utf-8").splitlines()
        written = dict(line.split("=", 1) for line in lines)
        return Outcome(succeeded, log, summary.read_text("utf-8"), written)


@pytest.fixture(scope="module")
def runner(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    temp = tmp_path_factory.mktemp("runner temp")  # with a space, as on some runners
    return Runner(copy_of(root, temp / "action"), temp)


PYTHON_ON_PATH = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def installed(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The outcome of the first step, in a project with modules that must not be imported."""
    workspace = tmp_path_factory.mktemp("hostile")
    for name in ("venv", "pip", "modelsync", "click", "yaml"):
        write(workspace, {f"{name}/__init__.py": "raise SystemExit('imported')\n"})
    paths = {"PYTHONPATH": str(workspace), **PYTHON_ON_PATH}
    outcome = runner.install(workspace, {}, **paths)
    assert outcome.succeeded, outcome.log
    return outcome


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    write(tmp_path, {"modelsync.yaml": CONFIG, "specs/point.yaml": SPEC})
    assert run(["generate", "-q", "--project", str(tmp_path)]) == 0
    return tmp_path


@pytest.mark.toolchain
def test_a_project_in_sync_succeeds(runner: Runner, installed: Outcome, workspace: Path) -> None:
    for name in ("modelsync", "click", "yaml"):
        write(workspace, {f"{name}/__init__.py": "raise SystemExit('imported')\n"})
    outcome = runner.check(workspace, {}, installed, PYTHONPATH=str(workspace))
    assert outcome.succeeded, outcome.log
    assert outcome.outputs == {"exit-code": "0"}
    assert outcome.summary == "### modelsync: in sync\n\n```text\nin sync: 2 files\n```\n\n"


@pytest.mark.toolchain
def test_drift_is_in_the_summary(runner: Runner, installed: Outcome, workspace: Path) -> None:
    # Text that looks like the end of a block, or like a line of the report, stays in its block.
    block = "{{ content }}\n`````\nunchanged\n`````\n"
    write(workspace, {"templates/sdk-docs/index.md.j2": block})
    assert run(["generate", "-q", "--project", str(workspace)]) == 0
    edited = (workspace / INDEX).read_text("utf-8")
    mine = "### mine\n<script>\nmodelsync generate --force"
    write(workspace, {INDEX: edited.replace("unchanged", mine)})
    write(workspace, {"specs/line.yaml": SPEC.replace("Point", "Line")})
    outcome = runner.check(workspace, {}, installed)
    assert not outcome.succeeded
    assert outcome.outputs == {"exit-code": "1"}, outcome.log
    assert f"file={INDEX}," in outcome.log

    (text, shell, diff) = outcome.blocks
    assert text[0] == "text"
    assert f"edited        {INDEX}: edited since it was generated" in text[1]
    assert "created       out/docs/models/line.md: specs/line.yaml:1:8 is new" in text[1]
    assert "mine" not in text[1]
    assert shell == ("shell", "modelsync generate\n")
    assert "::error" not in outcome.summary
    assert diff[0] == "diff"
    assert (
        " `````\n-### mine\n-<script>\n-modelsync generate --force\n+unchanged\n `````\n" in diff[1]
    )
    assert (
        outcome.prose.split()
        == (
            "### modelsync: generated files do not match their specs"
            " To fix it, run this and commit the result:"
            " <details><summary>Diff</summary> </details>"
        ).split()
    )


@pytest.mark.toolchain
def test_a_long_diff_is_cut(runner: Runner, installed: Outcome, workspace: Path) -> None:
    for number in range(60):
        fields = "".join(f"  f{field}: {{type: string}}\n" for field in range(20))
        write(workspace, {f"specs/m{number}.yaml": f"model: M{number}\nfields:\n{fields}"})
    for inputs in ({}, {"args": "--verbose"}):
        outcome = runner.check(workspace, inputs, installed)
        assert outcome.outputs == {"exit-code": "1"}, outcome.log
        assert [language for language, _ in outcome.blocks] == ["text", "shell", "diff"]
        assert len(outcome.summary.encode("utf-8")) < GITHUB_LIMIT
    *_, (_, text) = outcome.blocks
    assert len(text.splitlines()) == 500


@pytest.mark.toolchain
def test_the_problems_of_a_spec_are_in_the_summary(
    runner: Runner, installed: Outcome, workspace: Path
) -> None:
    write(workspace, {"specs/point.yaml": SPEC.replace("float64", "flaot64")})
    outcome = runner.check(workspace, {}, installed)
    assert not outcome.succeeded
    assert outcome.outputs == {"exit-code": "2"}
    ((language, text),) = outcome.blocks
    assert language == "text"
    assert "specs/point.yaml:2:20" in text
    assert "did you mean `float64`?" in text


@pytest.mark.toolchain
def test_inputs_are_passed_on_and_cannot_run_code(
    runner: Runner, installed: Outcome, workspace: Path
) -> None:
    folder = workspace / "a project; touch pwned"
    write(folder, {"modelsync.yaml": CONFIG, "specs/point.yaml": SPEC})
    inputs = {"project": folder.name, "targets": "\n docs\n", "args": " --color  never\n"}
    outcome = runner.check(workspace, inputs, installed)
    assert outcome.outputs == {"exit-code": "1"}, outcome.log
    (_, shell, _) = outcome.blocks
    assert shell == ("shell", f"modelsync generate --project '{folder.name}' docs\n")
    assert run(["generate", "-q", "--project", str(folder)]) == 0
    assert runner.check(workspace, inputs, installed).succeeded

    for hostile in ("$(touch pwned)", "`touch pwned`", '"; touch pwned; "', "--help; touch pwned"):
        everywhere = dict.fromkeys(("project", "targets", "args"), hostile)
        outcome = runner.check(workspace, everywhere, installed)
        assert outcome.outputs == {"exit-code": "2"}, hostile
        assert not runner.install(workspace, {"python": hostile}).succeeded
    assert list(workspace.rglob("pwned")) == []


@pytest.mark.toolchain
def test_the_environment_of_the_job_does_not_change(installed: Outcome, runner: Runner) -> None:
    """Later steps only get the path of the program, which is in the runner's temporary folder."""
    assert list(installed.outputs) == ["python"]
    assert Path(installed.outputs["python"]).is_relative_to(runner.temp)
    scripts = [step["run"] for step in read_yaml(runner.action / "action.yml")["runs"]["steps"]]
    assert not re.search("GITHUB_(ENV|PATH)", "".join(scripts))


@pytest.mark.slow
@pytest.mark.parametrize("python", ["", "missing-python"])
def test_a_missing_python_is_reported(runner: Runner, tmp_path: Path, python: str) -> None:
    for name in ("python", "python3"):
        program = tmp_path / "bin" / name
        write(tmp_path, {f"bin/{name}": "#!/bin/sh\nexit 1\n"})
        program.chmod(0o755)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    outcome = runner.install(tmp_path, {"python": python}, PATH=path)
    assert not outcome.succeeded
    assert f"looked for: {python or 'python3 python'}" in outcome.log
    assert outcome.log.startswith("::error ")


def files_of_github(root: Path) -> list[Path]:
    return [root / "action.yml", *sorted((root / ".github/workflows").glob("*.yml"))]


def steps_of(definition: Any) -> list[Any]:
    jobs = definition["jobs"].values() if "jobs" in definition else [definition["runs"]]
    return [step for job in jobs for step in job["steps"]]


def test_no_script_has_an_expression(root: Path) -> None:
    """GitHub pastes the value into the script, so anyone who controls it could run code."""
    steps = [step for path in files_of_github(root) for step in steps_of(read_yaml(path))]
    scripts = [step["run"] for step in steps if "run" in step]
    assert len(scripts) >= 3
    assert [script for script in scripts if "${{" in script] == []


DEPLOYS = {"id-token": "write", "pages": "write"}


def test_workflows_can_only_read(root: Path) -> None:
    """The one job that may write deploys the site, and runs no code of the repository."""
    workflows = files_of_github(root)[1:]
    assert workflows != []
    for path in workflows:
        workflow = read_yaml(path)
        assert workflow["permissions"] == {"contents": "read"}, path
        assert "pull_request_target" not in workflow["on"], path
        for name, job in workflow["jobs"].items():
            if "permissions" in job:
                assert (path.name, name, job["permissions"]) == ("docs.yml", "deploy", DEPLOYS)
                assert [step.keys() for step in job["steps"]] == [{"uses"}]
            assert int(job["timeout-minutes"]) <= 60, name
        for step in steps_of(workflow):
            used = step.get("uses", "./")
            assert used == "./" or re.fullmatch(r"actions/[a-z-]+@v[0-9]+", used), used


def test_the_project_is_checked_by_its_own_action_and_on_the_pythons_it_supports(
    root: Path,
) -> None:
    jobs = read_yaml(root / ".github/workflows/ci.yml")["jobs"]
    assert any(step.get("uses") == "./" for step in jobs["generated-files"]["steps"])
    oldest = re.search('requires-python = ">=(.*)"', (root / "pyproject.toml").read_text("utf-8"))
    assert oldest is not None
    assert oldest[1] in jobs["test"]["strategy"]["matrix"]["python"]
    assert {"run": "make test"} in jobs["test"]["steps"]
    assert {"run": "make CONSTRAINTS= test"} in jobs["newest"]["steps"]
    assert {"run": "make CONSTRAINTS=build/oldest.txt check"} in jobs["oldest"]["steps"]
