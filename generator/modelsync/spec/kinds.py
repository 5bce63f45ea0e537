"""The kinds of values that keys of specs and of the config have.

The readers treat every YAML scalar as text, whatever it looks like. So the JSON Schema accepts
every scalar where they read text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from modelsync.schema.other_types import Meaning, meaning_of, meaning_of_list
from modelsync.schema.type_expr import MEANINGS, RESERVED, TypeExpressionError, parse, valid_help
from modelsync.schema.types import Scalar, Type
from modelsync.schema.values import Value
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode
from modelsync.spec.reader import FLAGS, MAX_NAME, Reader
from modelsync.spec.shape import Key, Kind, Shape, object_schema
from modelsync.spec.values import natural

# Texts, flags and numbers -------------------------------------------------------------------------

TEXT_SCHEMA: Final = {"type": ["string", "number", "boolean", "null"]}

TEXT: Final[Kind[str]] = Kind(lambda reader, node, key: reader.text(node, key.name), TEXT_SCHEMA)
CHOICE: Final[Kind[str]] = Kind(
    lambda reader, node, key: reader.choice(node, key), {"type": "string"}
)
FLAG: Final[Kind[bool]] = Kind(
    lambda reader, node, key: reader.flag(node, key.name), {"type": "boolean"}
)
COUNT: Final[Kind[int]] = Kind(
    lambda reader, node, key: reader.count(node, key.name),
    {"type": "integer", "minimum": 1, "maximum": 9_999_999},
)
NAME: Final[Kind[str]] = Kind(
    lambda reader, node, key: reader.name(node, key.name),
    {
        "type": "string",
        "pattern": "^[A-Za-z][A-Za-z0-9_]*$",
        "maxLength": MAX_NAME,
        "not": {"enum": sorted(RESERVED)},
    },
)

# As in `Reader.reason`. JSON Schema has no flag to ignore case.
_FLAG_WORDS: Final = "|".join(
    "".join(f"[{char.upper()}{char}]" for char in word) for word in sorted(FLAGS)
)
_REASON_SCHEMA: Final = {
    "type": ["boolean", "string"],
    "pattern": rf"^(?!\s*$)(?!(?:{_FLAG_WORDS})$)",
}
REASON: Final[Kind[str]] = Kind(
    lambda reader, node, key: reader.reason(node, key.name), _REASON_SCHEMA
)
SHOWN_REASON: Final[Kind[str | Literal[False]]] = Kind(
    lambda reader, node, key: reader.shown_reason(node, key.name), _REASON_SCHEMA
)

# Lists and mappings of texts ----------------------------------------------------------------------

TEXTS: Final[Kind[tuple[str, ...]]] = Kind(
    lambda reader, node, key: reader.texts(node, key.name),
    {"type": ["array", *TEXT_SCHEMA["type"]], "items": TEXT_SCHEMA},
)
NAME_LIST: Final[Kind[tuple[str, ...]]] = Kind(
    lambda reader, node, key: reader.texts(node, key.name),
    {"type": ["array", "string"], "items": {"type": "string"}},
)
"""A list of languages or packages."""
TEXT_MAP: Final[Kind[Mapping[str, str]]] = Kind(
    lambda reader, node, key: reader.text_map(node, key.name),
    {"type": "object", "additionalProperties": TEXT_SCHEMA},
)

# Values whose meaning depends on a type -----------------------------------------------------------


def node_kind(schema: Mapping[str, Any]) -> Kind[Node]:
    """Return the kind of values that are read later, from their nodes."""
    return Kind(lambda _reader, node, _key: node, schema)


VALUE: Final = node_kind({})
VALUES: Final = node_kind({"type": "array"})


def _natural_values(reader: Reader, node: Node, key: Key[Any]) -> tuple[Value, ...]:
    return tuple(natural(item) for item in reader.sequence(node, key.name))


NATURAL_VALUE: Final[Kind[Value]] = Kind(lambda _reader, node, _key: natural(node), VALUE.schema)
"""A JSON value that need not fit a type."""
NATURAL_VALUES: Final[Kind[tuple[Value, ...]]] = Kind(_natural_values, VALUES.schema)

# Types --------------------------------------------------------------------------------------------

TYPE_SCHEMA: Final = {
    "type": ["string", "number", "boolean"],
    "examples": ["string", "int64", "datetime", "list[string]", "map[any]", "User | null"],
    "not": {"enum": sorted(RESERVED - MEANINGS)},
}


def read_type(reader: Reader, node: Node) -> Type | None:
    """Read a type expression."""
    help_ = "write a type, such as `string` or `list[User]`"
    if isinstance(node, SequenceNode):
        help_ = _list_help(node)
    elif isinstance(node, MappingNode):
        help_ = "define a model in its own document, and use its name here"
    scalar = reader.scalar(node, "type", help_)
    if scalar is None:
        return None
    start = scalar.position
    if not scalar.plain:
        start = start.shifted(1)
    try:
        return parse(scalar.text, start)
    except TypeExpressionError as error:
        reader.problems.append(error.at(start))
        return None


def meaning_of_items(node: SequenceNode) -> Meaning | None:
    """Return the type that a list of types means in JSON Schema, or in a field: `[string]`."""
    texts = [item.text for item in node.items if isinstance(item, ScalarNode)]
    if len(texts) == len(node.items) == 1:
        return meaning_of(f"list[{texts[0]}]")
    return meaning_of_list(texts) if len(texts) == len(node.items) else None


def _list_help(node: SequenceNode) -> str:
    general = "write a list as `list[string]`, and several types as `string | int64`"
    return valid_help(meaning_of_items(node)) or general


def _types(reader: Reader, node: Node, key: Key[Any]) -> tuple[Type, ...]:
    types = (read_type(reader, item) for item in reader.sequence(node, key.name))
    return tuple(type_ for type_ in types if type_ is not None)


def _additional(reader: Reader, node: Node, key: Key[Any]) -> Type | Literal[False] | None:
    """Read what a model does with keys that no field has: `true` keeps any value."""
    if isinstance(node, ScalarNode) and node.text.lower() in ("true", "false"):
        is_kept = reader.flag(node, key.name)
        return Scalar("any") if is_kept else is_kept
    if isinstance(node, MappingNode):
        reader.scalar(node, key.name, _additional_help(node, key))
        return None
    if isinstance(node, ScalarNode) and node.plain and node.text in ("yes", "no", "on", "off"):
        reader.flag(node, key.name)
        return None
    return read_type(reader, node)


def _additional_help(node: MappingNode, key: Key[Any]) -> str:
    """Return help for a JSON Schema for the values of additional properties."""
    types = (value for entry, value in node.entries if entry.text in ("type", "$ref"))
    texts = [value.text for value in types if isinstance(value, ScalarNode)]
    name = re.split(r"[/#]", texts[0])[-1] if texts else "true"
    meaning = meaning_of(name)
    type_ = meaning.text if meaning is not None and valid_help(meaning) else name
    is_short = re.fullmatch(r"[\w.]{1,100}", type_)
    return f"write `{key.name}: {type_}`" if is_short else f"write `{key.name}: true`, or a type"


TYPE: Final[Kind[Type]] = Kind(lambda reader, node, _key: read_type(reader, node), TYPE_SCHEMA)
TYPES: Final[Kind[tuple[Type, ...]]] = Kind(_types, {"type": "array", "items": TYPE_SCHEMA})
ADDITIONAL: Final[Kind[Type | Literal[False]]] = Kind(
    _additional,
    {
        "type": ["boolean", "string"],
        "examples": [False, True, "string"],
        "not": {"enum": ["true", "false", "yes", "no", "on", "off", *sorted(RESERVED - MEANINGS)]},
    },
)

# The config ---------------------------------------------------------------------------------------

PATH: Final = node_kind({"type": "string"})
TARGET: Final = node_kind({"type": "string"})
PACKAGES: Final = node_kind(NAME_LIST.schema)
OPTION: Final = node_kind({})


def targets_kind(target: Shape) -> Kind[Node]:
    """Return the kind of the targets in a config. Packages may add targets with other options."""
    return node_kind(
        {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[a-z][a-z0-9_-]*$"},
            "additionalProperties": object_schema(target, closed=False),
        }
    )
