"""Compare the generated Python with pydantic; `__main__.py` documents the input and output."""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import Annotated, Final

import pydantic
from pydantic import BaseModel, Field

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent / "generated"))
from cost import cost
from python import Catalog

ROUNDS: Final = 25


class Product(BaseModel):
    sku: Annotated[str, Field(pattern=r"^[A-Z]{2}-[0-9]+$")]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    quantity: Annotated[int, Field(ge=1, le=1000)]
    price: Annotated[float, Field(ge=0, lt=100_000)]
    step: Annotated[int, Field(multiple_of=5)]
    tags: Annotated[list[str], Field(min_length=1, max_length=10)]
    vendor: str
    weight: float
    stock: int
    active: bool
    note: str | None = None


class PydanticCatalog(BaseModel):
    products: list[Product]


def main() -> None:
    """Read the document from standard input, and print the comparisons."""
    text = sys.stdin.read()
    catalog, peer = Catalog.from_json(text), PydanticCatalog.model_validate_json(text)
    assert Catalog.from_json(peer.model_dump_json(exclude_none=True)) == catalog
    data = json.loads(text)
    pairs = {
        ("decode", "from_json", "model_validate_json"): (
            lambda: Catalog.from_json(text),
            lambda: PydanticCatalog.model_validate_json(text),
        ),
        ("decode", "from_dict", "model_validate"): (
            lambda: Catalog.from_dict(data),
            lambda: PydanticCatalog.model_validate(data),
        ),
        ("encode", "to_json", "model_dump_json"): (
            catalog.to_json,
            lambda: peer.model_dump_json(exclude_none=True),
        ),
    }
    ratios: dict[tuple[str, str, str], list[float]] = {names: [] for names in pairs}
    for _ in range(ROUNDS):
        for names, (ours, theirs) in pairs.items():
            our_cost = cost(ours)
            ratios[names].append(our_cost / cost(theirs))
    for (what, our_name, peer_name), values in ratios.items():
        line = {
            "language": "python",
            "what": what,
            "ours": our_name,
            "peer": f"pydantic {pydantic.VERSION}: {peer_name}",
            "ratio_median": statistics.median(values),
            "ratio_min": min(values),
        }
        print(json.dumps(line))


if __name__ == "__main__":
    main()
