"""Unions within unions without discriminator, decoded and encoded as one.

A function per union would add a stack frame per union at each level of a document, which some
languages cannot afford: Python allows 1,000 frames, and documents nest up to 200 levels deep.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from modelsync.errors import Position
from modelsync.schema.definitions import Union
from modelsync.schema.json_values import kinds
from modelsync.schema.schema import Schema, union_of
from modelsync.schema.types import ListOf, MapOf, Scalar, Type
from modelsync.schema.unions import Branch, branches


@dataclass(frozen=True, slots=True)
class Choice:
    """The types that may accept a JSON value of one kind, in order."""

    kind: str
    position: Position
    """The position of the only member of the outermost union for this kind, or of that union."""
    union: Union
    """The innermost union that has all of them."""
    leaves: tuple[Type, ...]
    is_single: bool
    """Whether only this type is possible in each union on the way: its error is the union's."""


def leaf_positions(schema: Schema, union: Union) -> dict[Type, Position]:
    """Return the members of a union in order, with nested unions replaced by their members.

    The position is that of the member of `union` which leads there first.
    """
    positions: dict[Type, Position] = {}
    unions: set[str] = set()
    places = union.member_positions or (union.position,) * len(union.members)
    for member, position in zip(union.members, places, strict=True):
        waiting = [member]
        while waiting:
            type_ = waiting.pop(0)
            nested = union_of(schema, type_)
            if nested is None:
                positions.setdefault(type_, position)
            elif nested.id not in unions:
                unions.add(nested.id)
                waiting[:0] = nested.members
    return positions


def choices_of(schema: Schema, union: Union) -> Iterator[Choice]:
    """Yield the choice for each kind of JSON value that a union accepts."""
    for branch in branches(schema, union):
        is_one = len(branch.members) == 1
        first = union.members[branch.members[0]]
        position = union.places[first] if is_one else union.position
        yield _choice(schema, union, branch, position)


def _choice(schema: Schema, union: Union, branch: Branch, position: Position) -> Choice:
    while len(branch.members) == 1:
        member = union.members[branch.members[0]]
        nested = union_of(schema, member)
        if nested is None:
            return Choice(branch.kind, position, union, (member,), is_single=True)
        union = nested
        branch = next(other for other in branches(schema, union) if other.kind == branch.kind)
    leaves = (leaf for leaf in leaf_positions(schema, union) if branch.kind in kinds(schema, leaf))
    return Choice(branch.kind, position, union, tuple(leaves), is_single=False)


def containers_told_by_type(schema: Schema, leaves: Collection[Type]) -> Iterator[Type]:
    """Yield the list and the map of a union, each if only its type is needed to select it.

    Then no members have to be tried in turn, which takes many times as long.
    """
    plain = {leaf: schema.plain(leaf) for leaf in leaves}
    if Scalar("any") in plain.values():
        return
    for kind in (ListOf, MapOf):
        of_kind = [leaf for leaf in leaves if isinstance(plain[leaf], kind)]
        if len(of_kind) == 1 and isinstance(schema.resolved(of_kind[0]), kind):
            yield of_kind[0]
