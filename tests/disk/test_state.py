"""The state folder and the manifest: hostile ones, and files that change during a run."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.synced import CONFIG, IN_THE_WAY, PAGE, USER, Project
from modelsync import cli, disk
from modelsync.plan.changes import digest
from modelsync.plan.manifest import NAME as MANIFEST

# --- The state folder ---


@pytest.mark.parametrize("path", [".modelsync", ".modelsync/kept"])
@pytest.mark.parametrize("kind", ["link", "file"])
def test_an_obstacle_instead_of_the_state_folder_is_refused(
    project: Project, tmp_path: Path, path: str, kind: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = project.folder / path
    if path == ".modelsync":
        shutil.rmtree(place)
    if kind == "link":
        place.symlink_to(elsewhere)
    else:
        place.write_text("mine")
    project.write({PAGE: "edited"})
    result = project.generate()
    assert result.code == cli.INVALID
    assert "MS080" in result.err
    assert f"--> {path}" in result.err
    assert list(elsewhere.iterdir()) == []
    assert project.text(PAGE) == "edited"


WHAT = {"link": "a symbolic link", "pipe": "a special file", "folder": "a folder"}


@pytest.mark.parametrize("name", ["lock", ".gitignore", "pending.manifest"])
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_obstacles_in_the_state_folder_are_refused(
    project: Project, tmp_path: Path, name: str, kind: str
) -> None:
    place = project.folder / ".modelsync" / name
    place.unlink(missing_ok=True)
    elsewhere = tmp_path / "elsewhere"
    if kind == "link":
        place.symlink_to(elsewhere)
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        place.mkdir()
    project.edit("specs/user.yaml", "string", "int64")
    for result in (project.generate(), *([project.check()] if name != ".gitignore" else [])):
        assert result.code == cli.INVALID
        assert f"MS080 {WHAT[kind]} is in the way" in result.err
        assert f"--> .modelsync/{name}" in result.err
        assert "help: remove it" in result.err
    assert not elsewhere.exists()


def test_a_folder_without_a_project_gets_no_state_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Project(tmp_path, capsys).generate().code == cli.INVALID
    assert list(tmp_path.iterdir()) == []


def test_check_writes_nothing(project: Project) -> None:
    project.edit("specs/user.yaml", "string", "int64")
    shutil.rmtree(project.folder / ".modelsync")
    before = project.stamps()
    assert project.check().code == cli.DRIFT
    assert project.stamps() == before
    assert not (project.folder / ".modelsync").exists()


# --- Invalid manifests ---

DIGEST = "0" * 64


@pytest.mark.parametrize(
    "line",
    [
        f"file ../secret.txt {DIGEST} go -",
        f"file /etc/passwd {DIGEST} go -",
        f"file out/../secret.txt {DIGEST} go -",
        f"file specs/user.yaml {digest(USER.encode())} go -",
        f"file SPECS/user.yaml {digest(USER.encode())} go -",
        f"file specs {DIGEST} go -",
        f"file templates/sdk-docs/page.md.j2 {DIGEST} go -",
        f"file modelsync.yaml {digest(CONFIG.encode())} go -",
        f"file modelsync.manifest {DIGEST} go -",
        f"file .git/config {DIGEST} go -",
        f"file .modelsync/lock {DIGEST} go -",
        "\x1b[31m",
        "nonsense",
    ],
)
@pytest.mark.parametrize("flags", [[], ["--force"]])
def test_a_hostile_manifest_is_refused(project: Project, line: str, flags: list[str]) -> None:
    project.write({MANIFEST: f"{project.text(MANIFEST)}{line}\n"})
    project.edit("specs/user.yaml", "string", "int64")
    before = project.stamps()
    for result in (project.check(), project.generate(*flags)):
        assert result.code == cli.INVALID
        assert "MS090" in result.err
        assert "\x1b" not in result.err
    assert project.stamps() == before


@pytest.mark.parametrize("data", [b"\xff\xfe\x00binary", b"\xef\xbb\xbf# a mark\n"])
def test_a_binary_manifest_is_refused(project: Project, data: bytes) -> None:
    (project.folder / MANIFEST).write_bytes(data)
    for result in (project.check(), project.generate()):
        assert result.code == cli.INVALID
        assert "MS090 the manifest cannot be read: the file " in result.err
        assert "--> modelsync.manifest:1:" in result.err
        assert "restore it with `git checkout" in result.err


@pytest.mark.parametrize("put", [*IN_THE_WAY, lambda place: place.symlink_to("other")])
def test_an_obstacle_instead_of_the_manifest_is_refused(
    project: Project, put: Callable[[Path], None]
) -> None:
    (project.folder / MANIFEST).rename(project.folder / "other")
    put(project.folder / MANIFEST)
    for result in (project.check(), project.generate()):
        assert result.code == cli.INVALID
        assert "MS080" in result.err
        assert "--> modelsync.manifest" in result.err


@pytest.mark.slow
def test_a_large_invalid_manifest_gives_few_problems(project: Project) -> None:
    """100 MB that are not a manifest give few problems."""
    (project.folder / MANIFEST).write_bytes(b"nonsense\n" * 11_000_000)
    result = project.check()
    assert result.code == cli.INVALID
    assert len(result.err) < 10_000


def test_repeated_lines_count_once(project: Project) -> None:
    text = project.text(MANIFEST)
    project.write({MANIFEST: text + text})
    result = project.check()
    assert set(result.drift) == {MANIFEST}
    project.generate_and_check()
    assert project.text(MANIFEST) == text


# --- Changes during a run ---


def test_a_file_that_is_written_during_a_run_is_left_alone(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor saves a file after modelsync has read it, and before it replaces it."""
    project.edit("specs/user.yaml", "string", "int64")
    page = project.folder / PAGE
    sync_, fsync = os.fsync, os.fsync

    def saving(handle: int) -> None:
        page.write_text("saved just now")
        sync_(handle)

    monkeypatch.setattr(os, "fsync", saving)
    result = project.generate()
    assert result.code == cli.FAILURE
    assert f"{PAGE} was changed while modelsync was running; run the command again" in result.err
    assert page.read_text() == "saved just now"
    monkeypatch.setattr(os, "fsync", fsync)
    assert project.check().drift[PAGE][0] == "edited"
    project.generate_and_check()


def test_a_file_that_is_created_during_a_run_is_left_alone(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write({"specs/x.yaml": "model: X\nfields: {}\n"})
    page = project.folder / "out/go/models/x.md"
    fsync = os.fsync

    def saving(handle: int) -> None:
        page.write_text("mine")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", saving)
    assert project.generate().code == cli.FAILURE
    assert page.read_text() == "mine"


def test_a_folder_that_becomes_a_link_during_a_run_is_not_followed(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.edit("specs/user.yaml", "string", "int64")
    elsewhere = tmp_path / "elsewhere"
    keep = disk.keep

    def linking(*arguments: Any) -> dict[str, str]:
        (project.folder / "out/go").rename(elsewhere)
        (project.folder / "out/go").symlink_to(elsewhere)
        return keep(*arguments)

    monkeypatch.setattr(disk, "keep", linking)
    result = project.generate()
    assert result.code == cli.INVALID
    assert "MS080 a symbolic link is here instead of a folder" in result.err
    assert "string" in (elsewhere / "models/user.md").read_text()


def test_a_file_system_without_locks_is_reported(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    monkeypatch.setattr(fcntl, "flock", unsupported)
    result = project.generate()
    assert result.code == cli.FAILURE
    assert "this file system does not support file locks" in result.err
    assert project.check().code == 0, "a command that writes nothing needs no lock"
