"""Access the files below a folder without following symbolic links.

A :class:`Tree` opens the folders on the way to a file one by one, each relative to the previous
one, and refuses symbolic links. So replacing a folder with a link, at any moment, leads nowhere
else. Where the system has no such calls (Windows), the folders are checked before and after each
access instead.

Paths are relative to the folder, with `/`. The folder itself may be reached through a link.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple, Self

from modelsync.errors import Position, Problem, ProblemsError, visible
from modelsync.paths import is_hidden

BINARY: Final[int] = getattr(os, "O_BINARY", 0)
_NO_FOLLOW: Final[int] = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT: Final[int] = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""Do not wait for the other end of a pipe."""
_FOLDER: Final[int] = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NO_FOLLOW
_PASS: Final[int] = _FOLDER | getattr(os, "O_PATH", 0)
"""Open a folder only to open its files, which does not need permission to list it."""
_JUNCTION: Final[int] = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
_CHUNK: Final = 1 << 20

relative_calls = {os.open, os.stat, os.mkdir, os.unlink, os.rmdir, os.rename} <= os.supports_dir_fd
"""Whether the system can open files relative to an open folder."""


class Obstacle(NamedTuple):
    """Something that is not a regular file, or not a folder, where one is needed."""

    path: str
    what: str
    """What it is, for example `a folder`."""
    is_link: bool = False
    for_folder: bool = False
    """Whether a folder is needed here."""

    @property
    def text(self) -> str:
        """A message about it."""
        return f"{self.what} is {'here instead of a folder' if self.for_folder else 'in the way'}"

    @property
    def help(self) -> str:
        """How to resolve it."""
        if self.is_link:
            return (
                "move it, or use the real folder as the `out` of the target: modelsync does not"
                " follow symbolic links"
            )
        return "move it, or change the `out` of the target"


class InTheWay(ProblemsError):
    """An obstacle is at the path of a regular file or a folder."""

    def __init__(self, obstacle: Obstacle, help_: str = "") -> None:
        self.obstacle = obstacle
        where = Position(obstacle.path)
        super().__init__([Problem(where, "MS080", obstacle.text, help=help_ or obstacle.help)])


class TooLarge(ProblemsError):
    """A file is larger than the limit for such files."""

    def __init__(self, path: str, limit: int, help_: str = "split the file") -> None:
        self.text = f"the file is larger than {limit >> 20} MiB"
        super().__init__([Problem(Position(path), "MS001", self.text, help=help_)])


class Entry(NamedTuple):
    """One entry of a folder."""

    name: str
    mode: int
    """The mode from :func:`os.lstat`."""
    for_folder: bool
    """Whether it is a folder, or a link to one."""

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, not a link to one."""
        return stat.S_ISDIR(self.mode)

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file, not a link to one."""
        return stat.S_ISREG(self.mode)


def what(mode: int) -> str:
    """Return in words what kind of file a mode from `stat` is."""
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a file" if stat.S_ISREG(mode) else "a special file"


class Tree:
    """The files below the folder `root`. Close it, or use it in a `with` block.

    Every method raises :class:`InTheWay` if a folder on the way is something else, and OSError with
    the absolute path. Reads reuse the folders that are open; writes open them again each time.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = os.fspath(root)
        self._root = os.open(self.root, _PASS & ~_NO_FOLLOW) if relative_calls else -1
        self._open: list[tuple[str, int]] = []
        """The name and handle of each open folder, from the root to the last one used."""
        self._folder = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all open folders."""
        self._leave()
        if self._root >= 0:
            os.close(self._root)
            self._root = -1

    # Looking ---------------------------------------------------------------------------------

    def status(self, path: str, again: bool = False) -> os.stat_result | None:
        """Return the status of a path as :func:`os.lstat` does, None if there is nothing.

        With `again`, the folders on the way are opened again.
        """
        try:
            name, folder = self._at(path, again)
            return os.lstat(name, dir_fd=folder)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._named(error, path) from None

    def obstacle(self, folder: str) -> Obstacle | None:
        """Return what is at the path of `folder`, or of a folder above it, instead of a folder."""
        try:
            self._at(f"{folder}/x")
        except InTheWay as error:
            return error.obstacle
        except FileNotFoundError:
            pass
        return None

    def link(self, path: str) -> str:
        """Return the target of the symbolic link at a path."""
        return str(self._do(os.readlink, path, again=False))

    def entries(self, folder: str) -> list[Entry]:
        """Return the entries of a folder, sorted by name; none if there is no folder."""
        try:
            if not relative_calls:
                self._at(f"{folder}/x")
                return self._listed(os.path.join(self.root, folder))
            handle = self._list_handle(folder)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._named(error, folder) from None
        try:
            return self._listed(handle)
        finally:
            os.close(handle)

    def walk(
        self,
        folder: str,
        enter: Callable[[str], bool],
        failed: Callable[[OSError], object] = lambda error: None,
    ) -> Iterator[tuple[str, list[Entry]]]:
        """Yield `folder` and each folder below it, sorted, with its entries.

        Only folders whose name `enter` accepts are visited. `failed` is called with the error for a
        folder that cannot be read.
        """
        rest = [folder]
        while rest:
            at = rest.pop()
            try:
                entries = self.entries(at)
            except OSError as error:
                failed(error)
                continue
            except InTheWay:
                if at == folder:
                    raise
                continue  # it was replaced since its parent was read
            if entries or at != folder or self.status(at) is not None:
                yield at, entries
            below = [entry.name for entry in entries if entry.is_folder and enter(entry.name)]
            rest += [f"{at}/{name}" if at else name for name in reversed(below)]

    # Reading ---------------------------------------------------------------------------------

    def open(self, path: str) -> tuple[int, os.stat_result]:
        """Open a regular file to read, and return its handle and status.

        Raises :class:`InTheWay` for anything else, without waiting for it.
        """
        try:
            name, folder = self._at(path)
            self._require_file(path, os.lstat(name, dir_fd=folder).st_mode)
            try:
                handle = os.open(name, os.O_RDONLY | BINARY | _NO_FOLLOW | _NO_WAIT, dir_fd=folder)
            except OSError:
                # It may have been replaced by something else just now: report that.
                self._require_file(path, os.lstat(name, dir_fd=folder).st_mode)
                raise
        except OSError as error:
            raise self._named(error, path) from None
        try:
            status = os.fstat(handle)
            self._require_file(path, status.st_mode)
            self._require_unswapped(path, status)
        except BaseException:
            os.close(handle)
            raise
        return handle, status

    def read(self, path: str, limit: int) -> bytes:
        """Return the bytes of a regular file.

        Raises :class:`TooLarge`, without reading the file, if it has more than `limit` bytes.
        """
        return self.fetch(path, limit)[0]

    def fetch(self, path: str, limit: int) -> tuple[bytes, os.stat_result]:
        """Return the bytes of a regular file as :meth:`read` does, and its status."""
        data, status = self._begin(path, limit + 1)
        # The sizes differ if the file has grown, or if the system does not know its size.
        if max(len(data), status.st_size) > limit:
            raise TooLarge(path, limit)
        return data, status

    def head(self, path: str, size: int) -> bytes:
        """Return the first `size` bytes of a regular file."""
        return self._begin(path, size)[0]

    def _begin(self, path: str, size: int) -> tuple[bytes, os.stat_result]:
        handle, status = self.open(path)
        try:
            asked = min(size, status.st_size + 1)
            data = os.read(handle, asked)
            while len(data) == asked < size:  # less than asked for means the end of the file
                more = min(size - asked, _CHUNK)
                data += os.read(handle, more)
                asked += more
            return data, status
        except OSError as error:
            raise self._named(error, path) from None
        finally:
            os.close(handle)

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield the bytes of a regular file, some at a time."""
        handle, _ = self.open(path)
        try:
            while chunk := os.read(handle, _CHUNK):
                yield chunk
        except OSError as error:
            raise self._named(error, path) from None
        finally:
            os.close(handle)

    def open_lock(self, path: str, *, writing: bool) -> int:
        """Open a regular file to lock it; with `writing`, create it if needed."""
        flags = os.O_RDWR | os.O_CREAT if writing else os.O_RDONLY
        status = self.status(path)
        if status is not None:
            self._require_file(path, status.st_mode)
        handle = self._do(os.open, path, flags | BINARY | _NO_FOLLOW | _NO_WAIT, 0o666)
        try:
            status = os.fstat(handle)
            self._require_file(path, status.st_mode)
            self._require_unswapped(path, status)
        except BaseException:
            os.close(handle)
            raise
        return int(handle)

    # Changing --------------------------------------------------------------------------------

    def write_new(self, path: str, chunks: Iterable[bytes], mode: int | None = None) -> None:
        """Write a new file and flush it to the disk, with the permissions `mode` if given.

        Raises FileExistsError if anything is at the path.
        """
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY | _NO_FOLLOW
        handle = self._do(os.open, path, flags, 0o666)
        try:
            with open(handle, "wb") as file:
                self._require_unswapped(path, os.fstat(handle))
                if mode is not None:
                    os.chmod(
                        handle if os.chmod in os.supports_fd else os.path.join(self.root, path),
                        stat.S_IMODE(mode),
                    )
                for chunk in chunks:
                    file.write(chunk)
                file.flush()
                os.fsync(handle)
        except OSError as error:
            raise self._named(error, path) from None

    def make_folder(self, folder: str) -> bool:
        """Create a folder in an existing one; return whether it did not exist yet."""
        try:
            self._do(os.mkdir, folder)
        except FileExistsError:
            return False
        return True

    def make_folders(self, folder: str) -> None:
        """Create a folder, and the folders above it."""
        if folder and self.status(folder) is None:
            self.make_folders(folder.rpartition("/")[0])
            self.make_folder(folder)

    def replace(self, new: str, path: str) -> None:
        """Replace the file at `path` with the file `new`, in the same folder or another."""
        try:
            to, to_folder = self._at(path, again=True)
            # Opening the folders of one path closes those of the other.
            to_folder = None if to_folder is None else os.dup(to_folder)
            try:
                name, folder = self._at(new, again=new.rpartition("/")[0] != self._folder)
                os.replace(name, to, src_dir_fd=folder, dst_dir_fd=to_folder)
            finally:
                if to_folder is not None:
                    os.close(to_folder)
        except OSError as error:
            raise self._named(error, path) from None

    def unlink(self, path: str) -> None:
        """Remove a file or a link, if there is one."""
        with contextlib.suppress(FileNotFoundError):
            self._do(os.unlink, path)

    def remove_folder(self, folder: str) -> None:
        """Remove an empty folder."""
        self._do(os.rmdir, folder)

    def make_link(self, path: str, target: str) -> None:
        """Create a symbolic link to `target`."""
        self._do(lambda name, dir_fd: os.symlink(target, name, dir_fd=dir_fd), path)

    def sync(self, folder: str) -> None:
        """Flush the entries of a folder to the disk."""
        if os.name != "posix":  # elsewhere a folder cannot be opened
            return
        with contextlib.suppress(FileNotFoundError):
            handle = self._list_handle(folder)
            try:
                os.fsync(handle)
            except OSError as error:
                if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # not every file system can
                    raise self._named(error, folder) from None
            finally:
                os.close(handle)

    # Opening folders -------------------------------------------------------------------------

    def _do(self, call: Callable[..., Any], path: str, *words: Any, again: bool = True) -> Any:
        """Make a system call with a path."""
        try:
            name, folder = self._at(path, again)
            return call(name, *words, dir_fd=folder)
        except OSError as error:
            raise self._named(error, path) from None

    def _named(self, error: OSError, path: str) -> OSError:
        """Return a system error with the absolute path, which for example a full disk lacks.

        An error that modelsync raises has no number, and is returned unchanged.
        """
        if error.errno is None:
            return error
        return OSError(error.errno, error.strerror, os.path.join(self.root, path))

    def _at(self, path: str, again: bool = False) -> tuple[str, int | None]:
        """Return the name of a path and the handle of its folder, for a system call.

        With `again`, the folders on the way are opened again.
        """
        folder, _, name = path.rpartition("/")
        if not relative_calls:
            self._check(folder)
            return f"{self.root}/{path}", None
        if again:
            self._leave()
        if folder != self._folder:
            self._go(folder)
        return name, self._open[-1][1] if self._open else self._root

    def _go(self, folder: str) -> None:
        names = folder.split("/") if folder else []
        same = 0
        while same < min(len(names), len(self._open)) and names[same] == self._open[same][0]:
            same += 1
        self._leave(same)
        for name in names[same:]:
            if name in ("", ".", ".."):
                raise ValueError(f"{folder!r} is not a path below a folder")
            parent = self._open[-1][1] if self._open else self._root
            try:
                handle = os.open(name, _PASS, dir_fd=parent)
            except FileNotFoundError:
                raise
            except OSError as error:
                at = f"{self._folder}/{name}" if self._folder else name
                mode = os.lstat(name, dir_fd=parent).st_mode
                if stat.S_ISDIR(mode):
                    raise self._named(error, at) from None
                raise InTheWay(_for_folder(at, mode)) from None
            self._open.append((name, handle))
            self._folder = f"{self._folder}/{name}" if self._folder else name

    def _leave(self, keep: int = 0) -> None:
        """Close the open folders except the first `keep`."""
        while len(self._open) > keep:
            os.close(self._open.pop()[1])
        self._folder = "/".join(name for name, _ in self._open)

    def _check(self, folder: str) -> None:
        """Raise if a part of `folder` is a link or not a folder; for systems without `dir_fd`."""
        at = ""
        for name in folder.split("/") if folder else ():
            if name in ("", ".", ".."):
                raise ValueError(f"{folder!r} is not a path below a folder")
            at = f"{at}/{name}" if at else name
            status = os.lstat(f"{self.root}/{at}")
            if getattr(status, "st_reparse_tag", 0) == _JUNCTION:
                raise InTheWay(Obstacle(at, "a junction", is_link=True, for_folder=True))
            if not stat.S_ISDIR(status.st_mode):
                raise InTheWay(_for_folder(at, status.st_mode))

    def _require_file(self, path: str, mode: int) -> None:
        if not stat.S_ISREG(mode):
            raise InTheWay(Obstacle(path, what(mode), is_link=stat.S_ISLNK(mode)))

    def _require_unswapped(self, path: str, opened: os.stat_result) -> None:
        """Raise if the opened file is not the one at the path; for systems without `dir_fd`."""
        if not relative_calls:
            self._check(path.rpartition("/")[0])
            if not os.path.samestat(opened, os.lstat(f"{self.root}/{path}")):
                raise OSError(
                    f"{visible(path)} was replaced while modelsync was running;"
                    " run the command again"
                )

    def _list_handle(self, folder: str) -> int:
        """Open a folder to list it or to sync it."""
        if not folder:
            return os.open(self.root, _FOLDER & ~_NO_FOLLOW)
        name, parent = self._at(folder)
        try:
            return os.open(name, _FOLDER, dir_fd=parent)
        except FileNotFoundError:
            raise
        except OSError:
            mode = os.lstat(name, dir_fd=parent).st_mode
            if stat.S_ISDIR(mode):
                raise
            raise InTheWay(_for_folder(folder, mode)) from None

    def _listed(self, place: int | str) -> list[Entry]:
        with os.scandir(place) as entries:
            listed = []
            for entry in entries:
                with contextlib.suppress(FileNotFoundError):  # deleted just now
                    listed.append(_entry(entry))
        return sorted(listed)


def read_below(
    root: str | os.PathLike[str],
    folder: str,
    limit: int,
    what_for: str,
    is_wanted: Callable[[str], bool] = lambda name: True,
) -> dict[str, bytes]:
    """Return the bytes of every file below `folder` with a name that `is_wanted`, by its path.

    Hidden files and folders are omitted.

    `what_for` is the config key of the folder. Raises :class:`ProblemsError` for files larger than
    `limit`, and for anything that is neither a file nor a folder, such as a link or a pipe. Raises
    OSError for files that cannot be read: skipping them would lose them silently.
    """
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    with Tree(root) as tree:
        try:
            for path in _paths_below(tree, folder, is_wanted):
                try:
                    files[path] = tree.read(path, limit)
                except FileNotFoundError:
                    pass  # deleted just now
                except InTheWay as error:
                    problems.append(_not_followed(error.obstacle, what_for))
                except TooLarge as error:
                    problems.extend(error.problems)
        except InTheWay as error:
            problems.append(_not_followed(error.obstacle, what_for))
    if problems:
        raise ProblemsError(problems)
    return files


def _paths_below(tree: Tree, folder: str, is_wanted: Callable[[str], bool]) -> Iterator[str]:
    """Yield the wanted paths, and links to folders, which may lead to wanted files."""
    for at, entries in tree.walk(folder, lambda name: not is_hidden(name), _reraise):
        for entry in entries:
            if entry.is_folder or is_hidden(entry.name):
                continue
            if entry.for_folder or is_wanted(entry.name):
                yield f"{at}/{entry.name}"


def _not_followed(obstacle: Obstacle, what_for: str) -> Problem:
    message = f"{obstacle.what} in the `{what_for}` folder, where only files and folders are read"
    help_ = "replace it with the file or folder itself, or remove it"
    if obstacle.for_folder and not obstacle.is_link:
        message = obstacle.text
        help_ = f"move it, or use another folder for `{what_for}` in the config"
    return Problem(Position(obstacle.path), "MS081", message, help=help_)


def _reraise(error: OSError) -> None:
    raise error


def _entry(entry: os.DirEntry[str]) -> Entry:
    # Most systems list the kind with the name; the rest of the status takes another call.
    if entry.is_file(follow_symlinks=False):
        return Entry(entry.name, stat.S_IFREG, for_folder=False)
    if entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
        return Entry(entry.name, stat.S_IFDIR, for_folder=True)
    if entry.is_symlink() or entry.is_dir():
        with contextlib.suppress(OSError):
            return Entry(entry.name, stat.S_IFLNK, for_folder=entry.is_dir())
        return Entry(entry.name, stat.S_IFLNK, for_folder=False)  # a loop of links
    return Entry(entry.name, entry.stat(follow_symlinks=False).st_mode, for_folder=False)


def _is_junction(entry: os.DirEntry[str]) -> bool:
    if _JUNCTION == -1:
        return False
    return getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) == _JUNCTION


def _for_folder(path: str, mode: int) -> Obstacle:
    return Obstacle(path, what(mode), is_link=stat.S_ISLNK(mode), for_folder=True)
