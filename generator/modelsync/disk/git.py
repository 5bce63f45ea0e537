"""Ask git which files of a project it tracks, which are staged, and what a commit has.

In a hook, environment variables have the paths of the repository and of its index, relative to the
folder that the hook runs in: git is started in that folder. Outside a hook, it is started in the
project folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from modelsync.programs import on_path

_INDEX: Final = "GIT_INDEX_FILE"
_HOOK_VARIABLES: Final = ("GIT_DIR", _INDEX)
_SAFE: Final = (
    # Start no program that a repository's config names, and do not use a repository that a
    # project contains as plain files, which a clone may bring.
    *("-c", "core.fsmonitor="),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "protocol.allow=never"),
    *("-c", "safe.bareRepository=explicit"),
)
_PARTIAL_INDEX: Final = "next-index-"
"""The prefix of the index of `git commit PATH`, which has the last commit and only these paths."""


class GitError(Exception):
    """Git failed; the text is its error message."""


class State(NamedTuple):
    """How a file differs between the last commit, the index and the disk.

    Each is a letter of `git status --porcelain`, a space for no difference.
    """

    staged: str
    """From the last commit to the index."""
    unstaged: str
    """From the index to the disk."""

    @property
    def is_untracked(self) -> bool:
        """Whether git neither tracks nor ignores the file."""
        return self.unstaged == "?"

    @property
    def is_staged(self) -> bool:
        """Whether the next commit changes the file."""
        return self.staged not in " ?"

    @property
    def is_deleted(self) -> bool:
        """Whether the file is in the index and not on the disk."""
        return self.unstaged == "D"


def commits_some_paths() -> bool:
    """Whether git is running `git commit PATH`, which ignores other staged files."""
    return Path(os.environ.get(_INDEX, "")).name.startswith(_PARTIAL_INDEX)


class Repository:
    """The repository of a project. Paths are relative to the project.

    Every method raises :class:`GitError`, and so does the constructor if there is no repository.
    """

    def __init__(self, project: Path) -> None:
        self.commits = _INDEX in os.environ
        """Whether git runs modelsync as a hook of a commit."""
        in_hook = any(name in os.environ for name in _HOOK_VARIABLES)
        self._folder = Path.cwd() if in_hook else project
        self._project = os.path.relpath(project, self._folder)
        git_folder, root, prefix, *_ = os.fsdecode(
            self._git("rev-parse", "--absolute-git-dir", "--show-toplevel", "--show-prefix")
        ).split("\n")
        # Git before 2.38 does not know `safe.bareRepository`.
        if not in_hook and self._folder.resolve().is_relative_to(Path(git_folder).resolve()):
            raise GitError(f"the project is inside the git folder {git_folder}, not in a checkout")
        self.root = Path(root)
        self._prefix = prefix

    def states(self, places: Iterable[str]) -> dict[str, State]:
        """Return the state of each file at or below the paths that is not the same everywhere."""
        words = ["--porcelain=v1", "-z", "--no-renames", "--untracked-files=all"]
        words += ["--ignore-submodules=all", "--"]
        # The paths in the output are relative to the root of the repository.
        within = os.path.normpath(f"{self._prefix}{self._project}")
        states = {}
        for entry in _parts(self._git("status", *words, *map(self._git_path, places))):
            path = Path(os.path.relpath(entry[3:], within)).as_posix()
            states[path] = State(entry[0], entry[1])
        return states

    def tracked(self) -> set[str]:
        """Return every file of the project in the index."""
        paths = _parts(self._git("ls-files", "-z", "--", self._git_path(".")))
        return {Path(os.path.relpath(path, self._project)).as_posix() for path in paths}

    def content(self, path: str, commit: str = "") -> bytes:
        """Return the content of a file in a commit, or in the index."""
        return self._git("cat-file", "blob", f"{commit}:./{self._git_path(path)}")

    @property
    def folder(self) -> str:
        """The path of the project in the repository, with `/`; empty for its root."""
        path = Path(os.path.normpath(f"{self._prefix}{self._project}")).as_posix()
        return "" if path == "." else path

    def commit(self, revision: str) -> str | None:
        """Return the commit that a branch, a tag or another name means; None if there is none."""
        if not revision or not revision.isprintable():
            return None
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        try:
            return os.fsdecode(self._git(*words)).strip()
        except GitError:
            return None

    def names(self) -> list[str]:
        """Return the short names of all branches and tags."""
        listed = self._git("for-each-ref", "--format=%(refname:short)")
        return os.fsdecode(listed).split("\n")[:-1]

    def is_shallow(self) -> bool:
        """Whether the clone has only the last commits."""
        return self._git("rev-parse", "--is-shallow-repository").strip() == b"true"

    def files(self, commit: str, folder: str = "") -> dict[str, str]:
        """Return the object of each file below a folder of a commit, by path.

        The paths and the folder are relative to the root of the repository. Links and submodules
        are omitted.
        """
        words = ["-r", "-z", "--full-tree", commit, *(["--", folder] if folder else [])]
        found = {}
        for entry in _parts(self._git("ls-tree", *words)):
            mode_and_object, _, path = entry.partition("\t")
            mode, _, object_ = mode_and_object.split(" ")
            if mode.startswith("100"):
                found[path] = object_
        return found

    def contents(self, objects: Iterable[str]) -> list[bytes]:
        """Return the content of each object, from one run of git."""
        output = self._git("cat-file", "--batch", given="\n".join(objects).encode())
        contents, at = [], 0
        while at < len(output):
            start = output.index(b"\n", at) + 1
            words = output[at : start - 1].split(b" ")
            if len(words) != 3:
                raise GitError(os.fsdecode(output[at : start - 1]))
            size = int(words[2])
            contents.append(output[start : start + size])
            at = start + size + 1
        return contents

    def _git_path(self, path: str) -> str:
        return Path(os.path.normpath(f"{self._project}/{path}")).as_posix()

    def _git(self, *arguments: str, given: bytes = b"") -> bytes:
        import subprocess  # noqa: PLC0415 - few commands need it

        program = on_path("git")
        if program is None:
            raise GitError("git is not on PATH")
        words = [program, *_SAFE, "--no-optional-locks", "--literal-pathspecs", *arguments]
        environment = {**os.environ, "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
        try:
            return subprocess.run(
                words,
                cwd=self._folder,
                env=environment,
                check=True,
                capture_output=True,
                input=given,
            ).stdout
        except subprocess.CalledProcessError as error:
            raise GitError(os.fsdecode(error.stderr).strip()) from error


def _parts(output: bytes) -> list[str]:
    """Return the parts of the output of git with -z."""
    return [os.fsdecode(part) for part in output.split(b"\0") if part]
