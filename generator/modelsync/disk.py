"""The disk: reads what is there, and is the only writer.

Paths are relative to the project's folder, with `/`. What is written goes to a temporary file in
the same folder, which then replaces the old one, so that no reader ever sees half a file; and no
write follows a symbolic link out of the project.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from modelsync.errors import Position, Problem, ProblemsError
from modelsync.paths import path_problem
from modelsync.plan import Change

_TEMP_PREFIX: Final = ".modelsync-"


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

    Raises :class:`ProblemsError` for each folder that is a symbolic link: those may go in circles,
    and passing over them would lose their specs in silence.
    """
    found: dict[str, bytes] = {}
    problems = []
    for folder, folders, names in os.walk(project / root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(folder, name) for name in folders):
            if path.is_symlink():
                problems.append(
                    Problem(
                        Position(path.relative_to(project).as_posix()),
                        "MS081",
                        "this folder of specs is a symbolic link, and modelsync follows none",
                        help="put the folder itself here",
                    )
                )
        for path in (Path(folder, name) for name in sorted(names)):
            wanted = path.suffix in (".yaml", ".yml") and not path.name.startswith(".")
            if wanted and path.is_file():
                with path.open("rb") as file:
                    found[path.relative_to(project).as_posix()] = file.read(limit + 1)
    if problems:
        raise ProblemsError(problems)
    return found


def read_present(project: Path, paths: Iterable[str]) -> dict[str, bytes | None]:
    """Return the bytes of each file, or None where there is none.

    Raises :class:`ProblemsError` for each path that leads through a symbolic link or whose place
    is taken by something other than a file.
    """
    present: dict[str, bytes | None] = {}
    problems: dict[str, Problem] = {}
    safe: set[str] = {""}
    for path in paths:
        wrong = _unsafe(project, path, safe)
        if wrong is not None:
            problems[wrong.position.path] = wrong
            continue
        try:
            present[path] = (project / path).read_bytes()
        except FileNotFoundError:
            present[path] = None
    if problems:
        raise ProblemsError(problems.values())
    return present


def _unsafe(project: Path, path: str, safe: set[str]) -> Problem | None:
    """Return why `path` must not be written; `safe` collects the folders that are fine."""
    wrong = path_problem(path)
    if wrong:
        return Problem(Position(path), "MS080", f"this path cannot be written: {wrong}")
    folder, _, _ = path.rpartition("/")
    if folder not in safe:
        parts = folder.split("/")
        for length in range(1, len(parts) + 1):
            part = "/".join(parts[:length])
            place = project / part
            if place.is_symlink():
                return Problem(
                    Position(part),
                    "MS080",
                    "this folder is a symbolic link, and modelsync writes through none",
                    help="replace it by a folder, or name the real one in modelsync.yaml",
                )
            if place.exists() and not place.is_dir():
                return Problem(
                    Position(part), "MS080", "a folder is needed here, and this is a file"
                )
            safe.add(part)
    place = project / path
    if place.is_symlink() or (place.exists() and not place.is_file()):
        return Problem(
            Position(path),
            "MS080",
            "a file is needed here, and this is "
            + ("a symbolic link" if place.is_symlink() else "a folder"),
            help="remove it, or move it away",
        )
    return None


def apply(project: Path, changes: Iterable[Change]) -> None:
    """Write every change. Raises OSError."""
    made: set[Path] = set()
    for change in changes:
        place = project / change.path
        if place.parent not in made:
            place.parent.mkdir(parents=True, exist_ok=True)
            made.add(place.parent)
        _replace(place, change.data)


def _replace(place: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=_TEMP_PREFIX, dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        # mkstemp makes a file for its owner alone; a generated file is like any other one.
        Path(name).chmod(place.stat().st_mode & 0o777 if place.exists() else 0o666 & ~_umask())
        Path(name).replace(place)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


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
            if place.is_file():
                with place.open("rb") as file:
                    texts[path] = file.read(limit).decode("utf-8", "replace")
    return texts
