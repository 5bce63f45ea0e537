"""`modelsync breaking`: what changed since another version of the specs, and what it breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from modelsync.breaking.change import NONE, SILENT, Axis, Change
from modelsync.breaking.compare import compare
from modelsync.breaking.comparison import Comparison
from modelsync.breaking.witness import Witness, Witnesses
from modelsync.project.earlier import Earlier, read_earlier
from modelsync.project.load import Project, load

WIRE: Final = frozenset({Axis.OLD_READERS, Axis.NEW_READERS, Axis.SILENT})
"""What a change breaks for documents; the other axes are about code."""


class Step(StrEnum):
    """The part of a semantic version that changes call for, for documents."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A change, and a document for each way in which it breaks documents."""

    change: Change
    witnesses: Mapping[Axis, Witness]

    @property
    def breaks(self) -> bool:
        """Whether the change breaks anything but what every growing schema does.

        Code of the old schema ignores the key of a new optional field, and does not write it back.
        """
        expected = SILENT if self.change.rule == "field-added" else NONE
        return bool(self.change.breaks - expected)

    @property
    def is_documentation(self) -> bool:
        """Whether only what is said, or its order, has changed."""
        return self.change.rule.endswith(("-documented", "-reordered")) and not self.breaks


@dataclass(frozen=True, slots=True)
class Compared:
    """All changes from an earlier schema to the one of a project."""

    project: Project
    earlier: Earlier
    verdicts: tuple[Verdict, ...]

    @property
    def breaking(self) -> tuple[Verdict, ...]:
        """The changes that break something."""
        return tuple(verdict for verdict in self.verdicts if verdict.breaks)

    @property
    def step(self) -> Step:
        """The step of the version for documents: what breaks only code does not count."""
        if any(verdict.breaks and verdict.change.breaks & WIRE for verdict in self.verdicts):
            return Step.MAJOR
        if any(not verdict.is_documentation for verdict in self.verdicts):
            return Step.MINOR
        return Step.PATCH if self.verdicts else Step.NONE


def breaking(folder: Path, against: str) -> Compared:
    """Compare the schema of the project in `folder` with `against`, a revision or a folder.

    Raises :class:`ProblemsError` if the project is not valid, or if there is no other one.
    """
    project = load(folder)
    earlier = read_earlier(folder, against)
    comparison = Comparison(earlier.schema, project.schema)
    witnesses = Witnesses(comparison)
    verdicts = tuple(_verdict(witnesses, each) for each in compare(comparison))
    return Compared(project, earlier, verdicts)


def _verdict(witnesses: Witnesses, change: Change) -> Verdict:
    wire = change.breaks & WIRE
    return Verdict(change, witnesses.of(replace(change, breaks=wire)) if wire else {})
