"""Write files such that all of a file is on the disk before it has its name."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from modelsync.disk.places import BINARY

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


def write_new(place: str | Path, data: bytes, like: str | None = None) -> None:
    """Write a new file to its end on the disk, with the rights of the file `like`, if there is one.

    What an interrupted run left there gives way.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY
    try:
        handle = _open_new(place, flags)
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
        error.filename = like or place  # a full disk does not say where
        raise


def _open_new(place: str | Path, flags: int) -> int:
    try:
        return os.open(place, flags, 0o666)
    except FileExistsError:
        os.unlink(place)
        return os.open(place, flags, 0o666)


def rewrite(place: str | Path, data: bytes) -> None:
    """Write a file in the state folder, in place of an older one, if there is one."""
    write_new(f"{place}{NEW}", data)
    replace(f"{place}{NEW}", place)
    sync_folder(os.path.dirname(place))


def replace(new: str | Path, place: str | Path) -> None:
    """Put a new file in the place of an old one. An error has the name of the old one alone."""
    try:
        os.replace(new, place)
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(place)) from error


def unlink(place: str | Path) -> None:
    """Remove a file, if there is one."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(place)


def sync_folder(folder: str | Path) -> None:
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


def remove_empty(project: Path, folder: str) -> None:
    """Remove a folder from which files were deleted, and those above it, while they are empty."""
    while folder:
        try:
            os.rmdir(project / folder)
        except OSError:
            return  # not empty, or gone already
        folder = folder.rpartition("/")[0]


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
