"""Projects whose drift is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.drift import Check
from helpers.projects import write
from modelsync.cli import run

CONFIG = """\
targets:
  docs: {target: sdk-docs, notation: go, out: out/docs}
  python: {out: out/python}
"""
SPECS = {
    "specs/p.yaml": "model: Point\nfields: {x: {type: float64}}\n",
    "specs/q.yaml": "model: Queue\nfields: {name: {type: string}}\n",
    "specs/gone.yaml": "enum: Gone\nvalues: {a: }\n",
}


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A project in a subfolder of a repository, in sync."""
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "back end"
    write(folder, {"modelsync.yaml": CONFIG, **SPECS})
    assert run(["generate", "-q", "--project", str(folder)]) == 0
    capsys.readouterr()
    return folder


@pytest.fixture
def drifted(project: Path) -> Path:
    """The same project with every kind of drift."""
    out = project / "out/python"
    (out / "wire.py").unlink()
    (out / "queue.py").write_bytes((out / "queue.py").read_bytes().replace(b"\n", b"\r\n"))
    page = project / "out/docs/models/queue.md"
    page.write_text(page.read_text("utf-8").replace(" | ", "  |  "), "utf-8")
    (project / "specs/gone.yaml").unlink()
    write(
        project,
        {
            "specs/p.yaml": SPECS["specs/p.yaml"].replace("x:", "y:"),
            "specs/new.yaml": "model: New\nfields: {}\n",
            "out/python/new.py": "mine\n",
        },
    )
    return project


@pytest.fixture
def wrong(project: Path) -> Path:
    """The same project with an invalid spec."""
    write(project, {"specs/p.yaml": "model: Point\nfields: {x: {type: Pont}}\n"})
    return project


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)

    def run_check(folder: Path, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(folder)
        capsys.readouterr()
        code = run(["check", *arguments])
        return code, *capsys.readouterr()

    return run_check
