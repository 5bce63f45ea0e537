"""Go: `**int64*`, `[]*string*`, `[*components.Money](../../models/components/money.md)`.

Asterisks are around a type, or backticks on newer pages: `**int64*` is a pointer in italics.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final

from modelsync.naming import INITIALISMS, pascal
from modelsync.pages.code import Code
from modelsync.pages.notation.base import (
    ANYTHING,
    CellType,
    Notation,
    NotThisNotation,
    Place,
    References,
    Scanner,
    by_shown,
    linked,
    lower_initials,
    nullable,
    place_of,
)
from modelsync.schema.definitions import Field, Union, tag_text
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

_WRAPPER: Final = "optionalnullable.OptionalNullable"
_TIME: Final = "https://pkg.go.dev/time#Time"
_DATE_PAGE: Final = "types/date.md"
OPEN_UNION: Final = "\tdefault:\n"
"""The code of a union that keeps values of no member."""
_NAME: Final = re.compile(r"[\w.]+")
_SAMPLE: Final = re.compile(r"\w+ := [\w.]+\((.*)\{/\* values here \*/\}\)")
_ZERO: Final = re.compile(r"\w+ := [\w.]+\((.+)\)")
"""A member in the code of a union with one generic constructor: a zero value shows its type."""
_TYPED: Final = re.compile(r'([\w.]+)(?:\((?:0|"")\)|\{\})')
"""A zero value that names its type."""
_ZEROS: Final[Mapping[str, str]] = {
    '""': "string",
    "false": "bool",
    "0": "int",
    "big.NewInt(0)": "*big.Int",
    "new(decimal.Big).SetFloat64(0.0)": "*decimal.Big",
}
"""The type of each zero value that does not name its type."""
_TAGS: Final[Mapping[str, str]] = {
    "string": "Str",
    "bool": "Boolean",
    "int": "Integer",
    "int64": "Integer",
    "float64": "Number",
    "time.Time": "DateTime",
    "types.Date": "Date",
    "[]byte": "Bytes",
    "interface{}": "Any",
}
"""The names of members without a name in the code of a union."""


class Go(Notation):
    """Go: a pointer may be absent or null, and so may a list, a map or bytes."""

    name = "go"
    fence = "go"
    scalars: ClassVar = {
        "string": "string",
        "bool": "bool",
        "int32": "int",
        "int64": "int64",
        "uint32": "uint32",
        "uint64": "uint64",
        "float32": "float32",
        "float64": "float64",
        "bytes": "[]byte",
        "any": "any",
    }
    _dates: ClassVar[Mapping[ScalarName, str]] = {"datetime": "time.Time", "date": "types.Date"}

    @staticmethod
    def field_name(json_key: str) -> str:
        return pascal(json_key, INITIALISMS)

    def type_cell(self, field: Field, page: Place) -> str:
        if self.dialect.wrapped and field.nullable and not field.required:
            return f"{_WRAPPER}[{self._type(field.bare_type, page)}]"
        pointer = not field.required or field.nullable
        return self._type(field.bare_type, page, pointer="*" if pointer else "")

    def _type(self, type_: Type, page: Place, pointer: str = "") -> str:
        mark = self.dialect.mark
        match type_:
            case ListOf(item=item):
                return f"[]{self._type(item, page)}"
            case MapOf(value=value):
                return f"map[string]{self._type(value, page)}"
            case Nullable(inner=inner):
                return self._type(inner, page, "*")
            case Ref():
                own = pointer if self._has_own_pointer(type_) else ""
                return self.reference(type_, page, own + self.link_name(type_, page))
            case Scalar(name="datetime" | "date" as name):
                has_page = name == "date" and self.dialect.dates == "page"
                link = f"{self.dialect.up(page)}{_DATE_PAGE}" if has_page else _TIME
                return f"[{pointer}{self._dates[name]}]({link})"
            case Scalar(name="any") | AnyOf():
                return f"{mark}{self.dialect.anything}{mark}"
            case Scalar(name="bytes"):
                return f"{mark}{self._plain(type_)}{mark}"
            case _:
                return f"{mark}{pointer}{self._plain(type_)}{mark}"

    def _has_own_pointer(self, ref: Ref) -> bool:
        """Return whether the pointer to a type is not part of its name: see :meth:`_read`."""
        external = self.external(ref)
        return external is None or _is_page(self.named(ref), external.links.get(self.name, ""))

    def _plain(self, type_: Type) -> str:
        match type_:
            case Limited(inner=inner):
                return self._plain(inner)
            case Scalar(name="any") | AnyOf():
                return self.dialect.anything
            case Scalar(name=name):
                return self._dates.get(name) or self.scalar(name)
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

    @classmethod
    def read_type_cell(cls, cell: str, required: bool, refs: References) -> CellType:
        if cell.startswith(f"{_WRAPPER}["):
            return cls._read_wrapped(cell, refs)
        scanner = Scanner(cell)
        type_, pointer = cls._read(scanner, refs)
        scanner.end()
        if not isinstance(type_, Scalar | Ref) or type_ in _POINTERLESS:
            return CellType(type_, None)
        # On an optional field, a pointer is for an absent key, and says nothing about null.
        return CellType(type_, pointer if required or not pointer else None)

    @classmethod
    def _read_wrapped(cls, cell: str, refs: References) -> CellType:
        """Read the type of a field that may be absent or null."""
        if cell[-1] != "]":
            raise NotThisNotation(len(cell) - 1, "`]`")
        scanner = Scanner(cell[:-1])
        scanner.at = len(_WRAPPER) + 1
        type_, _ = cls._read(scanner, refs)
        scanner.end()
        return CellType(type_, True)

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
            for date, spelling in cls._dates.items():
                has_page = date == "date" and link[1].endswith(f"/{_DATE_PAGE}")
                if text == spelling and (link[1] == _TIME or has_page):
                    return Scalar(date), pointer
            if not _is_page(text, link[1]):
                return refs.outside(*link), False
            return linked(refs, text, link[1]), pointer
        rest = scanner.text[scanner.at :]
        # The closing mark is the last character: an asterisk inside is a pointer's.
        if len(rest) < 3 or rest[0] not in "*`" or rest[-1] != rest[0]:
            raise NotThisNotation(scanner.at, "a type of Go, such as `*string*`")
        scanner.at = len(scanner.text)
        text = rest[1:-1].removeprefix("*")
        scalar = _scalar(text, _SCALARS, refs)
        if scalar:
            return Scalar(scalar), text != rest[1:-1]
        # The pointer is part of an external type, since an interface has none.
        return refs.outside(rest[1:-1], ""), False

    @classmethod
    def _read_inner(cls, scanner: Scanner, refs: References) -> Type:
        with scanner.inside():
            type_, pointer = cls._read(scanner, refs)
        return nullable(type_) if pointer else type_

    @classmethod
    def read_member(cls, head: str, code: str, refs: References) -> Type:
        plain = _type_in(code)
        if plain is None:
            raise NotThisNotation(0, "code such as `shape := components.CreateShapeCircle(...)`")
        try:
            return cls._read_plain(Scanner(plain), refs)
        except NotThisNotation as error:
            raise NotThisNotation(0, error.expected) from error

    @classmethod
    def _read_plain(cls, scanner: Scanner, refs: References) -> Type:
        """Read a type that code shows."""
        rest = scanner.text[scanner.at :]
        scalar = _scalar(rest, _PLAIN, refs)
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
            case Limited(inner=inner):
                return self.head(inner)
            case Ref(id=id_) if not self.external(type_):
                return self.places[id_].title
            case Ref():
                return self.named(type_)
            case Scalar(name="datetime" | "date" as name) if not self.dialect.titles:
                return self._dates[name]
            case _:
                return ""

    def tags(self, union: Union, members: Sequence[Type]) -> tuple[str, ...]:
        page = union.pages.get(self.name)
        if page is not None and page.tags is not None and len(page.tags) == len(members):
            return page.tags
        return tuple(self._tag(union, member) for member in members)

    def sample(
        self, union: Union, type_: Type, tag: str, example: Callable[[], Code] | None
    ) -> str:
        place = self.places[union.id]
        variable = lower_initials(place.title)
        constructor = f"{place.package}.Create{place.title}{tag}"
        return f"{variable} := {constructor}({self._plain(type_)}{{/* values here */}})"

    def _tag(self, union: Union, type_: Type) -> str:
        match type_:
            case Ref(id=id_):
                if self.external(type_):
                    return pascal(self.named(type_))
                is_union = isinstance(self.schema.by_id[id_], Union)
                values = () if is_union else union.tags.get(id_)
                return self.field_name(tag_text(values[0])) if values else self.places[id_].title
            case ListOf(item=item):
                return f"ArrayOf{self._tag(union, item)}"
            case MapOf(value=value):
                return f"MapOf{self._tag(union, value)}"
            case Nullable(inner=inner):
                return self._tag(union, inner)
            case _:
                plain = self._plain(type_)
                return _TAGS.get(plain) or pascal(plain)

    def _variant(self, type_: Type, tag: str) -> str:
        """Return the field of a union that holds a member: named after its type, if possible."""
        is_definition = isinstance(type_, Ref) and not self.external(type_)
        return self.head(type_) if is_definition else tag

    def discrimination(
        self, union: Union, members: Sequence[Type], tags: Sequence[str], is_open: bool
    ) -> str:
        """Return how the page of a union explains finding its member; `tags` name the members.

        An open union keeps values of no member.
        """
        place = self.places[union.id]
        variable = lower_initials(place.title)
        taken = Place(place.package, f"{place.title}Type") in self.places.values()
        enum = f"{place.title}{'UnionType' if taken else 'Type'}"
        cases = "".join(
            f"\tcase {place.package}.{enum}{tag}:\n"
            f"\t\t// {variable}.{self._variant(member, tag)} is populated\n"
            for member, tag in zip(members, tags, strict=True)
        )
        if is_open:
            raw = f"{variable}.GetUnknownRaw()"
            cases += f"{OPEN_UNION}\t\t// Unknown type - use {raw} for raw JSON\n"
        return (
            "## Union Discrimination\n\n"
            "Use the `Type` field to determine which variant is active, then access the"
            " corresponding field:\n\n"
            f"```go\nswitch {variable}.Type {{\n{cases}}}\n```\n"
        )


_SCALARS: Final[Mapping[str, ScalarName]] = by_shown(Go.scalars) | dict.fromkeys(ANYTHING, "any")
"""The type of each scalar in tables."""
_POINTERLESS: Final = (Scalar("any"), Scalar("bytes"))
"""The scalars that may be null without a pointer."""
_PLAIN: Final[Mapping[str, ScalarName]] = {
    **_SCALARS,
    "time.Time": "datetime",
    "types.Date": "date",
}
"""The type of each scalar in code."""


def _scalar(text: str, scalars: Mapping[str, ScalarName], refs: References) -> ScalarName | None:
    """Return the scalar that a text means; `any` only if this dialect calls it so."""
    scalar = scalars.get(text)
    return None if scalar == "any" and text not in refs.anything else scalar


def _type_in(code: str) -> str | None:
    """Return the type of a member that the code of its union shows, if it does."""
    if sample := _SAMPLE.fullmatch(code):
        return sample[1]
    zero = _ZERO.fullmatch(code)
    if zero is None:
        return None
    typed = _TYPED.fullmatch(zero[1])
    return _ZEROS.get(zero[1]) or (typed and typed[1])


def _is_page(text: str, link: str) -> bool:
    """Return whether a link looks like a link to the page of a definition."""
    return bool(_NAME.fullmatch(text)) and link.endswith(".md")
