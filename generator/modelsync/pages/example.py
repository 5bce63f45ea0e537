"""The examples on TypeScript pages: JSON values <-> code, as their types say.

A datetime is `new Date("...")`, the keys of a model are the names that pages show, those of a map
are in quotes. What the code looks like is told in :mod:`modelsync.pages.code`.

A call that the type says nothing of stands in a value under its name: `{openAsBlob: a.txt}` is
`await openAsBlob("a.txt")`. So does a number of another form: `{Number: "1.0"}` is `1.0`. Such a
value is for pages alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from modelsync.pages.code import (
    MAX_NESTING,
    PLAIN,
    Call,
    Code,
    Items,
    Layout,
    NotCode,
    Number,
    Properties,
    Raw,
    bare,
    is_number,
    key_of,
    number_of,
    read_code,
)
from modelsync.pages.code_layout import declaration
from modelsync.pages.notation import Place
from modelsync.schema import meaning
from modelsync.schema.ir import (
    AnyOf,
    Constant,
    Definition,
    Enum,
    EnumValue,
    Field,
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

NO_EXAMPLE: Final = "// No examples available for this model"
NO_SAMPLE: Final = "/* values here */"
"""What stands for the value of a member of a union on older pages."""
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
    "Request": "new Request",
    "Response": "new Response",
}
"""What code calls with a text, by the name of the call in a value."""
_OWN_TYPES: Final = ("RFCDate", "Decimal")
"""Those that come with the SDK."""
_CALL_OF: Final = {made: name for name, made in _CALLS.items()}
_NUMBER: Final = "Number"
"""What a number of another form is called in a value."""
_CALL_OF_SCALAR: Final = {"datetime": "Date", "date": "RFCDate"}
_NATIVE_CALLS: Final = {"datetime": "Date", "date": "Date"}
_NUMBERS: Final = ("int32", "int64", "float32", "float64")
_ANYTHING: Final = Scalar("any")
_MAX_MADE_UP: Final = 200
"""How many models one made-up value holds: models that need others grow without end."""
_MAX_IMPORT: Final = 80
_OPEN: Final = " Open enum: unrecognized values are captured as "
OPEN_COMMENTS: Final[Mapping[str, Mapping[str, str]]] = {
    "typescript": {
        "string": f"//{_OPEN}Unrecognized<string>",
        "number": f"//{_OPEN}Unrecognized<number>",
    },
    "python": {"string": f"#{_OPEN}UnrecognizedStr", "number": f"#{_OPEN}UnrecognizedInt"},
}
"""What stands behind the value of an open enum in a language, by what its values are."""
_ENDS: Final = tuple(
    f"\n\n{comment}" for comments in OPEN_COMMENTS.values() for comment in comments.values()
)
_LET: Final = re.compile(r"^let value:\s+\w+\s*=\s*", re.M)
_EQUALS: Final = re.compile(r"\s*=\s*")
_MARK: Final = re.compile(r"\w+|[^\w\s|]")
_BREAK: Final = r"[\s|;]*+"
"""What may stand between two words or marks of a type: line feeds, bars and semicolons."""


@dataclass(frozen=True, slots=True)
class Style:
    """How all examples of a page set are written.

    `sdk` is the package that things are imported from, and `imports` what of it: `folders`,
    `files`, or the `package` itself. `native_dates` is whether a date is a `Date`, as a datetime
    is.
    """

    sdk: str
    imports: str = "folders"
    native_dates: bool = False
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True)
class ShownNames:
    """What the pages call things: fields and values by definition and wire name, and places.

    `values` has those of enums whose values code writes by their names, as `Color.Red`.
    """

    fields: Mapping[tuple[str, str], str]
    values: Mapping[tuple[str, str | int], str]
    places: Mapping[str, Place]


class NoValue(Exception):
    """A piece of code says nothing that JSON can hold, such as a call."""


class Example:
    """Writes values of one schema as code, and reads them."""

    def __init__(self, schema: Schema, names: ShownNames, style: Style) -> None:
        self.schema = schema
        self.names = names
        self.style = style
        self.calls = _NATIVE_CALLS if style.native_dates else _CALL_OF_SCALAR
        self._known: dict[tuple[str, int], Value | NoValue] = {}
        self._chosen: dict[tuple[int, int], tuple[Value, Type | None]] = {}
        self._made_up = 0

    def usage(self, definition: Definition, place: Place) -> str:
        """Return the code of `## Example Usage` on the page of `definition`."""
        words = definition.pages.get("typescript")
        value = words.example if words is not None else None
        if value is None:
            value = self.example_of(definition)
        imported: dict[str, set[str]] = {self.module(definition): {place.title}}
        if value is None:
            return f"{self._imports(imported)}\n{NO_EXAMPLE}"
        code = self.code(Ref(definition.id), value)
        for module, name in _used_in(code):
            imported.setdefault(module, set()).add(name)
        shown = declaration("let", place.title, code, self.style.layout)
        return f"{self._imports(imported)}\n{shown}"

    def module(self, definition: Definition) -> str:
        """Return what a definition is imported from."""
        folder, _, file = self.names.places[definition.id].path.rpartition("/")
        if self.style.imports == "package":
            return self.style.sdk
        if self.style.imports == "folders":
            return f"{self.style.sdk}/{folder}"
        words = definition.pages.get("typescript")
        given = words.module if words is not None else None
        return f"{self.style.sdk}/{folder}/{given or file.removesuffix('.md')}.js"

    def _imports(self, imported: Mapping[str, set[str]]) -> str:
        """Return a line for each module, by the names that come from it."""
        layout = self.style.layout
        lines = (
            _import_line(tuple(sorted(imported[each], key=_any_case)), each, layout)
            for each in sorted(imported)
        )
        return "".join(f"{line}\n" for line in lines)

    # Values -> code ---------------------------------------------------------------------------

    def code(self, type_: Type, value: Value) -> Code:
        """Return `value` as code."""
        self._chosen = {}
        return self._code(type_, value)

    def _code(self, type_: Type, value: Value) -> Code:
        # Not by recursion: unions may be members of unions on many levels.
        while (members := self._members(type_)) and not self._shows_call(type_, value):
            type_ = self._member_for(members, value) or Scalar("any")
        match type_, value:
            case Nullable(inner=of), _ if value is not None:
                return self._code(of, value)
            case _, Object(items=((str(name), str(text)),)) if self._shows_call(type_, value):
                return self._call(name, text)
            case Ref(), _:
                return self._of_definition(self.schema[type_], value)
            case ListOf(item=item), tuple():
                return Items(tuple(self._code(item, each) for each in value))
            case MapOf(value=of), Object(items=items):
                key_of_map = self.style.layout.key
                return Properties(tuple((key_of_map(k), self._code(of, v)) for k, v in items))
            case Scalar(name=name), str() if name in self.calls:
                return self._call(self.calls[name], value)
            case Scalar(name=name), "NaN" if name in _NUMBERS:
                return Raw("NaN")
            case _:
                return self._natural(value)

    def _members(self, type_: Type) -> tuple[Type, ...]:
        """Return the members of a union, however written, and none for any other type."""
        definition = self.schema[type_] if isinstance(type_, Ref) else type_
        return definition.members if isinstance(definition, Union | AnyOf) else ()

    def _shows_call(self, type_: Type, value: Value) -> bool:
        """Whether an object of one key stands for a call, and is not what it looks like."""
        match value:
            case Object(items=((str(name), str(text)),)):
                is_field = isinstance(type_, Ref) and (type_.id, name) in self.names.fields
                return is_call(name, text) and not is_field
            case _:
                return False

    def _call(self, name: str, text: str) -> Call | Number:
        if name == _NUMBER:
            return Number(text)
        module = "node:fs" if name == "openAsBlob" else ""
        if name in _OWN_TYPES:
            file = f"/{name.lower()}.js" if self.style.imports == "files" else ""
            module = f"{self.style.sdk}/types{file}"
        return Call(_CALLS[name], text, (module, name) if module else ("", ""))

    def _of_definition(self, definition: Definition, value: Value) -> Code:
        match definition, value:
            case Model(fields=fields), Object(items=items):
                types = {field.json_key: shown_type(field) for field in fields}
                pairs = []
                for key, each in items:
                    name = self.names.fields.get((definition.id, key), key)
                    pairs.append((bare(name), self._code(types.get(key, Scalar("any")), each)))
                return Properties(tuple(pairs))
            case Enum(), str() | int():
                name = self.names.values.get((definition.id, value), "")
                place = self.names.places[definition.id]
                used = (self.module(definition), place.title)
                # What is no name in code stands as its value.
                is_named = bool(name) and bare(name) == name
                return Raw(f"{place.title}.{name}", used) if is_named else self._natural(value)
            case _:
                return self._natural(value)

    def _member_for(self, members: tuple[Type, ...], value: Value) -> Type | None:
        """Return the member of a union that code shows a value as.

        What is inside of a value is looked at again and again, at every level: a choice is kept,
        with its value, for as long as the whole is read or written.
        """
        place = (id(members), id(value))
        if place not in self._chosen:
            self._chosen[place] = (value, self._member(members, value))
        return self._chosen[place][1]

    def _member(self, members: tuple[Type, ...], value: Value) -> Type | None:
        """Return the first member that takes a value.

        A model that has all keys of the value comes before one that has not, and any model before
        none, even if it does not take the value: examples are not always right.
        """
        as_json = meaning.to_json(value)
        likely, others = self._by_keys(members, value)
        known = [member for member in likely if self._knows(member, value)]
        for member in likely if known else [*likely, *others]:
            try:
                meaning.read(self.schema, member, as_json)
            except meaning.ValidationError:
                continue
            return member
        return next(iter(known or others), None)

    def _by_keys(
        self, members: tuple[Type, ...], value: Value | Code
    ) -> tuple[list[Type], list[Type]]:
        """Return the members that may have all keys of a value, and those that lack some."""
        likely: list[Type] = []
        others: list[Type] = []
        for member in members:
            (others if self._knows(member, value) is False else likely).append(member)
        return likely, others

    def _knows(self, type_: Type, value: Value | Code) -> bool | None:
        """Whether a model, or that in a list, has all keys of an object; None if it is none."""
        match type_, value:
            case Nullable(inner=of), _:
                return self._knows(of, value)
            case ListOf(item=item), (((_, *_) as items) | Items(items=(_, *_) as items)):
                return self._knows(item, items[0])
            case Ref(id=id_), Object(items=pairs) | Properties(items=pairs):
                definition = self.schema[type_]
                if not isinstance(definition, Model):
                    return None
                wires = [field.json_key for field in definition.fields]
                if isinstance(value, Object):
                    return {key for key, _ in pairs} <= set(wires)
                shown = {self.names.fields.get((id_, wire), wire) for wire in wires}
                return {key_of(key) for key, _ in pairs} <= shown
            case _:
                return None

    def _natural(self, value: Value) -> Code:
        match value:
            case tuple():
                return Items(tuple(map(self._natural, value)))
            case Object(items=items):
                key_of_map = self.style.layout.key
                return Properties(tuple((key_of_map(k), self._natural(v)) for k, v in items))
            case _:
                return value

    # Code -> values ---------------------------------------------------------------------------

    def read(self, type_: Type, code: Code) -> Value:
        """Return the value that code says: the inverse of :meth:`code`. Raises :class:`NoValue`."""
        self._known = {}
        self._chosen = {}
        return self._read(type_, code)

    def _read(self, type_: Type, code: Code) -> Value:
        match type_, code:
            case Nullable(inner=of), _:
                return self._read(of, code)
            case ListOf(item=item), Items(items=items):
                return tuple(self._read(item, each) for each in items)
            case MapOf(value=of), Properties(items=pairs):
                return Object(tuple((key_of(key), self._read(of, each)) for key, each in pairs))
            case Ref(id=id_), _:
                # The members of a union are tried in turn, at every level.
                place = (id_, id(code))
                if place not in self._known:
                    try:
                        self._known[place] = self._read_definition(self.schema[type_], code)
                    except NoValue as error:
                        self._known[place] = error
                found = self._known[place]
                if isinstance(found, NoValue):
                    raise found
                return found
            case AnyOf(members=members), _:
                return self._read_first(members, code)
            case Scalar(name=name), Raw(text="NaN") if name in _NUMBERS:
                return "NaN"
            case Scalar(name=name), Call(name=called, text=text) if name in self.calls:
                if called == _CALLS[self.calls[name]]:
                    return text
                return self._read_natural(code)
            case _:
                return self._read_natural(code)

    def _read_definition(self, definition: Definition, code: Code) -> Value:
        match definition, code:
            case Model(fields=fields), Properties(items=pairs):
                by_name = {
                    self.names.fields.get((definition.id, field.json_key), field.json_key): field
                    for field in fields
                }
                items: dict[str, Value] = {}
                for key, each in pairs:
                    name = key_of(key)
                    field = by_name.get(name)
                    wire_name = name if field is None else field.json_key
                    if wire_name in items:
                        raise NoValue(name)
                    items[wire_name] = self._read(shown_type(field) if field else _ANYTHING, each)
                return Object(tuple(items.items()))
            case Union(members=members), _:
                return self._read_first(members, code)
            case Enum(values=values), Raw(text=text):
                title, _, name = text.rpartition(".")
                wires = {
                    self.names.values.get((definition.id, value.json_value)): value.json_value
                    for value in values
                }
                if name in wires and title == self.names.places[definition.id].title:
                    return wires[name]
                return self._read_natural(code)
            case _:
                return self._read_natural(code)

    def _read_first(self, members: tuple[Type, ...], code: Code) -> Value:
        """Return the value for the first member by which it comes out as the same code."""
        likely, others = self._by_keys(members, code)
        for member in (*likely, *others):
            try:
                value = self._read(member, code)
            except NoValue:
                continue
            first = self._member_for(members, value)
            if first is not None and self._code(first, value) == code:
                return value
        return self._read_natural(code)

    def _read_natural(self, code: Code) -> Value:
        match code:
            case Items(items=items):
                return tuple(map(self._read_natural, items))
            case Properties(items=pairs):
                return Object(tuple((key_of(key), self._read_natural(each)) for key, each in pairs))
            case Number(text=text):
                return Object(((_NUMBER, text),))
            case Call(name=name, text=text):
                if name not in _CALL_OF:
                    raise NoValue(name)
                return Object(((_CALL_OF[name], text),))
            case Raw(text=text):
                raise NoValue(text)
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
                                (f.json_key, self._stand_in(shown_type(f), within))
                                for f in fields
                                if f.required
                            )
                        )
                    case Union(members=members):
                        return self._first_stand_in(members, within)
                    case Enum(values=values):
                        return values[0].json_value

    def _first_stand_in(self, members: tuple[Type, ...], inside: frozenset[str]) -> Value:
        free = [member for member in members if not _leads_into(member, inside)]
        return self._stand_in((free or list(members))[0], inside)

    def example_of(self, definition: Definition) -> Value:
        """Return the example of a definition; of an enum, else its first value."""
        if definition.example is None and isinstance(definition, Enum):
            return definition.values[0].json_value
        return definition.example

    def chosen_value(self, enum: Enum, language: str) -> EnumValue:
        """Return the value of an enum that the example on the page of a language shows."""
        words = enum.pages.get(language)
        shown = words.example if words is not None else None
        shown = self.example_of(enum) if shown is None else shown
        return next((value for value in enum.values if value.json_value == shown), enum.values[0])


def shown_type(field: Field) -> Type:
    """Return the type of a field as the pages of TypeScript show it."""
    words = field.pages.get("typescript")
    return field.type if words is None or words.type is None else words.type


def _leads_into(type_: Type, inside: frozenset[str]) -> bool:
    return any(isinstance(inner, Ref) and inner.id in inside for inner in walk(type_))


def is_call(name: str, text: str) -> bool:
    """Whether an object with one key and its text may stand for a call, or for a number."""
    return name in _CALLS or (name == _NUMBER and is_number(text))


def plain_numbers(value: Value) -> Value:
    """Return a value with each number that has a form of its own as any other number."""
    match value:
        case Object(items=((str(name), str(text)),)) if name == _NUMBER and is_number(text):
            return number_of(text)
        case Object(items=items):
            return Object(tuple((key, plain_numbers(each)) for key, each in items))
        case tuple():
            return tuple(map(plain_numbers, value))
        case _:
            return value


def has_calls(value: Value) -> bool:
    """Whether a value holds a call, and so is for pages alone."""
    match value:
        case Object(items=((str(name), str(text)),)) if is_call(name, text):
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
        case Raw(used=(module, name)) | Call(used=(module, name)) if module:
            yield module, name
        case _:
            pass


def without_comment(usage: str) -> str:
    """Return the code of an example without what it says behind the value of an open enum."""
    end = next((end for end in _ENDS if usage.endswith(end)), "")
    return usage.removesuffix(end)


def read_usage(usage: str, layout: Layout = PLAIN) -> Code | None:
    """Return the value that the code of an example gives, None where there is none.

    Raises :class:`~modelsync.pages.code.NotCode`.
    """
    usage = without_comment(usage)
    if usage.endswith(NO_EXAMPLE):
        return None
    return _declared(usage, _LET.search(usage), "`let value: ... = ...;`", layout)


def read_sample(code: str, type_: str, layout: Layout = PLAIN) -> Code:
    """Return the value in the code of a member of a union; `type_` is what its heading shows.

    Raises :class:`~modelsync.pages.code.NotCode`.
    """
    expected = f"`const value: {type_} = ...;`"
    head = f"const value: {type_}"
    if code.startswith(f"{head} ="):
        return _declared(code, _EQUALS.match(code, len(head)), expected, layout)
    # A type that does not fit on its line is broken between its words and marks.
    marks = map(re.escape, _MARK.findall(head))
    return _declared(code, re.match(rf"{_BREAK.join(marks)}\s*=\s*", code), expected, layout)


def _declared(text: str, head: re.Match[str] | None, expected: str, layout: Layout) -> Code:
    """Return the value between the head of a declaration and the semicolon that ends it."""
    if head is None or not text.endswith(";"):
        raise NotCode(0, expected)
    try:
        return read_code(text[head.end() : -1], layout)
    except NotCode as error:
        error.offset += head.end()
        raise


def example_text(value: Value, *, quotes: bool = False) -> str:
    """Return a value as the cell of an example shows it: text as it is, or in quotes."""
    match value:
        case str() if not quotes:
            return value
        case tuple() | Object():
            lines = json.dumps(meaning.to_json(value), ensure_ascii=False, indent=2).split("\n")
            return "\n".join(line.strip() for line in lines)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _any_case(name: str) -> tuple[str, str]:
    """Return what names are sorted by: their letters, whatever their case."""
    return name.lower(), name


def _import_line(names: tuple[str, ...], module: str, layout: Layout) -> str:
    line = f'import {{ {", ".join(names)} }} from "{module}";'
    listed = ", ".join(names)
    if len(listed) <= _MAX_IMPORT:
        return line
    inner = "".join(f"{layout.indent}{name},\n" for name in names)
    return f'import {{\n{inner}}} from "{module}";'
