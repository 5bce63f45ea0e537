"""Properties beside `oneOf` -> an abstract base, and one model for each alternative."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from modelsync.importer.nodes import Shape
from modelsync.importer.scalars.enums import has_values
from modelsync.importer.text.tree import Json, JsonList, JsonObject
from modelsync.importer.translation.keywords import LOST
from modelsync.importer.translation.kinds import kinds_in
from modelsync.importer.translation.parts import Part, choices_in, words_beside
from modelsync.importer.translation.places import Place
from modelsync.importer.translation.virtual import VirtualObject, only, virtual, virtual_list
from modelsync.importer.unions.alternatives import names_of_variants

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator

_KINDS_OF_VALUES = {
    "str": "string",
    "bool": "boolean",
    "int": "integer",
    "Decimal": "number",
    "JsonObject": "object",
    "JsonList": "array",
}
_MAX_VARIANTS = 200


def variants_shape(
    translator: Translator, schema: JsonObject, parts: tuple[Part, ...], place: Place
) -> Shape | None:
    """Return the union of the alternatives, each with what is beside them.

    `parts` are those of `schema`, of which one has alternatives. None if nothing is beside them, or
    if several parts have alternatives.
    """
    unions = [part for part in parts if _has_choices(translator, part)]
    if len(unions) != 1:
        return None
    union = translator.resolved(unions[0].schema)
    beside = [part.schema for part in parts if part is not unions[0]]
    beside += _own(translator, union)
    if not choices_in(union) or not beside:
        return None
    made = translator.combined.made(
        "variants", [schema], lambda: _made(translator, schema, union, beside, place.name)
    )
    return translator.shape_of(made, place)


def _has_choices(translator: Translator, part: Part) -> bool:
    is_enum = translator.parts.category(part.schema) == "values"
    return bool(choices_in(translator.resolved(part.schema))) and not is_enum


def _own(translator: Translator, union: JsonObject) -> list[JsonObject]:
    """Return what a schema says beside its alternatives, unless all of these say it, too."""
    words = words_beside(union)
    if not words or all(word in LOST for word in words):
        return []
    if words == ["type"]:
        kinds = set(kinds_in(union))
        members = [translator.resolved(each) for each in choices_in(union)]
        if all(_kinds(each) <= kinds for each in members if not translator.parts.is_null(each)):
            return []
    return [translator.combined.made("beside", [union], lambda: only(union, words))]


def _kinds(schema: JsonObject) -> set[str]:
    """Return the kinds of values that a schema is about; none if it has parts of its own."""
    type_ = schema.get("type")
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    if isinstance(values, list):
        return {_KINDS_OF_VALUES.get(type(each).__name__, "any") for each in values}
    if type_ is None and ("allOf" in schema or choices_in(schema)):
        return set()
    return set(kinds_in(schema)) - {"null"} or {"any"}


def _given_kinds(schema: JsonObject) -> set[str]:
    """Return the kinds that `type` or values limit a schema to; none if nothing limits them."""
    is_limited = "type" in schema or has_values(schema)
    return _kinds(schema) - {"any"} if is_limited else set()


def _made(
    translator: Translator,
    schema: JsonObject,
    union: JsonObject,
    beside: list[JsonObject],
    name: str,
) -> VirtualObject:
    """Return a union without anything beside it, whose members say it instead."""
    kinds = {kind for each in beside for kind in _given_kinds(translator.resolved(each))}
    members = [each for each in _flat(translator, union) if _is_possible(translator, each, kinds)]
    objects = [each for each in members if translator.parts.category(each) in ("object", "map")]
    are_records = any(translator.parts.category(each) == "object" for each in beside)
    variants: list[Json] = []
    if are_records and len(objects) > 1:
        bases = [each for each in beside if not _is_said(translator, each, objects)]
        variants += _with_base(translator, schema, objects, bases, name)
        members = [each for each in members if not any(each is other for other in objects)]
        beside = [each for each in beside if translator.parts.category(each) != "object"]
    for member in members:
        variants.append(
            translator.combined.all_of([*beside, member], member, schema) if beside else member
        )
    if _accepts_null(translator, union) and all(
        translator.parts.accepts_null(each) for each in beside
    ):
        variants.append(
            translator.combined.made("null", [union], lambda: virtual(union, {"type": "null"}))
        )
    keyword = "oneOf" if isinstance(union.get("oneOf"), JsonList) else "anyOf"
    values: dict[str, Json] = {keyword: virtual_list(schema, variants)}
    discriminator = union.get("discriminator", schema.get("discriminator"))
    if discriminator is not None:
        values["discriminator"] = discriminator
    return virtual(schema, values, {"discriminator": union})


def _with_base(
    translator: Translator,
    schema: JsonObject,
    objects: Sequence[JsonObject],
    bases: Sequence[JsonObject],
    name: str,
) -> list[JsonObject]:
    """Return the alternatives that are objects, as models that extend an abstract one."""
    if not bases:
        return list(objects)
    base = _base(translator, schema, bases, name)
    variants: list[JsonObject] = []
    for member, part in zip(objects, names_of_variants(translator, objects), strict=True):
        together = translator.combined.all_of([base, member], member, schema)
        translator.define(together, Place(f"{name}{part}"))
        variants.append(together)
    return variants


def _base(
    translator: Translator, schema: JsonObject, bases: Sequence[JsonObject], name: str
) -> JsonObject:
    """Return an abstract model with what is beside some alternatives."""
    base = bases[0]
    if len(bases) > 1:
        base = translator.combined.all_of(bases, schema, schema)
    if translator.known_name(base) is None:
        translator.define_abstract(base, name)
    return base


def _flat(translator: Translator, union: JsonObject) -> list[JsonObject]:
    """Return the alternatives of a schema, and those of alternatives that are only a union."""
    found: list[JsonObject] = []
    rest = choices_in(union)[::-1]
    seen: set[int] = set()
    while rest and len(seen) < _MAX_VARIANTS:
        each = rest.pop()
        inner = translator.resolved(each)
        if id(inner) in seen or translator.parts.is_null(inner):
            continue
        seen.add(id(inner))
        members = choices_in(inner)
        category = translator.parts.category(inner)
        if members and not words_beside(inner) and (category == "union" or len(members) == 1):
            rest += reversed(members)
        else:
            found.append(each)
    return found


def _is_possible(translator: Translator, member: JsonObject, kinds: set[str]) -> bool:
    """Return whether values of an alternative may be of the kinds that are beside it."""
    own = _given_kinds(translator.resolved(member))
    if "number" in kinds:
        kinds = kinds | {"integer"}
    if "number" in own:
        own = own | {"integer"}
    return not kinds or not own or not kinds.isdisjoint(own)


def _accepts_null(translator: Translator, union: JsonObject) -> bool:
    return any(map(translator.parts.is_null, choices_in(union)))


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
