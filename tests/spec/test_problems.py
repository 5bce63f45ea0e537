"""Every invalid spec and config in tests/errors is reported as its golden shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.places import ERRORS
from modelsync.cli import run
from modelsync.errors import Position

CASES = sorted(path.stem for path in ERRORS.glob("*.yaml"))

CONFIG = """\
targets:
  python: {out: generated/python}
  typescript: {out: generated/typescript}
  go: {out: generated/go, module: example.com/x}
  docs: {target: sdk-docs, out: generated/docs, notation: go}
"""
SPEC = "model: A\nfields: {}\n"


@pytest.mark.parametrize("name", CASES)
def test_problems_match_the_golden(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], update_goldens: bool
) -> None:
    invalid = (ERRORS / f"{name}.yaml").read_text("utf-8")
    of_config = name.startswith("config-")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/spec.yaml").write_text(SPEC if of_config else invalid, "utf-8")
    (tmp_path / "modelsync.yaml").write_text(invalid if of_config else CONFIG, "utf-8")

    assert run(["generate", "--project", str(tmp_path)]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert not (tmp_path / "generated").exists(), "nothing is written while there is a problem"
    golden = ERRORS / f"{name}.txt"
    if update_goldens:
        golden.write_text(captured.err, "utf-8")
    assert captured.err == golden.read_text("utf-8")


def test_every_golden_has_a_case() -> None:
    assert sorted(path.stem for path in ERRORS.glob("*.txt")) == CASES


def test_a_position_shows_no_control_characters() -> None:
    assert str(Position("specs/a\x1b[2J\n.yaml", 2, 3)) == "specs/a\\x1b[2J\\n.yaml:2:3"
