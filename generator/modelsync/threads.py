"""Run work in a thread: with a larger stack, or with a time limit."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Final, TypeVar

_T = TypeVar("_T")

_STACK: Final = 256 * 2**20
_FRAMES: Final = 20_000
"""What a recursive reader needs for the deepest document: hundreds of levels, dozens of calls each.

Only the part of the stack that is used takes memory.
"""


def apart(work: Callable[[], _T], seconds: float | None = None) -> _T:
    """Return what `work` returns, after running it in a new thread with an empty stack.

    Raises what `work` raises, and TimeoutError if it has not finished after `seconds`. An interrupt
    does not wait for the thread.
    """
    results: list[_T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError
    return results[0]


def deeply(work: Callable[[], _T]) -> _T:
    """Return what `work` returns, which may recurse far deeper than Python's default allows.

    It starts with an empty stack. Python has one recursion limit for all threads: run nothing else
    at the same time.
    """
    limit, stack = sys.getrecursionlimit(), threading.stack_size(_STACK)
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        return apart(work)
    finally:
        threading.stack_size(stack)
        sys.setrecursionlimit(limit)
