"""What the names in all languages of a project have in common, and what they are derived from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from modelsync.naming import Spelling, spelling, words

_SYMBOLS: Final = {
    "": "empty",
    "=": "equal",
    "==": "equal",
    "!=": "not_equal",
    "<>": "not_equal",
    "<": "less",
    "<=": "less_or_equal",
    ">": "greater",
    ">=": "greater_or_equal",
    "=~": "match",
    "!~": "no_match",
    "+": "plus",
    "-": "minus",
    "*": "asterisk",
    "/": "slash",
    "%": "percent",
}
"""The names of values that have no letter or digit."""
_SIGNS: Final = {"+": "plus_", "-": "minus_"}


@dataclass(frozen=True, slots=True)
class Naming:
    """What `modelsync.yaml` says about names, for all targets."""

    initialisms: tuple[str, ...] = ()
    """Words as they are written in names: `USD`, `iOS`; `Id` undoes a built-in one."""
    names: tuple[tuple[str, str], ...] = ()
    """What names are derived from instead of a JSON key or value: `_*` -> `*Extension`. One `*`
    stands for any text. The first pattern that matches counts."""

    @property
    def spelled(self) -> Spelling:
        """The spelling of the words."""
        return spelling(self.initialisms)

    def source(self, value: str | int) -> str:
        """Return what the name of a JSON key or value is derived from."""
        text = str(value)
        for pattern, replacement in self.names:
            start, star, end = pattern.partition("*")
            if not star and text == pattern:
                return replacement
            is_long = len(text) > len(start) + len(end)
            if star and is_long and text.startswith(start) and text.endswith(end):
                rest = text[len(start) : len(text) - len(end)]
                before, _, after = replacement.partition("*")
                return "_".join(filter(None, (before, rest, after)))
        return text

    def field_source(self, json_key: str) -> str:
        """Return what the name of a field is derived from: no digit comes first."""
        return name_source(self.source(json_key), "field")

    def value_source(self, value: str | int) -> str:
        """Return what the name of a value is derived from: no digit comes first."""
        return name_source(self.source(value))


PLAIN: Final = Naming()


@lru_cache(maxsize=65_536)
def name_source(text: str, what: str = "value") -> str:
    """Return the text that the name of a JSON key or value is derived from: no digit comes first.

    `1st` is `value_1st`, or begins with `what`; `-1` is `minus_1`, and `!=` is `not_equal`.
    """
    text = signed(text)
    return f"{what}_{text}" if starts_with_digit(text) else text


def signed(text: str) -> str:
    """Return a text with words for its sign, or for symbols that it consists of."""
    if _is_digit(text[1:2]):
        return _SIGNS.get(text[0], text[0]) + text[1:]
    return _SYMBOLS.get(text, text)


def starts_with_digit(text: str) -> bool:
    """Whether the first word of a text starts with a digit, as in `3rd_party` and `$1`."""
    return _is_digit(next(iter(words(text)), "")[:1])


def _is_digit(char: str) -> bool:
    return unicodedata.normalize("NFKC", char)[:1].isdecimal()
