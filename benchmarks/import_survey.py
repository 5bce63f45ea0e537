"""How much of real schemas `modelsync import` says: `python benchmarks/import_survey.py FOLDER...`.

Imports every OpenAPI document and every JSON Schema below the folders, each in a process of its own
with limits of time and memory, and prints a table by provider: the first folder below FOLDER, or
the file. A definition is said in full if it has no loss. What an import writes must load as it is.
`--compile N` also generates, compiles and verifies the code of N documents in three languages.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Final

from modelsync.errors import Position
from modelsync.importer.run import Imported, import_sources
from modelsync.spec.read import read_specs
from modelsync.spec.write import write_specs

SUFFIXES: Final = (".json", ".yaml", ".yml")
CONFIG: Final = """\
targets:
  python: {out: out/python}
  typescript: {out: out/typescript}
  go: {out: out/go, module: example.com/survey}
"""
PROGRAMS: Final = Path(__file__).parents[1] / "tests/toolchains/node_modules/.bin"
"""Where `make .venv/.toolchains` installs the compiler of TypeScript."""
_NO_DOCUMENT: Final = frozenset({"MS137", "MS134"})
"""The codes of files that are no schemas, if nothing else can be read from them."""
_SHOWN: Final = 40
"""How many providers have a row of their own."""


@dataclass
class Result:
    """What became of one file."""

    path: str = ""
    provider: str = ""
    definitions: int = 0
    with_loss: int = 0
    losses: Counter[str] = field(default_factory=Counter)
    notes: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    megabytes: int = 0
    failure: str = ""
    """How it failed: an exception, a limit, or that its specs do not load."""

    @property
    def is_document(self) -> bool:
        """Whether the file is a schema."""
        return bool(self.failure or self.definitions or not self.problems.keys() <= _NO_DOCUMENT)


# One document -------------------------------------------------------------------------------------


def read_file(path: str) -> bytes | None:
    """Return the content of a file."""
    place = Path(path)
    return place.read_bytes() if place.is_file() else None


def survey(path: str) -> Result:
    """Import one file."""
    result = Result(path)
    start = time.process_time()
    imported = import_sources([path], read_file, "")
    texts = write_specs(imported.schema, "specs")
    result.seconds = time.process_time() - start
    result.definitions = len(imported.schema.definitions)
    result.with_loss = len(_with_loss(imported))
    result.losses.update(each.subject for each in imported.findings if each.is_loss)
    result.notes = sum(not each.is_loss for each in imported.findings)
    result.problems.update(problem.code for problem in imported.problems)
    result.losses.update(code for code in result.problems.elements() if code in ("MS138", "MS139"))
    problems = read_specs(texts, "specs").problems
    if problems:
        first = problems[0]
        result.failure = f"specs do not load: {first.position}: {first.code} {first.message}"
    result.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return result


def _with_loss(imported: Imported) -> set[Position]:
    """Return the positions of the definitions with a loss: each is in the one that starts last."""
    starts = {*imported.positions.values()}
    losses = {each.position for each in imported.findings if each.is_loss}
    losses |= {each.position for each in imported.problems if each.code in ("MS138", "MS139")}
    found: set[Position] = set()
    current = None
    for position in sorted({*starts, *losses}):
        current = position if position in starts else current
        if position in losses and current is not None and current.path == position.path:
            found.add(current)
    return found


def _run_child(path: str, memory: int, seconds: int, out: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    try:
        result = survey(path)
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)[-1:]
        where = "".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
        result = Result(path, failure=f"{type(error).__name__}: {str(error)[:200]} at {where}")
    out.send(result)


def survey_all(
    files: Sequence[tuple[str, str]], jobs: int, memory: int, seconds: int
) -> list[Result]:
    """Import files, each in a process with limits, in MB and in seconds of CPU time."""
    context = multiprocessing.get_context("fork")
    running: dict[Connection, tuple[multiprocessing.context.ForkProcess, str, str]] = {}
    results: list[Result] = []
    rest = list(reversed(files))
    while rest or running:
        while rest and len(running) < jobs:
            path, provider = rest.pop()
            inside, outside = context.Pipe(duplex=False)
            child = context.Process(target=_run_child, args=(path, memory, seconds, outside))
            child.start()
            outside.close()
            running[inside] = child, path, provider
        for ready in wait(list(running)):
            assert isinstance(ready, Connection)
            child, path, provider = running.pop(ready)
            results.append(_received(ready, child, path, provider))
    return sorted(results, key=lambda result: result.path)


def _received(
    pipe: Connection, child: multiprocessing.context.ForkProcess, path: str, provider: str
) -> Result:
    result = Result(path)
    with contextlib.suppress(EOFError):
        result = pipe.recv()
    child.join()
    if child.exitcode:
        result.failure = f"the process ended with {child.exitcode}: too much time or memory"
    result.provider = provider
    return result


# All documents ------------------------------------------------------------------------------------


def files_below(folders: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield the path and the provider of each file that may be a schema."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in SUFFIXES and path.is_file() and "node_modules" not in path.parts:
                yield str(path), path.relative_to(folder).parts[0].removesuffix(path.suffix)


def sample(files: Sequence[tuple[str, str]], most: int, seed: int) -> list[tuple[str, str]]:
    """Return at most `most` files of each provider."""
    by_provider: dict[str, list[tuple[str, str]]] = {}
    for path, provider in files:
        by_provider.setdefault(provider, []).append((path, provider))
    chosen = random.Random(seed)  # noqa: S311 - no secret
    return [
        each
        for several in by_provider.values()
        for each in (several if len(several) <= most else sorted(chosen.sample(several, most)))
    ]


def row(name: str, results: Sequence[Result]) -> tuple[str, ...]:
    """Return the cells of a provider."""
    definitions = sum(each.definitions for each in results)
    lossy = sum(each.with_loss for each in results)
    full = f"{100 * (definitions - lossy) / definitions:.1f} %" if definitions else ""
    fully = sum(not each.losses and not each.failure for each in results)
    numbers = (len(results), fully, definitions, definitions - lossy)
    failures = sum(bool(each.failure) for each in results)
    return name, *map(str, numbers), full, str(failures), f"{max(r.seconds for r in results):.1f}"


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows of cells; the first is the heading."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for cells in rows:
        padded = (
            cell.ljust(width) if not number else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        print("  ".join(padded).rstrip())


def report(results: Sequence[Result]) -> None:
    """Print the table, the commonest losses and the failures."""
    heading = (
        "provider",
        "documents",
        "in full",
        "definitions",
        "in full",
        "",
        "failures",
        "max s",
    )
    by_provider: dict[str, list[Result]] = {}
    for each in results:
        by_provider.setdefault(each.provider, []).append(each)
    ordered = sorted(by_provider.items(), key=lambda item: -sum(r.definitions for r in item[1]))
    rows = [heading, *(row(name, several) for name, several in ordered[:_SHOWN])]
    rest = [each for _, several in ordered[_SHOWN:] for each in several]
    if rest:
        rows.append(row(f"{len(ordered) - _SHOWN} others", rest))
    print_table([*rows, row("all", results)])
    losses: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    for each in results:
        losses += each.losses
        documents.update(each.losses.keys())
    print("\nthe commonest losses, and in how many documents:")
    for subject, count in losses.most_common(10):
        print(f"{count:8} {documents[subject]:6}  {subject}")
    print(f"\n{sum(each.notes for each in results)} notes")
    for each in results:
        if each.failure:
            print(f"FAILURE {each.path}: {each.failure}")


# Generated projects -------------------------------------------------------------------------------


def compile_one(path: str) -> str:
    """Import a file into a new project, generate it and verify it. Return what fails, if any."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "modelsync.yaml").write_text(CONFIG, "utf-8")
        steps: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...] = (
            (("import", path, "--into", folder), (0, 1)),
            (("generate", "--project", folder), (0,)),
            (("verify", "--require", "--project", folder), (0,)),
        )
        for arguments, accepted in steps:
            command = [sys.executable, "-m", "modelsync", *arguments]
            env = os.environ | {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
            if done.returncode not in accepted:
                output = (done.stderr or done.stdout).strip().splitlines()
                return f"{arguments[0]} exits with {done.returncode}: {' / '.join(output[:6])}"
    return ""


def compile_sample(results: Sequence[Result], count: int, seed: int, jobs: int) -> None:
    """Compile and verify some documents: of different providers, as far as possible."""
    usable = [each for each in results if each.definitions and not each.failure]
    random.Random(seed).shuffle(usable)  # noqa: S311 - no secret
    seen: Counter[str] = Counter()
    order = []
    for each in usable:
        order.append((seen[each.provider], each.path))
        seen[each.provider] += 1
    chosen = [path for _, path in sorted(order, key=lambda item: item[0])[:count]]
    with ThreadPoolExecutor(jobs) as pool:
        failures = list(pool.map(compile_one, chosen))
    good = sum(not failure for failure in failures)
    print(f"\n{good} of {len(chosen)} projects compile in three languages and agree")
    for path, failure in zip(chosen, failures, strict=True):
        if failure:
            print(f"FAILURE {path}: {failure}")


def main() -> None:
    """Run the survey."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=10**9, help="files of each provider")
    parser.add_argument("--compile", type=int, default=0, metavar="N", help="projects to compile")
    parser.add_argument("--seed", type=int, default=0, help="of what is chosen")
    parser.add_argument("--memory", type=int, default=2000, help="limit, in MB")
    parser.add_argument("--seconds", type=int, default=120, help="limit, of CPU time")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, help="also write all results to this file")
    options = parser.parse_args()
    files = sample(list(files_below(options.folders)), options.most, options.seed)
    # Each process has the modules that this one has loaded.
    import_sources(["a.json"], lambda _path: b'{"type": "object", "required": ["id"]}', "")
    results = survey_all(files, options.jobs, options.memory, options.seconds)
    documents = [each for each in results if each.is_document]
    if options.json:
        options.json.write_text(json.dumps([vars(each) for each in documents], indent=1), "utf-8")
    print(f"{len(documents)} documents; {len(results) - len(documents)} other files\n")
    report(documents)
    if options.compile:
        compile_sample(documents, options.compile, options.seed, options.jobs)


if __name__ == "__main__":
    main()
