"""The keys of models, enums, unions, aliases and external types, and how each one is read.

:data:`DEFINITIONS` is the whole language: the reader, the JSON Schema and the documentation use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from modelsync.errors import NOWHERE, Position
from modelsync.schema.definitions import EnumValue
from modelsync.schema.types import AnyOf, Nullable, Type
from modelsync.schema.values import NOTHING
from modelsync.spec import kinds, limits, other_keys
from modelsync.spec.fields import FIELDS, FieldKeys
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode
from modelsync.spec.page_overrides import VALUE_PAGES
from modelsync.spec.reader import MAX_NAME, Reader
from modelsync.spec.shape import Key, Kind, Shape, keys_in, object_schema
from modelsync.spec.shared_keys import (
    DEPRECATED,
    DESCRIPTION,
    INFERRED,
    NAMES,
    ONLY,
    PAGES,
    extensions_of,
)

_INTEGER: Final = r"-?(?:0|[1-9]\d{0,18})"

# Models -------------------------------------------------------------------------------------------


def _parents(reader: Reader, node: Node, key: Key[Any]) -> list[tuple[str, Position]]:
    """Return the models that a model extends, as written, each with its position."""
    items = (node,) if isinstance(node, ScalarNode) else reader.sequence(node, key.name)
    parents = []
    for item in items:
        text = reader.text(item, key.name)
        if text is not None:
            parents.append((text, item.position))
    return parents


PARENTS: Final[Kind[list[tuple[str, Position]]]] = Kind(_parents, kinds.NAME_LIST.schema)


class ModelKeys:
    """The keys of a model."""

    MODEL = Key("model", kinds.NAME, "The name of the model, which is a record.", needed=True)
    DESCRIPTION = DESCRIPTION
    DEPRECATED = DEPRECATED
    INFERRED = INFERRED
    NAMES = NAMES
    ONLY = ONLY
    PAGES = PAGES
    EXTENDS = Key("extends", PARENTS, "The models whose fields come before its own.")
    ABSTRACT = Key(
        "abstract", kinds.FLAG, "Whether only other models use it, by `extends`. Default: false."
    )
    ADDITIONAL_PROPERTIES = Key(
        "additionalProperties",
        kinds.ADDITIONAL,
        "Whether to keep keys that no field has, or the type of their values; `false` refuses them."
        " Default: they are ignored.",
    )
    FIELDS = Key("fields", FIELDS, "The fields by JSON key, in order.", needed=True)
    EXAMPLE = Key("example", kinds.VALUE, "An example document, for the documentation.")


# Enums --------------------------------------------------------------------------------------------


class EnumValueKeys:
    """The keys of an enum value."""

    DESCRIPTION = DESCRIPTION
    DEPRECATED = DEPRECATED
    NAMES = NAMES
    ONLY = ONLY
    PAGES = Key("pages", VALUE_PAGES, "Overrides for the pages of a language.")


ENUM_VALUE: Final = Shape(
    "an enum value", keys_in(EnumValueKeys), other_keys.instead_in_enum_value, extensible=True
)


def _enum_values(reader: Reader, node: Node, _key: Key[Any]) -> tuple[EnumValue, ...]:
    mapping = reader.mapping(node, "`values`", _values_help(node))
    if mapping is None:
        return ()
    if not mapping.entries:
        reader.problem(mapping.position, "MS012", "an enum needs at least one value")
    return tuple(_enum_value(reader, key, value) for key, value in mapping.entries)


def _enum_value(reader: Reader, key: ScalarNode, node: Node) -> EnumValue:
    if isinstance(node, ScalarNode):
        description = "" if node.is_null else reader.text(node, "description") or ""
        return EnumValue(key.text, description, position=key.position)
    entries = reader.read(node, ENUM_VALUE)
    if entries is None:
        return EnumValue(key.text, position=key.position)
    return EnumValue(
        key.text,
        description=entries.get_or(DESCRIPTION, ""),
        deprecated=entries.get(DEPRECATED),
        names=entries.get_or(NAMES, NOTHING),
        only=entries.get_or(ONLY, ()),
        pages=entries.get_or(EnumValueKeys.PAGES, NOTHING),
        extensions=extensions_of(entries),
        position=key.position,
        names_position=entries.position_of(NAMES, NOWHERE),
    )


def integer_values(reader: Reader, values: tuple[EnumValue, ...]) -> Iterator[EnumValue]:
    """Yield the values of an enum of `type: int64`, and report values that are not integers."""
    for value in values:
        text = str(value.json_value)
        if re.fullmatch(_INTEGER, text) and -(2**63) <= int(text) < 2**63:
            yield replace(value, json_value=int(text))
            continue
        reader.problem(
            value.position,
            "MS018",
            f"`{text}` is not a 64-bit integer",
            "use integers for the values of an enum with `type: int64`",
        )


def _values_help(node: Node) -> str:
    """Return help for values of an enum that are a list or a single string."""
    texts = []
    if isinstance(node, SequenceNode):
        texts = [item.text for item in node.items if isinstance(item, ScalarNode)]
    elif isinstance(node, ScalarNode):
        texts = re.split(r"\s*[,|]\s*", node.text[:MAX_NAME])
    first = next((text for text in texts if re.fullmatch(r"[\w-]{1,40}", text)), "value")
    return f"write one line `{first}:` per value, with an optional description after the colon"


ENUM_VALUES: Final[Kind[tuple[EnumValue, ...]]] = Kind(
    _enum_values,
    {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"anyOf": [kinds.TEXT_SCHEMA, object_schema(ENUM_VALUE)]},
    },
)


class EnumKeys:
    """The keys of an enum."""

    ENUM = Key("enum", kinds.NAME, "The name of the enum, which is a set of values.", needed=True)
    DESCRIPTION = DESCRIPTION
    DEPRECATED = DEPRECATED
    INFERRED = INFERRED
    NAMES = NAMES
    ONLY = ONLY
    PAGES = PAGES
    TYPE = Key("type", kinds.CHOICE, "The type of the values.", choices=("string", "int64"))
    VALUES = Key("values", ENUM_VALUES, "The values, each with its description.", needed=True)
    OPEN = Key("open", kinds.FLAG, "Whether unknown values are accepted. Default: false.")
    EXAMPLE = Key("example", kinds.VALUE, "An example value, for the documentation.")


# Unions -------------------------------------------------------------------------------------------


def _members(reader: Reader, node: Node, _key: Key[Any]) -> list[tuple[Type, Position]]:
    items = reader.sequence(node, "members")
    if not items and isinstance(node, SequenceNode):
        reader.problem(node.position, "MS012", "a union needs at least one member")
    members = []
    for item in items:
        type_ = kinds.read_type(reader, item)
        if isinstance(type_, Nullable):
            reader.problem(
                item.position,
                "MS012",
                "`null` cannot be a member of a union",
                "write `| null` where the union is used",
            )
        elif type_ is not None:
            flat = type_.members if isinstance(type_, AnyOf) else (type_,)
            members += [(member, item.position) for member in flat]
    return members


class MappingEntry(NamedTuple):
    """One entry of the `mapping` of a union."""

    value: str
    """A value of the discriminator, as written."""
    plain: bool
    """Whether it has no quotes."""
    member: str
    """The member, as written."""
    position: Position
    key_position: Position


def _mapping(reader: Reader, node: Node, _key: Key[Any]) -> tuple[MappingEntry, ...]:
    mapping = reader.mapping(node, "`mapping`")
    entries = []
    for key, value in mapping.entries if mapping else ():
        text = reader.text(value, key.text)
        if text is not None:
            entries.append(MappingEntry(key.text, key.plain, text, value.position, key.position))
    return tuple(entries)


def _discriminator(reader: Reader, node: Node, key: Key[Any]) -> str | None:
    scalar = reader.scalar(node, key.name, _discriminator_help(node, key))
    return None if scalar is None else reader.text(scalar, key.name)


def _discriminator_help(node: Node, key: Key[Any]) -> str:
    """Return help for a discriminator as in OpenAPI: a mapping with the name and the values."""
    texts = {
        entry.text: value.text if isinstance(value, ScalarNode) else ""
        for entry, value in (node.entries if isinstance(node, MappingNode) else ())
    }
    name = texts.get("propertyName", "")
    if not re.fullmatch(r"[\w-]{1,100}", name):
        return f"write the JSON key of the field, such as `{key.name}: kind`"
    mapping = ", and move `mapping` below `members`" if "mapping" in texts else ""
    return f"write `{key.name}: {name}`{mapping}"


DISCRIMINATOR: Final[Kind[str]] = Kind(_discriminator, kinds.TEXT.schema)
MEMBERS: Final[Kind[list[tuple[Type, Position]]]] = Kind(
    _members, {"type": "array", "items": kinds.TYPE_SCHEMA, "minItems": 1}
)
MAPPING: Final[Kind[tuple[MappingEntry, ...]]] = Kind(
    _mapping, {"type": "object", "additionalProperties": {"type": ["string"]}}
)


class UnionKeys:
    """The keys of a union."""

    UNION = Key(
        "union", kinds.NAME, "The name of the union, which is one of several types.", needed=True
    )
    DESCRIPTION = DESCRIPTION
    DEPRECATED = DEPRECATED
    INFERRED = INFERRED
    NAMES = NAMES
    ONLY = ONLY
    PAGES = PAGES
    DISCRIMINATOR = Key("discriminator", DISCRIMINATOR, "The field whose value selects the member.")
    MEMBERS = Key(
        "members", MEMBERS, "The types of the union, in the order they are tried.", needed=True
    )
    MAPPING = Key("mapping", MAPPING, "The member for each value of the discriminator.")
    OPEN = Key(
        "open",
        kinds.FLAG,
        "Whether objects with an unknown discriminator value are kept. Default: false.",
    )
    OVERLAPPING = Key(
        "overlapping", kinds.FLAG, "Whether to allow unreachable members. Default: false."
    )
    EXAMPLE = Key("example", kinds.VALUE, "An example value, for the documentation.")


# Aliases ------------------------------------------------------------------------------------------


class AliasKeys:
    """The keys of an alias, besides constraints."""

    ALIAS = Key("alias", kinds.NAME, "The name of the alias, which names a type.", needed=True)
    TYPE = FieldKeys.TYPE
    DESCRIPTION = DESCRIPTION
    DEPRECATED = DEPRECATED
    INFERRED = INFERRED
    NAMES = NAMES
    ONLY = ONLY
    PAGES = PAGES
    FORMAT = FieldKeys.FORMAT
    EXAMPLE = Key("example", kinds.VALUE, "An example value, for the documentation.")


# External types -----------------------------------------------------------------------------------


class ExternalKeys:
    """The keys of an external type."""

    EXTERNAL = Key(
        "external",
        kinds.NAME,
        "The name of a type that the docs mention but no spec defines.",
        True,
    )
    DESCRIPTION = DESCRIPTION
    ONLY = ONLY
    SHOWN = Key(
        "shown", kinds.TEXT_MAP, "The type as written in the docs of each language.", needed=True
    )
    LINKS = Key("links", kinds.TEXT_MAP, "The link target in the docs of each language.")


DEFINITIONS: Final[Mapping[str, Shape]] = {
    "model": Shape("a model", keys_in(ModelKeys), other_keys.instead_in_model, extensible=True),
    "enum": Shape("an enum", keys_in(EnumKeys), other_keys.instead_in_enum, extensible=True),
    "union": Shape(
        "a union",
        keys_in(UnionKeys),
        other_keys.instead_in_union,
        extensible=True,
        keywords={
            "if": {"properties": {"open": {"const": True}}, "required": ["open"]},
            "then": {"required": ["discriminator"]},
        },
    ),
    "alias": Shape(
        "an alias",
        (*keys_in(AliasKeys), *limits.KEYS.values()),
        other_keys.instead_in_alias,
        extensible=True,
    ),
    "external": Shape("an external type", keys_in(ExternalKeys)),
}
"""The shape of each kind of document, by its first key."""
