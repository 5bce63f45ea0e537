"""TypeScript: `*number*`, `*string*[]`, `[models.Money](../models/money.md)`, `*models.Shape*`.

A reference to a union is not a link.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from modelsync.naming import camel
from modelsync.pages.code import Code
from modelsync.pages.code_layout import declaration
from modelsync.pages.notation.base import (
    CellType,
    Notation,
    NotThisNotation,
    Place,
    References,
    Scanner,
    constant,
    linked,
    place_of,
)
from modelsync.schema.definitions import Field, Union
from modelsync.schema.type_expr import MAX_NESTING
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

_MDN: Final = "https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/"
_DATE_PAGE: Final = "types/rfcdate.md"
_STRING: Final = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_ITALIC: Final = re.compile(rf"\*({_STRING}|[^*]+)\*")
_HEAD_WORD: Final = re.compile(rf"{_STRING}|-?[0-9][0-9.e+-]*|[\w.]+")
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_SCALARS: Final[Mapping[str, ScalarName]] = {
    "string": "string",
    "boolean": "bool",
    "number": "float64",
    "any": "any",
    "Uint8Array": "bytes",
}
"""What a word means; a `number` may be an integer, which pages do not show."""


class TypeScript(Notation):
    """TypeScript: shows neither null nor whether numbers are integers."""

    name = "typescript"
    fence = "typescript"
    scalars: ClassVar = {
        "string": "string",
        "bool": "boolean",
        "int32": "number",
        "int64": "number",
        "float32": "number",
        "float64": "number",
        "datetime": "Date",
        "date": "RFCDate",
        "bytes": "Uint8Array",
        "any": "any",
    }

    _dates: ClassVar[Mapping[str, Type]] = {
        "Date": Scalar("datetime"),
        "RFCDate": Scalar("date"),
    }

    @staticmethod
    def field_name(json_key: str) -> str:
        return camel(json_key)

    def type_cell(self, field: Field, page: Place) -> str:
        return self._type(field.type, page)

    def _type(self, type_: Type, page: Place) -> str:
        match type_:
            case ListOf(item=item):
                return f"{self._type(item, page)}[]"
            case MapOf(value=value):
                return f"Record<string, {self._type(value, page)}>"
            case Nullable(inner=inner):
                return self._type(inner, page)
            case AnyOf(members=members):
                return " | ".join(self._type(member, page) for member in members)
            case Ref():
                if isinstance(self.schema[type_], Union) and not self.external(type_):
                    return f"*{self.named(type_)}*"
                return self.reference(type_, page, self.link_name(type_, page))
            case Scalar(name="datetime"):
                return f"[Date]({_MDN}Date)"
            case Scalar(name="date"):
                return f"[{self.head(type_)}]({self.dialect.up(page)}{_DATE_PAGE})"
            case _:
                return f"*{self.head(type_)}*"

    @classmethod
    def read_type_cell(cls, cell: str, required: bool, refs: References) -> CellType:
        scanner = Scanner(cell)
        type_ = cls._read(scanner, refs)
        scanner.end()
        return CellType(type_, None)

    @classmethod
    def _read(cls, scanner: Scanner, refs: References) -> Type:
        members = [cls._read_one(scanner, refs)]
        while scanner.take(" | "):
            members.append(cls._read_one(scanner, refs))
        return _any_of(members)

    @classmethod
    def _read_one(cls, scanner: Scanner, refs: References) -> Type:
        if scanner.take("Record<string, "):
            with scanner.inside():
                type_: Type = MapOf(cls._read(scanner, refs))
            scanner.need(">")
        elif (link := scanner.link()) is not None:
            type_ = cls._date(*link) or linked(refs, *link)
        elif word := scanner.match(_ITALIC):
            type_ = cls._word(word[1], refs)
        else:
            raise NotThisNotation(scanner.at, "a type of TypeScript, such as `*string*`")
        return _lists(scanner, type_)

    @classmethod
    def _date(cls, text: str, link: str) -> Type | None:
        """Return the date or datetime that a link means, None for any other link."""
        if text in cls._dates and link.endswith(f"/{_DATE_PAGE}"):
            return Scalar("date")
        return Scalar("datetime") if (text, link) == ("Date", f"{_MDN}Date") else None

    @classmethod
    def _word(cls, text: str, refs: References) -> Type:
        scalar = _SCALARS.get(text)
        if scalar:
            return Scalar(scalar)
        if text[0] == '"' or text in ("true", "false") or _INTEGER.fullmatch(text):
            value = constant(text)
            return refs.outside(text, "") if value is None else Constant(value)
        place = place_of(text)
        return refs.page(place, "") if place else refs.outside(text, "")

    @classmethod
    def read_member(cls, head: str, code: str, refs: References) -> Type:
        del code
        scanner = Scanner(head.removeprefix("`").removesuffix("`"))
        type_ = cls._read_head(scanner, refs)
        scanner.end()
        return type_

    @classmethod
    def _read_head(cls, scanner: Scanner, refs: References) -> Type:
        members = [cls._read_head_one(scanner, refs)]
        while scanner.take(" | "):
            members.append(cls._read_head_one(scanner, refs))
        return _any_of(members)

    @classmethod
    def _read_head_one(cls, scanner: Scanner, refs: References) -> Type:
        for opening, closing, made in _BRACKETS:
            if scanner.take(opening):
                with scanner.inside():
                    type_ = made(cls._read_head(scanner, refs))
                scanner.need(closing)
                return _lists(scanner, type_)
        word = scanner.match(_HEAD_WORD)
        if word is None:
            raise NotThisNotation(scanner.at, "a type of TypeScript, such as `string`")
        text = word[0]
        if scanner.text.startswith("<", scanner.at):
            # Other types with parameters are external.
            return refs.outside(text + scanner.balanced("<", ">"), "")
        return _lists(scanner, cls._dates.get(text) or cls._word(text, refs))

    def head(self, type_: Type) -> str:
        match type_:
            case Limited(inner=inner):
                return self.head(inner)
            case Scalar(name="date") if self.dialect.dates == "native":
                return "Date"
            case Scalar(name=name):
                return self.scalar(name)
            case Constant(value=value):
                return json.dumps(value, ensure_ascii=False)
            case ListOf(item=item) if self.dialect.generic:
                return f"Array<{self.head(item)}>"
            case ListOf(item=AnyOf() as item):
                return f"({self.head(item)})[]"
            case ListOf(item=item):
                return f"{self.head(item)}[]"
            case MapOf(value=value):
                return f"{{ [k: string]: {self.head(value)} }}"
            case Nullable(inner=inner):
                return self.head(inner)
            case AnyOf(members=members):
                return " | ".join(self.head(member) for member in members)
            case Ref():
                return self.named(type_)

    def sample(
        self, union: Union, type_: Type, tag: str, example: Callable[[], Code] | None
    ) -> str:
        head = self.head(type_)
        if example is None:
            return f"const value: {head} = /* values here */"
        if head.startswith("EventStream<"):
            return f"const value: {head} = ;" if self.dialect.declared_streams else ""
        return declaration("const", head, example(), self.dialect.layout)


_BRACKETS: Final[tuple[tuple[str, str, Callable[[Type], Type]], ...]] = (
    ("{ [k: string]: ", " }", MapOf),
    ("Array<", ">", ListOf),
    ("(", ")", lambda type_: type_),
)
"""The text around a type in code, and the type that it forms."""


def _any_of(members: list[Type]) -> Type:
    """Return a union of some types without duplicates; a single type is returned itself."""
    different = tuple(dict.fromkeys(members))
    return AnyOf(different) if len(different) > 1 else different[0]


def _lists(scanner: Scanner, type_: Type) -> Type:
    """Return the list type for the `[]` that follow a type."""
    depth = 0
    while scanner.take("[]"):
        type_ = ListOf(type_)
        depth += 1
        if scanner.depth + depth > MAX_NESTING:
            raise NotThisNotation(scanner.at, f"at most {MAX_NESTING} nested types")
    return type_
