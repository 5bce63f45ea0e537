"""The view of a model: its fields, with what their declaration and their conversion depend on."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, TypeAlias

from modelsync.errors import Position
from modelsync.schema.ir import (
    Constant,
    Enum,
    Field,
    ListOf,
    MapOf,
    Model,
    Object,
    Ref,
    Scalar,
    Type,
    Value,
)
from modelsync.schema.meaning import shortest_float32
from modelsync.targets.base import Code, code, join
from modelsync.targets.python.module import Function, Module
from modelsync.targets.python.text import bytes_literal, documentation, literal

_MOST_FIELDS: Final = 40
"""How many fields one function decodes or encodes: type checkers give up on very long ones."""

_ANY: Final = Scalar("any")
_TEXT: Final = Scalar("string")
_NONE: Final = Code("None")
_UNSET: Final = Code("UNSET")

ValueNames: TypeAlias = Mapping[tuple[str, str | int], str]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a class."""

    position: Position
    name: Code
    annotation: Code
    default: Code | None
    """What is after the `=` of the declaration."""
    factory: Code | None
    """The function that returns the default, if instances must not share it."""
    absent: Code
    """The value if the key is absent: the default, or `missing`."""
    missing: Code
    """The value that means an absent key: None, or UNSET if null is a value."""
    doc: Code
    key: Code
    required: bool
    nullable: bool
    is_any: bool
    is_text: bool
    """Whether the field is a required string, whose check is inline."""
    is_kept: bool
    """Whether the field is always encoded: it is required, or has a default."""
    by_value: bool
    """Whether decoding assigns the variable `value` first."""
    decoded: Code
    """The expression that decodes `value`, or `source[key]`."""
    encoded: Code
    """The expression that encodes the attribute."""


def model_view(
    module: Module, model: Model, names: Mapping[tuple[str, str], str], values: ValueNames
) -> dict[str, object]:
    """Return the view of a model, whose fields and enum values have these names."""
    module.use("dataclasses", "dataclass")
    module.use("typing", "Any", "Self")
    defaults = _Defaults(module, values)
    fields = [
        _field_view(module, defaults, field, Code(names[model.id, field.json_key]))
        for field in model.fields
    ]
    if fields:
        module.use("typing", "Final")
    groups = [fields[at : at + _MOST_FIELDS] for at in range(0, len(fields), _MOST_FIELDS)]
    return {
        "fields": fields,
        "keys": join(", ", [field.key for field in fields]),
        "keys_name": module.imports.free(Code("_KEYS")),
        "groups": [
            {
                "number": literal(number),
                "fields": group,
                "by_value": any(field.by_value for field in group),
            }
            for number, group in enumerate(groups, 1)
        ],
        "defaults": defaults.functions,
    }


def _field_view(module: Module, defaults: _Defaults, field: Field, name: Code) -> FieldView:
    module.imports.position = field.position
    is_any = field.type == _ANY
    is_text = field.required and field.type == _TEXT
    by_value = is_text or field.nullable or not (field.required or is_any)
    missing = _UNSET if field.nullable or is_any else _NONE
    key = literal(field.json_key)
    annotation = module.annotation(field.type)
    default, factory = defaults.of(field, name)
    absent = default or missing
    if field.required:
        default = literal(field.type.value) if isinstance(field.type, Constant) else None
    elif default is None:
        default = missing
        annotation = code("{} | {}", annotation, Code("Unset") if missing is _UNSET else _NONE)
        if missing is _UNSET:
            module.use_support("UNSET", "Unset")
    source = Code("value") if by_value else code("source[{}]", key)
    return FieldView(
        field.position,
        name,
        annotation,
        default,
        factory,
        absent=absent,
        missing=missing,
        doc=documentation(field),
        key=key,
        required=field.required,
        nullable=field.nullable,
        is_any=is_any,
        is_text=is_text,
        is_kept=field.required or field.has_default,
        by_value=by_value,
        decoded=module.decoding(field.type, name).of(source),
        encoded=module.encoding(field.type, name).of(code("self.{}", name)),
    )


class _Defaults:
    """The defaults of a model's fields."""

    def __init__(self, module: Module, values: ValueNames) -> None:
        self.functions: list[Function] = []
        self._module = module
        self._values = values

    def of(self, field: Field, name: Code) -> tuple[Code | None, Code | None]:
        """Return an expression for the default, and the function that it calls; None without."""
        if field.required or not field.has_default:
            return None, None
        if field.default is None:
            return _NONE, None
        type_ = field.bare_type
        shared = self._shared(type_, field.default)
        if shared is not None:
            return shared, None
        self._module.use("dataclasses", "field")
        function = self._module.imports.free(code("_default_{}", name))
        conversion = self._module.decoding(type_, code("default_{}", name))
        result = conversion.of(literal(field.default))
        annotation = self._module.annotation(type_)
        self.functions.append(Function(function, None, annotation, result, False, field.position))
        return code("{}()", function), function

    def _shared(self, type_: Type, value: Value) -> Code | None:
        """Return an expression for a value that every instance may share, or None."""
        match type_, value:
            case Scalar(name="datetime"), str():
                self._module.use("datetime", "UTC", "datetime")
                return _datetime_literal(value)
            case Scalar(name="date"), str():
                self._module.use("datetime", "date")
                day = date.fromisoformat(value)
                return Code(f"date({day.year}, {day.month}, {day.day})")
            case Scalar(name="bytes"), str():
                return bytes_literal(base64.b64decode(value))
            case Scalar(name="int32" | "int64"), int() | float():
                return literal(int(value))
            case Scalar(name="float64"), int() | float():
                return literal(float(value))
            case Scalar(name="float32"), int() | float():
                return literal(shortest_float32(float(value)))
            case Ref(), str() | int() | float():
                return self._enum_value(type_, value)
            case (Ref() | ListOf() | MapOf(), _) | (_, tuple() | Object()):
                return None
            case _:
                return literal(value)

    def _enum_value(self, ref: Ref, value: str | float) -> Code | None:
        if not isinstance(self._module.definition(ref), Enum):
            return None
        json_value = value if isinstance(value, str) else int(value)
        name = self._values.get((ref.id, json_value))
        if name is None:  # an open enum also takes values that it does not list
            return literal(json_value)
        return code("{}.{}", self._module.reference(ref.id), Code(name))


def _datetime_literal(text: str) -> Code:
    moment = datetime.fromisoformat(text.upper()).astimezone(UTC)
    parts = [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second]
    parts += [moment.microsecond] if moment.microsecond else []
    return Code(f"datetime({', '.join(map(str, parts))}, tzinfo=UTC)")
