"""Markdown: a page per definition, as the docs of SDKs show models, in one language's notation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import ClassVar, Final

from modelsync.errors import Position, Problem
from modelsync.ir import (
    Definition,
    Enum,
    EnumValue,
    Field,
    Model,
    Names,
    Object,
    Schema,
    Type,
    Union,
    Value,
)
from modelsync.naming import INITIALISMS, pascal
from modelsync.pages.example import Example
from modelsync.pages.notation import NOTATIONS, Place
from modelsync.pages.table import escape, table
from modelsync.targets.base import (
    Code,
    File,
    Option,
    Settings,
    Target,
    member_places,
    with_origins,
)
from modelsync.wire import to_json

_BANNER: Final = (
    "> :warning: **DEPRECATED**: This will be removed in a future release, please migrate away"
    " from it as soon as possible."
)
_DEPRECATED_CELL: Final = (
    ": warning: ** DEPRECATED **: This will be removed in a future release, please migrate away"
    " from it as soon as possible."
)
_OPEN_VALUES: Final = "This is an open enum. Unrecognized values will not fail type checks."
_REQUIRED: Final = ":heavy_check_mark:"
_OPTIONAL: Final = ":heavy_minus_sign:"


class MarkdownTarget(Target):
    """Pages in the notation of Go, TypeScript or Python, and an index page for each package."""

    name = "markdown"
    options = (
        Option(
            "notation",
            "The language in which names and types are shown.",
            choices=tuple(sorted(NOTATIONS)),
        ),
        Option(
            "sdk",
            "The package that the examples import from.",
            default="sdk",
            pattern=re.compile(r"(@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._/-]*"),
            hint="the name of an npm package, such as @acme/sdk",
        ),
        Option(
            "pages",
            "Spec package -> the package that pages show it as; `models` is the top one."
            " Default: its own name.",
            kind="names",
            default={},
        ),
    )
    filters: ClassVar = {"text": Code, "cell": lambda text: Code(escape(text))}
    # A page shows names; nothing has to compile.
    identifier: ClassVar[re.Pattern[str]] = re.compile(r"[^\n]*")

    def __init__(self, schema: Schema, settings: Settings) -> None:
        self.notation_name = settings.text("notation")
        super().__init__(schema, settings)
        self.places = {
            definition.id: Place(
                self._shown_package(definition.package), self.definition_names[definition.id]
            )
            for definition in schema.definitions
        }
        self.notation = NOTATIONS[self.notation_name](schema, self.places)
        self.example = Example(schema, self.field_names, settings.text("sdk"))

    def _shown_package(self, package: str) -> str:
        return self.settings.names("pages").get(package) or package or "models"

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        for package, shown in self.settings.names("pages").items():
            if package not in self.schema.packages:
                yield Problem(
                    self.settings.where("pages"), "MS077", f'there is no package "{package}"'
                )
            if not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*", shown):
                yield Problem(
                    self.settings.where("pages"),
                    "MS074",
                    f'"{shown}" cannot be a package of pages',
                    help="a lower-case letter, then lower-case letters, digits and _",
                )

    # Names ------------------------------------------------------------------------------------

    @property
    def language(self) -> str:
        # A page calls things as the code of its language does.
        return self.notation_name

    def given_name(self, names: Names) -> str | None:
        return names.get(self.name) or super().given_name(names)

    def definition_identifier(self, name: str) -> str:
        return name

    def field_identifier(self, wire: str) -> str:
        return NOTATIONS[self.notation_name].field_name(wire) or wire

    def value_identifier(self, enum: str, wire: str) -> str:
        return enum + (pascal(wire, INITIALISMS) or wire)

    # Pages ------------------------------------------------------------------------------------

    def files(self) -> Iterator[File]:
        pages: dict[str, list[Definition]] = {}
        for definition in self.schema.definitions:
            place = self.places[definition.id]
            pages.setdefault(place.package, []).append(definition)
            if isinstance(definition, Union):
                template, view = "union.md", self._union_view(definition)
            else:
                template, view = "page.md", self._page_view(definition, place)
            yield File(place.path, template, self._top(definition, place) | view, (definition,))
        for package, definitions in sorted(pages.items()):
            yield self._index(package, definitions)

    def _top(self, definition: Definition, place: Place) -> dict[str, object]:
        """Return what every page begins with."""
        parts = [definition.description]
        title = place.title
        if definition.deprecated is not None:
            title = f"~~{title}~~"
            parts.append(_BANNER)
        return {
            "title": Code(title),
            "description": Code("\n\n".join(part for part in parts if part)),
            "fence": Code(self.notation.fence),
        }

    def _page_view(self, definition: Model | Enum, place: Place) -> dict[str, object]:
        has_usage = self.notation_name == "typescript"
        view: dict[str, object] = {
            "usage": Code(self.example.usage(definition, place)) if has_usage else None
        }
        if isinstance(definition, Model):
            return view | {"heading": Code("Fields"), "content": self._fields(definition, place)}
        return view | {"heading": Code("Values"), "content": self._values(definition)}

    def _fields(self, model: Model, page: Place) -> Code:
        with_examples = any(field.examples for field in model.fields)
        headers = ["Field", "Type", "Required", "Description"]
        rows = []
        for field in model.fields:
            name = f"`{self.field_names[model.id, field.wire]}`"
            row = [
                name if field.deprecated is None else f"~~{name}~~",
                self.notation.type_cell(field, page),
                _REQUIRED if field.required else _OPTIONAL,
                _description_cell(field),
            ]
            rows.append([*row, _examples_cell(field.examples)] if with_examples else row)
        text = table([*headers, "Example"] if with_examples else headers, rows)
        return _lines(text, [field.position for field in model.fields])

    def _values(self, enum: Enum) -> Code:
        """Return the values of an enum as the pages of its language list them."""
        literals = [_json(value.wire) for value in enum.values]
        places = [value.position for value in enum.values]
        match self.notation_name:
            case "go":
                rows = [[self._go_value(enum, value), str(value.wire)] for value in enum.values]
                return _lines(table(["Name", "Value"], rows), places)
            case "typescript":
                rest = " | Unrecognized<string>" if enum.type == "string" else ""
                rest = rest or " | Unrecognized<number>"
                listed = " | ".join(literals) + (rest if enum.open else "")
                return Code(f"```typescript\n{listed}\n```")
            case _:
                listed = "\n".join(f"- `{text}`" for text in literals)
                head = f"{_OPEN_VALUES}\n\n" if enum.open else ""
                return _lines(f"{head}{listed}\n", [*places, None])

    def _go_value(self, enum: Enum, value: EnumValue) -> str:
        return f"`{self.value_names[enum.id, value.wire]}`"

    def _union_view(self, union: Union) -> dict[str, object]:
        tick = "" if self.notation_name == "go" else "`"
        return {
            "members": tuple(
                {
                    "position": place,
                    "head": Code(f"{tick}{self.notation.head(member)}{tick}"),
                    "sample": Code(
                        self.notation.sample(union, member, partial(self._shown, member))
                    ),
                }
                for member, place in zip(union.members, member_places(union), strict=True)
            )
        }

    def _shown(self, type_: Type) -> str:
        return self.example.value(type_, self.example.stand_in(type_))

    def _index(self, package: str, definitions: list[Definition]) -> File:
        """Return the page that lists a package, for people who browse."""
        places = [(self.places[definition.id], definition) for definition in definitions]
        places.sort(key=lambda each: each[0].title)
        folder = places[0][0].path.rpartition("/")[0]
        rows = [
            [
                f"[{place.title}]({place.path.rpartition('/')[2]})",
                type(definition).__name__.lower(),
                definition.description.partition("\n")[0],
            ]
            for place, definition in places
        ]
        text = table(["Name", "Kind", "Description"], rows)
        view = {
            "package": Code(package),
            "content": _lines(text, [definition.position for _, definition in places]),
        }
        return File(f"{folder}/README.md", "index.md", view, tuple(definitions))


def _lines(text: str, places: Sequence[Position | None]) -> Code:
    """Return a text whose last lines come from `places`, one each."""
    head = [None] * (text.count("\n") + 1 - len(places))
    return with_origins(Code(text), (*head, *places))


def _description_cell(field: Field) -> str:
    if field.deprecated is None:
        return field.description or "N/A"
    return "\n\n".join(part for part in (_DEPRECATED_CELL, field.description) if part)


def _examples_cell(examples: tuple[Value, ...]) -> str:
    if len(examples) == 1:
        return _example_text(examples[0])
    # Here the pages have the tag itself and not a line feed, which counts in the width.
    return "<br/>".join(
        f"**Example {number}:** {_example_text(value)}"
        for number, value in enumerate(examples, start=1)
    )


def _example_text(value: Value) -> str:
    match value:
        case str():
            return value
        case tuple() | Object():
            lines = json.dumps(to_json(value), ensure_ascii=False, indent=2).split("\n")
            return "\n".join(line.strip() for line in lines)
        case _:
            return _json(value)


def _json(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)


TARGET = MarkdownTarget
