"""Measure processes, and print tables."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

RUNS: Final = 3


@dataclass(frozen=True)
class Cost:
    """The CPU time of a process and its children in seconds, and its peak memory in MB."""

    cpu: float
    memory: float


#: Start the command in a small process, because a child begins with the peak memory of its parent.
LAUNCHER: Final = """
import os, sys
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(process, 0)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def measure(
    command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None, runs: int = RUNS
) -> Cost:
    """Run a command some times, and return the smallest cost. Exit if it fails."""
    launch = [sys.executable, "-I", "-S", "-c", LAUNCHER, *command]
    costs = []
    for _ in range(runs):
        done = subprocess.run(
            launch,
            cwd=folder,
            env={**os.environ, **(env or {})},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            sys.exit(f"`{' '.join(command)}` exited with {done.returncode}: {done.stdout}")
        costs.append(Cost(*map(float, done.stdout.split()[-2:])))
    return Cost(min(cost.cpu for cost in costs), min(cost.memory for cost in costs))


@dataclass
class Table:
    """A table with a name for each row; rows are printed when the table is complete."""

    title: str
    columns: Sequence[str]
    rows: dict[str, Sequence[str]] = field(default_factory=dict)

    def print(self) -> None:
        """Print the table."""
        width = max(map(len, [self.title, *self.rows])) + 2
        print()
        for name, cells in {self.title: self.columns, **self.rows}.items():
            texts = (
                f"{text:>{len(column) + 2}}"
                for text, column in zip(cells, self.columns, strict=True)
            )
            print(f"{name:{width}}" + "".join(texts))
        sys.stdout.flush()
