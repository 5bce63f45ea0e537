"""Write files such that all of a file is on the disk before it has its name."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from modelsync.errors import Problem, ProblemsError
from modelsync.tree import InTheWay, Obstacle, Tree, what

NEW: Final = ".new"
"""Ends the name of a file in the state folder until all of it is written."""


_HELP: Final = {
    errno.ENOSPC: "make room there, then run it again",
    errno.EDQUOT: "make room there, then run it again",
    errno.EACCES: "see that you may read and write there, then run it again",
    errno.EPERM: "see that you may read and write there, then run it again",
    errno.EROFS: "make that disk one that can be written to, then run it again",
    errno.EIO: "look after that disk, then run it again",
}


def help_of(error: OSError) -> str:
    """Return what to do about an error of the disk; empty where the error says so itself."""
    return _HELP.get(error.errno, "") if error.errno is not None else ""


def write_new(tree: Tree, path: str, data: bytes, like: str) -> None:
    """Write a new file to its end on the disk, with the rights of the file `like`, if there is one.

    An error names the file `like`: the other name means nothing to a person.
    """
    try:
        status = tree.status(like)
        is_file = status is not None and stat.S_ISREG(status.st_mode)
        tree.write_new(path, [data], status.st_mode if status and is_file else None)
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, os.path.join(tree.root, like)) from error


def rewrite(tree: Tree, path: str, chunks: Iterable[bytes]) -> None:
    """Write a file in the state folder, in place of an older one, if there is one."""
    new = f"{path}{NEW}"
    _require_no_folder(tree, path)
    write_state(tree, new, chunks)
    tree.replace(new, path)
    tree.sync(path.rpartition("/")[0])


def write_state(tree: Tree, path: str, chunks: Iterable[bytes]) -> None:
    """Write a new file in the state folder. What an interrupted run left there gives way.

    Raises :class:`InTheWay` for a folder there.
    """
    _require_no_folder(tree, path)
    tree.unlink(path)
    tree.write_new(path, chunks)


def _require_no_folder(tree: Tree, path: str) -> None:
    status = tree.status(path)
    if status is not None and stat.S_ISDIR(status.st_mode):
        raise InTheWay(Obstacle(path, what(status.st_mode)), "remove it, or move it away")


def remove_empty(tree: Tree, folder: str) -> None:
    """Remove a folder from which files were deleted, and those above it, while they are empty."""
    while folder:
        try:
            tree.remove_folder(folder)
        except (OSError, InTheWay):
            return  # not empty, or gone already
        folder = folder.rpartition("/")[0]


def write_text(place: Path, text: str) -> None:
    """Write a file that the caller has named, where it was not as it is to be."""
    data = text.encode("utf-8", "surrogateescape")
    with contextlib.suppress(FileNotFoundError):
        status = place.stat()
        may_be_same = stat.S_ISREG(status.st_mode) and status.st_size == len(data)
        if may_be_same and place.read_bytes() == data:
            return
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def create(project: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write the files that do not exist yet, and return their paths.

    Raises :class:`ProblemsError` before the first one where a folder is none, or a link.
    """
    project.mkdir(parents=True, exist_ok=True)
    with Tree(project) as tree:
        check_folders(tree, {path.rpartition("/")[0] for path in files}, "move it away")
        written = []
        for path, data in files.items():
            tree.make_folders(path.rpartition("/")[0])
            with contextlib.suppress(FileExistsError):
                tree.write_new(path, [data])
                written.append(path)
    return written


def check_folders(tree: Tree, folders: Iterable[str], help_: str = "") -> None:
    """Raise :class:`ProblemsError` for each folder that is none, or that a link leads to."""
    problems: list[Problem] = []
    for folder in sorted(folders):
        obstacle = tree.obstacle(folder) if folder else None
        if obstacle is not None:
            problems += InTheWay(obstacle, help_).problems
    if problems:
        raise ProblemsError(problems)
