"""Markdown: a page per definition, as the docs of SDKs show models, in one language's notation.

The page of a definition is made as parts (:class:`~modelsync.pages.page.Page`), which `transcribe`
reads from real pages, and which the templates place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from typing import ClassVar, Literal

from modelsync.errors import Position, Problem
from modelsync.naming import INITIALISMS, Identifiers, constant, pascal
from modelsync.pages.code import Code as ExampleCode
from modelsync.pages.example import OPEN_COMMENTS, Example, ShownNames, Style, example_text
from modelsync.pages.notation import NOTATIONS, Place
from modelsync.pages.notation.go import Go
from modelsync.pages.notation.python import Python
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
from modelsync.schema.ir import (
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
from modelsync.targets.base import Code, File, Settings, Target, is_all, member_places, with_origins
from modelsync.targets.markdown.options import OPTIONS, dialect_of, with_options, wrong_option


def _text(text: str) -> Code:
    if not is_all(str, text):  # templates of a project are not type-checked
        raise TypeError(f"{type(text).__name__} is not a text")
    return Code(text)


class _OneLine(Identifiers):
    """A page shows names, and nothing has to compile: any line is one."""

    def takes(self, name: str) -> bool:
        return "\n" not in name

    def cure(self, name: str) -> str:
        return "write it on one line"


class MarkdownTarget(Target):
    """Pages in the notation of Go, TypeScript or Python, and an index page for each package."""

    name = "markdown"
    options = OPTIONS
    filters: ClassVar = {"text": _text, "cell": lambda text: _text(escape(text))}
    is_code = False
    identifiers = _OneLine()

    def __init__(self, schema: Schema, settings: Settings) -> None:
        self.notation_name = settings.text("notation")
        super().__init__(schema, settings)
        self.places = {definition.id: self._place(definition) for definition in schema.definitions}
        by_name = {
            each.id for each in schema.definitions if isinstance(each, Enum) and self.as_table(each)
        }
        values = {key: name for key, name in self.value_names.items() if key[0] in by_name}
        self._names = ShownNames(self.field_names, values, self.places)
        self._others: dict[tuple[tuple[str, str], ...], MarkdownTarget] = {}
        self._set_style(settings)

    def _set_style(self, settings: Settings) -> None:
        self.settings = settings
        dialect = dialect_of(settings)
        self.notation = NOTATIONS[self.notation_name](self.schema, self.places, dialect)
        style = Style(
            settings.text("sdk"),
            imports=settings.text("imports"),
            native_dates=settings.text("dates") == "native",
            layout=dialect.layout,
        )
        self.example = Example(self.schema, self._names, style)

    def for_page(self, definition: Definition) -> MarkdownTarget:
        """Return the target with the options that the page of a definition has otherwise."""
        words = definition.pages.get(self.notation_name)
        if words is None or not words.options:
            return self
        key = tuple(sorted(words.options.items()))
        if key not in self._others:
            other = copy(self)
            other._set_style(with_options(self.settings, words.options))
            self._others[key] = other
        return self._others[key]

    def _place(self, definition: Definition) -> Place:
        words = definition.pages.get(self.notation_name)
        package = self._shown_package(definition.package)
        title = self.definition_names[definition.id]
        if words is not None and words.file is not None:
            return Place(package, title, words.file)
        return NOTATIONS[self.notation_name].place(package, title, self.settings.text("files"))

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
        for definition in self.schema.definitions:
            words = definition.pages.get(self.notation_name)
            for name, text in words.options.items() if words is not None else ():
                wrong = wrong_option(name, text)
                if wrong:
                    yield Problem(definition.position, "MS074", wrong)

    # Names ------------------------------------------------------------------------------------

    def as_table(self, enum: Enum) -> bool:
        """Whether the page of an enum is a table of names and values."""
        words = enum.pages.get(self.notation_name)
        if words is not None and words.named is not None:
            return words.named
        return self.notation_name == "go" or self.settings.text("enums") == "names"

    def given_name(self, item: Definition | Field | EnumValue) -> str | None:
        words = item.pages.get(self.notation_name)
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
        if self.notation_name == "typescript":
            return pascal(wire) or wire
        return enum + (pascal(wire, INITIALISMS) or wire)

    @property
    def shows_unions(self) -> bool:
        """Whether the pages of unions have an example of the union, and none of its members."""
        return self.notation_name == "typescript" and not self.settings.options["samples"]

    # Pages ------------------------------------------------------------------------------------

    def files(self) -> Iterator[File]:
        listed: dict[str, list[Definition]] = {}
        for definition in self.schema.definitions:
            place = self.places[definition.id]
            target = self.for_page(definition)
            page = target.page(definition)
            if page is None:
                continue
            listed.setdefault(place.package, []).append(definition)
            template = "union.md" if isinstance(page.body, Members) else "page.md"
            path = self._below_out(place.path)
            yield File(path, template, target._view(page, definition), (definition,))
        if self.settings.options["index"]:
            for package, definitions in sorted(listed.items()):
                yield self._index(package, definitions)

    def _below_out(self, path: str) -> str:
        folder = self.settings.text("folder")
        return f"{folder}/{path}" if folder else path

    def page(self, definition: Definition) -> Page | None:
        """Return the parts of the page of a definition, None where it has no page.

        Where it has options of its own, the target is the one :meth:`for_page`.
        """
        words = definition.pages.get(self.notation_name)
        if words is not None and not words.shown:
            return None
        place = self.places[definition.id]
        match definition:
            case Model():
                width = (words.width if words is not None else None) or 0
                body: Fields | Values | Members = Fields(self._rows(definition), width)
            case Enum():
                body = self._values(definition)
            case Union(external=None):
                body = self.members(definition)
            case _:
                return None
        page = Page(
            place.title,
            body,
            definition.description,
            _paragraph(definition.deprecated),
            self.usage(definition),
            self.notation.fence,
            definition.position,
        )
        if words is not None and words.description is not None:
            page = replace(page, description=words.description)
        if words is not None and words.deprecated is not None:
            page = replace(page, deprecated=_paragraph(_shown_reason(words.deprecated)))
        return page

    def usage(self, definition: Definition) -> str | None:
        """Return the code of the example on the page of a definition, None if it has none."""
        if not self.can_have_usage(definition) or not self._has_usage(definition):
            return None
        place = self.places[definition.id]
        words = definition.pages.get(self.notation_name)
        if words is not None and words.code is not None:
            return words.code
        if self.notation_name == "typescript":
            usage = self.example.usage(definition, place)
            if isinstance(definition, Enum) and self.settings.text("captured") == "example":
                return "\n\n".join([usage, *self._open_comment(definition)])
            return usage
        if isinstance(definition, Enum):
            chosen = self.example.chosen_value(definition, self.notation_name)
            if self.notation_name == "go":
                return self._go_usage(definition, chosen, place)
            return self._python_usage(definition, chosen, place)
        return None

    def can_have_usage(self, definition: Definition) -> bool:
        """Whether pages of this kind can have an example in this notation."""
        if isinstance(definition, Union):
            return self.shows_unions
        return self.notation_name == "typescript" or isinstance(definition, Enum)

    def _has_usage(self, definition: Definition) -> bool:
        """Whether the page of a definition has an example."""
        words = definition.pages.get(self.notation_name)
        if words is not None and words.usage is not None:
            return words.usage
        option = "examples" if self.notation_name == "typescript" else "usage"
        return bool(self.settings.options[option])

    def _go_usage(self, enum: Enum, chosen: EnumValue, place: Place) -> str:
        module = f"{self.settings.text('sdk')}/{place.path.rpartition('/')[0]}"
        name = f"{place.package}.{self.value_names[enum.id, chosen.json_value]}"
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
        line = f"from {module} import {place.title}"
        comment = self._open_comment(enum)
        if self.as_table(enum):
            value = f"value = {place.title}.{self.value_names[enum.id, chosen.json_value]}"
            return "\n\n".join([line, value, *comment])
        value = f"value: {place.title} = {example_text(chosen.json_value, quotes=True)}"
        return "\n".join([line, *(["", *comment] if comment else []), value])

    def _open_comment(self, enum: Enum) -> list[str]:
        """Return what an example says of the other values of an enum: nothing if it has none."""
        comments = OPEN_COMMENTS[self.notation_name]
        return [comments[_kind(enum)]] if self._is_open(enum) else []

    def _rows(self, model: Model) -> tuple[Row, ...]:
        words = model.pages.get(self.notation_name)
        fields = {field.json_key: field for field in model.fields}
        if words is not None and words.order is not None:
            fields = {wire: fields[wire] for wire in words.order if wire in fields} | fields
        return tuple(self.row(model, field) for field in fields.values())

    def row(self, model: Model, field: Field) -> Row:
        """Return the row of a field on the page of a model."""
        page = self.places[model.id]
        words = field.pages.get(self.notation_name) or FieldPage()
        if words.required is not None:
            field = replace(field, required=words.required)
        if words.type is not None:
            field = replace(field, type=words.type)
        if words.nullable:
            field = replace(field, type=Nullable(field.type))
        cell = self.notation.type_cell(field, page)
        if words.wrapper is not None and isinstance(self.notation, Python):
            cell = self.notation.wrapped_cell(field, page, words.wrapper)
        if words.cell is not None:
            cell = words.cell
        examples = words.examples
        if examples is None:
            examples = tuple(map(example_text, field.examples))
        description = field.description if words.description is None else words.description
        deprecated = field.deprecated
        if words.deprecated is not None:
            deprecated = _shown_reason(words.deprecated)
        return Row(
            self.field_names[model.id, field.json_key],
            cell,
            field.required,
            description,
            examples,
            _paragraph(deprecated, ends=""),
            field.position,
        )

    def _ordered_values(self, enum: Enum) -> list[EnumValue]:
        values = {str(value.json_value): value for value in enum.values}
        words = enum.pages.get(self.notation_name)
        if words is not None and words.order is not None:
            values = {wire: values[wire] for wire in words.order if wire in values} | values
        return list(values.values())

    def _values(self, enum: Enum) -> Values:
        values = self._ordered_values(enum)
        names = tuple(self.value_names[enum.id, value.json_value] for value in values)
        position = enum.position
        literals = tuple(example_text(value.json_value, quotes=True) for value in values)
        is_open = self._is_open(enum)
        words = enum.pages.get(self.notation_name)
        width = (words.width if words is not None else None) or 0
        form = "list"
        if self.as_table(enum):
            form = "table"
            literals = tuple(str(value.json_value) for value in values)
        elif self.notation_name == "typescript":
            form = "code"
        if self.notation_name != "typescript":
            return Values(literals, form, names, open=is_open, position=position, width=width)
        kind = _kind(enum) if is_open else ""
        told = is_open and self.settings.text("captured") == "values"
        return Values(literals, form, names, is_open, kind, told, width, position)

    def _is_open(self, enum: Enum) -> bool:
        words = enum.pages.get(self.notation_name)
        return enum.open if words is None or words.open is None else words.open

    def members(self, union: Union) -> Members:
        """Return the members on the page of a union."""
        words = union.pages.get(self.notation_name)
        shown = self.notation.shown_members(union)
        examples = words.examples if words is not None and words.examples is not None else ()
        tags = self.notation.tags(union, shown)
        is_plain = self.notation_name == "go" or (
            self.notation_name == "python" and self.notation.dialect.titles
        )
        tick = "" if is_plain else "`"
        members = []
        for index, (member, tag) in enumerate(zip_longest(shown, tags)):
            given = examples[index : index + 1]
            example = None if self.shows_unions else partial(self._sample, member, given)
            code = self.notation.sample(union, member, tag, example)
            members.append(Member(f"{tick}{self.notation.head(member)}{tick}", code))
        heads = words.heads if words is not None else None
        codes = words.codes if words is not None else None
        if heads is not None and len(heads) == len(members):
            pairs = zip(members, heads, strict=True)
            members = [replace(each, head=f"{tick}{head}{tick}") for each, head in pairs]
        if codes is not None and len(codes) == len(members):
            pairs = zip(members, codes, strict=True)
            members = [replace(each, code=code) for each, code in pairs]
        more = ""
        if isinstance(self.notation, Go) and self.settings.options["discrimination"]:
            is_open = words is not None and bool(words.open)
            more = self.notation.discrimination(union, shown, tags, is_open)
        if words is not None and words.more is not None:
            more = words.more
        return Members(tuple(members), more)

    def _sample(self, type_: Type, given: tuple[Value, ...]) -> ExampleCode:
        """Return the code of a value of a type: of the one that is given, if one is."""
        bare = type_.inner if isinstance(type_, Nullable) else type_
        return self.example.code(bare, given[0] if given else self.example.stand_in(bare))

    # Views ------------------------------------------------------------------------------------

    def _view(self, page: Page, definition: Definition) -> dict[str, object]:
        view: dict[str, object] = {
            "title": Code(page.title if page.deprecated is None else f"~~{page.title}~~"),
            "description": Code(shown_description(page)),
            "fence": Code(page.fence),
        }
        usage = None if page.usage is None else Code(page.usage)
        trimmed = self.settings.text("ends") == "line"
        match page.body:
            case Fields(rows=rows):
                places: list[Position | None] = [row.position for row in rows]
                end = [None] if trimmed else []
                content = _lines(fields_table(page.body) + "\n" * trimmed, [*places, *end])
                heading = "Fields"
            case Values():
                assert isinstance(definition, Enum)
                content = self._value_lines(page.body, definition)
                heading = "Values"
            case Members(members=members, more=more):
                assert isinstance(definition, Union)
                member_positions = list(member_places(definition))
                if len(member_positions) != len(members):
                    member_positions = [definition.position] * len(members)
                return view | {
                    "usage": usage,
                    "members": tuple(
                        {"position": place, "head": Code(each.head), "sample": Code(each.code)}
                        for each, place in zip(members, member_positions, strict=True)
                    ),
                    "more": Code(more),
                    "trimmed": trimmed and not more,
                }
        gap = page.fence != "typescript"
        return view | {"usage": usage, "gap": gap, "heading": Code(heading), "content": content}

    def _value_lines(self, values: Values, enum: Enum) -> Code:
        trimmed = self.settings.text("ends") == "line" and values.form != "list"
        text = values_text(values) + "\n" * trimmed
        if values.form == "code":
            return Code(text)
        places = [value.position for value in self._ordered_values(enum)]
        # A line feed ends a list, and a row for all other values a table.
        ends = (values.form == "list" or trimmed) + bool(values.kind)
        return _lines(text, [*places, *[None] * ends])

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


def _kind(enum: Enum) -> str:
    """Return what TypeScript calls the values of an enum."""
    return "string" if enum.type == "string" else "number"


def _shown_reason(reason: str | Literal[False]) -> str | None:
    """Return the reason that a page has of its own, None where it shows nothing as deprecated."""
    return None if reason is False else reason


def _paragraph(reason: str | None, ends: str = "\n") -> str | None:
    """Return why something goes away as a page can show it: without empty lines."""
    return reason and re.sub(r"\n{2,}", "\n", reason).strip(ends)


def _lines(text: str, places: Sequence[Position | None]) -> Code:
    """Return a text whose last lines come from `places`, one each."""
    head = [None] * (text.count("\n") + 1 - len(places))
    return with_origins(Code(text), (*head, *places))


TARGET = MarkdownTarget
