"""How a long run tells how far it is, whoever shows it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import count
from typing import TypeVar

_T = TypeVar("_T")

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def silent(_what: str, _done: int, _of: int) -> None:
    """Tell nobody of the progress."""


def counted(items: Collection[_T], what: str, progress: Progress) -> Iterator[_T]:
    """Yield the items, and tell of each how many are done before it."""
    of = len(items)
    for done, item in enumerate(items):
        progress(what, done, of)
        yield item


def ticker(what: str, of: int, progress: Progress) -> Callable[[], None]:
    """Return what to call when one more is done."""
    done = count(1)
    return lambda: progress(what, min(next(done), of), of)
