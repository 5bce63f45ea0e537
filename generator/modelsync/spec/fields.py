"""The keys of fields, and how each one is read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from modelsync.errors import NOWHERE
from modelsync.schema.definitions import Field
from modelsync.schema.other_types import meaning_of
from modelsync.schema.type_expr import valid_help
from modelsync.schema.types import INTEGERS, NUMBERS, Nullable, Scalar, Type
from modelsync.schema.values import NOTHING
from modelsync.spec import kinds, limits, other_keys
from modelsync.spec.limits import NO_LIMITS, Limits, read_limits
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode
from modelsync.spec.page_overrides import FIELD_PAGES
from modelsync.spec.reader import MAX_NAME, Entries, Reader
from modelsync.spec.shape import Key, Kind, Shape, keys_in
from modelsync.spec.shared_keys import (
    DEPRECATED,
    DESCRIPTION,
    FORMAT,
    NAMES,
    ONLY,
    extensions_of,
)
from modelsync.spec.yaml_problems import NO_SPACE


class FieldValues(NamedTuple):
    """The nodes of a field whose meaning depends on the types of the whole schema."""

    example: Node | None = None
    examples: Node | None = None
    default: Node | None = None
    limits: Limits = NO_LIMITS


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
    # A number that is written as a string has no type, and neither has an integer with a fraction.
    if meant is None or (bare == Scalar("string") and meant in NUMBERS):
        return
    if bare in (Scalar("float32"), Scalar("float64")) and meant in INTEGERS:
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
