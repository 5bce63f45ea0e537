"""The key `pages`: what the documentation pages of a language show differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from modelsync.schema.page_overrides import DefinitionPage, FieldPage, ValuePage
from modelsync.schema.values import NOTHING
from modelsync.spec import kinds
from modelsync.spec.nodes import MappingNode, Node, ScalarNode
from modelsync.spec.reader import Reader
from modelsync.spec.shape import Key, Kind, Shape, keys_in, object_schema


class _FieldPage:
    NAME = Key("name", kinds.TEXT, "The name on the page, if it is not valid in code.")
    TYPE = Key("type", kinds.TYPE, "The type on the page.")
    NULLABLE = Key("nullable", kinds.FLAG, "Whether the page shows an `any` as nullable.")
    WRAPPER = Key(
        "wrapper",
        kinds.CHOICE,
        "The wrapper of the type in Python, if it contradicts the rest of the page.",
        choices=("none", "Optional", "Nullable", "OptionalNullable"),
    )
    CELL = Key("cell", kinds.TEXT, "The text in the type's cell, if no type produces it.")
    REQUIRED = Key("required", kinds.FLAG, "Whether the page shows the field as required.")
    DESCRIPTION = Key("description", kinds.TEXT, "The description on the page.")
    EXAMPLES = Key("examples", kinds.TEXTS, "The examples, as written on the page.")
    DEPRECATED = Key(
        "deprecated", kinds.SHOWN_REASON, "`true`, `false`, or the reason on the page."
    )


class _ValuePage:
    NAME = Key("name", kinds.TEXT, "The name on the page, if it is not valid in code.")


class _DefinitionPage:
    NAME = Key("name", kinds.TEXT, "The title of the page, if it is not valid in code.")
    FILE = Key("file", kinds.TEXT, "The file name of the page, without its extension.")
    MODULE = Key(
        "module",
        kinds.TEXT,
        "The file that examples import from, if it is not the file of the page.",
    )
    DESCRIPTION = Key("description", kinds.TEXT, "The description on the page.")
    DEPRECATED = Key(
        "deprecated", kinds.SHOWN_REASON, "`true`, `false`, or the reason on the page."
    )
    OPEN = Key("open", kinds.FLAG, "Whether the page shows an enum, or a union in Go, as open.")
    NAMED = Key("named", kinds.FLAG, "Whether the page of an enum lists names, unlike most pages.")
    USAGE = Key("usage", kinds.FLAG, "Whether the page has an example, unlike most pages.")
    ORDER = Key("order", kinds.TEXTS, "The fields or values, in the order of the page.")
    MEMBERS = Key("members", kinds.TYPES, "The members of a union on its page. They may repeat.")
    TAGS = Key("tags", kinds.TEXTS, "The names of a union's members on the page, in order.")
    EXAMPLE = Key(
        "example", kinds.NATURAL_VALUE, "The example on the page. It need not match the fields."
    )
    EXAMPLES = Key(
        "examples", kinds.NATURAL_VALUES, "The examples on a union's page, one per member."
    )
    CODE = Key("code", kinds.TEXT, "The code of the example, if its value does not produce it.")
    HEADS = Key("heads", kinds.TEXTS, "The heading of each union member, without backticks.")
    CODES = Key("codes", kinds.TEXTS, "The code of each union member, if no value produces it.")
    MORE = Key("more", kinds.TEXT, "The text after the members of a union.")
    WIDTH = Key("width", kinds.COUNT, "The width of the table's columns, if it is unusual.")
    OPTIONS = Key(
        "options", kinds.TEXT_MAP, "The options of the Markdown target that differ on this page."
    )


_FIELD_PAGE: Final = Shape("a page override of a field", keys_in(_FieldPage))
_VALUE_PAGE: Final = Shape("a page override of an enum value", keys_in(_ValuePage))
_DEFINITION_PAGE: Final = Shape("a page override", keys_in(_DefinitionPage))


def _languages(reader: Reader, node: Node) -> tuple[tuple[ScalarNode, Node], ...]:
    mapping = reader.mapping(node, "`pages`", "write `pages: {go: {...}}`")
    return mapping.entries if mapping else ()


def _field_pages(reader: Reader, node: Node, _key: Key[Any]) -> dict[str, FieldPage]:
    return {key.text: _field_page(reader, value) for key, value in _languages(reader, node)}


def _field_page(reader: Reader, node: Node) -> FieldPage:
    entries = reader.read(node, _FIELD_PAGE)
    if entries is None:
        return FieldPage()
    return FieldPage(
        name=entries.get(_FieldPage.NAME),
        type=entries.get(_FieldPage.TYPE),
        nullable=entries.get(_FieldPage.NULLABLE),
        wrapper=entries.get(_FieldPage.WRAPPER),
        cell=entries.get(_FieldPage.CELL),
        required=entries.get(_FieldPage.REQUIRED),
        description=entries.get(_FieldPage.DESCRIPTION),
        examples=entries.get(_FieldPage.EXAMPLES),
        deprecated=entries.get(_FieldPage.DEPRECATED),
    )


def _value_pages(reader: Reader, node: Node, _key: Key[Any]) -> dict[str, ValuePage]:
    pages = {}
    for key, value in _languages(reader, node):
        entries = reader.read(value, _VALUE_PAGE)
        pages[key.text] = ValuePage(entries.get(_ValuePage.NAME) if entries else None)
    return pages


def _definition_pages(reader: Reader, node: Node, _key: Key[Any]) -> dict[str, DefinitionPage]:
    pages = {}
    for key, value in _languages(reader, node):
        if isinstance(value, ScalarNode) and value.plain and value.text == "false":
            pages[key.text] = DefinitionPage(shown=False)
        else:
            pages[key.text] = _definition_page(reader, value)
    return pages


def _definition_page(reader: Reader, node: Node) -> DefinitionPage:
    help_ = (
        "" if isinstance(node, MappingNode) else "to omit the page, write `false` without quotes"
    )
    entries = reader.read(node, _DEFINITION_PAGE, help_)
    if entries is None:
        return DefinitionPage()
    return DefinitionPage(
        name=entries.get(_DefinitionPage.NAME),
        file=entries.get(_DefinitionPage.FILE),
        module=entries.get(_DefinitionPage.MODULE),
        description=entries.get(_DefinitionPage.DESCRIPTION),
        deprecated=entries.get(_DefinitionPage.DEPRECATED),
        open=entries.get(_DefinitionPage.OPEN),
        named=entries.get(_DefinitionPage.NAMED),
        usage=entries.get(_DefinitionPage.USAGE),
        order=entries.get(_DefinitionPage.ORDER),
        members=entries.get(_DefinitionPage.MEMBERS),
        tags=entries.get(_DefinitionPage.TAGS),
        example=entries.get(_DefinitionPage.EXAMPLE),
        examples=entries.get(_DefinitionPage.EXAMPLES),
        code=entries.get(_DefinitionPage.CODE),
        heads=entries.get(_DefinitionPage.HEADS),
        codes=entries.get(_DefinitionPage.CODES),
        more=entries.get(_DefinitionPage.MORE),
        width=entries.get(_DefinitionPage.WIDTH),
        options=entries.get_or(_DefinitionPage.OPTIONS, NOTHING),
    )


FIELD_PAGES: Final[Kind[Mapping[str, FieldPage]]] = Kind(
    _field_pages, {"type": "object", "additionalProperties": object_schema(_FIELD_PAGE)}
)
VALUE_PAGES: Final[Kind[Mapping[str, ValuePage]]] = Kind(
    _value_pages, {"type": "object", "additionalProperties": object_schema(_VALUE_PAGE)}
)
DEFINITION_PAGES: Final[Kind[Mapping[str, DefinitionPage]]] = Kind(
    _definition_pages,
    {
        "type": "object",
        "additionalProperties": {"anyOf": [{"const": False}, object_schema(_DEFINITION_PAGE)]},
    },
)
