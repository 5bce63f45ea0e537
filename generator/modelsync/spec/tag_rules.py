"""The problems of unions with a discriminator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from modelsync.errors import Position, Problem, visible
from modelsync.schema import meaning
from modelsync.schema.definitions import Enum, Field, Model, Tag, Union, tag_text
from modelsync.schema.json_values import kind_of, kinds
from modelsync.schema.schema import Schema
from modelsync.schema.type_expr import unparse
from modelsync.schema.types import INTEGERS, NUMBERS, AnyOf, Constant, Ref, Scalar, Type
from modelsync.schema.validation import ValidationError

_WORDS: Final = {"str": "strings", "int": "integers", "bool": "booleans"}


def tag_problems(schema: Schema, union: Union, key: str) -> Iterator[Problem]:
    """Yield a problem for values of the discriminator, and members, that do not fit (MS034)."""
    if len(union.tag_kinds) > 1:
        yield _several_kinds(union, key)
        return
    for tag in union.by_tag:
        if isinstance(tag, int) and tag not in INTEGERS["int64"]:
            message = f"`{tag}` in the mapping of `{union.name}` is not a 64-bit integer"
            position = union.tag_places[tag].tag if tag in union.tag_places else union.position
            yield Problem(position, "MS034", message, help="use smaller integers, or strings")
    yield from _mapping_problems(schema, union, key)
    for member, position in union.places.items():
        yield from _member_problems(schema, union, key, member, position)


def _several_kinds(union: Union, key: str) -> Problem:
    """Return the problem at the first value that is not of the same kind as the ones before."""
    words = " and ".join(_WORDS[kind] for kind in sorted(union.tag_kinds, reverse=True))
    first = type(union.mapping[0][0])
    tag, id_ = next(pair for pair in union.mapping if type(pair[0]) is not first)
    place = union.places.get(Ref(id_), union.position)
    help_ = "use strings, integers or booleans only"
    if tag in union.tag_places:
        place = union.tag_places[tag].tag
        help_ += '; `mapping` needs quotes around a string such as `"5"`'
    message = f"the values of `{key}` in `{union.name}` are of several kinds: {words}"
    return Problem(place, "MS034", message, help=help_)


def open_problems(schema: Schema, union: Union) -> Iterator[Problem]:
    """Yield a problem for an open union that cannot have unknown members (MS086)."""
    if union.open and union.discriminator is None:
        yield Problem(
            union.position,
            "MS086",
            f"`{union.name}` is open but has no discriminator, so nothing shows that a member is"
            " unknown",
            help="add `discriminator: FIELD`, or replace `open` with the last member `any`",
        )
    for member, position in union.places.items() if union.discriminator is not None else ():
        inner = schema[member] if isinstance(member, Ref) else None
        if isinstance(inner, Union) and inner.open:
            yield Problem(
                position,
                "MS086",
                f"`{inner.name}` is open, so it cannot be a member of `{union.name}`",
                help=f"make `{union.name}` open instead",
            )


def absent_problems(schema: Schema, union: Union) -> Iterator[Problem]:
    """Yield a problem for each further member of an object without discriminator (MS087)."""
    chosen = union.absent_tag
    if chosen is None:
        return
    for member, position in union.places.items():
        definition, place = schema[member] if isinstance(member, Ref) else None, position
        match definition:
            case Model():
                field = union.tag_field(definition)
                takes_absent = field is not None and not field.required
                place = field.position if field is not None else position
            case Union():
                takes_absent = definition.absent_tag is not None
            case _:
                takes_absent = False
        if definition is not None and takes_absent and definition.id != chosen:
            first = schema.by_id[chosen].name
            yield Problem(
                place,
                "MS087",
                f"`{first}` and `{definition.name}` in `{union.name}` both accept an object"
                f" without `{union.discriminator}`",
                help="add `required: true` to the field in all members but one",
            )


def default_problems(schema: Schema) -> Iterator[Problem]:
    """Yield a problem for each default of a discriminator that selects another member (MS030)."""
    unions = (each for each in schema.definitions if isinstance(each, Union))
    for union, id_ in ((each, id_) for each in unions for id_ in each.tags):
        model = schema.by_id[id_]
        field = union.tag_field(model) if isinstance(model, Model) else None
        if field is not None and field.has_default and field.default not in union.tags[id_]:
            yield Problem(
                field.position,
                "MS030",
                f"the default of `{field.json_key}` does not select `{model.name}` in"
                f" `{union.name}`",
                help="use a default that selects the member, or remove it",
            )


def _mapping_problems(schema: Schema, union: Union, key: str) -> Iterator[Problem]:
    """Yield a problem for values of the discriminator that do not select exactly one member."""
    owners: dict[Tag, str] = {}
    for tag, id_ in union.mapping:
        inner = schema.by_id[id_]
        written = union.tag_places[tag].member if tag in union.tag_places else union.position
        if Ref(id_) not in union.places:
            yield Problem(
                written,
                "MS034",
                f"the mapping of `{union.name}` names `{inner.name}`, which is not a member",
                help="add it to the members, or remove it from the mapping",
            )
        elif isinstance(inner, Union) and tag not in inner.by_tag:
            yield Problem(
                written,
                "MS034",
                f"the mapping of `{union.name}` names `{inner.name}`, a union with its own values"
                f" of `{key}`",
                help=f"remove `{tag_text(tag)}` from the mapping, or add it to `{inner.name}`",
            )
        elif tag in owners:
            first, second = schema.by_id[owners[tag]].name, inner.name
            yield Problem(
                union.places[Ref(id_)],
                "MS034",
                f"`{tag_text(tag)}` selects two members of `{union.name}`: `{first}` and"
                f" `{second}`",
                help=f"use a different value of `{key}` in one of them",
            )
        else:
            owners[tag] = id_


def _member_problems(
    schema: Schema, union: Union, key: str, member: Type, position: Position
) -> Iterator[Problem]:
    """Yield a problem if a member cannot be selected, or cannot keep the discriminator."""
    model = schema[member] if isinstance(member, Ref) else None
    if isinstance(model, Union) and model.discriminator == key:
        return
    if not isinstance(model, Model):
        yield _no_model(schema, union, key, member, position)
        return
    field = union.tag_field(model)
    values = union.tags.get(model.id, ())
    if not values:
        yield Problem(
            position,
            "MS034",
            f"no value of `{key}` selects `{model.name}`",
            help=f"give its field `{key}` a literal type, such as `'\"message\"'`,"
            " or add a `mapping`",
        )
    elif field is not None:
        yield from _field_problems(schema, union, model, field)
    elif model.additional_properties is not None:
        does = "keeps" if model.additional_properties else "refuses"
        yield Problem(
            position,
            "MS034",
            f"`{model.name}` {does} keys that no field has, and has no field `{key}`",
            help=f"add a required field `{key}` to `{model.name}`",
        )
    elif len(values) > 1:
        yield Problem(
            position,
            "MS034",
            f"several values of `{key}` select `{model.name}`, which has no field `{key}`",
            help=f"add a required field `{key}` to `{model.name}`",
        )


def _no_model(schema: Schema, union: Union, key: str, member: Type, position: Position) -> Problem:
    """Return the problem with a member that is neither a model nor a union of the same kind."""
    name = unparse(member, lambda ref: schema[ref].name)
    help_ = "remove the discriminator, or wrap the member in a model"
    if union.open and member == Scalar("any"):
        help_ = "remove it: an open union keeps unknown members already"
    message = f"`{name}` is not a model, so `{key}` cannot select it"
    return Problem(position, "MS034", message, help=help_)


def _field_problems(schema: Schema, union: Union, model: Model, field: Field) -> Iterator[Problem]:
    """Check the field of a member that holds the discriminator."""
    if field.read_only or field.write_only:
        yield Problem(
            field.position,
            "MS084",
            f"the discriminator `{field.json_key}` of `{union.name}` is"
            f" {'read-only' if field.read_only else 'write-only'}",
            help=f"remove `{'readOnly' if field.read_only else 'writeOnly'}`: the discriminator is"
            " in every document",
        )
    kind = next(iter(union.tag_kinds))
    if not _has_kind(schema, field.type, kind_of(next(iter(union.by_tag)))):
        yield Problem(
            field.position,
            "MS034",
            f"the discriminator `{field.json_key}` of `{union.name}` must have a type of"
            f" {_WORDS[kind]} only",
            help="give it a literal type, such as `'\"message\"'`, or a scalar or an enum of this"
            " kind, without `null`",
        )
        return
    for value in union.tags[model.id]:
        try:
            meaning.read(schema, field.type, value)
        except ValidationError as error:
            yield Problem(
                field.position,
                "MS034",
                f"`{tag_text(value)}` selects `{model.name}` in `{union.name}`, but its field"
                f" `{field.json_key}` does not accept it: {visible(str(error))}",
                help="fix the mapping or the field's type",
            )


def _has_kind(schema: Schema, type_: Type, kind: str) -> bool:
    """Whether a type is a literal, several, a scalar or an enum, with values of one kind."""
    type_ = schema.plain(type_)
    alias = schema[type_] if isinstance(type_, Ref) else None
    if isinstance(alias, Union) and alias.is_alias:
        type_ = AnyOf(alias.members)
    match type_:
        case Scalar(name=name) if name in NUMBERS - INTEGERS.keys():
            return False
        case Scalar() | Constant():
            is_simple = True
        case AnyOf(members=members):
            is_simple = kind != "bool" and all(isinstance(each, Constant) for each in members)
        case Ref():
            is_simple = isinstance(schema[type_], Enum)
        case _:
            is_simple = False
    return is_simple and kinds(schema, type_) == {kind}
