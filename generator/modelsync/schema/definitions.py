"""Definitions: models with their fields, enums with their values, unions and aliases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from modelsync.errors import NOWHERE, Position
from modelsync.schema.types import MapOf, Nullable, Ref, Scalar, ScalarName, Type, refs_in
from modelsync.schema.values import Object, Value, nothing

if TYPE_CHECKING:  # not needed to start a command
    from modelsync.schema.page_overrides import DefinitionPage, FieldPage, ValuePage

Names: TypeAlias = Mapping[str, str]
"""The identifier by target, to replace the derived one."""

Tag: TypeAlias = str | int | bool
"""A value of the discriminator of a union."""


def tag_text(tag: Tag) -> str:
    """Return a discriminator value as text, without quotes."""
    return tag if isinstance(tag, str) else str(tag).lower()


_SCALARS_OF_TAGS: Final[Mapping[str, ScalarName]] = {
    "str": "string",
    "int": "int64",
    "bool": "bool",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a model: a key of its JSON object."""

    json_key: str
    type: Type
    required: bool = False
    """Whether the key must be present. Whether the value may be null is part of `type`."""
    description: str = ""
    examples: tuple[Value, ...] = ()
    default: Value = None
    has_default: bool = False
    """Whether there is a default, which may be null."""
    format: str = ""
    """A form of the value that is documented and not checked, such as `snowflake`."""
    deprecated: str | None = None
    """The reason, empty if there is none; None if the field is not deprecated."""
    read_only: bool = False
    """Whether only the server sets the field. Documented, and left out of request types."""
    write_only: bool = False
    """Whether only clients set the field. Documented, and left out of response types."""
    names: Names = field(default_factory=nothing)
    only: tuple[str, ...] = ()
    """The languages that have the field; empty for all."""
    pages: Mapping[str, FieldPage] = field(default_factory=nothing)
    """How the pages of a language show it differently, by language."""
    extensions: Mapping[str, Value] = field(default_factory=nothing)
    """The keys of the spec that start with `x-`, for templates."""
    origin: str = ""
    """The id of the model whose spec has the field; empty for the model that it is in."""
    position: Position = field(default=NOWHERE, compare=False)
    names_position: Position = field(default=NOWHERE, compare=False)
    type_position: Position = field(default=NOWHERE, compare=False)

    @property
    def nullable(self) -> bool:
        """Whether the value may be null, which differs from an absent key."""
        return isinstance(self.type, Nullable)

    @property
    def bare_type(self) -> Type:
        """The type without `| null`."""
        return self.type.inner if isinstance(self.type, Nullable) else self.type


@dataclass(frozen=True, slots=True)
class EnumValue:
    """One value of an enum."""

    json_value: str | int
    description: str = ""
    deprecated: str | None = None
    names: Names = field(default_factory=nothing)
    only: tuple[str, ...] = ()
    pages: Mapping[str, ValuePage] = field(default_factory=nothing)
    extensions: Mapping[str, Value] = field(default_factory=nothing)
    """The keys of the spec that start with `x-`, for templates."""
    position: Position = field(default=NOWHERE, compare=False)
    names_position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, kw_only=True)
class _Definition:
    name: str
    package: str = ""
    description: str = ""
    deprecated: str | None = None
    names: Names = field(default_factory=nothing)
    inferred: bool = False
    only: tuple[str, ...] = ()
    pages: Mapping[str, DefinitionPage] = field(default_factory=nothing)
    extensions: Mapping[str, Value] = field(default_factory=nothing)
    """The keys of the spec that start with `x-`, for templates."""
    position: Position = field(default=NOWHERE, compare=False)
    names_position: Position = field(default=NOWHERE, compare=False)

    @cached_property
    def id(self) -> str:
        """The id by which a :class:`Ref` names this definition."""
        return f"{self.package}.{self.name}" if self.package else self.name

    @property
    def spec(self) -> str:
        """The path of the spec that contains this definition, with `/`."""
        return self.position.path


@dataclass(frozen=True, kw_only=True)
class Model(_Definition):
    """A named record."""

    fields: tuple[Field, ...] = ()
    """All fields, also those that the model inherits: each of these has an `origin`."""
    extends: tuple[str, ...] = ()
    """The ids of the models whose fields come first."""
    abstract: bool = False
    """Whether the model exists only for others to extend. No target has it."""
    additional_properties: Type | Literal[False] | None = None
    """What keys that no field has mean: None if they are ignored, False if they are refused, and
    the type of their values if they are kept."""
    additional_origin: str = ""
    """The id of the model whose spec has `additionalProperties`; empty for the model itself."""
    example: Object | None = None
    ignored_keys: frozenset[str] = frozenset()
    """The JSON keys that code ignores, although it may refuse or keep other unknown keys."""
    extends_positions: tuple[Position, ...] = field(default=(), compare=False)
    additional_position: Position = field(default=NOWHERE, compare=False)

    @property
    def own_fields(self) -> Iterator[Field]:
        """The fields that the spec of the model has itself."""
        return (field for field in self.fields if not field.origin)

    @property
    def own_parts(self) -> Iterator[Field]:
        """The :attr:`parts` that the spec of the model has itself."""
        return (part for part in self.parts if not part.origin)

    @cached_property
    def by_json_key(self) -> Mapping[str, Field]:
        """The fields by JSON key."""
        return {field.json_key: field for field in self.fields}

    @property
    def additional_type(self) -> Type | None:
        """The type of the additional properties, if the model keeps them."""
        return self.additional_properties or None

    @property
    def parts(self) -> Iterator[Field]:
        """The fields, and one more for the additional properties, as a map, if they are kept."""
        yield from self.fields
        if self.additional_type is not None:
            at = self.additional_position
            map_ = MapOf(self.additional_type)
            yield Field(
                "additionalProperties",
                map_,
                origin=self.additional_origin,
                position=at,
                type_position=at,
            )


@dataclass(frozen=True, kw_only=True)
class Enum(_Definition):
    """A named set of strings or of integers. An open enum accepts unknown values."""

    values: tuple[EnumValue, ...] = ()
    type: Literal["string", "int64"] = "string"
    open: bool = False
    example: Value = None

    @cached_property
    def json_values(self) -> frozenset[str | int]:
        """The JSON values."""
        return frozenset(value.json_value for value in self.values)


@dataclass(frozen=True, kw_only=True)
class Alias(_Definition):
    """A name for a type. It may add constraints; nothing else distinguishes it from the type.

    An alias of `A | B` is a :class:`Union`, which languages have a name for anyway.
    """

    type: Type
    """Never a Nullable or an AnyOf."""
    nullable: bool = False
    """Whether it is written as `T | null`: then each reference to it is inside a Nullable."""
    format: str = ""
    """As in :class:`Field`."""
    example: Value = None
    type_position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class External:
    """How docs show a type that no spec defines, such as an HTTP response."""

    shown: Mapping[str, str]
    """The type as written, by language."""
    links: Mapping[str, str] = field(default_factory=nothing)
    """The link target, in languages that show it as a link."""


class TagPlace(NamedTuple):
    """The position of one entry in the `mapping` of a union."""

    tag: Position
    member: Position


@dataclass(frozen=True, kw_only=True)
class Union(_Definition):
    """One of several types.

    With a discriminator, all members are models, or unions with the same discriminator, and the
    value of that field selects the member. Without one, code decodes with the first member that
    accepts the document; see :mod:`modelsync.schema.meaning`.
    """

    members: tuple[Type, ...] = ()
    discriminator: str | None = None
    """The JSON key of the field that selects the member."""
    mapping: tuple[tuple[Tag, str], ...] = ()
    """Pairs of a discriminator value and the id of its member, in the order of the spec; the values
    of members that are unions come last."""
    tag_kinds: frozenset[str] = field(default=frozenset(), init=False)
    """The names of the Python types of the discriminator values, as in :class:`Constant`."""
    tag_places: Mapping[Tag, TagPlace] = field(default_factory=dict, compare=False)
    """The positions in the written mapping, by the discriminator value."""
    absent_tag: str | None = None
    """The id of the member that an object without the discriminator is."""
    open: bool = False
    """Whether objects with an unknown discriminator value are kept as they are."""
    example: Value = None
    lifted: bool = False
    """Whether the union was written inside a field, and got a name because languages need one."""
    external: External | None = None
    """If set, the only member is `any`: documents may contain anything there."""
    overlapping: bool = False
    """Whether earlier members may cover later ones."""
    is_alias: bool = False
    """Whether it is written as an alias of `A | B`."""
    nullable: bool = False
    """As in :class:`Alias`."""
    format: str = ""
    """As in :class:`Field`, for an alias."""
    member_positions: tuple[Position, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        kinds = frozenset(type(value).__name__ for value, _ in self.mapping)
        object.__setattr__(self, "tag_kinds", kinds)

    @property
    def tag_scalar(self) -> ScalarName:
        """The scalar that all discriminator values have."""
        return _SCALARS_OF_TAGS[next(iter(self.tag_kinds), "str")]

    @cached_property
    def tags(self) -> Mapping[str, tuple[Tag, ...]]:
        """The values of the discriminator for each member, by the member's id."""
        values_by_id: dict[str, list[Tag]] = {}
        for value, id_ in self.mapping:
            values_by_id.setdefault(id_, []).append(value)
        return {id_: tuple(values) for id_, values in values_by_id.items()}

    @cached_property
    def by_tag(self) -> Mapping[Tag, str]:
        """The id of the member for each value of the discriminator."""
        return dict(self.mapping)

    @property
    def positions(self) -> tuple[Position, ...]:
        """The positions of the members, in order; the union's own if the members have none."""
        return self.member_positions or (self.position,) * len(self.members)

    @cached_property
    def places(self) -> Mapping[Type, Position]:
        """The position of each member, by the member."""
        return dict(zip(self.members, self.positions, strict=True))

    def tag_field(self, model: Model) -> Field | None:
        """Return the field of a member that holds the discriminator, if it declares one."""
        return None if self.discriminator is None else model.by_json_key.get(self.discriminator)


Definition: TypeAlias = Model | Enum | Union | Alias


def types_of(definition: Definition) -> Iterator[Type]:
    """Yield the type of each field or member, as written, and that of an alias."""
    match definition:
        case Model(fields=fields):
            for item in fields:
                yield item.type
            if definition.additional_type is not None:
                yield definition.additional_type
        case Union(members=members):
            yield from members
        case Alias(type=type_):
            yield type_
        case Enum():
            pass


def refs_of(definition: Definition) -> Iterator[Ref]:
    """Yield every reference that `definition` makes, in order."""
    for type_ in types_of(definition):
        if type(type_) is not Scalar:  # as most are
            yield from refs_in(type_)


def named_items(definition: Definition) -> Iterator[Definition | Field | EnumValue]:
    """Yield everything in a definition that can have `names`: itself, its fields or its values."""
    yield definition
    match definition:
        case Model(fields=fields):
            yield from fields
        case Enum(values=values):
            yield from values
        case Union() | Alias():
            pass


def kind_of_definition(definition: Definition) -> str:
    """Return what a definition is, in one word, such as `model`."""
    if isinstance(definition, Union) and definition.is_alias:
        return "alias"
    return type(definition).__name__.lower()


def with_types(definition: Definition, change: Callable[[Type], Type]) -> Definition:
    """Return a definition with each of its :func:`types_of` changed."""
    match definition:
        case Model(fields=fields):
            changed = tuple(replace(field, type=change(field.type)) for field in fields)
            return with_additional(replace(definition, fields=changed), change)
        case Union(members=members):
            return replace(definition, members=tuple(map(change, members)))
        case Alias(type=type_):
            return replace(definition, type=change(type_))
        case Enum():
            return definition


def with_additional(model: Model, change: Callable[[Type], Type]) -> Model:
    """Return a model with the type of its additional properties changed, if it keeps them."""
    if model.additional_type is None:
        return model
    return replace(model, additional_properties=change(model.additional_type))
