"""The keys of models, fields, enums, unions, aliases and external types, and how each one is read.

:data:`DEFINITIONS` is the whole language: the reader, the JSON Schema and the documentation use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from modelsync.errors import NOWHERE, Position
from modelsync.schema.definitions import EnumValue, Field
from modelsync.schema.other_types import meaning_of
from modelsync.schema.type_expr import valid_help
from modelsync.schema.types import NUMBERS, AnyOf, Nullable, Scalar, Type
from modelsync.schema.values import NOTHING, Value
from modelsync.spec import kinds, limits, other_keys
from modelsync.spec.limits import NO_LIMITS, Limits, read_limits
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode
from modelsync.spec.page_overrides import DEFINITION_PAGES, FIELD_PAGES, VALUE_PAGES
from modelsync.spec.reader import MAX_NAME, Entries, Reader
from modelsync.spec.shape import Key, Kind, Shape, keys_in, object_schema
from modelsync.spec.values import natural
from modelsync.spec.yaml_problems import NO_SPACE

_FORMAT: Final = r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}"
_INTEGER: Final = r"-?(?:0|[1-9]\d{0,18})"

DESCRIPTION: Final = Key("description", kinds.TEXT, "A description, for the documentation.")
DEPRECATED: Final = Key("deprecated", kinds.REASON, "`true`, or the reason for the deprecation.")
NAMES: Final = Key(
    "names", kinds.TEXT_MAP, "The name to use in a target, instead of the derived one."
)
INFERRED: Final = Key(
    "inferred", kinds.FLAG, "Whether it was inferred from an example of another definition."
)
ONLY: Final = Key("only", kinds.NAME_LIST, "The languages to generate it for. Default: all.")
PAGES: Final = Key(
    "pages",
    DEFINITION_PAGES,
    "Overrides for the page of a language; `false` for no page.",
)


def extensions_of(entries: Entries) -> Mapping[str, Value]:
    """Return the values of the keys that start with `x-`, as YAML shows them."""
    if not entries.extensions:
        return NOTHING
    return {key: natural(node) for key, node in entries.extensions.items()}


# Fields -------------------------------------------------------------------------------------------


class FieldValues(NamedTuple):
    """The nodes of a field whose meaning depends on the types of the whole schema."""

    example: Node | None = None
    examples: Node | None = None
    default: Node | None = None
    limits: Limits = NO_LIMITS


def _format(reader: Reader, node: Node, key: Key[Any]) -> str | None:
    text = reader.text(node, key.name)
    if text is None or re.fullmatch(_FORMAT, text):
        return text
    message = f"`{key.name}` must be a word of letters, digits, `.`, `_`, `+` and `-`"
    reader.problem(node.position, "MS013", message, "describe other forms in the description")
    return None


_TYPES: Final = sorted(
    name for name, type_ in other_keys.TYPE_OF_FORMAT.items() if type_ not in NUMBERS
)
FORMAT: Final[Kind[str]] = Kind(_format, {"type": "string", "not": {"enum": _TYPES}})


class FieldKeys:
    """The keys of a field."""

    TYPE = Key(
        "type",
        kinds.TYPE,
        "The type, such as `string`, `list[User]` or `Order | null`.",
        needed=True,
    )
    REQUIRED = Key("required", kinds.FLAG, "Whether the key must be present. Default: false.")
    DESCRIPTION = DESCRIPTION
    EXAMPLE = Key("example", kinds.VALUE, "An example value, for the documentation.")
    EXAMPLES = Key("examples", kinds.VALUES, "Several example values, for the documentation.")
    DEFAULT = Key("default", kinds.VALUE, "The value of the field if nothing else sets it.")
    READ_ONLY = Key("readOnly", kinds.FLAG, "Whether only the server sets it. Default: false.")
    WRITE_ONLY = Key("writeOnly", kinds.FLAG, "Whether only clients set it. Default: false.")
    FORMAT = Key("format", FORMAT, "A form of the value that is documented and not checked.")
    DEPRECATED = DEPRECATED
    NAMES = NAMES
    ONLY = ONLY
    PAGES = Key("pages", FIELD_PAGES, "Overrides for the pages of a language.")


FIELD: Final = Shape(
    "a field",
    (*keys_in(FieldKeys), *limits.KEYS.values()),
    other_keys.instead_in_field,
    extensible=True,
    keywords={
        "not": {
            "properties": {"readOnly": {"const": True}, "writeOnly": {"const": True}},
            "required": ["readOnly", "writeOnly"],
        }
    },
)


def _fields(reader: Reader, node: Node, _key: Key[Any]) -> list[tuple[Field, FieldValues]]:
    help_ = "indent the fields below it; write `fields: {}` for a model without fields"
    if isinstance(node, SequenceNode):
        help_ = _list_of_fields_help(node)
    if isinstance(node, ScalarNode) and (glued := NO_SPACE.match(node.text)):
        help_ = f"put a space after `{glued[1]}`"
    mapping = reader.mapping(node, "`fields`", help_)
    fields = (
        _field(reader, key, value)
        for key, value in (_indented_fields(reader, mapping.entries) if mapping else ())
    )
    return [field for field in fields if field is not None]


def _indented_fields(
    reader: Reader, entries: tuple[tuple[ScalarNode, Node], ...]
) -> Iterator[tuple[ScalarNode, Node]]:
    """Yield the fields, and report keys of a field that are next to it instead of below it."""
    above: ScalarNode | None = None
    is_dedented = False
    for (key, value), following in zip_longest(entries, entries[1:]):
        if above is not None and FIELD.has_key(key.text) and _is_text(value):
            continue  # a key of the field `above`
        above = None
        after = following[0] if following and _is_text(following[1]) else None
        if _is_empty(value) and after is not None and after.text in ("type", "$ref"):
            above = key
            is_dedented = True
            reader.problem(
                after.position,
                "MS012",
                f"`{after.text}` is next to the field `{key.text}`, not inside it",
                f"indent the keys of `{key.text}` below it",
            )
            continue
        if not (is_dedented and _is_empty(value)):
            yield key, value


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.plain and node.text == ""


def _is_text(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not _is_empty(node)


def _field(reader: Reader, key: ScalarNode, node: Node) -> tuple[Field, FieldValues] | None:
    help_ = "" if isinstance(node, MappingNode) else _field_help(key, node)
    entries = reader.read(node, FIELD, help_)
    type_ = entries.get(FieldKeys.TYPE) if entries is not None else None
    if entries is None or type_ is None:
        return None
    if entries.nodes.keys() <= _MOST_USED and not entries.extensions:
        return _plain_field(key, entries, type_), _NO_VALUES
    _check_values(reader, entries)
    _check_access(reader, key, entries)
    check_format(reader, entries, type_)
    field = Field(
        json_key=key.text,
        type=type_,
        required=entries.get_or(FieldKeys.REQUIRED, False),
        description=entries.get_or(DESCRIPTION, ""),
        deprecated=entries.get(DEPRECATED),
        read_only=entries.get_or(FieldKeys.READ_ONLY, False),
        write_only=entries.get_or(FieldKeys.WRITE_ONLY, False),
        names=entries.get_or(NAMES, NOTHING),
        only=entries.get_or(ONLY, ()),
        pages=entries.get_or(FieldKeys.PAGES, NOTHING),
        position=key.position,
        format=entries.get_or(FieldKeys.FORMAT, ""),
        extensions=extensions_of(entries),
        names_position=entries.position_of(NAMES, NOWHERE),
        type_position=entries.position_of(FieldKeys.TYPE, key.position),
    )
    values = FieldValues(
        entries.get(FieldKeys.EXAMPLE),
        entries.get(FieldKeys.EXAMPLES),
        entries.get(FieldKeys.DEFAULT),
        read_limits(entries),
    )
    return field, values


_MOST_USED: Final = frozenset({FieldKeys.TYPE, FieldKeys.REQUIRED, DESCRIPTION})
_NO_VALUES: Final = FieldValues()


def _plain_field(key: ScalarNode, entries: Entries, type_: Type) -> Field:
    """Return a field that has only keys of :data:`_MOST_USED`, as most fields do."""
    return Field(
        json_key=key.text,
        type=type_,
        required=entries.get_or(FieldKeys.REQUIRED, False),
        description=entries.get_or(DESCRIPTION, ""),
        names=NOTHING,
        pages=NOTHING,
        extensions=NOTHING,
        position=key.position,
        type_position=entries.nodes[FieldKeys.TYPE].position,
    )


def _check_values(reader: Reader, entries: Entries) -> None:
    """Check that `example` and `examples` go together."""
    examples = entries.nodes.get(FieldKeys.EXAMPLES)
    if examples is not None and FieldKeys.EXAMPLE in entries.nodes:
        reader.problem(
            examples.position,
            "MS012",
            "a field has both `example` and `examples`",
            "put all examples under `examples`",
        )


def _check_access(reader: Reader, field: ScalarNode, entries: Entries) -> None:
    """Check that a field is not both read-only and write-only: nothing could ever have it."""
    if entries.get(FieldKeys.READ_ONLY) and entries.get(FieldKeys.WRITE_ONLY):
        reader.problem(
            entries.nodes[FieldKeys.WRITE_ONLY].position,
            "MS084",
            f"field `{field.text}` is both read-only and write-only",
            "remove `readOnly` or `writeOnly`",
        )


def check_format(reader: Reader, entries: Entries, type_: Type) -> None:
    """Check that `format` is not the name of a type that exists here."""
    if FieldKeys.FORMAT not in entries.nodes:
        return
    text = entries.get_or(FieldKeys.FORMAT, "")
    meant = other_keys.TYPE_OF_FORMAT.get(text.casefold())
    bare = type_.inner if isinstance(type_, Nullable) else type_
    # A number that is written as a string has no type.
    if meant is None or (bare == Scalar("string") and meant in NUMBERS):
        return
    position = entries.nodes[FieldKeys.FORMAT].position
    message = f"the format `{text}` is the type `{meant}`"
    reader.problem(position, "MS023", message, f"remove `format`, and write `type: {meant}`")


def _list_of_fields_help(node: SequenceNode) -> str:
    """Return help for fields that are written as a list, with the name of the first one."""
    if not node.items:
        return "write `fields: {}`"
    first = node.items[0]
    if isinstance(first, ScalarNode) and len(first.text) <= MAX_NAME:
        return f"write `{first.text}: {{type: string}}`, without `-`"
    name = "name"
    for key, value in first.entries if isinstance(first, MappingNode) else ():
        if key.text == "name" and isinstance(value, ScalarNode) and len(value.text) <= MAX_NAME:
            name = value.text
    return f"write `{name}:` and its keys below, without `-`"


def _field_help(key: ScalarNode, node: ScalarNode | SequenceNode) -> str:
    """Return help for a field that is only its type: `id: string`, or `tags: [string]`."""
    meaning = None
    required = ", required: true" if isinstance(node, ScalarNode) and node.text[-1:] == "!" else ""
    if isinstance(node, ScalarNode) and not node.is_null:
        meaning = meaning_of(node.text.removeprefix("type:").rstrip("!"))
    elif isinstance(node, SequenceNode):
        meaning = kinds.meaning_of_items(node)
    type_ = meaning.text if meaning is not None and valid_help(meaning) else "string"
    if not type_.replace(" | ", "").isidentifier():
        type_ = f"'{type_}'"
    return f"write `{key.text.rstrip('?!')}: {{type: {type_}{required}}}`"


FIELDS: Final[Kind[list[tuple[Field, FieldValues]]]] = Kind(
    _fields, {"type": "object", "additionalProperties": {"$ref": "#/definitions/field"}}
)

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
