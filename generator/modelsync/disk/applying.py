"""Make the changes of a plan: all contents first, then the names, the manifest last."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from modelsync.disk.durable import (
    NEW,
    remove_empty,
    replace,
    rewrite,
    sync_folder,
    unlink,
    write_new,
)
from modelsync.disk.places import Folders, in_the_way, stamp
from modelsync.disk.reading import TEMP_PREFIX
from modelsync.disk.state import is_interrupted, pending_place, state_folder
from modelsync.errors import ProblemsError
from modelsync.manifest import NAME as MANIFEST
from modelsync.paths import path_problem
from modelsync.plan import Change, Present
from modelsync.progress import Progress, silent


def apply(
    project: Path,
    changes: Iterable[Change],
    present: Mapping[str, Present | None],
    manifest: bytes,
    pending: bytes,
    progress: Progress = silent,
    name: str = MANIFEST,
) -> None:
    """Make every change, then write the manifest, which is called `name`.

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
    state = state_folder(project)
    was_interrupted = is_interrupted(project, name)
    new = f"{state}/{name.rpartition('/')[2]}{NEW}"
    run = secrets.token_hex(8)  # tells the temporary files of this run from those of another one
    try:
        rewrite(project / pending_place(name), pending)
        for number, change in enumerate(changes):
            if change.data is not None:
                writing.prepare(change.path, change.data, f"{TEMP_PREFIX}{run}-{number}")
            progress("writing", number + 1, len(changes))
        write_new(new, manifest)
        for change in changes:
            if change.data is None:
                writing.delete(change.path)
        writing.replace()
    except BaseException:
        writing.clean()
        state_files = [f"{project / pending_place(name)}{NEW}", new]
        if not (writing.begun or was_interrupted):
            state_files.append(f"{project / pending_place(name)}")
        for place in state_files:
            with contextlib.suppress(OSError):
                os.unlink(place)
        raise
    writing.finish()
    replace(new, project / name)
    sync_folder((project / name).parent)
    unlink(project / pending_place(name))


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
        write_new(f"{self.project}/{place}", data, like=f"{self.project}/{path}")

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
        unlink(f"{self.project}/{path}")

    def replace(self) -> None:
        """Put each new content in its place."""
        while self.temporaries:
            temporary, path = self.temporaries[-1]
            self.check_unwritten(path)
            self.begun = True
            replace(f"{self.project}/{temporary}", f"{self.project}/{path}")
            self.temporaries.pop()

    def check_unwritten(self, path: str) -> None:
        """Raise for a file that somebody has written since it was read."""
        if path not in self.present:
            return
        try:
            now = stamp(os.lstat(f"{self.project}/{path}"))
        except FileNotFoundError:
            return
        found = self.present[path]
        if found is None or found.stamp != now:
            raise OSError(f"{path} was written while modelsync ran; run it again")

    def finish(self) -> None:
        """See that the names are on the disk as the contents are, and remove empty folders."""
        for folder in self.folders | self.emptied:
            sync_folder(f"{self.project}/{folder}")
        for folder in sorted(self.emptied):
            remove_empty(self.project, folder)

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
    folders = Folders(project)
    problems = []
    for path in sorted(paths):
        wrong = path_problem(path)
        if path and wrong:
            raise ValueError(f"{path!r}: {wrong}")
        obstacle = folders.obstacle(path)
        if obstacle is not None:
            problems.append(in_the_way(obstacle))
    if problems:
        raise ProblemsError(problems)
