"""Rules over a whole schema. Each is named with the sentence that a user should be able to say.

A rule is a function from the schema to problems, registered with its code and its sentence; the
documentation lists them from :data:`RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final, NamedTuple, TypeAlias

from modelsync.errors import Position, Problem, did_you_mean, visible
from modelsync.schema import meaning
from modelsync.schema.ir import (
    NOWHERE,
    AnyOf,
    Constant,
    Definition,
    Enum,
    Field,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
    walk,
)
from modelsync.schema.lift_unions import lift_unions, lifted_name
from modelsync.schema.type_expr import unparse
from modelsync.schema.unions import Covering, Earlier


class Rule(NamedTuple):
    """A rule: its code, its sentence, and what finds the places that break it."""

    code: str
    sentence: str
    find: Callable[[Schema], Iterator[Problem]]


RULES: Final[list[Rule]] = []
NEEDED: Final = frozenset({"MS034", "MS036", "MS037", "MS038", "MS045", "MS046"})
"""Codes of the rules that all later steps rely on: a schema that breaks one is not looked at
further, since a union might be without end, or a name stand for two things."""

DEEPEST: Final = 200
"""How deep unions nest at most. Compilers take time that grows fast with this depth, or give up."""

_Find: TypeAlias = Callable[[Schema], Iterator[Problem]]


def _rule(code: str, sentence: str) -> Callable[[_Find], _Find]:
    def register(find: _Find) -> _Find:
        RULES.append(Rule(code, sentence, find))
        return find

    return register


_WHOLE: Final = frozenset({"MS033", "MS034"})
"""Codes of the rules that compare all of what types say."""


def check(schema: Schema, partial: Collection[str] = ()) -> list[Problem]:
    """Return what breaks any rule.

    `partial` are definitions of which something is unknown: rules that compare all that types say
    leave them out.
    """
    whole = schema
    if partial:
        whole = Schema(tuple(each for each in schema.definitions if each.id not in partial))
    return [
        problem for rule in RULES for problem in rule.find(whole if rule.code in _WHOLE else schema)
    ]


def _models(schema: Schema) -> Iterator[Model]:
    return (d for d in schema.definitions if isinstance(d, Model))


def _unions(schema: Schema) -> Iterator[Union]:
    return (d for d in schema.definitions if isinstance(d, Union))


def _short(schema: Schema, type_: Type) -> str:
    """Return a type as messages show it, with the names of definitions alone."""
    return visible(unparse(type_, lambda ref: schema[ref].name))


@_rule("MS033", "each member of a union can be told from those before it")
def _members_apart(schema: Schema) -> Iterator[Problem]:
    for union in _unions(schema):
        apart = union.discriminator is None and not union.overlapping
        if apart and _is_shallow(schema, Ref(union.id)):
            what = f'the union "{union.name}"'
            yield from _hidden(schema, union.members, union.member_positions, what)
    for model in _models(schema):
        for field in model.fields:
            for type_ in walk(field.type):
                if isinstance(type_, AnyOf) and all(
                    _is_shallow(schema, each) for each in type_.members
                ):
                    places = (field.type_position,) * len(type_.members)
                    what = f'the type of "{visible(field.json_key)}"'
                    yield from _hidden(schema, type_.members, places, what)


def has_hidden(schema: Schema, members: tuple[Type, ...]) -> bool:
    """Whether a member of a union cannot be told from one before it."""
    if not all(_is_shallow(schema, each) for each in members):
        return False
    return any(_hidden(schema, members, (NOWHERE,) * len(members), ""))


def _is_shallow(schema: Schema, type_: Type) -> bool:
    """Whether a type is not a union that is too deep, or endless: that is a problem already."""
    if not isinstance(type_, Ref) or not isinstance(schema[type_], Union):
        return True
    return schema.union_depths.get(type_.id, DEEPEST + 1) <= DEEPEST


def _hidden(
    schema: Schema, members: tuple[Type, ...], places: tuple[Position, ...], what: str
) -> Iterator[Problem]:
    """Yield a problem for each member that a member before it leaves nothing for."""
    covering = Covering(schema)
    # A literal takes one value, so that it covers only what takes no other one.
    literals: dict[Type, int] = {}
    others = Earlier(covering, members)
    for index, second in enumerate(members):
        literal = covering.only_value(second)
        before_it = [literals[literal]] if literal in literals else []
        for before in (*before_it, *others.may_cover(second)):
            first = members[before]
            if covering.settled(first, second):
                one, other = _short(schema, first), _short(schema, second)
                if one == other:
                    one, other = unparse(first), unparse(second)
                turned = not covering.settled(second, first)
                cure = "remove one of the two"
                if turned:
                    cure = f'put "{other}" first'
                elif isinstance(first, Ref) and isinstance(second, Ref):
                    cure += (
                        ", or tell them apart by a discriminator or by a required field that only"
                        " one of them has"
                    )
                yield Problem(
                    places[index],
                    "MS033",
                    f'no reader of {what} could tell "{other}" from "{one}" before it',
                    help=cure,
                    related=() if places[before] == places[index] else ((places[before], one),),
                )
                break
        if isinstance(second, Constant):
            literals.setdefault(second, index)
        else:
            others.add(index, second)


@_rule("MS034", "a discriminator is a required text field that names one member by each value")
def _discriminators(schema: Schema) -> Iterator[Problem]:
    for union in _unions(schema):
        if union.discriminator is None:
            if union.mapping:
                yield Problem(
                    union.position,
                    "MS034",
                    f'"{union.name}" has a mapping, but no discriminator',
                    help='add "discriminator: FIELD", or remove the mapping',
                )
            continue
        yield from _discriminator(schema, union)


def _discriminator(schema: Schema, union: Union) -> Iterator[Problem]:
    tag = union.discriminator
    assert tag is not None
    tags = union.tags
    places = dict(zip(union.members, union.member_positions, strict=True))
    owners: dict[str, str] = {}
    for value, id_ in union.mapping:
        if Ref(id_) not in places:
            yield Problem(
                union.position,
                "MS034",
                f'the mapping of "{union.name}" names "{id_}", which is not a member',
                help="add it to the members, or remove it from the mapping",
            )
        elif value in owners:
            yield Problem(
                places[Ref(id_)],
                "MS034",
                f'"{visible(value)}" stands for two members of "{union.name}":'
                f" {schema.by_id[owners[value]].name} and {schema.by_id[id_].name}",
                help=f'give "{visible(tag)}" another value in one of them',
            )
        else:
            owners[value] = id_
    for member, place in places.items():
        definition = schema[member] if isinstance(member, Ref) else None
        if not isinstance(definition, Model):
            yield Problem(
                place,
                "MS034",
                f'a discriminator tells models apart, and "{_short(schema, member)}" is none',
                help="remove the discriminator, or put the member into a model",
            )
            continue
        field = definition.by_json_key.get(tag)
        if definition.id not in tags:
            yield Problem(
                place,
                "MS034",
                f'nothing says which "{visible(tag)}" stands for "{definition.name}"',
                help=f'give its field "{visible(tag)}" a literal type, such as "message" in quotes,'
                ' or add a "mapping:"',
            )
        elif field is not None:
            yield from _tag_field(schema, union, definition, field)
        elif len(tags[definition.id]) > 1:
            yield Problem(
                place,
                "MS034",
                f'several values of "{visible(tag)}" stand for "{definition.name}", which has no'
                " such field to keep them in",
                help=f'add a required field "{visible(tag)}" to it',
            )


def _tag_field(schema: Schema, union: Union, model: Model, field: Field) -> Iterator[Problem]:
    """Check the field that a member has for the discriminator."""
    if not field.required or meaning.kinds(schema, field.type) != {"string"}:
        yield Problem(
            field.position,
            "MS034",
            f'"{visible(field.json_key)}" tells the members of "{union.name}" apart, so it must be'
            " required and hold text",
            help='add "required: true", and a literal type such as "message" in quotes',
        )
        return
    for value in union.tags[model.id]:
        try:
            meaning.read(schema, field.type, value)
        except meaning.ValidationError as error:
            yield Problem(
                field.position,
                "MS034",
                f'"{visible(value)}" stands for "{model.name}" in "{union.name}", but its field'
                f' "{visible(field.json_key)}" refuses it: {error}',
                help="mend the mapping or the field's type",
            )


@_rule("MS035", "a model can be written down: it does not require itself")
def _requires_itself(schema: Schema) -> Iterator[Problem]:
    finite = _finite(schema)
    for definition in schema.definitions:
        if definition.id not in finite and isinstance(definition, Model):
            field = next(f for f in definition.fields if f.required and not _ends(f.type, finite))
            yield Problem(
                field.position,
                "MS035",
                f'no document of "{definition.name}" could ever end: its required field'
                f' "{visible(field.json_key)}" leads back to it, or to another one like it',
                help="make one field on the way optional, nullable or a list",
            )


def _finite(schema: Schema) -> frozenset[str]:
    """Return the identities of the definitions that have a finite document.

    Each is looked at once for each of its references, when what that leads to is found finite.
    """
    finite: set[str] = set()
    # Of each definition: how many of its parts have no end yet, and which parts of others wait for
    # it. A model needs an end for each required field, a union for one member.
    open_parts: dict[str, int] = {}
    waiting: dict[str, list[tuple[str, int]]] = {}
    ended_parts: set[tuple[str, int]] = set()
    found = []
    for definition in schema.definitions:
        parts = _parts_to_end(definition)
        for number, ids in enumerate(parts):
            for id_ in ids:
                waiting.setdefault(id_, []).append((definition.id, number))
        open_parts[definition.id] = len(parts)
        if not parts:
            found.append(definition.id)
    while found:
        id_ = found.pop()
        finite.add(id_)
        for part in waiting.get(id_, ()):
            if part not in ended_parts:
                ended_parts.add(part)
                open_parts[part[0]] -= 1
                if not open_parts[part[0]]:
                    found.append(part[0])
    return frozenset(finite)


def _parts_to_end(definition: Definition) -> list[list[str]]:
    """Return what each part of a definition refers to, of those that may have no end by itself."""
    match definition:
        case Model(fields=fields):
            types = [field.type for field in fields if field.required]
        case Union(members=members):
            types = [AnyOf(members)]
        case Enum():
            types = []
    return [[ref.id for ref in _alternatives(type_)] for type_ in types if not _ends(type_, ())]


def _alternatives(type_: Type) -> Iterator[Ref]:
    """Yield the references of which one has to end."""
    for member in type_.members if isinstance(type_, AnyOf) else (type_,):
        if isinstance(member, AnyOf):
            yield from _alternatives(member)
        elif isinstance(member, Ref):
            yield member


def _ends(type_: Type, finite: Collection[str]) -> bool:
    match type_:
        case Ref(id=id_):
            return id_ in finite
        case AnyOf(members=members):
            return any(_ends(member, finite) for member in members)
        case ListOf() | MapOf() | Nullable() | Scalar() | Constant():
            return True


@_rule("MS036", "a union is not a member of itself")
def _union_in_itself(schema: Schema) -> Iterator[Problem]:
    for union in _unions(schema):
        if union.id in schema.circular_unions:
            yield Problem(
                union.position,
                "MS036",
                f'the union "{union.name}" is a member of itself',
                help="remove it from the members, or from those of the member that leads back",
            )


@_rule("MS046", f"unions are members of unions at most {DEEPEST} levels deep")
def _too_deep(schema: Schema) -> Iterator[Problem]:
    for id_, depth in schema.union_depths.items():
        # What a union that is too deep is a member of is so for the same reason.
        if depth == DEEPEST + 1:
            union = schema.by_id[id_]
            yield Problem(
                union.position,
                "MS046",
                f'the union "{union.name}" nests more than {DEEPEST} levels of unions',
                help="list the members of the inner unions in it",
            )


@_rule("MS037", "the name that a union inside a field gets is free")
def _lifted_names(schema: Schema) -> Iterator[Problem]:
    owner: dict[str, Definition] = {}
    told_otherwise = {model.id for model, _ in _nameless(schema)}
    for definition in lift_unions(schema).definitions:
        if definition.id in told_otherwise:
            continue
        other = owner.setdefault(definition.id, definition)
        if other is not definition:
            named = schema.by_id.get(definition.id)
            is_written = named is not None and named.position == definition.position
            written, lifted = (definition, other) if is_written else (other, definition)
            yield Problem(
                lifted.position,
                "MS037",
                f'the union in this type would be called "{lifted.name}", and that name is taken',
                help='define the union in a document of its own ("union: Name") and refer to it',
                related=((written.position, "the other one"),),
            )


@_rule("MS038", "a union inside a field can be called after the field")
def _nameless_lifted(schema: Schema) -> Iterator[Problem]:
    for _, field in _nameless(schema):
        yield Problem(
            field.type_position,
            "MS038",
            f'the union in this type needs a name, and "{visible(field.json_key)}" gives none',
            help='define the union in a document of its own ("union: Name") and refer to it',
        )


def _nameless(schema: Schema) -> Iterator[tuple[Model, Field]]:
    """Yield each field with a union that would be called as its model is."""
    for model in _models(schema):
        for field in model.fields:
            is_lifted = any(isinstance(type_, AnyOf) for type_ in walk(field.type))
            if is_lifted and lifted_name(model, field.json_key) == model.name:
                yield model, field


@_rule("MS045", "a language that has a definition has all that it refers to")
def _kept_together(schema: Schema) -> Iterator[Problem]:
    if not any(definition.only for definition in schema.definitions):
        return
    for definition in schema.definitions:
        for only, type_ in _types_by_language(definition):
            for inner in walk(type_):
                target = schema[inner] if isinstance(inner, Ref) else None
                if target is None or not target.only:
                    continue
                lacking = set(only or definition.only) - set(target.only)
                if lacking or not (only or definition.only):
                    others = f"in {', '.join(sorted(lacking))}" if lacking else "in every language"
                    yield Problem(
                        inner.position if isinstance(inner, Ref) else definition.position,
                        "MS045",
                        f'"{definition.name}" is there {others}, and "{target.name}" only in'
                        f" {', '.join(target.only)}",
                        help=f'give both the same "only", or remove it from "{target.name}"',
                    )


def _types_by_language(definition: Definition) -> Iterator[tuple[tuple[str, ...], Type]]:
    match definition:
        case Model(fields=fields):
            for field in fields:
                yield field.only, field.type
        case Union(members=members):
            for member in members:
                yield (), member
        case Enum():
            pass


def unknown_names(
    schema: Schema, is_target: Callable[[str], bool], targets: Callable[[], Iterable[str]]
) -> Iterator[Problem]:
    """Yield a problem for each key of `names:`, `only:` and `pages:` that is no target (MS039).

    `targets` lists them all, which takes a while, and is called only for a message.
    """
    for definition in schema.definitions:
        members = (
            definition.fields
            if isinstance(definition, Model)
            else definition.values
            if isinstance(definition, Enum)
            else ()
        )
        for item in (definition, *members):
            said = [
                ("names", item.names, item.names_position),
                ("only", item.only, item.position),
                ("pages", item.pages, item.position),
            ]
            for key, target, position in (
                (key, target, position) for key, names, position in said for target in names
            ):
                if not is_target(target):
                    known = tuple(targets())
                    yield Problem(
                        position,
                        "MS039",
                        f'"{key}" has "{visible(target)}", and no target is called so',
                        help=did_you_mean(target, known) or "the targets are " + ", ".join(known),
                    )
