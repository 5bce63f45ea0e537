"""The schema: what all specs of a project say together, as frozen values.

Everything after the reader works on these and changes none of them: a later phase returns a new
value. Positions are kept for messages and take no part in comparisons, so two schemas are equal
when they say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from modelsync.errors import Position
from modelsync.graphs import circles, reachable

SCALARS: Final = (
    "string",
    "bool",
    "int32",
    "int64",
    "float32",
    "float64",
    "datetime",
    "date",
    "bytes",
    "any",
)
ScalarName: TypeAlias = Literal[
    "string", "bool", "int32", "int64", "float32", "float64", "datetime", "date", "bytes", "any"
]

NOWHERE: Final = Position("")
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return NOTHING


@dataclass(frozen=True, slots=True)
class Object:
    """A JSON object as a value of a spec (an example or a default), in its written order."""

    items: tuple[tuple[str, Value], ...] = ()


Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | Object | None"
"""A JSON value as a spec holds it. Arrays are tuples, objects are :class:`Object`."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A built-in type; spec-language documentation has the JSON form of each."""

    name: ScalarName


@dataclass(frozen=True, slots=True)
class ListOf:
    """`list[T]`: a JSON array."""

    item: Type


@dataclass(frozen=True, slots=True)
class MapOf:
    """`map[T]`: a JSON object with any keys, whose values are all of one type."""

    value: Type


@dataclass(frozen=True, slots=True)
class Ref:
    """A definition, by its identity: `package.Name`, or `Name` in the root package."""

    id: str
    position: Position = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal type: exactly this string, integer or boolean.

    `kind` keeps `1` and `true` apart, which Python holds equal.
    """

    value: str | int | bool
    kind: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", type(self.value).__name__)


@dataclass(frozen=True, slots=True)
class Nullable:
    """`T | null`. Never nested, and never around a type that takes null by itself (`any`)."""

    inner: Type


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`A | B`, written where it is used. Two members or more, none nullable, none an AnyOf."""

    members: tuple[Type, ...]


Type: TypeAlias = "Scalar | ListOf | MapOf | Ref | Constant | Nullable | AnyOf"

Names: TypeAlias = Mapping[str, str]
"""Target name -> the identifier to use there instead of the derived one."""


@dataclass(frozen=True, slots=True)
class FieldPage:
    """What the pages of one language say otherwise of a field; None is as the spec says it.

    `examples` are texts, as the cell shows them. `wrapper` is what stands around a type in Python
    where it contradicts the rest: `Optional`, `Nullable`, `OptionalNullable` or `none`.
    `deprecated` is the reason on the page, empty without one, and False where it is not deprecated.
    `cell` is the text of the type's cell, where no type makes it.
    """

    name: str | None = None
    type: Type | None = None
    nullable: bool | None = None
    wrapper: str | None = None
    cell: str | None = None
    required: bool | None = None
    description: str | None = None
    examples: tuple[str, ...] | None = None
    deprecated: str | Literal[False] | None = None


@dataclass(frozen=True, slots=True)
class ValuePage:
    """What the pages of one language call a value of an enum, where code cannot."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class DefinitionPage:
    """What the page of one language says otherwise of a definition; None is as the spec says it.

    Without `shown` there is no page. `file` is what the page is called, without its ending.
    `module` is the file that examples import it from, where that is another one. `named` is
    whether the page of an enum has a table of names, where most pages have it otherwise.
    `open` is whether the page of an enum, or of a union in Go, says that it is open, and `usage`
    whether the page has an example where most pages of its kind have it otherwise. `order` has the
    wire names of all fields of the page, as they come there, or the values of an enum. `members`
    are the types that the page of a union shows, and `tags` what it calls them where the code of a
    language has a name for each. `example` is one that need not fit the fields, and `examples` has
    one for each member of a union. `code` is the text of the example, where its value does not make
    it; `heads` and `codes` are what stands above the members of a union, and below, and `more` is
    what is behind them all. `width` is that of a table's columns, where it is not that of the
    longest cell. `options` are those of the Markdown target that differ on this page.
    """

    shown: bool = True
    name: str | None = None
    file: str | None = None
    module: str | None = None
    description: str | None = None
    deprecated: str | Literal[False] | None = None
    open: bool | None = None
    named: bool | None = None
    usage: bool | None = None
    order: tuple[str, ...] | None = None
    members: tuple[Type, ...] | None = None
    tags: tuple[str, ...] | None = None
    example: Value = None
    examples: tuple[Value, ...] | None = None
    code: str | None = None
    heads: tuple[str, ...] | None = None
    codes: tuple[str, ...] | None = None
    more: str | None = None
    width: int | None = None
    options: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Field:
    """One member of a model: a key of its JSON object.

    `required` says whether the key may be absent; whether the value may be null is part of
    `type`. `has_default` tells a default of null from none. `deprecated` is the reason, empty
    where none is given, and None for a field that is not deprecated. `only` names the languages
    that have it, none for all, and `pages` has what those of a language say otherwise.
    """

    json_key: str
    type: Type
    required: bool = False
    description: str = ""
    examples: tuple[Value, ...] = ()
    default: Value = None
    has_default: bool = False
    deprecated: str | None = None
    names: Names = field(default_factory=_nothing)
    only: tuple[str, ...] = ()
    pages: Mapping[str, FieldPage] = field(default_factory=_nothing)
    position: Position = field(default=NOWHERE, compare=False)
    names_position: Position = field(default=NOWHERE, compare=False)
    type_position: Position = field(default=NOWHERE, compare=False)

    @property
    def nullable(self) -> bool:
        """Whether null is a value of this field, kept apart from an absent key."""
        return isinstance(self.type, Nullable)

    @property
    def bare_type(self) -> Type:
        """The type without `| null`."""
        return self.type.inner if isinstance(self.type, Nullable) else self.type


@dataclass(frozen=True, slots=True)
class EnumValue:
    """One value of an enum, as it stands in JSON; `only` as of a field."""

    json_value: str | int
    description: str = ""
    deprecated: str | None = None
    names: Names = field(default_factory=_nothing)
    only: tuple[str, ...] = ()
    pages: Mapping[str, ValuePage] = field(default_factory=_nothing)
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
    position: Position = field(default=NOWHERE, compare=False)
    names_position: Position = field(default=NOWHERE, compare=False)

    @cached_property
    def id(self) -> str:
        """The identity by which a :class:`Ref` names this definition."""
        return f"{self.package}.{self.name}" if self.package else self.name

    @property
    def spec(self) -> str:
        """The path of the spec that this definition stands in, with `/`."""
        return self.position.path


@dataclass(frozen=True, kw_only=True)
class Model(_Definition):
    """A named record."""

    fields: tuple[Field, ...] = ()
    example: Object | None = None

    @cached_property
    def by_json_key(self) -> Mapping[str, Field]:
        """Each field under its JSON key."""
        return {field.json_key: field for field in self.fields}


@dataclass(frozen=True, kw_only=True)
class Enum(_Definition):
    """A named set of strings or of integers; an open one lets unknown values through."""

    values: tuple[EnumValue, ...] = ()
    type: Literal["string", "int64"] = "string"
    open: bool = False
    example: Value = None

    @cached_property
    def json_values(self) -> frozenset[str | int]:
        """The values, as they stand in JSON."""
        return frozenset(value.json_value for value in self.values)


@dataclass(frozen=True, slots=True)
class External:
    """How docs show a type that is not of the specs, such as an HTTP response, by language.

    `links` has where it leads, in the languages that show it as a link.
    """

    shown: Mapping[str, str]
    links: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, kw_only=True)
class Union(_Definition):
    """One of several types.

    With a `discriminator`, all members are models and that field's value tells which: `mapping`
    has a pair (value, definition id) for each value, in the order of the spec. Without one, the
    reader takes the first member that accepts the document; see :mod:`modelsync.schema.meaning`.
    `overlapping` says that members which an earlier one covers are known, and meant.
    `lifted` marks a union that a spec wrote inside a field and that got a name for the sake of
    the languages that need one. An `external` type is a union of `any` alone: documents may hold
    what they like there.
    """

    members: tuple[Type, ...] = ()
    discriminator: str | None = None
    mapping: tuple[tuple[str, str], ...] = ()
    example: Value = None
    lifted: bool = False
    external: External | None = None
    overlapping: bool = False
    member_positions: tuple[Position, ...] = field(default=(), compare=False)

    @cached_property
    def tags(self) -> Mapping[str, tuple[str, ...]]:
        """The values of the discriminator for each member, by the member's id."""
        found: dict[str, list[str]] = {}
        for value, id_ in self.mapping:
            found.setdefault(id_, []).append(value)
        return {id_: tuple(values) for id_, values in found.items()}

    @cached_property
    def by_tag(self) -> Mapping[str, str]:
        """The id of the member for each value of the discriminator."""
        return dict(self.mapping)

    @cached_property
    def places(self) -> Mapping[Type, Position]:
        """The position of each member; the union's own position if the members have none."""
        positions = self.member_positions or (self.position,) * len(self.members)
        return dict(zip(self.members, positions, strict=True))

    def tag_field(self, model: Model) -> Field | None:
        """Return the field of a member that holds the discriminator, if it declares one."""
        return None if self.discriminator is None else model.by_json_key.get(self.discriminator)


Definition: TypeAlias = Model | Enum | Union


@dataclass(frozen=True)
class Schema:
    """All definitions of a project, sorted by spec path and then in the order written."""

    definitions: tuple[Definition, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Definition]:
        """Each definition under its identity."""
        return {definition.id: definition for definition in self.definitions}

    @cached_property
    def _unions_within(self) -> Mapping[str, Sequence[str]]:
        """The identities of the unions that each union has among its members."""
        return {
            definition.id: [
                ref.id
                for member in definition.members
                for ref in (member.members if isinstance(member, AnyOf) else (member,))
                if isinstance(ref, Ref) and isinstance(self.by_id.get(ref.id), Union)
            ]
            for definition in self.definitions
            if isinstance(definition, Union)
        }

    @cached_property
    def _union_circles(self) -> Sequence[Sequence[str]]:
        return circles(self._unions_within)

    @cached_property
    def union_depths(self) -> Mapping[str, int]:
        """How many levels of unions each union has. Unions that lead to a circle are omitted."""
        within = self._unions_within
        depths: dict[str, int] = {}
        for circle in self._union_circles:
            inner = [depths.get(id_) for id_ in within[circle[0]]]
            known = [depth for depth in inner if depth is not None]
            if len(circle) == 1 and len(known) == len(inner):
                depths[circle[0]] = 1 + max(known, default=0)
        return depths

    @cached_property
    def circular_unions(self) -> frozenset[str]:
        """The ids of the unions that are members of themselves, directly or through others."""
        within = self._unions_within
        return frozenset(
            id_
            for circle in self._union_circles
            for id_ in circle
            if len(circle) > 1 or id_ in within[id_]
        )

    @cached_property
    def packages(self) -> Mapping[str, tuple[Definition, ...]]:
        """Each package that has definitions, with them; sorted by package."""
        found: dict[str, list[Definition]] = {}
        for definition in self.definitions:
            found.setdefault(definition.package, []).append(definition)
        return {package: tuple(found[package]) for package in sorted(found)}

    @cached_property
    def kinds_of_unions(self) -> dict[str, frozenset[str]]:
        """The kinds of JSON value that unions take, as far as somebody has asked for them."""
        return {}

    def __getitem__(self, ref: Ref) -> Definition:
        return self.by_id[ref.id]


def walk(type_: Type) -> Iterator[Type]:
    """Yield `type_` and every type inside it, outermost first."""
    yield type_
    match type_:
        case ListOf(item=inner) | MapOf(value=inner) | Nullable(inner=inner):
            yield from walk(inner)
        case AnyOf(members=members):
            for member in members:
                yield from walk(member)
        case _:
            pass


def map_type(type_: Type, change: Callable[[Type], Type]) -> Type:
    """Return `type_` with each type changed that stands in it and is made of no other."""
    match type_:
        case ListOf(item=item):
            return ListOf(map_type(item, change))
        case MapOf(value=value):
            return MapOf(map_type(value, change))
        case Nullable(inner=inner):
            return Nullable(map_type(inner, change))
        case AnyOf(members=members):
            return AnyOf(tuple(map_type(member, change) for member in members))
        case _:
            return change(type_)


def types_of(definition: Definition) -> Iterator[Type]:
    """Yield the type of each field, or each member, as written."""
    match definition:
        case Model(fields=fields):
            for item in fields:
                yield item.type
        case Union(members=members):
            yield from members
        case Enum():
            pass


def refs_of(definition: Definition) -> Iterator[Ref]:
    """Yield every reference that `definition` makes, in order."""
    for type_ in types_of(definition):
        yield from refs_in(type_)


def refs_in(type_: Type) -> Iterator[Ref]:
    """Yield every reference in a type, in order."""
    for inner in walk(type_):
        if isinstance(inner, Ref):
            yield inner


def union_of(schema: Schema, type_: Type) -> Union | None:
    """Return the union without discriminator that a type is, or None."""
    definition = schema[type_] if isinstance(type_, Ref) else None
    if isinstance(definition, Union) and definition.discriminator is None:
        return definition
    return None


def leaves_of(schema: Schema, members: Iterable[Type]) -> Iterator[Type]:
    """Yield the members of a union, with those of unions without discriminator in their place.

    Each comes once and in order, however deep the unions nest.
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
    """Return the identities of the definitions that lead to one that `schema` does not have.

    Those that are `missing` count as if it did not have them either.
    """
    users: dict[str, list[str]] = {}
    for definition in schema.definitions:
        for ref in refs_of(definition):
            users.setdefault(ref.id, []).append(definition.id)
    starts = {*missing, *(users.keys() - schema.by_id.keys())}
    return reachable(starts, users) & schema.by_id.keys()
