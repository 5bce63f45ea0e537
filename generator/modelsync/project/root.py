"""The root of a project: the folder that its specs and outputs stay inside.

It is the folder of the config, or one above it that the config names: `root: ..`. All paths of a
project are relative to its root. The manifest is beside the config; the state folder is in the
root, so that two projects with the same root do not write at the same time.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Final, NamedTuple

from modelsync import disk
from modelsync.errors import ProblemsError
from modelsync.paths import CONFIG, path_problem
from modelsync.plan.manifest import NAME as MANIFEST
from modelsync.spec.nodes import MAX_BYTES, MappingNode, Node, ScalarNode, decode, documents

KEY: Final = "root"

_ROOT: Final = re.compile(r"\.|\.\.(?:/\.\.){0,19}")


class Place(NamedTuple):
    """Where the files of a project are."""

    root: Path
    folder: str = ""
    """The folder of the config, relative to the root; empty if it is the root."""

    @property
    def config(self) -> str:
        """The path of the config, relative to the root."""
        return self.inside(CONFIG)

    @property
    def manifest(self) -> str:
        """The path of the manifest, relative to the root."""
        return self.inside(MANIFEST)

    def inside(self, path: str) -> str:
        """Return a path relative to the folder of the config as one relative to the root.

        It starts with `..` if it is not inside the root.
        """
        return posixpath.normpath(posixpath.join(self.folder, path))


def place_of(folder: Path) -> Place:
    """Return where the project is whose config is in `folder`.

    If its root is not valid, which reading the config reports, it is `folder`.
    """
    try:
        data = disk.read_config(folder, CONFIG, MAX_BYTES) or b""
    except ProblemsError:
        return Place(folder)
    return place_from(folder, data)


def place_from(folder: Path, data: bytes) -> Place:
    """Return where the project is whose config in `folder` has the content `data`."""
    if KEY.encode() not in data:
        return Place(folder)
    text, _ = decode(CONFIG, data)
    for node in documents(CONFIG, text, []):
        value = root_node(node)
        if isinstance(value, ScalarNode) and not root_fault(folder, value.text):
            return _place(folder, value.text)
    return Place(folder)


def root_node(config: Node) -> Node | None:
    """Return the value of the key in a config, None if it is absent."""
    entries = config.entries if isinstance(config, MappingNode) else ()
    return next((value for key, value in entries if key.text == KEY), None)


def root_fault(folder: Path, text: str) -> str:
    """Return why the root of a project cannot be `text`; empty if it can."""
    if not _ROOT.fullmatch(text):
        return "it must be `..`, `../..` and so on"
    place = _place(folder, text)
    repository = disk.find_repository(folder.resolve())
    if repository is not None and not place.root.is_relative_to(repository):
        return "it is outside the git repository"
    if len(place.root.parts) == 1:
        return "it is the root of the file system"
    return path_problem(place.folder) if place.folder else ""


def _place(folder: Path, text: str) -> Place:
    if text == ".":
        return Place(folder)
    folder = folder.resolve()
    levels = text.count("/") + 1
    if levels > len(folder.parents):
        return Place(Path(folder.anchor))
    root = folder.parents[levels - 1]
    return Place(root, folder.relative_to(root).as_posix())
