"""Whether `uniqueItems` can be said of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from modelsync.importer.text.tree import Json, JsonObject
from modelsync.importer.translation.kinds import kinds_in
from modelsync.importer.translation.parts import choices_in

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator

_NOT_COMPARED: Final = frozenset({"date-time", "datetime", "decimal"})
"""The formats of texts that are not compared as texts."""
_PLAIN: Final = frozenset({"string", "integer", "boolean"})
_MAX_DEPTH: Final = 10


def may_be_unique(translator: Translator, item: Json, depth: int = 0) -> bool:
    """Return whether equal items of a list are written as the same JSON in every language.

    They are texts, integers, booleans, values of enums, null, or unions of these.
    """
    if not isinstance(item, JsonObject) or depth > _MAX_DEPTH:
        return False
    resolved = translator.resolved(item)
    category = translator.parts.category(resolved)
    members = choices_in(resolved)
    if members and category != "object":
        return all(may_be_unique(translator, each, depth + 1) for each in members)
    if resolved.get("type") in ("null", ["null"]) or category == "values":
        return True
    kinds = kinds_in(resolved)
    is_plain = bool(kinds) and _PLAIN.issuperset(kinds)
    return is_plain and str(resolved.get("format", "")).lower() not in _NOT_COMPARED
