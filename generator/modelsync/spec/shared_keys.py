"""The keys that all definitions have, most of which fields have, too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from modelsync.schema.types import NUMBERS
from modelsync.schema.values import NOTHING, Value
from modelsync.spec import kinds, other_keys
from modelsync.spec.nodes import Node
from modelsync.spec.page_overrides import DEFINITION_PAGES
from modelsync.spec.reader import Entries, Reader
from modelsync.spec.shape import Key, Kind
from modelsync.spec.values import natural

FORMAT_WORD: Final = r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}"

DESCRIPTION: Final = Key("description", kinds.TEXT, "A description, for the documentation.")
DEPRECATED: Final = Key("deprecated", kinds.REASON, "`true`, or the reason for the deprecation.")
NAMES: Final = Key(
    "names", kinds.TEXT_MAP, "The name to use in a target, instead of the derived one."
)
INFERRED: Final = Key(
    "inferred", kinds.FLAG, "Whether it was inferred from an example of another definition."
)
ONLY: Final = Key("only", kinds.NAME_LIST, "The languages to generate it for. Default: all.")
PAGES: Final = Key(
    "pages",
    DEFINITION_PAGES,
    "Overrides for the page of a language; `false` for no page.",
)


def extensions_of(entries: Entries) -> Mapping[str, Value]:
    """Return the values of the keys that start with `x-`, as YAML shows them."""
    if not entries.extensions:
        return NOTHING
    return {key: natural(node) for key, node in entries.extensions.items()}


def _format(reader: Reader, node: Node, key: Key[Any]) -> str | None:
    text = reader.text(node, key.name)
    if text is None or re.fullmatch(FORMAT_WORD, text):
        return text
    message = f"`{key.name}` must be a word of letters, digits, `.`, `_`, `+` and `-`"
    reader.problem(node.position, "MS013", message, "describe other forms in the description")
    return None


_TYPES: Final = sorted(
    name for name, type_ in other_keys.TYPE_OF_FORMAT.items() if type_ not in NUMBERS
)
FORMAT: Final[Kind[str]] = Kind(_format, {"type": "string", "not": {"enum": _TYPES}})
