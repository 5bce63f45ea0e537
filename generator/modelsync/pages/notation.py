"""How the pages of one language write names and types.

    Go          **int64*   []*string*   [*components.Money](../../models/components/money.md)
    TypeScript  *number*   *string*[]   [models.Money](../models/money.md)   *models.Shape*
    Python      *Optional[int]*   List[*str*]   [models.Money](../models/money.md)

Asterisks stand for italics, so `**int64*` is an italic pointer.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from modelsync.ir import (
    AnyOf,
    Constant,
    Field,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
)
from modelsync.naming import INITIALISMS, camel, pascal, snake

_MDN: Final = "https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/"
_PYTHON_DATETIME: Final = "https://docs.python.org/3/library/datetime.html"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a definition has its page: the package that pages call it by, and its title there."""

    package: str
    title: str

    @property
    def shown(self) -> str:
        """The name as types show it: `components.Money`."""
        return f"{self.package}.{self.title}"

    @property
    def path(self) -> str:
        """The page's path below the docs folder."""
        inside = "" if self.package == "models" else self.package.replace(".", "/") + "/"
        return f"models/{inside}{self.title.lower()}.md"

    def link_from(self, page: Place) -> str:
        """Return the link on `page` to this definition's page."""
        return "../" * page.path.count("/") + self.path


class Notation(ABC):
    """One language's way of writing; `places` says where each definition has its page."""

    name: ClassVar[str]
    fence: ClassVar[str]
    """What stands behind the three backticks of its code."""
    scalars: ClassVar[Mapping[str, str]]

    def __init__(self, schema: Schema, places: Mapping[str, Place]) -> None:
        self.schema = schema
        self.places = places

    @staticmethod
    @abstractmethod
    def field_name(wire: str) -> str:
        """Return a field's name; empty where the wire name gives none."""

    @abstractmethod
    def type_cell(self, field: Field, page: Place) -> str:
        """Return the cell for a field's type in the table of `page`, not yet escaped."""

    @abstractmethod
    def head(self, type_: Type) -> str:
        """Return the heading of a member on the page of a union."""

    @abstractmethod
    def sample(self, union: Union, type_: Type, example: Callable[[], str]) -> str:
        """Return the line of code that shows a member of a union.

        `example` makes the text of a value, for the languages that show one.
        """

    def link(self, ref: Ref, page: Place, shown: str) -> str:
        """Return a link to the page of a definition."""
        return f"[{shown}]({self.places[ref.id].link_from(page)})"


class Go(Notation):
    """Go: a pointer is what may be absent or null, unless it is a list or a map."""

    name = "go"
    fence = "go"
    scalars: ClassVar = {
        "string": "string",
        "bool": "bool",
        "int32": "int",
        "int64": "int64",
        "float32": "float32",
        "float64": "float64",
        "bytes": "[]byte",
        "any": "any",
    }
    _links: ClassVar = {
        "datetime": ("time.Time", "https://pkg.go.dev/time#Time"),
        "date": ("types.Date", "https://pkg.go.dev/time#Time"),
    }

    @staticmethod
    def field_name(wire: str) -> str:
        return pascal(wire, INITIALISMS)

    def type_cell(self, field: Field, page: Place) -> str:
        pointer = not field.required or field.nullable
        return self._type(field.bare_type, page, pointer="*" if pointer else "")

    def _type(self, type_: Type, page: Place, pointer: str = "") -> str:
        match type_:
            case ListOf(item=item):
                return f"[]{self._type(item, page)}"
            case MapOf(value=value):
                return f"map[string]{self._type(value, page)}"
            case Nullable(inner=inner):
                return self._type(inner, page, "*")
            case Ref():
                return self.link(type_, page, pointer + self.places[type_.id].shown)
            case Scalar(name="datetime" | "date" as name):
                shown, link = self._links[name]
                return f"[{pointer}{shown}]({link})"
            case Scalar(name="any") | AnyOf():
                return "*any*"
            case _:
                return f"*{pointer}{self._plain(type_)}*"

    def _plain(self, type_: Type) -> str:
        match type_:
            case Scalar(name=name):
                return self._links[name][0] if name in self._links else self.scalars[name]
            case Constant(value=bool()):
                return "bool"
            case Constant(value=int()):
                return "int64"
            case Constant():
                return "string"
            case Ref():
                return self.places[type_.id].shown
            case ListOf(item=item):
                return f"[]{self._plain(item)}"
            case MapOf(value=value):
                return f"map[string]{self._plain(value)}"
            case Nullable(inner=inner):
                return f"*{self._plain(inner)}"
            case AnyOf():
                return "any"

    def head(self, type_: Type) -> str:
        return self.places[type_.id].title if isinstance(type_, Ref) else ""

    def sample(self, union: Union, type_: Type, example: Callable[[], str]) -> str:
        place = self.places[union.id]
        made = f"{place.package}.Create{place.title}{self._tag(union, type_)}"
        variable = _lower_initials(place.title)
        return f"{variable} := {made}({self._plain(type_)}{{/* values here */}})"

    def _tag(self, union: Union, type_: Type) -> str:
        match type_:
            case Ref(id=id_):
                values = [value for value, member in union.mapping if member == id_]
                return self.field_name(values[0]) if values else self.places[id_].title
            case ListOf(item=item):
                return f"ArrayOf{self._tag(union, item)}"
            case MapOf(value=value):
                return f"MapOf{self._tag(union, value)}"
            case Nullable(inner=inner):
                return self._tag(union, inner)
            case _:
                plain = self._plain(type_)
                return {"string": "Str", "int64": "Integer", "bool": "Boolean"}.get(
                    plain, pascal(plain)
                )


def _lower_initials(title: str) -> str:
    """`ToolName` -> `toolName`, `SSEEventStream` -> `sseEventStream`."""
    upper = len(title) - len(title.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    if upper > 1 and upper < len(title):
        upper -= 1
    return title[:upper].lower() + title[upper:]


class TypeScript(Notation):
    """TypeScript: says nothing of null, nor of whole numbers."""

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

    @staticmethod
    def field_name(wire: str) -> str:
        return camel(wire)

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
                if isinstance(self.schema[type_], Union):
                    return f"*{self.places[type_.id].shown}*"
                return self.link(type_, page, self.places[type_.id].shown)
            case Scalar(name="datetime"):
                return f"[Date]({_MDN}Date)"
            case Scalar(name="date"):
                return f"[RFCDate]({'../' * page.path.count('/')}types/rfcdate.md)"
            case _:
                return f"*{self.head(type_)}*"

    def head(self, type_: Type) -> str:
        match type_:
            case Scalar(name=name):
                return self.scalars[name]
            case Constant(value=value):
                return json.dumps(value, ensure_ascii=False)
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
            case Ref(id=id_):
                return self.places[id_].shown

    def sample(self, union: Union, type_: Type, example: Callable[[], str]) -> str:
        return f"const value: {self.head(type_)} = {example()};"


class Python(Notation):
    """Python: the wrapper of a scalar or a reference says whether it may be absent or null."""

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
    _wrappers: ClassVar = {
        (False, False): "",
        (False, True): "Nullable",
        (True, False): "Optional",
        (True, True): "OptionalNullable",
    }

    @staticmethod
    def field_name(wire: str) -> str:
        return snake(wire)

    def type_cell(self, field: Field, page: Place) -> str:
        wrapper = self._wrappers[not field.required, field.nullable]
        return self._type(field.bare_type, page, wrapper)

    def _type(self, type_: Type, page: Place, wrapper: str = "") -> str:
        def wrapped(text: str) -> str:
            return f"{wrapper}[{text}]" if wrapper else text

        match type_:
            case ListOf(item=item):
                return f"List[{self._type(item, page)}]"
            case MapOf(value=value):
                return f"Dict[str, {self._type(value, page)}]"
            case Nullable(inner=inner):
                return self._type(inner, page, "Nullable")
            case Ref():
                return self.link(type_, page, wrapped(self.places[type_.id].shown))
            case Scalar(name="datetime"):
                return f"[date]({_PYTHON_DATETIME}#date-objects)"
            case Scalar(name="date"):
                return f"[datetime]({_PYTHON_DATETIME}#datetime-objects)"
            case _:
                return f"*{wrapped(self.head(type_))}*"

    def head(self, type_: Type) -> str:
        match type_:
            case Scalar(name=name):
                return self.scalars[name]
            case Constant(value=bool(value)):
                return f"Literal[{value}]"
            case Constant(value=value):
                return f"Literal[{json.dumps(value, ensure_ascii=False)}]"
            case ListOf(item=item):
                return f"List[{self.head(item)}]"
            case MapOf(value=value):
                return f"Dict[str, {self.head(value)}]"
            case Nullable(inner=inner):
                return f"Nullable[{self.head(inner)}]"
            case AnyOf(members=members):
                return f"Union[{', '.join(self.head(member) for member in members)}]"
            case Ref(id=id_):
                return self.places[id_].shown

    def sample(self, union: Union, type_: Type, example: Callable[[], str]) -> str:
        return f"value: {self.head(type_)} = /* values here */"


NOTATIONS: Final[Mapping[str, type[Notation]]] = {
    notation.name: notation for notation in (Go, TypeScript, Python)
}
