"""Lists and tuples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelsync.importer.nodes import TypeOf
from modelsync.importer.scalars.limits import limits_of
from modelsync.importer.scalars.unique import may_be_unique
from modelsync.importer.text.tree import Json, JsonList, JsonObject
from modelsync.importer.translation.places import Place
from modelsync.importer.translation.virtual import virtual, virtual_list

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator


def list_of(translator: Translator, schema: JsonObject, place: Place, *, nullable: bool) -> TypeOf:
    """Return the list that a schema of arrays is. A tuple is a list of any of its types."""
    at = schema.at("type" if "type" in schema else None)
    items, item_at = schema.get("items", True), schema.at("items" if "items" in schema else None)
    first = _first_items(schema)
    if first is not None:
        item = _of_tuple(translator, schema, first, place)
    else:
        item = translator.bare_type(items, place.item, item_at)
    if item.text == "any":
        item = item._replace(nullable=False)
    entries = limits_of(
        schema, ("list",), translator.findings, may_be_unique=may_be_unique(translator, items)
    )
    return TypeOf(f"list[{item.expression}]", at, nullable, entries)


def _first_items(schema: JsonObject) -> tuple[str, JsonList] | None:
    """Return the schemas of the first items of a tuple, with their keyword."""
    for keyword in ("prefixItems", "items"):
        value = schema.get(keyword)
        if isinstance(value, JsonList):
            return keyword, value
    return None


def _of_tuple(
    translator: Translator, schema: JsonObject, first: tuple[str, JsonList], place: Place
) -> TypeOf:
    keyword, items = first
    rest: Json = schema.get("items" if keyword == "prefixItems" else "additionalItems")
    # Tuples without a word about further items are meant to have none.
    given = [*items, rest] if isinstance(rest, JsonObject) and rest else list(items)
    is_any = not given or any(each is True or each == {} for each in given)
    at = schema.at(keyword)
    if is_any:
        translator.findings.loss(at, "tuple", f"`{keyword}` for each place", "`list[any]`")
        return TypeOf("any", at)
    unique: list[Json] = []
    for each in given:
        if not any(each is known or each == known for known in unique):
            unique.append(each)
    member = translator.combined.made(
        "tuple", [schema], lambda: virtual(schema, {"anyOf": virtual_list(schema, unique)})
    )
    item = translator.bare_type(unique[0] if len(unique) == 1 else member, place.item, at)
    if len(unique) > 1 or not isinstance(rest, JsonObject):
        translator.findings.loss(
            at, "tuple", f"`{keyword}` for each place", f"`list[{item.expression}]`"
        )
    return item
