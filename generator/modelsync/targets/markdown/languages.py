"""How pages call languages, and other keys of `names` and `only`."""

from __future__ import annotations

import re

from modelsync.pages.reference.prose import span, text_of_span
from modelsync.targets import is_target, target_class, target_names


def language_label(language: str) -> str:
    """Return how sentences on pages call a language. The inverse is :func:`language_of_label`."""
    title = target_class(language).title if is_target(language) else ""
    for label in (title, language):
        is_word = re.fullmatch(r"[A-Za-z][\w-]*", label, re.ASCII) and label != "and"
        if is_word and language_of_label(label) == language:
            return label
    return span(language)


def language_of_label(label: str) -> str:
    """Return the language that pages call so."""
    if not label[:1].isalpha():
        return text_of_span(label)
    return next((name for name in target_names() if target_class(name).title == label), label)


def languages_text(languages: tuple[str, ...]) -> str:
    """Return a list of languages in words."""
    *others, last = map(language_label, languages)
    return f"{', '.join(others)} and {last}" if others else last
