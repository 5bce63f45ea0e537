"""JSON values -> the code that TypeScript pages show for them.

A datetime is `new Date("...")`, and the keys of a model are the names that pages show; those of a
map are in quotes. The layout of code is in :mod:`modelsync.pages.code_layout`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from modelsync.pages.calls import (
    CALLS,
    DATE_CALLS,
    NATIVE_DATE_CALLS,
    NUMBER,
    SDK_TYPES,
    is_call,
)
from modelsync.pages.code import (
    PLAIN,
    Call,
    Code,
    Items,
    Layout,
    Number,
    Properties,
    Raw,
    bare,
)
from modelsync.pages.notation import Place
from modelsync.pages.union_members import UnionMembers
from modelsync.schema import meaning
from modelsync.schema.definitions import Definition, Enum, Field, Model
from modelsync.schema.json_values import to_json
from modelsync.schema.schema import Schema
from modelsync.schema.types import NUMBERS, ListOf, MapOf, Nullable, Ref, Scalar, Type
from modelsync.schema.validation import ValidationError
from modelsync.schema.values import Object, Value

_ANYTHING: Final = Scalar("any")


@dataclass(frozen=True, slots=True)
class Style:
    """How all examples of a page set are written."""

    sdk: str
    """The package that examples import from."""
    imports: str = "folders"
    """The modules that they import from: `folders`, `files`, or the `package` itself."""
    native_dates: bool = False
    """Whether a date is a `Date`, as a datetime is."""
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class ShownNames:
    """Names on pages."""

    fields: Mapping[tuple[str, str], str]
    """The names of fields, by the id of their definition and their JSON key."""
    values: Mapping[tuple[str, str | int], str]
    """The names of the values of enums that code writes by name, as in `Color.Red`."""
    places: Mapping[str, Place]


def shown_type(field: Field) -> Type:
    """Return the type of a field as the pages of TypeScript show it."""
    page = field.pages.get("typescript")
    return field.type if page is None or page.type is None else page.type


class CodeWriter:
    """Writes values of one schema as code."""

    def __init__(self, schema: Schema, names: ShownNames, style: Style) -> None:
        self.schema = schema
        self.names = names
        self.style = style
        self.union_members = UnionMembers(schema, names.fields)
        self.date_calls = NATIVE_DATE_CALLS if style.native_dates else DATE_CALLS
        self._chosen: dict[tuple[int, int], tuple[Value, Type | None]] = {}

    def write(self, type_: Type, value: Value) -> Code:
        """Return `value` as code."""
        self.forget()
        return self.code(type_, value)

    def forget(self) -> None:
        """Forget the members chosen so far, before another value is written or read."""
        self._chosen = {}

    def module(self, definition: Definition) -> str:
        """Return the module that a definition is imported from."""
        folder, _, file = self.names.places[definition.id].path.rpartition("/")
        if self.style.imports == "package":
            return self.style.sdk
        if self.style.imports == "folders":
            return f"{self.style.sdk}/{folder}"
        page = definition.pages.get("typescript")
        module = page.module if page is not None else None
        return f"{self.style.sdk}/{folder}/{module or file.removesuffix('.md')}.js"

    def code(self, type_: Type, value: Value) -> Code:
        """Return a part of a value as code."""
        # Not by recursion: unions may be members of unions on many levels.
        while (members := self.union_members.of(type_)) and not self._is_call(type_, value):
            type_ = self.member_for(members, value) or _ANYTHING
        match type_, value:
            case Nullable(inner=inner), _ if value is not None:
                return self.code(inner, value)
            case _, Object(items=((str(name), str(text)),)) if self._is_call(type_, value):
                return self._call(name, text)
            case Ref(), _:
                return self._definition_code(self.schema[type_], value)
            case ListOf(item=item_type), tuple():
                return Items(tuple(self.code(item_type, item) for item in value))
            case MapOf(value=value_type), Object(items=items):
                key_of_map = self.style.layout.key
                return Properties(
                    tuple((key_of_map(k), self.code(value_type, v)) for k, v in items)
                )
            case Scalar(name=name), str() if name in self.date_calls:
                return self._call(self.date_calls[name], value)
            case Scalar(name=name), "NaN" if name in NUMBERS:
                return Raw("NaN")
            case _:
                return self._untyped(value)

    def _is_call(self, type_: Type, value: Value) -> bool:
        """Return whether an object with one key stands for a call, and is not just an object."""
        match value:
            case Object(items=((str(name), str(text)),)):
                is_field = isinstance(type_, Ref) and (type_.id, name) in self.names.fields
                return is_call(name, text) and not is_field
            case _:
                return False

    def _call(self, name: str, text: str) -> Call | Number:
        if name == NUMBER:
            return Number(text)
        module = "node:fs" if name == "openAsBlob" else ""
        if name in SDK_TYPES:
            file = f"/{name.lower()}.js" if self.style.imports == "files" else ""
            module = f"{self.style.sdk}/types{file}"
        return Call(CALLS[name], text, (module, name) if module else ("", ""))

    def _definition_code(self, definition: Definition, value: Value) -> Code:
        match definition, value:
            case Model(fields=fields), Object(items=items):
                types = {field.json_key: shown_type(field) for field in fields}
                pairs = []
                for key, item in items:
                    name = self.names.fields.get((definition.id, key), key)
                    pairs.append((bare(name), self.code(types.get(key, _ANYTHING), item)))
                return Properties(tuple(pairs))
            case Enum(), str() | int():
                name = self.names.values.get((definition.id, value), "")
                title = self.names.places[definition.id].title
                # A value whose name is not an identifier is written as the value itself.
                if not name or bare(name) != name:
                    return self._untyped(value)
                return Raw(f"{title}.{name}", (self.module(definition), title))
            case _:
                return self._untyped(value)

    def _untyped(self, value: Value) -> Code:
        match value:
            case tuple():
                return Items(tuple(map(self._untyped, value)))
            case Object(items=items):
                key_of_map = self.style.layout.key
                return Properties(tuple((key_of_map(k), self._untyped(v)) for k, v in items))
            case _:
                return value

    # Members of unions ------------------------------------------------------------------------

    def member_for(self, members: tuple[Type, ...], value: Value) -> Type | None:
        """Return the member of a union that code shows a value as.

        The parts of a value are looked at again on every level, so a choice is remembered, with its
        value, for as long as the whole is being read or written.
        """
        key = (id(members), id(value))
        if key not in self._chosen:
            self._chosen[key] = (value, self._first_member(members, value))
        return self._chosen[key][1]

    def _first_member(self, members: tuple[Type, ...], value: Value) -> Type | None:
        """Return the first member that accepts the value.

        A model that has all keys of the value comes before one that does not. If none accepts the
        value, it is the first such model: examples are not always valid.
        """
        as_json = to_json(value)
        likely, others = self.union_members.by_keys(members, value)
        with_keys = [member for member in likely if self.union_members.has_keys(member, value)]
        for member in likely if with_keys else [*likely, *others]:
            try:
                meaning.read(self.schema, member, as_json)
            except ValidationError:
                continue
            return member
        return next(iter(with_keys or others), None)
