"""What references stand for: the types, names and constraints behind aliases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from modelsync.graphs import components, on_cycles
from modelsync.schema.constraints import Constraints
from modelsync.schema.definitions import Alias, Definition, refs_of
from modelsync.schema.types import Limited, Ref, Scalar, Type, unlimited

_MOST_LEVELS: Final = 8


def resolved(definitions: Mapping[str, Definition], type_: Type) -> Type:
    """Return the type that an alias stands for; `any` if aliases lead back to themselves."""
    seen: set[str] = set()
    while isinstance(type_, Ref) and isinstance(alias := definitions.get(type_.id), Alias):
        if type_.id in seen:
            return Scalar("any")
        seen.add(type_.id)
        type_ = alias.type
    return type_


def named(definitions: Mapping[str, Definition], ref: Ref) -> Ref:
    """Return the last reference of a chain of aliases that are only names for each other."""
    seen: set[str] = set()
    while isinstance(alias := definitions.get(ref.id), Alias) and isinstance(alias.type, Ref):
        if ref.id in seen:
            break
        seen.add(ref.id)
        ref = alias.type
    return ref


def plain(definitions: Mapping[str, Definition], type_: Type) -> Type:
    """Return the type that an alias stands for without any constraints, its own or others."""
    while True:
        inner = unlimited(resolved(definitions, type_))
        if inner is type_:
            return type_
        type_ = inner


def constraints_of(definitions: Mapping[str, Definition], type_: Type) -> Constraints:
    """Return the constraints of a type together with those of the aliases that it refers to.

    Of several patterns, only that of the type or the nearest alias is among them.
    """
    constraints = Constraints()
    while (inner := unlimited(found := resolved(definitions, type_))) != type_:
        if isinstance(found, Limited):
            constraints = constraints.combined(found.constraints)
        type_ = inner
    return constraints


def opaque_aliases(definitions: Mapping[str, Definition]) -> frozenset[str]:
    """Return the ids of the aliases that generators of documents do not look into.

    They are the aliases whose types lead back to them, through aliases only, and every eighth of a
    long chain: what an alias costs depends neither on the length of its chain nor on its place.
    """
    aliases = {id_: item for id_, item in definitions.items() if isinstance(item, Alias)}
    inside = {
        id_: [ref.id for ref in refs_of(alias) if ref.id in aliases]
        for id_, alias in aliases.items()
    }
    opaque = set(on_cycles(inside))
    levels: dict[str, int] = {}
    for component in components(inside):
        for id_ in component:
            inner = (levels[other] for other in inside[id_] if other not in opaque)
            levels[id_] = 1 + max(inner, default=0)
            if levels[id_] == _MOST_LEVELS:
                opaque.add(id_)
    return frozenset(opaque)
