"""Make the changes of a plan: all contents first, then the names, the manifest last."""

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

    `present` is what the changes were planned on: a file that was written since is left alone.
    All new contents are on the disk before the first file is replaced, so that a full disk or a
    missing right changes nothing. `pending`, which lies in the state folder until all is done,
    tells the next run what a run that is killed has written.

    Raises OSError, and leaves no half file; raises :class:`ProblemsError` before the first write
    where a folder is none, or a symbolic link.
    """
    changes = list(changes)
    folders = {path.rpartition("/")[0] for path in (name, *(change.path for change in changes))}
    for folder in filter(None, folders):
        wrong = path_problem(folder)
        if wrong:
            raise ValueError(f"{folder!r}: {wrong}")
    with Tree(project) as tree:
        # The plan was made on the same folders, and they may have changed since.
        check_folders(tree, folders)
        writing = _Writing(tree, present)
        try:
            _apply(writing, changes, manifest, pending, progress, name)
        except InTheWay as error:
            if not writing.begun:
                raise
            found = error.obstacle
            message = f"{found.path}: {found.text} since modelsync began to write; run it again"
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
    run = secrets.token_hex(8)  # tells the temporary files of this run from those of another one
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
    """Make a call that cleans up behind another error, as far as it can be made."""
    with contextlib.suppress(OSError, InTheWay):
        call(path)


class _Writing:
    """The writing of one run: first every new content beside the old one, then the changes."""

    def __init__(self, tree: Tree, present: Mapping[str, Present | None]) -> None:
        self.tree = tree
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
        """Put each new content in its place."""
        while self.temporaries:
            temporary, path = self.temporaries[-1]
            self.check_unwritten(path)
            self.begun = True
            self.tree.replace(temporary, path)
            self.temporaries.pop()

    def check_unwritten(self, path: str) -> None:
        """Raise for a file that somebody has written since it was read."""
        if path not in self.present:
            return
        now = self.tree.status(path, again=True)
        found = self.present[path]
        if now is not None and (found is None or found.stamp != stamp(now)):
            raise OSError(f"{path} was written while modelsync ran; run it again")

    def finish(self) -> None:
        """See that the names are on the disk as the contents are, and remove empty folders."""
        for folder in self.folders | self.emptied:
            self.tree.sync(folder)
        for folder in sorted(self.emptied):
            remove_empty(self.tree, folder)

    def clean(self) -> None:
        """Remove what has come to nothing."""
        for temporary, _ in self.temporaries:
            _quietly(self.tree.unlink, temporary)
        for folder in reversed(self.made):
            _quietly(self.tree.remove_folder, folder)
