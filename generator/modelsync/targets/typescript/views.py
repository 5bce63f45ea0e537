"""The views of definitions: names, expressions and decisions for their templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import TypeAlias

from modelsync.errors import visible
from modelsync.schema.ir import (
    Alias,
    Constant,
    Definition,
    Enum,
    Field,
    MapOf,
    Model,
    Nullable,
    Ref,
    Scalar,
    Schema,
    Tag,
    Type,
    Union,
)
from modelsync.schema.json_values import Json, kinds
from modelsync.schema.schema import union_of
from modelsync.schema.tagged import model_of_tag
from modelsync.schema.type_expr import unparse
from modelsync.schema.unions import Branch, branches
from modelsync.schema.wanted import wanted_member, wanted_tag, wanted_value
from modelsync.targets.additional import DOC, ignored_keys_of, policy_of
from modelsync.targets.base import Code, code, join, with_origins
from modelsync.targets.typescript.limits import WIDE, LimitViews
from modelsync.targets.typescript.module import Codec, Codecs, Module, maybe
from modelsync.targets.typescript.names import INHERITED, specifier
from modelsync.targets.typescript.text import documentation, json_literal, literal, property_key
from modelsync.targets.typescript.unions import MEMORY_KINDS, memory_kinds, tag_of
from modelsync.targets.values import written_default

View: TypeAlias = Mapping[str, object]


def template_and_view(
    module: Module, item: Definition, properties: Iterable[str] | None
) -> tuple[str, View]:
    """Return the template of a definition, and its view.

    `properties` are the ones to write of a model that some union may try.
    """
    match item:
        case Model():
            template, own = "model.ts", _model(module, item, properties)
        case Enum():
            template, own = "enum.ts", _enum(module, item)
        case Union(discriminator=None):
            template, own = "union.ts", _union(module, item)
        case Union():
            template, own = "tagged_union.ts", _tagged_union(module, item)
        case Alias():
            template, own = "alias.ts", _alias(module, item)
    return template, {
        "spec": Code(visible(item.spec)),
        "doc": documentation(item, 0),
        "title": item.name,
        "name": with_origins(module.name(item.id), (item.position,)),
        "input": module.form(item.id, "Input"),
        "json": module.form(item.id, "Json"),
        "has_forms": item.id in module.target.with_forms,
        "read": module.readers.name(item.id),
        "write": module.writers.name(item.id),
        **own,
        "limits": list(LimitViews(module).all()),
        "wire": specifier(module.target, item.package, "", "_wire"),
        "imports": list(module.imports.lines(lambda name: (name.startswith("type "), name))),
    }


def _model(module: Module, model: Model, properties: Iterable[str] | None) -> View:
    fields = [_field(module, model, field) for field in model.fields]
    additional = model.additional_type
    is_same = all(field.input == field.type and field.required for field in fields)
    return {
        "fields": fields,
        "has_own_input": additional is not None or not is_same,
        "properties": None if properties is None else list(map(literal, properties)),
        "policy": policy_of(model),
        "ignored": list(map(literal, ignored_keys_of(model))),
        "additional": _additional(module, model),
    }


def _additional(module: Module, model: Model) -> View | None:
    """Return the view of the property for additional properties, if a model has it."""
    type_ = model.additional_type
    if type_ is None:
        return None
    module.imports.position = model.additional_position
    # An object cannot have properties of several types and all of one.
    is_only = all(field.type == type_ for field in model.fields)
    return {
        "position": model.additional_position,
        "doc": Code(f"/** {DOC} */"),
        "type": module.spell(MapOf(type_)),
        "input": module.inputs.spell(MapOf(type_)),
        "json": module.jsons.spell(type_) if is_only else Code("wire.Json"),
        "read": module.readers.spell(type_).value,
        "write": module.writers.spell(type_).value,
    }


def _field(module: Module, model: Model, field: Field) -> SimpleNamespace:
    module.imports.position = field.position
    default = written_default(module.schema, field) if field.has_default else None
    may_be_absent = field.has_default or not field.required
    is_prototype = field.json_key == "__proto__"
    input_ = module.inputs.spell(field.type)
    read, write = module.readers.spell(field.type), module.writers.spell(field.type)
    if field.write_only:
        read, write = (Codec(Code("wire.secret"), each.value) for each in (read, write))
    return SimpleNamespace(
        position=field.position,
        doc=documentation(field, 2, default),
        name=Code(module.target.field_names[model.id, field.json_key]),
        key=literal(field.json_key),
        property=Code("__proto__") if is_prototype else property_key(field.json_key),
        type=module.spell(field.type),
        required=field.required,
        input=maybe(input_) if may_be_absent else input_,
        json=module.jsons.spell(field.type),
        is_set=field.has_default or field.required,
        may_be_absent=may_be_absent,
        takes_null=module.schema.takes_null(field.type),
        is_prototype=is_prototype,
        source=_property(field.json_key),
        place=_place(field.json_key),
        default=json_literal(default) if field.has_default else None,
        written=_written(module, field.type, default),
        read=read,
        write=write,
    )


def _written(module: Module, type_: Type, default: Json) -> Code:
    """Spell a default as encoding writes it."""
    if default and isinstance(default, list | dict) and not module.schema.is_any(type_):
        return code("{} as {}", json_literal(default), module.jsons.spell(type_))
    if type(default) is int and _is_wide(module.schema, type_):
        return module.literal(default)
    return json_literal(default)


def _is_wide(schema: Schema, type_: Type) -> bool:
    """Whether a number of a type is one of 64 bits, or one of an enum."""
    match schema.plain(type_):
        case Scalar(name=name):
            return name in WIDE
        case Nullable(inner=inner):
            return _is_wide(schema, inner)
        case Ref() as ref if isinstance(union := schema[ref], Union):
            return any(_is_wide(schema, member) for member in union.members)
        case _:
            return True


def _property(key: str) -> Code:
    """Spell the property `key` of the JSON object that is read; undefined if it is absent."""
    return Code(f"wire.own(from, {literal(key)})" if key in INHERITED else f"from[{literal(key)}]")


def _place(key: str) -> Code:
    """Spell the property `key` after the JSON object that is written."""
    name = property_key(key)
    return code(".{}", name) if name == key else code("[{}]", literal(key))


def _enum(module: Module, enum: Enum) -> View:
    names = module.target.value_names
    return {
        "values": [
            {
                "position": value.position,
                "doc": documentation(value, 2),
                "name": Code(names[enum.id, value.json_value]),
                "literal": module.literal(value.json_value),
            }
            for value in enum.values
        ],
        "open": enum.open,
        "wanted": literal(wanted_value(enum)),
        "type": module.spell(Scalar(enum.type)),
        "codec": module.readers.spell(Scalar(enum.type)).function,
    }


def _alias(module: Module, alias: Alias) -> View:
    type_ = module.spell(alias.type)
    name, json = module.name(alias.id), module.form(alias.id, "Json")
    reader, writer = module.readers.spell(alias.type), module.writers.spell(alias.type)
    codecs = [(module.readers.name(alias.id), Code("unknown"), name, reader)]
    if not module.has_one_codec(alias.type):
        is_ref = isinstance(module.schema.plain(alias.type), Ref)
        takes = module.inputs.spell(alias.type) if is_ref else Code("unknown")
        codecs.append((module.writers.name(alias.id), takes, json, writer))
    if alias.type in module.limits:
        codecs = []  # the functions that check the constraints
    keys = ("name", "takes", "gives", "function", "argument")
    return {
        "type": type_,
        "input_type": module.inputs.spell(alias.type),
        "json_type": module.jsons.spell(alias.type),
        "codecs": [
            dict(zip(keys, (*names, codec.function, codec.argument), strict=True))
            for *names, codec in codecs
        ],
    }


def _union(module: Module, union: Union) -> View:
    members: dict[Code, View] = {}
    for member, place in union.places.items():
        module.imports.position = place
        type_, input_ = module.spell(member), module.inputs.spell(member)
        members.setdefault(type_, {"position": place, "type": type_, "input": input_})
    is_one = module.has_one_codec(Ref(union.id))
    writing = branches(module.schema, union, MEMORY_KINDS, memory_kinds)
    return {
        "members": list(members.values()),
        "json_type": join(" | ", dict.fromkeys(map(module.jsons.spell, union.places))),
        "id": union.id,
        "wanted": literal(wanted_member(union.members, union.name)),
        "is_choice": all(isinstance(member, Constant) for member in union.members),
        "readers": _cases(module, union, branches(module.schema, union), module.readers),
        "writers": [] if is_one else _cases(module, union, writing, module.writers),
    }


def _cases(module: Module, union: Union, branches: Iterable[Branch], codecs: Codecs) -> list[View]:
    """Return the kinds of value that some members of a union may have, with their codecs."""
    cases: list[View] = []
    grouped: dict[tuple[tuple[int, ...], tuple[str, ...]], list[str]] = {}
    for branch in branches:
        members = (union.members[at] for at in branch.members)
        names = tuple(_name_in_errors(module, member, branch.kind) for member in members)
        names = names if len(names) > 1 else ()  # the error of an only member needs no name
        grouped.setdefault((branch.members, names), []).append(branch.kind)
    for (indexes, names), group in grouped.items():
        chosen = [union.members[index] for index in indexes]
        is_single = len(chosen) == 1
        # `tsc` does not know that a value has the type of the only member of its kind.
        is_cast = is_single and codecs is module.writers and isinstance(chosen[0], Ref)
        case = {
            "position": union.places[chosen[0]] if is_single else union.position,
            "kinds": [literal("boolean" if kind == "bool" else kind) for kind in group],
            "codecs": list(map(codecs.spell, chosen)),
            "names": list(map(literal, names)),
            "cast": module.inputs.spell(chosen[0]) if is_cast else None,
        }
        cases.append(case)
    return cases


def _name_in_errors(module: Module, member: Type, kind: str) -> str:
    """Return what errors call a member of a union that accepts a kind of value.

    A union that is a member counts as its only member that accepts the kind, if it has one.
    """
    schema = module.schema
    while inner := union_of(schema, member):
        candidates = [each for each in inner.members if kind in kinds(schema, each)]
        if len(candidates) != 1:
            break
        (member,) = candidates
    return unparse(member, lambda ref: schema[ref].name)


def _tagged_union(module: Module, union: Union) -> View:
    return {
        "members": [_tagged_member(module, union, id_) for id_ in union.tags],
        "tag": Code(tag_of(module.target, union)),
        "source": _property(union.discriminator or ""),
        "discriminator": union.discriminator,
        "check": module.readers.spell(Scalar(union.tag_scalar)).function,
        "tag_type": module.spell(Scalar(union.tag_scalar)),
        "takes_absent": union.absent_tag is not None,
        "open": union.open,
        "wanted": literal(wanted_tag(union)),
        "known": [module.literal(tag) for tag, _ in union.mapping],
    }


def _held_tag(module: Module, union: Union, tag: Tag) -> Code:
    """Spell a tag as a value in memory: a number if the field of its model is a small integer."""
    field = union.tag_field(model_of_tag(module.schema, union, tag))
    type_ = module.schema.plain(field.type) if field is not None else None
    is_small = isinstance(type_, Scalar) and type_.name not in WIDE
    return literal(tag) if is_small else module.literal(tag)


def _tagged_member(module: Module, union: Union, id_: str) -> View:
    position = module.imports.position = union.places[Ref(id_)]
    tags = union.tags[id_]
    held = [_held_tag(module, union, tag) for tag in tags]
    member = module.schema.by_id[id_]
    is_union = isinstance(member, Union)
    field = union.tag_field(member) if isinstance(member, Model) else None
    type_ = module.schema.resolved(field.type) if field else None
    is_constant = is_union or isinstance(type_, Constant)
    is_whole = is_union or (is_constant and len(tags) == 1)
    tag, key = Code(tag_of(module.target, union)), property_key(union.discriminator or "")
    tag_type = join(" | ", held)
    absent = Code("?" if union.absent_tag == id_ else "")
    has_default = field is not None and field.has_default

    def narrowed(name: Code, key: Code, is_whole: bool) -> Code:
        text = code("{} & {{ {}{}: {} }}", name, key, absent, tag_type)
        is_alone = len(union.tags) == 1 and not union.open
        return name if is_whole else text if is_alone else code("({})", text)

    return {
        "position": position,
        "type": narrowed(module.name(id_), tag, is_whole),
        "input": narrowed(module.form(id_, "Input"), tag, is_whole and not has_default),
        "json": narrowed(module.form(id_, "Json"), key, is_whole),
        "tags": list(map(module.literal, tags)),
        "held_tags": held,
        "has_tag": is_union or field is not None,
        "is_constant": is_constant,
        "takes_absent": union.absent_tag == id_,
        "read": module.readers.name(id_),
        "write": module.writers.name(id_),
    }
