"""Find and read specs, pages and the files that modelsync may have made."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from modelsync.disk.places import BINARY, HEAD_BYTES, NO_FOLLOW, Folders, is_marked
from modelsync.errors import Position, Problem, ProblemsError
from modelsync.paths import is_hidden, path_key, path_problem

TEMP_PREFIX: Final = ".modelsync-"


_MAX_FOLDERS: Final = 300
_MAX_LEVELS: Final = 2
_TEMPORARY: Final = re.compile(re.escape(TEMP_PREFIX) + r"[0-9a-f]{16}-[0-9]+")


_NOT_LOOKED_THROUGH: Final = frozenset({"__pycache__", "node_modules"})
"""Folders of copies: what stands in one of them is made, or fetched, by another program."""


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
            try:
                mode = os.lstat(path).st_mode
                if stat.S_ISREG(mode):
                    with open(path, "rb") as file:
                        found[shown] = file.read(limit + 1)
                    continue
            except FileNotFoundError:
                continue  # it went while we looked
            if not stat.S_ISDIR(mode):
                what = "a symbolic link" if stat.S_ISLNK(mode) else "no regular file"
                message = f"this is {what}, and modelsync follows none among the specs"
                help_ = "put the file or folder itself here, or take it away"
                problems.append(Problem(Position(shown), "MS081", message, help=help_))
    if problems:
        raise ProblemsError(problems)
    return found


def walk(project: Path, root: str, but: Collection[str] = ()) -> Iterator[tuple[str, list[str]]]:
    """Yield the folder `root` and each one below it, with the names of the files in it.

    Hidden ones are left out, those called as one of `but`, what cannot be read and what is not
    there.
    """
    for place, folders, names in os.walk(project / root):
        folders[:] = sorted(name for name in folders if name not in but and not is_hidden(name))
        files = sorted(name for name in names if not is_hidden(name))
        yield os.path.relpath(place, project).replace(os.sep, "/"), files


class Pages(Mapping[str, bytes]):
    """The `.md` and `.mdx` files of a folder by their paths below it, read when they are asked for.

    Hidden files and folders and symbolic links are left out, and of a file that is larger than
    `limit` one byte more than that is read. Their paths begin with `inside`, where the folder is
    but a part of the one that they are counted from. Raises OSError for what cannot be read.
    """

    def __init__(self, folder: Path, limit: int, inside: str = "") -> None:
        self.folder = folder
        self.limit = limit
        self.inside = inside
        self.paths = dict.fromkeys(inside + path for path in _page_paths(folder))

    def __getitem__(self, path: str) -> bytes:
        if path not in self.paths:
            raise KeyError(path)
        with open(f"{self.folder}/{path.removeprefix(self.inside)}", "rb") as file:
            return file.read(self.limit + 1)

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


def _page_paths(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        for name in sorted(names):
            path = os.path.join(place, name)
            if is_hidden(name) or not name.lower().endswith((".md", ".mdx")):
                continue
            if stat.S_ISREG(os.lstat(path).st_mode):
                yield os.path.relpath(path, folder).replace(os.sep, "/")


def is_spec(name: str) -> bool:
    """Whether a file of this name among the specs is one."""
    return name.lower().endswith((".yaml", ".yml")) and not is_hidden(name)


def _raise(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def marked(
    project: Path, folders: Iterable[str], known: Collection[str], endings: Collection[str]
) -> list[str]:
    """Return the files below `folders` that say that modelsync generated them, but for the `known`.

    Looked into are only those whose names end as one of the `endings`, such as `.go`; what cannot
    be read is passed over, and what some file system takes for one of the `known`.
    """
    found = [
        path
        for root in folders
        if Folders(project).obstacle(root) is None
        for folder, names in walk(project, root, _NOT_LOOKED_THROUGH)
        for name in names
        if os.path.splitext(name)[1] in endings
        and (path := f"{folder}/{name}") not in known
        and not path_problem(path)
        and is_marked(_head(f"{project}/{path}"))
    ]
    keys = set(map(path_key, known)) if found else set()
    return [path for path in found if path_key(path) not in keys]


def _head(place: str) -> bytes:
    """Return what a file begins with; nothing for what is no file, or cannot be read."""
    with contextlib.suppress(OSError):
        handle = os.open(place, os.O_RDONLY | BINARY | NO_FOLLOW)
        with open(handle, "rb") as file:
            return file.read(HEAD_BYTES)
    return b""


def leftovers(project: Path, paths: Iterable[str]) -> list[str]:
    """Return the temporary files that an interrupted run left in the folders of `paths`.

    They are known by their names alone, `.modelsync-`, 16 hexadecimal digits and a number: another
    program's file of such a name would go with them.
    """
    found = []
    folders = Folders(project)
    for folder in sorted({path.rpartition("/")[0] for path in paths}):
        if folders.obstacle(folder) is None:
            with contextlib.suppress(FileNotFoundError), os.scandir(project / folder) as entries:
                found += [
                    f"{folder}/{entry.name}" if folder else entry.name
                    for entry in entries
                    if _TEMPORARY.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
                ]
    return sorted(found)


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


def folders_with(project: Path, endings: tuple[str, ...]) -> list[str]:
    """Return folders below a project that hold a file with one of the `endings`, for messages.

    It looks two levels deep, and at no more than a few hundred folders.
    """
    found: list[str] = []
    waiting = deque([""])
    for _ in range(_MAX_FOLDERS):
        if not waiting:
            break
        folder = waiting.popleft()
        with contextlib.suppress(OSError), os.scandir(project / folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if path.count("/") < _MAX_LEVELS and entry.name[0] not in "._":
                        waiting.append(path)
                elif folder and entry.name.endswith(endings) and folder not in found[-1:]:
                    found.append(folder)
    return [folder for folder in found if "node_modules" not in folder]
