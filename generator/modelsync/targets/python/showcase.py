"""Generated modules as reference pages show them."""

from __future__ import annotations

import re

from modelsync.targets.code import Code
from modelsync.targets.python.module import Place
from modelsync.targets.showcase import declared, top_level

_FUNCTIONS = re.compile(r"\n+    (?:@classmethod|def )(?s:.*)")


def shown_code(place: Place, text: str) -> tuple[str, str]:
    """Return the declaration in a module without its methods, and how to use it."""
    name = re.escape(place.type)
    blocks = top_level(text, r"[\s)\]}]")
    declaration = declared(blocks, rf"class {name}\b|\s*{name}: TypeAlias\b|{name} = ")
    usage = f"value = {place.type}.from_json(text)\ntext = value.to_json()"
    if place.functions:
        read, write = (place.function(Code(verb)) for verb in ("from_json", "to_json"))
        usage = f"value = {read}(text)\ntext = {write}(value)"
    return _FUNCTIONS.sub("", declaration), usage
