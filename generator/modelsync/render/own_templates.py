"""A project's own templates, read from the disk once for a run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from modelsync.spec.nodes import MAX_BYTES
from modelsync.tree import read_below


class OwnTemplates:
    """The templates below `folder`, relative to `project`; those of a target are read once."""

    def __init__(self, project: Path = Path(), folder: str = "templates") -> None:
        self.project = project
        self.folder = folder
        self._files: dict[str, dict[str, bytes]] = {}

    def of(self, target: str) -> dict[str, bytes]:
        """Return the files for a target, by their paths below its folder, sorted.

        No symbolic link is followed: raises :class:`ProblemsError` if there is one.
        """
        if target not in self._files:
            root = f"{self.folder}/{target}"
            found = read_below(self.project, root, MAX_BYTES, "templates")
            self._files[target] = {
                path.removeprefix(f"{root}/"): found[path] for path in sorted(found)
            }
        return self._files[target]

    def digests(self, targets: Iterable[str]) -> dict[str, str]:
        """Return a digest of each file for `targets`, by its path in the project."""
        return {
            f"{self.folder}/{target}/{name}": _digest(data)
            for target in sorted(set(targets))
            for name, data in self.of(target).items()
        }


def _digest(data: bytes) -> str:
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()[:16]
