"""The base of every notation, which writes and reads names and types for one language."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from typing import ClassVar, Final, Protocol

from modelsync.errors import HIDDEN
from modelsync.pages.code import PLAIN, Code, Layout
from modelsync.schema.definitions import External, Field, Union
from modelsync.schema.schema import Schema
from modelsync.schema.type_expr import MAX_NESTING
from modelsync.schema.types import TEXTS, Nullable, Ref, Scalar, ScalarName, Type

ANYTHING: Final = ("any", "interface{}")
_TEXT: Final = reduce(
    lambda inner, _: rf"[^\[\]]*+(?:\[{inner}\][^\[\]]*+)*+", range(MAX_NESTING + 2), r"[^\[\]]*+"
)
"""The text of a link, with brackets in it that nest as deep as types."""
_LINK: Final = re.compile(rf"\[(?P<text>{_TEXT})\]\((?P<link>[^()\s]*)\)")
# Up to the last folder that cannot be a package, then up to the first one called `models`. No part
# can match the start of the next part, so the pattern never backtracks.
_PAGE_LINK: Final = re.compile(
    r"(?:\.\./)++(?>(?:[\w-]+/)*\w*-[\w-]*/)?(?:(?!models/)\w+/)*+"
    r"(?P<path>models/(?P<package>(?:\w+/)*+)[\w-]+\.md)"
)
_BARE_NAME: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_INNER_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
FILES: Final[Mapping[str, Callable[[str], str]]] = {
    "joined": str.lower,
    "kebab": lambda title: _INNER_WORD.sub("-", title).lower(),
    "snake": lambda title: _INNER_WORD.sub("_", title).lower(),
}
"""The name of a page's file from its title: `lineitem`, `line-item` or `line_item`."""
_SHOWN: Final = re.compile(r"((?:\w+\.)*\w+)\.(\w+)")


@dataclass(frozen=True, slots=True)
class Place:
    """The place of the page of a definition."""

    package: str
    """The package that pages show."""
    title: str
    """The title of the page."""
    stem: str = ""
    """The name of its file, if it does not follow from the title; else empty."""

    @property
    def shown(self) -> str:
        """The name that types show: `components.Money`."""
        return f"{self.package}.{self.title}"

    @property
    def path(self) -> str:
        """The page's path below the docs folder."""
        inside = "" if self.package == "models" else self.package.replace(".", "/") + "/"
        return f"models/{inside}{self.stem or self.title.lower()}.md"


@dataclass(frozen=True, slots=True)
class Dialect:
    """The conventions that all pages of a set follow, and other sets may not."""

    mark: str = "*"
    """The mark around a type that is not a link: an asterisk, or a backtick on newer Go pages."""
    generic: bool = False
    """Whether code in TypeScript writes lists as `Array<T>` instead of `T[]`."""
    above: str = ""
    """The folders above `models` that links name, such as `sdk`."""
    dates: str = "types"
    """How a date is shown: `types`, `page` or `native`."""
    qualified: bool = True
    """Whether links name the package of their target even if it is that of the page."""
    generics: str = "List"
    """How Python writes lists: `List` or `list`."""
    anything: str = "any"
    """Go's name for a value of any type."""
    wrapped: bool = False
    """Whether Go has its own type for a field that may be absent or null."""
    layout: Layout = PLAIN
    """The layout of code in TypeScript."""
    titles: bool = False
    """Whether the heading of a member is its title, not its type: in Python, for dates in Go."""
    inline: bool = False
    """Whether a link to a union shows its types, not its name, in Python."""
    declared_streams: bool = False
    """Whether code in TypeScript declares a member that is a stream of events."""

    def up(self, page: Place) -> str:
        """Return the relative path from `page` to the folder of the docs."""
        levels = page.path.count("/") + (self.above.count("/") + 1 if self.above else 0)
        return "../" * levels

    def link(self, page: Place, to: Place) -> str:
        """Return the link on `page` that leads to the page of `to`."""
        return self.up(page) + (f"{self.above}/" if self.above else "") + to.path


DEFAULT_DIALECT: Final = Dialect()
"""The dialect of most sets."""


@dataclass(frozen=True, slots=True)
class CellType:
    """The content of a type cell."""

    type: Type
    nullable: bool | None
    """Whether null is a value; None if the notation does not show it."""


class References(Protocol):
    """Resolves the names in type cells."""

    @property
    def anything(self) -> Container[str]:
        """Go's name for a value of any type: `any`, or `interface{}` on older pages."""

    def page(self, place: Place, link: str) -> Ref:
        """Return a reference to the definition whose page is at `place`.

        `link` is the target of the link, empty if the notation shows no link.
        """

    def at(self, link: str) -> Ref | None:
        """Return a reference to the union that a link leads to, where links show the union's types.

        None if there is no such page, or if links show names.
        """

    def outside(self, text: str, link: str) -> Ref:
        """Return a reference to a type that has no page, from its text and its link."""


class NotThisNotation(Exception):
    """A type cell is not in this notation: `expected` is missing at `offset`."""

    def __init__(self, offset: int, expected: str) -> None:
        super().__init__(expected)
        self.offset = offset
        self.expected = expected


class Scanner:
    """Reads a cell from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Read the inside of a list, a map or a bracket, not deeper than specs allow."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise NotThisNotation(self.at, f"at most {MAX_NESTING} nested types")
        yield
        self.depth -= 1

    def take(self, text: str) -> bool:
        """Skip `text` if it is here; return whether it was."""
        is_here = self.text.startswith(text, self.at)
        self.at += len(text) if is_here else 0
        return is_here

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Skip what matches `pattern` here, and return the match."""
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def need(self, text: str) -> None:
        """Skip `text`, which must be here."""
        if not self.take(text):
            raise NotThisNotation(self.at, f"`{text}`")

    def link(self) -> tuple[str, str] | None:
        """Skip a link; return its text and its target."""
        match = self.match(_LINK)
        return (match["text"], match["link"]) if match else None

    def balanced(self, opening: str, closing: str) -> str:
        """Skip and return everything from the bracket here to the one that closes it."""
        start = self.at
        depth = 0
        for bracket in re.finditer(f"[{re.escape(opening + closing)}]", self.text[start:]):
            depth += 1 if bracket[0] == opening else -1
            if depth == 0:
                self.at = start + bracket.end()
                return self.text[start : self.at]
        raise NotThisNotation(start, f"`{closing}` for this one")

    def end(self) -> None:
        """Raise an error if there is more."""
        if self.at < len(self.text):
            raise NotThisNotation(self.at, "the end of the type")


def place_of(shown: str) -> Place | None:
    """Return the place that a name such as `components.Money` means, None for any other text."""
    match = _SHOWN.fullmatch(shown)
    return Place(match[1], match[2]) if match else None


def constant(literal: str) -> str | int | bool | None:
    """Return the value of a JSON literal, None if a spec cannot contain it."""
    try:
        value: str | int | bool = json.loads(literal)
    except ValueError:
        return None
    return None if isinstance(value, str) and HIDDEN.search(value) else value


def nullable(type_: Type) -> Type:
    """Return a type that may be null: the type itself if it already may."""
    takes_null = isinstance(type_, Nullable) or type_ == Scalar("any")
    return type_ if takes_null else Nullable(type_)


def page_path(link: str) -> str:
    """Return the path below the docs of the page that a link leads to, empty without a page."""
    match = _PAGE_LINK.fullmatch(link)
    return match["path"] if match else ""


def linked(refs: References, text: str, link: str) -> Ref:
    """Return the reference of a link: to a page of the set, or to something outside."""
    match = _PAGE_LINK.fullmatch(link)
    place = place_of(text)
    if match and place is None and _BARE_NAME.fullmatch(text):
        # On older pages, only the link shows the package.
        place = Place(match["package"].strip("/").replace("/", ".") or "models", text)
    return refs.page(place, link) if match and place else refs.outside(text, link)


class Notation(ABC):
    """Writes and reads names and types as the pages of one language do.

    `places` has the place of the page of each definition, by its id.
    """

    name: ClassVar[str]
    fence: ClassVar[str]
    """The language after the three backticks of its code."""
    scalars: ClassVar[Mapping[ScalarName, str]]
    """How scalars are shown. Others are shown as `string` or `int64` is."""

    def __init__(
        self,
        schema: Schema,
        places: Mapping[str, Place],
        dialect: Dialect = DEFAULT_DIALECT,
    ) -> None:
        self.schema = schema
        self.places = places
        self.dialect = dialect

    def scalar(self, name: ScalarName) -> str:
        """Return how a scalar is shown."""
        return self.scalars.get(name) or self.scalars["string" if name in TEXTS else "int64"]

    @staticmethod
    @abstractmethod
    def field_name(json_key: str) -> str:
        """Return the name of a field; empty if its JSON key gives none."""

    @classmethod
    def place(cls, package: str, title: str, files: str = "joined") -> Place:
        """Return where the page of a definition is, in a set with this style of file names."""
        stem = cls.stem(FILES[files](title))
        return Place(package, title, "" if stem == title.lower() else stem)

    @staticmethod
    def stem(name: str) -> str:
        """Return the name of a file: `name`, or the closest that the language allows."""
        return name

    @abstractmethod
    def type_cell(self, field: Field, page: Place) -> str:
        """Return the cell for the type of a field in the table of `page`, not escaped."""

    @classmethod
    @abstractmethod
    def read_type_cell(cls, cell: str, required: bool, refs: References) -> CellType:
        """Return the content of a type cell: the inverse of :meth:`type_cell`.

        Raises :class:`NotThisNotation`.
        """

    @abstractmethod
    def head(self, type_: Type) -> str:
        """Return the heading of a member on the page of a union."""

    def tags(self, union: Union, members: Sequence[Type]) -> tuple[str, ...]:
        """Return the names of the members of a union in code; empty if it does not name them."""
        del union
        return ("",) * len(members)

    @abstractmethod
    def sample(
        self, union: Union, type_: Type, tag: str, example: Callable[[], Code] | None
    ) -> str:
        """Return the code that shows a member of a union; `tag` is the name of the member.

        `example` returns a value, for the languages that show one.
        """

    @classmethod
    @abstractmethod
    def read_member(cls, head: str, code: str, refs: References) -> Type:
        """Return the type of a member: the inverse of :meth:`head` and :meth:`sample`.

        Raises :class:`NotThisNotation`, with an offset in `head`.
        """

    def shown_members(self, union: Union) -> tuple[Type, ...]:
        """Return the members that the page of a union shows."""
        page = union.pages.get(self.name)
        return union.members if page is None or page.members is None else page.members

    def external(self, ref: Ref) -> External | None:
        """Return how docs show an external type, None for a reference to any other definition."""
        definition = self.schema[ref]
        return definition.external if isinstance(definition, Union) else None

    def named(self, ref: Ref) -> str:
        """Return the name of a definition that types show: `components.Money`."""
        external = self.external(ref)
        if external is not None:
            return external.shown.get(self.name, self.schema[ref].name)
        return self.places[ref.id].shown

    def link_name(self, ref: Ref, page: Place) -> str:
        """Return the name of a definition that links on `page` show."""
        if self.dialect.qualified or self.external(ref):
            return self.named(ref)
        place = self.places[ref.id]
        return place.title if place.package == page.package else place.shown

    def reference(self, ref: Ref, page: Place, shown: str) -> str:
        """Return a reference to a definition: a link, or plain text if it has no target."""
        external = self.external(ref)
        if external is not None:
            link = external.links.get(self.name)
            mark = self.dialect.mark
            return f"[{shown}]({link})" if link else f"{mark}{shown}{mark}"
        return f"[{shown}]({self.dialect.link(page, self.places[ref.id])})"


def lower_initials(title: str) -> str:
    """`ToolName` -> `toolName`, `SSEEventStream` -> `sseEventStream`."""
    upper = len(title) - len(title.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    if upper > 1 and upper < len(title):
        upper -= 1
    return title[:upper].lower() + title[upper:]


def by_shown(scalars: Mapping[ScalarName, str]) -> dict[str, ScalarName]:
    """Return the scalar for each spelling; of two with the same spelling, the wider one."""
    return {shown: scalar for scalar, shown in scalars.items()}
