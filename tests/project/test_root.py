"""`root` in the config: specs and outputs beside the folder of the config."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.projects import write
from helpers.repositories import git
from modelsync import disk
from modelsync.cli import run
from modelsync.commands.watch import Watcher
from modelsync.disk.state import pending_place
from modelsync.errors import ProblemsError
from modelsync.project.load import load
from modelsync.project.root import Place, place_of

CONFIG = """\
root: ..
specs: ../schemas
targets:
  python: {out: ../api/models}
  typescript: {out: ts}
"""
SPEC = "model: A\nfields: {b: {type: string}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a config, in a repository with specs and outputs beside it."""
    git(tmp_path, "init", "-q")
    write(tmp_path, {"models/modelsync.yaml": CONFIG, "schemas/a.yaml": SPEC})
    return tmp_path / "models"


def command(folder: Path, *words: str) -> int:
    return run([words[0], "--project", str(folder), *words[1:]])


def test_files_are_written_inside_the_root(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = folder.parent
    assert command(folder, "generate") == 0
    assert (root / "api/models/a.py").is_file()
    assert (folder / "ts/a.ts").is_file()
    manifest = (folder / "modelsync.manifest").read_text("utf-8")
    assert "file api/models/a.py " in manifest
    assert "spec schemas/a.yaml " in manifest
    assert not (root / "modelsync.manifest").exists()
    assert not (folder / ".modelsync").exists()
    monkeypatch.chdir(root)
    write(root, {"schemas/a.yaml": SPEC.replace("b:", "c:")})
    capsys.readouterr()
    assert command(folder, "check") == 1
    out = capsys.readouterr().out
    assert "outdated      api/models/a.py: schemas/a.yaml:2:10 changed" in out
    assert out.endswith("modelsync generate --project models\n")
    monkeypatch.chdir(folder)
    assert run(["list-outputs"]) == 0
    assert "../api/models/wire.py\nts/_wire.ts\n" in capsys.readouterr().out


def test_positions_and_json_are_relative_to_the_root(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder.parent, {"schemas/a.yaml": SPEC.replace("string", "strin")})
    assert command(folder, "check", "--format", "json") == 2
    report = json.loads(capsys.readouterr().out)
    assert report["project"] == "."
    assert report["problems"][0]["path"] == "schemas/a.yaml"
    write(folder, {"modelsync.yaml": CONFIG + "  go: {out: go}\n"})
    assert command(folder, "check") == 2
    err = capsys.readouterr().err
    assert " --> models/modelsync.yaml:6:7\n  |\n6 |   go: {out: go}\n" in err


def test_git_checks_include_files_outside_the_folder(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    assert command(folder, "generate", "--tracked") == 1
    err = capsys.readouterr().err
    assert "untracked  api/models/a.py: not tracked by git\n" in err
    assert "untracked  models/modelsync.manifest: not tracked by git\n" in err
    added = "api/models models/modelsync.manifest models/modelsync.yaml models/ts schemas/a.yaml"
    assert err.endswith(f"git add -- {added}\n")
    git(folder.parent, "add", "--", *added.split())
    assert command(folder, "check", "--tracked") == 0


def test_files_are_explained_and_depended_on(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    assert command(folder, "generate", "-q", "--depfile", "deps") == 0
    rule = (folder.parent / "deps").read_text("utf-8")
    assert "api/models/a.py" in rule
    assert "  models/modelsync.yaml \\\n  schemas \\\n  schemas/a.yaml\n" in rule
    capsys.readouterr()
    assert command(folder, "explain", "api/models/a.py:13") == 0
    assert "schemas/a.yaml:" in capsys.readouterr().out
    assert command(folder, "explain", "schemas/a.yaml:2") == 0
    assert "models/ts/a.ts" in capsys.readouterr().out


def test_two_projects_with_one_root_do_not_own_the_same_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, other = folder.parent, folder.parent / "other"
    config = "root: ..\nspecs: ../schemas\ntargets:\n  python: {out: ../api/other}\n"
    write(other, {"modelsync.yaml": config})
    assert command(folder, "generate") == command(other, "generate") == 0
    assert command(folder, "check") == command(other, "check") == 0
    assert place_of(folder).manifest != place_of(other).manifest
    assert pending_place(place_of(folder).manifest) != pending_place(place_of(other).manifest)
    write(other, {"modelsync.yaml": config.replace("api/other", "api/models")})
    capsys.readouterr()
    before = (root / "api/models/a.py").stat()
    assert command(other, "generate") == 2
    err = capsys.readouterr().err
    assert "MS075 the output folder of `python` overlaps with the one of `python` in" in err
    assert " ::: models/modelsync.yaml:4:17: the other one is here" in err
    assert (root / "api/models/a.py").stat().st_mtime_ns == before.st_mtime_ns
    write(root, {"modelsync.yaml": "targets: {go: {out: api/other/go, module: a.io/b}}\n"})
    write(other, {"modelsync.yaml": config})
    assert command(other, "generate") == 2
    assert " ::: modelsync.yaml:1:21: the other one is here" in capsys.readouterr().err
    with disk.locked(root):
        assert (root / ".modelsync/lock").is_file()


@pytest.mark.posix
def test_links_inside_the_root_are_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (tmp_path / "api").symlink_to(outside)
    assert command(folder, "generate") == 2
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    ("root", "text"),
    [
        ("../..", "invalid root `../..`: it is outside the git repository"),
        ("/", "invalid root `/`: it must be `..`, `../..` and so on"),
        ("../api", "invalid root `../api`: it must be `..`, `../..` and so on"),
        ("[..]", "expected a string for `root`, found a list"),
    ],
)
def test_other_roots_are_problems(folder: Path, root: str, text: str) -> None:
    write(folder, {"modelsync.yaml": f"root: {root}\ntargets:\n  python: {{out: py}}\n"})
    with pytest.raises(ProblemsError, match="root") as raised:
        load(folder)
    assert text in str(raised.value)


def test_a_folder_with_an_unusual_name_cannot_have_a_root_above_it(tmp_path: Path) -> None:
    write(tmp_path, {"my models/modelsync.yaml": "root: ..\ntargets:\n  python: {out: py}\n"})
    with pytest.raises(ProblemsError, match="`my models` is not a portable name"):
        load(tmp_path / "my models")


def test_paths_outside_the_root_are_problems(folder: Path) -> None:
    write(folder, {"modelsync.yaml": "root: ..\ntargets:\n  python: {out: ../../py}\n"})
    with pytest.raises(ProblemsError) as raised:
        load(folder)
    (problem,) = raised.value.problems
    assert problem.message == "invalid folder `../../py`: it must not contain `..`"
    assert problem.help.endswith("or set `root: ../..` to allow folders beside it")


def test_without_a_root_it_is_the_folder_of_the_config(tmp_path: Path) -> None:
    write(tmp_path, {"modelsync.yaml": "# root: ..\ntargets:\n  python: {out: py}\n"})
    assert place_of(tmp_path) == Place(tmp_path)
    write(tmp_path, {"modelsync.yaml": "root: .\ntargets:\n  python: {out: py}\n"})
    assert place_of(tmp_path) == Place(tmp_path)
    assert place_of(tmp_path / "none") == Place(tmp_path / "none")


def test_init_and_watch_know_the_root(folder: Path) -> None:
    root = folder.parent
    write(folder, {"modelsync.yaml": CONFIG.replace("schemas", "new")})
    assert command(folder, "init", "--eject", "python") == 0
    assert (folder / "templates/python").is_dir()
    assert command(folder, "init") == 0
    spec = (root / "new/user.yaml").read_text("utf-8")
    assert spec.startswith("# yaml-language-server: $schema=../models/modelsync.schema.json\n")
    attributes = (root / ".gitattributes").read_text("utf-8")
    assert "api/models/** text" in attributes
    assert "models/modelsync.manifest text" in attributes
    watcher = Watcher(folder)
    write(root, {"new/b.yaml": SPEC})
    write(folder, {"modelsync.yaml": CONFIG.replace("schemas", "new") + "# \n"})
    assert watcher.wait() == ["models/modelsync.yaml", "new/b.yaml"]
