"""A change from one schema to another, and whom it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from modelsync.errors import NOWHERE, Position


class Axis(StrEnum):
    """Whom a change can break. Documents come first, then code."""

    OLD_READERS = "old-readers"
    """Code of the old schema refuses a document of the new one."""
    NEW_READERS = "new-readers"
    """Code of the new schema refuses a document of the old one."""
    SILENT = "silent"
    """A document is accepted, but part of it is lost, or means something else."""


Axes: TypeAlias = frozenset[Axis]

NONE: Final[Axes] = frozenset()
OLD_READERS: Final[Axes] = frozenset({Axis.OLD_READERS})
NEW_READERS: Final[Axes] = frozenset({Axis.NEW_READERS})
SILENT: Final[Axes] = frozenset({Axis.SILENT})

_SWAPPED: Final = {
    Axis.OLD_READERS: Axis.NEW_READERS,
    Axis.NEW_READERS: Axis.OLD_READERS,
    Axis.SILENT: Axis.SILENT,
}


def swapped(axes: Axes) -> Axes:
    """Return what breaks if the old and the new schema change places."""
    return frozenset(_SWAPPED[axis] for axis in axes)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two schemas, as small as a rule can name it."""

    rule: str
    """The id of its rule in :data:`modelsync.breaking.rules.RULES`."""
    id: str
    """The id of the definition: in the new schema, unless only the old one has it."""
    item: str = ""
    """The JSON key of the field, or the value or member, as text; empty for the definition."""
    old: str = ""
    """What the old spec has, as it is written there; empty if it has nothing."""
    new: str = ""
    """What the new spec has; empty if it has nothing."""
    breaks: Axes = NONE
    position: Position = NOWHERE
    """In the new specs; that of the owner for what has been removed."""
    old_position: Position = NOWHERE
    """In the old specs; that of the owner for what has been added."""
