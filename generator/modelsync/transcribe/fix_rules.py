"""A schema as pages show it -> one that breaks no rule, so that its specs load.

What a rule has against it gets the cure that a person would write; the pages show what they
showed before. A union whose members no reader can tell apart is marked as overlapping.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Final, cast

from modelsync.errors import Problem
from modelsync.progress import Progress, counted, silent
from modelsync.schema.ir import (
    AnyOf,
    Definition,
    DefinitionPage,
    Field,
    FieldPage,
    Model,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
    walk,
)
from modelsync.spec.rules import RULES, has_hidden
from modelsync.transcribe.each_item import Item, each_item

_ANYTHING: Final = Scalar("any")
_MAX_LEVELS: Final = 16
"""How many unions may be inside one another: values are tried on all of them."""


def sound(schema: Schema, languages: Collection[str], progress: Progress = silent) -> Schema:
    """Return a numbered schema with every rule kept; `languages` are those that have pages.

    What :func:`shallow` mends has to be mended already.
    """
    steps = (_discriminated, _ending, _told_apart)
    for step in counted(steps, "keeping the rules", progress):
        schema = step(schema, languages)
    return schema


def _broken(schema: Schema, *codes: str) -> frozenset[int]:
    """Return the numbers of the items that break the rules of these codes."""
    problems: Iterator[Problem] = (
        problem for rule in RULES if rule.code in codes for problem in rule.find(schema)
    )
    return frozenset(problem.position.line for problem in problems)


def shallow(schema: Schema, languages: Collection[str]) -> Schema:
    """Return a numbered schema without unions in unions that never end, or go very deep.

    Those hold anything there. No value of them could be read before, so this has to come first.
    """
    for find in (_in_themselves, _deep):
        broken = find(schema)

        def cured(item: Item, broken: Collection[int] = broken, schema: Schema = schema) -> Item:
            if item.position.line not in broken or not isinstance(item, Union):
                return item
            return cast("Item", _with_anything(item, _is_union(schema), languages))

        schema = each_item(schema, cured) if broken else schema
    return schema


def _in_themselves(schema: Schema) -> frozenset[int]:
    return _broken(schema, "MS036")


def _deep(schema: Schema) -> frozenset[int]:
    """Return the numbers of the unions that have too many levels of unions in them."""
    is_union = _is_union(schema)
    inner = {
        union.id: {each.id for each in union.members if isinstance(each, Ref) and is_union(each)}
        for union in schema.definitions
        if isinstance(union, Union)
    }
    deep = set(inner)
    for _ in range(_MAX_LEVELS):
        # What has a level less than before inside is left.
        deep = {id_ for id_ in deep if inner[id_] & deep}
    return frozenset(schema.by_id[id_].position.line for id_ in deep)


def _is_union(schema: Schema) -> Callable[[Type], bool]:
    return lambda type_: isinstance(type_, Ref) and isinstance(schema[type_], Union)


def _discriminated(schema: Schema, languages: Collection[str]) -> Schema:
    """Return `schema` without discriminators that do not tell the members apart."""
    del languages
    broken = _broken(schema, "MS034")
    if not broken:
        return schema

    def is_broken(union: Union) -> bool:
        places = {union.position.line}
        for member in union.members:
            model = schema[member] if isinstance(member, Ref) else None
            if isinstance(model, Model):
                places |= {model.position.line, *(each.position.line for each in model.fields)}
        return not broken.isdisjoint(places)

    def cured(definition: Definition) -> Definition:
        if isinstance(definition, Union) and is_broken(definition):
            return replace(definition, discriminator=None, mapping=())
        return definition

    return Schema(tuple(map(cured, schema.definitions)))


def _ending(schema: Schema, languages: Collection[str]) -> Schema:
    """Return `schema` with a document for each model: what leads back to itself is optional."""
    while broken := _broken(schema, "MS035"):

        def cured(item: Item, broken: Collection[int] = broken) -> Item:
            if item.position.line not in broken or not isinstance(item, Field):
                return item
            return _optional(item, languages)

        schema = each_item(schema, cured)
    return schema


def _optional(field: Field, languages: Collection[str]) -> Field:
    """Return a field that may be absent, and is required on the pages."""
    pages = dict(field.pages)
    for language in languages:
        page = pages.get(language) or FieldPage()
        pages[language] = page if page.required is not None else replace(page, required=True)
    return replace(field, required=False, pages=pages)


def _told_apart(schema: Schema, languages: Collection[str]) -> Schema:
    """Return `schema` with each union marked whose members overlap.

    One inside a type cannot be marked, and needs a name for it that is free: else it is anything.
    """
    nameless = _broken(schema, "MS037", "MS038")

    def cured(item: Item) -> Item:
        is_nameless = item.position.line in nameless
        match item:
            case Field(type=type_):
                unions = [each for each in walk(type_) if isinstance(each, AnyOf)]
                hidden = any(has_hidden(schema, each.members) for each in unions)
                if unions and (hidden or is_nameless):
                    return _anything(item, languages)
            case Union(external=None):
                union: Union = item
                if is_nameless:
                    union = _with_anything(item, _holds_union, languages)
                if union.discriminator is None and has_hidden(schema, union.members):
                    union = replace(union, overlapping=True)
                return cast("Item", union)
            case _:
                pass
        return item

    return each_item(schema, cured)


def _holds_union(type_: Type) -> bool:
    return any(isinstance(each, AnyOf) for each in walk(type_))


def _anything(field: Field, languages: Collection[str]) -> Field:
    """Return a field that holds anything, with its type on the pages."""
    pages = dict(field.pages)
    for language in languages:
        page = pages.get(language) or FieldPage()
        pages[language] = page if page.type is not None else replace(page, type=field.type)
    return replace(field, type=_ANYTHING, pages=pages)


def _with_anything(
    union: Union, is_replaced: Callable[[Type], bool], languages: Collection[str]
) -> Union:
    """Return a union that holds anything in the place of some members, with those on the pages."""
    members = (_ANYTHING if is_replaced(member) else member for member in union.members)
    pages = dict(union.pages)
    for language in languages:
        page = pages.get(language) or DefinitionPage()
        pages[language] = page if page.members is not None else replace(page, members=union.members)
    kept = tuple(dict.fromkeys(members))
    places = (union.position,) * len(kept)
    return replace(union, members=kept, member_positions=places, pages=pages)
