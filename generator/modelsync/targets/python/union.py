"""Unions within unions without discriminator, read and written as one.

A function for each union on the way would be a frame of the stack for each level of a document:
Python has 1,000, and documents nest 200 deep.
"""

from __future__ import annotations

from dataclasses import dataclass

from modelsync.errors import Position
from modelsync.schema.ir import Schema, Type, Union, union_of
from modelsync.schema.meaning import kinds
from modelsync.schema.unions import Branch, branches
from modelsync.targets.base import member_places


@dataclass(frozen=True, slots=True)
class Asked:
    """The types that are asked about a value of one kind, in order, and the union they are of.

    `alone` says that there is no other, so that its error is the union's.
    """

    union: Union
    leaves: tuple[Type, ...]
    alone: bool


def leaves_of(schema: Schema, union: Union) -> dict[Type, Position]:
    """Return the members of a union, and where each stands, with those of unions in their place.

    Each comes once and in order; where it stands is where the member of `union` does.
    """
    found: dict[Type, Position] = {}
    unions: set[str] = set()
    for member, place in zip(union.members, member_places(union), strict=True):
        waiting = [member]
        while waiting:
            type_ = waiting.pop(0)
            inner = union_of(schema, type_)
            if inner is None:
                found.setdefault(type_, place)
            elif inner.id not in unions:
                unions.add(inner.id)
                waiting[:0] = inner.members
    return found


def asked_of(schema: Schema, union: Union, branch: Branch) -> Asked:
    """Return which types a branch of a union asks."""
    while len(branch.members) == 1:
        member = union.members[branch.members[0]]
        inner = union_of(schema, member)
        if inner is None:
            return Asked(union, (member,), alone=True)
        union = inner
        branch = next(each for each in branches(schema, union) if each.kind == branch.kind)
    leaves = (leaf for leaf in leaves_of(schema, union) if branch.kind in kinds(schema, leaf))
    return Asked(union, tuple(leaves), alone=False)
