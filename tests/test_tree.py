"""No access follows a link, waits for a pipe or reads without end, even if a folder is swapped."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.projects import write
from helpers.synced import PAGE, USER, Project
from modelsync import cli, disk
from modelsync import tree as trees
from modelsync.cli import run
from modelsync.plan.changes import digest
from modelsync.plan.manifest import NAME as MANIFEST
from modelsync.plan.manifest import Entry
from modelsync.programs import on_path
from modelsync.tree import InTheWay, TooLarge, Tree


@pytest.fixture(params=[True, False], ids=["relative", "by-path"])
def relative_calls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Both ways to access a file: with POSIX calls relative to a folder, and by path."""
    monkeypatch.setattr(trees, "relative_calls", request.param and trees.relative_calls)
    return bool(request.param)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# --- Links ---

WRITES: dict[str, Callable[[Tree], object]] = {
    "write_new": lambda tree: tree.write_new("a/link/new", [b"x"]),
    "replace": lambda tree: tree.replace("file", "a/link/file"),
    "replace from": lambda tree: tree.replace("a/link/file", "file"),
    "unlink": lambda tree: tree.unlink("a/link/file"),
    "make_folder": lambda tree: tree.make_folder("a/link/new"),
    "make_folders": lambda tree: tree.make_folders("a/link/new/b"),
    "remove_folder": lambda tree: tree.remove_folder("a/link/empty"),
    "make_link": lambda tree: tree.make_link("a/link/new", "x"),
    "open_lock": lambda tree: tree.open_lock("a/link/lock", writing=True),
    "read": lambda tree: tree.read("a/link/file", 100),
    "head": lambda tree: tree.head("a/link/file", 100),
    "chunks": lambda tree: list(tree.chunks("a/link/file")),
    "status": lambda tree: tree.status("a/link/file"),
    "link": lambda tree: tree.link("a/link/leads"),
    "entries": lambda tree: tree.entries("a/link/empty"),
    "entries of the link": lambda tree: tree.entries("a/link"),
    "walk": lambda tree: list(tree.walk("a/link", lambda name: True)),
    "sync": lambda tree: tree.sync("a/link"),
}


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A folder in which `a/link` leads to a folder outside."""
    write(tmp_path, {"elsewhere/file": "theirs", "tree/file": "ours", "tree/a/b/file": "ours"})
    (tmp_path / "elsewhere/empty").mkdir()
    (tmp_path / "elsewhere/leads").symlink_to("file")
    (tmp_path / "tree/a/link").symlink_to(tmp_path / "elsewhere")
    return tmp_path / "tree"


@pytest.mark.parametrize("call", WRITES)
def test_no_call_follows_a_linked_folder(linked: Path, call: str, relative_calls: bool) -> None:
    elsewhere = linked.parent / "elsewhere"
    before = contents(elsewhere), sorted(elsewhere.iterdir())
    with Tree(linked) as tree, pytest.raises(InTheWay) as raised:
        WRITES[call](tree)
    assert raised.value.obstacle.path == "a/link"
    assert raised.value.obstacle.is_link
    assert (contents(elsewhere), sorted(elsewhere.iterdir())) == before
    assert (linked / "file").read_text() == "ours"


@pytest.mark.parametrize("call", WRITES)
def test_no_call_follows_a_folder_that_is_replaced_with_a_link(
    linked: Path, call: str, relative_calls: bool
) -> None:
    """The folder may still be open. A call that writes opens it again."""
    reads = ("read", "head", "chunks", "status", "link", "entries", "entries of the link", "walk")
    elsewhere = linked.parent / "elsewhere"
    (linked / "a/link").unlink()
    shutil.copytree(elsewhere, linked / "a/link", symlinks=True)
    with Tree(linked) as tree:
        assert tree.read("a/link/file", 100) == b"theirs"
        (linked / "a/link").rename(linked / "a/real")
        (linked / "a/link").symlink_to(elsewhere)
        (elsewhere / "file").write_text("a secret")
        before = contents(elsewhere), sorted(elsewhere.iterdir())
        if call in reads:
            try:
                found = str(WRITES[call](tree))
            except InTheWay:
                found = ""
            assert "secret" not in found
        else:
            with pytest.raises(InTheWay):
                WRITES[call](tree)
    assert (contents(elsewhere), sorted(elsewhere.iterdir())) == before


@pytest.mark.parametrize("path", ["../x", "a/../../x", "a//x", "./x", "a/./x"])
def test_a_path_outside_the_folder_is_an_error(
    linked: Path, path: str, relative_calls: bool
) -> None:
    (linked.parent / "x").write_text("theirs")
    with Tree(linked) as tree, pytest.raises(ValueError, match="not a path below"):
        tree.read(path, 100)


def test_the_folder_itself_may_be_reached_through_a_link(
    linked: Path, relative_calls: bool
) -> None:
    (linked.parent / "link").symlink_to(linked)
    with Tree(linked.parent / "link") as tree:
        assert tree.read("a/b/file", 100) == b"ours"
        tree.write_new("a/b/new", [b"x"])
        assert [name for name, _, _ in tree.entries("a/b")] == ["file", "new"]
        assert tree.entries("") != []
    assert (linked / "a/b/new").read_bytes() == b"x"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="it lists the open handles")
def test_no_handle_stays_open(linked: Path) -> None:
    folder = Path("/proc/self/fd")
    before = len(os.listdir(folder))  # noqa: PTH208
    for call in WRITES.values():
        with Tree(linked) as tree, pytest.raises(InTheWay):
            call(tree)
    with Tree(linked) as tree:
        tree.read("a/b/file", 100)
        with pytest.raises(TooLarge):
            tree.read("a/b/file", 1)
    assert len(os.listdir(folder)) == before  # noqa: PTH208


@pytest.mark.parametrize("call", ["open", "mkdir", "replace", "unlink"])
@pytest.mark.parametrize("swapped", ["out", pytest.param("out/go/models", marks=pytest.mark.slow)])
def test_a_folder_swapped_at_any_call_leads_nowhere(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, swapped: str
) -> None:
    """Replace a folder with a link right before each call, one call per run."""
    project.edit("specs/user.yaml", "string", "int64")
    (project.folder / "specs/old.yaml").unlink()
    project.write({"specs/b/x.yaml": "model: X\nfields: {}\n"})
    elsewhere, start = tmp_path / "elsewhere", tmp_path / "start"
    shutil.copytree(project.folder / swapped, elsewhere)
    before = contents(elsewhere)
    shutil.copytree(project.folder, start)
    calls = calls_until_swap(project, monkeypatch, call, lambda number: None)
    assert calls > 2
    for turn in range(1, calls + 1):
        shutil.rmtree(project.folder)
        shutil.copytree(start, project.folder)

        def swap(number: int, turn: int = turn) -> None:
            if number == turn:
                (project.folder / swapped).rename(tmp_path / "away")
                (project.folder / swapped).symlink_to(elsewhere)

        calls_until_swap(project, monkeypatch, call, swap)
        assert contents(elsewhere) == before
        shutil.rmtree(tmp_path / "away")


def calls_until_swap(
    project: Project, monkeypatch: pytest.MonkeyPatch, call: str, swap: Callable[[int], None]
) -> int:
    """Generate, and call `swap` with the number of each call before it; return how many."""
    real, seen = getattr(os, call), 0

    def swapping(*words: Any, **options: Any) -> Any:
        nonlocal seen
        if call != "open" or words[1] & os.O_CREAT:
            seen += 1
            swap(seen)
        return real(*words, **options)

    with monkeypatch.context() as patched:
        patched.setattr(os, call, swapping)
        result = project.generate()
    assert result.code in (0, cli.INVALID, cli.FAILURE), result
    if result.code == cli.FAILURE:
        assert "changed while modelsync was writing: " in result.err
    return seen


def test_a_missing_project_has_no_folders(tmp_path: Path) -> None:
    assert list(disk.walk(tmp_path / "gone", "specs")) == []


# --- Commands that create a project ---


@pytest.mark.parametrize(
    ("arguments", "link"),
    [
        (["init"], "specs"),
        (["init", "--eject", "go"], "templates"),
        (["init", "--eject", "go"], "templates/go"),
        (["init", "--eject", "go"], "templates/go/wire"),
    ],
)
def test_init_does_not_follow_links(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], link: str
) -> None:
    made = Project(tmp_path / "project", capsys)
    (tmp_path / "elsewhere").mkdir()
    place = made.folder / link
    place.parent.mkdir(parents=True)
    place.symlink_to(tmp_path / "elsewhere")
    result = made.run(*arguments)
    assert result.code == cli.INVALID
    assert "MS080 a symbolic link is here instead of a folder" in result.err
    assert f"--> {link}:" in result.err
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert contents(made.folder) == {}, "nothing was written"


TABLE = """

## Fields

| Field | Type | Required | Description |
| --- | --- | --- | --- |
| `id` | *string* | :heavy_check_mark: | N/A |
"""
PAGES = {f"docs/models/{name}.md": f"# {name}{TABLE}" for name in ("Foo", "Bar")}


@pytest.mark.parametrize("link", ["specs", "specs/models", ".modelsync"])
def test_transcribe_does_not_follow_links(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], link: str
) -> None:
    write(tmp_path, PAGES)
    place = tmp_path / "project" / link
    place.parent.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    place.symlink_to(tmp_path / "elsewhere")
    arguments = ["transcribe", str(tmp_path / "docs"), "--into", str(tmp_path / "project")]
    assert run(arguments) == cli.INVALID
    assert f"--> {link}:" in capsys.readouterr().err
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("link", ["specs", "specs/sub", "templates", "templates/sdk-docs"])
def test_specs_and_templates_in_linked_folders_are_not_read(
    project: Project, tmp_path: Path, link: str
) -> None:
    place = project.folder / link
    if link == "specs":
        place.rename(tmp_path / "elsewhere")
    else:
        name = "x.yaml" if link == "specs/sub" else "page.md.j2"
        write(tmp_path, {f"elsewhere/{name}": "SECRET", f"elsewhere/sdk-docs/{name}": "SECRET"})
        place.parent.mkdir(exist_ok=True)
    place.symlink_to(tmp_path / "elsewhere")
    for result in (project.check("--diff"), project.generate()):
        assert result.code == cli.INVALID
        assert "MS081 a symbolic link in the `" in result.err
        assert f"--> {link}:" in result.err
        assert "SECRET" not in result.out + result.err


@pytest.mark.parametrize("name", ["page.md.j2", "more.md.j2", "copied"])
@pytest.mark.parametrize("target", ["/proc/self/environ", "/etc/hostname", "../../specs/user.yaml"])
def test_a_linked_template_is_refused(project: Project, name: str, target: str) -> None:
    place = project.folder / "templates/sdk-docs" / name
    place.parent.mkdir(parents=True)
    place.symlink_to(target)
    result = project.check("--diff")
    assert result.code == cli.INVALID
    assert "MS081 a symbolic link in the `templates` folder" in result.err


# --- Obstacles, and files that are too large ---


def fifo(place: Path) -> None:
    os.mkfifo(place)


def socket_(place: Path) -> None:
    here = Path.cwd()
    os.chdir(place.parent)  # the path of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(place.name)
    finally:
        os.chdir(here)


def full_folder(place: Path) -> None:
    place.mkdir()
    (place / "x").write_text("mine")


def zero(place: Path) -> None:
    place.symlink_to("/dev/zero")


def huge(place: Path) -> None:
    with place.open("wb") as file:
        file.truncate(3 << 30)


READ = (
    *("modelsync.yaml", "specs/pipe.yaml", "templates/sdk-docs/page.md.j2"),
    *(MANIFEST, ".modelsync/pending.manifest", ".modelsync/lock", ".modelsync", PAGE),
)
HARMLESS = {
    (full_folder, "specs/pipe.yaml"),  # a package
    (full_folder, "templates/sdk-docs/page.md.j2"),
    (full_folder, ".modelsync"),
    (huge, ".modelsync/lock"),  # nobody reads it
}


@pytest.mark.parametrize(
    ("put", "path"),
    [
        (put, path)
        for put in (fifo, socket_, full_folder, zero, huge)
        for path in READ
        if (put, path) not in HARMLESS
    ],
)
def test_an_obstacle_instead_of_an_input_is_reported(
    project: Project, put: Callable[[Path], None], path: str
) -> None:
    place = project.folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
    put(place)
    if path == PAGE:
        kind = "edited" if put is zero else "foreign"  # a link is replaced, and not followed
        assert project.check().drift[PAGE][0] == kind
        assert project.generate().code == (0 if put is zero else cli.INVALID)
        return
    for result in (project.check(), project.generate()):
        assert result.code == cli.INVALID, result
        assert f"--> {path}" in result.err
        assert "help: " in result.err


@pytest.mark.slow
def test_a_large_output_is_read_in_parts(project: Project) -> None:
    """It is unchanged if only its line endings differ."""
    data = b"0123456\r\n" * 2_000_000
    place = project.folder / "out/go/models/old.md"
    for text, edited in ((data, False), (data.replace(b"\r\n", b"\n"), False), (data + b"x", True)):
        place.write_bytes(text)
        found = disk.read_present(project.folder, ["out/go/models/old.md"])["out/go/models/old.md"]
        assert found is not None
        entry = Entry(frozenset({digest(data.replace(b"\r\n", b"\n"))}), "go", "-")
        assert found.is_as_generated(entry) is not edited
        assert found.digest == digest(text)


@pytest.mark.slow
def test_a_compressed_text_that_grows_too_large_is_ignored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, PAGES)
    arguments = ["transcribe", str(tmp_path / "docs"), "--into", str(tmp_path / "project")]
    run(arguments)
    spec = tmp_path / "project/specs/models/foo.yaml"
    spec.write_text(spec.read_text() + "# mine\n")
    page = tmp_path / "docs/models/Foo.md"
    page.write_text(page.read_text().replace("`id`", "`key`"))
    packing = zlib.compressobj(9)
    block = b" " * (1 << 20)
    packed = b"".join(packing.compress(block) for _ in range(300)) + packing.flush()
    (tmp_path / "project/.modelsync/transcribed.texts").write_bytes(packed)
    capsys.readouterr()
    tracemalloc.start()
    try:
        run(arguments)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "kept    specs/models/foo.yaml" in capsys.readouterr().out
    assert peak < 300_000_000  # the texts have 315 million characters


# --- Programs ---


@pytest.mark.slow
def test_no_module_of_the_current_folder_runs(tmp_path: Path) -> None:
    write(
        tmp_path, {f"{name}.py": "open('RAN', 'w')\n" for name in ("json", "mypy", "ast", "yaml")}
    )
    write(tmp_path, {"modelsync.yaml": "targets: {py: {target: python, out: py}}\n"})
    write(tmp_path, {"specs/user.yaml": USER})
    program = Path(sys.executable).with_name("modelsync")
    done = subprocess.run([program, "verify"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "RAN").exists()


@pytest.mark.parametrize("entry", [".", "", "bin"])
def test_no_program_of_the_current_folder_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    for folder in (tmp_path, tmp_path / "bin", tmp_path / "good"):
        folder.mkdir(exist_ok=True)
        (folder / "tool").write_text("#!/bin/sh\n")
        (folder / "tool").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", entry)
    assert on_path("tool") is None
    monkeypatch.setenv("PATH", f"{entry}{os.pathsep}{tmp_path / 'good'}")
    assert on_path("tool") == str(tmp_path / "good/tool")
