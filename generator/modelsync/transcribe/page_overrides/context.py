"""The context in which definitions are compared with their pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from modelsync.intake.each_item import ItemKey
from modelsync.schema.definitions import Definition, Field
from modelsync.schema.for_language import of_language
from modelsync.schema.page_overrides import DefinitionPage, FieldPage
from modelsync.schema.schema import Schema
from modelsync.schema.types import Type
from modelsync.targets.sdk_docs.pages import Pages
from modelsync.transcribe.typed_pages import TypedPage

Resolve: TypeAlias = Callable[[Type], Type]
"""Turns a type whose references name pages into one whose references name definitions."""
AnyDefinition = TypeVar("AnyDefinition", bound="Definition")


@dataclass(frozen=True, slots=True)
class MatchedPage:
    """A page that was read, and the fields of the schema that its rows are about."""

    page: TypedPage
    json_keys: Mapping[str, str]
    """The JSON key of each row, by the key of the row."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the pages of one language are compared with."""

    whole: Schema
    """The schema for all languages."""
    pages: Pages
    """The pages that the target sdk-docs writes, for the schema of this language."""
    language: str
    resolve: Resolve
    settled: dict[ItemKey, list[str]]
    """The languages whose pages have agreed with the example of an item, in the order compared."""

    @property
    def schema(self) -> Schema:
        """The schema for this language."""
        return self.pages.schema

    def with_schema(self, whole: Schema) -> Context:
        """Return the context for a schema in which all names are the same."""
        pages = self.pages.with_schema(of_language(whole, self.language))
        return replace(self, whole=whole, pages=pages)

    def page_of(self, definition: Definition) -> DefinitionPage:
        """Return the page overrides of a definition so far."""
        return definition.pages.get(self.language) or DefinitionPage()

    def with_page(self, definition: AnyDefinition, page: DefinitionPage) -> AnyDefinition:
        """Return a definition with `page` as its page in this language."""
        if page == self.page_of(definition):
            return definition
        return replace(definition, pages={**definition.pages, self.language: page})


def with_field_page(field: Field, language: str, page: FieldPage) -> Field:
    """Return a field with `page` as what the pages of a language show."""
    if page == (field.pages.get(language) or FieldPage()):
        return field
    return replace(field, pages={**field.pages, language: page})
