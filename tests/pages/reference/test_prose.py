"""Text in Markdown: read back as it was, and shown as it is."""

from __future__ import annotations

import pytest
from hypothesis import given

from helpers.strategies import PROSE
from modelsync.pages.reference.prose import block, cell, text_of


@pytest.mark.parametrize("write", [block, cell])
@given(text=PROSE)
def test_text_is_read_back(write: object, text: str) -> None:
    assert text_of(write(text)) == text  # type: ignore[operator]


@pytest.mark.parametrize(
    "text", ["# a", "## a", "#a", "a\n## b", "- a", "+ a", "1. a", "> a", "| a"]
)
def test_text_does_not_start_a_block(text: str) -> None:
    marks = tuple("#-+>|")
    lines = block(text).split("\n")
    assert not any(each.startswith(marks) or each[:2] == "1." for each in lines)
