"""Which definitions have documents that end, although definitions can refer to themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from modelsync.schema.definitions import Alias, Definition, Enum, Model, Union
from modelsync.schema.schema import Schema
from modelsync.schema.types import (
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
    unlimited,
)


def finite_definitions(schema: Schema) -> frozenset[str]:
    """Return the ids of the definitions that have a finite document.

    Visits each reference once, when its target turns out to be finite.
    """
    finite: set[str] = set()
    # For each definition: how many of its parts are not known to be finite yet, and which parts of
    # others depend on it. A model needs all required fields to be finite, a union one member.
    open_parts: dict[str, int] = {}
    waiting: dict[str, list[tuple[str, int]]] = {}
    ended_parts: set[tuple[str, int]] = set()
    newly_finite = []
    for definition in schema.definitions:
        parts = _parts_to_end(definition)
        for number, ids in enumerate(parts):
            for id_ in ids:
                waiting.setdefault(id_, []).append((definition.id, number))
        open_parts[definition.id] = len(parts)
        if not parts:
            newly_finite.append(definition.id)
    while newly_finite:
        id_ = newly_finite.pop()
        finite.add(id_)
        for part in waiting.get(id_, ()):
            if part not in ended_parts:
                ended_parts.add(part)
                open_parts[part[0]] -= 1
                if not open_parts[part[0]]:
                    newly_finite.append(part[0])
    return frozenset(finite)


def _parts_to_end(definition: Definition) -> list[list[str]]:
    """Return the references of each part of a definition that is not finite by itself."""
    match definition:
        case Model(fields=fields):
            types = [field.type for field in fields if field.required]
        case Union(members=members):
            types = [AnyOf(members)]
        case Alias(type=type_):
            types = [type_]
        case Enum():
            types = []
    return [[ref.id for ref in _alternatives(type_)] for type_ in types if not is_finite(type_, ())]


def _alternatives(type_: Type) -> Iterator[Ref]:
    """Yield the references of which one must be finite."""
    for member in type_.members if isinstance(type_, AnyOf) else (type_,):
        bare = unlimited(member)
        if isinstance(bare, AnyOf):
            yield from _alternatives(bare)
        elif isinstance(bare, Ref):
            yield bare


def is_finite(type_: Type, finite: Collection[str]) -> bool:
    """Return whether a type has a finite value, if `finite` has the ids of such definitions."""
    match type_:
        case Ref(id=id_):
            return id_ in finite
        case AnyOf(members=members):
            return any(is_finite(member, finite) for member in members)
        case Limited(inner=inner):
            return is_finite(inner, finite)
        case ListOf() | MapOf() | Nullable() | Scalar() | Constant():
            return True
