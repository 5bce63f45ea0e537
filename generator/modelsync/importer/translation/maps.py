"""Maps, and the keys of objects that no property has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from modelsync.errors import Position
from modelsync.importer.nodes import TypeOf
from modelsync.importer.scalars.limits import limits_of
from modelsync.importer.text.tree import Json, JsonObject
from modelsync.importer.translation.places import Place

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator

_ANY_KEY: Final = re.compile(r"\^?(?:\.[*+]?|\(\.\*\)|\[\\s\\S\]\*)?\$?")
"""A pattern that every key matches, except for the empty one."""


def map_of(translator: Translator, schema: JsonObject, place: Place, *, nullable: bool) -> TypeOf:
    """Return the map that an object without `properties` is."""
    at = schema.at("type" if "type" in schema else None)
    item = _value_type(translator, schema, place)
    entries = limits_of(schema, ("map",), translator.findings)
    if item.text == "any":
        item = item._replace(nullable=False)
    return TypeOf(f"map[{item.expression}]", at, nullable, entries)


def _value_type(translator: Translator, schema: JsonObject, place: Place) -> TypeOf:
    patterns = _patterns(schema)
    others = schema.get("additionalProperties", schema.get("unevaluatedProperties"))
    if not patterns:
        if isinstance(others, bool) or others is None:
            return TypeOf("any", schema.at())
        at = schema.at("additionalProperties" if "additionalProperties" in schema else None)
        return translator.bare_type(others, place.value, at)
    found = values_of_other_keys(
        translator, [] if others is None else [(others, schema)], [schema], place.value
    )
    if found is None or found.text in ("true", "false"):
        return TypeOf("any", schema.at())
    return found


def values_of_other_keys(
    translator: Translator,
    others: list[tuple[Json, JsonObject]],
    schemas: Sequence[JsonObject],
    place: Place,
) -> TypeOf | None:
    """Return the type of the values of keys that no property has; None if nothing is said.

    The text is `true` for any value, and `false` if there must be no such keys. `others` are the
    `additionalProperties` of the parts of an object, and `schemas` all parts, which may have
    `patternProperties`.
    """
    patterns = [pair for schema in schemas for pair in _patterns(schema).items()]
    holder = next((schema for schema in schemas if _patterns(schema)), None)
    if patterns and holder is not None:
        return _by_pattern(translator, others, patterns, holder, place)
    if any(value is False for value, _ in others):
        schema = next(schema for value, schema in others if value is False)
        return TypeOf("false", _position(schema))
    for value, schema in reversed(others):
        if isinstance(value, JsonObject) and value:
            return translator.bare_type(value, place, _position(schema))
    return TypeOf("true", _position(others[-1][1])) if others else None


def _by_pattern(
    translator: Translator,
    others: list[tuple[Json, JsonObject]],
    patterns: list[tuple[str, Json]],
    holder: JsonObject,
    place: Place,
) -> TypeOf | None:
    """Return the type of the values of all keys, if a pattern says it for some."""
    at = holder.at("patternProperties")
    if all(value in (True, {}) for _, value in patterns) and all(
        value in (True, {}) for value, _ in others
    ):
        return TypeOf("true", at) if others else None  # every key may have any value
    is_closed = any(value is False for value, _ in others)
    types = [translator.bare_type(value, place, at) for _, value in patterns]
    is_any_key = len(patterns) == 1 and _ANY_KEY.fullmatch(patterns[0][0])
    texts = list(dict.fromkeys(each.text for each in types))
    message = "`patternProperties` says which values keys of a pattern have"
    is_map = not any("properties" in schema for _, schema in others) and "properties" not in holder
    if len(texts) == 1 and (is_closed or is_any_key or (is_map and not others)):
        if not is_any_key:
            translator.findings.loss(
                at, "patternProperties", message, f"values of any key: `{texts[0]}`"
            )
        return types[0]
    written = "any values of other keys" if is_closed else ""
    translator.findings.loss(at, "patternProperties", message, written)
    return TypeOf("true", at) if is_closed or others else None


def _patterns(schema: JsonObject) -> JsonObject | dict[str, Json]:
    patterns = schema.get("patternProperties")
    return patterns if isinstance(patterns, JsonObject) else {}


def _position(schema: JsonObject) -> Position:
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        if keyword in schema:
            return schema.at(keyword)
    return schema.at()
