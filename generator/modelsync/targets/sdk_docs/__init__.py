"""Markdown: a page for each definition, as SDK docs show models, in the notation of one language.

The page of a definition is built as parts (:class:`~modelsync.pages.page.Page`), which `transcribe`
reads from real pages, and which the templates place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from modelsync.errors import Problem
from modelsync.naming import INITIALISMS, Identifiers, constant, pascal
from modelsync.pages.notation import NOTATIONS, Place
from modelsync.pages.page import Fields, Members, Page, Values
from modelsync.pages.table import escape
from modelsync.pages.values_to_code import ShownNames
from modelsync.schema.definitions import Definition, Enum, EnumValue, Field, Model, Union
from modelsync.schema.schema import Schema
from modelsync.schema.without_aliases import without_aliases
from modelsync.schema.without_constraints import without_constraints
from modelsync.targets.base import Code, File, Settings, Target
from modelsync.targets.checks import checked_text
from modelsync.targets.sdk_docs.constraints import constraint_sentences
from modelsync.targets.sdk_docs.options import OPTIONS, option_problem
from modelsync.targets.sdk_docs.pages import Pages, override_of
from modelsync.targets.sdk_docs.shown_names import shown_source
from modelsync.targets.sdk_docs.views import enum_view, index_view, model_view, union_view

_PACKAGE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


def _text(text: str) -> Code:
    return Code(checked_text(text))


class _OneLine(Identifiers):
    """Pages show names and are not compiled, so any single line is a name."""

    def takes(self, name: str) -> bool:
        return "\n" not in name

    def help_for(self, name: str) -> str:
        return "write it on one line"


class SdkDocsTarget(Target):
    """Pages in the notation of Go, TypeScript or Python, and an index page for each package."""

    name = "sdk-docs"
    also_called = ("sdk_docs",)
    options = OPTIONS
    filters: ClassVar = {"text": _text, "cell": lambda text: _text(escape(text))}
    is_code = False
    identifiers = _OneLine()

    def __init__(self, schema: Schema, settings: Settings) -> None:
        self.notation_name = settings.text("notation")
        constraints = {
            (model.id, field.json_key): constraint_sentences(schema, field.type)
            for model in (schema.definitions if schema.constraints else ())
            if isinstance(model, Model)
            for field in model.fields
        }
        schema = without_aliases(without_constraints(schema))
        super().__init__(schema, settings)
        self.places = {definition.id: self._place(definition) for definition in schema.definitions}
        names = ShownNames(self.field_names, self.value_names, self.places)
        self.pages = Pages(schema, settings, names, constraints)

    def _place(self, definition: Definition) -> Place:
        package = self._shown_package(definition.package)
        title = self.definition_names[definition.id]
        file = override_of(definition, self.notation_name).file
        if file is not None:
            return Place(package, title, file)
        return NOTATIONS[self.notation_name].place(package, title, self.settings.text("files"))

    def _shown_package(self, package: str) -> str:
        return self.settings.names("pages").get(package) or package or "models"

    @classmethod
    def language_of(cls, settings: Settings) -> str:
        # Pages use the same names as code in their language.
        return settings.text("notation")

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        where = self.settings.where("pages")
        for package, shown in self.settings.names("pages").items():
            if package not in self.schema.packages:
                yield Problem(where, "MS077", f"unknown package `{package}`")
            if not _PACKAGE.fullmatch(shown):
                message = f"`{shown}` cannot be a package of pages"
                help_ = "write a lower-case letter, then lower-case letters, digits and `_`"
                yield Problem(where, "MS074", message, help=help_)
        for definition in self.schema.definitions:
            for name, text in override_of(definition, self.notation_name).options.items():
                message = option_problem(name, text)
                if message:
                    yield Problem(definition.position, "MS074", message)

    # Names ------------------------------------------------------------------------------------

    def given_name(self, item: Definition | Field | EnumValue) -> str | None:
        page = item.pages.get(self.notation_name)
        if page is not None and page.name is not None:
            return page.name
        return item.names.get(self.name) or super().given_name(item)

    def definition_identifier(self, name: str) -> str:
        return name

    def field_identifier(self, wire: str) -> str:
        return NOTATIONS[self.notation_name].field_name(wire) or wire

    def field_source(self, json_key: str) -> str:
        return shown_source(self.naming.source(json_key))

    def value_source(self, json_value: str | int) -> str:
        if isinstance(json_value, int):
            return shown_source(json_value)
        return shown_source(self.naming.source(json_value))

    def value_identifier(self, enum: str, wire: str) -> str:
        if self.notation_name == "python":
            return constant(wire) or wire
        if self.notation_name == "typescript":
            return pascal(wire) or wire
        return enum + (pascal(wire, INITIALISMS) or wire)

    # Files ------------------------------------------------------------------------------------

    def files(self) -> Iterator[File]:
        listed: dict[str, list[Definition]] = {}
        for definition in self.schema.definitions:
            place = self.places[definition.id]
            pages = self.pages.for_page(definition)
            page = pages.page(definition)
            if page is None:
                continue
            listed.setdefault(place.package, []).append(definition)
            template = "union.md" if isinstance(page.body, Members) else "page.md"
            path = self._below_out(place.path)
            yield File(path, template, _view(pages, page, definition), (definition,))
        if self.settings.options["index"]:
            for package, definitions in sorted(listed.items()):
                yield self._index(package, definitions)

    def _below_out(self, path: str) -> str:
        folder = self.settings.text("folder")
        return f"{folder}/{path}" if folder else path

    def _index(self, package: str, definitions: list[Definition]) -> File:
        """Return the page that lists a package, for people who browse the docs."""
        entries = [(self.places[definition.id], definition) for definition in definitions]
        entries.sort(key=lambda entry: entry[0].title)
        folder = entries[0][0].path.rpartition("/")[0]
        path = self._below_out(f"{folder}/README.md")
        return File(path, "index.md", index_view(package, entries), tuple(definitions))


def _view(pages: Pages, page: Page, definition: Definition) -> dict[str, object]:
    trimmed = pages.settings.text("ends") == "line"
    match page.body:
        case Fields() as fields:
            return model_view(page, fields, trimmed=trimmed)
        case Values() as values:
            assert isinstance(definition, Enum)
            return enum_view(page, values, pages.ordered_values(definition), trimmed=trimmed)
        case Members() as members:
            assert isinstance(definition, Union)
            return union_view(page, members, definition, trimmed=trimmed)


TARGET = SdkDocsTarget
