"""What `x-modelsync` says about a schema that is not in the form of an export.

:mod:`modelsync.importer.exported` reads the others. What contradicts the schema is not read here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from modelsync.errors import Position
from modelsync.importer.nodes import Entry, key
from modelsync.importer.scalars.values import Unsayable, node_of
from modelsync.importer.text.tree import Json, JsonObject
from modelsync.spec.nodes import Node, ScalarNode
from modelsync.spec.reader import FLAGS
from modelsync.targets.json_schema.types import OWN

_WORDS: Final = ("deprecated", "names", "only", "pages", "inferred")
"""What can be said about anything."""


def with_own_words(entries: Iterable[Entry], schema: Json) -> list[Entry]:
    """Return the entries of a definition or a field with those of its `x-modelsync`."""
    own = schema.get(OWN) if isinstance(schema, JsonObject) else None
    if not isinstance(own, JsonObject):
        return [*entries]
    found = {name.text: (name, value) for name, value in entries}
    for word in _WORDS:
        if word not in own:
            continue
        at = own.at(word)
        try:
            value = reason_node(own[word], at) if word == "deprecated" else node_of(own[word], at)
        except Unsayable:
            continue
        if word != "deprecated" or word in found:
            found[word] = (key(word, at), value)
    return [*found.values()]


def reason_node(reason: Json, at: Position) -> Node:
    """Return why something is deprecated; `true` if there is no reason."""
    if isinstance(reason, str) and reason.lower() in FLAGS:
        return ScalarNode(f"{reason}\n", False, True, at)  # a block is never a flag
    return node_of(reason or True, at)
