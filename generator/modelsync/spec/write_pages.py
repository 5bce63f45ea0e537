"""The overrides for pages of SDK docs -> lines of a spec."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from modelsync.schema.definitions import Definition, EnumValue, Field
from modelsync.schema.page_overrides import DefinitionPage, FieldPage
from modelsync.schema.types import Type
from modelsync.spec.write_lines import (
    entry,
    flag,
    optional_text,
    optional_value,
    plain,
    reason,
    text_map,
)

Spell: TypeAlias = Callable[[Type], str]
"""Returns a type expression as it is written in the spec."""


def field_pages(field: Field, spell: Spell) -> Iterator[str]:
    """Yield the lines of the overrides for pages of a field."""
    if field.pages:
        yield "    pages:"
    for language, page in field.pages.items():
        lines = list(_field_page(page, spell))
        yield f"      {language}:{'' if lines else ' {}'}"
        yield from lines


def _field_page(page: FieldPage, spell: Spell) -> Iterator[str]:
    indent = " " * 8
    yield from optional_text("name", page.name, indent)
    if page.type is not None:
        yield f"{indent}type: {plain(spell(page.type))}"
    yield from flag("nullable", page.nullable, indent)
    yield from optional_text("wrapper", page.wrapper, indent)
    yield from optional_text("cell", page.cell, indent)
    yield from flag("required", page.required, indent)
    yield from optional_text("description", page.description, indent)
    yield from optional_value("examples", page.examples, indent)
    yield from reason(page.deprecated, indent)


def definition_pages(definition: Definition, spell: Spell) -> Iterator[str]:
    """Yield the lines of the overrides for pages of a definition."""
    if not definition.pages:
        return
    yield "pages:"
    for language, page in definition.pages.items():
        if not page.shown:
            yield f"  {language}: false"
            continue
        lines = list(_definition_page(page, spell))
        yield f"  {language}:{'' if lines else ' {}'}"
        yield from lines


def _definition_page(page: DefinitionPage, spell: Spell) -> Iterator[str]:
    indent = " " * 4
    members = None
    if page.members is not None:
        members = tuple(map(spell, page.members))
    yield from optional_text("name", page.name, indent)
    yield from optional_text("file", page.file, indent)
    yield from optional_text("module", page.module, indent)
    yield from optional_text("description", page.description, indent)
    yield from reason(page.deprecated, indent)
    yield from flag("open", page.open, indent)
    yield from flag("named", page.named, indent)
    yield from flag("usage", page.usage, indent)
    yield from optional_value("order", page.order, indent)
    yield from optional_value("members", members, indent)
    yield from optional_value("tags", page.tags, indent)
    yield from optional_value("example", page.example, indent)
    yield from optional_value("examples", page.examples, indent)
    yield from optional_text("code", page.code, indent)
    yield from optional_value("heads", page.heads, indent)
    yield from optional_value("codes", page.codes, indent)
    yield from optional_text("more", page.more, indent)
    if page.width is not None:
        yield f"{indent}width: {page.width}"
    yield from text_map("options", page.options, indent)


def value_pages(value: EnumValue) -> Iterator[str]:
    """Yield the lines of the overrides for pages of a value of an enum."""
    if value.pages:
        yield "    pages:"
    for language, page in value.pages.items():
        yield f"      {language}:{' {}' if page.name is None else ''}"
        if page.name is not None:
            yield from entry("name", page.name, "        ")
