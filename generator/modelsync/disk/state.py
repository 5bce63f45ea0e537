"""The state folder `.modelsync`: the lock, backups, and what a run leaves for the next one."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Final

from modelsync.disk.durable import rewrite
from modelsync.errors import Position, ProblemsError
from modelsync.plan.manifest import NAME as MANIFEST
from modelsync.plan.manifest import unreadable
from modelsync.tree import InTheWay, TooLarge, Tree

_STATE: Final = ".modelsync"
"""The name of the state folder. Its .gitignore excludes all its files from git."""
_LOCK: Final = "lock"
_KEPT: Final = "kept"

_IGNORE_ALL: Final = b"*\n"
_MAX_BYTES: Final = 64 << 20
"""The maximum size of the manifest and of state files: enough for 400,000 files."""
_REMOVE: Final = "remove it or move it"

TEMP_PREFIX: Final = ".modelsync-"
_RUN: Final = re.compile(rb"^# run ([0-9a-f]{16})$", re.MULTILINE)
_MAX_RUNS: Final = 100


def pending_place(name: str) -> str:
    """Return the path of the manifest called `name` until all files in it are written."""
    folder, _, file = name.rpartition("/")
    # Two projects may have the same root, and so the same state folder.
    shared = folder and file == MANIFEST
    suffix = f".{hashlib.sha256(folder.encode()).hexdigest()[:12]}" if shared else ""
    return f"{_STATE}/pending{suffix}.{file.rpartition('.')[2]}"


def runs_in(pending: bytes | None) -> list[str]:
    """Return the runs that have written a pending manifest, in order."""
    return [run.decode("ascii") for run in _RUN.findall(pending or b"")]


def with_runs(pending: bytes, runs: Collection[str]) -> bytes:
    """Return a pending manifest with the runs that may have left temporary files.

    The names of these files begin with :data:`TEMP_PREFIX` and the run.
    """
    lines = [f"# run {run}\n".encode("ascii") for run in list(runs)[-_MAX_RUNS:]]
    return b"".join([pending, *lines])


def leftovers(project: Path, folders: Iterable[str], name: str = MANIFEST) -> list[str]:
    """Return the temporary files that interrupted runs have left in some folders.

    The pending manifest for `name` has the names of these runs.
    """
    with Tree(project) as tree:
        runs = set(runs_in(own(tree, pending_place(name))))
        if not runs:
            return []
        paths = []
        for folder in set(folders):
            with contextlib.suppress(InTheWay):
                paths += [
                    f"{folder}/{entry.name}"
                    for entry in tree.entries(folder)
                    if entry.is_file
                    and entry.name.startswith(TEMP_PREFIX)
                    and entry.name.removeprefix(TEMP_PREFIX).partition("-")[0] in runs
                ]
    return sorted(paths)


def keep(project: Path, paths: Iterable[str]) -> dict[str, str]:
    """Back up files in the state folder; return the path of each copy.

    The copy of a symbolic link is a link. Raises :class:`ProblemsError` if something else is at the
    path of the state folder, and OSError.
    """
    copies: dict[str, str] = {}
    with Tree(project) as tree:
        for path in paths:
            state_folder(tree)
            link = _link(tree, path)
            hashed = hashlib.sha256()
            for chunk in tree.chunks(path) if link is None else [os.fsencode(link)]:
                hashed.update(chunk)
            copy = f"{_STATE}/{_KEPT}/{hashed.hexdigest()[:12]}/{path}"
            _make_folders(tree, copy)
            if link is None:
                rewrite(tree, copy, tree.chunks(path))
            else:
                with contextlib.suppress(FileExistsError):
                    tree.make_link(copy, link)
            copies[path] = copy
    return copies


def _link(tree: Tree, path: str) -> str | None:
    """Return the target of the link at a path, None if it is a file."""
    try:
        return tree.link(path)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise
        return None


def put_aside(project: Path, files: Mapping[str, bytes], folder: str) -> dict[str, str]:
    """Write files for the user to look at into a folder of the state folder.

    Return the path of each one.

    Raises :class:`ProblemsError` if something else is at the path of the state folder, and OSError.
    """
    places = {}
    with Tree(project) as tree:
        for path, data in files.items():
            state_folder(tree)
            copy = f"{_STATE}/{folder}/{path}"
            _make_folders(tree, copy)
            rewrite(tree, copy, [data])
            places[path] = copy
    return places


def remember(project: Path, name: str, data: bytes) -> None:
    """Write data for the next run to the file `name` in the state folder.

    Raises :class:`ProblemsError` if something else is at the path of the state folder, and OSError.
    """
    with Tree(project) as tree:
        place = f"{state_folder(tree)}/{name}"
        if recall(project, name) != data:
            rewrite(tree, place, [data])


def recall(project: Path, name: str) -> bytes | None:
    """Return the data that an earlier run wrote to `name`, None if there is none or too much.

    Raises :class:`ProblemsError` if something else is at its path, and OSError.
    """
    with Tree(project) as tree, contextlib.suppress(TooLarge):
        return own(tree, f"{_STATE}/{name}")
    return None


def state_folder(tree: Tree) -> str:
    """Return the state folder; create it if needed, with a .gitignore for all of its files.

    Raises :class:`ProblemsError` if something else is at its path.
    """
    ignore = f"{_STATE}/.gitignore"
    try:
        is_ignored = own(tree, ignore) == _IGNORE_ALL
    except TooLarge:
        is_ignored = False
    if not is_ignored:
        tree.make_folder(_STATE)
        rewrite(tree, ignore, [_IGNORE_ALL])
    return _STATE


def _make_folders(tree: Tree, copy: str) -> None:
    """Create the folders of a copy. Raises if something else is at the path of one."""
    try:
        tree.make_folders(copy.rpartition("/")[0])
        tree.status(copy)
    except InTheWay as error:
        raise _not_a_state_folder(error) from None


def _not_a_state_folder(error: InTheWay) -> InTheWay:
    help_ = "remove it: modelsync needs this folder for its lock and for copies of edited files"
    return InTheWay(error.obstacle, help_ if error.obstacle.for_folder else _REMOVE)


@contextlib.contextmanager
def locked(project: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[bool]:
    """Keep other runs from reading and writing the project until the block ends.

    Returns whether it had to wait for another run; `waiting` is called before that. The system
    releases the lock when the process ends, in any way. Raises :class:`ProblemsError` if something
    else has the path of the lock.
    """
    with Tree(project) as tree:
        path = f"{state_folder(tree)}/{_LOCK}"
        handle = _lock_handle(tree, path, writing=True)
    with open(handle, "r+b") as file:
        try:
            is_free = _try_lock(file)
        except OSError as error:
            what = "this file system does not support file locks, which modelsync needs"
            place = os.path.join(project, path)
            raise OSError(error.errno, f"{what} ({error.strerror})", place) from error
        if not is_free:
            waiting()
            _wait_for_lock(file)
        yield not is_free


def _lock_handle(tree: Tree, path: str, *, writing: bool) -> int:
    try:
        return tree.open_lock(path, writing=writing)
    except InTheWay as error:
        raise _not_a_state_folder(error) from None


@contextlib.contextmanager
def unchanging(project: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Keep other runs from writing until the block ends, without writing a file for it.

    If no run has written yet, there is no lock, and none is needed. If the file system does not
    support locks, none is used.

    Raises :class:`ProblemsError` if something else has the path of the lock.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            with Tree(project) as tree:
                handle = _lock_handle(tree, f"{_STATE}/{_LOCK}", writing=False)
            file = stack.enter_context(open(handle, "rb"))
            if not _try_lock(file, shared=True):
                waiting()
                _wait_for_lock(file, shared=True)
        yield


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes], shared: bool = False) -> bool:
        del shared  # Windows has no shared locks on a byte
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait_for_lock(file: IO[bytes], shared: bool = False) -> None:
        while not _try_lock(file, shared):
            time.sleep(0.05)

else:
    import fcntl

    def _try_lock(file: IO[bytes], shared: bool = False) -> bool:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _wait_for_lock(file: IO[bytes], shared: bool = False) -> None:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)


def read_manifests(project: Path, name: str = MANIFEST) -> tuple[bytes | None, bytes | None]:
    """Return the bytes of the manifest called `name`, and of the one of an interrupted run.

    Raises :class:`ProblemsError` if something else is at one of their paths, or is too large.
    """
    with Tree(project) as tree:
        try:
            manifest = own(tree, name)
        except TooLarge as error:
            raise ProblemsError([unreadable(Position(name), error.text)]) from None
        return manifest, own(tree, pending_place(name))


def own(tree: Tree, path: str) -> bytes | None:
    """Return the bytes of a file that only modelsync writes, None if there is none.

    Raises :class:`InTheWay` and :class:`TooLarge`.
    """
    try:
        return tree.read(path, _MAX_BYTES)
    except FileNotFoundError:
        return None
    except InTheWay as error:
        if path.startswith(f"{_STATE}/"):
            raise _not_a_state_folder(error) from None
        raise InTheWay(error.obstacle, _REMOVE) from None
    except TooLarge:
        raise TooLarge(path, _MAX_BYTES, _REMOVE) from None


def is_interrupted(project: Path, name: str = MANIFEST) -> bool:
    """Return whether a run was interrupted while it wrote."""
    with Tree(project) as tree:
        return tree.status(pending_place(name)) is not None
