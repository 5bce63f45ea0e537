"""Override names for which the target derives different ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from modelsync.pages.page import Values
from modelsync.schema.definitions import Definition, Enum, EnumValue, Field, Model, Union
from modelsync.schema.page_overrides import DefinitionPage
from modelsync.transcribe.page_overrides.context import Context, MatchedPage
from modelsync.transcribe.typed_pages import TypedPage

_IMPORTED: Final = re.compile(r'import \{([\s\w,]+)\} from "(?:[^"/]*+/)*+([^"/]+)\.js";')
"""An import from a file: the imported names, and the name of the file."""


def override_names(definition: Definition, matched: MatchedPage, context: Context) -> Definition:
    """Return a definition with the names on its page, and with the options of the page."""
    typed = matched.page
    page = context.page_of(definition)
    if typed.options:
        page = replace(page, options=dict(sorted(typed.options.items())))
    file = context.pages.places[definition.id].path.rpartition("/")[2]
    if file != f"{typed.stem}.md":
        page = replace(page, file=typed.stem)
    module = _module(context.with_page(definition, page), typed, context)
    if module is not None:
        page = replace(page, module=module)
    match definition:
        case Model(fields=fields):
            names = {matched.json_keys[row.key]: row.row.name for row in typed.fields}
            definition = replace(
                definition,
                fields=tuple(_named_field(definition, field, names, context) for field in fields),
            )
        case Enum():
            assert isinstance(typed.page.body, Values)
            has_names = typed.page.body.form == "table"
            if has_names != context.pages.as_table(definition):
                page = replace(page, named=has_names)
            definition = _with_value_names(definition, typed, context)
        case Union():
            page = _with_members(definition, page, typed, context)
    return context.with_page(definition, page)


def hide_page(definition: Definition, context: Context) -> Definition:
    """Return a definition that has no page in this language, although it would get one."""
    is_external = isinstance(definition, Union) and definition.external is not None
    if is_external or definition.id not in context.schema.by_id:
        return definition
    return context.with_page(definition, replace(context.page_of(definition), shown=False))


def _module(definition: Definition, typed: TypedPage, context: Context) -> str | None:
    """Return the file that an example imports a definition from, if not the file of its page."""
    if context.pages.for_page(definition).example.style.imports != "files":
        return None
    for names, module in _IMPORTED.findall(typed.page.usage or ""):
        if typed.place.title in re.findall(r"\w+", names):
            return None if module == typed.stem else str(module)
    return None


def _with_members(
    union: Union, page: DefinitionPage, typed: TypedPage, context: Context
) -> DefinitionPage:
    """Return `page` with the members that it shows, and with what its code calls them."""
    members = tuple(map(context.resolve, typed.members))
    if members != union.members:
        page = replace(page, members=members)
    if typed.tags and typed.tags != context.pages.notation.tags(union, members):
        page = replace(page, tags=typed.tags)
    return page


def _named_field(model: Model, field: Field, names: Mapping[str, str], context: Context) -> Field:
    """Return a field with its name on the page; `names` has that by JSON key."""
    name = names.get(field.json_key)
    if name is None or context.pages.field_names.get((model.id, field.json_key)) == name:
        return field
    return replace(field, names={**field.names, context.language: name})


def _with_value_names(enum: Enum, typed: TypedPage, context: Context) -> Enum:
    """Return an enum whose values have the names on its page."""
    names = {str(value.json_value): value.name for value in typed.values if value.name}

    def named(value: EnumValue) -> EnumValue:
        name = names.get(str(value.json_value))
        if name is None or context.pages.value_names.get((enum.id, value.json_value)) == name:
            return value
        return replace(value, names={**value.names, context.language: name})

    return replace(enum, values=tuple(map(named, enum.values)))
