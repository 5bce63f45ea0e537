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


def test_items_of_a_list_stay_on_lines_of_their_own() -> None:
    text = "Steps:\n\n1. a\n2) b\n- c\n  - d\nmore"
    lines = "Steps:\n\n1\\. a<br />\n2\\) b<br />\n\\- c<br />\n&#32;&#32;- d\nmore"
    assert block(text) == lines
