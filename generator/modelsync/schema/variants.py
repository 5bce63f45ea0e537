"""Schema -> schema with the types of requests and of responses.

A request has no read-only fields, and a response has no write-only ones. Each definition that has
such a field, or leads to one, gets a variant: `OrderRequest`, `OrderResponse`. Inside a variant,
references lead to variants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final, NamedTuple

from modelsync.errors import NOWHERE, Problem
from modelsync.graphs import reachable
from modelsync.schema.covering import Covering, Earlier
from modelsync.schema.definitions import (
    Alias,
    Definition,
    Enum,
    Field,
    Model,
    Union,
    refs_of,
    with_additional,
)
from modelsync.schema.lift_unions import lift_unions
from modelsync.schema.schema import Schema
from modelsync.schema.type_expr import unparse
from modelsync.schema.types import Ref, Type, map_type
from modelsync.schema.values import NOTHING


class _Kind(NamedTuple):
    """A kind of variant."""

    suffix: str
    """What its name has in addition."""
    note: str
    """What its documentation has in addition."""
    is_removed: Callable[[Field], bool]
    """Whether it does not have a field."""


_KINDS: Final = (
    _Kind(
        "Request",
        "The type of {} in requests, without read-only fields.",
        lambda field: field.read_only,
    ),
    _Kind(
        "Response",
        "The type of {} in responses, without write-only fields.",
        lambda field: field.write_only,
    ),
)


def with_variants(schema: Schema) -> Schema:
    """Return `schema` with the variants after all other definitions."""
    return Schema((*schema.definitions, *_variants(schema)))


def variant_problems(schema: Schema) -> Iterator[Problem]:
    """Yield the problems of the variants that :func:`with_variants` adds to a schema."""
    taken = lift_unions(schema)
    for kind in _KINDS:
        for id_ in leading_to(schema, kind.is_removed):
            other = taken.by_id.get(f"{id_}{kind.suffix}")
            if other is not None:
                definition = schema.by_id[id_]
                yield Problem(
                    definition.position,
                    "MS085",
                    f"the {kind.suffix.lower()} variant of `{definition.name}` would be called"
                    f" `{other.name}`, which already exists",
                    help="rename one of the two, or turn off `variants`",
                    related=((other.position, f"`{other.name}` is defined here"),),
                )
    yield from _hidden_members(lift_unions(with_variants(schema)), taken)


def _variants(schema: Schema) -> Iterator[Definition]:
    for kind in _KINDS:
        affected = leading_to(schema, kind.is_removed)
        for definition in schema.definitions:
            # A name that is taken is a problem.
            if definition.id in affected and f"{definition.id}{kind.suffix}" not in schema.by_id:
                yield _Variant(kind, affected).of(definition)


def leading_to(schema: Schema, is_meant: Callable[[Field], bool]) -> list[str]:
    """Return the ids of the definitions that have such a field, or lead to one, in order."""
    users: dict[str, list[str]] = {}
    for definition in schema.definitions:
        for ref in refs_of(definition):
            users.setdefault(ref.id, []).append(definition.id)
    starts = [
        model.id
        for model in schema.definitions
        if isinstance(model, Model) and any(map(is_meant, model.fields))
    ]
    found = reachable(starts, users)
    return [definition.id for definition in schema.definitions if definition.id in found]


class _Variant:
    """Turns definitions into variants of one kind."""

    def __init__(self, kind: _Kind, affected: list[str]) -> None:
        self.kind = kind
        self.affected = frozenset(affected)

    def of(self, definition: Definition) -> Definition:
        """Return the variant of a definition."""
        suffix, note = self.kind.suffix, self.kind.note.format(definition.name)
        common: dict[str, Any] = {
            "name": f"{definition.name}{suffix}",
            "description": f"{definition.description}\n\n{note}".strip(),
            "names": {target: f"{name}{suffix}" for target, name in definition.names.items()},
            "pages": NOTHING,
            "example": None,
        }
        match definition:
            case Model(fields=fields):
                additional = self.additional(definition)
                removed = [field.json_key for field in fields if self.kind.is_removed(field)]
                return replace(
                    definition,
                    **common,
                    fields=tuple(
                        self.field(field, definition)
                        for field in fields
                        if not self.kind.is_removed(field)
                    ),
                    additional_properties=additional.additional_properties,
                    additional_origin=additional.additional_origin,
                    extends=(),
                    extends_positions=(),
                    ignored_keys=frozenset(removed),
                )
            case Union(members=members, mapping=mapping):
                return replace(
                    definition,
                    **common,
                    members=tuple(map(self.type, members)),
                    mapping=tuple((tag, self.id(id_)) for tag, id_ in mapping),
                    absent_tag=definition.absent_tag and self.id(definition.absent_tag),
                )
            case Alias(type=type_):
                return replace(definition, **common, type=self.type(type_))
            case Enum():
                raise AssertionError("an enum refers to nothing")

    def field(self, field: Field, model: Model) -> Field:
        """Return a field of a variant.

        A union in its type is that of the model that the field comes from, or of its variant.
        """
        type_ = self.type(field.type)
        if type_ == field.type:
            return replace(field, origin=field.origin or model.id)
        return replace(
            field, type=type_, origin=f"{field.origin}{self.kind.suffix}" if field.origin else ""
        )

    def additional(self, model: Model) -> Model:
        """Return a model with the additional properties of its variant, as :meth:`field` does."""
        if model.additional_type is None:
            return model
        changed = with_additional(model, self.type)
        if changed.additional_properties == model.additional_properties:
            return replace(changed, additional_origin=model.additional_origin or model.id)
        origin = model.additional_origin
        return replace(changed, additional_origin=f"{origin}{self.kind.suffix}" if origin else "")

    def type(self, type_: Type) -> Type:
        """Return a type with references to variants."""

        def leaf(type_: Type) -> Type:
            return replace(type_, id=self.id(type_.id)) if isinstance(type_, Ref) else type_

        return map_type(type_, leaf)

    def id(self, id_: str) -> str:
        """Return the id of the variant of a definition, or of the definition if it has none."""
        return f"{id_}{self.kind.suffix}" if id_ in self.affected else id_


def _hidden_members(schema: Schema, before: Schema) -> Iterator[Problem]:
    """Yield a problem for each member of a union variant that an earlier member accepts.

    `before` is the schema without variants. Both have their unions lifted.
    """
    covering = Covering(schema)
    for union in schema.definitions:
        if (
            not isinstance(union, Union)
            or union.id in before.by_id
            or union.overlapping
            or union.discriminator is not None
        ):
            continue
        others = Earlier(covering, union.members)
        for index, member in enumerate(union.members):
            for earlier in others.may_cover(member):
                if covering.settled(union.members[earlier], member):
                    yield _hidden(schema, union, earlier, index)
                    break
            others.add(index, member)


def _hidden(schema: Schema, union: Union, earlier: int, later: int) -> Problem:
    first, second = (_short(schema, union.members[index]) for index in (earlier, later))
    position = union.positions[later]
    return Problem(
        position if position != NOWHERE else union.position,
        "MS085",
        f"`{second}` in the variant `{union.name}` is unreachable: the earlier `{first}` accepts"
        " all of its values",
        help="distinguish them with a discriminator, or with a required field that only one of"
        " them has in the variant",
    )


def _short(schema: Schema, type_: Type) -> str:
    return unparse(type_, lambda ref: schema[ref].name)
