"""Python: `*Optional[int]*`, `List[*str*]`, `[Nullable[models.Money]](../models/money.md)`.

The wrapper of a scalar or of a reference shows whether it may be absent or null.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from modelsync.naming import snake
from modelsync.pages.code import Code
from modelsync.pages.notation.base import (
    CellType,
    Notation,
    NotThisNotation,
    Place,
    References,
    Scanner,
    constant,
    linked,
    lower_initials,
    nullable,
    place_of,
)
from modelsync.schema.definitions import Field, Union
from modelsync.schema.types import (
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    ScalarName,
    Type,
)

_PYTHON_DATETIME: Final = "https://docs.python.org/3/library/datetime.html"
_DATES: Final[Mapping[str, ScalarName]] = {
    f"{_PYTHON_DATETIME}#date-objects": "datetime",
    f"{_PYTHON_DATETIME}#datetime-objects": "date",
}
"""The scalars that links of dates mean; on these pages, a link to `date` is a datetime."""
_STRING: Final = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_ITALIC: Final = re.compile(rf"\*((?:{_STRING}|[^*\"])+)\*")
_WRAPPED: Final = re.compile(r"(Optional|Nullable|OptionalNullable)\[(.*)\]")
_LITERAL: Final = re.compile(rf"Literal\[({_STRING}|True|False|-?(?:0|[1-9][0-9]{{0,17}}))\]")
_WRAPPED_CELL: Final = re.compile(
    r"([*\[])(Optional|Nullable|OptionalNullable)\[(.*)\](\*|\]\([^()]*\))"
)
_HEAD_LITERAL: Final = re.compile(rf"Literal\[(?:{_STRING}|[^\]\"]*)\]")
_SAMPLE: Final = re.compile(r"\w+: (.*) = /\* values here \*/")
UNION: Final = "Union["
_HEAD_WORD: Final = re.compile(r"[\w.]+")
_SCALARS: Final[Mapping[str, ScalarName]] = {
    "str": "string",
    "int": "int64",
    "float": "float64",
    "bool": "bool",
    "bytes": "bytes",
    "Any": "any",
}
_LISTS: Final[Mapping[str, Callable[[Type], Type]]] = {
    "List[": ListOf,
    "Dict[str, ": MapOf,
    "list[": ListOf,
    "dict[str, ": MapOf,
}
_GENERIC: Final[Mapping[str, Callable[[Type], Type]]] = {
    "List[": ListOf,
    "Dict[str, ": MapOf,
    "Nullable[": nullable,
}
_JSON: Final = {"True": "true", "False": "false"}
"""How two literals are written in JSON."""
_HEAD_DATES: Final[Mapping[str, Type]] = {
    "datetime": Scalar("datetime"),
    "date": Scalar("date"),
}


def _unwrapped(text: str) -> tuple[str, str]:
    """Return the wrapper of a type, empty if it has none, and what it wraps."""
    match = _WRAPPED.fullmatch(text)
    return (match[1], match[2]) if match else ("", text)


class Python(Notation):
    """Python: the wrapper of a scalar or a reference shows whether it may be absent or null."""

    name = "python"
    fence = "python"
    scalars: ClassVar = {
        "string": "str",
        "bool": "bool",
        "int32": "int",
        "int64": "int",
        "float32": "float",
        "float64": "float",
        "datetime": "datetime",
        "date": "date",
        "bytes": "bytes",
        "any": "Any",
    }
    # By whether the key may be absent, and whether the value may be null.
    _wrappers: ClassVar[Mapping[tuple[bool, bool], str]] = {
        (False, False): "none",
        (False, True): "Nullable",
        (True, False): "Optional",
        (True, True): "OptionalNullable",
    }

    @staticmethod
    def stem(name: str) -> str:
        # The file of a module cannot be named like a keyword.
        return f"{name}_" if keyword.iskeyword(name) else name

    @staticmethod
    def field_name(json_key: str) -> str:
        return snake(json_key)

    @classmethod
    def wrapper(cls, required: bool, nullable: bool) -> str:
        """Return the wrapper of the type of a field, `none` if it has none."""
        return cls._wrappers[not required, nullable]

    def type_cell(self, field: Field, page: Place) -> str:
        return self.wrapped_cell(field, page, self.wrapper(field.required, field.nullable))

    def wrapped_cell(self, field: Field, page: Place, wrapper: str) -> str:
        """Return the cell for the type of a field with this wrapper instead of its own."""
        return self._type(field.bare_type, page, "" if wrapper == "none" else wrapper)

    def _type(self, type_: Type, page: Place, wrapper: str = "") -> str:
        def wrapped(text: str) -> str:
            return f"{wrapper}[{text}]" if wrapper else text

        match type_:
            case ListOf(item=item):
                return f"{self._generic('List')}[{self._type(item, page)}]"
            case MapOf(value=value):
                return f"{self._generic('Dict')}[str, {self._type(value, page)}]"
            case Nullable(inner=inner):
                return self._type(inner, page, "Nullable")
            case Ref():
                return self.reference(type_, page, wrapped(self._shown(type_, page)))
            case Scalar(name="datetime"):
                return f"[date]({_PYTHON_DATETIME}#date-objects)"
            case Scalar(name="date"):
                return f"[datetime]({_PYTHON_DATETIME}#datetime-objects)"
            case _:
                return f"*{wrapped(self._plain(type_))}*"

    def _shown(self, ref: Ref, page: Place) -> str:
        """Return the text of a link: a name, or the types of a union in some dialects."""
        union = self.schema[ref]
        if not (self.dialect.inline and isinstance(union, Union)) or self.external(ref):
            return self.link_name(ref, page)
        members = (self._plain(member, page) for member in self.shown_members(union))
        return f"{UNION}{', '.join(members)}]"

    def _generic(self, name: str) -> str:
        """Return how tables write `List` or `Dict`."""
        return name if self.dialect.generics == "List" else name.lower()

    @classmethod
    def read_type_cell(cls, cell: str, required: bool, refs: References) -> CellType:
        scanner = Scanner(cell)
        type_, wrapper = cls._read(scanner, refs)
        scanner.end()
        shows_null = isinstance(type_, Ref | Constant) or (
            isinstance(type_, Scalar) and type_.name not in ("datetime", "date")
        )
        # A field that is always present can only be `Optional` because it may be null.
        takes_null = wrapper.endswith("Nullable") or (required and wrapper == "Optional")
        return CellType(type_, takes_null if shows_null else None)

    @staticmethod
    def unwrapped(cell: str) -> tuple[str, str]:
        """Return the wrapper of the type in a cell, and the cell without it."""
        match = _WRAPPED_CELL.fullmatch(cell)
        return (match[2], match[1] + match[3] + match[4]) if match else ("none", cell)

    @classmethod
    def _read(cls, scanner: Scanner, refs: References) -> tuple[Type, str]:
        """Read a type and its wrapper."""
        for opening, list_or_map in _LISTS.items():
            if scanner.take(opening):
                with scanner.inside():
                    inner = cls._read_inner(scanner, refs)
                scanner.need("]")
                return list_or_map(inner), ""
        if word := scanner.match(_ITALIC):
            wrapper, text = _unwrapped(word[1])
            # Tables have links to everything that has a page.
            return cls._literal(text, refs) or refs.outside(text, ""), wrapper
        link = scanner.link()
        if link is None:
            raise NotThisNotation(scanner.at, "a type of Python, such as `*str*`")
        wrapper, text = _unwrapped(link[0])
        if link[1] in _DATES:
            return Scalar(_DATES[link[1]]), wrapper
        if text.startswith(UNION):
            return refs.at(link[1]) or refs.outside(text, link[1]), wrapper
        return linked(refs, text, link[1]), wrapper

    @classmethod
    def _read_inner(cls, scanner: Scanner, refs: References) -> Type:
        type_, wrapper = cls._read(scanner, refs)
        return nullable(type_) if wrapper else type_

    @classmethod
    def _literal(cls, text: str, refs: References) -> Type | None:
        """Return the scalar or literal that a word means, None if it may name a definition."""
        if literal := _LITERAL.fullmatch(text):
            value = constant(_JSON.get(literal[1], literal[1]))
            return refs.outside(text, "") if value is None else Constant(value)
        scalar = _SCALARS.get(text)
        return Scalar(scalar) if scalar else None

    @classmethod
    def _word(cls, text: str, refs: References) -> Type:
        if type_ := cls._literal(text, refs):
            return type_
        place = place_of(text)
        return refs.page(place, "") if place else refs.outside(text, "")

    @classmethod
    def read_member(cls, head: str, code: str, refs: References) -> Type:
        text = head.removeprefix("`").removesuffix("`")
        if text == head and (match := _SAMPLE.fullmatch(code)):
            # On older pages, a heading is a title, or empty.
            text = match[1]
        scanner = Scanner(text)
        type_ = cls._read_head(scanner, refs)
        scanner.end()
        return type_

    @classmethod
    def _read_head(cls, scanner: Scanner, refs: References) -> Type:
        for opening, list_or_map in _GENERIC.items():
            if scanner.take(opening):
                with scanner.inside():
                    inner = cls._read_head(scanner, refs)
                scanner.need("]")
                return list_or_map(inner)
        word = scanner.match(_HEAD_LITERAL) or scanner.match(_HEAD_WORD)
        if word is None:
            raise NotThisNotation(scanner.at, "a type of Python, such as `str`")
        text = word[0]
        if scanner.text.startswith("[", scanner.at):
            # Other types with parameters, such as `Union`, are external.
            return refs.outside(text + scanner.balanced("[", "]"), "")
        return _HEAD_DATES.get(text) or cls._word(text, refs)

    def head(self, type_: Type) -> str:
        if not self.dialect.titles:
            return self._plain(type_)
        if isinstance(type_, Ref) and not self.external(type_):
            return self.places[type_.id].title
        return ""

    def _plain(self, type_: Type, page: Place | None = None) -> str:
        """Return a type as code shows it, or as links on `page` do."""
        match type_:
            case Limited(inner=inner):
                return self._plain(inner, page)
            case Scalar(name=name):
                return self.scalar(name)
            case Constant(value=bool(value)):
                return f"Literal[{value}]"
            case Constant(value=value):
                return f"Literal[{json.dumps(value, ensure_ascii=False)}]"
            case ListOf(item=item):
                return f"List[{self._plain(item, page)}]"
            case MapOf(value=value):
                return f"Dict[str, {self._plain(value, page)}]"
            case Nullable(inner=inner):
                return f"Nullable[{self._plain(inner, page)}]"
            case AnyOf(members=members):
                return f"{UNION}{', '.join(self._plain(member, page) for member in members)}]"
            case Ref():
                return self.link_name(type_, page) if page else self.named(type_)

    def sample(
        self, union: Union, type_: Type, tag: str, example: Callable[[], Code] | None
    ) -> str:
        title = self.places[union.id].title
        variable = lower_initials(title) if self.dialect.titles else "value"
        return f"{variable}: {self._plain(type_)} = /* values here */"
