"""Differences of style between what an SDK declares and what generated code declares.

The benchmark in truth.py removes them before it compares facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from declared import ANY, Declared

from modelsync.schema.definitions import Enum, Union
from modelsync.schema.schema import Schema
from modelsync.schema.types import AnyOf, Constant, ListOf, MapOf, Nullable, Ref, Scalar, Type


@dataclass(frozen=True)
class World:
    """What a comparison needs to know."""

    language: str
    notations: frozenset[str]
    """The notations of all pages that were transcribed together."""
    schema: Schema
    unions: Mapping[str, Union]
    """Unions by id, including those that have a name only in code."""


@dataclass(frozen=True)
class Pair:
    """A field as the SDK declares it, and as the generated code does."""

    real: Declared
    made: Declared
    spec: Type
    """Its type in the specs."""
    has_default: bool
    """Whether the SDK has a default for it in any language."""

    def each(self, change: Callable[[Type], Type]) -> Pair:
        """Return the pair with the types of both sides changed."""
        return replace(
            self,
            real=replace(self.real, type=change(self.real.type)),
            made=replace(self.made, type=change(self.made.type)),
        )


@dataclass(frozen=True)
class Rule:
    """A difference of style."""

    name: str
    reason: str
    """Why it is not a difference of facts."""
    remove: Callable[[World, Pair], Pair]


def mapped(type_: Type, change: Callable[[Type], Type]) -> Type:
    """Return a type with `change` applied to everything in it, innermost first."""
    match type_:
        case ListOf(item=item):
            type_ = ListOf(mapped(item, change))
        case MapOf(value=value):
            type_ = MapOf(mapped(value, change))
        case Nullable(inner=inner):
            bare = mapped(inner, change)
            type_ = bare if isinstance(bare, Nullable) else Nullable(bare)
        case AnyOf(members=members):
            type_ = AnyOf(tuple(mapped(member, change) for member in members))
    return change(type_)


def _names(world: World, pair: Pair) -> Pair:
    del world
    return replace(
        pair,
        real=replace(pair.real, identifier=pair.real.identifier.strip("_")),
        made=replace(pair.made, identifier=pair.made.identifier.strip("_")),
    )


def _single_values(world: World, pair: Pair) -> Pair:
    def constant(type_: Type) -> Type:
        definition = world.schema.by_id.get(type_.id) if isinstance(type_, Ref) else None
        if isinstance(definition, Enum) and len(definition.values) == 1:
            return Constant(definition.values[0].json_value)
        return type_

    return pair.each(lambda type_: mapped(type_, constant))


def _open_enums(world: World, pair: Pair) -> Pair:
    def known(type_: Type) -> Type:
        if not isinstance(type_, AnyOf):
            return type_
        enums = [each for each in type_.members if _is_open(world, each)]
        return enums[0] if len(type_.members) == 2 and enums else type_

    return pair.each(lambda type_: mapped(type_, known))


def _is_open(world: World, type_: Type) -> bool:
    definition = world.schema.by_id.get(type_.id) if isinstance(type_, Ref) else None
    return isinstance(definition, Enum) and definition.open


def _members(world: World, pair: Pair) -> Pair:
    def spelled_out(type_: Type) -> Type:
        union = world.unions.get(type_.id) if isinstance(type_, Ref) else None
        if union is not None and (union.lifted or world.language == "typescript"):
            type_ = mapped(AnyOf(union.members), spelled_out)
        if isinstance(type_, AnyOf):
            flat = [m for each in type_.members for m in _flat(each)]
            return ANY if ANY in flat else AnyOf(tuple(flat))
        return type_

    return pair.each(lambda type_: mapped(type_, spelled_out))


def _flat(type_: Type) -> Iterable[Type]:
    return type_.members if isinstance(type_, AnyOf) else (type_,)


def _go_spelling(world: World, pair: Pair) -> Pair:
    if world.language != "go":
        return pair
    same = {"int32": Scalar("int64"), "date": Scalar("datetime")}

    def spelled(type_: Type) -> Type:
        return same.get(type_.name, type_) if isinstance(type_, Scalar) else type_

    return pair.each(lambda type_: mapped(type_, spelled))


def _go_pointers(world: World, pair: Pair) -> Pair:
    if world.language != "go":
        return pair

    def bare(type_: Type) -> Type:
        inner = type_.inner if isinstance(type_, Nullable) else type_
        return inner if isinstance(inner, ListOf | MapOf) else type_

    return pair.each(lambda type_: mapped(type_, bare))


def _go_parameters(world: World, pair: Pair) -> Pair:
    if world.language == "go" and pair.real.optional is None:
        return replace(pair, made=replace(pair.made, optional=None))
    return pair


def _go_constants(world: World, pair: Pair) -> Pair:
    spec = pair.spec.inner if isinstance(pair.spec, Nullable) else pair.spec
    if world.language != "go" or not isinstance(spec, Constant):
        return pair

    def as_text(type_: Type) -> Type:
        definition = world.schema.by_id.get(type_.id) if isinstance(type_, Ref) else None
        known = isinstance(definition, Enum) and any(
            value.json_value == spec.value for value in definition.values
        )
        return Scalar("string") if known else type_

    return pair.each(lambda type_: mapped(type_, as_text))


def _date_texts(world: World, pair: Pair) -> Pair:
    if world.language != "typescript":
        return pair

    def text(type_: Type) -> Type:
        return Scalar("string") if type_ == Scalar("date") else type_

    return pair.each(lambda type_: mapped(type_, text))


def _anything(world: World, pair: Pair) -> Pair:
    del world

    def whole(type_: Type) -> Type:
        return ANY if type_ == Nullable(ANY) else type_

    pair = pair.each(lambda type_: mapped(type_, whole))
    if ANY in (pair.real.type, pair.made.type):
        pair = replace(pair, made=replace(pair.made, optional=pair.real.optional))
    return pair


def _defaults(world: World, pair: Pair) -> Pair:
    del world
    if pair.has_default and pair.made.optional and pair.real.optional is False:
        return replace(pair, real=replace(pair.real, optional=True))
    return pair


STYLE: Final = (
    Rule("underscores", "languages add them where a name is reserved", _names),
    Rule(
        "open enums",
        "in Python a value may be any other string, which generated code says",
        _open_enums,
    ),
    Rule("unions", "their members may be written instead of their name, in any order", _members),
    Rule("enums of one value", "a literal means the same", _single_values),
    Rule(
        "int and int64, time.Time and types.Date",
        "Go has two types where modelsync has one",
        _go_spelling,
    ),
    Rule("pointers", "pointers to lists and maps mean nothing", _go_pointers),
    Rule("parameters", "without JSON, no tag shows what may be absent", _go_parameters),
    Rule(
        "constants",
        "Go has none: SDKs have an enum there, and generated code a string",
        _go_constants,
    ),
    Rule(
        "dates",
        "in TypeScript a date is an RFCDate in SDKs, and a string in generated code",
        _date_texts,
    ),
    Rule("any", "it includes null, and TypeScript lets it be absent", _anything),
    Rule("defaults", "pages show the field as optional, without a default", _defaults),
)
"""Differences that are not facts. Types that the SDK takes from elsewhere are `any` here."""


def without_hidden_null(world: World, pair: Pair) -> Pair:
    """Remove the nulls that no page shows.

    TypeScript shows none; Go none for lists, maps and optional fields; Python none for lists, maps
    and dates. A null that is known anyway, because an example has one, stays and may be wrong.
    """
    real = pair.real.type
    if isinstance(real, Nullable) and not isinstance(pair.made.type, Nullable):
        is_shown = ("python" in world.notations and not _wrapperless(real.inner)) or (
            "go" in world.notations
            and not pair.real.optional
            and not isinstance(real.inner, ListOf | MapOf)
        )
        if not is_shown:
            real = real.inner
    return replace(pair, real=replace(pair.real, type=real))


def _wrapperless(type_: Type) -> bool:
    return isinstance(type_, ListOf | MapOf) or type_ in (Scalar("datetime"), Scalar("date"))
