"""Find and read specs, pages and generated files."""

from __future__ import annotations

import contextlib
import os
import stat
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from modelsync.disk.places import HEAD_BYTES, is_marked
from modelsync.paths import is_hidden, path_key, path_problem
from modelsync.plan.diff import MAX_SHOWN
from modelsync.tree import InTheWay, Tree, read_below

_MAX_FOLDERS: Final = 300
_MAX_LEVELS: Final = 2

_NOT_LOOKED_THROUGH: Final = frozenset({"__pycache__", "node_modules"})
"""Folders of files that other programs generate or download."""


def find_project(start: Path, name: str) -> Path | None:
    """Return the nearest folder, `start` or one above it, that contains `name`."""
    for folder in (start, *start.parents):
        if os.path.lexists(folder / name):
            return folder
    return None


def path_from(here: Path, folder: Path, path: str) -> str:
    """Return the `path` of a file in `folder` relative to the folder `here`, with `/`."""
    return Path(os.path.relpath(folder / path, here)).as_posix()


def find_repository(start: Path) -> Path | None:
    """Return the root of the git repository that the folder `start` is in."""
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    return None


def read_specs(project: Path, root: str, limit: int) -> dict[str, bytes]:
    """Return the bytes of every `.yaml` and `.yml` file below the folder `root`.

    Raises what :func:`~modelsync.tree.read_below` does.
    """
    return read_below(project, root, limit, "specs", is_spec)


def walk(project: Path, root: str, but: Collection[str] = ()) -> Iterator[tuple[str, list[str]]]:
    """Yield the folder `root` and each folder below it, with the names of its files.

    Hidden files and folders, symbolic links, folders with one of the names in `but`, and what
    cannot be read are omitted. Nothing is yielded if the folder does not exist.
    """
    with contextlib.suppress(FileNotFoundError, InTheWay), Tree(project) as tree:
        yield from _walk(tree, root, but)


def _walk(tree: Tree, root: str, but: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    for folder, entries in tree.walk(root, lambda name: name not in but and not is_hidden(name)):
        names = (entry.name for entry in entries if not entry.for_folder)
        yield folder, [name for name in names if not is_hidden(name)]


class Pages(Mapping[str, bytes]):
    """The `.md` and `.mdx` files of a folder by their relative paths, read on access.

    Hidden files and folders and symbolic links are omitted. Of a file larger than `limit`, one byte
    more than that is read. All paths begin with `inside`, if the folder is a part of a larger one.
    Raises OSError for what cannot be read.
    """

    def __init__(self, folder: Path, limit: int, inside: str = "") -> None:
        self.folder = folder
        self.limit = limit
        self.inside = inside
        self.paths = dict.fromkeys(inside + path for path in _page_paths(folder))

    def __getitem__(self, path: str) -> bytes:
        if path not in self.paths:
            raise KeyError(path)
        place = self.folder / path.removeprefix(self.inside)
        with Tree(place.parent) as tree:
            return tree.head(place.name, self.limit + 1)

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
    """Return whether a file with this name in the specs folder is a spec."""
    return name.lower().endswith((".yaml", ".yml")) and not is_hidden(name)


def _raise(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def marked(
    project: Path, folders: Iterable[str], known: Collection[str], endings: Collection[str]
) -> list[str]:
    """Return the files below `folders` with the header of a generated file, except the `known`.

    Only files with one of the `endings`, such as `.go`, are read. Files that cannot be read are
    skipped, and so are files that some file system considers the same as one of the `known`.
    """
    paths = []
    with Tree(project) as tree:
        for root in folders:
            if tree.obstacle(root) is not None:
                continue
            for folder, names in _walk(tree, root, _NOT_LOOKED_THROUGH):
                for name in names:
                    path = f"{folder}/{name}"
                    if os.path.splitext(name)[1] not in endings or path in known:
                        continue
                    if not path_problem(path) and is_marked(_head(tree, path)):
                        paths.append(path)
    keys = set(map(path_key, known)) if paths else set()
    return [path for path in paths if path_key(path) not in keys]


def _head(tree: Tree, path: str) -> bytes:
    """Return the beginning of a file; empty if it is not a file or cannot be read."""
    with contextlib.suppress(OSError, InTheWay):
        return tree.head(path, HEAD_BYTES)
    return b""


def read_config(project: Path, name: str, limit: int) -> bytes | None:
    """Return the bytes of the config, None if there is none.

    Raises :class:`ProblemsError` if it is not a regular file, or larger than `limit`.
    """
    try:
        with Tree(project) as tree:
            return tree.read(name, limit)
    except FileNotFoundError:
        return None
    except InTheWay as error:
        raise InTheWay(error.obstacle, "replace it with the file itself, or move it") from None


def read_file(project: Path, path: str) -> bytes:
    """Return the bytes of a file, or the target of a symbolic link.

    A very large file is cut after :data:`~modelsync.plan.diff.MAX_SHOWN` bytes and one more.
    """
    with Tree(project) as tree:
        return _content(tree, path)


def read_files(project: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """Return the content of each file that exists, as :func:`read_file` does."""
    contents = {}
    with Tree(project) as tree:
        for path in paths:
            with contextlib.suppress(FileNotFoundError, InTheWay):
                contents[path] = _content(tree, path)
    return contents


def _content(tree: Tree, path: str) -> bytes:
    try:
        return tree.head(path, MAX_SHOWN + 1)
    except InTheWay as error:
        if not error.obstacle.is_link or error.obstacle.for_folder:
            raise
        return os.fsencode(tree.link(path))


def read_given(place: Path | None, limit: int) -> bytes:
    """Return the bytes of a file that the user has named, at most one more than `limit`.

    It may be a link or a pipe. None is standard input. Raises OSError.
    """
    if place is None:
        with open(0, "rb", closefd=False) as file:
            return file.read(limit + 1)
    with place.open("rb") as file:
        return file.read(limit + 1)


def files_below(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files below a folder with one of the `endings`, sorted.

    Hidden files and folders, folders of downloaded files, and links are omitted. Raises OSError.
    """
    for place, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = sorted(
            name for name in folders if not is_hidden(name) and name not in _NOT_LOOKED_THROUGH
        )
        for name in sorted(names):
            path = Path(place, name)
            is_wanted = name.lower().endswith(endings) and not is_hidden(name)
            if is_wanted and stat.S_ISREG(path.lstat().st_mode):
                yield path


def read_texts(
    folder: Path, paths: Iterable[str], limit: int, *, follow: bool = False
) -> dict[str, str]:
    """Return the text of each file that can be read, to show excerpts in messages.

    At most `limit` bytes of each are read. With `follow`, the folder of a file may be a symbolic
    link: for files that the user has named.
    """
    texts = {}
    for path in set(paths):
        root, name = os.path.split(folder / path) if follow else (os.fspath(folder), path)
        # A Tree raises ValueError for a path outside its folder.
        with contextlib.suppress(OSError, InTheWay, ValueError), Tree(root) as tree:
            texts[path] = tree.head(name, limit).decode("utf-8", "replace")
    return texts


def folders_with(project: Path, endings: tuple[str, ...]) -> list[str]:
    """Return folders below a project with a file that has one of the `endings`, for messages.

    The search is two levels deep, and limited to a few hundred folders.
    """
    folders: list[str] = []
    queue = deque([""])
    for _ in range(_MAX_FOLDERS):
        if not queue:
            break
        folder = queue.popleft()
        with contextlib.suppress(OSError), os.scandir(project / folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if path.count("/") < _MAX_LEVELS and entry.name[0] not in "._":
                        queue.append(path)
                elif folder and entry.name.endswith(endings) and folder not in folders[-1:]:
                    folders.append(folder)
    return [folder for folder in folders if "node_modules" not in folder]
