"""The schema: all definitions of a project, as one frozen value.

Every phase after the reader works on it and returns a new one instead of changing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from modelsync.graphs import components, on_cycles, reachable
from modelsync.schema.aliases import plain, resolved
from modelsync.schema.definitions import (
    Alias,
    Definition,
    Model,
    Union,
    refs_of,
    types_of,
)
from modelsync.schema.types import AnyOf, Limited, Nullable, Ref, Scalar, Type, unlimited, walk


@dataclass(frozen=True)
class Schema:
    """All definitions of a project, sorted by spec path and then by position."""

    definitions: tuple[Definition, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Definition]:
        """The definitions by id."""
        return {definition.id: definition for definition in self.definitions}

    @cached_property
    def _unions_within(self) -> Mapping[str, Sequence[str]]:
        """The ids of the unions and aliases that each union or alias directly stands for."""
        return {
            definition.id: [
                ref.id
                for member in types_of(definition)
                for ref in map(
                    unlimited, member.members if isinstance(member, AnyOf) else (member,)
                )
                if isinstance(ref, Ref) and isinstance(self.by_id.get(ref.id), Union | Alias)
            ]
            for definition in self.definitions
            if isinstance(definition, Union | Alias)
        }

    @cached_property
    def _union_components(self) -> Sequence[Sequence[str]]:
        return components(self._unions_within)

    @cached_property
    def union_depths(self) -> Mapping[str, int]:
        """The levels of unions and aliases in each. Those that lead to a cycle are omitted."""
        within = self._unions_within
        depths: dict[str, int] = {}
        for component in self._union_components:
            inner = [depths.get(id_) for id_ in within[component[0]]]
            inner_depths = [depth for depth in inner if depth is not None]
            if len(component) == 1 and len(inner_depths) == len(inner):
                depths[component[0]] = 1 + max(inner_depths, default=0)
        return depths

    @cached_property
    def union_cycles(self) -> Sequence[Sequence[str]]:
        """The ids of the unions and aliases that contain only themselves, also through others."""
        within = self._unions_within
        return [
            component
            for component in self._union_components
            if len(component) > 1 or component[0] in within[component[0]]
        ]

    @cached_property
    def circular_unions(self) -> frozenset[str]:
        """The ids in all :attr:`union_cycles`."""
        return frozenset(id_ for cycle in self.union_cycles for id_ in cycle)

    @cached_property
    def packages(self) -> Mapping[str, tuple[Definition, ...]]:
        """The definitions of each package, sorted by package."""
        by_package: dict[str, list[Definition]] = {}
        for definition in self.definitions:
            by_package.setdefault(definition.package, []).append(definition)
        return {package: tuple(by_package[package]) for package in sorted(by_package)}

    @cached_property
    def has_aliases(self) -> bool:
        """Whether a definition is an alias, other than of a union."""
        return any(isinstance(definition, Alias) for definition in self.definitions)

    @cached_property
    def _types(self) -> Sequence[Type]:
        """Every type of a field or member, and what is inside it.

        Those that are only a reference are omitted, and each scalar is there once.
        """
        types: list[Type] = []
        scalars: dict[str, Scalar] = {}
        for definition in self.definitions:
            for type_ in types_of(definition):
                if type(type_) is Scalar:  # faster than the general walk
                    scalars[type_.name] = type_
                elif type(type_) is not Ref:
                    types += walk(type_)
        return [*scalars.values(), *types]

    @cached_property
    def scalars(self) -> frozenset[str]:
        """The names of the scalars that fields, members and enums use."""
        return frozenset(type_.name for type_ in self._types if isinstance(type_, Scalar))

    @cached_property
    def constraints(self) -> frozenset[str]:
        """The names of the constraints that fields and members use."""
        return frozenset(
            name
            for type_ in self._types
            if isinstance(type_, Limited)
            for name, _ in type_.constraints.items()
        )

    @cached_property
    def derived(self) -> dict[str, Schema]:
        """Schemas that were computed from this one, so that each is computed once."""
        return {}

    @cached_property
    def has_inline_unions(self) -> bool:
        """Whether a field or a member has a union inside, or an alias is a union."""
        return any(type(type_) is AnyOf for type_ in self._types) or any(
            isinstance(definition, Union) and definition.is_alias for definition in self.definitions
        )

    @cached_property
    def recursive(self) -> frozenset[str]:
        """The ids of the definitions that lead back to themselves."""
        targets = {
            definition.id: [ref.id for ref in refs_of(definition) if ref.id in self.by_id]
            for definition in self.definitions
        }
        return on_cycles(targets)

    @cached_property
    def kinds_of_unions(self) -> dict[str, frozenset[str]]:
        """A cache: the kinds of JSON values that unions accept, by id."""
        return {}

    @cached_property
    def written_defaults(self) -> dict[object, Any]:
        """A cache: what a language encodes for an absent field with a default."""
        return {}

    def __getitem__(self, ref: Ref) -> Definition:
        return self.by_id[ref.id]

    def resolved(self, type_: Type) -> Type:
        """Return the type that an alias stands for, which is none itself; other types as given."""
        return resolved(self.by_id, type_) if type(type_) is Ref and self.has_aliases else type_

    def plain(self, type_: Type) -> Type:
        """Return :meth:`resolved` without the constraints of the type and of its aliases."""
        if type(type_) is Scalar or (type(type_) is Ref and not self.has_aliases):
            return type_  # as most are
        return plain(self.by_id, type_)

    def is_any(self, type_: Type) -> bool:
        """Return whether a type accepts any JSON value, also through an alias."""
        type_ = self.plain(type_)
        return type(type_) is Scalar and type_.name == "any"

    def takes_null(self, type_: Type) -> bool:
        """Return whether null is a value of a type that differs from an absent key."""
        return isinstance(type_, Nullable) or self.is_any(type_)

    def model(self, id_: str) -> Model:
        """Return a model by its id."""
        model = self.by_id[id_]
        assert isinstance(model, Model)
        return model


def union_of(schema: Schema, type_: Type) -> Union | None:
    """Return the union that `type_` refers to, if it has no discriminator."""
    type_ = schema.resolved(type_)
    definition = schema[type_] if isinstance(type_, Ref) else None
    if isinstance(definition, Union) and definition.discriminator is None:
        return definition
    return None


def leaves_of(schema: Schema, members: Iterable[Type]) -> Iterator[Type]:
    """Yield the members of a union, with the members of nested unions without discriminator.

    Yields each type once and in order, however deep the unions nest.
    """
    seen: set[Type] = set()
    waiting = [iter(members)]
    while waiting:
        type_ = next(waiting[-1], None)
        if type_ is None:
            waiting.pop()
        elif type_ not in seen:
            seen.add(type_)
            inner = union_of(schema, type_)
            if inner is not None:
                waiting.append(iter(inner.members))
            elif isinstance(type_, AnyOf):
                waiting.append(iter(type_.members))
            else:
                yield type_


def dangling(schema: Schema, missing: Iterable[str] = ()) -> set[str]:
    """Return the ids of the definitions that lead to a definition that `schema` does not have.

    Definitions in `missing` count as absent, too.
    """
    users: dict[str, list[str]] = {}
    for definition in schema.definitions:
        for ref in refs_of(definition):
            users.setdefault(ref.id, []).append(definition.id)
    starts = {*missing, *(users.keys() - schema.by_id.keys())}
    return reachable(starts, users) & schema.by_id.keys()
