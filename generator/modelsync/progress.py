"""How a long run tells how far it is, whoever shows it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def silent(_what: str, _done: int, _of: int) -> None:
    """Tell nobody of the progress."""
