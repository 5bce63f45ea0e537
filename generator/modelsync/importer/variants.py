"""Properties beside `oneOf` -> an abstract base, and one model for each alternative."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from modelsync.importer.alternatives import names_of_variants
from modelsync.importer.keywords import is_structural
from modelsync.importer.nodes import Shape
from modelsync.importer.parts import Part, choices_in
from modelsync.importer.places import Place
from modelsync.importer.tree import Json, JsonList, JsonObject
from modelsync.importer.virtual import VirtualObject, only, virtual, virtual_list

if TYPE_CHECKING:
    from modelsync.importer.translator import Translator

_CHOICES = ("oneOf", "anyOf", "discriminator")
_MAX_VARIANTS = 200


def variants_shape(
    translator: Translator, schema: JsonObject, parts: tuple[Part, ...], place: Place
) -> Shape | None:
    """Return the union of the alternatives, each with the properties beside them.

    `parts` are those of `schema`: one has alternatives, and the others are objects. None if there
    are several with alternatives, or alternatives that are not objects.
    """
    unions = [part for part in parts if translator.parts.category(part.schema) == "union"]
    if len(unions) != 1:
        return None
    found = _alternatives(translator, unions[0])
    if found is None:
        return None
    keyword, members, holder = found
    rest = [part.schema for part in parts if part is not unions[0]]
    if holder is not None:
        rest.append(holder)
    bases = [each for each in rest if not _is_said(translator, each, members)]
    made = translator.variants_of(schema)
    if made is None:
        made = _made(translator, schema, members, bases, keyword, place.name)
        translator.keep_variants(schema, made)
    return translator.shape_of(made, place)


def _made(
    translator: Translator,
    schema: JsonObject,
    members: Sequence[Json],
    bases: Sequence[JsonObject],
    keyword: str,
    name: str,
) -> VirtualObject:
    """Return a union without anything beside it, whose members have the properties."""
    variants: list[Json] = list(members)
    if bases:
        base = translator.define_base(schema, bases, name)
        objects = [each for each in members if isinstance(each, JsonObject)]
        variants = []
        for member, part in zip(objects, names_of_variants(translator, objects), strict=True):
            together = translator.all_of([base, member], member)
            translator.define(together, Place(f"{name}{part}"))
            variants.append(together)
    values: dict[str, Json] = {keyword: virtual_list(schema, variants)}
    discriminator = schema.get("discriminator")
    if discriminator is not None:
        values["discriminator"] = discriminator
    return virtual(schema, values)


def _alternatives(
    translator: Translator, part: Part
) -> tuple[str, list[JsonObject], JsonObject | None] | None:
    """Return the keyword and the alternatives of a part, and the part without them."""
    union = translator.resolved(part.schema)
    members = choices_in(union)
    if not 0 < len(members) <= _MAX_VARIANTS:
        return None
    if any(translator.parts.category(each) not in ("object", "map") for each in members):
        return None
    keyword = "oneOf" if isinstance(union.get("oneOf"), JsonList) else "anyOf"
    words = [word for word in union if is_structural(word) and word not in _CHOICES]
    rest = only(union, words)
    has_more = translator.parts.category(rest) == "object"
    return keyword, members, rest if has_more else None


def _is_said(translator: Translator, base: JsonObject, members: Sequence[JsonObject]) -> bool:
    """Return whether each member has the properties of a base, as far as the base limits them."""
    flat = translator.flat.flat(base)
    if any(value is False or isinstance(value, JsonObject) for value, _ in flat.others):
        return False
    for member in members:
        own = translator.flat.flat(member)
        if not flat.required.keys() <= own.required.keys():
            return False
        for name, uses in flat.properties.items():
            if name not in own.properties or not all(_is_plain(each.schema) for each in uses):
                return False
    return True


def _is_plain(schema: Json) -> bool:
    """Return whether a schema only says which kind a value has."""
    if not isinstance(schema, JsonObject):
        return schema is True
    words = {word for word in schema if word not in ("description", "title", "example")}
    return words <= {"type"}
