"""What pages say about the constraints of a field, with those of the aliases in its type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from modelsync.schema.constraints import NONE, Constraints
from modelsync.schema.definitions import Alias, Union
from modelsync.schema.schema import Schema
from modelsync.schema.types import AnyOf, Limited, Nullable, Ref, Type
from modelsync.targets.limits import sentences_of


def constraint_sentences(schema: Schema, type_: Type) -> str:
    """Return the sentences about the constraints of a type, because pages do not show aliases."""
    return sentences_of(_limits(schema, type_, NONE))


def _limits(schema: Schema, type_: Type, outer: Constraints) -> Iterator[Limited]:
    """Yield each type that has constraints, with all that apply to it.

    `outer` are those of the aliases and the field that refer to the type.
    """
    match type_:
        case Nullable(inner=inner):
            yield from _limits(schema, inner, outer)
        case AnyOf(members=members):
            for member in members:
                yield from _limits(schema, member, outer)
        case Ref() if isinstance(alias := schema[type_], Alias):
            yield from _limits(schema, alias.type, outer)
        case Ref() if isinstance(alias := schema[type_], Union) and alias.is_alias:
            yield from _limits(schema, AnyOf(alias.members), outer)
        case Limited(constraints=constraints, inner=inner):
            together = outer.combined(constraints)
            yield from _limits(schema, inner, together)
            if together.pattern != constraints.pattern and constraints.pattern is not None:
                yield replace(type_, constraints=Constraints(pattern=constraints.pattern))
        case _:
            if outer:
                yield Limited(type_, outer)
