"""How code in every language distinguishes the members of a union without discriminator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from modelsync.schema.definitions import Union
from modelsync.schema.json_values import KINDS, kinds
from modelsync.schema.schema import Schema
from modelsync.schema.types import Type


@dataclass(frozen=True, slots=True)
class Branch:
    """The indexes of the union members that may accept one kind of value, in order."""

    kind: str
    members: tuple[int, ...]


def branches(
    schema: Schema,
    union: Union,
    all_kinds: Iterable[str] = KINDS,
    kinds_of: Callable[[Schema, Type], frozenset[str]] = kinds,
) -> tuple[Branch, ...]:
    """Return how a union without discriminator is decoded: a branch for each kind of JSON value.

    A branch with one member decodes with it; with several, the first one that accepts the value
    wins. Kinds without a branch are rejected. Values in memory may have other kinds than in JSON:
    then `all_kinds` has them in order, and `kinds_of` returns those of a type.
    """
    taken = [kinds_of(schema, member) for member in union.members]
    return tuple(
        Branch(kind, indexes)
        for kind in all_kinds
        if (indexes := tuple(i for i, of_member in enumerate(taken) if kind in of_member))
    )


def kinds_by_members(branches: Iterable[Branch]) -> Mapping[tuple[int, ...], list[str]]:
    """Return the kinds of the branches that have the same members, by those members."""
    kinds_of: dict[tuple[int, ...], list[str]] = {}
    for branch in branches:
        kinds_of.setdefault(branch.members, []).append(branch.kind)
    return kinds_of
