"""The statements of a model's class: each field declared, read and written."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from modelsync.errors import Position
from modelsync.schema.ir import Constant, Enum, Field, Object, Ref, Scalar, Schema, Type, Value
from modelsync.schema.meaning import shortest_float32, to_json
from modelsync.targets.base import Code, code, from_lines
from modelsync.targets.python.module import Conversion, Module, returned
from modelsync.targets.python.text import (
    INDENTS,
    assigned,
    bytes_literal,
    called,
    chosen,
    declared,
    docstring,
    literal,
)

_AT: Final = INDENTS[3]
"""Where the statements of `from_dict` and `to_dict` stand."""

_INNER: Final = INDENTS[4]
_NONE: Final = Code("None")
_VALUE: Final = Code("value")
_VALUE_IS_NONE: Final = Code("value is None")
_UNSET: Final = Code("UNSET")
_KEY: Final = Code("key")
_DATA_KEY: Final = Code("data[key] = ")
_CHECK_STRING: Final = code(
    "{0}if type(value) is not str or not value.isascii():\n{0}    value = wire.string(value)", _AT
)
_STRING: Final = Scalar("string")
_ANY: Final = Scalar("any")


@dataclass(frozen=True, slots=True)
class _Default:
    """The default of a field: an expression for it, and the function that it calls, if any."""

    value: Code
    factory: Code | None = None


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a class: its declaration, and the statements that read and write it.

    `by_value` says that those that read it use the variable `value`.
    """

    position: Position
    declaration: Code
    doc: Code
    read: Code
    write: Code
    by_value: bool


class ModelFields:
    """Writes the fields of one model into its module."""

    def __init__(
        self,
        module: Module,
        schema: Schema,
        value_names: Mapping[tuple[str, str | int], str],
    ) -> None:
        self.module = module
        self.schema = schema
        self.value_names = value_names
        self.defaults: list[Code] = []
        """Functions that make a default of a kind that two values must not share."""

    def view(self, field: Field, name: Code) -> FieldView:
        """Return all of one field, which is called `name`."""
        self.module.position = field.position
        # Whether null is a value, so that an absent key must be something else.
        keeps_null = field.nullable or field.type == _ANY
        absent = _UNSET if keeps_null else _NONE
        default = self._default(field, name)
        return FieldView(
            field.position,
            self._declaration(field, name, default, absent),
            docstring(field_paragraphs(field)),
            self._read(field, name, default.value if default else absent, keeps_null),
            self._write(field, name, absent),
            by_value=field.nullable
            or (field.type == _STRING if field.required else not keeps_null),
        )

    # Declarations -----------------------------------------------------------------------------

    def _declaration(
        self, field: Field, name: Code, default: _Default | None, absent: Code
    ) -> Code:
        annotation = self.module.annotation(field.type)
        if field.required and not isinstance(field.type, Constant):
            return code("{}{}: {}", INDENTS[1], name, annotation)
        if default is not None and default.factory is not None:
            self.module.use("dataclasses", "field")
            factory = code("default_factory={}", default.factory)
            return called(INDENTS[1], code("{}: {} = ", name, annotation), Code("field"), [factory])
        if field.required and isinstance(field.type, Constant):
            value = literal(field.type.value)
        elif default is not None:
            value = default.value
        elif absent is _UNSET:
            self.module.use_support("UNSET", "Unset")
            annotation, value = code("{} | Unset", annotation), _UNSET
        else:
            annotation, value = code("{} | None", annotation), _NONE
        return declared(INDENTS[1], name, annotation, value)

    def _default(self, field: Field, name: Code) -> _Default | None:
        if field.required or not field.has_default:
            return None
        if field.default is None:
            return _Default(_NONE)
        type_ = field.bare_type
        shared = self._immutable(type_, field.default)
        if shared is not None:
            return _Default(shared)
        function = self.module.free(code("_default_{}", name))
        way = self.module.reading(type_, code("default_{}", name))
        made = code(
            "def {}() -> {}:\n{}",
            function,
            self.module.annotation(type_),
            returned(INDENTS[1], way, literal(field.default)),
        )
        self.defaults.append(from_lines([(made, field.position)]))
        return _Default(code("{}()", function), function)

    def _immutable(self, type_: Type, value: Value) -> Code | None:
        """Return a default as an expression that every instance may share, or None."""
        match type_, value:
            case Scalar(name="datetime"), str():
                return self._datetime(value)
            case Scalar(name="date"), str():
                self.module.use("datetime", "date")
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
            case Scalar(), tuple() | Object():  # of any
                return None
            case Scalar() | Constant(), _:
                return literal(value)
            case Ref(), str() | int() | float():
                return self._enum_value(type_, value)
            case _:
                return None

    def _datetime(self, text: str) -> Code:
        self.module.use("datetime", "UTC", "datetime")
        moment = datetime.fromisoformat(text.upper()).astimezone(UTC)
        parts = [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second]
        parts += [moment.microsecond] if moment.microsecond else []
        return Code(f"datetime({', '.join(map(str, parts))}, tzinfo=UTC)")

    def _enum_value(self, ref: Ref, value: str | int | float) -> Code | None:
        definition = self.schema[ref]
        if not isinstance(definition, Enum):
            return None
        wire = value if isinstance(value, str) else int(value)
        name = self.value_names.get((definition.id, wire))
        if name is None:  # a value that an open enum does not know
            return literal(wire)
        return code("{}.{}", self.module.reference(ref.id), Code(name))

    # Reading ----------------------------------------------------------------------------------

    def _read(self, field: Field, name: Code, absent: Code, keeps_null: bool) -> Code:
        key = literal(field.json_key)
        source = code("source[{}]", key)
        target = code("self.{} = ", name)
        way = self.module.reading(field.type, name)
        if field.required and field.type == _STRING:
            # The most frequent type by far: its check is worth being inline.
            value = assigned(_AT, _VALUE, source)
            return code("{}\n{}\n{}{}value", value, _CHECK_STRING, _AT, target)
        if field.required:
            return self._read_present(_AT, target, source, way)
        if keeps_null:
            return code(
                "{0}if {1} in source:\n{2}\n{0}else:\n{0}    {3}{4}",
                _AT,
                key,
                self._read_present(_INNER, target, source, way),
                target,
                absent,
            )
        got = called(_AT, code("{} = ", _VALUE), Code("source.get"), [key])
        value = chosen(_AT, target, absent, _VALUE_IS_NONE, way.call(_VALUE))
        return code("{}\n{}", got, value)

    def _read_present(self, indent: Code, target: Code, source: Code, way: Conversion) -> Code:
        if not way.nullable:
            return called(indent, target, *way.call(source))
        value = chosen(indent, target, _NONE, _VALUE_IS_NONE, way.call(_VALUE))
        return code("{}\n{}", assigned(indent, _VALUE, source), value)

    # Writing ----------------------------------------------------------------------------------

    def _write(self, field: Field, name: Code, absent: Code) -> Code:
        value = code("self.{}", name)
        if field.required or field.has_default:
            return self._write_present(_AT, field, name, value)
        return code(
            "{}if {} is not {}:\n{}",
            _AT,
            value,
            absent,
            self._write_present(_INNER, field, name, value),
        )

    def _write_present(self, indent: Code, field: Field, name: Code, value: Code) -> Code:
        key = assigned(indent, _KEY, literal(field.json_key))
        way = self.module.writing(field.type, name)
        if way.nullable:
            is_none = code("{} is None", value)
            written = chosen(indent, _DATA_KEY, _NONE, is_none, way.call(value))
        else:
            written = called(indent, _DATA_KEY, *way.call(value))
        return code("{}\n{}", key, written)


def field_paragraphs(field: Field) -> list[str]:
    """Return what a field's docstring says."""
    if not field.examples and field.deprecated is None:
        return [field.description]
    scalars = [value for value in field.examples if not isinstance(value, tuple | Object)]
    examples = ", ".join(json.dumps(to_json(value), ensure_ascii=False) for value in scalars)
    return [
        field.description,
        f"Example: {examples}" if examples else "",
        deprecation(field.deprecated),
    ]


def deprecation(reason: str | None) -> str:
    """Return the sentence that says that something is deprecated, or an empty string."""
    if reason is None:
        return ""
    return f"Deprecated: {reason}" if reason else "Deprecated."
