"""Measure the speed of constraints: `python benchmarks/limits` prints one table.

The generated code and popular validators decode and encode a Catalog with 100 products, each with
ten constraints on eleven fields. `specs/catalog.yaml` is its spec. The figures are `ours / peer`,
as in `../codecs`: below 1, the generated code is faster. The runners read the document from
standard input and print lines of JSON.

The other libraries do less than the generated code: zod counts UTF-16 units, pydantic does not
check when it encodes, and the validator for Go finds neither absent keys nor null.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from modelsync.verify.languages.go import find_go
from modelsync.verify.languages.typescript import find_node

HERE: Final = Path(__file__).resolve().parent
PRODUCTS: Final = 100
RUNNERS: Final[Mapping[str, Callable[[], tuple[str, ...]]]] = {
    "python": lambda: (sys.executable, "python_runner.py"),
    "typescript": lambda: (*find_node().argv, "typescript_runner.ts"),
    "go": lambda: (*find_go().argv, "run", "."),
}


def document() -> str:
    """Return a catalog that satisfies all constraints."""
    products = [
        {
            "sku": f"AB-{n:05}",
            "title": f"Product {n}, with a title of a usual length{' é' * (n % 10 == 0)}",
            "quantity": n % 1000 + 1,
            "price": 9.95 + n,
            "step": 5 * n,
            "tags": ["new", "sale", f"group {n % 7}"],
            "vendor": "Example Works",
            "weight": 1.5 * n,
            "stock": 100 * n,
            "active": n % 2 == 0,
            **({"note": "Sold in packs"} if n % 3 == 0 else {}),
        }
        for n in range(PRODUCTS)
    ]
    return json.dumps({"products": products}, ensure_ascii=False, separators=(",", ":"))


def main(languages: list[str]) -> None:
    """Print the rows of some languages, or of all."""
    generate = [sys.executable, "-m", "modelsync", "generate", "-q", "--project", str(HERE)]
    subprocess.run(generate, check=True)
    text = document()
    print(f"Catalog with {PRODUCTS} products, {len(text.encode()):,} bytes of JSON;")
    print("ours / peer: CPU time of the generated code / of the library; below 1, ours is faster")
    print(f"{'':10} {'':6} {'generated':16} {'library':44} {'median':>7} {'min':>6}")
    for language in languages or RUNNERS:
        done = subprocess.run(
            RUNNERS[language](),
            cwd=HERE,
            input=text,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
        )
        for row in map(json.loads, done.stdout.splitlines()):
            ratios = f"{row['ratio_median']:7.2f} {row['ratio_min']:6.2f}"
            print(f"{language:10} {row['what']} {row['ours']:16} {row['peer']:44} {ratios}")


if __name__ == "__main__":
    main(sys.argv[1:])
