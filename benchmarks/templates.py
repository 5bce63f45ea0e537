"""Print the share of each target's output that Python computes and the templates merely place.

    PYTHONPATH=generator .venv/bin/python benchmarks/templates.py [PROJECT]

Characters are counted without white space. Names and documentation are computed, too. The support
modules, which are the same for every project, are left out.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from modelsync.project.load import load
from modelsync.project.targets import targets_of
from modelsync.render import environment
from modelsync.render.own_templates import OwnTemplates
from modelsync.render.render import render
from modelsync.targets.base import Target

SUPPORT = ("wire", "_base")
DOCUMENTATION = ('"""', 'r"""', "/**", "//", "#")


class Share(NamedTuple):
    """What Python computes of one target's output."""

    characters: int
    computed: int
    pieces: int
    long_pieces: tuple[str, ...]
    """The pieces of several lines that are not documentation."""

    @property
    def computed_share(self) -> float:
        return self.computed / self.characters if self.characters else 0.0


class _Recorder:
    """Records what templates output, in place of :func:`environment._finalize`."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.finalize = environment._finalize

    def __call__(self, value: object) -> object:
        self.pieces.append(str(value))
        return self.finalize(value)


def share_of(target: Target, project: Path) -> Share:
    """Render a target, and return what Python computes of its files."""
    recorder = _Recorder()
    counts: Counter[str] = Counter()
    long_pieces: list[str] = []
    environment._finalize = recorder
    files = list(target.files())
    try:
        for file in files:
            if any(name in file.template for name in SUPPORT):
                continue
            target.files = lambda file=file: iter([file])  # type: ignore[method-assign]
            recorder.pieces.clear()
            (output,) = render([target], OwnTemplates(project)).values()
            counts["characters"] += _length(output.data.decode("utf-8"))
            counts["computed"] += sum(map(_length, recorder.pieces))
            counts["pieces"] += len(recorder.pieces)
            long_pieces += [piece for piece in recorder.pieces if _is_long(piece)]
    finally:
        environment._finalize = recorder.finalize
    return Share(counts["characters"], counts["computed"], counts["pieces"], tuple(long_pieces))


def _length(text: str) -> int:
    return len("".join(text.split()))


def _is_long(piece: str) -> bool:
    return "\n" in piece and not piece.lstrip().startswith(DOCUMENTATION)


def main(folder: Path) -> None:
    project = load(folder)
    for target in targets_of(project):
        share = share_of(target, folder)
        print(
            f"{target.settings.name:12} {share.computed_share:6.1%} of {share.characters:,}"
            f" characters computed, {share.pieces:,} pieces,"
            f" {len(share.long_pieces)} of several lines"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
