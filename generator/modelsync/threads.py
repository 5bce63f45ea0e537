"""Threads of their own for what needs another stack, or may never come to an end."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Final, TypeVar

_T = TypeVar("_T")

_STACK: Final = 256 * 2**20
_FRAMES: Final = 20_000
"""What a recursive reader needs for the deepest document: hundreds of levels, dozens of calls each.

The stack takes memory only as far as it is used.
"""


def apart(work: Callable[[], _T], seconds: float | None = None) -> _T:
    """Return what `work` returns, which runs in a thread that begins with an empty stack.

    Raises what `work` raises; TimeoutError where it has not come to an end after so many seconds;
    and KeyboardInterrupt at once: nothing waits for a thread that is given up.
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
    """Return what `work` returns, which may call itself far deeper than Python lets it elsewhere.

    It begins with an empty stack. Python has one limit for all threads, so that nothing else is to
    run meanwhile.
    """
    limit, stack = sys.getrecursionlimit(), threading.stack_size(_STACK)
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        return apart(work)
    finally:
        threading.stack_size(stack)
        sys.setrecursionlimit(limit)
