"""What the next commit lacks: generated files that git does not have, or has still.

A hook looks at the files on the disk, and a commit takes what is staged. Git is asked from the
working folder and with the environment of the process, in which it names the index of the commit
that a hook is run for.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from modelsync.errors import ProblemsError
from modelsync.manifest import NAME, Entry, Manifest, read_manifest


class GitError(Exception):
    """Git could not answer; the text is what it said."""


class Unstaged(NamedTuple):
    """What is not staged; paths are relative to the project.

    `missing` are files that git does not have and does not ignore, sorted. `left` are those that
    it has and that modelsync owns no more, with what the manifest of the last commit says of them.
    """

    missing: list[str]
    left: dict[str, Entry]


def unstaged(
    project: Path, folders: Collection[str], wanted: Collection[str], owned: Collection[str]
) -> Unstaged:
    """Return what is to be staged for the index to have the generated files, and no other ones.

    `wanted` are the paths of what was generated, in `folders`, and `owned` those of the manifest
    as it is now; the one of the last commit says what was owned before. Raises :class:`GitError`.
    """
    prefix = os.path.relpath(project)

    def called(path: str) -> str:
        return Path(os.path.normpath(f"{prefix}/{path}")).as_posix()

    places = map(called, (*folders, NAME))
    others = _paths("ls-files", "--others", "--exclude-standard", "-z", "--", *places)
    missing = sorted(path for path in (NAME, *wanted) if called(path) in others)
    before = _committed(called(NAME)).files
    gone = before.keys() - owned
    known = _paths("ls-files", "-z", "--", called(".")) if gone else set()
    left = {path: before[path] for path in sorted(gone) if called(path) in known}
    return Unstaged(missing, left)


def _committed(manifest: str) -> Manifest:
    """Return the manifest of the last commit, an empty one if it has none that can be read."""
    with contextlib.suppress(GitError, ProblemsError, UnicodeDecodeError):
        return read_manifest(_git("show", f"HEAD:./{manifest}").decode("utf-8"))
    return Manifest()


def _paths(*arguments: str) -> set[str]:
    return set(map(os.fsdecode, filter(None, _git(*arguments).split(b"\0"))))


def _git(*arguments: str) -> bytes:
    import subprocess  # noqa: PLC0415 - only a hook waits for it

    words = ["git", "--literal-pathspecs", *arguments]
    try:
        return subprocess.run(words, check=True, capture_output=True).stdout
    except FileNotFoundError:
        raise GitError("there is no git on PATH") from None
    except subprocess.CalledProcessError as error:
        raise GitError(os.fsdecode(error.stderr).strip()) from error
