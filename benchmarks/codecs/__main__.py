"""Compare the generated codecs with popular libraries: `python benchmarks/codecs` prints one table.

Three documents are decoded and encoded: a `session` of text and timestamps, a `series` of numbers,
and a `feed` of unions. Their specs are in `specs/`, and are generated before each run, so the table
shows the templates of this checkout. To measure a part, name it:

    python benchmarks/codecs --only python feed              8 seconds
    python benchmarks/codecs --only go series sonic goccy    also only some libraries
    python benchmarks/codecs --json > before.jsonl           all figures of all rounds

A figure is `ours / peer`: the CPU time of the generated code, divided by that of the library.
Below 1, the generated code is faster; 2.00 means that it takes twice as long. The first figure is
the median of all rounds. The one in parentheses compares the fastest rounds of both sides. If the
two differ by more than a tenth, the machine was busy: run it again.

All codecs take JSON text (bytes in Python and Go) and return checked objects with real dates, and
the opposite. Each reads and writes the document once before the clock starts, and its result must
be equal to that of the generated code. Still, some peers do less:

- Codecs with a `*` only parse: they have no models, check nothing, and leave dates as text.
- In Go, all peers accept absent keys and null. sonic is set to check UTF-8 and to copy strings.
- mashumaro and cattrs convert some values of a wrong type, and accept others.
- `by hand` checks when it decodes; it encodes with JSON.stringify.
- valibot has no encoder.

Rows that start with `modelsync` are other ways to call the generated code. In Python, it uses
orjson if that is installed, as it is here.

Each language has a runner, such as `python/run.py`. Its arguments are the name of a document and
words of `--only`. It reads the document from standard input, and prints one line of JSON for each
figure:

    {"language": "python", "document": "feed", "what": "decode",
     "codec": "msgspec 0.23.0",    "modelsync" itself is in the first line
     "microseconds": 61.7,         median of the CPU time of one call
     "ratio_median": 15.5, "ratio_min": 15.4}

Each round measures all codecs for at least 20 ms, one right after the other.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import documents

from modelsync.verify.languages.go import find_go
from modelsync.verify.languages.typescript import find_node
from modelsync.verify.toolchains import ToolchainMissing

HERE: Final = Path(__file__).resolve().parent
OURS: Final = "modelsync"

#: The command of each language's runner.
RUNNERS: Final[Mapping[str, Callable[[], tuple[str, ...]]]] = {
    "python": lambda: (sys.executable, "python/run.py"),
    "typescript": lambda: (*find_node().argv, "typescript/run.ts"),
    "go": lambda: (*find_go().argv, "-C", "go", "run", "."),
}

Row = dict[str, Any]


def main() -> int:
    """Print what the options ask for; return 1 if a language could not run."""
    options = arguments()
    languages = [word for word in RUNNERS if word in options.only] or list(RUNNERS)
    names = [word for word in documents.DOCUMENTS if word in options.only]
    names = names or list(documents.DOCUMENTS)
    peers = [word for word in options.only if word not in (*languages, *names)]
    failed, measured = 0, set[str]()
    if not options.json:
        print(
            "ours / peer: CPU time of the generated code / of the library; below 1, ours is faster"
        )
        print("median of all rounds (fastest rounds); *: parses, without models or checks")
    try:
        prepare(languages)
    except subprocess.CalledProcessError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for language in languages:
        try:
            rows = [row for name in names for row in measure(language, name, peers)]
        except (ToolchainMissing, subprocess.CalledProcessError) as error:
            print(f"error: {language}: {error}", file=sys.stderr)
            print("help: `make bench` installs what is missing", file=sys.stderr)
            failed = 1
            continue
        measured |= {row["codec"] for row in rows}
        for line in map(json.dumps, rows) if options.json else table(language, names, rows):
            print(line, flush=True)
    for word in peers:
        if not any(word in codec for codec in measured):
            print(f"error: no library has `{word}` in its name", file=sys.stderr)
            failed = 1
    return failed


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    summary, _, details = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        prog="python benchmarks/codecs",
        description=summary,
        epilog=details,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words = ", ".join([*RUNNERS, *documents.DOCUMENTS])
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        metavar="WORD",
        help=f"measure only these: {words}, or a part of the name of a library",
    )
    parser.add_argument("--json", action="store_true", help="print lines of JSON, not a table")
    return parser.parse_args()


def prepare(languages: list[str]) -> None:
    """Generate the models, and for Go the code of easyjson.

    Raises CalledProcessError.
    """
    generate = [sys.executable, "-m", "modelsync", "generate", "-q", "--project", str(HERE)]
    subprocess.run(generate, check=True)
    types, code = HERE / "go/easy/types.go", HERE / "go/easy/types_easyjson.go"
    if "go" in languages and not (code.exists() and code.stat().st_mtime > types.stat().st_mtime):
        command = [*find_go().argv, "tool", "easyjson", "-all", "easy/types.go"]
        subprocess.run(command, cwd=HERE / "go", check=True)


def measure(language: str, name: str, peers: list[str]) -> list[Row]:
    """Run a runner with a document, and return its rows.

    Raises ToolchainMissing, CalledProcessError.
    """
    done = subprocess.run(
        [*RUNNERS[language](), name, *peers],
        cwd=HERE,
        input=documents.text(name),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def table(language: str, names: list[str], rows: list[Row]) -> Iterator[str]:
    """Yield the lines of one language: a row for each codec, two columns for each document."""
    cells = {(row["codec"], row["document"], row["what"]): row for row in rows}
    codecs = list(dict.fromkeys(row["codec"] for row in rows))
    columns = [(name, what) for name in names for what in ("decode", "encode")]
    width = max(map(len, codecs)) + 2
    sizes = {name: len(documents.text(name).encode()) / 1000 for name in names}
    yield ""
    heads = (f"{f'{name}, {sizes[name]:.0f} kB':<26}" for name in names)
    yield f"{'':{width}}" + "".join(heads).rstrip()
    yield f"{language:{width}}" + "".join(f"{what:<13}" for _, what in columns).rstrip()
    for codec in codecs:
        found = (cells.get((codec, *column)) for column in columns)
        texts = (cell(row) for row in found)
        yield f"{codec:{width}}" + "".join(f"{text:<13}" for text in texts).rstrip()


def cell(row: Row | None) -> str:
    """Return a figure: a ratio, or the time of the generated code."""
    if row is None:
        return "    -"
    if row["codec"] == OURS:
        return f"{row['microseconds']:5.0f} µs"
    return f"{ratio(row['ratio_median']):>5} ({ratio(row['ratio_min'])})"


def ratio(value: float) -> str:
    """Return a number with three digits."""
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}"


if __name__ == "__main__":
    sys.exit(main())
