"""The part of a schema that one language has."""

from __future__ import annotations

from dataclasses import replace

from modelsync.schema.definitions import (
    Definition,
    Enum,
    EnumValue,
    Field,
    Model,
    named_items,
)
from modelsync.schema.schema import Schema


def of_language(schema: Schema, language: str) -> Schema:
    """Return `schema` without the definitions, fields and values that only other languages have.

    Abstract models are omitted too: no language has them. What all languages have in common is
    one schema for all of them, so that they share what it has computed about itself.
    """
    if any(item.only for each in schema.definitions for item in named_items(each)):
        return _reduced(schema, language)
    if not any(isinstance(each, Model) and each.abstract for each in schema.definitions):
        return schema
    if "of_language" not in schema.derived:
        schema.derived["of_language"] = _reduced(schema, language)
    return schema.derived["of_language"]


def _reduced(schema: Schema, language: str) -> Schema:

    def applies(item: Definition | Field | EnumValue) -> bool:
        return not item.only or language in item.only

    def reduced(item: Definition) -> Definition:
        match item:
            case Model(fields=fields) if any(field.only for field in fields):
                return replace(item, fields=tuple(filter(applies, fields)))
            case Enum(values=values) if any(value.only for value in values):
                return replace(item, values=tuple(filter(applies, values)))
            case _:
                return item

    return Schema(
        tuple(
            reduced(item)
            for item in schema.definitions
            if applies(item) and not (isinstance(item, Model) and item.abstract)
        )
    )
