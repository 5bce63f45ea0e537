"""`oneOf` and `anyOf` -> a union, with its members translated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from modelsync.importer.nodes import Body, Shape, TypeOf
from modelsync.importer.text.tree import Json, JsonList, JsonObject
from modelsync.importer.translation.places import Place, part_of_name
from modelsync.importer.translation.virtual import VirtualObject, virtual, virtual_list
from modelsync.importer.unions import Choices, UnionOf, union_of
from modelsync.importer.unions.members import Member

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator


def choices_shape(
    translator: Translator, schema: JsonObject, choices: Choices, place: Place
) -> Shape:
    """Return the union of the alternatives of a schema; the only one, if there are no others."""
    if not choices.members:
        found = "null as the only value" if choices.nullable else "alternatives that accept nothing"
        translator.findings.loss(choices.at, "null alone", found, "`any`")
        return TypeOf("any", choices.at)
    if len(choices.members) == 1:
        at = choices.at
        shape = translator.shape_of(choices.members[0], place, at)
        return shape._replace(nullable=shape.nullable or choices.nullable)
    parts = names_of_variants(translator, choices.members)
    members = [
        _member(translator, each, place.within(part), choices)
        for each, part in zip(choices.members, parts, strict=True)
    ]
    union = union_of(choices, members, schema, translator.findings, translator.resolved_ref)
    if union.constrained:
        for index in union.constrained:
            members[index] = _as_alias(translator, members[index], place.within(parts[index]))
        union = union_of(choices, members, schema, translator.findings, translator.resolved_ref)
    return _shape(translator, schema, union, place)


def _shape(translator: Translator, schema: JsonObject, union: UnionOf, place: Place) -> Shape:
    if place.is_definition and len(union.members) > 1 and not union.beside:
        return Body("union", union.entries(), union.at, union.nullable)
    if union.needs_name:
        return Body("union", union.entries(), union.at, union.nullable)
    return union.type_of


def _member(
    translator: Translator, member: JsonObject | bool, place: Place, choices: Choices
) -> Member:
    type_ = translator.member_type(member, place, choices.at)
    schema = member if isinstance(member, JsonObject) else None
    target = None if schema is None else translator.resolved_ref(schema)
    if schema is None or target is None:
        return Member(type_, translator.empty if schema is None else schema, choices.at)
    name = translator.name_of(target) or ""
    ref = _ref_of(schema)
    category = translator.parts.category(target)
    return Member(
        type_,
        translator.flat.with_all_properties(target) if category == "object" else target,
        schema.at(),
        ref,
        name,
        is_model=category == "object" and bool(name),
        is_union=category == "union" and bool(name),
    )


def _ref_of(schema: JsonObject) -> str:
    """Return the `$ref` of a member, also of one with the properties beside its union."""
    ref = schema.get("$ref")
    parts = schema.get("allOf") if isinstance(schema, VirtualObject) else None
    last = parts[-1] if isinstance(parts, JsonList) and parts else None
    if not isinstance(ref, str) and isinstance(last, JsonObject):
        ref = last.get("$ref")
    return ref if isinstance(ref, str) else ""


def _as_alias(translator: Translator, member: Member, place: Place) -> Member:
    """Return a member whose constraints are in an alias. Null is the union's to accept."""
    schema = member.schema
    kinds = schema.get("type")
    if isinstance(kinds, JsonList) and "null" in kinds:
        others = virtual_list(schema, (kind for kind in kinds if kind != "null"))
        schema = translator.combined.made(
            "no null", [schema], lambda: virtual(schema, {**schema, "type": others})
        )
    name = translator.define(schema, place)
    return replace(member, type_of=TypeOf(name, member.at, member.type_of.nullable))


def names_of_variants(translator: Translator, members: Sequence[JsonObject | bool]) -> list[str]:
    """Return what distinguishes the alternatives of a union, as parts of names, all different.

    That is the value of a property that has one, such as `Circle` for `"kind": "circle"`; otherwise
    the kind of value, such as `Object`, and a number from the second one on.
    """
    wanted = (
        _variant(translator, each) if isinstance(each, JsonObject) else "" for each in members
    )
    return numbered(each or "Value" for each in wanted)


def numbered(names: Iterable[str]) -> list[str]:
    """Return names with numbers after those that come again, all different: `A`, `A2`, `A3`."""
    found: dict[str, None] = {}
    last: dict[str, int] = {}
    """The last number of each name: those before it stay taken."""
    for wanted in names:
        name, number = wanted, last.get(wanted, 1)
        while name in found:
            number += 1
            name = f"{wanted}{number}"
        last[wanted] = number
        found[name] = None
    return list(found)


def _variant(translator: Translator, member: JsonObject) -> str:
    target = translator.resolved_ref(member)
    if target is None:
        return ""
    name = translator.known_name(target)
    if name is not None:
        return name[0].upper() + name[1:]
    category = translator.parts.category(target)
    if category != "object":
        return {"list": "List", "map": "Map", "values": "Value"}.get(category, "Value")
    properties = translator.flat.flat(target).properties
    for uses in properties.values():
        value = _only_value(uses[-1].schema)
        if isinstance(value, str) and part_of_name(value):
            return part_of_name(value)
    return "Object"


def _only_value(schema: Json) -> Json:
    """Return the only value that a schema accepts, if it is a text."""
    if not isinstance(schema, JsonObject):
        return None
    values = schema.get("enum")
    if "const" in schema:
        return schema["const"]
    if isinstance(values, JsonList) and len(values) == 1:
        return values[0]
    return None
