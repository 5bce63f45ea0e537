"""Waiting for a change: the files that a run reads, and whether one of them is another now.

The system only wakes us up. What has changed is seen by looking at the files themselves: nothing
is lost while a run is under way, or where the file system reports no changes, and what modelsync
writes is never taken for a change.
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

_STILL: Final = 0.1
"""Seconds without a change after which an editor, or a checkout, is held to be done."""
_MAX_STILLS: Final = 20
"""How often that is waited for: what changes all the time is generated all the same."""
_TIMEOUT: Final = 2.0
"""Seconds after which the files are looked at though the system has reported nothing."""

_RETRY: Final = 0.5
"""Seconds until then where the system cannot report."""

Stamps = Mapping[str, tuple[int, ...] | None]
"""By path, what is different when a file was written or replaced; None for no file."""


class _Look(NamedTuple):
    """What stood there at one moment: the inputs, and the folders that they are in."""

    stamps: Stamps
    folders: frozenset[str]


class Watcher:
    """Says when the config, a spec or one of the project's own templates has changed.

    It compares with what it saw when it was made: make it before the first run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._specs = "specs"
        self._templates = "templates"
        self._config: tuple[int, ...] | None = None
        self._seen = self._look().stamps
        self._others: Stamps = {}

    def include(self, paths: Iterable[str]) -> None:
        """Let other files count as well, as they are now, until something has changed.

        They are those that a run failed on: it can be done once they are others.
        """
        self._others = self._stamps(paths)

    def wait(self) -> list[str]:
        """Return the paths of what has changed since the last call; wait until something has."""
        while True:
            now = self._look()
            if now.stamps != self._seen:
                now = self._settled(now)
            others = self._stamps(self._others)
            changed = _differing(self._seen, now.stamps) | _differing(self._others, others)
            self._seen = now.stamps
            if changed:
                self._others = {}
                return sorted(changed)
            _sleep(self._existing(now.folders.union(others)))

    def _look(self) -> _Look:
        config = self._stamps([NAME])
        if config[NAME] != self._config:
            self._config = config[NAME]
            # While the config is broken, or not there, the folders that it had named count.
            with contextlib.suppress(ProblemsError, OSError):
                read = read_project_config(self.folder)
                self._specs, self._templates = read.specs, read.templates
        specs = dict(disk.walk(self.folder, self._specs))
        templates = dict(disk.walk(self.folder, self._templates))
        files = [
            *(
                f"{at}/{name}"
                for at, names in specs.items()
                for name in filter(disk.is_spec, names)
            ),
            *(f"{at}/{name}" for at, names in templates.items() for name in names),
        ]
        folders = {self._specs, self._templates, *specs, *templates}
        return _Look({**config, **self._stamps(files)}, frozenset(folders))

    def _settled(self, look: _Look) -> _Look:
        """Return what stands there when it has not changed for a moment, or goes on changing."""
        for _ in range(_MAX_STILLS):
            time.sleep(_STILL)
            before, look = look, self._look()
            if look.stamps == before.stamps:
                break
        return look

    def _stamps(self, paths: Iterable[str]) -> Stamps:
        return {path: _stamp(self.folder / path) for path in paths}

    def _existing(self, paths: Iterable[str]) -> set[Path]:
        """Return the folders whose entries have to be watched to learn what happens at `paths`.

        They are those on the way as well: each of them can be moved away, or come to be.
        """
        parts = {part for path in paths for part in (path, *map(str, PurePosixPath(path).parents))}
        found = {place for part in parts if (place := self.folder / part).is_dir()}
        return found or {next(place for place in self.folder.parents if place.is_dir())}


def _stamp(place: Path) -> tuple[int, ...] | None:
    for follow in (True, False):  # a link that leads nowhere is something, too
        with contextlib.suppress(OSError):
            found = place.stat(follow_symlinks=follow)
            return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
    return None


def _differing(before: Stamps, now: Stamps) -> set[str]:
    return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}


def _sleep(folders: Iterable[Path]) -> None:
    """Return when something has happened in one of the folders, and after a while anyway.

    The system is asked anew each time: it forgets a folder that is deleted, and does not come back
    to one of the same name.
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
        # The folder is gone again, or the system watches no more folders for us.
        time.sleep(_RETRY)
    finally:
        changes.close()
