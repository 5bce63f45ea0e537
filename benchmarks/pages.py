"""How fast pages are transcribed and written back, and the most memory that it takes.

The second table of `python benchmarks`. The Markdown target writes the pages from the models of the
first table, in the notation of Go. If MODELSYNC_CORPUS is set, the folders of real pages there are
measured as well.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

SIZES = (1_000, 5_000, 20_000)

CONFIG = "targets: {docs: {target: sdk-docs, notation: go, out: docs, index: false}}\n"


class Run(Protocol):
    """The CPU seconds and the megabytes that one process used."""

    cpu: float
    memory: float


Measure = Callable[[list[str], Path], Run]
Project = Callable[[Path, int], None]


def main(project: Project, measure: Measure) -> None:
    """Print the table; `project` writes models to render as pages, `measure` runs a command."""
    command = [sys.executable, "-m", "modelsync"]
    print("\nmodelsync transcribe, and generate from the result: CPU milliseconds per page, MB")
    print(f"{'pages':>24} {'transcribe':>10} {'MB':>5} {'generate':>10} {'MB':>5}")
    with tempfile.TemporaryDirectory() as name:
        for what, folder in folders(Path(name), project, measure):
            count = sum(path.is_file() for path in folder.rglob("*.md"))
            into = Path(name) / "into"
            read = measure([*command, "transcribe", str(folder), "--into", str(into)], folder)
            write = measure([*command, "generate", "--project", str(into)], folder)
            shutil.rmtree(into)
            print(
                f"{what:>24} {read.cpu / count * 1000:>10.2f} {read.memory:>5.0f}"
                f" {write.cpu / count * 1000:>10.2f} {write.memory:>5.0f}"
            )


def folders(place: Path, project: Project, measure: Measure) -> Iterator[tuple[str, Path]]:
    """Yield folders of pages, with their names in the table."""
    for size in SIZES:
        made = place / "made"
        project(made, size)
        (made / "modelsync.yaml").write_text(CONFIG)
        measure([sys.executable, "-m", "modelsync", "generate"], made)
        yield f"{size:,} models", made / "docs"
        shutil.rmtree(made)
    corpus = os.environ.get("MODELSYNC_CORPUS")
    for folder in sorted(Path(corpus).iterdir()) if corpus else ():
        if any(folder.rglob("*.md")):
            yield folder.name, folder
