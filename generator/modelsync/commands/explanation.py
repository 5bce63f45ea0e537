"""What `modelsync explain` returns: where a file or a line comes from, or what a spec leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from modelsync.errors import Position
from modelsync.plan.changes import Change, Plan
from modelsync.schema.ir import Definition
from modelsync.targets.base import Settings


class OptionValue(NamedTuple):
    """An option of a target, and where `modelsync.yaml` says it; None where it is the default."""

    name: str
    value: str
    position: Position | None


@dataclass(frozen=True, slots=True)
class LineOrigin:
    """A line of a file, and where it comes from.

    `text` is the line as it stands there, and `wanted` as it would be generated: the same, or what
    belongs in its place, or None for a line that belongs nowhere. The rest is about `wanted`;
    `what` says in words what stands at the place `spec`.
    """

    number: int
    text: str
    wanted: str | None = None
    spec: Position | None = None
    what: str = ""
    template: Position | None = None
    options: tuple[OptionValue, ...] = ()


class Use(NamedTuple):
    """A generated line that comes from a spec, or a whole file, which has the line 0."""

    path: str
    line: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Uses:
    """What is made of a spec, or of what stands in a line of it: `what`, in words."""

    path: str
    line: int | None
    what: tuple[str, ...]
    found: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a file comes from. `change` says how it differs from what is wanted, if it does.

    `plan` is that of the whole target, or of all of them for a file of none.
    `template` is where its template begins, None for an orphan, and `ejectable` says that it is a
    built-in one. `texts` has what the positions of a line are shown in, by path.
    """

    path: str
    settings: Settings | None
    change: Change | None
    plan: Plan
    template: Position | None = None
    ejectable: bool = False
    definitions: tuple[Definition, ...] = ()
    options: tuple[OptionValue, ...] = ()
    line: LineOrigin | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
