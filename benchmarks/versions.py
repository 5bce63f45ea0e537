"""Compare this checkout with a commit: `python benchmarks/versions.py main` prints one table.

Each ratio is the CPU time of this checkout / that of the commit: above 1, this checkout is slower.
The two take turns, so that other work on the machine affects both alike.

- decode: the code that each generates from the specs of this repository decodes an ExportSession,
  as in `codecs/`. The specs have no constraints.
- generate: `modelsync generate`, for 1,000 models and all targets, as in `__main__.py`.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import runpy
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cost import cost

from modelsync.verify.languages.go import find_go
from modelsync.verify.languages.typescript import find_node

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent
ROUNDS: Final = 41
RUNS: Final = 7
MODELS: Final = 1_000
_USED: Final = ("generator", "templates", "generated")


def export(commit: str, folder: Path) -> None:
    """Write the files of a commit that are compared."""
    command = ["git", "-C", str(ROOT), "archive", commit, *_USED]
    archive = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")


def python(before: Path, text: str) -> Sequence[float]:
    """Return the ratios of decoding in Python."""
    shutil.copytree(before / "generated/python", before / "python_before")
    sys.path[:0] = [str(before), str(ROOT / "generated")]
    old, new = (
        importlib.import_module(f"{package}.mix.components").ExportSession.from_json
        for package in ("python_before", "python")
    )
    return [cost(lambda: new(text)) / cost(lambda: old(text)) for _ in range(ROUNDS)]


def typescript(before: Path, text: str) -> Sequence[float]:
    """Return the ratios of decoding in TypeScript."""
    index = before / "generated/typescript/mix/components/index.ts"
    command = [*find_node().argv, "versions_typescript.ts", str(index)]
    return _ratios(command, text, HERE)


def go(before: Path, text: str) -> Sequence[float]:
    """Return the ratios of decoding in Go."""
    folder = before / "versions_go"
    shutil.copytree(HERE / "versions_go", folder)
    for path in (before / "generated/go").rglob("*"):
        if path.suffix in (".go", ".mod"):
            code = path.read_text("utf-8")
            path.write_text(
                code.replace("modelsync/generated/go", "modelsync/generated_before/go"), "utf-8"
            )
    module = (folder / "go.mod").read_text("utf-8").replace("../..", str(ROOT))
    module += f"\nreplace example.com/modelsync/generated_before/go => {before / 'generated/go'}\n"
    (folder / "go.mod").write_text(module, "utf-8")
    return _ratios([*find_go().argv, "run", "."], text, folder)


def _ratios(command: Sequence[str], text: str, folder: Path) -> list[float]:
    done = subprocess.run(
        command, cwd=folder, input=text, stdout=subprocess.PIPE, encoding="utf-8", check=True
    )
    ratios: list[float] = json.loads(done.stdout)
    return ratios


def generate(before: Path, _text: str) -> Sequence[float]:
    """Return the ratios of generating all targets of many models."""
    benchmark = runpy.run_path(str(HERE / "__main__.py"))
    folder = before / "project"
    benchmark["project"](folder, MODELS)
    spent: dict[Path, list[float]] = {before: [], ROOT: []}
    for run in range(RUNS + 1):
        for checkout, times in spent.items():
            shutil.rmtree(folder / "generated", ignore_errors=True)
            (folder / "modelsync.manifest").unlink(missing_ok=True)
            command = [sys.executable, "-m", "modelsync", "generate"]
            environment = {**os.environ, "PYTHONPATH": str(checkout / "generator")}
            start = os.times()
            subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
            end = os.times()
            if run:  # the first run compiles the modules
                times.append(
                    end.children_user
                    - start.children_user
                    + end.children_system
                    - start.children_system
                )
    return [new / old for old, new in zip(spent[before], spent[ROOT], strict=True)]


PARTS: Final = {
    "decode python": python,
    "decode typescript": typescript,
    "decode go": go,
    "generate": generate,
}


def main(commit: str, *wanted: str) -> None:
    """Print the ratios for a commit; `wanted` are the parts, such as `generate`."""
    document: str = runpy.run_path(str(HERE / "codecs/documents.py"))["text"]("session")
    print(f"CPU time of this checkout / that of {commit}: above 1, this checkout is slower")
    print(f"{'':18} {'median':>7} {'min':>6} {'max':>6}")
    with tempfile.TemporaryDirectory() as name:
        export(commit, Path(name))
        for part, measure in PARTS.items():
            if wanted and part not in wanted:
                continue
            ratios = measure(Path(name), document)
            median = statistics.median(ratios)
            print(f"{part:18} {median:7.3f} {min(ratios):6.3f} {max(ratios):6.3f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
