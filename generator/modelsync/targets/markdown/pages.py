"""The pages of definitions, as parts: what the rows, values, members and examples of each are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from typing import Literal

from modelsync.pages.code import Code as ExampleCode
from modelsync.pages.example import Example, chosen_value, example_text
from modelsync.pages.notation import NOTATIONS, Place
from modelsync.pages.notation.go import Go
from modelsync.pages.notation.python import Python
from modelsync.pages.page import Body, Fields, Member, Members, Page, Row, Values, with_sentences
from modelsync.pages.values_to_code import ShownNames, Style
from modelsync.schema.definitions import Definition, Enum, EnumValue, Field, Model, Union
from modelsync.schema.page_overrides import DefinitionPage, FieldPage
from modelsync.schema.schema import Schema
from modelsync.schema.types import Nullable, Type
from modelsync.schema.values import Value
from modelsync.targets.base import Settings
from modelsync.targets.markdown.options import dialect_of, with_options
from modelsync.targets.markdown.usage import go_usage, kind_of, open_comment, python_usage

_NO_PAGE = DefinitionPage()


def override_of(definition: Definition, notation: str) -> DefinitionPage:
    """Return what a spec says about the page of a definition in a notation."""
    return definition.pages.get(notation, _NO_PAGE)


class Pages:
    """Builds the page of each definition in the notation of one language.

    A page may have options that differ from the others: :meth:`for_page` returns the pages with
    these options.
    """

    def __init__(
        self,
        schema: Schema,
        settings: Settings,
        names: ShownNames,
        constraints: Mapping[tuple[str, str], str],
    ) -> None:
        self.notation_name = settings.text("notation")
        self.schema = schema
        self.places = names.places
        self.field_names = names.fields
        self.value_names = names.values
        self.constraints = constraints
        """What the row of each field says about its constraints."""
        self._for_options: dict[tuple[tuple[str, str], ...], Pages] = {}
        self.settings = settings
        by_name = {
            each.id for each in schema.definitions if isinstance(each, Enum) and self.as_table(each)
        }
        values = {key: name for key, name in names.values.items() if key[0] in by_name}
        self._shown_names = replace(names, values=values)
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
        self.example = Example(self.schema, self._shown_names, style)

    def with_schema(self, schema: Schema) -> Pages:
        """Return the pages of another schema that has the same names."""
        other = copy(self)
        other.schema = schema
        other._for_options = {}
        other._set_style(self.settings)
        return other

    def for_page(self, definition: Definition) -> Pages:
        """Return the pages with the options in which that of a definition differs."""
        options = self.page_of(definition).options
        if not options:
            return self
        key = tuple(sorted(options.items()))
        if key not in self._for_options:
            other = copy(self)
            other._set_style(with_options(self.settings, options))
            self._for_options[key] = other
        return self._for_options[key]

    def page_of(self, definition: Definition) -> DefinitionPage:
        """Return what a spec says about the page of a definition in this notation."""
        return override_of(definition, self.notation_name)

    @property
    def shows_unions(self) -> bool:
        """Whether the pages of unions have an example of the union, and none of its members."""
        return self.notation_name == "typescript" and not self.settings.options["samples"]

    def as_table(self, enum: Enum) -> bool:
        """Return whether the page of an enum is a table of names and values."""
        named = self.page_of(enum).named
        if named is not None:
            return named
        return self.notation_name == "go" or self.settings.text("enums") == "names"

    # Pages ------------------------------------------------------------------------------------

    def page(self, definition: Definition) -> Page | None:
        """Return the parts of the page of a definition, None if it has no page.

        If the page has its own options, call this on what :meth:`for_page` returns.
        """
        override = self.page_of(definition)
        body = self._body(definition) if override.shown else None
        if body is None:
            return None
        description, deprecated = definition.description, definition.deprecated
        if override.description is not None:
            description = override.description
        if override.deprecated is not None:
            deprecated = _shown_reason(override.deprecated)
        return Page(
            self.places[definition.id].title,
            body,
            description,
            _paragraph(deprecated),
            self.usage(definition),
            self.notation.fence,
            definition.position,
        )

    def _body(self, definition: Definition) -> Body | None:
        """Return the content of a page below its heading, or None if there is no such page."""
        match definition:
            case Model():
                return Fields(self._rows(definition), self.page_of(definition).width or 0)
            case Enum():
                return self._values(definition)
            case Union(external=None):
                return self.members(definition)
            case _:
                return None

    # Examples ---------------------------------------------------------------------------------

    def usage(self, definition: Definition) -> str | None:
        """Return the code of the example on the page of a definition, None if it has none."""
        if not self.can_have_usage(definition) or not self._has_usage(definition):
            return None
        place = self.places[definition.id]
        code = self.page_of(definition).code
        if code is not None:
            return code
        if self.notation_name == "typescript":
            usage = self.example.usage(definition, place)
            in_example = self.settings.text("captured") == "example"
            if isinstance(definition, Enum) and in_example and self._is_open(definition):
                return f"{usage}\n\n{open_comment(definition, self.notation_name)}"
            return usage
        return self._enum_usage(definition, place) if isinstance(definition, Enum) else None

    def can_have_usage(self, definition: Definition) -> bool:
        """Return whether pages of this kind can have an example in this notation."""
        if isinstance(definition, Union):
            return self.shows_unions
        return self.notation_name == "typescript" or isinstance(definition, Enum)

    def _has_usage(self, definition: Definition) -> bool:
        usage = self.page_of(definition).usage
        if usage is not None:
            return usage
        option = "examples" if self.notation_name == "typescript" else "usage"
        return bool(self.settings.options[option])

    def _enum_usage(self, enum: Enum, place: Place) -> str:
        """Return the code of the example of an enum in Go or Python."""
        sdk = self.settings.text("sdk")
        is_open = self._is_open(enum)
        value = chosen_value(enum, self.notation_name).json_value
        name = self.value_names[enum.id, value]
        if self.notation_name == "go":
            return go_usage(sdk, place, name, enum, is_open=is_open)
        by_name = self.as_table(enum)
        shown = name if by_name else example_text(value, quotes=True)
        comment = open_comment(enum, self.notation_name) if is_open else ""
        return python_usage(sdk, place, shown, comment, by_name=by_name)

    # Models -----------------------------------------------------------------------------------

    def _rows(self, model: Model) -> tuple[Row, ...]:
        fields = {field.json_key: field for field in model.fields}
        order = self.page_of(model).order
        if order is not None:
            fields = {key: fields[key] for key in order if key in fields} | fields
        return tuple(self.row(model, field) for field in fields.values())

    def row(self, model: Model, field: Field) -> Row:
        """Return the row of a field on the page of a model."""
        override = field.pages.get(self.notation_name) or FieldPage()
        if override.required is not None:
            field = replace(field, required=override.required)
        if override.type is not None:
            field = replace(field, type=override.type)
        if override.nullable:
            field = replace(field, type=Nullable(field.type))
        examples = override.examples
        if examples is None:
            examples = tuple(map(example_text, field.examples))
        sentences = self.constraints.get((model.id, field.json_key), "")
        description, deprecated = field.description, field.deprecated
        if sentences:
            description = with_sentences(description, sentences)
        if override.description is not None:
            description = override.description
        if override.deprecated is not None:
            deprecated = _shown_reason(override.deprecated)
        return Row(
            self.field_names[model.id, field.json_key],
            self._type_cell(field, override, self.places[model.id]),
            field.required,
            description,
            examples,
            _paragraph(deprecated, ends=""),
            field.position,
        )

    def _type_cell(self, field: Field, override: FieldPage, page: Place) -> str:
        if override.cell is not None:
            return override.cell
        if override.wrapper is not None and isinstance(self.notation, Python):
            return self.notation.wrapped_cell(field, page, override.wrapper)
        return self.notation.type_cell(field, page)

    # Enums ------------------------------------------------------------------------------------

    def ordered_values(self, enum: Enum) -> list[EnumValue]:
        """Return the values of an enum in the order of its page."""
        values = {str(value.json_value): value for value in enum.values}
        order = self.page_of(enum).order
        if order is not None:
            values = {text: values[text] for text in order if text in values} | values
        return list(values.values())

    def _values(self, enum: Enum) -> Values:
        values = self.ordered_values(enum)
        names = tuple(self.value_names[enum.id, value.json_value] for value in values)
        form: Literal["table", "list", "code"]
        if self.as_table(enum):
            form = "table"
            literals = tuple(str(value.json_value) for value in values)
        else:
            form = "code" if self.notation_name == "typescript" else "list"
            literals = tuple(example_text(value.json_value, quotes=True) for value in values)
        is_open = self._is_open(enum)
        names_kind = is_open and self.notation_name == "typescript"
        return Values(
            literals,
            form,
            names,
            open=is_open,
            kind=kind_of(enum) if names_kind else "",
            has_sentence=names_kind and self.settings.text("captured") == "values",
            width=self.page_of(enum).width or 0,
            position=enum.position,
        )

    def _is_open(self, enum: Enum) -> bool:
        is_open = self.page_of(enum).open
        return enum.open if is_open is None else is_open

    # Unions -----------------------------------------------------------------------------------

    def members(self, union: Union) -> Members:
        """Return the members on the page of a union."""
        override = self.page_of(union)
        types = self.notation.shown_members(union)
        tags = self.notation.tags(union, types)
        members = self._members(union, types, tags)
        tick = self._heading_mark
        if override.heads is not None and len(override.heads) == len(members):
            pairs = zip(members, override.heads, strict=True)
            members = [replace(member, head=f"{tick}{head}{tick}") for member, head in pairs]
        if override.codes is not None and len(override.codes) == len(members):
            pairs = zip(members, override.codes, strict=True)
            members = [replace(member, code=code) for member, code in pairs]
        more = override.more
        if more is None:
            more = self._discrimination(union, types, tags)
        return Members(tuple(members), more)

    @property
    def _heading_mark(self) -> str:
        """The mark before and after the heading of a member."""
        python_titles = self.notation_name == "python" and self.notation.dialect.titles
        return "" if self.notation_name == "go" or python_titles else "`"

    def _members(self, union: Union, types: Sequence[Type], tags: Sequence[str]) -> list[Member]:
        examples = self.page_of(union).examples or ()
        members = []
        for index, (type_, tag) in enumerate(zip_longest(types, tags)):
            example = None
            if not self.shows_unions:
                example = partial(self._sample, type_, examples[index : index + 1])
            code = self.notation.sample(union, type_, tag, example)
            head = f"{self._heading_mark}{self.notation.head(type_)}{self._heading_mark}"
            members.append(Member(head, code))
        return members

    def _discrimination(self, union: Union, types: Sequence[Type], tags: Sequence[str]) -> str:
        """Return what a page in Go says about finding the member of a union."""
        if not isinstance(self.notation, Go) or not self.settings.options["discrimination"]:
            return ""
        is_open = self.page_of(union).open
        is_open = union.open if is_open is None else is_open
        return self.notation.discrimination(union, types, tags, is_open)

    def _sample(self, type_: Type, example: tuple[Value, ...]) -> ExampleCode:
        """Return the code of a value of a type: that in `example`, or else a made-up one."""
        bare = type_.inner if isinstance(type_, Nullable) else type_
        return self.example.code(bare, example[0] if example else self.example.stand_in(bare))


def _shown_reason(reason: str | Literal[False]) -> str | None:
    """Return the reason on a page, None if the page does not show a deprecation."""
    return None if reason is False else reason


def _paragraph(reason: str | None, ends: str = "\n") -> str | None:
    """Return the reason of a deprecation as a page can show it: without empty lines."""
    return reason and re.sub(r"\n{2,}", "\n", reason).strip(ends)
