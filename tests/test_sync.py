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
    index = "specs/fresh.yaml is new; specs/old.yaml is gone"
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


def remove_templates(project: Project) -> None:
    """Of all that were ejected, each file is made by one."""
    project.write(
        {
            "templates/markdown/page.md.j2": "{{ title }}\n",
            "templates/markdown/index.md.j2": "# All\n",
            "templates/markdown/union.md.j2": "{{ title }}\n",
        }
    )
    assert project.generate().code == 0
    shutil.rmtree(project.folder / "templates")


def remove_part(project: Project) -> None:
    change_included_template(project)
    (project.folder / "templates/markdown/part.j2").unlink()
    project.write({"templates/markdown/page.md.j2": "{{ title }}.\n"})


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
        (remove_templates, PAGE, "outdated", "templates/markdown/page.md.j2 is gone"),
        (remove_templates, INDEX, "outdated", "templates/markdown/index.md.j2 is gone"),
        (remove_part, PAGE, "outdated", "templates/markdown/page.md.j2:1:1 changed"),
        (
            add_target,
            "out/py/models/user.md",
            "created",
            'the target "py" was never generated (modelsync.yaml:4:3)',
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
            ' the target "goo" was never generated (modelsync.yaml:2:3)',
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
        (
            move_out,
            INDEX,
            "orphaned",
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


def test_an_option_is_a_cause_for_the_files_that_depend_on_it(project: Project) -> None:
    """And a spec for those that are made from it, though both have changed."""
    config = "targets: {ts: {target: typescript, out: out%s}}\n"
    project.write({"modelsync.yaml": config % ""})
    project.mend()
    project.write({"modelsync.yaml": config % ", package: true"})
    project.edit("specs/user.yaml", "string", "int64")
    option = "the option package of ts changed from false to true (modelsync.yaml:1:55)"
    assert project.check().drift == {
        "out/package.json": ("created", option),
        "out/tsconfig.json": ("created", option),
        "out/user.ts": ("outdated", "specs/user.yaml changed"),
    }
    project.mend()
    project.write({"modelsync.yaml": config % ""})
    option = "the option package of ts changed from true to false (modelsync.yaml:1:11)"
    (project.folder / "specs/old.yaml").unlink()
    drift = project.check().drift
    assert drift["out/package.json"] == ("orphaned", option)
    assert drift["out/old.ts"] == ("orphaned", "specs/old.yaml is gone")


@pytest.mark.parametrize("value", ['"nonsense"', "[]", "{", '"go", "x": 1'])
def test_an_old_option_that_cannot_be_is_a_cause(project: Project, value: str) -> None:
    """Of a version that had other values: what it made cannot be made again."""
    project.edit(MANIFEST, 'option go notation "go"', f"option go notation {value}")
    project.edit("specs/user.yaml", "string", "int64")
    text = f'the option notation of go changed from {value} to "go" (modelsync.yaml:2:36)'
    assert project.check().drift[PAGE] == ("outdated", f"{text}; specs/user.yaml changed")
    project.mend()


def test_an_option_that_a_merge_left_twice_is_a_cause(project: Project) -> None:
    """Of no file is it known with which of the two it was made."""
    project.write({"modelsync.yaml": "targets: {ts: {target: typescript, out: out}}\n"})
    project.mend()
    lines = "option ts package false\noption ts package true\n"
    project.write({MANIFEST: project.text(MANIFEST) + lines})
    project.edit("specs/user.yaml", "string", "int64")
    option = "the option package of ts changed from false or true to false (modelsync.yaml:1:11)"
    cause = f"{option}; specs/user.yaml changed"
    assert project.check().drift["out/user.ts"] == ("outdated", cause)


def test_a_list_is_changed_by_the_specs_that_come_and_go(project: Project) -> None:
    project.write({"specs/x.yaml": "model: X\nfields: {}\n"})
    project.edit("specs/user.yaml", "string", "int64")
    assert project.check().drift[INDEX] == ("outdated", "specs/x.yaml is new")
    project.mend()
    (project.folder / "specs/x.yaml").unlink()
    project.edit("specs/user.yaml", "int64", "string")
    assert project.check().drift[INDEX] == ("outdated", "specs/x.yaml is gone")


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
    index = "specs/x.yaml is new; specs/old.yaml is gone"
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


@pytest.mark.parametrize("then", ["user", "new", "gone"])
def test_what_was_made_of_another_spec_is_not_of_another_version(
    project: Project, then: str
) -> None:
    """The specs are as they were when one target was made, and another one was made since."""
    if then == "user":
        project.edit("specs/user.yaml", "string", "int64")
    elif then == "new":
        project.write({"specs/x.yaml": "model: X\nfields: {}\n"})
    else:
        (project.folder / "specs/old.yaml").unlink()
    assert project.generate("go").code == 0
    if then == "user":
        project.edit("specs/user.yaml", "int64", "string")
        expected = {PAGE: ("outdated", "specs/user.yaml changed")}
    elif then == "new":
        (project.folder / "specs/x.yaml").unlink()
        gone = "specs/x.yaml is gone"
        expected = {INDEX: ("outdated", gone), "out/go/models/x.md": ("orphaned", gone)}
    else:
        project.write({"specs/old.yaml": OLD})
        new = "specs/old.yaml is new"
        expected = {INDEX: ("outdated", new), "out/go/models/old.md": ("created", new)}
    assert project.check().drift == expected
    assert project.check("ts").code == 0
    project.mend()


def test_runs_for_one_target_do_not_make_the_manifest_longer_and_longer(project: Project) -> None:
    lengths = []
    for number in range(4):
        project.write({"specs/user.yaml": USER.replace("id", f"id{number}")})
        assert project.generate("go").code == 0
        lengths.append(len(project.text(MANIFEST).splitlines()))
    assert len(set(lengths)) == 1


def test_a_target_that_is_made_alone_has_what_it_was_made_of(project: Project) -> None:
    """No other one was made yet."""
    (project.folder / MANIFEST).unlink()
    shutil.rmtree(project.folder / "out")
    assert project.generate("go").code == 0
    project.edit("specs/user.yaml", "string", "int64")
    assert project.generate("go").code == 0
    project.edit("specs/user.yaml", "int64", "string")
    assert project.check("go").drift == {PAGE: ("outdated", "specs/user.yaml changed")}
    never = 'the target "ts" was never generated (modelsync.yaml:3:3)'
    assert project.check().drift["out/ts/models/user.md"] == ("created", never)


# --- The manifest itself ---


def test_why_there_is_a_manifest_to_be_written_is_told(project: Project) -> None:
    project.write({MANIFEST: ""})
    assert project.check().drift == {MANIFEST: ("outdated", "it lists no file")}
    (project.folder / MANIFEST).unlink()
    shutil.rmtree(project.folder / "out")
    told = project.check()
    assert told.drift[PAGE] == ("created", "specs/user.yaml asks for it")
    project.mend()


# --- What says that it is ours, and is not listed ---

BY_ITSELF = "it says that modelsync generated it, and the manifest does not list it"


@pytest.fixture
def forgetful(project: Project) -> Project:
    """A project whose manifest has lost what it said of a file that no spec wants any more."""
    project.write({"modelsync.yaml": "targets: {py: {target: python, out: py}}\n"})
    project.mend()
    (project.folder / "specs/old.yaml").unlink()
    listed = project.text(MANIFEST).splitlines(keepends=True)
    project.write({MANIFEST: "".join(line for line in listed if "old" not in line)})
    return project


def test_what_the_manifest_does_not_list_is_named_and_left(forgetful: Project) -> None:
    told = forgetful.check()
    assert told.code == cli.DRIFT
    assert told.drift["py/old.py"] == ("orphaned", BY_ITSELF)
    assert told.out.splitlines()[-1].endswith(" --force")
    told = forgetful.generate()
    assert told.code == 0
    assert f"orphaned      py/old.py: {BY_ITSELF}" in told.err
    assert "`modelsync generate --force` deletes it and keeps a copy" in told.err
    assert "0 deleted" in told.out
    assert (forgetful.folder / "py/old.py").exists()
    assert forgetful.check().drift == {"py/old.py": ("orphaned", BY_ITSELF)}
    assert forgetful.generate("--fail-on-change").code == cli.DRIFT
    assert "py/old.py" in forgetful.generate("-q").err
    assert "py/old.py" in forgetful.generate("--dry-run").err


def test_force_deletes_it_and_keeps_a_copy(forgetful: Project) -> None:
    text = forgetful.text("py/old.py")
    told = forgetful.generate("--force", "--dry-run")
    assert "orphaned      py/old.py" in told.out
    told = forgetful.generate("--force")
    assert told.code == 0
    assert "1 deleted" in told.out
    assert told.err == ""
    assert not (forgetful.folder / "py/old.py").exists()
    (kept,) = (forgetful.folder / ".modelsync/kept").rglob("old.py")
    assert kept.read_text() == text
    assert forgetful.check().code == 0


def test_a_merge_that_took_one_side_of_the_manifest_hides_nothing(forgetful: Project) -> None:
    """Each branch has changed a model; one of them has deleted it."""
    forgetful.generate("--force")
    forgetful.write({"specs/x.yaml": "model: X\nfields: {}\n"})
    forgetful.mend()
    forgetful.git("init", "-q", "-b", "main")
    forgetful.git("add", "-A")
    forgetful.git("commit", "-qm", "start")
    forgetful.git("checkout", "-qb", "other")
    forgetful.write({"specs/x.yaml": "model: X\nfields: {a: {type: string}}\n"})
    forgetful.mend()
    forgetful.git("commit", "-qam", "changed")
    forgetful.git("checkout", "-q", "main")
    (forgetful.folder / "specs/x.yaml").unlink()
    forgetful.mend()
    forgetful.git("commit", "-qam", "deleted")
    assert "CONFLICT" in forgetful.git("merge", "other", check=False)
    forgetful.git("rm", "-q", "specs/x.yaml")
    forgetful.git("checkout", "--ours", MANIFEST)
    assert forgetful.check().drift["py/x.py"] == ("orphaned", BY_ITSELF)
    assert forgetful.generate("--force").code == 0
    assert not (forgetful.folder / "py/x.py").exists()
    assert forgetful.check().code == 0


def test_what_is_no_file_of_ours_is_not_taken_for_one(forgetful: Project) -> None:
    marked = forgetful.text("py/old.py")
    (forgetful.folder / "py/old.py").unlink()
    forgetful.write(
        {
            "py/__pycache__/x.py": marked,
            "py/node_modules/x/x.py": marked,
            "py/.hidden/x.py": marked,
            "py/.hidden.py": marked,
            "py/build/x.js": marked,
            "py/a name with blanks.py": marked,
            "elsewhere/x.py": marked,
            "py/mine.py": "# mine: not Code generated by modelsync\n",
            "py/late.py": "#" * 300 + f"\n{marked}",
        }
    )
    (forgetful.folder / "py/linked.py").symlink_to("user.py")
    (forgetful.folder / "py/elsewhere").symlink_to("../elsewhere")
    os.mkfifo(forgetful.folder / "py/pipe.py")
    forgetful.mend()


def test_a_run_for_one_target_does_not_look_at_the_others(forgetful: Project) -> None:
    text = "targets: {py: {target: python, out: py}, other: {target: python, out: other}}"
    forgetful.write({"modelsync.yaml": text})
    assert forgetful.generate("--force", "other").code == 0
    assert forgetful.check("other").code == 0
    assert (forgetful.folder / "py/old.py").exists()


def test_nothing_is_looked_for_through_a_linked_folder(forgetful: Project, tmp_path: Path) -> None:
    (forgetful.folder / "py").rename(tmp_path / "elsewhere")
    (forgetful.folder / "py").symlink_to(tmp_path / "elsewhere")
    assert set(forgetful.check().drift) == {"py"}


@pytest.mark.parametrize("how", ["gone", "lost"])
def test_a_file_of_ours_that_the_manifest_has_lost_is_refused_with_the_cure(
    forgetful: Project, how: str
) -> None:
    kept = forgetful.text(MANIFEST)
    if how == "gone":
        (forgetful.folder / MANIFEST).unlink()
    else:
        lines = kept.splitlines(keepends=True)
        forgetful.write({MANIFEST: "".join(line for line in lines if "user.py" not in line)})
    forgetful.edit("specs/user.yaml", "string", "int64")
    assert forgetful.check().drift["py/user.py"] == ("foreign", BY_ITSELF)
    told = forgetful.generate()
    assert told.code == cli.WRONG
    assert f"MS091 {BY_ITSELF}" in told.err
    assert f"`git checkout {MANIFEST}`" in told.err
    forgetful.write({MANIFEST: kept})
    assert forgetful.check().drift["py/user.py"] == ("outdated", "specs/user.yaml changed")
    assert forgetful.generate().code == 0


# --- The depfile ---


@pytest.mark.parametrize(
    ("path", "what"),
    [
        (PAGE, "a generated file"),
        ("specs/user.yaml", "a spec"),
        ("templates/markdown/page.md.j2", "a template"),
        (MANIFEST, "the manifest"),
        ("modelsync.yaml", "the config"),
    ],
)
def test_a_depfile_takes_the_place_of_nothing(project: Project, path: str, what: str) -> None:
    add_template(project)
    project.edit("specs/user.yaml", "string", "int64")
    before = project.stamps()
    (project.folder / "link").symlink_to(project.folder)
    for place in (project.folder / path, project.folder / "link" / path):
        told = project.generate("--depfile", str(place))
        assert told.code == cli.WRONG
        assert f"MS094 the depfile would take the place of {what}\n --> {path}" in told.err
    (project.folder / "link").unlink()
    assert project.stamps() == before
    assert project.generate("--depfile", str(project.folder / "deps")).code == 0


# --- Foreign files ---


def test_a_foreign_file_that_is_as_wanted_is_adopted(project: Project) -> None:
    (project.folder / MANIFEST).unlink()
    before = project.stamps()
    told = project.check()
    cause = "there is none, though files that modelsync generates are there"
    assert told.drift == {MANIFEST: ("created", cause)}
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
    help_ = "writes through no link: move" if is_link else "does not touch what it did not write"
    assert f"= help: modelsync {help_}" in told.err
    told = project.check()
    assert f"help: modelsync {help_}" in told.out
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
        assert "MS090 the manifest cannot be read: the file " in told.err
        assert "--> modelsync.manifest:1:" in told.err
        assert "take it from git again" in told.err


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
