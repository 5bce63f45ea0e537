"""Rules for a whole schema. Each one is a function that is named after its sentence.

The documentation lists the sentences from :data:`RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final, NamedTuple, TypeAlias

from modelsync.errors import NOWHERE, Position, Problem
from modelsync.schema.covering import Covering, Earlier
from modelsync.schema.definitions import Alias, Definition, Enum, Field, Model, Union
from modelsync.schema.lift_unions import lift_unions, lifted_name
from modelsync.schema.schema import Schema
from modelsync.schema.type_expr import unparse
from modelsync.schema.types import (
    AnyOf,
    Constant,
    Ref,
    Type,
    has_union,
    refs_in,
    unlimited,
    walk,
)
from modelsync.spec.finite import finite_definitions, is_finite
from modelsync.spec.language_rules import language_problems
from modelsync.spec.tag_rules import absent_problems, open_problems, tag_problems


class Rule(NamedTuple):
    """A rule for a whole schema."""

    code: str
    sentence: str
    find: Callable[[Schema], Iterator[Problem]]
    """Yields a problem for everything that breaks the rule."""


RULES: Final[list[Rule]] = []
NEEDED: Final = frozenset({"MS026", "MS034", "MS036", "MS037", "MS038", "MS045", "MS046", "MS083"})
"""Codes of the rules that all later steps rely on: a union that breaks one may be infinite."""

DEEPEST: Final = 200
"""How deep unions may nest. Compile times grow fast with this depth."""

_Find: TypeAlias = Callable[[Schema], Iterator[Problem]]


def _rule(code: str, sentence: str) -> Callable[[_Find], _Find]:
    def register(find: _Find) -> _Find:
        RULES.append(Rule(code, sentence, find))
        return find

    return register


_WHOLE: Final = frozenset({"MS033", "MS034", "MS086", "MS087"})
"""Codes of the rules that need complete definitions."""


def check(schema: Schema, partial: Collection[str] = ()) -> list[Problem]:
    """Return the problems of all rules.

    `partial` has the ids of incomplete definitions. Rules that need complete ones ignore them.
    """
    complete = schema
    if partial:
        complete = Schema(tuple(item for item in schema.definitions if item.id not in partial))
    return [
        problem
        for rule in RULES
        for problem in rule.find(complete if rule.code in _WHOLE else schema)
    ]


def _models(schema: Schema) -> Iterator[Model]:
    return (d for d in schema.definitions if isinstance(d, Model))


def _unions(schema: Schema) -> Iterator[Union]:
    return (d for d in schema.definitions if isinstance(d, Union))


def _short(schema: Schema, type_: Type) -> str:
    """Return the text of a type for messages: definitions without their packages."""
    return unparse(type_, lambda ref: schema[ref].name)


@_rule("MS033", "every member of a union must be reachable")
def _every_union_member_must_be_reachable(schema: Schema) -> Iterator[Problem]:
    for union in _unions(schema):
        is_tried_in_order = union.discriminator is None and not union.overlapping
        if is_tried_in_order and _is_shallow(schema, Ref(union.id)):
            positions = union.member_positions
            yield from _unreachable(schema, union.members, positions, f"`{union.name}`")
    if not schema.has_inline_unions:
        return
    for position, what, written in _inline_types(schema):
        for type_ in walk(written):
            if isinstance(type_, AnyOf) and all(
                _is_shallow(schema, member) for member in type_.members
            ):
                positions = (position,) * len(type_.members)
                yield from _unreachable(schema, type_.members, positions, what)


def _inline_types(schema: Schema) -> Iterator[tuple[Position, str, Type]]:
    """Yield the position, the name in messages and the type of each field and alias."""
    for definition in schema.definitions:
        for field in definition.own_parts if isinstance(definition, Model) else ():
            yield field.type_position, f"the type of `{field.json_key}`", field.type
        if isinstance(definition, Alias):
            yield definition.type_position, f"`{definition.name}`", definition.type


def has_hidden(schema: Schema, members: tuple[Type, ...]) -> bool:
    """Whether an earlier member of a union accepts everything that a later one accepts."""
    if not all(_is_shallow(schema, member) for member in members):
        return False
    return any(_unreachable(schema, members, (NOWHERE,) * len(members), ""))


def _is_shallow(schema: Schema, type_: Type) -> bool:
    """Whether a type is not a union that is too deep or circular, which is a problem already."""
    type_ = unlimited(type_)
    if not isinstance(type_, Ref) or not isinstance(schema[type_], Union | Alias):
        return True
    return schema.union_depths.get(type_.id, DEEPEST + 1) <= DEEPEST


def _unreachable(
    schema: Schema, members: tuple[Type, ...], positions: tuple[Position, ...], what: str
) -> Iterator[Problem]:
    """Yield a problem for each member that an earlier one covers."""
    covering = Covering(schema)
    # A literal accepts one value, so it only covers types that accept no other value.
    literals: dict[Type, int] = {}
    others = Earlier(covering, members)
    for index, member in enumerate(members):
        literal = covering.only_value(member)
        earlier = [literals[literal]] if literal in literals else []
        for before in (*earlier, *others.may_cover(member)):
            first = members[before]
            if covering.settled(first, member):
                first_name, name = _distinct_names(schema, first, member)
                is_same_position = positions[before] == positions[index]
                yield Problem(
                    positions[index],
                    "MS033",
                    f"`{name}` in {what} is unreachable: the earlier `{first_name}` accepts"
                    " all of its values",
                    help=_reachable_help(covering, first, member, name),
                    related=() if is_same_position else ((positions[before], first_name),),
                )
                break
        if isinstance(member, Constant):
            literals.setdefault(member, index)
        else:
            others.add(index, member)


def _distinct_names(schema: Schema, first: Type, second: Type) -> tuple[str, str]:
    """Return how a message shows two types, with packages if they are needed."""
    names = _short(schema, first), _short(schema, second)
    return names if names[0] != names[1] else (unparse(first), unparse(second))


def _reachable_help(covering: Covering, first: Type, second: Type, name: str) -> str:
    if not covering.settled(second, first):
        return f"put `{name}` first"
    if isinstance(first, Ref) and isinstance(second, Ref):
        return (
            "remove one of the two, or distinguish them with a discriminator or with a required"
            " field that only one of them has"
        )
    return "remove one of the two"


_TAGS: Final = (
    "a discriminator must be a field with strings, integers or booleans that each select one member"
)


@_rule("MS034", _TAGS)
def _a_discriminator_must_select_one_member(schema: Schema) -> Iterator[Problem]:
    for union in _unions(schema):
        if union.discriminator is not None:
            yield from tag_problems(schema, union, union.discriminator)
        elif union.mapping:
            message = f"`{union.name}` has a mapping but no discriminator"
            help_ = "add `discriminator: FIELD`, or remove the mapping"
            yield Problem(union.position, "MS034", message, help=help_)


@_rule("MS086", "an open union must have a discriminator, and must not be a member of another one")
def _an_open_union_must_have_a_discriminator(schema: Schema) -> Iterator[Problem]:
    for union in _unions(schema):
        yield from open_problems(schema, union)


@_rule("MS087", "at most one member of a union may have an optional discriminator")
def _at_most_one_member_may_have_an_optional_discriminator(schema: Schema) -> Iterator[Problem]:
    for union in _unions(schema):
        yield from absent_problems(schema, union)


@_rule("MS035", "a model must not require itself, directly or indirectly")
def _a_model_must_not_require_itself(schema: Schema) -> Iterator[Problem]:
    finite = finite_definitions(schema)
    for definition in schema.definitions:
        if definition.id not in finite and isinstance(definition, Model):
            field = next(
                f for f in definition.fields if f.required and not is_finite(f.type, finite)
            )
            if field.origin in schema.by_id:
                continue  # reported for the model that it comes from
            yield Problem(
                field.position,
                "MS035",
                f"`{definition.name}` has infinite size: its required field `{field.json_key}`"
                " leads back to it, or to another model of infinite size",
                help="make one of the fields in the cycle optional, nullable or a list",
            )


@_rule("MS036", "a union must not be a member of itself")
def _a_union_must_not_be_a_member_of_itself(schema: Schema) -> Iterator[Problem]:
    for union in _unions(schema):
        if union.id in schema.circular_unions and not union.is_alias:
            yield Problem(
                union.position,
                "MS036",
                f"union `{union.name}` is a member of itself",
                help="remove the member that leads back to it",
            )


@_rule("MS026", "an alias must not stand for itself")
def _an_alias_must_not_stand_for_itself(schema: Schema) -> Iterator[Problem]:
    order = {definition.id: index for index, definition in enumerate(schema.definitions)}
    for cycle in sorted(sorted(ids, key=order.__getitem__) for ids in schema.union_cycles):
        members = (schema.by_id[id_] for id_ in cycle)
        aliases = [each for each in members if isinstance(each, Alias) or _is_alias(each)]
        if aliases:
            through = ", through the types that it refers to" if len(cycle) > 1 else ""
            yield Problem(
                aliases[0].position,
                "MS026",
                f"alias `{aliases[0].name}` stands for itself{through}",
                help="change its type: only inside a list or a map may it refer to itself",
            )


def _is_alias(definition: Definition) -> bool:
    return isinstance(definition, Union) and definition.is_alias


@_rule("MS046", f"unions must not nest more than {DEEPEST} levels deep")
def _unions_must_not_nest_too_deep(schema: Schema) -> Iterator[Problem]:
    for id_, depth in schema.union_depths.items():
        # Unions that contain it are too deep for the same reason, up to the next one that would
        # still be too deep without it.
        if depth > DEEPEST and depth % DEEPEST == 1:
            union = schema.by_id[id_]
            kind = "alias" if isinstance(union, Alias) else "union"
            yield Problem(
                union.position,
                "MS046",
                f"{kind} `{union.name}` nests more than {DEEPEST} levels of unions",
                help="list the members of the inner unions instead",
            )


@_rule("MS037", "the derived name of a union inside a field must be unique")
def _the_derived_name_of_a_union_must_be_unique(schema: Schema) -> Iterator[Problem]:
    if not schema.has_inline_unions:
        return
    owner: dict[str, Definition] = {}
    reported_elsewhere = {model.id for model, _ in _nameless(schema)}
    for definition in lift_unions(schema).definitions:
        if definition.id in reported_elsewhere:
            continue
        other = owner.setdefault(definition.id, definition)
        if other is not definition:
            named = schema.by_id.get(definition.id)
            is_written = named is not None and named.position == definition.position
            written, lifted = (definition, other) if is_written else (other, definition)
            yield Problem(
                lifted.position,
                "MS037",
                f"the union in this type would be called `{lifted.name}`, which already exists",
                help=_OWN_DOCUMENT,
                related=((written.position, f"`{lifted.name}` is defined here"),),
            )


_OWN_DOCUMENT: Final = "define the union in its own document (`union: Name`) and refer to it"


@_rule("MS038", "a union inside a field must get a name from the field")
def _a_union_must_get_a_name_from_the_field(schema: Schema) -> Iterator[Problem]:
    for _, field in _nameless(schema):
        yield Problem(
            field.type_position,
            "MS038",
            f"cannot derive a name for the union in this type from `{field.json_key}`",
            help=_OWN_DOCUMENT,
        )


def _nameless(schema: Schema) -> Iterator[tuple[Model, Field]]:
    """Yield each field with a union that would get the name of its model."""
    if not schema.has_inline_unions:
        return
    for model in _models(schema):
        for field in model.own_parts:
            if has_union(field.type) and lifted_name(model, field.json_key) == model.name:
                yield model, field


@_rule("MS083", "an abstract model must only be extended")
def _an_abstract_model_must_only_be_extended(schema: Schema) -> Iterator[Problem]:
    if not any(model.abstract for model in _models(schema)):
        return
    for definition in schema.definitions:
        for type_ in _own_types(definition):
            for ref in refs_in(type_):
                target = schema.by_id.get(ref.id)
                if isinstance(target, Model) and target.abstract:
                    yield Problem(
                        ref.position,
                        "MS083",
                        f"`{target.name}` is abstract: it is not generated, so it cannot be a type",
                        help=f"use a model that extends it, or remove `abstract: true` from"
                        f" `{target.name}`",
                    )


def _own_types(definition: Definition) -> Iterator[Type]:
    """Yield each type in the spec of a definition, also those for its pages."""
    for page in definition.pages.values():
        yield from page.members or ()
    match definition:
        case Model():
            for field in definition.own_parts:
                yield field.type
                yield from (page.type for page in field.pages.values() if page.type is not None)
        case Union(members=members):
            yield from members
        case Alias(type=type_):
            yield type_
        case Enum():
            pass


@_rule("MS045", "a definition must exist in every language that refers to it")
def _a_definition_must_exist_in_every_language_that_refers_to_it(
    schema: Schema,
) -> Iterator[Problem]:
    yield from language_problems(schema)
