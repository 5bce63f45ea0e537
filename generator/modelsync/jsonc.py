"""JSON with comments and trailing commas, as editors and compilers read it -> JSON."""

from __future__ import annotations

import re
from typing import Final

# Strings are found, too, so that nothing inside them is taken for a comment or a comma. A comment
# without an end is found up to the end of the text, so that no `/*` is looked at twice.
_COMMENT: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\r\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_COMMA: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|,(?=[ \t\r\n]*[\]}])', re.DOTALL)
_VISIBLE: Final = re.compile(r"[^\r\n]")


def plain_json(text: str) -> str:
    """Return a text with spaces instead of comments and trailing commas, of the same length.

    All other characters stay where they are. So does a comment without an end.
    """
    return _COMMA.sub(_blanked, _COMMENT.sub(_blanked, text))


def _blanked(found: re.Match[str]) -> str:
    is_kept = found[0][0] == '"' or (found[0][:2] == "/*" and not _is_closed(found[0]))
    return found[0] if is_kept else _VISIBLE.sub(" ", found[0])


def _is_closed(comment: str) -> bool:
    return len(comment) >= len("/**/") and comment.endswith("*/")
