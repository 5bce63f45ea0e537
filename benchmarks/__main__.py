"""Measure the speed of modelsync: `make bench`, or `python benchmarks`, prints two tables.

Each figure is the CPU time (user and system) of a complete run of `modelsync generate` or
`modelsync transcribe` in a new process, on specs or pages that this benchmark writes. Times vary
from run to run, so compare the ratios.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pages

RUNS = 5
SIZES = (1, 1_000, 5_000)

CONFIG = """\
targets:
  python: {out: generated/python}
  typescript: {out: generated/typescript}
  go: {out: generated/go, module: example.com/models}
  docs: {target: sdk-docs, out: generated/docs, notation: typescript}
"""

SPEC = """\
model: Order{n}
description: Order number {n} of the benchmark, as a shop would store it
fields:
  id:
    type: string
    required: true
    description: Never changes
  customerName:
    type: string
    required: true
  totalPrice:
    type: float64
    required: true
    description: With taxes
  itemCount:
    type: int64
  note:
    type: string
    description: Written by the customer
  createdAt:
    type: datetime
    required: true
  shippedAt:
    type: datetime
  items:
    type: list[Order{other}]
    required: true
    description: What was ordered
  parent:
    type: Order{parent}
  state:
    type: State
    required: true
  labels:
    type: map[string]
"""

ENUM = "enum: State\nvalues: {open: Not paid yet, paid: , closed: }\n"


@dataclass(frozen=True)
class Run:
    """The CPU time of a process, in seconds, and its peak memory, in MB."""

    cpu: float
    memory: float


def project(folder: Path, definitions: int) -> None:
    """Write a project of `definitions` models with 11 fields each, and an enum."""
    specs = folder / "specs"
    specs.mkdir(parents=True)
    (folder / "modelsync.yaml").write_text(CONFIG)
    (specs / "state.yaml").write_text(ENUM)
    for n in range(definitions):
        text = SPEC.format(n=n, other=(n * 7 + 1) % definitions, parent=n // 2)
        (specs / f"order_{n}.yaml").write_text(text)


def measure(command: list[str], folder: Path) -> Run:
    """Run a command, and return the time and memory that it used."""
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # 1: a page is not reproduced
        sys.exit(f"`{' '.join(command)}` exited with {process.returncode}")
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    """Print both tables."""
    generator()
    pages.main(project, measure)


def generator() -> None:
    """Print the table of `modelsync generate`."""
    command = [sys.executable, "-m", "modelsync", "generate"]
    print(f"modelsync generate, all four targets, cold; median of {RUNS} runs")
    print(f"{'definitions':>12} {'files':>7} {'CPU s':>7} {'min':>6} {'max':>6} {'MB':>5}  ratio")
    base = 0.0
    for size in SIZES:
        runs = []
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            project(folder, size)
            for _ in range(RUNS):
                shutil.rmtree(folder / "generated", ignore_errors=True)
                runs.append(measure(command, folder))
            files = sum(path.is_file() for path in folder.glob("generated/**/*"))
        cpu = statistics.median(run.cpu for run in runs)
        if size == 1_000:
            base = cpu
        ratio = f"{cpu / base:5.2f}" if base else "     "
        low, high = min(run.cpu for run in runs), max(run.cpu for run in runs)
        memory = max(run.memory for run in runs)
        print(f"{size:>12} {files:>7} {cpu:>7.2f} {low:>6.2f} {high:>6.2f} {memory:>5.0f}  {ratio}")


if __name__ == "__main__":
    main()
