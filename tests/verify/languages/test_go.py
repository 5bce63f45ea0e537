"""The runner of Go, and how its formatter is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from helpers.projects import generate, schema_of, target, write
from helpers.verify_projects import (
    ORDER,
)
from modelsync.targets.go import GoTarget
from modelsync.verify.cases import Case, Outcome, RunFailed
from modelsync.verify.languages import go as go_runner
from modelsync.verify.toolchains import Tool, ToolchainMissing

SCHEMA = schema_of(ORDER)


@pytest.mark.toolchain
def test_the_output_of_generated_go_is_not_an_outcome(tmp_path: Path, go: Tool) -> None:
    made = generate(SCHEMA, "go", tmp_path, "models", {"module": "example.com/models"})
    assert isinstance(made, GoTarget)
    noise = 'package wire\n\nimport "fmt"\n\nfunc init() { fmt.Println("noise") }\n'
    write(tmp_path, {"models/wire/noise.go": noise})
    case = Case("Order", b'{"id": "a"}')
    assert go_runner.run(made, tmp_path / "models", [case], go) == [
        Outcome(accepted=True, json='{"id":"a"}')
    ]


@pytest.mark.posix
@pytest.mark.parametrize(
    ("script", "where"),
    [
        (
            "printf '{}\\n{' > \"$4\"; printf '\\377' >&2; exit 3",
            "after 1 of 2 cases, at Order, a b",
        ),
        ("exit 3", "after 0 of 2 cases"),
    ],
)
def test_the_case_at_which_go_stops_is_reported(tmp_path: Path, script: str, where: str) -> None:
    made = target(SCHEMA, "go", "models", {"module": "example.com/models"})
    assert isinstance(made, GoTarget)
    write(tmp_path, {"order.go": ""})
    case = Case("Order", b"{}")
    ended = Tool("go", ("sh", "-c", script, "go"), (1, 24))
    with pytest.raises(RunFailed) as output:
        go_runner.run(made, tmp_path, [case, replace(case, what="a b")], ended)
    assert str(output.value).startswith(f"{where}:\ngo ended with 3\n")


@pytest.mark.posix
def test_a_go_toolchain_without_gofmt_is_reported(tmp_path: Path) -> None:
    go = Tool("go", ("sh", "-c", f"echo {tmp_path}"), (1, 26))
    with pytest.raises(ToolchainMissing, match=f"gofmt: not in {tmp_path}/bin") as missing:
        go_runner.find_gofmt(go)
    assert missing.value.help.startswith("install a complete Go")
