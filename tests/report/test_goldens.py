"""The output of the commands matches the goldens in tests/reports."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from helpers.places import REPORTS
from modelsync.cli import run

DRIFTED = {
    "check": "check",
    "check-quiet": "check -q",
    "check-github": "check --format github",
    "check-json": "check --format json",
    "check-unknown-target": "check pyhton",
    "explain-file": "explain out/python/queue.py",
    "explain-missing-line": "explain out/docs/models/queue.md:100",
    "explain-orphan": "explain out/python/gone.py",
    "explain-other-file": "explain notes.md",
    "explain-spec": "explain specs/q.yaml",
    "generate": "generate docs",
    "generate-dry-run": "generate --dry-run docs",
    "generate-refused": "generate",
}
INVALID = {
    "check-problems": "check",
    "check-problems-github": "check --format github",
    "check-problems-json": "check --format json",
    "generate-problems": "generate",
}


@pytest.fixture
def transcript(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], root: Path
) -> Transcript:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    return Transcript(monkeypatch, capsys, root)


class Transcript:
    """Runs a command in a folder, and returns what a user sees."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], root: Path
    ) -> None:
        self.monkeypatch = monkeypatch
        self.capsys = capsys
        self.root = root

    def of(self, folder: Path, command: str) -> str:
        self.monkeypatch.chdir(folder)
        self.capsys.readouterr()
        code = run(shlex.split(command))
        out, err = self.capsys.readouterr()
        parts = [f"$ modelsync {command}\n", out, f"--- standard error\n{err}" if err else ""]
        text = "".join(parts).replace(str(self.root), "...")
        return f"{text}--- exit code {code}\n"


def hold(name: str, text: str, update_goldens: bool) -> None:
    golden = REPORTS / f"{name}.txt"
    if update_goldens:
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(text.encode("utf-8"))
    assert golden.read_bytes().decode("utf-8") == text


@pytest.mark.parametrize("name", DRIFTED)
def test_a_drift_is_reported_as_in_the_golden(
    drifted: Path, transcript: Transcript, name: str, update_goldens: bool
) -> None:
    hold(name, transcript.of(drifted, DRIFTED[name]), update_goldens)


@pytest.mark.parametrize("name", INVALID)
def test_problems_are_reported_as_in_the_golden(
    wrong: Path, transcript: Transcript, name: str, update_goldens: bool
) -> None:
    hold(name, transcript.of(wrong, INVALID[name]), update_goldens)


def test_every_golden_belongs_to_a_test() -> None:
    assert {path.stem for path in REPORTS.iterdir()} == {*DRIFTED, *INVALID}
