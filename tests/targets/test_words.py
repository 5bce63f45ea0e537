"""Word lists of targets."""

from __future__ import annotations

from pathlib import Path

from modelsync.targets.words import words_in


def test_a_word_list_has_comments_and_words_between_any_space(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("# Keywords, and more.\nclass def\n\n  naïve  # not a keyword\n", "utf-8")
    assert words_in(path) == {"class", "def", "naïve"}
