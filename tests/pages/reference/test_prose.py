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
