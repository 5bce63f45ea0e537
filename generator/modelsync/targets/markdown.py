"""Markdown: a page per definition, as the docs of SDKs show models, in one language's notation.

The page of a definition is made as parts (:class:`~modelsync.pages.page.Page`), which `transcribe`
reads from real pages, and which the templates place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from typing import ClassVar, Final

from modelsync.errors import Position, Problem
from modelsync.ir import (
    Definition,
    Enum,
    EnumValue,
    Field,
    FieldPage,
    Model,
    Nullable,
    Schema,
    Type,
    Union,
    Value,
)
from modelsync.naming import INITIALISMS, constant, pascal
from modelsync.pages.code import Code as ExampleCode
from modelsync.pages.example import Example, ShownNames, example_text
from modelsync.pages.notation import NOTATIONS, Place
from modelsync.pages.notation.go import Go
from modelsync.pages.page import (
    Fields,
    Member,
    Members,
    Page,
    Row,
    Values,
    fields_table,
    shown_description,
    values_text,
)
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

_MODULE: Final = re.compile(r"(@[a-z0-9][a-z0-9._-]*/)?[A-Za-z0-9][A-Za-z0-9._/-]*")


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
            pattern=_MODULE,
            hint="the name of a package, such as @acme/sdk or github.com/acme/sdk",
        ),
        Option(
            "pages",
            "Spec package -> the package that pages show it as; `models` is the top one."
            " Default: its own name.",
            kind="names",
            default={},
        ),
        Option(
            "folder",
            "The folder below `out` that links do not name, such as docs.",
            default="",
            pattern=re.compile(r"([A-Za-z0-9_][\w.-]*(/[A-Za-z0-9_][\w.-]*)*)?", re.ASCII),
            hint="a relative path, such as docs",
        ),
        Option(
            "index",
            "Whether each package has a README.md that lists it.",
            kind="flag",
            default=True,
        ),
        Option(
            "types",
            "How types stand in tables: in italics, or as code on the newer pages of Go.",
            default="italics",
            choices=("italics", "code"),
        ),
        Option(
            "enums",
            "How pages list an enum in Python and TypeScript: its values, or a table with names.",
            default="values",
            choices=("values", "names"),
        ),
        Option(
            "usage",
            "Whether the pages of enums have an example in Go and Python, as in TypeScript.",
            kind="flag",
            default=False,
        ),
        Option(
            "examples",
            "Whether pages have an example in TypeScript.",
            kind="flag",
            default=True,
        ),
        Option(
            "captured",
            "Whether the pages of open enums say in TypeScript how other values are kept.",
            kind="flag",
            default=False,
        ),
        Option(
            "arrays",
            "How the pages of unions write a list in TypeScript: string[] or Array<string>.",
            default="brackets",
            choices=("brackets", "generic"),
        ),
        Option(
            "discrimination",
            "Whether the pages of unions tell how to find the member, in Go.",
            kind="flag",
            default=False,
        ),
    )
    filters: ClassVar = {"text": Code, "cell": lambda text: Code(escape(text))}
    # A page shows names; nothing has to compile.
    identifier: ClassVar[re.Pattern[str]] = re.compile(r"[^\n]*")

    def __init__(self, schema: Schema, settings: Settings) -> None:
        self.notation_name = settings.text("notation")
        super().__init__(schema, settings)
        self.places = {definition.id: self._place(definition) for definition in schema.definitions}
        mark = "`" if settings.text("types") == "code" else "*"
        generic = settings.text("arrays") == "generic"
        self.notation = NOTATIONS[self.notation_name](schema, self.places, mark, generic)
        names = ShownNames(self.field_names, self.value_names, self.places)
        by_name = self.notation_name == "typescript" and self.as_table
        self.example = Example(schema, names, settings.text("sdk"), by_name)

    def _place(self, definition: Definition) -> Place:
        words = definition.pages.get(self.notation_name)
        package = self._shown_package(definition.package)
        title = self.definition_names[definition.id]
        if words is not None and words.file is not None:
            return Place(package, title, words.file)
        return NOTATIONS[self.notation_name].place(package, title)

    def _shown_package(self, package: str) -> str:
        return self.settings.names("pages").get(package) or package or "models"

    @classmethod
    def language_of(cls, settings: Settings) -> str:
        # A page calls things as the code of its language does.
        return settings.text("notation")

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
    def as_table(self) -> bool:
        """Whether enums are tables of names and values."""
        return self.notation_name == "go" or self.settings.text("enums") == "names"

    def given_name(self, item: Definition | Field | EnumValue) -> str | None:
        words = None if isinstance(item, EnumValue) else item.pages.get(self.notation_name)
        if words is not None and words.name is not None:
            return words.name
        return item.names.get(self.name) or super().given_name(item)

    def definition_identifier(self, name: str) -> str:
        return name

    def field_identifier(self, wire: str) -> str:
        return NOTATIONS[self.notation_name].field_name(wire) or wire

    def value_identifier(self, enum: str, wire: str) -> str:
        if self.notation_name == "python":
            return constant(wire) or wire
        if self.notation_name == "typescript" and self.as_table:
            return pascal(wire) or wire
        return enum + (pascal(wire, INITIALISMS) or wire)

    # Pages ------------------------------------------------------------------------------------

    def files(self) -> Iterator[File]:
        listed: dict[str, list[Definition]] = {}
        for definition in self.schema.definitions:
            place = self.places[definition.id]
            page = self.page(definition)
            if page is None:
                continue
            listed.setdefault(place.package, []).append(definition)
            template = "union.md" if isinstance(page.body, Members) else "page.md"
            path = self._below_out(place.path)
            yield File(path, template, self._view(page, definition), (definition,))
        if self.settings.options["index"]:
            for package, definitions in sorted(listed.items()):
                yield self._index(package, definitions)

    def _below_out(self, path: str) -> str:
        folder = self.settings.text("folder")
        return f"{folder}/{path}" if folder else path

    def page(self, definition: Definition) -> Page | None:
        """Return the parts of the page of a definition, None where it has no page."""
        words = definition.pages.get(self.notation_name)
        if words is not None and not words.shown:
            return None
        place = self.places[definition.id]
        match definition:
            case Model():
                body: Fields | Values | Members = Fields(self._rows(definition, place))
            case Enum():
                body = self._values(definition)
            case Union(external=None):
                body = self._members(definition)
            case _:
                return None
        page = Page(
            place.title,
            body,
            definition.description,
            _reason(definition.deprecated),
            self._usage(definition, place),
            self.notation.fence,
            definition.position,
        )
        if words is not None and words.description is not None:
            page = replace(page, description=words.description)
        if words is not None and words.deprecated is not None:
            page = replace(page, deprecated=(page.deprecated or "") if words.deprecated else None)
        return page

    def _usage(self, definition: Definition, place: Place) -> str | None:
        if isinstance(definition, Union):
            return None
        if self.notation_name == "typescript":
            shown = self.settings.options["examples"]
            return self.example.usage(definition, place) if shown else None
        if isinstance(definition, Enum) and self.settings.options["usage"]:
            chosen = self.example.chosen_value(definition, self.notation_name)
            if self.notation_name == "go":
                return self._go_usage(definition, chosen, place)
            return self._python_usage(definition, chosen, place)
        return None

    def _go_usage(self, enum: Enum, chosen: EnumValue, place: Place) -> str:
        module = f"{self.settings.text('sdk')}/{place.path.rpartition('/')[0]}"
        name = f"{place.package}.{self.value_names[enum.id, chosen.wire]}"
        code = f'import (\n\t"{module}"\n)\n\nvalue := {name}'
        if self._is_open(enum):
            custom = '"custom_value"' if enum.type == "string" else "999"
            code += (
                "\n\n// Open enum: custom values can be created with a direct type cast"
                f"\ncustom := {place.shown}({custom})"
            )
        return code

    def _python_usage(self, enum: Enum, chosen: EnumValue, place: Place) -> str:
        module = f"{self.settings.text('sdk')}.{place.path.rpartition('/')[0].replace('/', '.')}"
        line = f"from {module} import {place.title}\n"
        if self._is_open(enum):
            kind = "UnrecognizedStr" if enum.type == "string" else "UnrecognizedInt"
            line += f"\n# Open enum: unrecognized values are captured as {kind}\n"
        elif self.as_table:
            line += "\n"
        if self.as_table:
            return f"{line}value = {place.title}.{self.value_names[enum.id, chosen.wire]}"
        return f"{line}value: {place.title} = {example_text(chosen.wire, quotes=True)}"

    def _rows(self, model: Model, page: Place) -> tuple[Row, ...]:
        words = model.pages.get(self.notation_name)
        fields = {field.wire: field for field in model.fields}
        if words is not None and words.order is not None:
            fields = {wire: fields[wire] for wire in words.order if wire in fields} | fields
        return tuple(self._row(model, field, page) for field in fields.values())

    def _row(self, model: Model, field: Field, page: Place) -> Row:
        words = field.pages.get(self.notation_name) or FieldPage()
        if words.required is not None:
            field = replace(field, required=words.required)
        if words.type is not None:
            field = replace(field, type=words.type)
        if words.nullable:
            field = replace(field, type=Nullable(field.type))
        examples = words.examples
        if examples is None:
            examples = tuple(map(example_text, field.examples))
        description = field.description if words.description is None else words.description
        deprecated = _reason(field.deprecated)
        if words.deprecated is not None:
            deprecated = (deprecated or "") if words.deprecated else None
        return Row(
            self.field_names[model.id, field.wire],
            self.notation.type_cell(field, page),
            field.required,
            description,
            examples,
            deprecated,
            field.position,
        )

    def _ordered_values(self, enum: Enum) -> list[EnumValue]:
        values = {str(value.wire): value for value in enum.values}
        words = enum.pages.get(self.notation_name)
        if words is not None and words.order is not None:
            values = {wire: values[wire] for wire in words.order if wire in values} | values
        return list(values.values())

    def _values(self, enum: Enum) -> Values:
        values = self._ordered_values(enum)
        names = tuple(self.value_names[enum.id, value.wire] for value in values)
        position = enum.position
        literals = tuple(example_text(value.wire, quotes=True) for value in values)
        is_open = self._is_open(enum)
        if self.as_table:
            return Values(
                tuple(str(value.wire) for value in values), "table", names, position=position
            )
        if self.notation_name == "typescript":
            kind = "string" if enum.type == "string" else "number"
            rest = (f"Unrecognized<{kind}>",) if is_open else ()
            told = is_open and bool(self.settings.options["captured"])
            literals = (*literals, *rest)
            return Values(literals, "code", open=is_open, told=told, position=position)
        return Values(literals, "list", open=is_open, position=position)

    def _is_open(self, enum: Enum) -> bool:
        words = enum.pages.get(self.notation_name)
        return enum.open if words is None or words.open is None else words.open

    def shown_members(self, union: Union) -> tuple[Type, ...]:
        """Return the members that the page of a union shows."""
        words = union.pages.get(self.notation_name)
        return union.members if words is None or words.members is None else words.members

    def _members(self, union: Union) -> Members:
        words = union.pages.get(self.notation_name)
        shown = self.shown_members(union)
        examples = words.examples if words is not None and words.examples is not None else ()
        tags = self.notation.tags(union, shown)
        tick = "" if self.notation_name == "go" else "`"
        members = []
        for member, tag, value in zip_longest(shown, tags, examples[: len(shown)]):
            example = partial(self._shown, member, value)
            code = self.notation.sample(union, member, tag, example)
            members.append(Member(f"{tick}{self.notation.head(member)}{tick}", code))
        more = ""
        if isinstance(self.notation, Go) and self.settings.options["discrimination"]:
            more = self.notation.discrimination(union, tags)
        return Members(tuple(members), more)

    def _shown(self, type_: Type, value: Value) -> ExampleCode:
        bare = type_.inner if isinstance(type_, Nullable) else type_
        return self.example.code(bare, self.example.stand_in(bare) if value is None else value)

    # Views ------------------------------------------------------------------------------------

    def _view(self, page: Page, definition: Definition) -> dict[str, object]:
        view: dict[str, object] = {
            "title": Code(page.title if page.deprecated is None else f"~~{page.title}~~"),
            "description": Code(shown_description(page)),
            "fence": Code(page.fence),
        }
        match page.body:
            case Fields(rows=rows):
                places = [row.position for row in rows]
                content = _lines(fields_table(rows), places)
                heading = "Fields"
            case Values():
                assert isinstance(definition, Enum)
                content = self._value_lines(page.body, definition)
                heading = "Values"
            case Members(members=members, more=more):
                assert isinstance(definition, Union)
                places = list(member_places(definition))
                if len(places) != len(members):
                    places = [definition.position] * len(members)
                return view | {
                    "members": tuple(
                        {"position": place, "head": Code(each.head), "sample": Code(each.code)}
                        for each, place in zip(members, places, strict=True)
                    ),
                    "more": Code(more),
                }
        usage = None if page.usage is None else Code(page.usage)
        gap = page.fence != "typescript"
        return view | {"usage": usage, "gap": gap, "heading": Code(heading), "content": content}

    def _value_lines(self, values: Values, enum: Enum) -> Code:
        text = values_text(values)
        if values.form == "code":
            return Code(text)
        places = [value.position for value in self._ordered_values(enum)]
        # A line feed ends a list.
        return _lines(text, places if values.form == "table" else [*places, None])

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
        path = self._below_out(f"{folder}/README.md")
        return File(path, "index.md", view, tuple(definitions))


def _reason(reason: str | None) -> str | None:
    """Return why something goes away as a page can show it: in one line."""
    return reason and reason.replace("\n", " ")


def _lines(text: str, places: Sequence[Position | None]) -> Code:
    """Return a text whose last lines come from `places`, one each."""
    head = [None] * (text.count("\n") + 1 - len(places))
    return with_origins(Code(text), (*head, *places))


TARGET = MarkdownTarget
