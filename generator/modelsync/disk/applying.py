"""Make the changes of a plan: write all contents, then rename them, and the manifest last."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from modelsync.disk.durable import (
    NEW,
    check_folders,
    remove_empty,
    rewrite,
    write_new,
    write_state,
)
from modelsync.disk.places import stamp
from modelsync.disk.state import (
    TEMP_PREFIX,
    own,
    pending_place,
    runs_in,
    state_folder,
    with_runs,
)
from modelsync.paths import path_problem
from modelsync.plan.changes import Change, Present
from modelsync.plan.manifest import NAME as MANIFEST
from modelsync.progress import Progress, silent
from modelsync.tree import InTheWay, Tree


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

    `present` is what was on the disk when the changes were planned; a file that was written since
    is an error. All new contents are on the disk before the first file is replaced, so that a full
    disk or a missing permission changes nothing. `pending` is in the state folder until the end: if
    the run is killed, it shows the next run what may have been written.

    Raises OSError, and never leaves half a file. Raises :class:`ProblemsError` before the first
    write if something else is at the path of a folder.
    """
    changes = list(changes)
    folders = {path.rpartition("/")[0] for path in (name, *(change.path for change in changes))}
    for folder in filter(None, folders):
        problem = path_problem(folder)
        if problem:
            raise ValueError(f"{folder!r}: {problem}")
    with Tree(project) as tree:
        # The plan was made on the same folders, and they may have changed since.
        check_folders(tree, folders)
        writing = _Writing(tree, present)
        try:
            _apply(writing, changes, manifest, pending, progress, name)
        except InTheWay as error:
            if not writing.begun:
                raise
            path, text = error.obstacle.path, error.obstacle.text
            message = f"{path} changed while modelsync was writing: {text}; run the command again"
            raise OSError(message) from error


def _apply(
    writing: _Writing,
    changes: list[Change],
    manifest: bytes,
    pending: bytes,
    progress: Progress,
    name: str,
) -> None:
    tree = writing.tree
    new = f"{state_folder(tree)}/{name.rpartition('/')[2]}{NEW}"
    pending_path = pending_place(name)
    before = own(tree, pending_path)
    run = secrets.token_hex(8)  # distinguishes the temporary files of this run
    try:
        rewrite(tree, pending_path, [with_runs(pending, [*runs_in(before), run])])
        for number, change in enumerate(changes):
            if change.data is not None:
                writing.prepare(change.path, change.data, f"{TEMP_PREFIX}{run}-{number}")
            progress("writing", number + 1, len(changes))
        write_state(tree, new, [manifest])
        for change in changes:
            if change.data is None:
                writing.delete(change.path)
        writing.replace()
    except BaseException:
        writing.clean()
        state_files = [f"{pending_path}{NEW}", new]
        if not writing.begun and before is None:
            state_files.append(pending_path)
        for path in state_files:
            _quietly(tree.unlink, path)
        raise
    writing.finish()
    tree.replace(new, name)
    tree.sync(name.rpartition("/")[0])
    tree.unlink(pending_path)


def _quietly(call: Callable[[str], object], path: str) -> None:
    """Make a call that cleans up after an error, and ignore errors of the call."""
    with contextlib.suppress(OSError, InTheWay):
        call(path)


class _Writing:
    """Writes the files of one run: first all new contents to temporary files, then the changes."""

    def __init__(self, tree: Tree, present: Mapping[str, Present | None]) -> None:
        self.tree = tree
        self.present = present
        self.begun = False
        """Whether a file was changed."""
        self.temporaries: list[tuple[str, str]] = []
        """The path of each new content, and of the file that it replaces."""
        self.folders: set[str] = {""}
        """Folders that exist."""
        self.made: list[str] = []
        self.emptied: set[str] = set()

    def prepare(self, path: str, data: bytes, temporary: str) -> None:
        """Write the new content of a file to a file called `temporary` in the same folder."""
        folder = path.rpartition("/")[0]
        self.make_folder(folder)
        place = f"{folder}/{temporary}" if folder else temporary
        self.temporaries.append((place, path))
        write_new(self.tree, place, data, like=path)

    def make_folder(self, folder: str) -> None:
        if folder in self.folders:
            return
        parent = folder.rpartition("/")[0]
        self.make_folder(parent)
        if self.tree.make_folder(folder):
            self.made.append(folder)
        self.folders.add(folder)

    def delete(self, path: str) -> None:
        self.check_unwritten(path)
        self.begun = True
        self.emptied.add(path.rpartition("/")[0])
        self.tree.unlink(path)

    def replace(self) -> None:
        """Replace each file with its new content."""
        while self.temporaries:
            temporary, path = self.temporaries[-1]
            self.check_unwritten(path)
            self.begun = True
            self.tree.replace(temporary, path)
            self.temporaries.pop()

    def check_unwritten(self, path: str) -> None:
        """Raise for a file that was written since it was read."""
        if path not in self.present:
            return
        now = self.tree.status(path, again=True)
        before = self.present[path]
        if now is not None and (before is None or before.stamp != stamp(now)):
            raise OSError(f"{path} was changed while modelsync was running; run the command again")

    def finish(self) -> None:
        """Flush the folders to the disk, and remove empty ones."""
        for folder in self.folders | self.emptied:
            self.tree.sync(folder)
        for folder in sorted(self.emptied):
            remove_empty(self.tree, folder)

    def clean(self) -> None:
        """Remove temporary files and folders after a failure."""
        for temporary, _ in self.temporaries:
            _quietly(self.tree.unlink, temporary)
        for folder in reversed(self.made):
            _quietly(self.tree.remove_folder, folder)
