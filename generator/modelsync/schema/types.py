"""Types: what a type expression of a spec means, as frozen values.

Positions are kept for messages and ignored in comparisons, so types from different files can be
equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from modelsync.errors import NOWHERE, Position
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


def has_union(type_: Type) -> bool:
    """Whether a type is an inline union, or has one inside."""
    if type(type_) in LEAVES:  # faster than the general walk
        return False
    return any(type(inner) is AnyOf for inner in walk(type_))


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


def refs_in(type_: Type) -> Iterator[Ref]:
    """Yield every reference in a type, in order."""
    if type(type_) in LEAVES:  # faster than the general walk
        if type(type_) is Ref:
            yield type_
        return
    for inner in walk(type_):
        if isinstance(inner, Ref):
            yield inner
