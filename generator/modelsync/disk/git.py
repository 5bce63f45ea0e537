"""What git says of the files of a project: what it has of them, and what it has not.

In a hook, variables of the environment tell where git is and which index it commits from, seen
from the folder that the hook runs in: there, git is asked from that folder. Anywhere else it is
asked from the folder of the project.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from modelsync.programs import on_path

_INDEX: Final = "GIT_INDEX_FILE"
_OF_A_HOOK: Final = ("GIT_DIR", _INDEX)
_SAFE: Final = (
    # Nothing that a repository's config names is started, and none that lies in a project as plain
    # files, as a clone may bring one, is taken for the project's.
    *("-c", "core.fsmonitor="),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "protocol.allow=never"),
    *("-c", "safe.bareRepository=explicit"),
)
_OF_SOME_PATHS: Final = "next-index-"
"""Begins the name of the index of `git commit PATH`: the last commit with these paths alone."""


class GitError(Exception):
    """Git could not answer; the text is what it said."""


class State(NamedTuple):
    """How a file differs between the last commit, the index and the disk, as `git status` has it.

    `staged` and `unstaged` are a letter for each of the two steps, a blank where nothing differs.
    """

    staged: str
    unstaged: str

    @property
    def is_untracked(self) -> bool:
        """Whether git does not have the file, and does not ignore it."""
        return self.unstaged == "?"

    @property
    def is_staged(self) -> bool:
        """Whether the next commit changes the file."""
        return self.staged not in " ?"

    @property
    def is_gone(self) -> bool:
        """Whether the file is not on the disk, though it is in the index."""
        return self.unstaged == "D"


def commits_some_paths() -> bool:
    """Whether git is about to do `git commit PATH`, which leaves out what else is staged."""
    return Path(os.environ.get(_INDEX, "")).name.startswith(_OF_SOME_PATHS)


class Repository:
    """The repository that a project lies in. Paths are relative to the project.

    Every method raises :class:`GitError`, as does making one where there is no repository.
    """

    def __init__(self, project: Path) -> None:
        self.commits = _INDEX in os.environ
        """Whether git is about to commit, and runs us as a hook."""
        in_hook = any(name in os.environ for name in _OF_A_HOOK)
        self._folder = Path.cwd() if in_hook else project
        self._project = os.path.relpath(project, self._folder)
        told = os.fsdecode(
            self._git("rev-parse", "--absolute-git-dir", "--show-toplevel", "--show-prefix")
        ).split("\n")
        # Git before 2.38 does not know `safe.bareRepository`.
        if not in_hook and self._folder.resolve().is_relative_to(Path(told[0]).resolve()):
            raise GitError(f"{told[0]} is the inside of a repository, and not a checkout")
        self.root = Path(told[1])
        self._prefix = told[2]

    def states(self, places: Iterable[str]) -> dict[str, State]:
        """Return the files that differ in some step, of those at or below each place."""
        words = ["--porcelain=v1", "-z", "--no-renames", "--untracked-files=all"]
        words += ["--ignore-submodules=all", "--"]
        # Their paths are relative to the root of the repository.
        within = os.path.normpath(f"{self._prefix}{self._project}")
        found = {}
        for entry in _parts(self._git("status", *words, *map(self._called, places))):
            path = Path(os.path.relpath(entry[3:], within)).as_posix()
            found[path] = State(entry[0], entry[1])
        return found

    def tracked(self) -> set[str]:
        """Return every file of the project that the index has."""
        found = _parts(self._git("ls-files", "-z", "--", self._called(".")))
        return {Path(os.path.relpath(path, self._project)).as_posix() for path in found}

    def content(self, path: str, commit: str = "") -> bytes:
        """Return what a commit has of a file, or the index."""
        return self._git("cat-file", "blob", f"{commit}:./{self._called(path)}")

    def _called(self, path: str) -> str:
        return Path(os.path.normpath(f"{self._project}/{path}")).as_posix()

    def _git(self, *arguments: str) -> bytes:
        import subprocess  # noqa: PLC0415 - only a hook waits for it

        program = on_path("git")
        if program is None:
            raise GitError("there is no git on PATH")
        words = [program, *_SAFE, "--no-optional-locks", "--literal-pathspecs", *arguments]
        environment = {**os.environ, "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
        try:
            return subprocess.run(
                words, cwd=self._folder, env=environment, check=True, capture_output=True
            ).stdout
        except subprocess.CalledProcessError as error:
            raise GitError(os.fsdecode(error.stderr).strip()) from error


def _parts(output: bytes) -> list[str]:
    """Return the parts of what git prints with -z."""
    return [os.fsdecode(part) for part in output.split(b"\0") if part]
