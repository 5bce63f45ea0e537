"""What every notation is: how the pages of one language write types, and how those are read."""

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
from modelsync.schema.ir import (
    External,
    Field,
    Nullable,
    Ref,
    Scalar,
    ScalarName,
    Schema,
    Type,
    Union,
)
from modelsync.schema.type_expr import MAX_NESTING

ANYTHING: Final = ("any", "interface{}")
_TEXT: Final = reduce(
    lambda inner, _: rf"[^\[\]]*+(?:\[{inner}\][^\[\]]*+)*+", range(MAX_NESTING + 2), r"[^\[\]]*+"
)
"""The text of a link, with brackets in it that nest as deep as types do."""
_LINK: Final = re.compile(rf"\[(?P<text>{_TEXT})\]\((?P<link>[^()\s]*)\)")
# Up to the last folder that can be no package, then up to the first one called `models`. No part
# can match what the one behind it begins with.
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
"""What the file of a page is called, from its title: `lineitem`, `line-item` or `line_item`."""
_SHOWN: Final = re.compile(r"((?:\w+\.)*\w+)\.(\w+)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a definition has its page: the package that pages call it by, and its title there.

    `stem` is what its file is called, where that is not the title.
    """

    package: str
    title: str
    stem: str = ""

    @property
    def shown(self) -> str:
        """The name as types show it: `components.Money`."""
        return f"{self.package}.{self.title}"

    @property
    def path(self) -> str:
        """The page's path below the docs folder."""
        inside = "" if self.package == "models" else self.package.replace(".", "/") + "/"
        return f"models/{inside}{self.stem or self.title.lower()}.md"


@dataclass(frozen=True, slots=True)
class Dialect:
    """What all pages of a set show alike, and those of another set otherwise.

    `mark` stands around a type that is no link: an asterisk, or a backtick on newer pages of Go.
    `generic` is whether the code of TypeScript writes lists as `Array<T>`, and not as `T[]`.
    `above` are the folders above `models` that links name, such as `sdk`. `dates` is how a date is
    shown: `types`, `page` or `native`. `qualified` is whether links name the package of what they
    lead to, even if it is that of the page, and `generics` is `List` or `list`, as Python writes
    lists. `anything` is what Go calls a value of any type, and `wrapped` whether it has a type of
    its own for what may be both absent and null. `layout` is that of code in TypeScript.
    `titles` is whether a member of a union stands below its title, and not below its type, in
    Python, or in Go if it is a date, and `inline` whether a link to a union says its types in
    Python, and not its name.
    `declared_streams` is whether TypeScript declares one that is a stream of events.
    """

    mark: str = "*"
    generic: bool = False
    above: str = ""
    dates: str = "types"
    qualified: bool = True
    generics: str = "List"
    anything: str = "any"
    wrapped: bool = False
    layout: Layout = PLAIN
    titles: bool = False
    inline: bool = False
    declared_streams: bool = False

    def up(self, page: Place) -> str:
        """Return the way from `page` to the folder of the docs."""
        levels = page.path.count("/") + (self.above.count("/") + 1 if self.above else 0)
        return "../" * levels

    def link(self, page: Place, to: Place) -> str:
        """Return the link on `page` that leads to the page of `to`."""
        return self.up(page) + (f"{self.above}/" if self.above else "") + to.path


USUAL: Final = Dialect()
"""What most sets show."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a type cell says: the type, and whether null is a value of it.

    `nullable` is None where the notation does not tell.
    """

    type: Type
    nullable: bool | None


class References(Protocol):
    """Says what the names in type cells refer to."""

    @property
    def anything(self) -> Container[str]:
        """What Go may call a value of any type here: `any`, or `interface{}` on older pages."""

    def page(self, place: Place, link: str) -> Ref:
        """Return a reference to the definition that has its page at `place`.

        `link` is where it leads, empty where the notation shows no link.
        """

    def at(self, link: str) -> Ref | None:
        """Return a reference to the union whose page a link leads to that says its types.

        None where there is no such page, or the pages of the set say names.
        """

    def outside(self, text: str, link: str) -> Ref:
        """Return a reference to a type that has no page: `text` as shown, and where it leads."""


class NotThisNotation(Exception):
    """A type cell is not of this notation: `offset` is where in it, `expected` what should be."""

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
        """Read what is inside of a list, a map or a bracket: no deeper than specs can say it."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise NotThisNotation(self.at, f"at most {MAX_NESTING} types inside one another")
        yield
        self.depth -= 1

    def take(self, text: str) -> bool:
        """Whether `text` stands here; if so, it is passed."""
        found = self.text.startswith(text, self.at)
        self.at += len(text) if found else 0
        return found

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return what of `pattern` stands here, and pass it."""
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def need(self, text: str) -> None:
        """Pass `text`, which must stand here."""
        if not self.take(text):
            raise NotThisNotation(self.at, f"`{text}`")

    def link(self) -> tuple[str, str] | None:
        """Pass a link; return its text and where it leads."""
        found = self.match(_LINK)
        return (found["text"], found["link"]) if found else None

    def balanced(self, opening: str, closing: str) -> str:
        """Pass and return what stands here from one bracket to that which closes it."""
        start = self.at
        depth = 0
        for bracket in re.finditer(f"[{re.escape(opening + closing)}]", self.text[start:]):
            depth += 1 if bracket[0] == opening else -1
            if depth == 0:
                self.at = start + bracket.end()
                return self.text[start : self.at]
        raise NotThisNotation(start, f"`{closing}` for this one")

    def end(self) -> None:
        """Raise if there is more."""
        if self.at < len(self.text):
            raise NotThisNotation(self.at, "the end of the type")


def place_of(shown: str) -> Place | None:
    """Return the place that a name such as `components.Money` means."""
    found = _SHOWN.fullmatch(shown)
    return Place(found[1], found[2]) if found else None


def constant(literal: str) -> str | int | bool | None:
    """Return the value of a literal that is JSON, None where no spec can hold it."""
    try:
        value: str | int | bool = json.loads(literal)
    except ValueError:
        return None
    return None if isinstance(value, str) and HIDDEN.search(value) else value


def nullable(type_: Type) -> Type:
    """Return a type that may be null, itself where it may be already."""
    takes_null = isinstance(type_, Nullable) or type_ == Scalar("any")
    return type_ if takes_null else Nullable(type_)


def page_path(link: str) -> str:
    """Return the path below the docs of the page that a link leads to, empty if it is none."""
    found = _PAGE_LINK.fullmatch(link)
    return found["path"] if found else ""


def linked(refs: References, text: str, link: str) -> Ref:
    """Return what a link refers to: a page of the set, or something outside of it."""
    found = _PAGE_LINK.fullmatch(link)
    place = place_of(text)
    if found and place is None and _BARE_NAME.fullmatch(text):
        # Older pages leave the package to the link.
        place = Place(found["package"].strip("/").replace("/", ".") or "models", text)
    return refs.page(place, link) if found and place else refs.outside(text, link)


class Notation(ABC):
    """One language's way of writing; `places` says where each definition has its page."""

    name: ClassVar[str]
    fence: ClassVar[str]
    """What stands behind the three backticks of its code."""
    scalars: ClassVar[Mapping[ScalarName, str]]

    def __init__(
        self,
        schema: Schema,
        places: Mapping[str, Place],
        dialect: Dialect = USUAL,
    ) -> None:
        self.schema = schema
        self.places = places
        self.dialect = dialect

    @staticmethod
    @abstractmethod
    def field_name(wire: str) -> str:
        """Return a field's name; empty where the wire name gives none."""

    @classmethod
    def place(cls, package: str, title: str, files: str = "joined") -> Place:
        """Return where the page of a definition is, in a set whose `files` are called like this."""
        stem = cls.stem(FILES[files](title))
        return Place(package, title, "" if stem == title.lower() else stem)

    @staticmethod
    def stem(name: str) -> str:
        """Return what a file is called that should be called `name`."""
        return name

    @abstractmethod
    def type_cell(self, field: Field, page: Place) -> str:
        """Return the cell for a field's type in the table of `page`, not yet escaped."""

    @classmethod
    @abstractmethod
    def read_type_cell(cls, cell: str, required: bool, refs: References) -> Shown:
        """Return what a type cell says: the inverse of :meth:`type_cell`.

        Raises :class:`NotThisNotation`.
        """

    @abstractmethod
    def head(self, type_: Type) -> str:
        """Return the heading of a member on the page of a union."""

    def tags(self, union: Union, members: Sequence[Type]) -> tuple[str, ...]:
        """Return what code calls the members of a union; empty where it has no names for them."""
        del union
        return ("",) * len(members)

    @abstractmethod
    def sample(
        self, union: Union, type_: Type, tag: str, example: Callable[[], Code] | None
    ) -> str:
        """Return the code that shows a member of a union, which it calls `tag`.

        `example` makes a value, for the languages that show one.
        """

    @classmethod
    @abstractmethod
    def read_member(cls, head: str, code: str, refs: References) -> Type:
        """Return the type of a member: the inverse of :meth:`head` and :meth:`sample`.

        Raises :class:`NotThisNotation`, with an offset in `head`.
        """

    def shown_members(self, union: Union) -> tuple[Type, ...]:
        """Return the members that the page of a union shows."""
        words = union.pages.get(self.name)
        return union.members if words is None or words.members is None else words.members

    def external(self, ref: Ref) -> External | None:
        """Return how docs show what a reference leads to, if that is not of the specs."""
        definition = self.schema[ref]
        return definition.external if isinstance(definition, Union) else None

    def named(self, ref: Ref) -> str:
        """Return the name of a definition as types show it: `components.Money`."""
        external = self.external(ref)
        if external is not None:
            return external.shown.get(self.name, self.schema[ref].name)
        return self.places[ref.id].shown

    def link_name(self, ref: Ref, page: Place) -> str:
        """Return the name of a definition as links on `page` show it."""
        if self.dialect.qualified or self.external(ref):
            return self.named(ref)
        place = self.places[ref.id]
        return place.title if place.package == page.package else place.shown

    def reference(self, ref: Ref, page: Place, shown: str) -> str:
        """Return a reference to a definition: a link, or plain where it leads nowhere."""
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
    """Return a table of scalars turned round; of two that are shown alike, the wider one stays."""
    return {shown: scalar for scalar, shown in scalars.items()}
