"""What a new project finds around it: files of package managers and compilers, which it reads."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from posixpath import join, normpath
from typing import Final

from modelsync.disk.reading import find_repository, folders_with, read_config
from modelsync.errors import ProblemsError

_MAX_BYTES: Final = 1 << 20
_MAX_ABOVE: Final = 40


class Surroundings:
    """The folder of a new project, and what is above and below it.

    Paths are relative to that folder, with `/`; they may start with `..`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._given: set[str] = set()

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.folder.name

    def nearest(self, names: Iterable[str], *, anywhere_above: bool = False) -> str | None:
        """Return the folder with one of the files: this one, one above it, or one below it.

        Looks above only in the same git repository, unless it may be `anywhere_above`.
        """
        names = tuple(names)
        above = self.nearest_above(names, _MAX_ABOVE if anywhere_above else self._above)
        if above is not None:
            return above
        for folder in folders_with(self.folder, names):
            if any(self.exists(join(folder, name)) for name in names):
                return folder
        return None

    def nearest_above(self, names: Iterable[str], limit: int = _MAX_ABOVE) -> str | None:
        """Return the folder with one of the files: this one, or one at most `limit` above it."""
        names = tuple(names)
        for count in range(min(limit, len(self.folder.parents)) + 1):
            folder = "/".join([".."] * count)
            if any(self.exists(join(folder, name)) for name in names):
                return folder
        return None

    @cached_property
    def _above(self) -> int:
        """How many folders above this one are in the same git repository."""
        root = find_repository(self.folder)
        return len(self.folder.relative_to(root).parts) if root is not None else 0

    def parts_below(self, folder: str) -> tuple[str, ...]:
        """Return the names of the folders from `folder`, which is above, down to this one."""
        return self.folder.relative_to(self._at(folder)).parts

    def text(self, path: str) -> str | None:
        """Return the text of a file; None if there is none, or if it cannot be read."""
        place = self._at(path)
        try:
            data = read_config(place.parent, place.name, _MAX_BYTES)
        except (ProblemsError, OSError):
            return None
        return data.decode("utf-8-sig", "replace") if data is not None else None

    def exists(self, path: str) -> bool:
        """Whether there is anything at a path."""
        return os.path.lexists(self._at(path))

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder at a path."""
        return self._at(path).is_dir()

    def folders(self, path: str) -> list[str]:
        """Return the names of the folders in a folder, sorted."""
        try:
            with os.scandir(self._at(path)) as entries:
                return sorted(each.name for each in entries if each.is_dir(follow_symlinks=False))
        except OSError:
            return []

    def free(self, candidates: Iterable[str], suffix: str = "") -> str | None:
        """Return the first path for a new folder: nothing is there, and no module `suffix`.

        It is not returned again.
        """
        for path in map(normpath, candidates):
            is_there = self.exists(path) or (suffix and self.exists(path + suffix))
            if path not in self._given and not is_there:
                self._given.add(path)
                return path
        return None

    def _at(self, path: str) -> Path:
        return Path(os.path.normpath(self.folder / path))
