"""Go: `**int64*`, `[]*string*`, `[*components.Money](../../models/components/money.md)`.

Asterisks, or backticks on newer pages, stand around a type: `**int64*` is a pointer in italics.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
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
    ScalarName,
    Type,
    Union,
)
from modelsync.naming import INITIALISMS, pascal
from modelsync.pages.code import Code
from modelsync.pages.notation.base import (
    Notation,
    NotThisNotation,
    Place,
    References,
    Scanner,
    Shown,
    by_shown,
    linked,
    nullable,
    place_of,
)

_SAMPLE: Final = re.compile(r"\w+ := [\w.]+\((.*)\{/\* values here \*/\}\)")
_TAGS: Final[Mapping[str, str]] = {
    "string": "Str",
    "bool": "Boolean",
    "int": "Integer",
    "int64": "Integer",
    "float64": "Number",
    "time.Time": "DateTime",
    "types.Date": "Date",
    "[]byte": "Bytes",
}
"""What the code of a union calls its members that have no name of their own."""


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
    _links: ClassVar[Mapping[ScalarName, tuple[str, str]]] = {
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
                own = "" if self.external(type_) else pointer
                return self.reference(type_, page, own + self.named(type_))
            case Scalar(name="datetime" | "date" as name):
                shown, link = self._links[name]
                return f"[{pointer}{shown}]({link})"
            case Scalar(name="any") | AnyOf():
                return f"{self.mark}any{self.mark}"
            case _:
                return f"{self.mark}{pointer}{self._plain(type_)}{self.mark}"

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
                return self.named(type_)
            case ListOf(item=item):
                return f"[]{self._plain(item)}"
            case MapOf(value=value):
                return f"map[string]{self._plain(value)}"
            case Nullable(inner=inner):
                return f"*{self._plain(inner)}"
            case AnyOf():
                return "any"

    @classmethod
    def read_type_cell(cls, cell: str, required: bool, refs: References) -> Shown:
        scanner = Scanner(cell)
        type_, pointer = cls._read(scanner, refs)
        scanner.end()
        if not isinstance(type_, Scalar | Ref) or type_ == Scalar("any"):
            return Shown(type_, None)
        # On an optional field, a pointer tells of the key and nothing of null.
        return Shown(type_, pointer if required or not pointer else None)

    @classmethod
    def _read(cls, scanner: Scanner, refs: References) -> tuple[Type, bool]:
        """Read a type, and whether it is a pointer."""
        if scanner.take("[]"):
            return ListOf(cls._read_inner(scanner, refs)), False
        if scanner.take("map[string]"):
            return MapOf(cls._read_inner(scanner, refs)), False
        link = scanner.link()
        if link is not None:
            text = link[0].removeprefix("*")
            pointer = text != link[0]
            for linked_scalar, (shown, target) in cls._links.items():
                if (text, link[1]) == (shown, target):
                    return Scalar(linked_scalar), pointer
            if place_of(text) is None or not link[1].endswith(".md"):
                return refs.outside(*link), False
            return linked(refs, text, link[1]), pointer
        rest = scanner.text[scanner.at :]
        # The closing mark is the last character: an asterisk inside is a pointer's.
        if len(rest) < 3 or rest[0] not in "*`" or rest[-1] != rest[0]:
            raise NotThisNotation(scanner.at, "a type of Go, such as `*string*`")
        scanner.at = len(scanner.text)
        text = rest[1:-1].removeprefix("*")
        scalar = by_shown(cls.scalars).get(text)
        if scalar:
            return Scalar(scalar), text != rest[1:-1]
        # Of an external type, the pointer is a part: interfaces have none.
        return refs.outside(rest[1:-1], ""), False

    @classmethod
    def _read_inner(cls, scanner: Scanner, refs: References) -> Type:
        with scanner.inside():
            type_, pointer = cls._read(scanner, refs)
        return nullable(type_) if pointer else type_

    @classmethod
    def read_member(cls, head: str, code: str, refs: References) -> Type:
        found = _SAMPLE.fullmatch(code)
        if found is None:
            raise NotThisNotation(0, "code such as `shape := components.CreateShapeCircle(...)`")
        try:
            return cls._read_plain(Scanner(found[1]), refs)
        except NotThisNotation as error:
            raise NotThisNotation(0, error.expected) from error

    @classmethod
    def _read_plain(cls, scanner: Scanner, refs: References) -> Type:
        """Read a type as code writes it."""
        rest = scanner.text[scanner.at :]
        scalar = _PLAIN.get(rest)
        if scalar:
            return Scalar(scalar)
        with scanner.inside():
            if scanner.take("[]"):
                return ListOf(cls._read_plain(scanner, refs))
            if scanner.take("map[string]"):
                return MapOf(cls._read_plain(scanner, refs))
            if scanner.take("*"):
                inner = cls._read_plain(scanner, refs)
                return nullable(inner)
        place = place_of(rest)
        return refs.page(place, "") if place else refs.outside(rest, "")

    def head(self, type_: Type) -> str:
        match type_:
            case Ref(id=id_) if not self.external(type_):
                return self.places[id_].title
            case Ref():
                return self.named(type_)
            case Scalar(name="datetime" | "date" as name):
                return self._links[name][0]
            case _:
                return ""

    def tags(self, union: Union, members: Sequence[Type]) -> tuple[str, ...]:
        words = union.pages.get(self.name)
        if words is not None and words.tags is not None and len(words.tags) == len(members):
            return words.tags
        return tuple(self._tag(union, member) for member in members)

    def sample(self, union: Union, type_: Type, tag: str, example: Callable[[], Code]) -> str:
        place = self.places[union.id]
        variable = _lower_initials(place.title)
        made = f"{place.package}.Create{place.title}{tag}"
        return f"{variable} := {made}({self._plain(type_)}{{/* values here */}})"

    def _tag(self, union: Union, type_: Type) -> str:
        match type_:
            case Ref(id=id_):
                if self.external(type_):
                    return pascal(self.named(type_))
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
                return _TAGS.get(plain) or pascal(plain)

    def discrimination(self, union: Union, tags: Sequence[str]) -> str:
        """Return what the page of a union tells of finding its member, by what it calls each."""
        place = self.places[union.id]
        variable = _lower_initials(place.title)
        taken = Place(place.package, f"{place.title}Type") in self.places.values()
        enum = f"{place.title}{'UnionType' if taken else 'Type'}"
        cases = "".join(
            f"\tcase {place.package}.{enum}{tag}:\n\t\t// {variable}.{tag} is populated\n"
            for tag in tags
        )
        return (
            "## Union Discrimination\n\n"
            "Use the `Type` field to determine which variant is active, then access the"
            " corresponding field:\n\n"
            f"```go\nswitch {variable}.Type {{\n{cases}}}\n```\n"
        )


_PLAIN: Final[Mapping[str, ScalarName]] = by_shown(Go.scalars) | {
    "time.Time": "datetime",
    "types.Date": "date",
}
"""What each scalar is in code."""


def _lower_initials(title: str) -> str:
    """`ToolName` -> `toolName`, `SSEEventStream` -> `sseEventStream`."""
    upper = len(title) - len(title.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    if upper > 1 and upper < len(title):
        upper -= 1
    return title[:upper].lower() + title[upper:]
