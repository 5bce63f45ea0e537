"""Write files so that a name never refers to a partly written file."""

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
"""The suffix of a file in the state folder until it is completely written."""

_HELP: Final = {
    errno.ENOSPC: "free some space, then run the command again",
    errno.EDQUOT: "free some space, then run the command again",
    errno.EACCES: "check the permissions of the file and its folder, then run the command again",
    errno.EPERM: "check the permissions of the file and its folder, then run the command again",
    errno.EROFS: "make the file system writable, then run the command again",
    errno.EIO: "check the disk, then run the command again",
}


def help_of(error: OSError) -> str:
    """Return what to do about a disk error, empty for other errors."""
    return _HELP.get(error.errno, "") if error.errno is not None else ""


def write_new(tree: Tree, path: str, data: bytes, like: str) -> None:
    """Write a new file and flush it, with the permissions of the file `like` if it exists.

    Errors name the file `like`: the temporary name means nothing to the user.
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
    """Write a file in the state folder; replace an older one."""
    new = f"{path}{NEW}"
    _require_no_folder(tree, path)
    write_state(tree, new, chunks)
    tree.replace(new, path)
    tree.sync(path.rpartition("/")[0])


def write_state(tree: Tree, path: str, chunks: Iterable[bytes]) -> None:
    """Write a new file in the state folder; replace what an interrupted run left.

    Raises :class:`InTheWay` if there is a folder.
    """
    _require_no_folder(tree, path)
    tree.unlink(path)
    tree.write_new(path, chunks)


def _require_no_folder(tree: Tree, path: str) -> None:
    status = tree.status(path)
    if status is not None and stat.S_ISDIR(status.st_mode):
        raise InTheWay(Obstacle(path, what(status.st_mode)), "remove it or move it")


def remove_empty(tree: Tree, folder: str) -> None:
    """Remove a folder if it is empty, then the folders above it while they are empty."""
    while folder:
        try:
            tree.remove_folder(folder)
        except (OSError, InTheWay):
            return  # not empty, or already removed
        folder = folder.rpartition("/")[0]


def write_text(place: Path, text: str) -> None:
    """Write a file that the user has named, unless it already has this text."""
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

    Raises :class:`ProblemsError` before the first write if something else, or a symbolic link, is
    at the path of a folder.
    """
    project.mkdir(parents=True, exist_ok=True)
    with Tree(project) as tree:
        check_folders(tree, {path.rpartition("/")[0] for path in files}, "move it")
        written = []
        for path, data in files.items():
            tree.make_folders(path.rpartition("/")[0])
            with contextlib.suppress(FileExistsError):
                tree.write_new(path, [data])
                written.append(path)
    return written


def check_folders(tree: Tree, folders: Iterable[str], help_: str = "") -> None:
    """Raise :class:`ProblemsError` for each path that is not a folder, or is below a link."""
    problems: list[Problem] = []
    for folder in sorted(folders):
        obstacle = tree.obstacle(folder) if folder else None
        if obstacle is not None:
            problems += InTheWay(obstacle, help_).problems
    if problems:
        raise ProblemsError(problems)
