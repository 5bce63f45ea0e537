"""Help for defaults and examples that do not match their type."""

from __future__ import annotations

import re
from collections.abc import Sized
from itertools import islice
from typing import Final

from modelsync.errors import Names, did_you_mean, in_backticks
from modelsync.schema.definitions import Enum, Model, Union
from modelsync.schema.json_values import kinds
from modelsync.schema.schema import Schema
from modelsync.schema.types import (
    INTEGERS,
    AnyOf,
    Constant,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
)
from modelsync.spec.nodes import Node, ScalarNode
from modelsync.spec.reader import flag_help
from modelsync.spec.values import natural, node_at, type_of_key

_MAX_VALUES: Final = 10
"""How many of the values of an enum are listed."""
_NULL: Final = "remove it, or add `| null` to the type; quote it if it is the text `null`"
_FORMS: Final = {
    "datetime": "write a date, a time and an offset, such as `2026-05-31T12:00:00Z`",
    "date": "write a year, a month and a day, such as `2026-05-31`",
    "decimal": 'write digits in quotes, such as `"12.50"`',
    "time": "write a time and an offset, such as `09:30:00Z`",
    "duration": "write an RFC 3339 duration, such as `P1DT12H`; it has no fractions",
    "uuid": "write a UUID, such as `f81d4fae-7dec-11d0-a765-00a0c91e6bf6`",
    "uri": "write a URI with a scheme, such as `https://example.com/a?b=c`",
    "email": "write an address, such as `ada@example.com`",
    "hostname": "write a host name, such as `api.example.com`",
    "ipv4": "write an address, such as `192.0.2.1`",
    "ipv6": "write an address without a zone, such as `2001:db8::1`",
    "bytes": "write base64 with padding, such as `aGVsbG8=`",
    "bool": "write `true` or `false`, without quotes",
}
_RANGES: Final = {
    **{name: f"{integers[0]} to {integers[-1]}" for name, integers in INTEGERS.items()},
    "float32": "-3.4e38 to 3.4e38",
}
_MOMENTS: Final = frozenset("now today current_timestamp utcnow now() current_date".split())
_NUMBER: Final = re.compile(r"([+-]?)(\d(?:_?\d)*)(\.\d+|(?:\.\d+)?[eE][+-]?\d+)?", re.ASCII)
"""A number as in JSON or in other languages: the sign, the digits, and the rest."""
_MAX_LENGTH: Final = 400
"""The maximum length of a number for which help is shown."""


class ValueHelp:
    """Finds help for values that do not match their types."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._names: dict[str, Names] = {}

    def of(self, type_: Type, steps: tuple[str | int, ...], node: Node, before: Sized) -> str:
        """Return help for the value at `steps` in `node`, which does not match its type.

        `before` are the problems found so far.
        """
        names = self._names_instead(type_, steps)
        if names is not None:
            return did_you_mean(str(steps[-1]), names, before)
        return self._of_value(type_, steps, node, before)

    def _of_value(
        self, type_: Type, steps: tuple[str | int, ...], node: Node, before: Sized
    ) -> str:
        place = node_at(node, steps)
        text = place.text if isinstance(place, ScalarNode) else ""
        inner = self._at(type_, steps)
        inner = None if inner is None else self.schema.plain(inner)
        if isinstance(place, ScalarNode) and place.is_null and not isinstance(inner, Nullable):
            return _NULL
        if self._is_meant_as_text(inner, place):
            return "quote it if it is text"
        if inner is not None and self._is_union(inner) and isinstance(place, ScalarNode):
            accepted = kinds(self.schema, inner)
            if "bool" in accepted and flag_help(place):
                return flag_help(place)
            if "number" in accepted and not place.plain and _NUMBER.fullmatch(text):
                return "write it without quotes"
        match inner:
            case Scalar(name=name) if isinstance(place, ScalarNode):
                return _of_scalar(name, place)
            case ListOf() if isinstance(place, ScalarNode):
                word = text if place.plain and re.fullmatch(r"[\w.-]{1,40}", text) else "a, b"
                return f"write a list, such as `[{word}]`"
            case MapOf() if isinstance(place, ScalarNode):
                return "write a mapping, such as `{key: value}`"
            case Ref():
                definition = self.schema[inner]
                return (
                    self._of_enum(definition, text, before) if isinstance(definition, Enum) else ""
                )
            case AnyOf(members=members):
                values = [str(member.value) for member in members if isinstance(member, Constant)]
                if not values or len(values) < len(members):
                    return ""
                return did_you_mean(text, values, before) or _one_of(values)
            case _:
                return ""

    def _of_enum(self, enum: Enum, text: str, before: Sized) -> str:
        if enum.id not in self._names:
            self._names[enum.id] = Names(str(value.json_value) for value in enum.values)
        near = did_you_mean(text, self._names[enum.id], before)
        first = islice(enum.values, _MAX_VALUES + 1)
        return near or _one_of([str(value.json_value) for value in first])

    def _names_instead(self, type_: Type, steps: tuple[str | int, ...]) -> Names | None:
        """Return the keys of the fields of a model, if the last step is a key that it refuses."""
        owner = self._at(type_, steps[:-1]) if steps else None
        model = self.schema[owner] if isinstance(owner, Ref) else None
        if not isinstance(model, Model) or type_of_key(model, str(steps[-1])) is not None:
            return None
        if model.id not in self._names:
            self._names[model.id] = Names(model.by_json_key)
        return self._names[model.id]

    def _is_meant_as_text(self, type_: Type | None, node: Node) -> bool:
        """Whether a union that accepts text rejects an unquoted number or boolean."""
        if type_ is None or not self._is_union(type_) or not isinstance(node, ScalarNode):
            return False
        return not isinstance(natural(node), str | None) and "string" in kinds(self.schema, type_)

    def _is_union(self, type_: Type) -> bool:
        return isinstance(type_, AnyOf) or (
            isinstance(type_, Ref) and isinstance(self.schema[type_], Union)
        )

    def _at(self, type_: Type, steps: tuple[str | int, ...]) -> Type | None:
        """Return the type at `steps` inside another type; None if it depends on the value."""
        for step in steps:
            bare = self.schema.plain(type_.inner if isinstance(type_, Nullable) else type_)
            match bare:
                case ListOf(item=item):
                    type_ = item
                case MapOf(value=value):
                    type_ = value
                case Ref():
                    model = self.schema[bare]
                    inner = type_of_key(model, str(step)) if isinstance(model, Model) else None
                    if inner is None:
                        return None
                    type_ = inner
                case _:
                    return None
        return type_.inner if isinstance(type_, Nullable) else type_


def _one_of(values: list[str]) -> str:
    more = ", ..." if len(values) > _MAX_VALUES else ""
    return f"write one of {in_backticks(values[:_MAX_VALUES])}{more}"


def _in_json(number: re.Match[str]) -> str:
    """Return a number as in JSON: without `_`, a `+` or leading zeros."""
    sign, digits, rest = number.groups()
    digits = digits.replace("_", "").lstrip("0") or "0"
    return f"{sign.replace('+', '')}{digits}{rest or ''}"


def _is_in_range(name: str, number: str) -> bool:
    return name not in INTEGERS or INTEGERS[name][0] <= float(number) <= INTEGERS[name][-1]


def _of_scalar(name: str, node: ScalarNode) -> str:
    text = node.text.strip()
    if name in ("datetime", "date") and text.casefold() in _MOMENTS:
        return "a default is a fixed value: remove it, and set the value in your code"
    if name == "bool" and flag_help(node):
        return flag_help(node)
    if name in _FORMS:
        return _FORMS[name]
    parts = _NUMBER.fullmatch(text) if name != "string" and len(text) <= _MAX_LENGTH else None
    if parts is None:
        return ""
    number = _in_json(parts)
    is_fraction = name in INTEGERS and parts[3] is not None
    if number != text and not is_fraction and _is_in_range(name, number):
        return f"write `{number}`" if node.plain else f"write `{number}` without quotes"
    if not node.plain and _is_in_range(name, number):
        return "write it without quotes"
    if is_fraction:
        return "write a number without a fraction"
    return f"write a number in the range {_RANGES[name]}" if name in _RANGES else ""
