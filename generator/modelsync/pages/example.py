"""The examples on TypeScript pages: JSON values <-> code, as their types say.

A datetime is `new Date("...")`, the keys of a model are the names that pages show, those of a map
are in quotes. What the code looks like is told in :mod:`modelsync.pages.code`.

A call that the type says nothing of stands in a value under its name: `{openAsBlob: a.txt}` is
`await openAsBlob("a.txt")`. Such a value is for pages alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from modelsync import wire
from modelsync.ir import (
    AnyOf,
    Constant,
    Definition,
    Enum,
    EnumValue,
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
    walk,
)
from modelsync.pages.code import (
    MAX_NESTING,
    Code,
    Items,
    NotCode,
    Properties,
    Raw,
    bare,
    declaration,
    key_of,
    quoted,
    read_code,
)
from modelsync.pages.notation import Place

NO_EXAMPLE: Final = "// No examples available for this model"
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
_CALLS: Final[Mapping[str, str]] = {
    "Date": "new Date",
    "RFCDate": "new RFCDate",
    "TextEncoder": "new TextEncoder().encode",
    "BigInt": "BigInt",
    "Decimal": "new Decimal",
    "openAsBlob": "await openAsBlob",
}
"""What code calls with a text, by the name of the call in a value."""
_CALL_OF: Final = {made: name for name, made in _CALLS.items()}
_CALL_OF_SCALAR: Final = {"datetime": "Date", "date": "RFCDate"}
_NUMBERS: Final = ("int32", "int64", "float32", "float64")
_CALL: Final = re.compile(r"([\w .()]+)\(([\"'`].*)\)", re.S)
_MAX_MADE_UP: Final = 200
"""How many models one made-up value holds: models that need others grow without end."""
_MAX_IMPORT: Final = 80
_LET: Final = re.compile(r"^let value:\s+\w+\s*=\s*", re.M)
_CONST: Final = re.compile(r"const value:\s+")
_EQUALS: Final = re.compile(r"\s*=\s*")


@dataclass(frozen=True, slots=True)
class ShownNames:
    """What the pages call things: fields and values by definition and wire name, and places."""

    fields: Mapping[tuple[str, str], str]
    values: Mapping[tuple[str, str | int], str]
    places: Mapping[str, Place]


class NoValue(Exception):
    """A piece of code says nothing that JSON can hold, such as a call."""


class Example:
    """Writes values of one schema as code, and reads them.

    `sdk` is the package that imports name, and `members` is whether the value of an enum is
    written by its name, as `Color.Red`.
    """

    def __init__(self, schema: Schema, names: ShownNames, sdk: str, members: bool = False) -> None:
        self.schema = schema
        self.names = names
        self.sdk = sdk
        self.members = members
        self._known: dict[tuple[str, int], Value] = {}
        self._made_up = 0

    def usage(self, definition: Model | Enum, place: Place) -> str:
        """Return the code of `## Example Usage` on the page of `definition`."""
        words = definition.pages.get("typescript")
        value = words.example if words is not None else None
        if value is None:
            value = self.example_of(definition)
        imported: dict[str, set[str]] = {self._module(place): {place.title}}
        if value is None:
            return f"{_imports(imported)}\n{NO_EXAMPLE}"
        code = self.code(Ref(definition.id), value)
        for module, name in _used_in(code):
            imported.setdefault(module, set()).add(name)
        return f"{_imports(imported)}\n{declaration('let', place.title, code)}"

    def _module(self, place: Place) -> str:
        return f"{self.sdk}/{place.path.rpartition('/')[0]}"

    # Values -> code ---------------------------------------------------------------------------

    def code(self, type_: Type, value: Value) -> Code:
        """Return `value` as code."""
        match type_, value:
            case Nullable(inner=of), _ if value is not None:
                return self.code(of, value)
            case _, Object(items=((str(name), str(text)),)) if name in _CALLS:
                return self._call(name, text)
            case ((Ref() | AnyOf()), _):
                return self._of_definition(type_, value)
            case ListOf(item=item), tuple():
                return Items(tuple(self.code(item, each) for each in value))
            case MapOf(value=of), Object(items=items):
                return Properties(tuple((quoted(key), self.code(of, each)) for key, each in items))
            case Scalar(name=name), str() if name in _CALL_OF_SCALAR:
                return self._call(_CALL_OF_SCALAR[name], value)
            case Scalar(name=name), "NaN" if name in _NUMBERS:
                return Raw("NaN")
            case _:
                return self._natural(value)

    def _call(self, name: str, text: str) -> Raw:
        modules = {"RFCDate": f"{self.sdk}/types", "openAsBlob": "node:fs"}
        used = (modules[name], name) if name in modules else ("", "")
        return Raw(f"{_CALLS[name]}({quoted(text)})", used)

    def _of_definition(self, type_: Ref | AnyOf, value: Value) -> Code:
        definition = self.schema[type_] if isinstance(type_, Ref) else None
        match definition, value:
            case Model(fields=fields), Object(items=items):
                assert definition is not None
                types = {field.wire: field.type for field in fields}
                pairs = []
                for key, each in items:
                    name = self.names.fields.get((definition.id, key), key)
                    pairs.append((bare(name), self.code(types.get(key, Scalar("any")), each)))
                return Properties(tuple(pairs))
            case Enum(), str() | int() if self.members:
                name = self.names.values.get((definition.id, value), "")
                place = self.names.places[definition.id]
                used = (self._module(place), place.title)
                return Raw(f"{place.title}.{name}", used) if name else self._natural(value)
            case Union(), _:
                members: tuple[Type, ...] = definition.members
            case None, _ if isinstance(type_, AnyOf):
                members = type_.members
            case _:
                return self._natural(value)
        return self.code(self._member(members, value) or Scalar("any"), value)

    def _member(self, members: tuple[Type, ...], value: Value) -> Type | None:
        """Return the member of a union that takes a value."""
        as_json = wire.to_json(value)
        for member in members:
            try:
                wire.read(self.schema, member, as_json)
            except wire.WireError:
                continue
            return member
        return None

    def _natural(self, value: Value) -> Code:
        match value:
            case tuple():
                return Items(tuple(map(self._natural, value)))
            case Object(items=items):
                return Properties(tuple((quoted(key), self._natural(each)) for key, each in items))
            case _:
                return value

    # Code -> values ---------------------------------------------------------------------------

    def read(self, type_: Type, code: Code) -> Value:
        """Return the value that code says: the inverse of :meth:`code`. Raises :class:`NoValue`."""
        self._known = {}
        return self._read(type_, code)

    def _read(self, type_: Type, code: Code) -> Value:
        match type_, code:
            case Nullable(inner=of), _:
                return self._read(of, code)
            case ListOf(item=item), Items(items=items):
                return tuple(self._read(item, each) for each in items)
            case MapOf(value=of), Properties(items=pairs):
                return Object(tuple((key_of(key), self._read(of, each)) for key, each in pairs))
            case Ref(id=id_), Items() | Properties() | Raw():
                # The members of a union are tried in turn, at every level.
                place = (id_, id(code))
                if place not in self._known:
                    self._known[place] = self._read_definition(self.schema[type_], code)
                return self._known[place]
            case Ref(), _:
                return self._read_definition(self.schema[type_], code)
            case AnyOf(members=members), _:
                return self._read_first(members, code)
            case Scalar(name=name), Raw(text="NaN") if name in _NUMBERS:
                return "NaN"
            case Scalar(name=name), Raw() if name in _CALL_OF_SCALAR:
                value = self._read_natural(code)
                call = _CALL_OF_SCALAR[name]
                match value:
                    case Object(items=((made, text),)) if made == call:
                        return text
                return value
            case _:
                return self._read_natural(code)

    def _read_definition(self, definition: Definition, code: Code) -> Value:
        match definition, code:
            case Model(fields=fields), Properties(items=pairs):
                by_name = {
                    self.names.fields.get((definition.id, field.wire), field.wire): field
                    for field in fields
                }
                items = []
                for key, each in pairs:
                    name = key_of(key)
                    field = by_name.get(name)
                    items.append(
                        (name, self._read_natural(each))
                        if field is None
                        else (field.wire, self._read(field.type, each))
                    )
                return Object(tuple(items))
            case Union(members=members), _:
                return self._read_first(members, code)
            case Enum(values=values), Raw(text=text):
                title, _, name = text.rpartition(".")
                wires = {
                    self.names.values.get((definition.id, value.wire)): value.wire
                    for value in values
                }
                if name in wires and title == self.names.places[definition.id].title:
                    return wires[name]
                return self._read_natural(code)
            case _:
                return self._read_natural(code)

    def _read_first(self, members: tuple[Type, ...], code: Code) -> Value:
        """Return the value for the first member by which it comes out as the same code."""
        for member in members:
            try:
                value = self._read(member, code)
            except NoValue:
                continue
            first = self._member(members, value)
            if first is not None and self.code(first, value) == code:
                return value
        return self._read_natural(code)

    def _read_natural(self, code: Code) -> Value:
        match code:
            case Items(items=items):
                return tuple(map(self._read_natural, items))
            case Properties(items=pairs):
                return Object(tuple((key_of(key), self._read_natural(each)) for key, each in pairs))
            case Raw(text=text):
                call = _CALL.fullmatch(text)
                if call is None or call[1] not in _CALL_OF:
                    raise NoValue(text)
                return Object(((_CALL_OF[call[1]], key_of(call[2])),))
            case _:
                return code

    # Made-up values ---------------------------------------------------------------------------

    def stand_in(self, type_: Type) -> Value:
        """Return a value of `type_` to show: the definition's example, or one made up."""
        self._made_up = 0
        return self._stand_in(type_, frozenset())

    def _stand_in(self, type_: Type, inside: frozenset[str]) -> Value:
        match type_:
            case Scalar(name=name):
                return _STAND_INS[name]
            case ListOf(item=item):
                return () if _leads_into(item, inside) else (self._stand_in(item, inside),)
            case MapOf(value=value):
                if _leads_into(value, inside):
                    return Object()
                return Object((("key", self._stand_in(value, inside)),))
            case Constant(value=value):
                return value
            case Nullable():
                return None
            case AnyOf(members=members):
                return self._first_stand_in(members, inside)
            case Ref(id=id_):
                definition = self.schema[type_]
                example = self.example_of(definition)
                if example is not None:
                    return example
                within = inside | {id_}
                self._made_up += 1
                if self._made_up > _MAX_MADE_UP or len(inside) > MAX_NESTING // 2:
                    return Object()
                match definition:
                    case Model(fields=fields):
                        return Object(
                            tuple(
                                (f.wire, self._stand_in(f.type, within))
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
        return self._stand_in((free or list(members))[0], inside)

    def example_of(self, definition: Definition) -> Value:
        """Return the example of a definition; of an enum, else its first value."""
        if definition.example is None and isinstance(definition, Enum):
            return definition.values[0].wire
        return definition.example

    def chosen_value(self, enum: Enum, language: str) -> EnumValue:
        """Return the value of an enum that the example on the page of a language shows."""
        words = enum.pages.get(language)
        shown = words.example if words is not None else None
        shown = self.example_of(enum) if shown is None else shown
        return next((value for value in enum.values if value.wire == shown), enum.values[0])


def _leads_into(type_: Type, inside: frozenset[str]) -> bool:
    return any(isinstance(inner, Ref) and inner.id in inside for inner in walk(type_))


def has_calls(value: Value) -> bool:
    """Whether a value holds a call, and so is for pages alone."""
    match value:
        case Object(items=((str(name), str()),)) if name in _CALLS:
            return True
        case Object(items=items):
            return any(has_calls(each) for _, each in items)
        case tuple():
            return any(map(has_calls, value))
        case _:
            return False


def _used_in(code: Code) -> Iterator[tuple[str, str]]:
    """Yield the module and the name of all that code needs to be imported."""
    match code:
        case Items(items=items):
            for item in items:
                yield from _used_in(item)
        case Properties(items=pairs):
            for _, item in pairs:
                yield from _used_in(item)
        case Raw(used=(module, name)) if module:
            yield module, name
        case _:
            pass


def read_usage(usage: str) -> Code | None:
    """Return the value that the code of an example gives, None where there is none.

    Raises :class:`~modelsync.pages.code.NotCode`.
    """
    if usage.endswith(NO_EXAMPLE):
        return None
    return _declared(usage, _LET.search(usage), "`let value: ... = ...;`")


def read_sample(code: str, type_: str) -> Code:
    """Return the value in the code of a member of a union; `type_` is what its heading shows.

    Raises :class:`~modelsync.pages.code.NotCode`.
    """
    expected = f"`const value: {type_} = ...;`"
    head = _CONST.match(code)
    if head is None or not code.startswith(type_, head.end()):
        raise NotCode(0, expected)
    return _declared(code, _EQUALS.match(code, head.end() + len(type_)), expected)


def _declared(text: str, head: re.Match[str] | None, expected: str) -> Code:
    """Return the value between the head of a declaration and the semicolon that ends it."""
    if head is None or not text.endswith(";"):
        raise NotCode(0, expected)
    try:
        return read_code(text[head.end() : -1])
    except NotCode as error:
        raise NotCode(head.end() + error.offset, error.expected) from error


def example_text(value: Value, *, quotes: bool = False) -> str:
    """Return a value as the cell of an example shows it: text as it is, or in quotes."""
    match value:
        case str() if not quotes:
            return value
        case tuple() | Object():
            lines = json.dumps(wire.to_json(value), ensure_ascii=False, indent=2).split("\n")
            return "\n".join(line.strip() for line in lines)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _imports(imported: Mapping[str, set[str]]) -> str:
    """Return a line for each module, by the names that come from it."""
    lines = (_import_line(tuple(sorted(imported[each])), each) for each in sorted(imported))
    return "".join(f"{line}\n" for line in lines)


def _import_line(names: tuple[str, ...], module: str) -> str:
    line = f'import {{ {", ".join(names)} }} from "{module}";'
    listed = ", ".join(names)
    if len(listed) <= _MAX_IMPORT:
        return line
    inner = "".join(f"  {name},\n" for name in names)
    return f'import {{\n{inner}}} from "{module}";'
