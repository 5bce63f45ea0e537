"""Which value of a discriminator selects which member of a union."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, TypeAlias

from modelsync.schema.aliases import plain
from modelsync.schema.definitions import Definition, Enum, Model, Tag, TagPlace, Union
from modelsync.schema.schema import Schema
from modelsync.schema.types import INTEGERS, TEXTS, AnyOf, Constant, Ref, Scalar, Type

_INTEGER: Final = r"(?a)-?(?:0|[1-9]\d{0,99})"
_Definitions: TypeAlias = Mapping[str, Definition]


class WrittenTag(NamedTuple):
    """One entry of the `mapping` of a union, with the id of its member."""

    text: str
    plain: bool
    """Whether the text has no quotes, so that it may be a number or a boolean."""
    member: str
    place: TagPlace


def with_tags(schema: Schema, written: Mapping[str, Sequence[WrittenTag]]) -> Schema:
    """Return `schema` with the discriminator values of each union.

    `written` has the `mapping` of each union that has one, by the union's id. Otherwise, the
    literal types of the members imply it. Members that are unions contribute their own values.
    """
    unions = [
        each
        for each in schema.definitions
        if isinstance(each, Union) and (each.discriminator is not None or each.id in written)
    ]
    if not unions:
        return schema
    definitions = dict(schema.by_id)
    depths = schema.union_depths
    # Inner unions come first. Circular ones have no depth, and are a problem.
    for union in sorted(unions, key=lambda union: depths.get(union.id, 0)):
        definitions[union.id] = _with_tags(definitions, union, written.get(union.id))
    return Schema(tuple(definitions[each.id] for each in schema.definitions))


def _with_tags(
    definitions: _Definitions, union: Union, written: Iterable[WrittenTag] | None
) -> Union:
    members = [definitions.get(each.id) for each in union.members if isinstance(each, Ref)]
    models = [each for each in members if isinstance(each, Model)]
    inner = [
        each
        for each in members
        if isinstance(each, Union) and union.discriminator is not None
        if each.discriminator == union.discriminator and each.id != union.id
    ]
    fields = [(model.id, field) for model in models if (field := union.tag_field(model))]
    contributed = [(tag, each.id) for each in inner for tag in each.by_tag]
    places: dict[Tag, TagPlace] = {}
    if written is None:
        own = [(tag, id_) for id_, field in fields for tag in _values(definitions, field.type)]
    else:
        kinds = (_kind(definitions, field.type) for _, field in fields)
        kind = next(filter(None, kinds), "")
        tags = [(_tag(entry, kind), entry) for entry in written]
        pairs = [(tag, entry.member) for tag, entry in tags]
        places = {tag: entry.place for tag, entry in tags}
        inherited = set(contributed)
        own = [pair for pair in pairs if pair not in inherited]
    absent = [id_ for id_, field in fields if not field.required]
    absent += [each.id for each in inner if each.absent_tag is not None]
    return replace(
        union,
        mapping=(*own, *contributed),
        tag_places=places,
        absent_tag=absent[0] if absent else None,
    )


def _tag(entry: WrittenTag, kind: str) -> Tag:
    """Return a discriminator value of a kind. Without a kind, a plain scalar is as in JSON."""
    is_guessed = entry.plain and not kind
    if (kind == "int" or is_guessed) and re.fullmatch(_INTEGER, entry.text):
        return int(entry.text)
    if (kind == "bool" or is_guessed) and entry.text in ("true", "false"):
        return entry.text == "true"
    return entry.text


def _values(definitions: _Definitions, type_: Type) -> list[Tag]:
    """Return the values of a type that consists of literals and closed enums; otherwise none."""
    type_ = plain(definitions, type_)
    match type_:
        case Ref(id=id_) if isinstance(alias := definitions.get(id_), Union) and alias.is_alias:
            return _values(definitions, AnyOf(alias.members))
        case Constant(value=value):
            return [value]
        case Ref(id=id_):
            enum = definitions.get(id_)
            if not isinstance(enum, Enum) or enum.open:
                return []
            return [value.json_value for value in enum.values]
        case AnyOf(members=members):
            values = [_values(definitions, member) for member in members]
            return [value for each in values for value in each] if all(values) else []
        case _:
            return []


def _kind(definitions: _Definitions, type_: Type) -> str:
    """Return the Python type of the values of a type; empty if it has several, or others."""
    return next(iter(kinds), "") if len(kinds := set(_kinds(definitions, type_))) == 1 else ""


def _kinds(definitions: _Definitions, type_: Type) -> Iterator[str]:
    type_ = plain(definitions, type_)
    match type_:
        case Constant(kind=kind):
            yield kind
        case Scalar(name=name):
            yield "int" if name in INTEGERS else "str" if name in TEXTS else name
        case AnyOf(members=members):
            for member in members:
                yield from _kinds(definitions, member)
        case Ref(id=id_):
            match definitions.get(id_):
                case Enum(type=scalar):
                    yield "str" if scalar == "string" else "int"
                case Union(is_alias=True, members=members):
                    for member in members:
                        yield from _kinds(definitions, member)
                case _:
                    pass
        case _:
            pass
