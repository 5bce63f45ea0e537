"""Report the progress of a long run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import count
from typing import TypeVar

_T = TypeVar("_T")

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many items are done, and how many there are."""


def silent(_what: str, _done: int, _of: int) -> None:
    """Ignore the progress."""


def counted(items: Collection[_T], what: str, progress: Progress) -> Iterator[_T]:
    """Yield the items, and report before each one how many are done."""
    of = len(items)
    for done, item in enumerate(items):
        progress(what, done, of)
        yield item


def ticker(what: str, of: int, progress: Progress) -> Callable[[], None]:
    """Return a function to call after each item."""
    done = count(1)
    return lambda: progress(what, min(next(done), of), of)
