"""check and generate over real projects: every kind of drift, its cause, and what is left alone."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from modelsync import cli, disk
from modelsync.cli import run
from modelsync.manifest import NAME as MANIFEST
from modelsync.plan import Kind, digest
from projects import write

CONFIG = """\
targets:
  go: {target: markdown, notation: go, out: out/go}
  ts: {target: markdown, notation: typescript, out: out/ts}
"""
USER = "model: User\nfields: {id: {type: string}}\n"
TEAM = "model: Team\nfields: {lead: {type: User}}\n"
OLD = "model: Old\nfields: {a: {type: string}}\n"
PAGE = "out/go/models/user.md"
SPEC_LINE = re.compile(r"(specs/\w+\.yaml):\d+:\d+")
LINE = re.compile(r"(?P<kind>[a-z]+(?: [a-z]+)?) +(?P<path>[^ :]+): (?P<causes>.+)")


class Told(NamedTuple):
    """What a command has said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def drift(self) -> dict[str, tuple[str, str]]:
        """Each file that differs: its kind and its causes, but for the lines of the specs."""
        found = {}
        for line in self.out.splitlines():
            match = LINE.fullmatch(line)
            if match and match["kind"] in set(Kind):
                found[match["path"]] = (match["kind"], SPEC_LINE.sub(r"\1", match["causes"]))
        return found


class Project:
    """A project on the disk, and the commands on it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def write(self, files: Mapping[str, str]) -> None:
        write(self.folder, files)

    def text(self, path: str) -> str:
        return (self.folder / path).read_bytes().decode()

    def edit(self, path: str, old: str, new: str) -> None:
        text = self.text(path)
        assert old in text
        self.write({path: text.replace(old, new)})

    def run(self, command: str, *arguments: str) -> Told:
        self.capsys.readouterr()
        code = run([command, "--project", str(self.folder), *arguments])
        return Told(code, *self.capsys.readouterr())

    def check(self, *arguments: str) -> Told:
        return self.run("check", *arguments)

    def generate(self, *arguments: str) -> Told:
        return self.run("generate", *arguments)

    def mend(self) -> None:
        """Generate, and see that all is well then, and stays so."""
        told = self.generate()
        assert told.code == 0, told.err
        assert self.check().code == 0
        before = self.stamps()
        assert self.generate().code == 0
        assert self.stamps() == before, "a second run has nothing to do"

    def stamps(self) -> dict[str, int]:
        """Return when each file was written last."""
        return {
            path.relative_to(self.folder).as_posix(): path.lstat().st_mtime_ns
            for path in self.folder.rglob("*")
            if path.name != "lock" and not path.is_dir()
        }

    def git(self, *arguments: str, check: bool = True) -> str:
        return git(self.folder, *arguments, check=check)


def git(folder: Path, *arguments: str, check: bool = True) -> str:
    words = ["git", "-c", "user.name=t", "-c", "user.email=t@t", *arguments]
    done = subprocess.run(words, cwd=folder, check=check, capture_output=True, text=True)
    return done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Project:
    made = Project(tmp_path / "project", capsys)
    made.write({"modelsync.yaml": CONFIG, "specs/user.yaml": USER, "specs/team.yaml": TEAM})
    made.write({"specs/old.yaml": OLD, "specs/other.yaml": OLD.replace("Old", "Other")})
    assert made.generate().code == 0
    return made


# --- Every kind at once ---


def test_every_kind_of_drift_is_named_with_its_cause_and_mended(project: Project) -> None:
    project.edit("specs/user.yaml", "string", "int64")
    (project.folder / "specs/old.yaml").unlink()
    project.write({"specs/fresh.yaml": "model: Fresh\nfields: {u: {type: User}}\n"})
    other = project.folder / "out/go/models/other.md"
    other.write_bytes(other.read_bytes().replace(b"\n", b"\r\n"))
    project.edit("out/go/models/team.md", "# Team", "# My team")
    (project.folder / "out/ts/models/team.md").unlink()
    foreign = {
        "out/ts/models/fresh.md": "my fresh page",
        "out/go/notes.txt": "notes",
        "out/go/models/draft.md": "draft",
        "elsewhere.md": "mine",
    }
    project.write(foreign)
    index = "specs/fresh.yaml is new; specs/user.yaml changed; specs/old.yaml is gone"
    told = project.check()
    assert told.code == cli.DRIFT
    assert told.out.splitlines()[-1].startswith("modelsync generate --project ")
    assert {kind for kind, _ in told.drift.values()} == set(Kind)
    assert told.drift == {
        "out/go/models/README.md": ("outdated", index),
        "out/ts/models/README.md": ("outdated", index),
        "out/go/models/fresh.md": ("created", "specs/fresh.yaml is new"),
        "out/ts/models/fresh.md": ("foreign", "modelsync did not write what stands here"),
        "out/go/models/old.md": ("orphaned", "specs/old.yaml is gone"),
        "out/ts/models/old.md": ("orphaned", "specs/old.yaml is gone"),
        "out/go/models/other.md": ("line endings", "its lines end in CR LF"),
        "out/go/models/team.md": ("edited", "edited since it was generated"),
        "out/ts/models/team.md": ("deleted", "deleted since it was generated"),
        "out/go/models/user.md": ("outdated", "specs/user.yaml changed"),
        "out/ts/models/user.md": ("outdated", "specs/user.yaml changed"),
    }  # fmt: skip

    before = project.stamps()
    refused = project.generate()
    assert refused.code == cli.WRONG
    assert "MS091" in refused.err
    assert "--> out/ts/models/fresh.md" in refused.err
    assert project.stamps() == before, "one foreign file in the way, and nothing is written"

    (project.folder / "out/ts/models/fresh.md").rename(project.folder / "fresh.md")
    project.mend()
    del foreign["out/ts/models/fresh.md"]
    assert {path: project.text(path) for path in foreign} == foreign
    assert project.text("fresh.md") == "my fresh page"
    (kept,) = (project.folder / ".modelsync/kept").rglob("*.md")
    assert "# My team" in kept.read_text()


def test_line_endings_alone_are_named_so(project: Project) -> None:
    page = project.folder / PAGE
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert project.check().drift == {PAGE: ("line endings", "its lines end in CR LF")}
    project.mend()
    assert not (project.folder / ".modelsync/kept").exists()


# --- Causes ---


def change_spec(project: Project) -> None:
    project.edit("specs/user.yaml", "string", "int64")


def add_spec(project: Project) -> None:
    project.write({"specs/x.yaml": "model: X\nfields: {}\n"})


def remove_spec(project: Project) -> None:
    (project.folder / "specs/old.yaml").unlink()


def rename_spec(project: Project) -> None:
    (project.folder / "specs/old.yaml").rename(project.folder / "specs/older.yaml")


def rename_model(project: Project) -> None:
    project.edit("specs/old.yaml", "Old", "Older")


def set_option(project: Project) -> None:
    project.edit("modelsync.yaml", "out: out/ts", "out: out/ts, sdk: acme")


def change_option(project: Project) -> None:
    project.edit("modelsync.yaml", "notation: go", "notation: python")


def add_template(project: Project) -> None:
    project.write({"templates/markdown/page.md.j2": "{{ title }}\n"})


def change_template(project: Project) -> None:
    add_template(project)
    assert project.generate().code == 0
    project.write({"templates/markdown/page.md.j2": "# {{ title }}\n"})


def change_included_template(project: Project) -> None:
    project.write(
        {
            "templates/markdown/page.md.j2": '{% include "part.j2" %}\n',
            "templates/markdown/part.j2": "{{ title }}\n",
        }
    )
    assert project.generate().code == 0
    project.write({"templates/markdown/part.j2": "# {{ title }}\n"})


def remove_template(project: Project) -> None:
    add_template(project)
    assert project.generate().code == 0
    (project.folder / "templates/markdown/page.md.j2").unlink()


def add_target(project: Project) -> None:
    text = CONFIG + "  py: {target: markdown, notation: python, out: out/py}\n"
    project.write({"modelsync.yaml": text})


def remove_target(project: Project) -> None:
    project.write({"modelsync.yaml": CONFIG.partition("  ts:")[0]})


def rename_target(project: Project) -> None:
    project.edit("modelsync.yaml", "go: {", "goo: {")


def move_out(project: Project) -> None:
    project.edit("modelsync.yaml", "out/go", "docs/go")


def change_modelsync(project: Project) -> None:
    """Have the manifest of a version that wrote other pages."""
    other = "# User, as it was\n"
    sum_ = digest(project.text(PAGE).encode())
    project.edit(MANIFEST, sum_, digest(other.encode()))
    project.write({PAGE: other})


INDEX = "out/go/models/README.md"


@pytest.mark.parametrize(
    ("change", "path", "kind", "causes"),
    [
        (change_spec, PAGE, "outdated", "specs/user.yaml changed"),
        (add_spec, "out/go/models/x.md", "created", "specs/x.yaml is new"),
        (add_spec, INDEX, "outdated", "specs/x.yaml is new"),
        (remove_spec, "out/go/models/old.md", "orphaned", "specs/old.yaml is gone"),
        (remove_spec, INDEX, "outdated", "specs/old.yaml is gone"),
        (
            rename_model,
            "out/go/models/old.md",
            "orphaned",
            "specs/old.yaml asks for it no more",
        ),
        (rename_model, "out/go/models/older.md", "created", "specs/old.yaml changed"),
        (
            set_option,
            "out/ts/models/user.md",
            "outdated",
            'the option sdk of ts changed from "sdk" to "acme" (modelsync.yaml:3:66)',
        ),
        (
            change_option,
            PAGE,
            "outdated",
            'the option notation of go changed from "go" to "python" (modelsync.yaml:2:36)',
        ),
        (add_template, PAGE, "outdated", "templates/markdown/page.md.j2:1:1 is new"),
        (change_template, PAGE, "outdated", "templates/markdown/page.md.j2:1:1 changed"),
        (change_included_template, PAGE, "outdated", "templates/markdown/part.j2:1:1 changed"),
        (remove_template, PAGE, "outdated", "templates/markdown/page.md.j2 is gone"),
        (
            add_target,
            "out/py/models/user.md",
            "created",
            'the target "py" is new (modelsync.yaml:4:3)',
        ),
        (
            remove_target,
            "out/ts/models/user.md",
            "orphaned",
            'modelsync.yaml:1:1 has no target "ts" any more',
        ),
        (
            rename_target,
            MANIFEST,
            "outdated",
            'modelsync.yaml:1:1 has no target "go" any more; did you mean "goo"?;'
            ' the target "goo" is new (modelsync.yaml:2:3)',
        ),
        (
            move_out,
            PAGE,
            "orphaned",
            'the option out of go changed from "out/go" to "docs/go" (modelsync.yaml:2:45)',
        ),
        (
            move_out,
            "docs/go/models/user.md",
            "created",
            'the option out of go changed from "out/go" to "docs/go" (modelsync.yaml:2:45)',
        ),
        (change_modelsync, PAGE, "outdated", "another version of modelsync makes it otherwise"),
    ],
)
def test_each_cause(
    project: Project, change: Callable[[Project], None], path: str, kind: str, causes: str
) -> None:
    change(project)
    told = project.check()
    assert told.code == cli.DRIFT
    assert told.drift[path] == (kind, causes)
    project.mend()


def test_the_spec_that_another_one_refers_to_is_a_cause(project: Project) -> None:
    """How a field is read follows from what it refers to, and through as many specs as need be."""
    project.write(
        {
            "modelsync.yaml": "targets: {python: {out: out}}\n",
            "specs/alias.yaml": "union: Alias\nmembers: [Kind, int64]\n",
            "specs/kind.yaml": "enum: Kind\nvalues: {a: , b: }\n",
            "specs/user.yaml": "model: User\nfields: {kind: {type: Alias}}\n",
        }
    )
    project.mend()
    project.write({"specs/kind.yaml": "model: Kind\nfields: {}\n"})
    drift = project.check().drift
    assert drift["out/kind.py"] == ("outdated", "specs/kind.yaml changed")
    assert drift["out/alias.py"] == (
        "outdated",
        "specs/kind.yaml changed, which this refers to",
    )


def test_a_change_that_shows_nowhere_is_told_of_the_manifest(project: Project) -> None:
    project.edit("specs/user.yaml", "fields", "# a comment says nothing\nfields")
    assert project.check().code == 0
    project.edit("modelsync.yaml", "out: out/go", "out: out/go, packages: []")
    assert project.check().code == 0


# --- Some of the targets ---


def test_a_run_for_one_target_leaves_the_others_alone(project: Project) -> None:
    before = {path: time for path, time in project.stamps().items() if path.startswith("out/ts")}
    project.edit("specs/user.yaml", "string", "int64")
    (project.folder / "specs/old.yaml").unlink()
    project.write({"specs/x.yaml": "model: X\nfields: {}\n", "out/ts/models/user.md": "mine"})
    before["out/ts/models/user.md"] = project.stamps()["out/ts/models/user.md"]
    assert {path.split("/")[1] for path in project.check("go").drift} == {"go"}
    assert project.generate("go").code == 0
    after = {path: time for path, time in project.stamps().items() if path.startswith("out/ts")}
    assert after == before
    assert not (project.folder / ".modelsync/kept").exists()
    assert project.check("go").code == 0
    # What the other one was made from is still known.
    index = "specs/user.yaml changed; specs/x.yaml is new; specs/old.yaml is gone"
    edited = "edited since it was generated; specs/user.yaml changed"
    assert project.check("ts").drift == {
        "out/ts/models/README.md": ("outdated", index),
        "out/ts/models/old.md": ("orphaned", "specs/old.yaml is gone"),
        "out/ts/models/user.md": ("edited", edited),
        "out/ts/models/x.md": ("created", "specs/x.yaml is new"),
    }
    assert project.check().drift == project.check("ts").drift
    project.mend()


def test_a_target_that_cannot_be_read_does_not_stop_another(project: Project) -> None:
    shutil.rmtree(project.folder / "out/ts")
    (project.folder / "out/ts").symlink_to("nowhere")
    assert project.generate("go").code == 0
    assert project.generate("ts").code == cli.WRONG


def test_one_target_after_the_other_leaves_the_manifest_to_a_run_for_all(project: Project) -> None:
    project.edit("specs/user.yaml", "string", "int64")
    assert project.generate("go").code == 0
    assert project.generate("ts").code == 0
    told = project.check()
    assert told.drift == {MANIFEST: ("outdated", "specs/user.yaml changed")}
    project.mend()


# --- Foreign files ---


def test_a_foreign_file_that_is_as_wanted_is_adopted(project: Project) -> None:
    (project.folder / MANIFEST).unlink()
    before = project.stamps()
    told = project.check()
    assert told.drift == {MANIFEST: ("created", "there is none yet")}
    assert project.generate().code == 0
    after = project.stamps()
    assert after.pop(MANIFEST)
    assert after == before, "the files are ours again, and none of them was touched"
    (project.folder / "specs/old.yaml").unlink()
    project.mend()
    assert not (project.folder / "out/go/models/old.md").exists()


def test_without_a_manifest_what_differs_is_refused(project: Project) -> None:
    (project.folder / MANIFEST).unlink()
    project.edit(PAGE, "# User", "# My user")
    assert project.check().drift[PAGE][0] == "foreign"
    assert project.generate().code == cli.WRONG
    assert not (project.folder / MANIFEST).exists()


@pytest.mark.parametrize("is_link", [False, True])
def test_force_takes_the_place_of_a_foreign_file_and_keeps_it(
    project: Project, is_link: bool
) -> None:
    project.write({"specs/x.yaml": "model: X\nfields: {}\n"})
    place = project.folder / "out/go/models/x.md"
    if is_link:
        place.symlink_to("../../../specs/user.yaml")
    else:
        place.write_text("all my work")
    assert "MS091" in project.generate().err
    told = project.generate("--force")
    assert told.code == 0
    (kept,) = re.findall(r"out/go/models/x\.md: .*(\.modelsync/kept/\S+)", told.out)
    copy = project.folder / kept
    if is_link:
        assert copy.readlink() == Path("../../../specs/user.yaml")
        assert project.text("specs/user.yaml") == USER
    else:
        assert copy.read_text() == "all my work"
    assert not place.is_symlink()
    project.mend()


def test_an_edited_orphan_goes_and_a_copy_is_kept(project: Project) -> None:
    (project.folder / "specs/old.yaml").unlink()
    project.edit("out/go/models/old.md", "# Old", "# My notes")
    kind, causes = project.check().drift["out/go/models/old.md"]
    assert (kind, causes) == ("orphaned", "specs/old.yaml is gone; edited since it was generated")
    told = project.generate()
    assert told.code == 0
    assert not (project.folder / "out/go/models/old.md").exists()
    (kept,) = (project.folder / ".modelsync/kept").rglob("old.md")
    assert "# My notes" in kept.read_text()
    assert kept.relative_to(project.folder).as_posix() in told.out


def test_edits_are_kept_each_time(project: Project) -> None:
    for text in ("one", "two", "one"):
        project.write({PAGE: text})
        assert project.generate().code == 0
    kept = sorted(path.read_text() for path in (project.folder / ".modelsync/kept").rglob("*.md"))
    assert kept == ["one", "two"]


def test_a_folder_without_files_goes_and_one_with_some_stays(project: Project) -> None:
    project.write({"specs/a/b/deep.yaml": "model: Deep\nfields: {}\n"})
    project.write({"specs/c/other.yaml": "model: Other\nfields: {}\n"})
    assert project.generate().code == 0
    assert (project.folder / "out/go/models/a/b/deep.md").exists()
    cache = project.folder / "out/go/models/c/__pycache__/x.pyc"
    cache.parent.mkdir()
    cache.write_bytes(b"cached")
    shutil.rmtree(project.folder / "specs/a")
    shutil.rmtree(project.folder / "specs/c")
    project.mend()
    assert not (project.folder / "out/go/models/a").exists()
    assert [path.name for path in (project.folder / "out/go/models/c").rglob("*")] == [
        "__pycache__",
        "x.pyc",
    ]


# --- Something else in a file's place ---


def empty_folder(place: Path) -> None:
    place.mkdir()


def full_folder(place: Path) -> None:
    place.mkdir()
    (place / "mine.txt").write_text("mine")


def pipe(place: Path) -> None:
    os.mkfifo(place)


IN_THE_WAY: dict[Callable[[Path], None], str] = {
    empty_folder: "a folder stands here",
    full_folder: "a folder stands here",
    pipe: "something that is no file stands here",
}


@pytest.mark.parametrize("put", IN_THE_WAY)
@pytest.mark.parametrize("flags", [[], ["--force"]])
@pytest.mark.parametrize("owned", [True, False])
def test_what_is_no_file_is_left_alone(
    project: Project, put: Callable[[Path], None], flags: list[str], owned: bool
) -> None:
    path = PAGE if owned else "out/go/models/x.md"
    project.write({"specs/x.yaml": "model: X\nfields: {}\n"})
    place = project.folder / path
    place.unlink(missing_ok=True)
    put(place)
    assert project.check().drift[path] == ("foreign", IN_THE_WAY[put])
    before = project.stamps()
    told = project.generate(*flags)
    assert told.code == cli.WRONG
    assert f"MS080 {IN_THE_WAY[put]}" in told.err
    assert project.stamps() == before


@pytest.mark.parametrize("put", [empty_folder, full_folder, pipe])
def test_what_has_taken_the_place_of_an_orphan_is_left_alone(
    project: Project, put: Callable[[Path], None]
) -> None:
    (project.folder / "specs/old.yaml").unlink()
    place = project.folder / "out/go/models/old.md"
    place.unlink()
    put(place)
    project.mend()
    assert place.exists()


@pytest.mark.parametrize("flags", [[], ["--force"]])
@pytest.mark.parametrize("folder", ["out", "out/go", "out/go/models"])
@pytest.mark.parametrize("is_link", [True, False])
def test_what_is_no_folder_is_left_alone(
    project: Project, tmp_path: Path, flags: list[str], folder: str, is_link: bool
) -> None:
    place = project.folder / folder
    elsewhere = tmp_path / "elsewhere"
    place.rename(elsewhere)
    if is_link:
        place.symlink_to(elsewhere)
    else:
        place.write_text("mine")
    project.edit("specs/user.yaml", "string", "int64")
    before = {path: path.lstat().st_mtime_ns for path in elsewhere.rglob("*")}
    what = "a symbolic link" if is_link else "a file"
    assert project.check().drift[folder] == ("foreign", f"{what} stands here in place of a folder")
    told = project.generate(*flags)
    assert told.code == cli.WRONG
    assert f"MS080 {what} stands here in place of a folder" in told.err
    assert f"--> {folder}" in told.err
    assert {path: path.lstat().st_mtime_ns for path in elsewhere.rglob("*")} == before


def test_a_link_in_a_files_place_is_replaced_and_not_followed(project: Project) -> None:
    elsewhere = project.folder / "elsewhere.md"
    (project.folder / PAGE).rename(elsewhere)
    (project.folder / PAGE).symlink_to("../../../elsewhere.md")
    before = elsewhere.read_bytes()
    cause = "a symbolic link to ../../../elsewhere.md was put in its place"
    assert project.check().drift == {PAGE: ("edited", cause)}
    project.edit("specs/user.yaml", "string", "int64")
    project.mend()
    assert elsewhere.read_bytes() == before
    assert not (project.folder / PAGE).is_symlink()


def test_a_read_only_file_is_written_anew(project: Project) -> None:
    (project.folder / PAGE).chmod(0o444)
    project.edit("specs/user.yaml", "string", "int64")
    project.mend()
    assert (project.folder / PAGE).stat().st_mode & 0o777 == 0o444


# --- The state folder ---


@pytest.mark.parametrize("path", [".modelsync", ".modelsync/kept"])
@pytest.mark.parametrize("kind", ["link", "file"])
def test_a_state_folder_that_is_none_is_refused(
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
    told = project.generate()
    assert told.code == cli.WRONG
    assert "MS080" in told.err
    assert f"--> {path}" in told.err
    assert list(elsewhere.iterdir()) == []
    assert project.text(PAGE) == "edited"


WHAT = {"link": "a symbolic link", "pipe": "something that is no file", "folder": "a folder"}


@pytest.mark.parametrize("name", ["lock", ".gitignore", "pending.manifest"])
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_nothing_in_the_state_folder_leads_out_of_it(
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
    told = project.generate()
    if name == "lock":
        assert told.code == cli.FAULT
    else:
        assert told.code == cli.WRONG
        assert f"MS080 {WHAT[kind]} stands here" in told.err
        assert f"--> .modelsync/{name}" in told.err
    assert not elsewhere.exists()


def test_a_folder_that_is_no_project_gets_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Project(tmp_path, capsys).generate().code == cli.WRONG
    assert list(tmp_path.iterdir()) == []


def test_check_writes_nothing(project: Project) -> None:
    project.edit("specs/user.yaml", "string", "int64")
    shutil.rmtree(project.folder / ".modelsync")
    before = project.stamps()
    assert project.check().code == cli.DRIFT
    assert project.stamps() == before
    assert not (project.folder / ".modelsync").exists()


# --- A manifest that is none ---

SUM = "0" * 64


@pytest.mark.parametrize(
    "line",
    [
        f"file ../secret.txt {SUM} go -",
        f"file /etc/passwd {SUM} go -",
        f"file out/../secret.txt {SUM} go -",
        f"file specs/user.yaml {digest(USER.encode())} go -",
        f"file SPECS/user.yaml {digest(USER.encode())} go -",
        f"file specs {SUM} go -",
        f"file templates/markdown/page.md.j2 {SUM} go -",
        f"file modelsync.yaml {digest(CONFIG.encode())} go -",
        f"file modelsync.manifest {SUM} go -",
        f"file .git/config {SUM} go -",
        f"file .modelsync/lock {SUM} go -",
        "\x1b[31m",
        "nonsense",
    ],
)
@pytest.mark.parametrize("flags", [[], ["--force"]])
def test_a_hostile_manifest_is_refused(project: Project, line: str, flags: list[str]) -> None:
    project.write({MANIFEST: f"{project.text(MANIFEST)}{line}\n"})
    project.edit("specs/user.yaml", "string", "int64")
    before = project.stamps()
    for told in (project.check(), project.generate(*flags)):
        assert told.code == cli.WRONG
        assert "MS090" in told.err
        assert "\x1b" not in told.err
    assert project.stamps() == before


@pytest.mark.parametrize("data", [b"\xff\xfe\x00binary", b"\xef\xbb\xbf# a mark\n"])
def test_a_binary_manifest_is_refused(project: Project, data: bytes) -> None:
    (project.folder / MANIFEST).write_bytes(data)
    for told in (project.check(), project.generate()):
        assert told.code == cli.WRONG
        assert "--> modelsync.manifest:1:" in told.err


@pytest.mark.parametrize("put", [*IN_THE_WAY, lambda place: place.symlink_to("other")])
def test_a_manifest_that_is_no_file_is_refused(
    project: Project, put: Callable[[Path], None]
) -> None:
    (project.folder / MANIFEST).rename(project.folder / "other")
    put(project.folder / MANIFEST)
    for told in (project.check(), project.generate()):
        assert told.code == cli.WRONG
        assert "MS080" in told.err
        assert "--> modelsync.manifest" in told.err


def test_a_large_manifest_is_read_or_refused_in_time(project: Project) -> None:
    """100 MB: what is no manifest is told shortly."""
    (project.folder / MANIFEST).write_bytes(b"nonsense\n" * 11_000_000)
    told = project.check()
    assert told.code == cli.WRONG
    assert len(told.err) < 10_000


def test_lines_that_stand_twice_are_one(project: Project) -> None:
    text = project.text(MANIFEST)
    project.write({MANIFEST: text + text})
    told = project.check()
    assert set(told.drift) == {MANIFEST}
    project.mend()
    assert project.text(MANIFEST) == text


def test_what_a_hostile_manifest_lists_is_not_lost(project: Project) -> None:
    """A path of the project that modelsync has not written: what stands there is kept."""
    project.write({"src/main.py": "print()\n"})
    project.write({MANIFEST: f"{project.text(MANIFEST)}file src/main.py {SUM} go -\n"})
    assert project.check().drift["src/main.py"][0] == "orphaned"
    assert project.generate().code == 0
    (kept,) = (project.folder / ".modelsync/kept").rglob("main.py")
    assert kept.read_text() == "print()\n"


# --- While a run goes on ---


def test_a_file_that_is_written_meanwhile_is_left_alone(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor saves a file between the reading of it and its turn to be replaced."""
    project.edit("specs/user.yaml", "string", "int64")
    page = project.folder / PAGE
    sync_, fsync = os.fsync, os.fsync

    def saving(handle: int) -> None:
        page.write_text("saved just now")
        sync_(handle)

    monkeypatch.setattr(os, "fsync", saving)
    told = project.generate()
    assert told.code == cli.FAULT
    assert f"{PAGE} was written while modelsync ran; run it again" in told.err
    assert page.read_text() == "saved just now"
    monkeypatch.setattr(os, "fsync", fsync)
    assert project.check().drift[PAGE][0] == "edited"
    project.mend()


def test_a_file_that_appears_meanwhile_is_left_alone(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write({"specs/x.yaml": "model: X\nfields: {}\n"})
    page = project.folder / "out/go/models/x.md"
    fsync = os.fsync

    def saving(handle: int) -> None:
        page.write_text("mine")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", saving)
    assert project.generate().code == cli.FAULT
    assert page.read_text() == "mine"


def test_a_folder_that_is_linked_meanwhile_is_not_followed(
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
    told = project.generate()
    assert told.code == cli.WRONG
    assert "MS080 a symbolic link stands here in place of a folder" in told.err
    assert "string" in (elsewhere / "models/user.md").read_text()


def test_a_file_system_without_locks_is_told(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    monkeypatch.setattr(fcntl, "flock", unsupported)
    told = project.generate()
    assert told.code == cli.FAULT
    assert "this file system has no locks" in told.err
    assert project.check().code == 0, "what writes nothing needs none"


# --- Git ---


@pytest.fixture
def repository(project: Project) -> Project:
    project.git("init", "-q", "-b", "main")
    project.write({".gitattributes": f"{MANIFEST} merge=union\n"})
    project.git("add", "-A")
    project.git("commit", "-qm", "start")
    return project


def test_the_state_folder_is_not_for_git(repository: Project) -> None:
    repository.write({PAGE: "edited"})
    assert repository.generate().code == 0
    assert list((repository.folder / ".modelsync/kept").rglob("*.md"))
    assert repository.git("status", "--short", "-uall") == ""


def test_in_a_clone_with_autocrlf_it_says_line_endings(repository: Project, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(repository.folder), "clone")
    clone = Project(tmp_path / "clone", repository.capsys)
    told = clone.check()
    assert told.code == cli.DRIFT
    assert {kind for kind, _ in told.drift.values()} == {"line endings"}
    assert len(told.drift) == 10
    assert ".gitattributes" in told.out
    assert MANIFEST not in told.drift
    clone.mend()
    # With the cure in the repository, a clone is in sync from the start.
    repository.write({".gitattributes": "out/** text eol=lf\n"})
    repository.git("commit", "-qam", "line ends")
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(repository.folder), "clone2")
    assert Project(tmp_path / "clone2", repository.capsys).check().code == 0


@pytest.mark.parametrize("union", [True, False])
@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_after_a_merge_one_run_makes_it_right(repository: Project, union: bool, style: str) -> None:
    """Each branch adds a model, removes one, and changes another one that both change."""
    if not union:
        (repository.folder / ".gitattributes").unlink()
        repository.git("commit", "-qam", "no union")
    repository.git("config", "merge.conflictStyle", style)
    repository.git("checkout", "-qb", "other")
    repository.edit("specs/user.yaml", "{id:", "{mail: {type: string}, id:")
    repository.write({"specs/theirs.yaml": "model: Theirs\nfields: {u: {type: User}}\n"})
    repository.write({"notes.md": "of theirs"})
    assert repository.generate().code == 0
    repository.git("add", "-A")
    repository.git("commit", "-qm", "theirs")
    repository.git("checkout", "-q", "main")
    repository.edit("specs/user.yaml", "type: string", "type: int64")
    repository.write({"specs/ours.yaml": "model: Ours\nfields: {u: {type: User}}\n"})
    (repository.folder / "specs/old.yaml").unlink()
    assert repository.generate().code == 0
    repository.git("add", "-A")
    repository.git("commit", "-qm", "ours")
    merged = repository.git("merge", "other", check=False)
    assert "CONFLICT" in merged
    assert ("<<<<<<<" in repository.text(MANIFEST)) is not union
    repository.write(
        {"specs/user.yaml": "model: User\nfields: {mail: {type: string}, id: {type: int64}}\n"}
    )
    told = repository.check()
    assert told.code == cli.DRIFT
    assert told.drift[PAGE][1].startswith("the marks of a merge conflict stand in it")
    repository.mend()
    assert "<<<<<<<" not in repository.text(MANIFEST)
    assert not (repository.folder / "out/go/models/old.md").exists()
    assert (repository.folder / "out/go/models/ours.md").exists()
    assert (repository.folder / "out/go/models/theirs.md").exists()
    assert repository.text("notes.md") == "of theirs"
    repository.git("add", "-A")
    repository.git("commit", "-qm", "merged")
    fresh = repository.folder.parent / "fresh"
    git(fresh.parent, "clone", "-q", str(repository.folder), str(fresh))
    assert Project(fresh, repository.capsys).check().code == 0


def test_a_branch_that_is_checked_out_is_no_edit(repository: Project) -> None:
    """The manifest goes with the files from branch to branch."""
    repository.git("checkout", "-qb", "other")
    repository.edit("specs/user.yaml", "string", "int64")
    assert repository.generate().code == 0
    repository.git("commit", "-qam", "other")
    repository.git("checkout", "-q", "main")
    assert repository.check().code == 0
    repository.git("checkout", "-q", "other", "--", "specs")
    assert {kind for kind, _ in repository.check().drift.values()} == {"outdated"}


# --- Names ---


def test_a_name_that_changes_in_case_alone(project: Project) -> None:
    project.write({"specs/user.yaml": USER.replace("User", "USER")})
    project.edit("specs/team.yaml", "User", "USER")
    project.mend()
    project.edit("modelsync.yaml", "out/go", "Out/Go")
    project.mend()
    assert (project.folder / "Out/Go/models/user.md").exists()
