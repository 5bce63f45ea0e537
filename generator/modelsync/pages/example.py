"""The example on a TypeScript page: a value as code, laid out as the pages lay it out.

Objects and arrays with content are always expanded; a scalar that would pass column 80 goes to a
line of its own.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Final

from modelsync import wire
from modelsync.ir import (
    AnyOf,
    Constant,
    Definition,
    Enum,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Object,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
    Value,
    types_of,
    walk,
)
from modelsync.pages.notation import Place

COLUMNS: Final = 80
_STAND_INS: Final[dict[str, Value]] = {
    "string": "<value>",
    "bool": False,
    "int32": 0,
    "int64": 0,
    "float32": 0,
    "float64": 0,
    "datetime": "2026-01-01T00:00:00.000Z",
    "date": "2026-01-01",
    "bytes": "",
    "any": "<value>",
}


class Example:
    """Writes values of one schema as code.

    `field_names` has the name of each field on the pages by (definition id, wire name), and `sdk`
    is the package that imports name.
    """

    def __init__(
        self, schema: Schema, field_names: Mapping[tuple[str, str], str], sdk: str
    ) -> None:
        self.schema = schema
        self.field_names = field_names
        self.sdk = sdk

    def usage(self, definition: Model | Enum, place: Place) -> str:
        """Return the code of `## Example Usage` on the page of `definition`."""
        imports = self._imports(definition, place)
        value = _example_of(definition)
        if value is None:
            return f"{imports}\n\n// No examples available for this model"
        lines = self.value(Ref(definition.id), value)
        declared = f"let value: {place.title} ="
        first, *rest = lines.split("\n")
        if len(f"{declared} {first}{'' if rest else ';'}") > COLUMNS and not rest:
            return f"{imports}\n\n{declared}\n  {lines};"
        return f"{imports}\n\n{declared} {lines};"

    def _imports(self, definition: Definition, place: Place) -> str:
        module = f"{self.sdk}/{place.path.rpartition('/')[0]}"
        found = [_import((place.title,), module)]
        dates = any(
            inner == Scalar("date") for type_ in types_of(definition) for inner in walk(type_)
        )
        if dates and isinstance(definition, Model) and definition.example is not None:
            found.append(_import(("RFCDate",), f"{self.sdk}/types"))
        return "\n".join(sorted(found))

    def value(self, type_: Type, value: Value, indent: str = "") -> str:
        """Return `value` as code; the lines behind the first are indented by `indent`."""
        inner = indent + "  "
        match type_, value:
            case Nullable(inner=of), _ if value is not None:
                return self.value(of, value, indent)
            case ((Ref() | AnyOf()), _):
                return self._of_definition(type_, value, indent)
            case ListOf(item=item), tuple():
                return _block(
                    "[", [inner + self.value(item, each, inner) for each in value], "]", indent
                )
            case MapOf(value=of), Object(items=items):
                pairs = [
                    _property(json.dumps(key, ensure_ascii=False), self.value(of, v, inner), inner)
                    for key, v in items
                ]
                return _block("{", pairs, "}", indent)
            case Scalar(name="datetime"), str():
                return f"new Date({_text(value)})"
            case Scalar(name="date"), str():
                return f"new RFCDate({_text(value)})"
            case _:
                return self._natural(value, indent)

    def _of_definition(self, type_: Ref | AnyOf, value: Value, indent: str) -> str:
        definition = self.schema[type_] if isinstance(type_, Ref) else None
        match definition, value:
            case Model(fields=fields), Object(items=items):
                assert definition is not None
                inner = indent + "  "
                types = {field.wire: field.type for field in fields}
                order = {field.wire: index for index, field in enumerate(fields)}
                named = sorted(items, key=lambda item: order.get(item[0], len(order)))
                pairs = [
                    _property(
                        self.field_names.get((definition.id, key)) or _text(key),
                        self.value(types.get(key, Scalar("any")), each, inner),
                        inner,
                    )
                    for key, each in named
                ]
                return _block("{", pairs, "}", indent)
            case Union(), _:
                members: tuple[Type, ...] = definition.members
            case None, _ if isinstance(type_, AnyOf):
                members = type_.members
            case _:
                return self._natural(value, indent)
        for member in members:
            try:
                wire.read(self.schema, member, wire.to_json(value))
            except wire.WireError:
                continue
            return self.value(member, value, indent)
        return self._natural(value, indent)

    def _natural(self, value: Value, indent: str) -> str:
        match value:
            case tuple():
                return self.value(ListOf(Scalar("any")), value, indent)
            case Object():
                return self.value(MapOf(Scalar("any")), value, indent)
            case float():
                return _number(value)
            case _:
                return _text(value)

    def stand_in(self, type_: Type, inside: frozenset[str] = frozenset()) -> Value:
        """Return a value of `type_` to show: the definition's example, or one made up."""
        match type_:
            case Scalar(name=name):
                return _STAND_INS[name]
            case ListOf(item=item):
                return () if _leads_into(item, inside) else (self.stand_in(item, inside),)
            case MapOf(value=value):
                if _leads_into(value, inside):
                    return Object()
                return Object((("key", self.stand_in(value, inside)),))
            case Constant(value=value):
                return value
            case Nullable():
                return None
            case AnyOf(members=members):
                return self._first_stand_in(members, inside)
            case Ref(id=id_):
                definition = self.schema[type_]
                example = _example_of(definition)
                if example is not None:
                    return example
                within = inside | {id_}
                match definition:
                    case Model(fields=fields):
                        return Object(
                            tuple(
                                (f.wire, self.stand_in(f.type, within))
                                for f in fields
                                if f.required
                            )
                        )
                    case Union(members=members):
                        return self._first_stand_in(members, within)
                    case Enum(values=values):
                        return values[0].wire

    def _first_stand_in(self, members: tuple[Type, ...], inside: frozenset[str]) -> Value:
        free = [member for member in members if not _leads_into(member, inside)]
        return self.stand_in((free or list(members))[0], inside)


def _leads_into(type_: Type, inside: frozenset[str]) -> bool:
    return any(isinstance(inner, Ref) and inner.id in inside for inner in walk(type_))


def _example_of(definition: Definition) -> Value:
    if definition.example is None and isinstance(definition, Enum):
        return definition.values[0].wire
    return definition.example


def _text(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """Return a float as JavaScript writes it."""
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    if not math.isfinite(value):
        return "NaN"
    return repr(value).replace("e-0", "e-")


def _property(name: str, value: str, indent: str) -> str:
    line = f"{indent}{name}: {value}"
    if "\n" not in value and value[-1] not in "]})" and len(line) + 1 > COLUMNS:
        return f"{indent}{name}:\n{indent}  {value}"
    return line


def _block(opening: str, items: list[str], closing: str, indent: str) -> str:
    if not items:
        return opening + closing
    return opening + "".join(f"\n{item}," for item in items) + f"\n{indent}{closing}"


def _import(names: tuple[str, ...], module: str) -> str:
    line = f'import {{ {", ".join(names)} }} from "{module}";'
    if len(line) <= COLUMNS:
        return line
    inner = "".join(f"  {name},\n" for name in names)
    return f'import {{\n{inner}}} from "{module}";'
