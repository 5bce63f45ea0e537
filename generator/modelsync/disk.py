"""The disk: reads what is there, and is the only writer.

Paths are relative to the project's folder, with `/`. What is written goes to a temporary file in
the same folder, which then replaces the old one, so that no reader ever sees half a file; and no
write follows a symbolic link out of the project.
"""

from __future__ import annotations

import contextlib
import errno
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
from modelsync.paths import is_hidden, path_problem
from modelsync.plan import Change, Present, Progress, digest, silent

_TEMP_PREFIX: Final = ".modelsync-"
_TEMPORARY: Final = re.compile(re.escape(_TEMP_PREFIX) + r"[0-9a-f]{16}-[0-9]+")

_STATE: Final = ".modelsync"
"""The folder of what belongs to this machine alone: it has a .gitignore of its own."""
_LOCK: Final = "lock"
_PENDING: Final = f"{_STATE}/pending.manifest"
_KEPT: Final = "kept"
_IGNORE_ALL: Final = b"*\n"
_NEW: Final = ".new"
"""Ends the name of a file in the state folder until all of it is written."""

_BINARY: Final[int] = getattr(os, "O_BINARY", 0)
_NO_FOLLOW: Final[int] = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""Opens no symbolic link, and does not wait for the other end of a pipe."""


def find_project(start: Path, name: str) -> Path | None:
    """Return the nearest folder, `start` or above it, that holds a file called `name`."""
    for folder in (start, *start.parents):
        if (folder / name).is_file():
            return folder
    return None


def find_repository(start: Path) -> Path | None:
    """Return the root of the git repository that the folder `start` is in."""
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    return None


def read_specs(project: Path, root: str, limit: int) -> dict[str, bytes]:
    """Return the bytes of every `.yaml` and `.yml` file below the folder `root`.

    Hidden files and folders are left out, and of a file that is larger than `limit` one byte more
    than that is read.

    Raises :class:`ProblemsError` for what looks like a spec, or like a folder of some, and is
    neither: a symbolic link (they may go in circles, or out of the project), a pipe. Raises
    OSError for what cannot be read: passing over it would lose its definitions in silence.
    """
    found: dict[str, bytes] = {}
    problems = []
    for folder, folders, names in os.walk(project / root, onerror=_raise):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        for name in (*folders, *sorted(filter(is_spec, names))):
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


def walk(project: Path, root: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the folder `root` and each one below it, with the names of the files in it.

    Hidden ones are left out, and what cannot be read, or is not there.
    """
    for place, folders, names in os.walk(project / root):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        files = sorted(name for name in names if not is_hidden(name))
        yield os.path.relpath(place, project).replace(os.sep, "/"), files


def is_spec(name: str) -> bool:
    """Whether a file of this name among the specs is one."""
    return name.lower().endswith((".yaml", ".yml")) and not is_hidden(name)


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
            status = os.lstat(place)
        except FileNotFoundError:
            return None
        if stat.S_ISLNK(status.st_mode):
            return Present(link=os.readlink(place), stamp=_stamp(status))
        if not stat.S_ISREG(status.st_mode):
            return Present(blocked=f"{_what(status.st_mode)} stands here", blocked_at=path)
        with open(place, "rb") as file:
            data = file.read()
        lf_digest = digest(data.replace(b"\r\n", b"\n")) if b"\r\n" in data else ""
        conflict = b"<<<<<<< " in data and b">>>>>>> " in data
        return Present(digest(data), lf_digest, conflict, stamp=_stamp(status))

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


def _stamp(status: os.stat_result) -> tuple[int, ...]:
    """Return what tells of a file whether it has been written since."""
    return status.st_ino, status.st_size, status.st_mtime_ns


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
    project: Path,
    changes: Iterable[Change],
    present: Mapping[str, Present | None],
    manifest: bytes,
    pending: bytes,
    progress: Progress = silent,
) -> None:
    """Make every change, then write the manifest.

    `present` is what the changes were planned on: a file that was written since is left alone.
    All new contents are on the disk before the first file is replaced, so that a full disk or a
    missing right changes nothing. `pending`, which lies in the state folder until all is done,
    tells the next run what a run that is killed has written.

    Raises OSError, and leaves no half file; raises :class:`ProblemsError` before the first write
    where a folder is none, or a symbolic link.
    """
    writing = _Writing(project, present)
    changes = list(changes)
    _check_folders(project, {change.path.rpartition("/")[0] for change in changes})
    state = _state_folder(project)
    was_interrupted = is_interrupted(project)
    run = secrets.token_hex(8)  # tells the temporary files of this run from those of another one
    try:
        _rewrite(project / _PENDING, pending)
        for number, change in enumerate(changes):
            if change.data is not None:
                writing.prepare(change.path, change.data, f"{_TEMP_PREFIX}{run}-{number}")
            progress("writing", number + 1, len(changes))
        _write_new(f"{state}/{MANIFEST}{_NEW}", manifest)
        for change in changes:
            if change.data is None:
                writing.delete(change.path)
        writing.replace()
    except BaseException:
        writing.clean()
        state_files = [f"{project / _PENDING}{_NEW}", f"{state}/{MANIFEST}{_NEW}"]
        if not (writing.begun or was_interrupted):
            state_files.append(f"{project / _PENDING}")
        for place in state_files:
            with contextlib.suppress(OSError):
                os.unlink(place)
        raise
    writing.finish()
    os.replace(f"{state}/{MANIFEST}{_NEW}", project / MANIFEST)
    _sync_folder(project)
    _unlink(project / _PENDING)


class _Writing:
    """The writing of one run: first every new content beside the old one, then the changes."""

    def __init__(self, project: Path, present: Mapping[str, Present | None]) -> None:
        self.project = project
        self.present = present
        self.begun = False
        """Whether a file is not as it was."""
        self.temporaries: list[tuple[str, str]] = []
        """The path of each new content, and that of the file which it is to replace."""
        self.folders: set[str] = {""}
        """Those that are there."""
        self.made: list[str] = []
        self.emptied: set[str] = set()

    def prepare(self, path: str, data: bytes, temporary: str) -> None:
        """Write the new content of a file under the name `temporary` in the same folder."""
        folder = path.rpartition("/")[0]
        self.make_folder(folder)
        place = f"{folder}/{temporary}" if folder else temporary
        self.temporaries.append((place, path))
        _write_new(f"{self.project}/{place}", data, like=f"{self.project}/{path}")

    def make_folder(self, folder: str) -> None:
        if folder in self.folders:
            return
        parent = folder.rpartition("/")[0]
        self.make_folder(parent)
        with contextlib.suppress(FileExistsError):
            os.mkdir(f"{self.project}/{folder}")
            self.made.append(folder)
        self.folders.add(folder)

    def delete(self, path: str) -> None:
        self.check_unwritten(path)
        self.begun = True
        self.emptied.add(path.rpartition("/")[0])
        _unlink(f"{self.project}/{path}")

    def replace(self) -> None:
        """Put each new content in its place."""
        while self.temporaries:
            temporary, path = self.temporaries[-1]
            self.check_unwritten(path)
            self.begun = True
            os.replace(f"{self.project}/{temporary}", f"{self.project}/{path}")
            self.temporaries.pop()

    def check_unwritten(self, path: str) -> None:
        """Raise for a file that somebody has written since it was read."""
        if path not in self.present:
            return
        try:
            now = _stamp(os.lstat(f"{self.project}/{path}"))
        except FileNotFoundError:
            return
        found = self.present[path]
        if found is None or found.stamp != now:
            raise OSError(f"{path} was written while modelsync ran; run it again")

    def finish(self) -> None:
        """See that the names are on the disk as the contents are, and remove empty folders."""
        for folder in self.folders | self.emptied:
            _sync_folder(f"{self.project}/{folder}")
        for folder in sorted(self.emptied):
            _remove_empty(self.project, folder)

    def clean(self) -> None:
        """Remove what has come to nothing."""
        for temporary, _ in self.temporaries:
            with contextlib.suppress(OSError):
                os.unlink(f"{self.project}/{temporary}")
        for folder in reversed(self.made):
            with contextlib.suppress(OSError):
                os.rmdir(f"{self.project}/{folder}")


def _check_folders(project: Path, paths: Iterable[str]) -> None:
    """Raise for each folder through which a write would leave the project.

    The config, the renderer and the manifest have been checked for such paths. This is at the
    write itself, and the folders may have changed since the plan was made.
    """
    folders = _Folders(project)
    problems = []
    for path in sorted(paths):
        wrong = path_problem(path)
        if path and wrong:
            raise ValueError(f"{path!r}: {wrong}")
        blocked = folders.blocked(path)
        if blocked is not None:
            problems.append(_in_the_way(blocked.blocked_at, blocked.blocked))
    if problems:
        raise ProblemsError(problems)


def _in_the_way(path: str, what: str, help_: str = "remove it, or move it away") -> Problem:
    return Problem(Position(path), "MS080", what, help=help_)


def _write_new(place: str | Path, data: bytes, like: str | None = None) -> None:
    """Write a new file to its end on the disk, with the rights of the file `like`, if there is one.

    What an interrupted run left there gives way.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
    try:
        handle = os.open(place, flags, 0o666)
    except FileExistsError:
        os.unlink(place)
        handle = os.open(place, flags, 0o666)
    try:
        with open(handle, "wb") as file:
            if like is not None:
                with contextlib.suppress(FileNotFoundError):
                    mode = os.lstat(like).st_mode
                    if stat.S_ISREG(mode):
                        os.chmod(place, stat.S_IMODE(mode))
            file.write(data)
            file.flush()
            os.fsync(handle)
    except OSError as error:
        error.filename = error.filename or like or place  # a full disk does not say where
        raise


def _rewrite(place: str | Path, data: bytes) -> None:
    """Write a file in the state folder, in place of an older one, if there is one."""
    _write_new(f"{place}{_NEW}", data)
    os.replace(f"{place}{_NEW}", place)
    _sync_folder(os.path.dirname(place))


def _unlink(place: str | Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(place)


def _sync_folder(folder: str | Path) -> None:
    """See that the names in a folder are on the disk too."""
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    with contextlib.suppress(FileNotFoundError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # not every file system can
                raise
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

    The copy of a symbolic link is a link. Raises :class:`ProblemsError` where the state folder is
    none, and OSError.
    """
    kept: dict[str, str] = {}
    for path in paths:
        data = read_file(project, path)
        copy = f"{_STATE}/{_KEPT}/{digest(data)[:12]}/{path}"
        _state_folder(project)
        folder = os.path.dirname(copy)
        _check_state(project, folder)
        os.makedirs(f"{project}/{folder}", exist_ok=True)
        if os.path.islink(f"{project}/{path}"):
            with contextlib.suppress(FileExistsError):
                os.symlink(os.readlink(f"{project}/{path}"), f"{project}/{copy}")
        else:
            _rewrite(f"{project}/{copy}", data)
        kept[path] = copy
    return kept


def _state_folder(project: Path) -> str:
    """Return the folder of what no repository should have, made if need be.

    Raises :class:`ProblemsError` where something else has its name.
    """
    _check_state(project, _STATE)
    state = f"{project}/{_STATE}"
    ignore = f"{_STATE}/.gitignore"
    if _read_own(project, ignore) != _IGNORE_ALL:
        with contextlib.suppress(FileExistsError):
            os.mkdir(state)
        _rewrite(f"{project}/{ignore}", _IGNORE_ALL)
    return state


def _check_state(project: Path, folder: str) -> None:
    blocked = _Folders(project).blocked(folder)
    if blocked is not None:
        help_ = "remove it: modelsync keeps its lock and copies of edited files in such a folder"
        raise ProblemsError([_in_the_way(blocked.blocked_at, blocked.blocked, help_)])


@contextlib.contextmanager
def locked(project: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Keep other runs that write in this project out until the block ends.

    The lock is the system's own, so that it goes with the process that has it, however it ends.
    `waiting` is called when another run has it.
    """
    place = f"{_state_folder(project)}/{_LOCK}"
    handle = os.open(place, os.O_RDWR | os.O_CREAT | _BINARY | _NO_FOLLOW, 0o666)
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
            handle = os.open(f"{project}/{_STATE}/{_LOCK}", os.O_RDONLY | _BINARY | _NO_FOLLOW)
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


def read_manifests(project: Path) -> tuple[bytes | None, bytes | None]:
    """Return the bytes of the manifest, and of the one that an interrupted run left, if any.

    Raises :class:`ProblemsError` where something else has one of their names.
    """
    return _read_own(project, MANIFEST), _read_own(project, _PENDING)


def _read_own(project: Path, path: str) -> bytes | None:
    """Return the bytes of a file that nobody but modelsync writes, None where there is none."""
    place = f"{project}/{path}"
    try:
        mode = os.lstat(place).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(mode):
        raise ProblemsError([_in_the_way(path, f"{_what(mode)} stands here")])
    with open(place, "rb") as file:
        return file.read()


def is_interrupted(project: Path) -> bool:
    """Whether a run was interrupted while it wrote."""
    return (project / _PENDING).exists()


def read_file(project: Path, path: str) -> bytes:
    """Return the bytes of a file, or of a symbolic link the path that it leads to."""
    place = f"{project}/{path}"
    if os.path.islink(place):
        return os.readlink(place).encode("utf-8", "surrogateescape")
    with open(place, "rb") as file:
        return file.read()


def read_files(project: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """Return what :func:`read_file` does of each path where there is a file."""
    found = {}
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            found[path] = read_file(project, path)
    return found


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
