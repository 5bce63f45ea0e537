"""Which definitions of two schemas are the same one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from modelsync.schema.definitions import Alias, Definition, Enum, Model, Union, with_types
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref, Type, map_type


class Pair(NamedTuple):
    """A definition of the old schema, and what it is in the new one."""

    old: Definition
    new: Definition


class Pairs:
    """The definitions of two schemas: which ones both have, also under another id.

    A definition that only the old schema has, and one that only the new schema has, are the same
    one if they differ in nothing but their name or package, and no other definition does.
    """

    def __init__(self, old: Schema, new: Schema) -> None:
        self.old = old
        self.new = new
        self._apart: frozenset[str] = frozenset()

    @cached_property
    def kept(self) -> list[Pair]:
        """The definitions with the same id in both, in the order of the new schema."""
        by_id = self.old.by_id
        return [Pair(by_id[each.id], each) for each in self.new.definitions if each.id in by_id]

    @cached_property
    def renamed(self) -> list[Pair]:
        """The definitions with another id in the new schema."""
        gone, come = _only_in(self.old, self.new), _only_in(self.new, self.old)
        return [
            Pair(old, new)
            for outline, olds in gone.items()
            for old in olds
            if (new := _only_twin(old, come.get(outline, ()))) and _only_twin(new, olds)
        ]

    @cached_property
    def new_ids(self) -> Mapping[str, str]:
        """The id in the new schema of each definition of the old one that it has."""
        return {pair.old.id: pair.new.id for pair in (*self.kept, *self.renamed)}

    @cached_property
    def removed(self) -> list[Definition]:
        """The definitions that only the old schema has."""
        return [each for each in self.old.definitions if each.id not in self.new_ids]

    def is_same(self, old: str, new: str) -> bool:
        """Whether a definition of the old schema and one of the new schema are the same one."""
        return old not in self._apart and self.new_ids.get(old) == new

    @contextmanager
    def without(self, old: str) -> Iterator[None]:
        """Inside, a definition is not the same one in both schemas, so that its types count."""
        known, self._apart = self._apart, self._apart | {old}
        try:
            yield
        finally:
            self._apart = known

    def renewed(self, type_: Type) -> Type:
        """Return a type of the old schema with the ids of the new one."""
        return map_type(type_, self._renewed)

    def _renewed(self, leaf: Type) -> Type:
        if isinstance(leaf, Ref):
            # What the new schema does not have must not equal anything that it has.
            return Ref(self.new_ids.get(leaf.id, f"{leaf.id}?"))
        return leaf


def _only_in(schema: Schema, other: Schema) -> dict[tuple[object, ...], list[Definition]]:
    """Return the definitions whose id the other schema does not have, by their outline."""
    found: dict[tuple[object, ...], list[Definition]] = {}
    for each in schema.definitions:
        if each.id not in other.by_id:
            found.setdefault(_outline(each), []).append(each)
    return found


def _only_twin(definition: Definition, others: Sequence[Definition]) -> Definition | None:
    """Return the only other definition that differs in nothing but its name and its package."""
    twins = [other for other in others if _nameless(other) == _nameless(definition)]
    return twins[0] if len(twins) == 1 else None


def _nameless(definition: Definition) -> Definition:
    """Return a definition without its name, also where it refers to itself."""
    own = Ref(definition.id)
    bare = with_types(
        definition, lambda type_: map_type(type_, lambda leaf: Ref("") if leaf == own else leaf)
    )
    return replace(bare, name="", package="")


def _outline(definition: Definition) -> tuple[object, ...]:
    """Return what equals for all definitions that may be twins, and is fast to compare."""
    match definition:
        case Model(fields=fields):
            return ("model", *(field.json_key for field in fields))
        case Enum(json_values=values):
            return ("enum", values)
        case Union(members=members, is_alias=is_alias):
            return ("union", is_alias, len(members))
        case Alias():
            return ("alias",)
