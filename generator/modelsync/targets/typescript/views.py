"""The views of TypeScript: what the template of each kind of definition sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from modelsync.errors import Position
from modelsync.schema.ir import Constant, Definition, Enum, Field, Model, Ref, Scalar, Union
from modelsync.schema.unions import branches
from modelsync.targets.base import Code, with_origins
from modelsync.targets.typescript.module import Codec, Direction, Module
from modelsync.targets.typescript.names import (
    INHERITED,
    KIND_OF_JSON,
    SCALARS,
    Names,
    json_text,
    tagged_models,
    writers,
)
from modelsync.targets.typescript.text import documentation, literal, property_key, source_of
from modelsync.targets.values import written_default

_FIELDS_PER_FUNCTION: Final = 500
"""`tsc` gives up on a function with more branches than two to three thousand."""


def view_of(names: Names, definition: Definition) -> Mapping[str, object]:
    """Return what the template of a definition sees."""
    module = Module(names, definition)
    match definition:
        case Model() as model:
            own = _model(module, model)
        case Enum() as enum:
            own = _enum(module, enum)
        case Union(discriminator=None) as union:
            own = _union(module, union)
        case Union() as union:
            own = _tagged_union(module, union)
    return {
        "spec": source_of(definition.spec),
        "doc": documentation(definition, 0),
        "name": with_origins(module.name, (definition.position,)),
        "read": module.codec_name(definition.id, "read"),
        "write": module.codec_name(definition.id, "write"),
        "json": Code("wire.JsonObject" if isinstance(definition, Model) else "wire.Json"),
        **own,
        "wire": names.module(definition.package, "", "_wire"),
        "imports": list(module.import_views()),
    }


# Models ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of a model."""

    position: Position
    doc: Code
    name: Code
    key: Code
    type: Code
    is_optional: bool
    takes_null: bool
    is_prototype: bool
    """Whether assigning to its key would change the prototype of an object."""
    source: Code
    """The property of the JSON object; undefined if it is absent."""
    default: Code
    read: Codec
    write: Codec


@dataclass(frozen=True, slots=True)
class GroupView:
    """The fields that one function reads, and one writes."""

    number: Code
    fields: list[FieldView]


def _model(module: Module, model: Model) -> Mapping[str, object]:
    fields = [_field(module, model, field) for field in model.fields]
    starts = range(0, len(fields), _FIELDS_PER_FUNCTION)
    return {
        "fields": fields,
        "groups": [
            GroupView(Code(number), fields[start : start + _FIELDS_PER_FUNCTION])
            for number, start in enumerate(starts, 1)
        ],
        "properties": _properties(module.names, model) if model.id in module.names.tried else None,
    }


def _properties(names: Names, model: Model) -> list[Code]:
    """Return the properties that the writer of this model does not omit."""
    properties = dict.fromkeys(names.fields[model.id, field.json_key] for field in model.fields)
    properties |= dict.fromkeys(sorted(names.added_tags.get(model.id, ())))
    return [literal(name) for name in properties]


def _field(module: Module, model: Model, field: Field) -> FieldView:
    module.imports.position = field.position
    has_default = field.has_default and not field.required
    default = written_default(module.schema, field) if has_default else None
    return FieldView(
        position=field.position,
        doc=documentation(field, 2, json_text(default)),
        name=Code(module.names.fields[model.id, field.json_key]),
        key=literal(field.json_key),
        type=module.type(field.type),
        is_optional=not field.required,
        takes_null=field.nullable or field.type == Scalar("any"),
        is_prototype=field.json_key == "__proto__",
        source=_property("from", field.json_key),
        default=module.names.json(default) if has_default else Code(""),
        read=module.codec(field.type, "read"),
        write=module.codec(field.type, "write"),
    )


def _property(value: str, key: str) -> Code:
    """Spell the property `key` of a JSON object."""
    inherited = key in INHERITED
    return Code(f"wire.own({value}, {literal(key)})" if inherited else f"{value}[{literal(key)}]")


# Enums -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ValueView:
    """A value of an enum."""

    position: Position
    doc: Code
    name: Code
    literal: Code


def _enum(module: Module, enum: Enum) -> Mapping[str, object]:
    names = module.names
    return {
        "values": [
            ValueView(
                value.position,
                documentation(value, 2),
                Code(names.values[enum.id, value.json_value]),
                names.value(value.json_value),
            )
            for value in enum.values
        ],
        "open": enum.open,
        "type": module.type(Scalar(enum.type)),
        "codec": Code(SCALARS[enum.type].read),
        "expected": literal(f"a value of {enum.name}"),
    }


# Unions without discriminator --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member of a union without discriminator."""

    position: Position
    type: Code


@dataclass(frozen=True, slots=True)
class BranchView:
    """The kinds of value that some members of a union may have, and the codecs of those members."""

    position: Position
    kinds: list[Code]
    codecs: list[Codec]
    cast: Code
    """The type of the only member, where a value is not known to have it; empty otherwise."""


def _union(module: Module, union: Union) -> Mapping[str, object]:
    members = []
    for member, place in union.places.items():
        module.imports.position = place
        members.append(MemberView(place, module.type(member)))
    reading = {
        KIND_OF_JSON.get(branch.kind, branch.kind): branch.members
        for branch in branches(module.schema, union)
    }
    return {
        "members": members,
        "id": literal(union.id),
        "readers": list(_branches(module, union, reading, "read")),
        "writers": list(_branches(module, union, writers(module.schema, union), "write")),
        "expected": literal(f"a value of {union.name}"),
    }


def _branches(
    module: Module, union: Union, members_of: Mapping[str, tuple[int, ...]], direction: Direction
) -> Iterator[BranchView]:
    """Yield a branch for each choice of members; `members_of` has that of each kind of value."""
    kinds_of: dict[tuple[int, ...], list[Code]] = {}
    for kind, indexes in members_of.items():
        if indexes:
            kinds_of.setdefault(indexes, []).append(literal(kind))
    for indexes, kinds in kinds_of.items():
        first = union.members[indexes[0]]
        is_cast = len(indexes) == 1 and direction == "write" and isinstance(first, Ref)
        yield BranchView(
            union.places[first] if len(indexes) == 1 else union.position,
            kinds,
            [module.codec(union.members[index], direction) for index in indexes],
            module.type(first) if is_cast else Code(""),
        )


# Unions with discriminator -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TaggedMemberView:
    """A member of a union with discriminator, and the values that stand for it."""

    position: Position
    type: Code
    values: list[Code]
    has_tag: bool
    """Whether the model has a field for the discriminator."""
    is_constant: bool
    """Whether the type of that field is one value."""
    read: Code
    write: Code


def _tagged_union(module: Module, union: Union) -> Mapping[str, object]:
    discriminator = union.discriminator or ""
    tag = Code(module.names.tag(union))
    members = []
    for model in tagged_models(module.schema, union):
        module.imports.position = union.places[Ref(model.id)]
        members.append(_tagged_member(module, union, model))
    return {
        "members": members,
        "tag": tag,
        "source": _property("from", discriminator),
        "key": literal(discriminator),
        "property_key": property_key(discriminator),
        "expected": literal(f"a {discriminator} of {union.name}"),
    }


def _tagged_member(module: Module, union: Union, model: Model) -> TaggedMemberView:
    name = module.local(model.id)
    values = union.tags[model.id]
    literals = [literal(value) for value in values]
    tag = union.tag_field(model)
    tag_type = tag.type if tag else None
    narrowed = f"{name} & {{ {module.names.tag(union)}: {' | '.join(literals)} }}"
    if [tag_type] == [Constant(value) for value in values]:
        narrowed = name
    elif len(union.tags) > 1:
        narrowed = f"({narrowed})"
    return TaggedMemberView(
        position=union.places[Ref(model.id)],
        type=Code(narrowed),
        values=literals,
        has_tag=tag is not None,
        is_constant=isinstance(tag_type, Constant),
        read=module.codec_name(model.id, "read"),
        write=module.codec_name(model.id, "write"),
    )
