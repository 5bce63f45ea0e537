"""How errors show the values that were found, in every language."""

from __future__ import annotations

import json
import re
from typing import Final

MAX_SHOWN: Final = 40
"""How many characters of a string or a number an error shows."""

SURROGATE: Final = re.compile("[\ud800-\udfff]")


def found(value: object) -> str:
    """Return how an error shows a JSON value: arrays and objects are only named."""
    match value:
        case list():
            return "an array"
        case dict():
            return "an object"
        case _:
            return shown(value)


def shown(value: object) -> str:
    """Return null, a boolean, a number or a string as JSON; a long one is shortened."""
    if isinstance(value, str):
        return json_string(_shortened(value))
    return _shortened(json.dumps(value))


def json_string(text: str) -> str:
    """Return a string as JSON, with lone surrogates escaped, so that errors are valid Unicode."""
    quoted = json.dumps(text, ensure_ascii=False)
    return SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."
