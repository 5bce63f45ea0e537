"""Files below a folder, reached without following a symbolic link: every access goes through here.

A :class:`Tree` opens the folders on the way to a file one by one, each relative to the one before
it, and none that is a symbolic link. So a folder that is swapped for a link, at whatever moment,
leads nowhere else. Where the system has no such calls (Windows), the folders are looked at before
and after each access instead.

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
"""Does not wait for the other end of a pipe."""
_FOLDER: Final[int] = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NO_FOLLOW
_PASS: Final[int] = _FOLDER | getattr(os, "O_PATH", 0)
"""Opens a folder to go on from it, which takes no right to list it."""
_JUNCTION: Final[int] = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
_CHUNK: Final = 1 << 20

relative_calls = {os.open, os.stat, os.mkdir, os.unlink, os.rmdir, os.rename} <= os.supports_dir_fd
"""Whether the system opens files relative to a folder that is open."""

HANDS_OFF: Final = "modelsync does not touch what it did not write"


class Obstacle(NamedTuple):
    """What is in the way: no regular file where one has to be, or no folder.

    `path` is where, and `what` is what: `a folder`.
    """

    path: str
    what: str
    is_link: bool = False
    for_folder: bool = False

    @property
    def text(self) -> str:
        """Say what stands there."""
        return f"{self.what} stands here{' in place of a folder' if self.for_folder else ''}"

    @property
    def help(self) -> str:
        """Say what to do about it."""
        if self.is_link:
            return (
                "modelsync writes through no link: move it away, or name the real folder as the"
                " `out` of the target"
            )
        return f"{HANDS_OFF}: move it away, or give the target another `out`"


class InTheWay(ProblemsError):
    """Something else is where a regular file or a folder has to be."""

    def __init__(self, obstacle: Obstacle, help_: str = "") -> None:
        self.obstacle = obstacle
        where = Position(obstacle.path)
        super().__init__([Problem(where, "MS080", obstacle.text, help=help_ or obstacle.help)])


class TooLarge(ProblemsError):
    """A file is larger than what is read of such a file."""

    def __init__(self, path: str, limit: int, help_: str = "split it") -> None:
        self.text = f"the file is larger than {limit >> 20} MiB"
        super().__init__([Problem(Position(path), "MS001", self.text, help=help_)])


class Entry(NamedTuple):
    """What a folder has: `mode` is that of :func:`os.lstat`.

    `for_folder` says that it is a folder, or a link that leads to one.
    """

    name: str
    mode: int
    for_folder: bool

    @property
    def is_folder(self) -> bool:
        """Whether this is a folder, and not a link."""
        return stat.S_ISDIR(self.mode)

    @property
    def is_file(self) -> bool:
        """Whether this is a regular file, and not a link."""
        return stat.S_ISREG(self.mode)


def what(mode: int) -> str:
    """Return in words what a mode of `stat` is of."""
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a file" if stat.S_ISREG(mode) else "something that is no file"


class Tree:
    """The files below the folder `root`. Close it, or use it in a `with` block.

    Every method raises :class:`InTheWay` where a folder on the way is something else, and OSError
    with the whole path. Reading uses a folder that it has opened for the files after it too; what
    changes something opens the folders again each time.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = os.fspath(root)
        self._root = os.open(self.root, _PASS & ~_NO_FOLLOW) if relative_calls else -1
        self._open: list[tuple[str, int]] = []
        """The folders from below the root to the one used last: name and handle."""
        self._folder = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what is open."""
        self._leave()
        if self._root >= 0:
            os.close(self._root)
            self._root = -1

    # Looking ---------------------------------------------------------------------------------

    def status(self, path: str, again: bool = False) -> os.stat_result | None:
        """Return what :func:`os.lstat` says of a path, None where there is nothing.

        With `again`, the folders on the way are opened though they may be open already.
        """
        try:
            name, folder = self._at(path, again)
            return os.lstat(name, dir_fd=folder)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._named(error, path) from None

    def obstacle(self, folder: str) -> Obstacle | None:
        """Return what is in the way of `folder`, there or above it."""
        try:
            self._at(f"{folder}/x")
        except InTheWay as error:
            return error.obstacle
        except FileNotFoundError:
            pass
        return None

    def link(self, path: str) -> str:
        """Return where the symbolic link at a path leads."""
        return str(self._do(os.readlink, path, again=False))

    def entries(self, folder: str) -> list[Entry]:
        """Return what is in a folder, sorted by name; nothing where there is no folder."""
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
        """Yield `folder` and each folder below it, sorted, with what is in it.

        Folders are entered whose name `enter` accepts. `failed` is called with the error where one
        cannot be read.
        """
        rest = [folder]
        while rest:
            at = rest.pop()
            try:
                found = self.entries(at)
            except OSError as error:
                failed(error)
                continue
            except InTheWay:
                if at == folder:
                    raise
                continue  # it was swapped since its parent was read
            if found or at != folder or self.status(at) is not None:
                yield at, found
            below = [each.name for each in found if each.is_folder and enter(each.name)]
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
                # It may have been swapped for something else just now: say so then.
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

        Raises :class:`TooLarge` before it is read where it has more than `limit` bytes.
        """
        return self.fetch(path, limit)[0]

    def fetch(self, path: str, limit: int) -> tuple[bytes, os.stat_result]:
        """Return what :meth:`read` does, and the status of the file."""
        data, status = self._begin(path, limit + 1)
        # The sizes differ where it has grown, or where the system does not know it before.
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
            while len(data) == asked < size:  # only a file that ends has less than was asked for
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
        """Open a regular file to lock it; with `writing`, make it if need be."""
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
        """Write a new file to its end on the disk, with the rights `mode` if given.

        Raises FileExistsError where there is anything already.
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
        """Make a folder in one that is there; return whether it was not there yet."""
        try:
            self._do(os.mkdir, folder)
        except FileExistsError:
            return False
        return True

    def make_folders(self, folder: str) -> None:
        """Make a folder, and those above it."""
        if folder and self.status(folder) is None:
            self.make_folders(folder.rpartition("/")[0])
            self.make_folder(folder)

    def replace(self, new: str, path: str) -> None:
        """Put the file `new` in the place of the one at `path`, in the same folder or another."""
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
        """Make a symbolic link that leads to `target`."""
        self._do(lambda name, dir_fd: os.symlink(target, name, dir_fd=dir_fd), path)

    def sync(self, folder: str) -> None:
        """See that the names in a folder are on the disk too."""
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

    # The way there ---------------------------------------------------------------------------

    def _do(self, call: Callable[..., Any], path: str, *words: Any, again: bool = True) -> Any:
        """Make a call of the system about the path."""
        try:
            name, folder = self._at(path, again)
            return call(name, *words, dir_fd=folder)
        except OSError as error:
            raise self._named(error, path) from None

    def _named(self, error: OSError, path: str) -> OSError:
        """Return an error of the system with the whole path in it: a full disk does not say where.

        An error of a program of ours, which has no number, is as it is.
        """
        if error.errno is None:
            return error
        return OSError(error.errno, error.strerror, os.path.join(self.root, path))

    def _at(self, path: str, again: bool = False) -> tuple[str, int | None]:
        """Return how to call a path, and relative to which open folder.

        With `again`, the folders on the way are opened though they may be open already.
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
        """Close the open folders but for the first few."""
        while len(self._open) > keep:
            os.close(self._open.pop()[1])
        self._folder = "/".join(name for name, _ in self._open)

    def _check(self, folder: str) -> None:
        """Raise where a part of `folder` is a link or no folder; for systems without `dir_fd`."""
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
        """Raise if what was opened is not at the path; for systems without `dir_fd`."""
        if not relative_calls:
            self._check(path.rpartition("/")[0])
            if not os.path.samestat(opened, os.lstat(f"{self.root}/{path}")):
                raise OSError(f"{visible(path)} was swapped while modelsync ran; run it again")

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
            found = []
            for entry in entries:
                with contextlib.suppress(FileNotFoundError):  # it went while we looked
                    found.append(_entry(entry))
        return sorted(found)


def read_below(
    root: str | os.PathLike[str],
    folder: str,
    limit: int,
    what_for: str,
    is_wanted: Callable[[str], bool] = lambda name: True,
) -> dict[str, bytes]:
    """Return the bytes of every file below `folder` with a name that is wanted, by its path.

    Hidden files and folders are left out.

    Raises :class:`ProblemsError` for all that is larger than `limit`, and for what looks like such
    a file, or like a folder of some, and is neither: a symbolic link, a pipe. `what_for` is the key
    of the config that names the folder. Raises OSError for what cannot be read: passing over it
    would lose it in silence.
    """
    found: dict[str, bytes] = {}
    problems: list[Problem] = []

    def read(tree: Tree, path: str) -> None:
        try:
            found[path] = tree.read(path, limit)
        except FileNotFoundError:
            pass  # it went while we looked
        except InTheWay as error:
            problems.append(_not_followed(error.obstacle, what_for))
        except TooLarge as error:
            problems.extend(error.problems)

    with Tree(root) as tree:
        try:
            for at, entries in tree.walk(folder, lambda name: not is_hidden(name), _reraise):
                for entry in entries:
                    if entry.is_folder or is_hidden(entry.name):
                        continue
                    if entry.for_folder or is_wanted(entry.name):
                        read(tree, f"{at}/{entry.name}")
        except InTheWay as error:
            problems.append(_not_followed(error.obstacle, what_for))
    if problems:
        raise ProblemsError(problems)
    return found


def _not_followed(obstacle: Obstacle, what_for: str) -> Problem:
    kind = obstacle.what if obstacle.is_link else "no regular file"
    message = f"this is {kind}, and modelsync follows none among the {what_for}"
    help_ = "put the file or folder itself here, or take it away"
    if obstacle.for_folder and not obstacle.is_link:
        message = obstacle.text
        help_ = f"move it away, or name another folder as `{what_for}` in the config"
    return Problem(Position(obstacle.path), "MS081", message, help=help_)


def _reraise(error: OSError) -> None:
    raise error


def _entry(entry: os.DirEntry[str]) -> Entry:
    # Most systems say what it is with the name; all of its status takes another call.
    if entry.is_file(follow_symlinks=False):
        return Entry(entry.name, stat.S_IFREG, for_folder=False)
    if entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
        return Entry(entry.name, stat.S_IFDIR, for_folder=True)
    if entry.is_symlink() or entry.is_dir():
        with contextlib.suppress(OSError):
            return Entry(entry.name, stat.S_IFLNK, for_folder=entry.is_dir())
        return Entry(entry.name, stat.S_IFLNK, for_folder=False)  # one that goes in circles
    return Entry(entry.name, entry.stat(follow_symlinks=False).st_mode, for_folder=False)


def _is_junction(entry: os.DirEntry[str]) -> bool:
    if _JUNCTION == -1:
        return False
    return getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) == _JUNCTION


def _for_folder(path: str, mode: int) -> Obstacle:
    return Obstacle(path, what(mode), is_link=stat.S_ISLNK(mode), for_folder=True)
