"""Drift for tests of reports: what `check` returns, and changes without a project."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from modelsync.errors import Position
from modelsync.plan.changes import Cause, Change, Kind

Check = Callable[..., tuple[int, str, str]]
"""Runs `check` in a folder, and returns its exit code, standard output and standard error."""

KINDS: Final = [kind.value for kind in Kind]


def outdated(number: int, spec: str = "s.yaml") -> list[Change]:
    """Return `number` changes with the same cause."""
    cause = Cause(f"{spec} changed", Position(spec, 3, 7))
    return [
        Change(f"out/{spec}-{index:03}", Kind.OUTDATED, (cause,), b"new\n")
        for index in range(number)
    ]
