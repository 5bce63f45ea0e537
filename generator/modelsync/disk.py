"""The disk: reads what is there, and is the only writer.

Paths are relative to the project's folder, with `/`. What is written goes to a temporary file in
the same folder, which then replaces the old one, so that no reader ever sees half a file; and no
write follows a symbolic link out of the project.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Final

from modelsync.errors import Position, Problem, ProblemsError
from modelsync.manifest import NAME as MANIFEST
from modelsync.plan import Change, Present, Progress, digest, silent

_TEMP_PREFIX: Final = ".modelsync-"
_RUN: Final = secrets.token_hex(8)
"""Tells the temporary files of this run from those of another one."""
_TEMPORARY: Final = re.compile(re.escape(_TEMP_PREFIX) + r"[0-9a-f]{16}-[0-9]+")

_STATE: Final = ".modelsync"
"""The folder of what belongs to this machine alone: it has a .gitignore of its own."""
_LOCK: Final = "lock"
_PENDING: Final = "pending.manifest"
_KEPT: Final = "kept"
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)


def find_project(start: Path, name: str) -> Path | None:
    """Return the nearest folder, `start` or above it, that holds a file called `name`."""
    for folder in (start, *start.parents):
        if (folder / name).is_file():
            return folder
    return None


def read_specs(project: Path, root: str, limit: int) -> dict[str, bytes]:
    """Return the bytes of every `.yaml` and `.yml` file below the folder `root`.

    Files and folders whose names begin with a dot are left out, and of a file that is larger
    than `limit` one byte more than that is read.

    Raises :class:`ProblemsError` for what looks like a spec, or like a folder of some, and is
    neither: a symbolic link (they may go in circles, or out of the project), a pipe. Raises
    OSError for what cannot be read: passing over it would lose its definitions in silence.
    """
    found: dict[str, bytes] = {}
    problems = []
    for folder, folders, names in os.walk(project / root, onerror=_raise):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        specs = sorted(
            name
            for name in names
            if name.lower().endswith((".yaml", ".yml")) and not name.startswith(".")
        )
        for name in (*folders, *specs):
            path = os.path.join(folder, name)
            shown = os.path.relpath(path, project).replace(os.sep, "/")
            mode = os.lstat(path).st_mode
            if stat.S_ISREG(mode):
                with open(path, "rb") as file:
                    found[shown] = file.read(limit + 1)
            elif not stat.S_ISDIR(mode):
                what = "a symbolic link" if stat.S_ISLNK(mode) else "no regular file"
                message = f"this is {what}, and modelsync follows none among the specs"
                help_ = "put the file or folder itself here, or take it away"
                problems.append(Problem(Position(shown), "MS081", message, help=help_))
    if problems:
        raise ProblemsError(problems)
    return found


def _raise(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def read_present(project: Path, paths: Iterable[str]) -> dict[str, Present | None]:
    """Return what stands at each path, None where there is nothing.

    No symbolic link is followed. Raises OSError for what cannot be read.
    """
    folders = _Folders(project)
    return {path: folders.present(path) for path in paths}


class _Folders:
    """Says what stands at a path, and looks at each folder on the way once."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.known: dict[str, Present | None] = {"": None}

    def present(self, path: str) -> Present | None:
        blocked = self.blocked(path.rpartition("/")[0])
        if blocked is not None:
            return blocked
        place = f"{self.project}/{path}"
        try:
            mode = os.lstat(place).st_mode
        except FileNotFoundError:
            return None
        if stat.S_ISLNK(mode):
            return Present(link=os.readlink(place))
        if not stat.S_ISREG(mode):
            return Present(blocked=f"{_what(mode)} stands here", blocked_at=path)
        with open(place, "rb") as file:
            data = file.read()
        lf_digest = digest(data.replace(b"\r\n", b"\n")) if b"\r\n" in data else ""
        return Present(digest(data), lf_digest)

    def blocked(self, folder: str) -> Present | None:
        """Return what stands in the place of `folder`, or of a folder above it."""
        if folder not in self.known:
            self.known[folder] = self.blocked(folder.rpartition("/")[0]) or self._other(folder)
        return self.known[folder]

    def _other(self, folder: str) -> Present | None:
        place = f"{self.project}/{folder}"
        try:
            mode = os.lstat(place).st_mode
        except FileNotFoundError:
            return None
        if stat.S_ISDIR(mode):
            return None
        what = f"{_what(mode)} stands here in place of a folder"
        return Present(blocked=what, blocked_at=folder)


def _what(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a file" if stat.S_ISREG(mode) else "something that is no file"


def leftovers(project: Path, paths: Iterable[str]) -> list[str]:
    """Return the temporary files that an interrupted run left in the folders of `paths`."""
    found = []
    folders = _Folders(project)
    for folder in sorted({path.rpartition("/")[0] for path in paths}):
        if folders.blocked(folder) is None:
            with contextlib.suppress(FileNotFoundError), os.scandir(project / folder) as entries:
                found += [
                    f"{folder}/{entry.name}" if folder else entry.name
                    for entry in entries
                    if _TEMPORARY.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
                ]
    return sorted(found)


def apply(
    project: Path, changes: Iterable[Change], manifest: bytes, progress: Progress = silent
) -> None:
    """Make every change, then write the manifest. Raises OSError, and leaves no half file.

    All new contents are on the disk before the first file is replaced, so that a full disk or a
    missing right changes nothing. What a run that is killed leaves is known to the next one by
    the new manifest, which lies in the state folder until all is done.
    """
    changes = list(changes)
    state = _state_folder(project)
    pending = state / _PENDING
    _write(pending, manifest)
    _sync_folder(state)
    written: list[tuple[str, str]] = []
    folders: set[str] = set()
    try:
        for number, change in enumerate(changes):
            place = f"{project}/{change.path}"
            folder = os.path.dirname(place)
            if change.data is None:
                folders.add(folder)
                continue
            if folder not in folders:
                os.makedirs(folder, exist_ok=True)
                folders.add(folder)
            temporary = f"{folder}/{_TEMP_PREFIX}{_RUN}-{number}"
            written.append((temporary, place))
            _write(temporary, change.data, like=place)
            progress("writing", number + 1, len(changes))
        for change in changes:
            if change.data is None:
                os.unlink(f"{project}/{change.path}")
        while written:
            os.replace(*written[-1])
            written.pop()
    except BaseException:
        for temporary, _ in written:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise
    for folder in folders:
        _sync_folder(folder)
    for change in changes:
        if change.data is None:
            _remove_empty(project, change.path.rpartition("/")[0])
    os.replace(pending, project / MANIFEST)
    _sync_folder(project)


def _write(place: str | Path, data: bytes, like: str | None = None) -> None:
    """Write a new file to its end on the disk, with the rights of the file `like`, if there is one.

    A file that an interrupted run left at `place` is written over.
    """
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_FOLLOW, 0o666)
    with open(handle, "wb") as file:
        if like is not None:
            with contextlib.suppress(FileNotFoundError):
                mode = os.lstat(like).st_mode
                if stat.S_ISREG(mode):
                    os.chmod(place, stat.S_IMODE(mode))
        file.write(data)
        file.flush()
        os.fsync(handle)


def _sync_folder(folder: str | Path) -> None:
    """See that the names in a folder are on the disk too."""
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    with contextlib.suppress(FileNotFoundError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove_empty(project: Path, folder: str) -> None:
    """Remove a folder from which files were deleted, and those above it, while they are empty."""
    while folder:
        try:
            os.rmdir(project / folder)
        except OSError:
            return  # not empty, or gone already
        folder = folder.rpartition("/")[0]


def keep(project: Path, paths: Iterable[str]) -> dict[str, str]:
    """Copy files into the state folder before they are lost; return where each one is now.

    The copy of a symbolic link is a link.
    """
    kept: dict[str, str] = {}
    for path in paths:
        place = f"{project}/{path}"
        data = read_file(project, path)
        copy = f"{_STATE}/{_KEPT}/{digest(data)[:12]}/{path}"
        _state_folder(project)
        os.makedirs(os.path.dirname(f"{project}/{copy}"), exist_ok=True)
        if os.path.islink(place):
            with contextlib.suppress(FileExistsError):
                os.symlink(data, f"{project}/{copy}")
        else:
            _write(f"{project}/{copy}", data)
        kept[path] = copy
    return kept


def _state_folder(project: Path) -> Path:
    """Return the folder of what no repository should have, made if need be.

    Raises :class:`ProblemsError` where something else has its name.
    """
    state = project / _STATE
    blocked = _Folders(project).blocked(_STATE)
    if blocked is not None:
        help_ = "remove it: modelsync keeps its lock and copies of edited files in such a folder"
        raise ProblemsError([Problem(Position(_STATE), "MS080", blocked.blocked, help=help_)])
    ignore = state / ".gitignore"
    if not ignore.exists():
        state.mkdir(exist_ok=True)
        ignore.write_bytes(b"*\n")
    return state


@contextlib.contextmanager
def locked(project: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Keep other runs that write in this project out until the block ends.

    The lock is the system's own, so that it goes with the process that has it, however it ends.
    `waiting` is called when another run has it.
    """
    with open(_state_folder(project) / _LOCK, "ab") as file:
        if not _try_lock(file):
            waiting()
            _wait_for_lock(file)
        yield


@contextlib.contextmanager
def unchanging(project: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Keep runs that write out until the block ends, without writing anything for it.

    Where no run has written yet, there is nothing to keep out.
    """
    try:
        file = open(project / _STATE / _LOCK, "rb")  # noqa: SIM115 - closed by the stack
    except OSError:
        yield
        return
    with file:
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


def read_manifests(project: Path) -> tuple[bytes | None, bytes | None]:
    """Return the bytes of the manifest, and of the one that an interrupted run left, if any."""
    found: list[bytes | None] = []
    for place in (project / MANIFEST, project / _STATE / _PENDING):
        try:
            found.append(place.read_bytes())
        except FileNotFoundError:
            found.append(None)
    return found[0], found[1]


def is_interrupted(project: Path) -> bool:
    """Whether a run was interrupted while it wrote."""
    return (project / _STATE / _PENDING).exists()


def read_file(project: Path, path: str) -> bytes:
    """Return the bytes of a file, or of a symbolic link the path that it leads to."""
    place = f"{project}/{path}"
    if os.path.islink(place):
        return os.readlink(place).encode("utf-8", "surrogateescape")
    with open(place, "rb") as file:
        return file.read()


def read_file_or_nothing(project: Path, path: str) -> bytes:
    """Return what :func:`read_file` does, and nothing of a file that is not there."""
    try:
        return read_file(project, path)
    except FileNotFoundError:
        return b""


def write_text(place: Path, text: str) -> None:
    """Write a file that the caller has named, where it was not as it is to be."""
    data = text.encode("utf-8", "surrogateescape")
    with contextlib.suppress(FileNotFoundError):
        if place.read_bytes() == data:
            return
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def create(project: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write the files that do not exist yet, and return their paths."""
    written = []
    for path, data in files.items():
        place = project / path
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            with place.open("xb") as file:
                file.write(data)
        except FileExistsError:
            continue
        written.append(path)
    return written


def read_texts(project: Path, paths: Iterable[str], limit: int) -> dict[str, str]:
    """Return the text of each file that can be read, to show lines of it in messages.

    No more than `limit` bytes of each are read.
    """
    texts = {}
    for path in set(paths):
        place = project / path
        with contextlib.suppress(OSError):
            if place.is_file() and not place.is_symlink():
                with place.open("rb") as file:
                    texts[path] = file.read(limit).decode("utf-8", "replace")
    return texts
