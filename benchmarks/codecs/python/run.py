"""Measure the Python codecs; `../__main__.py` documents the input and output."""

from __future__ import annotations

import importlib
import json
import statistics
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[2]))
from codec import Codec
from cost import cost

ROUNDS: Final = 25


@dataclass
class Rows:
    """The CPU times of all codecs for `decode` or `encode`, in seconds, one for each round."""

    what: str
    times: dict[str, list[float]] = field(default_factory=dict)

    def measure(self, name: str, run: Any, argument: Any) -> None:
        """Measure one codec in one round."""
        self.times.setdefault(name, []).append(cost(lambda: run(argument)))

    def print(self, document: str, ours: str) -> None:
        """Print a line for each codec."""
        for name, times in self.times.items():
            pairs = zip(self.times[ours], times, strict=True)
            line = {
                "language": "python",
                "document": document,
                "what": self.what,
                "codec": name,
                "microseconds": 1e6 * statistics.median(times),
                "ratio_median": statistics.median(ours / peer for ours, peer in pairs),
                "ratio_min": min(self.times[ours]) / min(times),
            }
            print(json.dumps(line))


def main(document: str, only: list[str]) -> None:
    """Read the document from standard input, and print what its codecs take."""
    text = sys.stdin.buffer.read()
    ours, *others = importlib.import_module(document).CODECS
    value = ours.decode(text)
    assert ours.decode(ours.encode(value)) == value
    peers: list[tuple[Codec, Any]] = []
    for codec in others:
        if not only or any(word in codec.name for word in only):
            read = codec.decode(text)
            assert ours.decode(codec.encode(read)) == value, f"{codec.name} differs"
            peers.append((codec, read))
    decode, encode = Rows("decode"), Rows("encode")
    for _ in range(ROUNDS):
        for codec, _ in ((ours, value), *peers):
            decode.measure(codec.name, codec.decode, text)
        for codec, read in ((ours, value), *peers):
            encode.measure(codec.name, codec.encode, read)
    decode.print(document, ours.name)
    encode.print(document, ours.name)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
