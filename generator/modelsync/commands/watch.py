"""`modelsync watch`: wait until a file that a run reads has changed.

Notifications from the system only wake the watcher, which then compares the files themselves. So
it misses no change during a run or on a file system without notifications, and does not react to
files that modelsync writes.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

import watchfiles

from modelsync import disk
from modelsync.errors import ProblemsError
from modelsync.project.config import NAME
from modelsync.project.load import read_project_config
from modelsync.project.root import place_of

_STILL: Final = 0.1
"""Seconds without a change after which an editor, or a checkout, is assumed to have finished."""
_MAX_STILLS: Final = 20
"""How often to wait for that: files that change all the time are generated anyway."""
_TIMEOUT: Final = 2.0
"""Seconds after which the files are compared without a notification."""
_RETRY: Final = 0.5
"""Seconds after which they are compared if the system cannot send notifications."""

Stamps = Mapping[str, tuple[int, ...] | None]
"""A value for each path that changes when the file is written or replaced; None for no file."""


class _Snapshot(NamedTuple):
    """The inputs of a run at one moment, and the folders that they are in."""

    stamps: Stamps
    folders: frozenset[str]


class Watcher:
    """Waits until the config, a spec or one of the project's own templates has changed.

    Create it before the first run: changes are relative to that moment.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.place = place_of(folder)
        self._specs = "specs"
        self._templates = "templates"
        self._config: tuple[int, ...] | None = None
        self._seen = self._snapshot().stamps
        self._others: Stamps = {}

    def include(self, paths: Iterable[str]) -> None:
        """Watch other files too, until the next change.

        A run that failed on these files may succeed after they change.
        """
        self._others = self._stamps(paths)

    def wait(self) -> list[str]:
        """Wait for a change since the last call, and return the paths of the changed files."""
        while True:
            now = self._snapshot()
            if now.stamps != self._seen:
                now = self._settled(now)
            others = self._stamps(self._others)
            changed = _differing(self._seen, now.stamps) | _differing(self._others, others)
            self._seen = now.stamps
            if changed:
                self._others = {}
                return sorted(changed)
            _sleep(self._existing(now.folders.union(others)))

    def _snapshot(self) -> _Snapshot:
        config = {self.place.config: _stamp(self.folder / NAME)}
        if config[self.place.config] != self._config:
            self._config = config[self.place.config]
            self.place = place_of(self.folder)
            config = {self.place.config: self._config}
            # While the config is invalid, or missing, keep the folders that it had.
            with contextlib.suppress(ProblemsError, OSError):
                read = read_project_config(self.folder)
                self._specs, self._templates = read.specs, read.templates
        specs = dict(disk.walk(self.place.root, self._specs))
        templates = dict(disk.walk(self.place.root, self._templates))
        files = [
            *(
                f"{at}/{name}"
                for at, names in specs.items()
                for name in filter(disk.is_spec, names)
            ),
            *(f"{at}/{name}" for at, names in templates.items() for name in names),
        ]
        folders = {self._specs, self._templates, *specs, *templates}
        return _Snapshot({**config, **self._stamps(files)}, frozenset(folders))

    def _settled(self, look: _Snapshot) -> _Snapshot:
        """Return a snapshot after a moment without changes, or after too many changes."""
        for _ in range(_MAX_STILLS):
            time.sleep(_STILL)
            before, look = look, self._snapshot()
            if look.stamps == before.stamps:
                break
        return look

    def _stamps(self, paths: Iterable[str]) -> Stamps:
        return {path: _stamp(self.place.root / path) for path in paths}

    def _existing(self, paths: Iterable[str]) -> set[Path]:
        """Return the existing folders to watch for changes of `paths`.

        The folders around them are included: each of them can be moved, or created.
        """
        parts = {part for path in paths for part in (path, *map(str, PurePosixPath(path).parents))}
        folders = {folder for part in parts if (folder := self.place.root / part).is_dir()}
        folders |= {self.folder} if self.folder.is_dir() else set()
        return folders or {next(folder for folder in self.folder.parents if folder.is_dir())}


def _stamp(place: Path) -> tuple[int, ...] | None:
    for follow in (True, False):  # a broken symbolic link counts too
        with contextlib.suppress(OSError):
            status = place.stat(follow_symlinks=follow)
            return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
    return None


def _differing(before: Stamps, now: Stamps) -> set[str]:
    return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}


def _sleep(folders: Iterable[Path]) -> None:
    """Wait until something happens in one of the folders, or for a few seconds.

    The folders are registered again each time: the system forgets a deleted folder, and does not
    notice a new one with the same name.
    """
    changes = watchfiles.watch(
        *folders,
        watch_filter=None,
        step=20,
        debounce=500,
        rust_timeout=int(_TIMEOUT * 1000),
        yield_on_timeout=True,
        recursive=False,
        ignore_permission_denied=True,
    )
    try:
        next(changes)
    except (OSError, RuntimeError):
        # The folder was deleted, or the system refuses to watch more folders.
        time.sleep(_RETRY)
    finally:
        changes.close()
