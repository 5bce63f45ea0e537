"""What `modelsync.yaml` says about names: its keys `initialisms` and `names`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from modelsync.errors import Position, visible
from modelsync.spec.nodes import Node
from modelsync.spec.reader import Reader
from modelsync.targets.naming_rules import Naming

INITIALISM: Final = r"(?=[a-z0-9]*[A-Z])[A-Za-z][A-Za-z0-9]{0,39}"
"""The pattern of a word with a capital letter, as it is written in names."""
_INITIALISM: Final = re.compile(INITIALISM)
_LETTER: Final = re.compile(r"[^\W_]")


def read_naming(reader: Reader, initialisms: Node | None, names: Node | None) -> Naming:
    """Read both keys. What is invalid is a problem and is omitted."""
    return Naming(
        tuple(_initialisms(reader, initialisms)) if initialisms is not None else (),
        tuple(_names(reader, names)) if names is not None else (),
    )


def naming_from(initialisms: object, names: object) -> Naming | None:
    """Return what a manifest recorded; None if this version does not accept it."""
    if not isinstance(initialisms, list) or not isinstance(names, dict):
        return None
    if not all(isinstance(word, str) and _INITIALISM.fullmatch(word) for word in initialisms):
        return None
    if any(not isinstance(text, str) or _fault(key, text) for key, text in names.items()):
        return None
    return Naming(tuple(initialisms), tuple(names.items()))


def _initialisms(reader: Reader, node: Node) -> Iterator[str]:
    """Yield the words, each of which is there once."""
    earlier: dict[str, tuple[str, Position]] = {}
    for item in reader.sequence(node, "initialisms"):
        text = reader.text(item, "initialisms")
        if text is None:
            continue
        if not _INITIALISM.fullmatch(text):
            message = f"invalid initialism `{visible(text)}`"
            reader.problem(item.position, "MS074", message, _help_for(text))
        elif text.lower() in earlier:
            other, position = earlier[text.lower()]
            message = f"`{text}` and `{other}` are the same word"
            reader.problem(
                item.position,
                "MS074",
                message,
                f"remove one of them: line {position.line} has the other",
            )
        else:
            earlier[text.lower()] = text, item.position
            yield text


def _help_for(text: str) -> str:
    if re.fullmatch(r"[a-z][a-z0-9]*", text):
        return f"write it as in a name: `{text.upper()}`"
    return "use letters and digits, as in a name: `USD`, `OAuth2`, `iOS`, or `Id` to write `UserId`"


def _names(reader: Reader, node: Node) -> Iterator[tuple[str, str]]:
    mapping = reader.mapping(
        node, "`names`", 'write a pattern and a name, such as `"_*": "*Extension"`'
    )
    for key, value in mapping.entries if mapping else ():
        replacement = reader.text(value, key.text)
        if replacement is None:
            continue
        help_ = _fault(key.text, replacement)
        if help_:
            message = f"invalid name `{visible(replacement)}` for `{visible(key.text)}`"
            reader.problem(value.position, "MS074", message, help_)
        else:
            yield key.text, replacement


def _fault(pattern: str, replacement: str) -> str:
    """Return help for an invalid pair; empty if it is valid."""
    if pattern.count("*") > 1 or replacement.count("*") > 1:
        return "use one `*`, which stands for the rest of the JSON key"
    if "*" in pattern and "*" not in replacement:
        return 'add `*`, which stands for the rest of the JSON key, as in `"_*": "*Extension"`'
    if "*" in replacement and "*" not in pattern:
        return 'remove `*`, or add it to the pattern, as in `"_*": "*Extension"`'
    if pattern == "*":
        return "use a pattern that only some JSON keys match, such as `_*`"
    if "*" in replacement and not _LETTER.search(replacement):
        return 'add letters, which tell the names apart, as in `"_*": "*Extension"`'
    return ""
