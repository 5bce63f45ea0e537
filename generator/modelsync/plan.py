"""(wanted, present) -> the changes that make the second the first. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a change does."""

    CREATE = "create"
    UPDATE = "update"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One file to write: its path relative to the project, and its bytes."""

    path: str
    kind: Kind
    data: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """Every change, sorted by path, and how many files are as they should be."""

    changes: tuple[Change, ...]
    unchanged: int


def digest(data: bytes) -> str:
    """Return the sum by which two contents are held to be the same (SHA-256)."""
    return hashlib.sha256(data).hexdigest()


def plan(wanted: Mapping[str, bytes], present: Mapping[str, str | None]) -> Plan:
    """Return what to write so that every file in `wanted` is there.

    `present` has the :func:`digest` of each wanted path, or None where there is no file.
    """
    changes = []
    for path, data in sorted(wanted.items()):
        found = present.get(path)
        if found is None:
            changes.append(Change(path, Kind.CREATE, data))
        elif found != digest(data):
            changes.append(Change(path, Kind.UPDATE, data))
    return Plan(tuple(changes), len(wanted) - len(changes))
