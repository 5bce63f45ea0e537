"""Texts for patterns whose repeats multiply stay short."""

from __future__ import annotations

from modelsync.patterns.parse import parse
from modelsync.patterns.samples import samples


def test_repeats_in_repeats_do_not_multiply() -> None:
    tree = parse("^((a{1,300}b){1,300}c){1,300}$")
    assert all(len(text) <= 3_200 for text in samples(tree, 60, repeats=300))
    assert len(list(samples(tree, 20, repeats=3))) == 20
