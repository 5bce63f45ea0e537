"""Measure the CPU time of functions in turns."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

TURN: Final = 0.02
"""The CPU time that one function is measured for in one round, in seconds."""


def cost(run: Callable[[], object]) -> float:
    """Return the CPU time of one call, in seconds."""
    calls, start, spent = 0, time.process_time(), 0.0
    while spent < TURN:
        for _ in range(10):
            run()
        calls += 10
        spent = time.process_time() - start
    return spent / calls
