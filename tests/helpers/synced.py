"""A project that is in sync, and the commands to run on it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from helpers.projects import write
from modelsync.cli import run
from modelsync.plan.changes import Kind

CONFIG = """\
targets:
  go: {target: sdk-docs, notation: go, out: out/go}
  ts: {target: sdk-docs, notation: typescript, out: out/ts}
"""
USER = "model: User\nfields: {id: {type: string}}\n"
TEAM = "model: Team\nfields: {lead: {type: User}}\n"
OLD = "model: Old\nfields: {a: {type: string}}\n"
INDEX = "out/go/models/README.md"
PAGE = "out/go/models/user.md"
SPEC_LINE = re.compile(r"(specs/\w+\.yaml):\d+:\d+")
LINE = re.compile(r"(?P<kind>[a-z]+(?: [a-z]+)?) +(?P<path>[^ :]+): (?P<causes>.+)")


class Result(NamedTuple):
    """The exit code and the output of a command."""

    code: int
    out: str
    err: str

    @property
    def drift(self) -> dict[str, tuple[str, str]]:
        """Each file that differs: its kind and its causes, without the lines of the specs."""
        found = {}
        for line in self.out.splitlines():
            match = LINE.fullmatch(line)
            if match and match["kind"] in set(Kind):
                found[match["path"]] = (match["kind"], SPEC_LINE.sub(r"\1", match["causes"]))
        return found


class Project:
    """A project on disk, and the commands to run on it."""

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

    def run(self, command: str, *arguments: str) -> Result:
        self.capsys.readouterr()
        code = run([command, "--project", str(self.folder), *arguments])
        return Result(code, *self.capsys.readouterr())

    def check(self, *arguments: str) -> Result:
        return self.run("check", *arguments)

    def generate(self, *arguments: str) -> Result:
        return self.run("generate", *arguments)

    def generate_and_check(self) -> None:
        """Generate, and assert that everything is in sync, also after a second run."""
        result = self.generate()
        assert result.code == 0, result.err
        assert self.check().code == 0
        before = self.stamps()
        assert self.generate().code == 0
        assert self.stamps() == before, "a second run has nothing to do"

    def stamps(self) -> dict[str, int]:
        """Return the modification time of each file."""
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


def add_template(project: Project) -> None:
    project.write({"templates/sdk-docs/page.md.j2": "{{ title }}\n"})


def empty_folder(place: Path) -> None:
    place.mkdir()


def full_folder(place: Path) -> None:
    place.mkdir()
    (place / "mine.txt").write_text("mine")


def pipe(place: Path) -> None:
    os.mkfifo(place)


IN_THE_WAY: dict[Callable[[Path], None], str] = {
    empty_folder: "a folder is in the way",
    full_folder: "a folder is in the way",
    **({pipe: "a special file is in the way"} if hasattr(os, "mkfifo") else {}),
}
