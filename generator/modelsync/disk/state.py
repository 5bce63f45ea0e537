"""The folder `.modelsync`: the lock, copies of edited files, and what a run leaves for the next."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Final

from modelsync.disk.durable import rewrite
from modelsync.disk.places import BINARY, NO_FOLLOW, Folders, in_the_way, what
from modelsync.disk.reading import read_file
from modelsync.errors import ProblemsError
from modelsync.manifest import NAME as MANIFEST
from modelsync.plan import Obstacle, digest

_STATE: Final = ".modelsync"
"""The folder of what belongs to this machine alone: it has a .gitignore of its own."""


_LOCK: Final = "lock"


_KEPT: Final = "kept"


_ASIDE: Final = "transcribed"


_IGNORE_ALL: Final = b"*\n"


def pending_place(name: str) -> str:
    """Return where the manifest called `name` lies until all that it lists is written."""
    return f"{_STATE}/pending.{name.rpartition('.')[2]}"


def keep(project: Path, paths: Iterable[str]) -> dict[str, str]:
    """Copy files into the state folder before they are lost; return where each one is now.

    The copy of a symbolic link is a link. Raises :class:`ProblemsError` where the state folder is
    none, and OSError.
    """
    kept: dict[str, str] = {}
    paths = list(paths)
    if paths:
        state_folder(project)
    for path in paths:
        data = read_file(project, path)
        copy = f"{_STATE}/{_KEPT}/{digest(data)[:12]}/{path}"
        folder = os.path.dirname(copy)
        _check_state(project, folder)
        os.makedirs(f"{project}/{folder}", exist_ok=True)
        if os.path.islink(f"{project}/{path}"):
            with contextlib.suppress(FileExistsError):
                os.symlink(os.readlink(f"{project}/{path}"), f"{project}/{copy}")
        else:
            rewrite(f"{project}/{copy}", data)
        kept[path] = copy
    return kept


def put_aside(project: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Write contents for a person to look at into the state folder; return where each one is.

    Raises :class:`ProblemsError` where the state folder is none, and OSError.
    """
    places = {}
    for path, data in files.items():
        copy = f"{_STATE}/{_ASIDE}/{path}"
        state_folder(project)
        folder = os.path.dirname(copy)
        _check_state(project, folder)
        os.makedirs(f"{project}/{folder}", exist_ok=True)
        rewrite(f"{project}/{copy}", data)
        places[path] = copy
    return places


def remember(project: Path, name: str, data: bytes) -> None:
    """Write what the next run is to know into the state folder, under `name`.

    Raises :class:`ProblemsError` where the state folder is none, and OSError.
    """
    place = f"{state_folder(project)}/{name}"
    if recall(project, name) != data:
        rewrite(place, data)


def recall(project: Path, name: str) -> bytes | None:
    """Return what a run before has remembered, None where there is nothing.

    Raises :class:`ProblemsError` where something else stands in its place, and OSError.
    """
    return _read_own(project, f"{_STATE}/{name}")


def state_folder(project: Path) -> str:
    """Return the folder of what no repository should have, made if need be.

    Raises :class:`ProblemsError` where something else has its name.
    """
    _check_state(project, _STATE)
    state = f"{project}/{_STATE}"
    ignore = f"{_STATE}/.gitignore"
    if _read_own(project, ignore) != _IGNORE_ALL:
        with contextlib.suppress(FileExistsError):
            os.mkdir(state)
        rewrite(f"{project}/{ignore}", _IGNORE_ALL)
    return state


def _check_state(project: Path, folder: str) -> None:
    obstacle = Folders(project).obstacle(folder)
    if obstacle is not None:
        help_ = "remove it: modelsync keeps its lock and copies of edited files in such a folder"
        raise ProblemsError([in_the_way(obstacle, help_)])


@contextlib.contextmanager
def locked(project: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Keep other runs that write in this project out until the block ends.

    The lock is the system's own, so that it goes with the process that has it, however it ends.
    `waiting` is called when another run has it.
    """
    place = f"{state_folder(project)}/{_LOCK}"
    handle = os.open(place, os.O_RDWR | os.O_CREAT | BINARY | NO_FOLLOW, 0o666)
    with open(handle, "r+b") as file:
        try:
            is_ours = _try_lock(file)
        except OSError as error:
            what = "this file system has no locks, without which two runs could write at once"
            raise OSError(error.errno, f"{what} ({error.strerror})", place) from error
        if not is_ours:
            waiting()
            _wait_for_lock(file)
        yield


@contextlib.contextmanager
def unchanging(project: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Keep runs that write out until the block ends, without writing anything for it.

    Where no run has written yet, or nothing can be locked, there is nothing to keep out.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            handle = os.open(f"{project}/{_STATE}/{_LOCK}", os.O_RDONLY | BINARY | NO_FOLLOW)
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

    Raises :class:`ProblemsError` where something else has one of their names.
    """
    return _read_own(project, name), _read_own(project, pending_place(name))


def _read_own(project: Path, path: str) -> bytes | None:
    """Return the bytes of a file that nobody but modelsync writes, None where there is none."""
    place = f"{project}/{path}"
    try:
        mode = os.lstat(place).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(mode):
        obstacle = Obstacle(path, what(mode))
        raise ProblemsError([in_the_way(obstacle, "remove it, or move it away")])
    with open(place, "rb") as file:
        return file.read()


def is_interrupted(project: Path, name: str = MANIFEST) -> bool:
    """Whether a run was interrupted while it wrote."""
    return (project / pending_place(name)).exists()
