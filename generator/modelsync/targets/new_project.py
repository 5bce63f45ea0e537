"""What a target suggests to a new project, and the project as `modelsync init` finds it."""

from __future__ import annotations

from typing import NamedTuple

from modelsync.disk.surroundings import Surroundings as NewProject

__all__ = ["NewProject", "Suggestion"]


class Suggestion(NamedTuple):
    """The target of a language in the config of a new project."""

    config: str
    """Its lines in `targets`, without indentation."""
    out: str
    """Its output folder."""
    found: str = ""
    """What the project has of the language; empty if there is nothing."""
    decided: str = ""
    """What follows from it."""
    passed_over: str = ""
    """What the project has that looks like the language and is not, and how to get the target."""
