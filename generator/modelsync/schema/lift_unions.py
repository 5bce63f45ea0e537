"""Turn unions inside fields into definitions.

`content: string | list[Part]` needs a name in Go, and a name does no harm in other languages, so
all code targets use the lifted schema. The name consists of the model's name, the field's name, and
`Item` or `Value` if the union is in a list or a map. Two unions in different lists and maps of a
field may need the whole path: `Item` or `Value` for each of them. A union of only string literals,
or of only integer literals, becomes a closed enum.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, replace
from typing import Final

from modelsync.errors import Position
from modelsync.naming import pascal
from modelsync.schema.definitions import (
    Alias,
    Definition,
    Enum,
    EnumValue,
    Field,
    Model,
    Union,
    refs_of,
    types_of,
    with_types,
)
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
    has_union,
    rebuilt,
)


def _without_externals(schema: Schema) -> Schema:
    """Return `schema` with `any` instead of each external type: code accepts any JSON there."""
    externals = {
        item.id
        for item in schema.definitions
        if isinstance(item, Union) and item.external is not None
    }
    return without(schema, externals) if externals else schema


def without(schema: Schema, ids: Collection[str]) -> Schema:
    """Return `schema` without some definitions, with `any` instead of each reference to them."""
    any_ = Scalar("any")

    def anything(type_: Type) -> Type:
        return rebuilt(type_, without_ids)

    def without_ids(part: Type) -> Type:
        match part:
            case Ref(id=id_) if id_ in ids:
                return any_
            case Limited(inner=inner) | Nullable(inner=inner) if inner == any_:
                return any_
            case AnyOf(members=members) if any_ in members:
                return any_
            case _:
                return part

    def reduced(item: Definition) -> Definition:
        match item:
            case _ if not any(ref.id in ids for ref in refs_of(item)):
                return item
            case Union(members=members):
                bare_members = tuple(dict.fromkeys(anything(member) for member in members))
                return replace(item, members=bare_members, member_positions=())
            case _:
                return with_types(item, anything)

    return Schema(tuple(reduced(item) for item in schema.definitions if item.id not in ids))


def lift_unions(schema: Schema) -> Schema:
    """Return `schema` with each :class:`AnyOf` turned into a definition and a reference to it.

    External types become `any`.
    """
    known = schema.derived.get("lift_unions")
    if known is None:
        known = _lift_unions(schema)
        if known is not schema:  # or it would keep itself alive
            schema.derived["lift_unions"] = known
    return known


def _lift_unions(schema: Schema) -> Schema:
    schema = _without_externals(schema)
    if not schema.has_inline_unions:
        return schema  # what it has computed about itself is still valid
    definitions: list[Definition] = []
    inherited: set[tuple[str, str]] = set()
    for definition in schema.definitions:
        lifted: list[Definition] = []
        if isinstance(definition, Model):
            definitions.append(_lift_model(schema, definition, lifted, inherited))
        else:
            definitions.append(_lift_definition(definition, lifted))
        definitions += lifted
    return Schema(tuple(definitions))


def lifted_name(definition: Definition, json_key: str) -> str:
    """Return the name of a union inside the field `json_key` of `definition`.

    Names of definitions are ASCII, because files are named after them. Accents are dropped. A field
    without any ASCII letter or digit gives no name, which a rule reports.
    """
    ascii_key = unicodedata.normalize("NFKD", json_key).encode("ascii", "ignore").decode("ascii")
    return definition.name + pascal(ascii_key)


def _lift_model(
    schema: Schema, model: Model, lifted: list[Definition], inherited: set[tuple[str, str]]
) -> Model:
    """Return a model with references instead of unions, and add the unions to `lifted`.

    The unions of an inherited field are definitions of the model that it comes from. They are added
    here if that model is not in the schema, and the field is not in `inherited`.
    """
    if not any(map(has_union, types_of(model))):
        return model
    fields = []
    for field in model.parts:
        if not has_union(field.type):
            fields.append(field)
            continue
        owner, place = _owner(schema, model, field), lifted
        if field.origin and (owner.id in schema.by_id or (owner.id, field.json_key) in inherited):
            place = []
        elif field.origin:
            inherited.add((owner.id, field.json_key))
        name = lifted_name(owner, field.json_key)
        fields.append(
            replace(field, type=_lift(field.type, owner, name, field.type_position, place))
        )
    if model.additional_type is None:
        return replace(model, fields=tuple(fields))
    *fields, additional = fields
    assert isinstance(additional.type, MapOf)
    return replace(model, fields=tuple(fields), additional_properties=additional.type.value)


def _owner(schema: Schema, model: Model, field: Field) -> Definition:
    """Return the model that a field comes from, or one with its name if the schema has none."""
    if not field.origin:
        return model
    package, _, name = field.origin.rpartition(".")
    missing = Model(name=name, package=package, inferred=model.inferred)
    return schema.by_id.get(field.origin, missing)


def _lift_definition(definition: Definition, lifted: list[Definition]) -> Definition:
    match definition:
        case Union(is_alias=True) if enum := _enum(definition.members, definition.position):
            return replace(enum, **{name: getattr(definition, name) for name in _SHARED})
        case Union(members=members):
            lifting = _Lifting(definition, definition.position, lifted, _is_short(AnyOf(members)))
            lifted_members = (lifting.lift(member, definition.name) for member in members)
            return replace(definition, members=tuple(lifted_members))
        case Alias(type=type_, type_position=position):
            return replace(
                definition, type=_lift(type_, definition, definition.name, position, lifted)
            )
        case _:
            return definition


def _lift(
    type_: Type, owner: Definition, name: str, position: Position, lifted: list[Definition]
) -> Type:
    return _Lifting(owner, position, lifted, _is_short(type_)).lift(type_, name)


def _is_short(type_: Type) -> bool:
    """Return whether the unions in a type have different names with one `Item` or `Value` each."""
    names = [*_suffixes(type_, "")]
    return len(set(names)) == len(names)


def _suffixes(type_: Type, before: str, inside: str = "") -> Iterator[str]:
    """Yield the short suffix of each union in a type."""
    match type_:
        case ListOf(item=item):
            yield from _suffixes(item, before, "Item")
        case MapOf(value=value):
            yield from _suffixes(value, before, "Value")
        case Nullable(inner=inner) | Limited(inner=inner):
            yield from _suffixes(inner, before, inside)
        case AnyOf(members=members):
            yield before + inside
            for member in members:
                yield from _suffixes(member, before + inside)
        case _:
            pass


@dataclass(frozen=True, slots=True)
class _Lifting:
    """Turns the unions in one type into definitions."""

    owner: Definition
    position: Position
    lifted: list[Definition]
    short: bool
    """Whether the names only have the innermost list or map around each union."""

    def lift(self, type_: Type, name: str, inside: str = "") -> Type:
        """Return a type with references; `inside` is what is around it, for its name."""
        outer = "" if self.short else inside
        match type_:
            case ListOf(item=item):
                return ListOf(self.lift(item, name, f"{outer}Item"))
            case MapOf(value=value):
                return MapOf(self.lift(value, name, f"{outer}Value"))
            case Nullable(inner=inner):
                return Nullable(self.lift(inner, name, inside))
            case Limited(inner=inner):
                return replace(type_, inner=self.lift(inner, name, inside))
            case AnyOf(members=members):
                return self._defined(members, name + inside)
            case _:
                return type_

    def _defined(self, members: tuple[Type, ...], name: str) -> Ref:
        definition = _definition(members, self.owner, name, self.position)
        index = len(self.lifted)
        self.lifted.append(definition)
        if isinstance(definition, Union):
            inner_members = tuple(self.lift(member, name) for member in members)
            self.lifted[index] = replace(definition, members=inner_members)
        return Ref(definition.id, self.position)


def _definition(
    members: tuple[Type, ...], owner: Definition, name: str, position: Position
) -> Enum | Union:
    enum = _enum(members, position)
    if enum is not None:
        return replace(enum, name=name, package=owner.package, inferred=owner.inferred)
    return Union(
        name=name,
        package=owner.package,
        inferred=owner.inferred,
        position=position,
        members=members,
        lifted=True,
        member_positions=(position,) * len(members),
    )


def _enum(members: tuple[Type, ...], position: Position) -> Enum | None:
    """Return an enum of literals of the same kind, still without a name; None for other types."""
    constants = [member.value for member in members if isinstance(member, Constant)]
    same_kind = len({type(value) for value in constants}) == 1
    if len(constants) < len(members) or not same_kind or isinstance(constants[0], bool):
        return None
    return Enum(
        name="",
        position=position,
        type="string" if isinstance(constants[0], str) else "int64",
        values=tuple(EnumValue(value, position=position) for value in constants),
    )


_SHARED: Final = {each.name for each in fields(Enum)} & {each.name for each in fields(Union)}
"""The attributes that an alias of literals has as an enum, too."""
