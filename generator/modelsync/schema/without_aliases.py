"""A schema without aliases, for targets that show what an alias stands for instead of its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as fields_of
from dataclasses import replace

from modelsync.graphs import components
from modelsync.schema.definitions import (
    Alias,
    Definition,
    Field,
    Model,
    Union,
    refs_of,
    with_additional,
)
from modelsync.schema.page_overrides import DefinitionPage, FieldPage
from modelsync.schema.schema import Schema
from modelsync.schema.types import AnyOf, Nullable, Ref, Scalar, Type, rebuilt


def without_aliases(schema: Schema) -> Schema:
    """Return a schema without constraints with the types of aliases instead of their names.

    A recursive alias cannot be written out: it becomes a union with one member.
    """
    aliases = {item.id: item for item in schema.definitions if _is_alias(item)}
    if not aliases:
        return schema
    inside = {
        id_: [ref.id for ref in refs_of(alias) if ref.id in aliases]
        for id_, alias in aliases.items()
    }
    types: dict[str, Type] = {}
    # Those that an alias refers to come first.
    for component in components(inside):
        for id_ in component:
            if len(component) == 1 and id_ not in inside[id_]:
                types[id_] = _expanded(_type_of(aliases[id_]), types)
    return Schema(
        tuple(_definition(item, types) for item in schema.definitions if item.id not in types)
    )


def _as_union(alias: Alias) -> Union:
    shared = {each.name for each in fields_of(Alias)} & {each.name for each in fields_of(Union)}
    return Union(
        **{name: getattr(alias, name) for name in shared},
        members=(alias.type,),
        member_positions=(alias.type_position,),
    )


def _is_alias(definition: Definition) -> bool:
    return isinstance(definition, Alias) or (isinstance(definition, Union) and definition.is_alias)


def _type_of(alias: Definition) -> Type:
    assert isinstance(alias, Alias | Union)
    return alias.type if isinstance(alias, Alias) else AnyOf(alias.members)


def _expanded(type_: Type, types: Mapping[str, Type]) -> Type:
    def expanded(part: Type) -> Type:
        match part:
            case Ref(id=id_):
                return types.get(id_, part)
            case Nullable(inner=inner) if inner == Scalar("any"):
                return inner
            case AnyOf(members=members):
                flat = _flat(members)
                return AnyOf(flat) if len(flat) > 1 else flat[0]
            case _:
                return part

    return rebuilt(type_, expanded)


def _flat(members: tuple[Type, ...]) -> tuple[Type, ...]:
    """Return the members of a union, with those of the unions among them, each once."""
    return tuple(
        dict.fromkeys(
            part
            for member in members
            for part in (member.members if isinstance(member, AnyOf) else (member,))
        )
    )


def _members(members: tuple[Type, ...], types: Mapping[str, Type]) -> tuple[Type, ...]:
    return _flat(tuple(_expanded(member, types) for member in members))


def _definition(definition: Definition, types: Mapping[str, Type]) -> Definition:
    if any(page.members for page in definition.pages.values()):
        definition = replace(definition, pages=_pages(definition.pages, types))
    match definition:
        case Model(fields=fields):
            expanded = replace(definition, fields=tuple(_field(field, types) for field in fields))
            return with_additional(expanded, lambda type_: _expanded(type_, types))
        case Union(members=members):
            flat = _members(members, types)
            return (
                definition
                if flat == members
                else replace(
                    definition, members=flat, member_positions=(definition.position,) * len(flat)
                )
            )
        case Alias():
            return replace(_as_union(definition), members=(_expanded(definition.type, types),))
        case _:
            return definition


def _field(field: Field, types: Mapping[str, Type]) -> Field:
    pages = field.pages
    if any(page.type is not None for page in pages.values()):
        pages = {language: _field_page(page, types) for language, page in pages.items()}
    return replace(field, type=_expanded(field.type, types), pages=pages)


def _field_page(page: FieldPage, types: Mapping[str, Type]) -> FieldPage:
    return page if page.type is None else replace(page, type=_expanded(page.type, types))


def _pages(
    pages: Mapping[str, DefinitionPage], types: Mapping[str, Type]
) -> dict[str, DefinitionPage]:
    return {
        language: replace(page, members=_members(page.members, types)) if page.members else page
        for language, page in pages.items()
    }
