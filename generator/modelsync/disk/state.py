"""The folder `.modelsync`: the lock, copies of edited files, and what a run leaves for the next."""

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
"""The folder of what belongs to this machine alone: it has a .gitignore of its own."""


_LOCK: Final = "lock"


_KEPT: Final = "kept"


_ASIDE: Final = "transcribed"


_IGNORE_ALL: Final = b"*\n"
_MAX_BYTES: Final = 64 << 20
"""How large the manifest may be, and a file in the state folder: it lists some 400,000 files."""
_REMOVE: Final = "remove it, or move it away"

TEMP_PREFIX: Final = ".modelsync-"
_RUN: Final = re.compile(rb"^# run ([0-9a-f]{16})$", re.MULTILINE)
_MAX_RUNS: Final = 100


def pending_place(name: str) -> str:
    """Return where the manifest called `name` lies until all that it lists is written."""
    return f"{_STATE}/pending.{name.rpartition('.')[2]}"


def runs_in(pending: bytes | None) -> list[str]:
    """Return the runs that have written a pending manifest, the last one last."""
    return [found.decode("ascii") for found in _RUN.findall(pending or b"")]


def with_runs(pending: bytes, runs: Collection[str]) -> bytes:
    """Return a pending manifest that says which runs have left temporary files.

    The names of those begin with :data:`TEMP_PREFIX` and the run.
    """
    lines = [f"# run {run}\n".encode("ascii") for run in list(runs)[-_MAX_RUNS:]]
    return b"".join([pending, *lines])


def leftovers(project: Path, folders: Iterable[str], name: str = MANIFEST) -> list[str]:
    """Return the temporary files in some folders that interrupted runs have left there.

    The manifest called `name` that they left as well says which runs those were.
    """
    with Tree(project) as tree:
        runs = set(runs_in(own(tree, pending_place(name))))
        if not runs:
            return []
        found = []
        for folder in set(folders):
            with contextlib.suppress(InTheWay):
                found += [
                    f"{folder}/{entry.name}"
                    for entry in tree.entries(folder)
                    if entry.is_file
                    and entry.name.startswith(TEMP_PREFIX)
                    and entry.name.removeprefix(TEMP_PREFIX).partition("-")[0] in runs
                ]
    return sorted(found)


def keep(project: Path, paths: Iterable[str]) -> dict[str, str]:
    """Copy files into the state folder before they are lost; return where each one is now.

    The copy of a symbolic link is a link. Raises :class:`ProblemsError` where the state folder is
    none, and OSError.
    """
    kept: dict[str, str] = {}
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
            kept[path] = copy
    return kept


def _link(tree: Tree, path: str) -> str | None:
    """Return where the link at a path leads, None where there is a file."""
    try:
        return tree.link(path)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise
        return None


def put_aside(project: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Write contents for a person to look at into the state folder; return where each one is.

    Raises :class:`ProblemsError` where the state folder is none, and OSError.
    """
    places = {}
    with Tree(project) as tree:
        for path, data in files.items():
            state_folder(tree)
            copy = f"{_STATE}/{_ASIDE}/{path}"
            _make_folders(tree, copy)
            rewrite(tree, copy, [data])
            places[path] = copy
    return places


def remember(project: Path, name: str, data: bytes) -> None:
    """Write what the next run is to know into the state folder, under `name`.

    Raises :class:`ProblemsError` where the state folder is none, and OSError.
    """
    with Tree(project) as tree:
        place = f"{state_folder(tree)}/{name}"
        if recall(project, name) != data:
            rewrite(tree, place, [data])


def recall(project: Path, name: str) -> bytes | None:
    """Return what a run before has remembered, None where there is nothing that can be of it.

    Raises :class:`ProblemsError` where something else stands in its place, and OSError.
    """
    with Tree(project) as tree, contextlib.suppress(TooLarge):
        return own(tree, f"{_STATE}/{name}")
    return None


def state_folder(tree: Tree) -> str:
    """Return the folder of what no repository should have, made if need be.

    Raises :class:`ProblemsError` where something else has its name.
    """
    ignore = f"{_STATE}/.gitignore"
    try:
        right = own(tree, ignore) == _IGNORE_ALL
    except TooLarge:
        right = False
    if not right:
        tree.make_folder(_STATE)
        rewrite(tree, ignore, [_IGNORE_ALL])
    return _STATE


def _make_folders(tree: Tree, copy: str) -> None:
    """Make the folders of a copy. Raises where one of them is something else."""
    try:
        tree.make_folders(copy.rpartition("/")[0])
        tree.status(copy)
    except InTheWay as error:
        raise _not_a_state_folder(error) from None


def _not_a_state_folder(error: InTheWay) -> InTheWay:
    help_ = "remove it: modelsync keeps its lock and copies of edited files in such a folder"
    return InTheWay(error.obstacle, help_ if error.obstacle.for_folder else _REMOVE)


@contextlib.contextmanager
def locked(project: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Keep other runs that write in this project out until the block ends.

    The lock is the system's own, so that it goes with the process that has it, however it ends.
    `waiting` is called when another run has it. Raises :class:`ProblemsError` where something else
    stands in its place.
    """
    with Tree(project) as tree:
        path = f"{state_folder(tree)}/{_LOCK}"
        handle = _lock_handle(tree, path, writing=True)
    with open(handle, "r+b") as file:
        try:
            is_ours = _try_lock(file)
        except OSError as error:
            what = "this file system has no locks, without which two runs could write at once"
            place = os.path.join(project, path)
            raise OSError(error.errno, f"{what} ({error.strerror})", place) from error
        if not is_ours:
            waiting()
            _wait_for_lock(file)
        yield


def _lock_handle(tree: Tree, path: str, *, writing: bool) -> int:
    try:
        return tree.open_lock(path, writing=writing)
    except InTheWay as error:
        raise _not_a_state_folder(error) from None


@contextlib.contextmanager
def unchanging(project: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Keep runs that write out until the block ends, without writing anything for it.

    Where no run has written yet, or nothing can be locked, there is nothing to keep out. Raises
    :class:`ProblemsError` where something else stands in the place of the lock.
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
        del shared  # Windows has no such lock on a byte
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
    """Return the bytes of the manifest called `name`, and of what an interrupted run left of it.

    Raises :class:`ProblemsError` where something else has one of their names, or is too large.
    """
    with Tree(project) as tree:
        try:
            manifest = own(tree, name)
        except TooLarge as error:
            raise ProblemsError([unreadable(Position(name), error.text)]) from None
        return manifest, own(tree, pending_place(name))


def own(tree: Tree, path: str) -> bytes | None:
    """Return the bytes of a file that nobody but modelsync writes, None where there is none.

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
    """Whether a run was interrupted while it wrote."""
    with Tree(project) as tree:
        return tree.status(pending_place(name)) is not None
