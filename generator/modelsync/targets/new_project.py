"""What `modelsync init` tells the targets about the project that it creates."""

from __future__ import annotations

from typing import NamedTuple


class NewProject(NamedTuple):
    """A folder that becomes a project, seen by one target."""

    name: str
    """The name of the folder."""
    text: str | None = None
    """The nearest file that the target asks for (:attr:`Target.asks_for_file`), if there is one."""
    inside: tuple[str, ...] = ()
    """The folders from the one with that file down to the project."""
