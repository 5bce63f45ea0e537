"""What `modelsync explain` returns: the origin of a file or a line, or the uses of a spec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from modelsync.errors import Position
from modelsync.plan.changes import Change, Plan
from modelsync.schema.definitions import Definition
from modelsync.targets.base import Settings


class OptionValue(NamedTuple):
    """The value of an option of a target."""

    name: str
    value: str
    """As JSON."""
    position: Position | None
    """Where it is set in `modelsync.yaml`; None for a default."""


@dataclass(frozen=True, slots=True)
class LineOrigin:
    """A line of a file, and where it comes from."""

    number: int
    text: str
    """The line in the file."""
    wanted: str | None = None
    """The line as it would be generated; None if the file should not have it.

    The attributes below are about this line.
    """
    spec: Position | None = None
    what: str = ""
    """What is at the position `spec`, in words; empty if that is not known."""
    template: Position | None = None
    options: tuple[OptionValue, ...] = ()
    """The options that the line depends on."""


class Use(NamedTuple):
    """A generated line that comes from a spec, or a whole file."""

    path: str
    line: int = 0
    """0 for a whole file."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Uses:
    """What is generated from a spec, or from one line of it."""

    path: str
    line: int | None
    what: tuple[str, ...]
    """What is in the spec, or in its line, in words."""
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a file comes from."""

    path: str
    settings: Settings | None
    """The target of the file; None if its target no longer exists."""
    change: Change | None
    """How the file differs from what the specs ask for; None if it is in sync."""
    plan: Plan
    """The plan for the target, or for all targets if the file belongs to none."""
    template: Position | None = None
    """The first line of its template; None for an orphan."""
    is_built_in: bool = False
    """Whether its template is a built-in one, which can be ejected."""
    definitions: tuple[Definition, ...] = ()
    options: tuple[OptionValue, ...] = ()
    line: LineOrigin | None = None
    """The line that was asked about, if any."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The text of each file with a position of the line, by path."""
