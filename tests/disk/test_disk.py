"""Files are written only if they change, only where allowed, and never partially."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from modelsync import disk
from modelsync.cli import run
from modelsync.paths import path_key, path_problem

CONFIG = "targets: {docs: {target: sdk-docs, notation: go, out: out/docs}}\n"
SPEC = "model: Point\nfields: {x: {type: float64}}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/p.yaml").write_text(SPEC)
    (tmp_path / "modelsync.yaml").write_text(CONFIG)
    return tmp_path


def generate(project: Path) -> int:
    return run(["generate", "--project", str(project)])


def test_an_unchanged_file_is_not_touched(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(project) == 0
    page, index = project / "out/docs/models/point.md", project / "out/docs/models/README.md"
    for path in (page, index):
        os.utime(path, (1, 1))
    (project / "specs/p.yaml").write_text(SPEC.replace("x:", "y:"))
    assert generate(project) == 0
    assert index.stat().st_mtime == 1
    assert page.stat().st_mtime != 1
    assert capsys.readouterr().out.splitlines() == [
        "2 created, 0 updated, 0 deleted, 0 unchanged",
        "0 created, 1 updated, 0 deleted, 1 unchanged",
    ]


@pytest.mark.posix
def test_new_files_have_the_usual_mode(project: Path) -> None:
    before = os.umask(0o022)
    try:
        assert generate(project) == 0
        page = project / "out/docs/models/point.md"
        assert page.stat().st_mode & 0o777 == 0o644
        page.chmod(0o600)
        (project / "specs/p.yaml").write_text(SPEC.replace("x:", "y:"))
        assert generate(project) == 0
        assert page.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


@pytest.mark.parametrize("part", ["out", "out/docs", "out/docs/models", "out/docs/models/point.md"])
def test_no_write_goes_through_a_symbolic_link(
    project: Path, capsys: pytest.CaptureFixture[str], part: str
) -> None:
    elsewhere = project / "elsewhere"
    elsewhere.mkdir()
    place = project / part
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(elsewhere)
    assert generate(project) == 2
    result = capsys.readouterr().err
    assert ("MS091" if part.endswith(".md") else "MS080") in result
    assert "symbolic link" in result
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("part", ["out", "out/docs/models"])
def test_a_file_instead_of_a_folder_is_a_problem(
    project: Path, capsys: pytest.CaptureFixture[str], part: str
) -> None:
    place = project / part
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("mine")
    assert generate(project) == 2
    assert "MS080" in capsys.readouterr().err
    assert place.read_text() == "mine"


def test_a_failed_write_leaves_no_partial_file(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(project) == 0
    page = project / "out/docs/models/point.md"
    before = page.read_bytes()
    (project / "specs/p.yaml").write_text(SPEC.replace("x:", "y:"))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert generate(project) == 3
    result = capsys.readouterr().err
    assert "No space left" in result
    assert "help: free some space, then run the command again" in result
    assert page.read_bytes() == before
    assert [p.name for p in page.parent.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize("call", ["open", "replace"])
def test_a_disk_error_names_the_file(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], call: str
) -> None:
    """It does not name the temporary file."""
    assert generate(project) == 0
    page = project / "out/docs/models/point.md"
    (project / "specs/p.yaml").write_text(SPEC.replace("x:", "y:"))
    real = getattr(os, call)

    def refusing(path: object, *others: object, **options: object) -> object:
        if ".modelsync-" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *others, **options)

    monkeypatch.setattr(os, call, refusing)
    assert generate(project) == 3
    assert capsys.readouterr().err.splitlines() == [
        f"modelsync: [Errno 13] Permission denied: '{page}'",
        "help: check the permissions of the file and its folder, then run the command again",
    ]


def test_specs_are_found_in_subfolders_except_hidden_ones(project: Path) -> None:
    for name in ("b/c.yml", ".hidden.yaml", ".git/x.yaml", "b/readme.txt"):
        place = project / "specs" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("")
    assert list(disk.read_specs(project, "specs", 100)) == ["specs/p.yaml", "specs/b/c.yml"]


def test_two_definitions_with_one_file_are_reported(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "specs/q.yaml").write_text("model: POINT\nfields: {}\n")
    assert generate(project) == 2
    assert "MS043 two files have the path `out/docs/models/point.md`" in capsys.readouterr().err


def test_a_linked_folder_of_specs_is_reported(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "specs/loop").symlink_to(project / "specs")
    assert generate(project) == 2
    assert "MS081" in capsys.readouterr().err


@pytest.mark.posix
@pytest.mark.parametrize("name", ["pipe.yaml", "link.yaml", "dangling.YML"])
def test_an_obstacle_among_the_specs_is_reported(
    project: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    place = project / "specs" / name
    if name.startswith("pipe"):
        os.mkfifo(place)
    else:
        place.symlink_to(project / ("specs/p.yaml" if name.startswith("link") else "nowhere"))
    assert generate(project) == 2
    what = "a special file" if "pipe" in name else "a symbolic link"
    assert f"MS081 {what} in the `specs` folder" in capsys.readouterr().err


def test_a_folder_that_cannot_be_read_is_reported(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "specs/sub").mkdir()
    open_ = os.open

    def refusing(path: str, *words: int, **options: int) -> int:
        if path == "sub":
            raise PermissionError(13, "Permission denied", path)
        return open_(path, *words, **options)

    monkeypatch.setattr(os, "open", refusing)
    assert generate(project) == 3
    assert "Permission denied" in capsys.readouterr().err


def test_an_uppercase_suffix_is_reported(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "specs/x.YAML").write_text(SPEC)
    assert generate(project) == 2
    assert "MS017" in capsys.readouterr().err


def test_a_huge_spec_is_reported(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (project / "specs/huge.yaml").open("wb") as file:
        file.truncate(1 << 32)
    assert generate(project) == 2
    assert "larger than 8 MiB" in capsys.readouterr().err


NOT_PORTABLE = ["x.", "x ", "a:b", "a\\b", "\uff41", "é", "a*"]


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("", "it is not relative to the project folder"),
        ("/etc/passwd", "it is not relative to the project folder"),
        ("../x", "it must not contain `..`"),
        ("a/../b", "it must not contain `..`"),
        ("a//b", "it must not contain `//` or end with `/`"),
        ("./a", "it must not contain `.`"),
        ("a/.", "it must not contain `.`"),
        ("CON", "`CON` is a device name on Windows"),
        ("nul.txt", "`nul.txt` is a device name on Windows"),
        ("a/Com1.md", "`Com1.md` is a device name on Windows"),
        *((name, f"`{name}` is not a portable name") for name in NOT_PORTABLE),
        ("a\nb", "`a\\nb` is not a portable name"),
        (".git/config", "`.git` is not a portable name"),
        ("x" * 201, f"`{'x' * 40}...` is too long"),
    ],
)
def test_a_path_that_is_not_portable_is_a_problem(path: str, problem: str) -> None:
    assert path_problem(path) == problem


@pytest.mark.parametrize("path", ["a", "a/b.md", "_x.py", "generated/docs-go/a_b.pb.go", "@a/b"])
def test_portable_paths_are_allowed(path: str) -> None:
    assert path_problem(path) == ""


def test_paths_that_are_equal_on_some_file_system_have_one_key() -> None:
    assert path_key("a/Straße") == path_key("A/STRASSE")
    assert path_key("caf\u00e9") == path_key("cafe\u0301")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "locale", "zone", "umask", "here"),
    [
        ("0", "C", "UTC", 0o022, "/"),
        ("1", "tr_TR.ISO-8859-9", "Pacific/Kiritimati", 0o077, "."),
        ("4294967295", "C.UTF-8", "America/St_Johns", 0o000, "specs"),
    ],
)
def test_the_output_does_not_depend_on_the_environment(
    root: Path, tmp_path: Path, seed: str, locale: str, zone: str, umask: int, here: str
) -> None:
    """All files, including the manifest, are those of this checkout."""
    for part in ("specs", "templates", "modelsync.yaml"):
        source = root / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / part)
    environment = os.environ | {
        "PYTHONHASHSEED": seed,
        "LC_ALL": locale,
        "TZ": zone,
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    }
    subprocess.run(
        [sys.executable, "-m", "modelsync", "generate", "--project", str(tmp_path)],
        check=True,
        env=environment,
        cwd=tmp_path / here,
        stdout=subprocess.DEVNULL,
        umask=umask,
    )

    def tree(folder: Path) -> dict[str, bytes]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in [*folder.glob("generated/**/*"), folder / "modelsync.manifest"]
            if path.is_file() and "__pycache__" not in path.parts
        }

    made, kept = tree(tmp_path), tree(root)
    assert made.keys() == kept.keys()
    assert [path for path in made if made[path] != kept[path]] == []
