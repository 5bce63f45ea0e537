"""`modelsync explain CODE` prints the section about a problem code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modelsync.cli import run
from modelsync.commands.explain_code import title_of

CONFIG = "targets: {python: {out: generated/python}}\n"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/order.yaml").write_text("model: Order\nfields: {id: {type: Usr}}\n")
    (tmp_path / "modelsync.yaml").write_text(CONFIG)
    return tmp_path


@pytest.mark.parametrize("code", ["MS020", "ms020"])
def test_a_code_prints_its_section(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", code]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("## MS020: unknown type or definition\n")
    assert "MS021" not in captured.out


@pytest.mark.parametrize("code", ["MS999", "MS9", "MS0201"])
def test_an_unknown_code_is_an_error(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", code]) == 2
    assert f"unknown problem code `{code}`" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["generate", "check"])
def test_problems_end_with_the_command_that_explains_the_first_one(
    command: str, broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, "--project", str(broken)]) == 2
    captured = capsys.readouterr()
    *_, hint, summary = (captured.out + captured.err).splitlines()
    assert hint == "run `modelsync explain MS020` for an example and its fix"
    assert summary.startswith("1 problem")


def test_sarif_has_the_section_as_help(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--format", "sarif", "--project", str(broken)]) == 2
    (log,) = json.loads(capsys.readouterr().out)["runs"]
    (rule,) = [rule for rule in log["tool"]["driver"]["rules"] if rule["id"] == "MS020"]
    assert rule["shortDescription"]["text"] == title_of("MS020")
    assert rule["help"]["markdown"].startswith("## MS020")
