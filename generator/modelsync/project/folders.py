"""The folders of a config, none of which may be inside another one."""

from __future__ import annotations

from modelsync.paths import path_key


class Taken:
    """Folders that are in use, to find overlaps: folders that are equal, or inside each other."""

    def __init__(self) -> None:
        self._inside: dict[str, str] = {}
        self._at: dict[str, str] = {}

    def add(self, folder: str, what: str) -> None:
        """Add a folder or file; `what` it is, in words."""
        path = path_key(folder)
        self._at.setdefault(path, what)
        for outer in _with_parents(path):
            self._inside.setdefault(outer, what)

    def overlapping(self, folder: str) -> str | None:
        """Return the first folder that overlaps with `folder`, in words; None if none does."""
        path = path_key(folder)
        around = (self._at[outer] for outer in _with_parents(path) if outer in self._at)
        return self._inside.get(path) or next(around, None)


def _with_parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]
