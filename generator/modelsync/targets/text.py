"""Text of specs in source code: what languages share of their literals and comments."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Final

from modelsync.schema.json_values import Json

_JOINERS: Final = frozenset("\u200c\u200d")
"""Invisible characters that emoji and some scripts need. They do no harm."""


def quoted(text: str, escape: Callable[[str], str]) -> str:
    """Return a string literal in the quotes that need fewer backslashes, or in double quotes.

    `escape` is called for each character that is neither a quote nor a backslash.
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    inner = (f"\\{char}" if char in (quote, "\\") else escape(char) for char in text)
    return f"{quote}{''.join(inner)}{quote}"


def json_text(value: Json) -> str:
    """Return JSON without spaces, exactly as generated code writes the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def shown(line: str, escape: Callable[[str], str]) -> str:
    """Return a line of a comment, in which `escape` replaces invisible characters."""
    return "".join(char if _is_seen(char) else escape(char) for char in line)


def _is_seen(char: str) -> bool:
    if char in _JOINERS or unicodedata.category(char)[0] != "C":
        return char == " " or not char.isspace()
    return False


def trimmed(text: str) -> str:
    """Return text without the whitespace around it, at the ends of lines, and before all lines."""
    if "\n" not in text and "\t" not in text:
        return text.strip()
    lines = [line.expandtabs(4).rstrip() for line in re.split(r"\r\n?|\n", text)]
    rest = [line for line in lines[1:] if line]
    margin = min((len(line) - len(line.lstrip()) for line in rest), default=0)
    return "\n".join([lines[0].strip(), *(line[margin:] for line in lines[1:])]).strip()
