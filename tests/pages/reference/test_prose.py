"""Text in Markdown: read back as it was, and shown as it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from helpers.strategies import PROSE
from modelsync.pages.reference.prose import block, cell, text_of

SHOWN = re.compile(r"<code>(.*?)</code>", re.S)


def shown(markdown: str) -> str:
    """Return the text that a page shows; code is in backticks. Any other tag is an error."""
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(markdown)
    rendered = re.sub(r"<code>|</code>", "`", rendered)
    rendered = rendered.replace("</p>\n<p>", "\n\n").replace("<br />\n", "\n").replace("<br>\n", "\n")
    rendered = re.sub(r"</?p>\n?|<br />", "", rendered)
    return rendered


@pytest.mark.parametrize("write", [block, cell])
@given(text=PROSE)
def test_text_is_read_back(write: object, text: str) -> None:
    assert text_of(write(text)) == text  # type: ignore[operator]
