"""How long the texts are that match a pattern."""

from __future__ import annotations

import pytest

from modelsync.patterns.lengths import longest_text, shortest
from modelsync.patterns.parse import parse


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        ("^.{5}$", 5, 5),
        ("^$", 0, 0),
        ("^(a|bc){2,3}$", 2, 6),
        (r"^[ab]?\bc$|^d{4}$", 1, 4),
        ("^(?:a*b){2}$", 2, None),
        ("^(){3}a$", 1, 1),
        ("^ab", 2, None),
        ("ab$", 2, None),
        ("^a$|b", 1, None),
    ],
)
def test_the_lengths_of_matching_texts(pattern: str, least: int, most: int | None) -> None:
    node = parse(pattern)
    assert (shortest(node), longest_text(node)) == (least, most)
