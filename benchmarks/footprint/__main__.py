"""Measure what many models cost before they do any work: `python benchmarks/footprint`.

The models have ten fields each and refer to each other, so that none of them is alone. An `Address`
of ten scalar fields and an enum refer to nothing. The command generates all of them, writes the
same for other libraries, and prints three tables:

- Python: the time and memory to import one model that refers to nothing, or all of them, and then
  decode one document. What an empty Python takes is subtracted. The other libraries have all models
  in one module. pydantic has `defer_build`, as its documentation recommends; without it, it takes
  minutes. attrs has no decoder.
- TypeScript: the time and memory of `tsc --noEmit`, and the size that `esbuild --bundle --minify`
  makes of a decoder of `Address`, of a decoder of one connected model, of the values of an enum,
  and of types alone. Each model is a module, the index exports all of them, and package.json says
  that they have no side effects.
- Go: the time of `go build`, after the packages that they import are compiled, and the size of
  the binary, which decodes one model. The plain structs have no decoder of their own.

All times are CPU time (user and system) in seconds, of the fastest of three runs; Go runs once.

    python benchmarks/footprint                    1,000 models; some minutes
    python benchmarks/footprint 250 typescript     fewer models, one language
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import go_models
import python_models
import typescript_models
from measures import Table

MODELS: Final = 1_000

SPEC: Final = """\
model: Order{n}
fields:
  id: {{type: string, required: true}}
  customerName: {{type: string, required: true}}
  totalPrice: {{type: float64, required: true}}
  itemCount: {{type: int64}}
  note: {{type: string}}
  createdAt: {{type: datetime, required: true}}
  items: {{type: 'list[Order{items}]', required: true}}
  parent: {{type: Order{parent}}}
  state: {{type: State, required: true}}
  labels: {{type: 'map[string]'}}
"""

ALONE: Final = """\
enum: State
values: {open: , paid: , closed: }
---
model: Address
fields:
  name: {type: string, required: true}
  company: {type: string}
  street: {type: string, required: true}
  house: {type: int64, required: true}
  floor: {type: int64}
  city: {type: string, required: true}
  region: {type: string}
  latitude: {type: float64}
  longitude: {type: float64}
  since: {type: datetime, required: true}
"""

CONFIG: Final = """\
targets:
  python: {out: python/models}
  typescript: {out: typescript/models}
  go: {out: go/models, module: example.com/footprint/models}
"""

LANGUAGES: Final[Mapping[str, Callable[[Path, list[tuple[int, int]]], Iterator[Table]]]] = {
    "python": python_models.tables,
    "typescript": typescript_models.tables,
    "go": go_models.tables,
}


def references(models: int) -> list[tuple[int, int]]:
    """Return which two models each model refers to: a tree whose leaves refer to the top.

    So all models can be reached from each one, and no path is long: pydantic is recursive.
    """
    pairs = ((2 * n + 1, 2 * n + 2) for n in range(models))
    return [(left if left < models else 0, right if right < models else 1) for left, right in pairs]


def main(arguments: list[str]) -> None:
    """Print the tables of some languages, or of all."""
    numbers = [int(word) for word in arguments if word.isdigit()]
    languages = [word for word in arguments if not word.isdigit()] or list(LANGUAGES)
    graph = references(numbers[0] if numbers else MODELS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        specs = folder / "specs"
        specs.mkdir()
        (folder / "modelsync.yaml").write_text(CONFIG)
        (specs / "alone.yaml").write_text(ALONE)
        for n, (items, parent) in enumerate(graph):
            (specs / f"order{n}.yaml").write_text(SPEC.format(n=n, items=items, parent=parent))
        generate = [sys.executable, "-m", "modelsync", "generate", "-q"]
        subprocess.run(generate, cwd=folder, check=True)
        print(f"{len(graph):,} connected models of 10 fields; CPU seconds, megabytes, bytes")
        for language in languages:
            for table in LANGUAGES[language](folder / language, graph):
                table.print()


if __name__ == "__main__":
    if "--help" in sys.argv or "-h" in sys.argv:
        sys.exit(__doc__)
    main(sys.argv[1:])
