"""What languages share of their literals and comments."""

from __future__ import annotations

import pytest

from modelsync.targets.text import quoted, shown, trimmed


@pytest.mark.parametrize(
    ("text", "literal"),
    [("a", '"a"'), ('a"', "'a\"'"), ("a'\"", '"a\'\\""'), ("\\", '"\\\\"'), ("é", '"<é>"')],
)
def test_a_literal_has_the_quotes_that_need_fewer_backslashes(text: str, literal: str) -> None:
    assert quoted(text, lambda char: char if char.isascii() else f"<{char}>") == literal


def test_invisible_characters_are_escaped() -> None:
    assert shown("a b\x07\u2028\u200d👩", lambda char: f"<{ord(char):x}>") == (
        "a b<7><2028>\u200d👩"
    )


@pytest.mark.parametrize(
    ("text", "result"),
    [(" a \n", "a"), ("a\r\n    b \r\n      c", "a\nb\n  c"), ("a\n\tb", "a\nb"), ("\n", "")],
)
def test_space_around_a_text_and_before_all_its_lines_is_removed(text: str, result: str) -> None:
    assert trimmed(text) == result
