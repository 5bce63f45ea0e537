"""The disk: reads what is there, and is the only writer.

Paths are relative to the project's folder, with `/`. What is written goes to a temporary file in
the same folder, which then replaces the old one, so that no reader ever sees half a file; and no
write follows a symbolic link out of the project.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from modelsync.errors import Position, Problem, ProblemsError
from modelsync.paths import path_problem
from modelsync.plan import Change, Kind, digest

_TEMP_PREFIX: Final = ".modelsync-"
_RUN: Final = secrets.token_hex(8)
"""Tells the temporary files of this run from those of another one."""


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


def read_present(project: Path, paths: Iterable[str]) -> dict[str, str | None]:
    """Return the :func:`~modelsync.plan.digest` of each file, or None where there is none.

    Raises :class:`ProblemsError` for each path that leads through a symbolic link or whose place
    is taken by something other than a file.
    """
    present: dict[str, str | None] = {}
    problems: dict[str, Problem] = {}
    folders = _Folders(project)
    for path in paths:
        wrong = folders.problem(path)
        if wrong is not None:
            problems[wrong.position.path] = wrong
            continue
        try:
            with open(f"{project}/{path}", "rb") as file:
                present[path] = digest(file.read())
        except FileNotFoundError:
            present[path] = None
    if problems:
        raise ProblemsError(problems.values())
    return present


class _Folders:
    """Says which paths may be written, and looks at each folder once."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.known: dict[str, Problem | None] = {"": None}

    def problem(self, path: str) -> Problem | None:
        """Return why the file `path` must not be written."""
        wrong = path_problem(path)
        if wrong:
            return Problem(Position(path), "MS080", f"this path cannot be written: {wrong}")
        return self._folder_problem(path.rpartition("/")[0]) or self._place_problem(
            path, stat.S_ISREG, "a file"
        )

    def _folder_problem(self, folder: str) -> Problem | None:
        if folder not in self.known:
            self.known[folder] = self._folder_problem(
                folder.rpartition("/")[0]
            ) or self._place_problem(folder, stat.S_ISDIR, "a folder")
        return self.known[folder]

    def _place_problem(self, path: str, fits: Callable[[int], bool], wanted: str) -> Problem | None:
        try:
            mode = os.lstat(f"{self.project}/{path}").st_mode
        except FileNotFoundError:
            return None
        if fits(mode):
            return None
        found = "a symbolic link" if stat.S_ISLNK(mode) else "something else"
        return Problem(
            Position(path),
            "MS080",
            f"{wanted} is needed here, and this is {found}",
            help="modelsync writes through no link: name the real folder in modelsync.yaml"
            if stat.S_ISLNK(mode) and fits is stat.S_ISDIR
            else "remove it, or move it away",
        )


def apply(project: Path, changes: Iterable[Change]) -> None:
    """Write every change. Raises OSError."""
    made: set[str] = set()
    for change in changes:
        folder = os.path.dirname(f"{project}/{change.path}")
        if folder not in made:
            os.makedirs(folder, exist_ok=True)
            made.add(folder)
        _replace(f"{project}/{change.path}", change)


def _replace(place: str, change: Change) -> None:
    """Write a file beside `place`, and put it there. An update keeps the rights of the old one."""
    temporary = f"{os.path.dirname(place)}/{_TEMP_PREFIX}{_RUN}"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with open(handle, "wb") as file:
            file.write(change.data)
        if change.kind is Kind.UPDATE:
            os.chmod(temporary, stat.S_IMODE(os.lstat(place).st_mode))
        os.replace(temporary, place)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


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
