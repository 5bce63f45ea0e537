"""The code on TypeScript pages -> JSON values.

The inverse of :mod:`modelsync.pages.values_to_code`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from modelsync.pages.calls import CALL_NAMES, CALLS, NUMBER
from modelsync.pages.code import Call, Code, Items, Number, Properties, Raw, key_of
from modelsync.pages.values_to_code import CodeWriter, shown_type
from modelsync.schema.definitions import Definition, Enum, Model, Union
from modelsync.schema.types import NUMBERS, AnyOf, ListOf, MapOf, Nullable, Ref, Scalar, Type
from modelsync.schema.values import Object, Value

_ANYTHING: Final = Scalar("any")


class NoValue(Exception):
    """Code that has no JSON value, such as an unknown call."""


class CodeReader:
    """Reads the code that `writer` would write for values of one schema."""

    def __init__(self, writer: CodeWriter) -> None:
        self.writer = writer
        self.schema = writer.schema
        self.names = writer.names
        self._read_before: dict[tuple[str, int], Value | NoValue] = {}

    def read(self, type_: Type, code: Code) -> Value:
        """Return the value of some code. Raises :class:`NoValue`."""
        self._read_before = {}
        self.writer.forget()
        return self._value(type_, code)

    def _value(self, type_: Type, code: Code) -> Value:
        match type_, code:
            case Nullable(inner=inner), _:
                return self._value(inner, code)
            case ListOf(item=item_type), Items(items=items):
                return tuple(self._value(item_type, item) for item in items)
            case MapOf(value=value_type), Properties(items=pairs):
                return Object(
                    tuple((key_of(key), self._value(value_type, item)) for key, item in pairs)
                )
            case Ref(), _:
                return self._referenced_value(type_, code)
            case AnyOf(members=members), _:
                return self._first_value(members, code)
            case Scalar(name=name), Raw(text="NaN") if name in NUMBERS:
                return "NaN"
            case Scalar(name=name), Call(name=called, text=text) if called == CALLS.get(
                self.writer.date_calls.get(name, "")
            ):
                return text
            case _:
                return self._untyped(code)

    def _referenced_value(self, ref: Ref, code: Code) -> Value:
        # The members of a union are tried in turn on every level, so results are remembered.
        key = (ref.id, id(code))
        if key not in self._read_before:
            try:
                self._read_before[key] = self._definition_value(self.schema[ref], code)
            except NoValue as error:
                self._read_before[key] = error
        value = self._read_before[key]
        if isinstance(value, NoValue):
            raise value
        return value

    def _definition_value(self, definition: Definition, code: Code) -> Value:
        match definition, code:
            case Model(), Properties(items=pairs):
                return self._model_value(definition, pairs)
            case Union(members=members), _:
                return self._first_value(members, code)
            case Enum(values=values), Raw(text=text):
                title, _, name = text.rpartition(".")
                json_values = {
                    self.names.values.get((definition.id, value.json_value)): value.json_value
                    for value in values
                }
                if name in json_values and title == self.names.places[definition.id].title:
                    return json_values[name]
                return self._untyped(code)
            case _:
                return self._untyped(code)

    def _model_value(self, model: Model, pairs: Sequence[tuple[str, Code]]) -> Object:
        by_name = {
            self.names.fields.get((model.id, field.json_key), field.json_key): field
            for field in model.fields
        }
        items: dict[str, Value] = {}
        for key, item in pairs:
            name = key_of(key)
            field = by_name.get(name)
            json_key = name if field is None else field.json_key
            if json_key in items:
                raise NoValue(name)
            items[json_key] = self._value(shown_type(field) if field else _ANYTHING, item)
        return Object(tuple(items.items()))

    def _first_value(self, members: tuple[Type, ...], code: Code) -> Value:
        """Return the value for the first member with which it is written as the same code."""
        likely, others = self.writer.union_members.by_keys(members, code)
        for member in (*likely, *others):
            try:
                value = self._value(member, code)
            except NoValue:
                continue
            first = self.writer.member_for(members, value)
            if first is not None and self.writer.code(first, value) == code:
                return value
        return self._untyped(code)

    def _untyped(self, code: Code) -> Value:
        match code:
            case Items(items=items):
                return tuple(map(self._untyped, items))
            case Properties(items=pairs):
                return Object(tuple((key_of(key), self._untyped(item)) for key, item in pairs))
            case Number(text=text):
                return Object(((NUMBER, text),))
            case Call(name=name, text=text):
                if name not in CALL_NAMES:
                    raise NoValue(name)
                return Object(((CALL_NAMES[name], text),))
            case Raw(text=text):
                raise NoValue(text)
            case _:
                return code
