"""The types of aliases: which accept null, and what their constraints apply to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace

from modelsync.errors import Problem
from modelsync.graphs import components, reachable
from modelsync.schema.aliases import plain
from modelsync.schema.definitions import Alias, Definition, Union
from modelsync.schema.types import AnyOf, ListOf, MapOf, Nullable, Ref, Scalar, Type, alternatives
from modelsync.spec.limits import Limits


def with_aliases(
    definitions: Mapping[str, Definition], limits: Mapping[str, Limits], problems: list[Problem]
) -> dict[str, Definition]:
    """Return `definitions` with the types of aliases as they mean them.

    References in these types are ids already. `limits` has the constraints of each alias.
    """
    aliases = [item for item in definitions.values() if isinstance(item, Alias)]
    result = dict(definitions)
    nullable = _nullable(aliases)
    for alias in aliases:
        type_ = with_null(definitions, nullable, alias.type)
        is_nullable = isinstance(type_, Nullable)
        bare = type_.inner if isinstance(type_, Nullable) else type_
        result[alias.id] = replace(alias, type=bare, nullable=is_nullable)
    # The constraints of an alias are added to those of the aliases in its type.
    inside = {
        alias.id: [id_ for id_ in _references(alias.type) if id_ in limits] for alias in aliases
    }
    for component in components(inside):
        for id_ in component:
            unlimited = result[id_]
            assert isinstance(unlimited, Alias)
            result[id_] = _limited(unlimited, limits[id_], result, problems)
    return result


def _limited(
    alias: Alias, limits: Limits, definitions: Mapping[str, Definition], problems: list[Problem]
) -> Definition:
    if limits.constraints:
        from modelsync.spec.limiter import Limiter  # noqa: PLC0415 - few specs need it

        alias = replace(alias, type=Limiter(limits, definitions, problems).limited(alias.type))
    if not isinstance(alias.type, AnyOf):
        return alias
    shared = {each.name for each in fields(Alias)} & {each.name for each in fields(Union)}
    members = alias.type.members
    return Union(
        **{name: getattr(alias, name) for name in shared},
        members=members,
        is_alias=True,
        member_positions=(alias.type_position,) * len(members),
    )


def with_null(
    definitions: Mapping[str, Definition], nullable: Collection[str], type_: Type
) -> Type:
    """Return a type in which each reference to an alias that accepts null is nullable.

    Null stays at the outside: `A | B` means `A | B | null` if one of the two accepts null.
    """
    match type_:
        case Ref(id=id_) if id_ in nullable:
            return Nullable(type_)
        case ListOf(item=item):
            return ListOf(with_null(definitions, nullable, item))
        case MapOf(value=value):
            return MapOf(with_null(definitions, nullable, value))
        case Nullable(inner=inner):
            inner = with_null(definitions, nullable, inner)
            takes_null = isinstance(inner, Nullable) or plain(definitions, inner) == Scalar("any")
            return inner if takes_null else Nullable(inner)
        case AnyOf(members=members):
            parts = [with_null(definitions, nullable, member) for member in members]
            bare = tuple(part.inner if isinstance(part, Nullable) else part for part in parts)
            return AnyOf(bare) if bare == tuple(parts) else Nullable(AnyOf(bare))
        case _:
            return type_


def nullable_aliases(definitions: Iterable[Definition]) -> frozenset[str]:
    """Return the ids of the aliases that accept null."""
    return frozenset(
        item.id for item in definitions if isinstance(item, Alias | Union) and item.nullable
    )


def _nullable(aliases: Iterable[Alias]) -> Collection[str]:
    """Return the ids of the aliases whose types accept null, by themselves or through another."""
    users: dict[str, list[str]] = {}
    for alias in aliases:
        for id_ in _references(alias.type):
            users.setdefault(id_, []).append(alias.id)
    return reachable([a.id for a in aliases if isinstance(a.type, Nullable)], users)


def _references(type_: Type) -> list[str]:
    """Return the ids that a type consists of, alone or as alternatives."""
    return [part.id for part in alternatives(type_) if isinstance(part, Ref)]
