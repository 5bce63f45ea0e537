"""The last spec of a project can be deleted; a wrong folder of specs is still a problem."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from helpers.projects import write
from modelsync.cli import run

CONFIG = """\
specs: specs
targets:
  python: {out: out/python}
  typescript: {out: out/typescript}
  go: {out: out/go, module: example.com/x, join: {b: a}}
  docs: {target: sdk-docs, notation: go, out: out/docs, pages: {a: things}}
  part: {target: python, out: out/part, packages: [a]}
"""
SPEC = "model: A\nfields: {id: {type: string}}\n"


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    files = {"modelsync.yaml": CONFIG, "specs/a/a.yaml": SPEC}
    write(tmp_path, files | {"specs/b/b.yaml": SPEC.replace("A", "B")})
    assert command(tmp_path, "generate") == 0
    capsys.readouterr()
    return tmp_path


def command(project: Path, name: str) -> int:
    return run([name, "--project", str(project)])


def files_in(project: Path) -> set[str]:
    return {p.relative_to(project).as_posix() for p in project.glob("out/**/*") if p.is_file()}


@pytest.mark.parametrize("gone", ["specs/a/a.yaml specs/b/b.yaml", "specs/a specs/b", "specs"])
def test_the_last_spec_can_be_deleted(
    project: Path, gone: str, capsys: pytest.CaptureFixture[str]
) -> None:
    generated = files_in(project)
    assert generated
    for path in map(project.joinpath, gone.split()):
        path.unlink() if path.is_file() else shutil.rmtree(path)
    assert command(project, "check") == 1
    assert f"{len(generated)} files differ: {len(generated)} orphaned" in capsys.readouterr().out
    assert files_in(project) == generated
    assert command(project, "generate") == 0
    assert f"{len(generated)} deleted" in capsys.readouterr().out
    assert files_in(project) == set()
    assert command(project, "check") == 0
    assert command(project, "generate") == 0
    write(project, {"specs/a/a.yaml": SPEC, "specs/b/b.yaml": SPEC.replace("A", "B")})
    assert command(project, "generate") == 0
    assert files_in(project) == generated


def test_an_edited_file_of_the_last_spec_is_backed_up(project: Path) -> None:
    edited = project / "out/python/a/a.py"
    edited.write_text(f"{edited.read_text()}# mine\n")
    shutil.rmtree(project / "specs")
    assert command(project, "generate") == 0
    (copy,) = project.glob(".modelsync/kept/*/out/python/a/a.py")
    assert copy.read_text("utf-8").endswith("# mine\n")


@pytest.mark.parametrize(
    ("folder", "code"), [("spec", "MS076"), ("out/../spec", "MS071"), ("specs/a/c", "MS076")]
)
def test_a_wrong_specs_folder_deletes_nothing(
    project: Path, folder: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    generated = files_in(project)
    write(project, {"modelsync.yaml": CONFIG.replace("specs: specs", f"specs: {folder}")})
    assert command(project, "generate") == 2
    error = capsys.readouterr().err
    assert error.startswith(f"{code} ")
    assert "help: " in error
    assert files_in(project) == generated


def test_a_project_without_specs_and_manifest_is_a_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"modelsync.yaml": CONFIG})
    (tmp_path / "specs").mkdir()
    for name in ("check", "generate"):
        assert command(tmp_path, name) == 2
        assert "MS076" in capsys.readouterr().err


def test_a_spec_without_definitions_counts_as_no_spec(project: Path) -> None:
    for path in project.glob("specs/*/*.yaml"):
        path.write_text("# nothing yet\n")
    assert command(project, "generate") == 0
    assert files_in(project) == set()
