"""A schema as pages show it -> one that breaks no rule, so that its specs load.

Anything that breaks a rule is changed as you would change it by hand, and the pages stay the same.
A union is marked as overlapping if no reader can distinguish its members.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Set
from dataclasses import replace
from functools import partial
from typing import Final, cast

from modelsync.intake.each_item import Item, ItemKey, each_item, key_of, keys_by_position
from modelsync.progress import Progress, counted, silent
from modelsync.schema.definitions import Definition, Field, Model, Union
from modelsync.schema.page_overrides import DefinitionPage, FieldPage
from modelsync.schema.schema import Schema
from modelsync.schema.types import AnyOf, Ref, Scalar, Type, walk
from modelsync.spec.rules import RULES, has_hidden

_ANYTHING: Final = Scalar("any")
_MAX_LEVELS: Final = 16
"""How deep unions may nest: values are tried on every level."""


def fix_rules(schema: Schema, languages: Collection[str], progress: Progress = silent) -> Schema:
    """Return `schema` changed so that it breaks no rule; `languages` are those that have pages.

    Apply :func:`limit_unions` first. The items need distinct positions.
    """
    steps = (_without_wrong_discriminators, _with_finite_documents, _with_distinct_members)
    for step in counted(steps, "applying the rules", progress):
        schema = step(schema, languages)
    return schema


def limit_unions(schema: Schema, languages: Collection[str]) -> Schema:
    """Return `schema` without unions that contain themselves or nest too deep.

    They contain `any` instead. This comes first, because no value can be read before it.
    """
    for find in (_self_containing, _too_deep):
        broken = find(schema)

        def fixed(
            key: ItemKey, item: Item, broken: Set[ItemKey] = broken, schema: Schema = schema
        ) -> Item:
            if key not in broken or not isinstance(item, Union):
                return item
            return cast("Item", _with_anything(item, _is_union(schema), languages))

        schema = each_item(schema, fixed) if broken else schema
    return schema


def _broken(schema: Schema, *codes: str) -> frozenset[ItemKey]:
    """Return the keys of the items that break the rules with these codes."""
    positions = {
        problem.position for rule in RULES if rule.code in codes for problem in rule.find(schema)
    }
    if not positions:
        return frozenset()
    keys = keys_by_position(schema)
    return frozenset(keys[position] for position in positions if position in keys)


def _self_containing(schema: Schema) -> frozenset[ItemKey]:
    return _broken(schema, "MS036")


def _too_deep(schema: Schema) -> frozenset[ItemKey]:
    """Return the keys of the unions that contain too many levels of unions."""
    is_union = _is_union(schema)
    inner = {
        union.id: {
            member.id for member in union.members if isinstance(member, Ref) and is_union(member)
        }
        for union in schema.definitions
        if isinstance(union, Union)
    }
    deep = set(inner)
    for _ in range(_MAX_LEVELS):
        # Each round leaves the unions that have one more level inside.
        deep = {id_ for id_ in deep if inner[id_] & deep}
    return frozenset(map(ItemKey, deep))


def _is_union(schema: Schema) -> Callable[[Type], bool]:
    return lambda type_: isinstance(type_, Ref) and isinstance(schema[type_], Union)


def _without_wrong_discriminators(schema: Schema, languages: Collection[str]) -> Schema:
    """Return `schema` without discriminators that do not distinguish the members.

    An object without the discriminator may be one of the members.
    """
    del languages
    schema = Schema(tuple(map(partial(_with_absent_tag, schema), schema.definitions)))
    broken = _broken(schema, "MS034", "MS087")
    if not broken:
        return schema

    def is_broken(union: Union) -> bool:
        keys = {ItemKey(union.id)}
        for member in union.members:
            model = schema[member] if isinstance(member, Ref) else None
            if isinstance(model, Model):
                keys |= {ItemKey(model.id), *(key_of(model, field) for field in model.fields)}
        return not broken.isdisjoint(keys)

    def fixed(definition: Definition) -> Definition:
        if isinstance(definition, Union) and is_broken(definition):
            return replace(definition, discriminator=None, mapping=(), absent_tag=None)
        return definition

    return Schema(tuple(map(fixed, schema.definitions)))


def _with_absent_tag(schema: Schema, definition: Definition) -> Definition:
    """Return a union with the member that may omit the discriminator, if there is one."""
    if not isinstance(definition, Union):
        return definition
    models = (schema.by_id.get(id_) for id_ in definition.tags)
    fields = ((each, definition.tag_field(each)) for each in models if isinstance(each, Model))
    omitting = (model.id for model, field in fields if field is not None and not field.required)
    absent_tag = next(omitting, None)
    return definition if absent_tag is None else replace(definition, absent_tag=absent_tag)


def _with_finite_documents(schema: Schema, languages: Collection[str]) -> Schema:
    """Return `schema` with a finite document for each model: circular fields are optional."""
    while broken := _broken(schema, "MS035"):

        def fixed(key: ItemKey, item: Item, broken: Set[ItemKey] = broken) -> Item:
            if key not in broken or not isinstance(item, Field):
                return item
            return _optional(item, languages)

        schema = each_item(schema, fixed)
    return schema


def _optional(field: Field, languages: Collection[str]) -> Field:
    """Return a field that is optional, and required on the pages."""
    pages = dict(field.pages)
    for language in languages:
        page = pages.get(language) or FieldPage()
        pages[language] = page if page.required is not None else replace(page, required=True)
    return replace(field, required=False, pages=pages)


def _with_distinct_members(schema: Schema, languages: Collection[str]) -> Schema:
    """Return `schema` with each union marked whose members overlap.

    A union inside a type cannot be marked, and needs a free name: otherwise it becomes `any`.
    """
    nameless = _broken(schema, "MS037", "MS038")

    def fixed(key: ItemKey, item: Item) -> Item:
        match item:
            case Field(type=type_):
                unions = [inner for inner in walk(type_) if isinstance(inner, AnyOf)]
                hidden = any(has_hidden(schema, union.members) for union in unions)
                if unions and (hidden or key in nameless):
                    return _anything(item, languages)
            case Union(external=None):
                union: Union = item
                if key in nameless:
                    union = _with_anything(item, _contains_union, languages)
                if union.discriminator is None and has_hidden(schema, union.members):
                    union = replace(union, overlapping=True)
                return cast("Item", union)
            case _:
                pass
        return item

    return each_item(schema, fixed)


def _contains_union(type_: Type) -> bool:
    return any(isinstance(inner, AnyOf) for inner in walk(type_))


def _anything(field: Field, languages: Collection[str]) -> Field:
    """Return a field of type `any`, with its old type on the pages."""
    pages = dict(field.pages)
    for language in languages:
        page = pages.get(language) or FieldPage()
        pages[language] = page if page.type is not None else replace(page, type=field.type)
    return replace(field, type=_ANYTHING, pages=pages)


def _with_anything(
    union: Union, is_replaced: Callable[[Type], bool], languages: Collection[str]
) -> Union:
    """Return a union with `any` instead of some members, which stay on the pages."""
    members = (_ANYTHING if is_replaced(member) else member for member in union.members)
    pages = dict(union.pages)
    for language in languages:
        page = pages.get(language) or DefinitionPage()
        pages[language] = page if page.members is not None else replace(page, members=union.members)
    kept = tuple(dict.fromkeys(members))
    positions = (union.position,) * len(kept)
    return replace(union, members=kept, member_positions=positions, pages=pages)
