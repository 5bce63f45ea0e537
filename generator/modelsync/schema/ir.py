"""The schema: all definitions of a project, as frozen values.

Every phase after the reader works on these values and returns new ones instead of changing them.
Positions are kept for messages and ignored in comparisons, so schemas from different files can be
equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from modelsync.errors import Position
from modelsync.graphs import components, on_cycles, reachable
from modelsync.schema.constraints import Constraints

SCALARS: Final = (
    "string",
    "bool",
    "int32",
    "int64",
    "uint32",
    "uint64",
    "float32",
    "float64",
    "decimal",
    "datetime",
    "date",
    "time",
    "duration",
    "uuid",
    "uri",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "bytes",
    "any",
)
ScalarName: TypeAlias = Literal[
    "string",
    "bool",
    "int32",
    "int64",
    "uint32",
    "uint64",
    "float32",
    "float64",
    "decimal",
    "datetime",
    "date",
    "time",
    "duration",
    "uuid",
    "uri",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "bytes",
    "any",
]

INTEGERS: Final[Mapping[str, range]] = {
    "int32": range(-(2**31), 2**31),
    "int64": range(-(2**63), 2**63),
    "uint32": range(2**32),
    "uint64": range(2**64),
}
"""The scalars that are integers, with their values."""
NUMBERS: Final = frozenset({*INTEGERS, "float32", "float64"})
"""The scalars that are numbers in JSON."""
TEXTS: Final = frozenset(SCALARS) - NUMBERS - {"bool", "any"}
"""The scalars that are strings in JSON."""

NOWHERE: Final = Position("")
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return NOTHING


@dataclass(frozen=True, slots=True)
class Object:
    """A JSON object in an example or a default, in the order written."""

    items: tuple[tuple[str, Value], ...] = ()


Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | Object | None"
"""A JSON value of a spec, frozen and hashable: arrays are tuples, objects are :class:`Object`.

Documents that are decoded or encoded are :data:`modelsync.schema.json_values.Json` instead, as
:mod:`json` reads and writes them."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A built-in type. docs/spec-language.md has the JSON form of each one."""

    name: ScalarName


@dataclass(frozen=True, slots=True)
class ListOf:
    """`list[T]`: a JSON array."""

    item: Type


@dataclass(frozen=True, slots=True)
class MapOf:
    """`map[T]`: a JSON object with arbitrary keys and values of one type."""

    value: Type


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to a definition by its id: `package.Name`, or `Name` in the root package."""

    id: str
    position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal type: exactly this string, integer or boolean."""

    value: str | int | bool
    kind: str = ""
    """The name of the value's Python type. Without it, Python would equate `1` and `true`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", type(self.value).__name__)


@dataclass(frozen=True, slots=True)
class Nullable:
    """`T | null`. Never nested, and never around `any`, which accepts null already."""

    inner: Type


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`A | B`, written where it is used. At least two members, none nullable, none an AnyOf."""

    members: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Limited:
    """A type whose values must satisfy constraints. Never around a Nullable, an AnyOf or itself.

    Type expressions cannot say it: the constraints of a field apply to each alternative of its
    type that they can be about.
    """

    inner: Type
    constraints: Constraints
    scalar: str = ""
    """The scalar whose values are limited, also through an alias; empty for a list or a map."""

    def __post_init__(self) -> None:
        if isinstance(self.inner, Scalar):
            object.__setattr__(self, "scalar", self.inner.name)


Type: TypeAlias = "Scalar | ListOf | MapOf | Ref | Constant | Nullable | AnyOf | Limited"

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
class FieldPage:
    """How the pages of one language show a field differently. None means no difference."""

    name: str | None = None
    type: Type | None = None
    nullable: bool | None = None
    wrapper: str | None = None
    """The wrapper of the type in Python, if it contradicts the rest of the page: `Optional`,
    `Nullable`, `OptionalNullable` or `none`."""
    cell: str | None = None
    """The text of the type's cell, if no type produces it."""
    required: bool | None = None
    description: str | None = None
    examples: tuple[str, ...] | None = None
    """The text of each example in its cell."""
    deprecated: str | Literal[False] | None = None
    """The reason on the page, empty without a reason, and False if not deprecated."""


@dataclass(frozen=True, slots=True)
class ValuePage:
    """How the pages of one language show an enum value differently."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class DefinitionPage:
    """How the page of one language shows a definition differently. None means no difference."""

    shown: bool = True
    """Whether there is a page at all."""
    name: str | None = None
    """The title."""
    file: str | None = None
    """The file name of the page, without its extension."""
    module: str | None = None
    """The file that examples import from, if it is not the file of the page."""
    description: str | None = None
    deprecated: str | Literal[False] | None = None
    """As in :class:`FieldPage`."""
    open: bool | None = None
    """Whether the page shows an enum, or a union in Go, as open."""
    named: bool | None = None
    """Whether the page of an enum has a table of names, if most pages differ."""
    usage: bool | None = None
    """Whether the page has an example, if most pages of its kind differ."""
    order: tuple[str, ...] | None = None
    """The JSON keys of all fields of the page, or the values of an enum, in order."""
    members: tuple[Type, ...] | None = None
    """The types on the page of a union."""
    tags: tuple[str, ...] | None = None
    """The names of a union's members on the page, if code has a name for each member."""
    example: Value = None
    """An example that need not match the fields."""
    examples: tuple[Value, ...] | None = None
    """An example for each member of a union."""
    code: str | None = None
    """The text of the example, if its value does not produce it."""
    heads: tuple[str, ...] | None = None
    """The heading of each union member."""
    codes: tuple[str, ...] | None = None
    """The text below the heading of each union member."""
    more: str | None = None
    """The text after all members of a union."""
    width: int | None = None
    """The width of the table's columns, if it is not that of the longest cell."""
    options: Mapping[str, str] = field(default_factory=_nothing)
    """The options of the Markdown target that differ on this page."""


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
    names: Names = field(default_factory=_nothing)
    only: tuple[str, ...] = ()
    """The languages that have the field; empty for all."""
    pages: Mapping[str, FieldPage] = field(default_factory=_nothing)
    """How the pages of a language show it differently, by language."""
    extensions: Mapping[str, Value] = field(default_factory=_nothing)
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
    names: Names = field(default_factory=_nothing)
    only: tuple[str, ...] = ()
    pages: Mapping[str, ValuePage] = field(default_factory=_nothing)
    extensions: Mapping[str, Value] = field(default_factory=_nothing)
    """The keys of the spec that start with `x-`, for templates."""
    position: Position = field(default=NOWHERE, compare=False)
    names_position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, kw_only=True)
class _Definition:
    name: str
    package: str = ""
    description: str = ""
    deprecated: str | None = None
    names: Names = field(default_factory=_nothing)
    inferred: bool = False
    only: tuple[str, ...] = ()
    pages: Mapping[str, DefinitionPage] = field(default_factory=_nothing)
    extensions: Mapping[str, Value] = field(default_factory=_nothing)
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
    links: Mapping[str, str] = field(default_factory=_nothing)
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


LEAVES: Final = frozenset({Scalar, Ref})
"""The classes of most types, which have nothing inside and are not literals."""


def walk(type_: Type) -> Iterator[Type]:
    """Yield `type_` and every type inside it, outermost first."""
    yield type_
    match type_:
        case ListOf(item=inner) | MapOf(value=inner) | Nullable(inner=inner) | Limited(inner=inner):
            yield from walk(inner)
        case AnyOf(members=members):
            for member in members:
                yield from walk(member)
        case _:
            pass


def map_type(type_: Type, change: Callable[[Type], Type]) -> Type:
    """Return `type_` with every leaf changed: scalars, references and literals."""
    match type_:
        case ListOf(item=item):
            return ListOf(map_type(item, change))
        case MapOf(value=value):
            return MapOf(map_type(value, change))
        case Nullable(inner=inner):
            return Nullable(map_type(inner, change))
        case AnyOf(members=members):
            return AnyOf(tuple(map_type(member, change) for member in members))
        case Limited(inner=inner):
            return replace(type_, inner=map_type(inner, change))
        case _:
            return change(type_)


def rebuilt(type_: Type, change: Callable[[Type], Type]) -> Type:
    """Return `type_` with every part changed, the whole type too; innermost first."""
    match type_:
        case ListOf(item=item):
            return change(ListOf(rebuilt(item, change)))
        case MapOf(value=value):
            return change(MapOf(rebuilt(value, change)))
        case Nullable(inner=inner):
            return change(Nullable(rebuilt(inner, change)))
        case AnyOf(members=members):
            return change(AnyOf(tuple(rebuilt(member, change) for member in members)))
        case Limited(inner=inner):
            return change(replace(type_, inner=rebuilt(inner, change)))
        case _:
            return change(type_)


def alternatives(type_: Type) -> Iterator[Type]:
    """Yield the types that a value may have, without null: one, or those of an inline union."""
    match type_:
        case Nullable(inner=inner):
            yield from alternatives(inner)
        case AnyOf(members=members):
            for member in members:
                yield from alternatives(member)
        case _:
            yield type_


def unlimited(type_: Type) -> Type:
    """Return a type without its own constraints."""
    return type_.inner if isinstance(type_, Limited) else type_


def with_additional(model: Model, change: Callable[[Type], Type]) -> Model:
    """Return a model with the type of its additional properties changed, if it keeps them."""
    if model.additional_type is None:
        return model
    return replace(model, additional_properties=change(model.additional_type))


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


def resolved(definitions: Mapping[str, Definition], type_: Type) -> Type:
    """Return the type that an alias stands for; `any` if aliases lead back to themselves."""
    seen: set[str] = set()
    while isinstance(type_, Ref) and isinstance(alias := definitions.get(type_.id), Alias):
        if type_.id in seen:
            return Scalar("any")
        seen.add(type_.id)
        type_ = alias.type
    return type_


def named(definitions: Mapping[str, Definition], ref: Ref) -> Ref:
    """Return the last reference of a chain of aliases that are only names for each other."""
    seen: set[str] = set()
    while isinstance(alias := definitions.get(ref.id), Alias) and isinstance(alias.type, Ref):
        if ref.id in seen:
            break
        seen.add(ref.id)
        ref = alias.type
    return ref


def plain(definitions: Mapping[str, Definition], type_: Type) -> Type:
    """Return the type that an alias stands for without any constraints, its own or others."""
    while True:
        inner = unlimited(resolved(definitions, type_))
        if inner is type_:
            return type_
        type_ = inner


def constraints_of(definitions: Mapping[str, Definition], type_: Type) -> Constraints:
    """Return the constraints of a type together with those of the aliases that it refers to.

    Of several patterns, only that of the type or the nearest alias is among them.
    """
    constraints = Constraints()
    while (inner := unlimited(found := resolved(definitions, type_))) != type_:
        if isinstance(found, Limited):
            constraints = constraints.combined(found.constraints)
        type_ = inner
    return constraints


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


def kind_of_definition(definition: Definition) -> str:
    """Return what a definition is, in one word, such as `model`."""
    if isinstance(definition, Union) and definition.is_alias:
        return "alias"
    return type(definition).__name__.lower()


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


def refs_of(definition: Definition) -> Iterator[Ref]:
    """Yield every reference that `definition` makes, in order."""
    for type_ in types_of(definition):
        if type(type_) is not Scalar:  # as most are
            yield from refs_in(type_)


def refs_in(type_: Type) -> Iterator[Ref]:
    """Yield every reference in a type, in order."""
    if type(type_) in LEAVES:  # faster than the general walk
        if type(type_) is Ref:
            yield type_
        return
    for inner in walk(type_):
        if isinstance(inner, Ref):
            yield inner


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
