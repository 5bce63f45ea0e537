"""The views of definitions: names, expressions and decisions for their templates."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Final, TypeAlias

from modelsync.errors import Position
from modelsync.schema import ir
from modelsync.schema.json_values import to_json
from modelsync.schema.meaning import read
from modelsync.schema.nested_unions import choices_of, containers_told_by_type, leaf_positions
from modelsync.schema.tagged import model_of_tag, model_without_tag, tagged_models
from modelsync.targets.additional import DOC, ignored_keys_of, policy_of
from modelsync.targets.base import Code, Target, code, join
from modelsync.targets.python.module import Module
from modelsync.targets.python.text import bytes_literal, docstring, documentation, literal

_STRING: Final = ir.Scalar("string")
_MOST_IN_A_ROW: Final = 100
"""The maximum number of types in one `A | B`: pyright accepts more only in groups."""

_CONTAINERS: Final[Mapping[type, Code]] = {ir.ListOf: Code("list"), ir.MapOf: Code("dict")}

View: TypeAlias = Mapping[str, object]


def template_and_view(target: Target, module: Module, item: ir.Definition) -> tuple[str, View]:
    """Return the template of a definition, and the variables that not all templates have."""
    match item:
        case ir.Model():
            return "model.py", _model(target, module, item)
        case ir.Enum():
            return "enum.py", _enum(target, module, item)
        case ir.Union(discriminator=None):
            return "union.py", _union(module, item)
        case ir.Union():
            return "tagged_union.py", _tagged_union(module, item)
        case ir.Alias():
            return "alias.py", _alias(module, item)


def _model(target: Target, module: Module, model: ir.Model) -> View:
    module.use("dataclasses", "dataclass")
    module.use("typing", "Any", "Self")
    fields = [_field(target, module, model, field) for field in model.fields]
    if fields or policy_of(model):
        module.use("typing", "Final")
    view = {"fields": fields, "keys_name": module.imports.free(Code("_KEYS"))}
    return {**view, **_additional(module, model)}


def _additional(module: Module, model: ir.Model) -> View:
    """Return what is done with keys that no field has."""
    type_ = model.additional_type
    module.imports.position = model.additional_position
    known = module.imports.free(Code("_KNOWN")) if policy_of(model) else Code()
    ignored = list(map(literal, ignored_keys_of(model)))
    view = {
        "policy": policy_of(model),
        "known_name": known,
        "ignored": ignored,
        "additional": None,
    }
    if type_ is None:
        return view
    module.use("dataclasses", "field")
    additional = SimpleNamespace(
        position=model.additional_position,
        annotation=module.spell(ir.MapOf(type_)),
        factory=module.imports.free(Code("_default_additional_properties")),
        doc=docstring(DOC),
        read=module.decoding.function(type_, Code("additional")),
        write=module.encoding.function(type_, Code("additional")),
    )
    return {**view, "additional": additional}


def _field(target: Target, module: Module, model: ir.Model, field: ir.Field) -> SimpleNamespace:
    module.imports.position = field.position
    name = Code(target.field_names[model.id, field.json_key])
    is_any = module.schema.is_any(field.type)
    is_text = field.required and field.type == _STRING
    by_value = is_text or field.nullable or not (field.required or is_any)
    key = literal(field.json_key)
    annotation = module.spell(field.type)
    default, factory = _default(target, module, field, name)
    missing = Code("UNSET" if field.nullable or is_any else "None")
    if default is None and not field.required:
        type_ = Code("Unset" if missing == "UNSET" else missing)
        annotation = code("{} | {}", annotation, type_)
        if type_ != missing:
            module.imports.use(code("{}wire", module.root), missing, type_)
    source = Code("value") if by_value else code("source[{}]", key)
    return SimpleNamespace(
        position=field.position,
        name=name,
        annotation=annotation,
        default=default,
        factory=factory,
        missing=missing,
        doc=documentation(field),
        key=key,
        required=field.required,
        nullable=field.nullable,
        is_any=is_any,
        is_text=is_text,
        by_value=by_value,
        decoded=module.decoding.of(field.type, name).of(source),
        encoded=module.encoding.of(field.type, name).of(code("self.{}", name)),
    )


def _default(
    target: Target, module: Module, field: ir.Field, name: Code
) -> tuple[Code | None, SimpleNamespace | None]:
    """Return an expression for a default, and the function it calls if values are not shared."""
    if not field.has_default:
        constant = module.schema.resolved(field.type) if field.required else None
        return literal(constant.value) if isinstance(constant, ir.Constant) else None, None
    shared = _shared(target, module, module.schema.plain(field.bare_type), field.default)
    if shared is not None:
        return shared, None
    module.use("dataclasses", "field")
    factory = SimpleNamespace(name=module.imports.free(code("_default_{}", name)))
    conversion = module.decoding.of(field.bare_type, code("default_{}", name))
    factory.result = conversion.of(literal(field.default))
    factory.gives = module.spell(field.bare_type)
    return code("{}()", factory.name), factory


def _shared(target: Target, module: Module, type_: ir.Type, value: ir.Value) -> Code | None:
    """Return an expression for a value that every instance may share, or None."""
    match type_, value:
        case _, None:
            return Code("None")
        case ir.Scalar(name="datetime"), str():
            module.use("datetime", "UTC", "datetime")
            moment = datetime.fromisoformat(value.upper()).astimezone(UTC)
            parts = [*moment.timetuple()[:6], *filter(None, [moment.microsecond])]
            return Code(f"datetime({', '.join(map(str, parts))}, tzinfo=UTC)")
        case ir.Scalar(name="date"), str():
            module.use("datetime", "date")
            day = date.fromisoformat(value)
            return Code(f"date({day.year}, {day.month}, {day.day})")
        case ir.Scalar(name="decimal"), str():
            module.use("decimal", "Decimal")
            return code("Decimal({})", literal(value))
        case ir.Scalar(name="uuid"), str():
            return None
        case ir.Scalar(name="bytes"), str():
            return bytes_literal(base64.b64decode(value))
        case ir.Ref(), str() | int() | float() if isinstance(module.schema[type_], ir.Enum):
            json_value = value if isinstance(value, str) else int(value)
            # An open enum also accepts values that it does not list.
            name = target.value_names.get((type_.id, json_value))
            return code("{}.{}", module.name(type_.id), Code(name)) if name else literal(json_value)
        case (ir.Ref() | ir.ListOf() | ir.MapOf(), _) | (_, tuple() | ir.Object()):
            return None
        case _:
            number = read(module.schema, type_, to_json(value), target.holds)
            assert not isinstance(number, list | dict)
            return literal(number)


def _enum(target: Target, module: Module, enum: ir.Enum) -> View:
    is_text = enum.type == "string"
    module.use("enum", "StrEnum" if is_text else "IntEnum")
    module.use("typing", "Final")
    return {
        "is_text": is_text,
        "values": enum_values(target, enum),
        "open": enum.open,
        "check": module.decoding.of(ir.Scalar(enum.type), Code()).function,
    }


def enum_values(target: Target, enum: ir.Enum) -> list[View]:
    """Return the view of each value."""
    return [
        {
            "position": value.position,
            "name": Code(target.value_names[enum.id, value.json_value]),
            "literal": literal(value.json_value),
            "doc": documentation(value),
        }
        for value in enum.values
    ]


def _union(module: Module, union: ir.Union) -> View:
    leaves = leaf_positions(module.schema, union)
    prefix = module.place.functions
    names = {leaf: code("{}_{}", prefix, literal(n)) for n, leaf in enumerate(leaves, 1)}
    cases = list(_cases(module, union, names))
    module.imports.position = union.position
    models = {
        leaf: {"position": position, "name": module.spell(leaf)}
        for leaf, position in leaves.items()
        if isinstance(leaf, ir.Ref) and isinstance(module.schema[leaf], ir.Model)
    }
    others = [leaf for leaf in leaves if leaf not in models]
    encoders = {leaf: module.encoding.function(leaf, names[leaf]) for leaf in others}
    containers = [
        {"position": leaves[leaf], "type": _container(module, leaf), "encoder": encoders[leaf]}
        for leaf in containers_told_by_type(module.schema, leaves)
    ]
    return {
        "alias": _one_of(module, union),
        "cases": cases,
        "models": list(models.values()),
        "containers": containers,
        "encoders": list(encoders.values()),
    }


def _cases(module: Module, union: ir.Union, names: Mapping[ir.Type, Code]) -> Iterator[View]:
    """Yield how each kind of JSON value is decoded."""
    for choice in choices_of(module.schema, union):
        module.imports.position = choice.position
        decoded, decoders = None, []
        if choice.is_single:
            (leaf,) = choice.leaves
            decoded = module.decoding.of(leaf, names[leaf]).of(Code("data"))
        else:
            decoders = [module.decoding.function(leaf, names[leaf]) for leaf in choice.leaves]
        yield {
            "position": choice.position,
            "kind": Code(choice.kind),
            "decoded": decoded,
            "decoders": decoders,
            "union": literal(choice.union.name),
        }


def _tagged_union(module: Module, union: ir.Union) -> View:
    schema = module.schema
    members = {
        id_: {
            "position": position,
            "name": module.name(id_),
            "tags": [literal(tag) for tag in tags],
            "may_omit_tag": field is not None and not field.required and not field.has_default,
        }
        for id_, (tags, position) in _models(schema, union).items()
        for field in (union.tag_field(schema.model(id_)),)
    }
    cases = [
        members[model_of_tag(schema, union, tag).id] | {"tag": literal(tag)}
        for tag, _ in union.mapping
    ]
    without_tag = model_without_tag(schema, union)
    if union.open:
        module.use("dataclasses", "dataclass")
    return {
        "alias": _one_of(module, union),
        "cases": cases,
        "members": list(members.values()),
        "discriminator": union.discriminator,
        "without_tag": None if without_tag is None else members[without_tag.id],
        "unknown": module.place.unknown,
        "tag_type": module.spell(ir.Scalar(union.tag_scalar)),
        "tag": module.decoding.of(ir.Scalar(union.tag_scalar), Code()).function,
    }


def _models(
    schema: ir.Schema, union: ir.Union
) -> Mapping[str, tuple[tuple[ir.Tag, ...], Position]]:
    """Return the tags of each model of a union, and the position of its member, by its id."""
    models: dict[str, tuple[tuple[ir.Tag, ...], Position]] = {}
    for id_, tags in union.tags.items():
        position = union.places[ir.Ref(id_)]
        inner = schema.by_id[id_]
        found = tagged_models(schema, inner) if isinstance(inner, ir.Union) else {id_: tags}
        for model, own in found.items():
            before, _ = models.get(model, ((), position))
            models[model] = ((*before, *own), position)
    return models


def _alias(module: Module, alias: ir.Alias) -> View:
    module.use("typing", "Any", "TypeAlias")
    annotation, name = module.spell(alias.type), module.place.functions
    return {
        # Quoted if it has names that may be defined later.
        "alias": literal(annotation) if any(ir.refs_in(alias.type)) else annotation,
        "decoded": module.decoding.of(alias.type, name).of(Code("data")),
        "encoded": module.encoding.of(alias.type, name).of(Code("value")),
    }


def _container(module: Module, leaf: ir.Type) -> Code:
    return _CONTAINERS[type(module.schema.plain(leaf))]


def _one_of(module: Module, union: ir.Union) -> Code:
    """Return the value of a union's alias, quoted because members may be defined later."""
    module.use("typing", "Any", "TypeAlias")
    constants = [member for member in union.members if isinstance(member, ir.Constant)]
    spelled = (
        module.literals(constants) if isinstance(member, ir.Constant) else module.spell(member)
        for member in union.members
    )
    types = list(dict.fromkeys(spelled))
    if module.place.unknown:
        types.append(module.place.unknown)
    starts = range(0, len(types), _MOST_IN_A_ROW)
    rows = [join(" | ", types[start : start + _MOST_IN_A_ROW]) for start in starts]
    if len(rows) > 1:
        rows = [code("({})", row) for row in rows]
    return literal(join(" | ", rows))
