"""Measure the CPU time of functions in turns."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

TURN: Final = 0.02
"""The CPU time that one function is measured for in one round, in seconds."""


def cost(run: Callable[[], object]) -> float:
    """Return the CPU time of one call, in seconds."""
    start = time.process_time()
    run()
    calls, spent = 1, time.process_time() - start
    batch = 10 if spent < TURN / 10 else 1  # reading the clock takes time, too
    while spent < TURN:
        for _ in range(batch):
            run()
        calls += batch
        spent = time.process_time() - start
    return spent / calls
