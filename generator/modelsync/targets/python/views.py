"""The views of definitions: names, expressions and decisions for their templates."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Final, TypeAlias

from modelsync.schema import ir
from modelsync.schema.constraints import KEYWORDS
from modelsync.schema.json_values import to_json
from modelsync.schema.meaning import read
from modelsync.schema.wanted import wanted_value
from modelsync.targets.additional import DOC, ignored_keys_of, policy_of
from modelsync.targets.base import Code, Target, code, join
from modelsync.targets.python.module import Module
from modelsync.targets.python.text import bytes_literal, docstring, documentation, literal
from modelsync.targets.python.unions import View, alias_of, tagged_union_view, union_view

_STRING: Final = ir.Scalar("string")
_Keywords: TypeAlias = dict[str, ir.Value]
_FORMATS: Final = frozenset({"time", "duration", "uri", "email", "hostname", "ipv4", "ipv6"})
"""The formats of JSON Schema whose values are strings in Python."""


def template_and_view(target: Target, module: Module, item: ir.Definition) -> tuple[str, View]:
    """Return the template of a definition, and the variables that not all templates have."""
    match item:
        case ir.Model():
            return "model.py", _model(target, module, item)
        case ir.Enum():
            return "enum.py", _enum(target, module, item)
        case ir.Union(discriminator=None):
            return "union.py", union_view(module, item)
        case ir.Union():
            return "tagged_union.py", tagged_union_view(module, item)
        case ir.Alias():
            return "alias.py", _alias(module, item)


def _model(target: Target, module: Module, model: ir.Model) -> View:
    module.use("dataclasses", "dataclass")
    module.use("typing", "Any", "Self")
    fields = [_field(target, module, model, field) for field in model.fields]
    if fields or policy_of(model):
        module.use("typing", "Final")
    secrets = [field for field in fields if field.write_only]
    view = {
        "fields": fields,
        "keys_name": module.imports.free(Code("_KEYS")),
        "secrets": secrets,
        "secrets_name": module.imports.free(Code("_SECRETS")) if secrets else Code(),
    }
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
        factory=_empty(module, ir.MapOf(type_)),
        **_stored(module, Code("additional_properties")),
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
    plain = module.schema.resolved(field.type)
    constant = plain.value if isinstance(plain, ir.Constant) and field.required else None
    is_literal = isinstance(constant, str)
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
        value=_value(module, field, factory, default or (None if field.required else missing)),
        missing=missing,
        doc=documentation(field),
        key=key,
        required=field.required,
        nullable=field.nullable,
        write_only=field.write_only,
        is_any=is_any,
        is_text=is_text,
        **_stored(module, name),
        literal=literal(constant) if is_literal else None,
        by_value=by_value,
        decoded=None if is_literal else module.decoding.of(field.type, name).of(source),
        encoded=None
        if is_literal
        else module.encoding.of(field.type, name).of(code("self.{}", name)),
    )


def _value(
    module: Module, field: ir.Field, factory: SimpleNamespace | None, default: Code | None
) -> Code | None:
    """Return what is assigned to a field of a dataclass, if anything is."""
    metadata = _metadata(module, field)
    arguments: list[Code] = []
    if field.write_only:
        arguments.append(Code("repr=False"))  # A secret does not belong in logs.
    if metadata:
        arguments.append(code("metadata={}", metadata))
    if factory is not None:
        arguments.insert(0, code("default_factory={}", factory.name))
    elif not arguments:
        return default
    elif default is not None:
        arguments.insert(0, code("default={}", default))
    module.use("dataclasses", "field")
    return code("field({})", join(", ", arguments))


def _metadata(module: Module, field: ir.Field) -> Code:
    """Return the keywords of JSON Schema that the annotation does not tell, as a dict."""
    keywords = _keywords(module.schema, field.bare_type)
    if field.has_default and field.default is None:
        keywords["default"] = None
    flags = {
        "readOnly": field.read_only,
        "writeOnly": field.write_only,
        "deprecated": field.deprecated is not None,
    }
    keywords.update({name: True for name, is_set in flags.items() if is_set})
    if not keywords:
        return Code()
    module.use("dataclasses", "field")
    return literal(ir.Object(tuple(keywords.items())))


def _keywords(schema: ir.Schema, type_: ir.Type, outer: tuple[ir.Type, ...] = ()) -> _Keywords:
    """Return the format and constraints of a type, and those of what it contains."""
    plain = schema.plain(type_)
    scalar = plain.name if isinstance(plain, ir.Scalar) else ""
    keywords: _Keywords = {"format": scalar} if scalar in _FORMATS else {}
    for name, limit in ir.constraints_of(schema.by_id, type_).items():
        match limit:
            case Decimal():
                keywords[KEYWORDS[name]] = int(limit) if limit == int(limit) else float(limit)
            case _:
                keywords[KEYWORDS[name]] = limit
    match plain:
        case ir.ListOf(item=inner):
            keyword = "items"
        case ir.MapOf(value=inner):
            keyword = "additionalProperties"
        case _:
            return keywords
    bare = inner.inner if isinstance(inner, ir.Nullable) else inner
    # An alias may contain itself.
    nested = {} if bare in outer else _keywords(schema, bare, (*outer, bare))
    return {**keywords, keyword: ir.Object(tuple(nested.items()))} if nested else keywords


def _stored(module: Module, name: Code) -> dict[str, Code]:
    """Return what is before and after a value in the statement that sets a field."""
    if module.is_frozen:
        return {"store": code("wire.put(self, {}, ", literal(name)), "end": Code(")")}
    return {"store": code("self.{} = ", name), "end": Code()}


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
    fresh = _fresh(target, module, module.schema.plain(field.bare_type), field.default)
    gives = module.spell(field.bare_type)
    if fresh in ("[]", "{}"):
        empty = _empty(module, module.schema.plain(field.bare_type))
        return fresh, SimpleNamespace(name=empty, gives=gives, result=None)
    if fresh is None:
        conversion = module.decoding.of(field.bare_type, code("default_{}", name))
        fresh = conversion.of(literal(field.default))
    free = module.imports.free(code("_default_{}", name))
    return code("{}()", free), SimpleNamespace(name=free, gives=gives, result=fresh)


def _empty(module: Module, type_: ir.Type) -> Code:
    """Return a function that returns an empty list or map, so that checkers know its items."""
    if module.names_later((type_,)):
        return code("lambda: {}()", module.spell(type_))
    return module.spell(type_)


def _fresh(target: Target, module: Module, type_: ir.Type, value: ir.Value) -> Code | None:
    """Return an expression for a list or map of values that every instance may share, or None."""
    match type_, value:
        case ir.ListOf(item=inner), tuple():
            items = [_part(target, module, inner, item) for item in value]
            known = [item for item in items if item is not None]
            return code("[{}]", join(", ", known)) if len(known) == len(items) else None
        case ir.MapOf(value=inner), ir.Object(items=pairs):
            values = [(key, _part(target, module, inner, item)) for key, item in pairs]
            lines = [code("{}: {}", literal(key), item) for key, item in values if item is not None]
            return code("{{{}}}", join(", ", lines)) if len(lines) == len(values) else None
        case _:
            return None


def _part(target: Target, module: Module, type_: ir.Type, value: ir.Value) -> Code | None:
    type_ = module.schema.plain(type_.inner if isinstance(type_, ir.Nullable) else type_)
    fresh = _fresh(target, module, type_, value)
    return _shared(target, module, type_, value) if fresh is None else fresh


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
        "plain": Code("str" if is_text else "int"),
        "values": enum_values(target, enum),
        "open": enum.open,
        "wanted": literal(wanted_value(enum)),
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


def _alias(module: Module, alias: ir.Alias) -> View:
    module.use("typing", "Any", "TypeAlias")
    annotation, name = module.spell(alias.type), module.place.functions
    return {
        **alias_of(module, [annotation], [alias.type]),
        "decoded": module.decoding.of(alias.type, name).of(Code("data")),
        "encoded": module.encoding.of(alias.type, name).of(Code("value")),
    }
