"""The constraints of a field as written, and how they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from modelsync.errors import Position
from modelsync.schema.constraints import KEYWORDS, NONE, Constraints, plain_number
from modelsync.spec import shape
from modelsync.spec.nodes import Node, ScalarNode
from modelsync.spec.reader import Entries, Reader
from modelsync.spec.shape import Key

_NUMBER: Final = r"(?a)-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,4})?"
_MAX_DIGITS: Final = 400


@dataclass(frozen=True, slots=True)
class Limits:
    """The constraints of a field, as written."""

    constraints: Constraints = NONE
    positions: Mapping[str, Position] = field(default_factory=dict)
    """The position of each constraint, by its attribute."""


NO_LIMITS: Final = Limits()


# Keys ---------------------------------------------------------------------------------------------


def _size(reader: Reader, node: Node, key: Key[Any]) -> int | None:
    digits = node.text if isinstance(node, ScalarNode) and node.plain else ""
    if re.fullmatch(r"0|[1-9]\d{0,8}", digits, re.ASCII):
        return int(digits)
    message = f"`{key.name}` must be an integer from 0 to 999999999"
    is_quoted = isinstance(node, ScalarNode) and not node.plain
    reader.problem(node.position, "MS013", message, "write it without quotes" if is_quoted else "")
    return None


def _number(reader: Reader, node: Node, key: Key[Any]) -> Decimal | None:
    text = node.text if isinstance(node, ScalarNode) and node.plain else ""
    if not re.fullmatch(_NUMBER, text):
        message = f"`{key.name}` must be a number"
        help_ = "write it as in JSON, without quotes"
        if text in ("true", "false"):
            other = key.name.replace("exclusiveM", "m")
            help_ = f"write the limit itself, such as `{key.name}: 0`, and remove `{other}`"
            help_ = help_ if text == "true" and other != key.name else f"remove `{key.name}`"
        reader.problem(node.position, "MS013", message, help_)
    elif len(text) > _MAX_DIGITS or len(plain_number(Decimal(text))) > _MAX_DIGITS:
        message = f"`{key.name}` has more than {_MAX_DIGITS} digits"
        reader.problem(
            node.position, "MS013", message, f"remove `{key.name}`, or write fewer digits"
        )
    else:
        return Decimal(text)
    return None


def _pattern(reader: Reader, node: Node, key: Key[Any]) -> str | None:
    text = reader.text(node, key.name)
    if text is None or not isinstance(node, ScalarNode):
        return None
    from modelsync.patterns.check import check  # noqa: PLC0415 - few specs need it
    from modelsync.patterns.parse import parse  # noqa: PLC0415 - few specs need it
    from modelsync.patterns.syntax import PatternError  # noqa: PLC0415 - few specs need it

    try:
        check(parse(text))
    except PatternError as error:
        # After an escape in double quotes, the offset in the text is not that in the file.
        quotes = 0 if node.plain else 1
        is_as_written = node.position.width == len(text) + 2 * quotes
        start = node.position.shifted(quotes)
        position = start.shifted(error.offset, error.width) if is_as_written else node.position
        reader.problem(position, "MS024", f"pattern: {error.message}", error.help)
        return None
    return text


_SIZE_KIND: Final[shape.Kind[int]] = shape.Kind(_size, {"type": "integer", "minimum": 0})
_NUMBER_KIND: Final[shape.Kind[Decimal]] = shape.Kind(_number, {"type": "number"})
_DIVISOR_KIND: Final[shape.Kind[Decimal]] = shape.Kind(
    _number, {"type": "number", "exclusiveMinimum": 0}
)
_PATTERN_KIND: Final[shape.Kind[str]] = shape.Kind(_pattern, {"type": "string", "minLength": 1})
_FLAG_KIND: Final[shape.Kind[bool]] = shape.Kind(
    lambda reader, node, key: reader.flag(node, key.name), {"type": "boolean"}
)

_DOCS: Final[Mapping[str, tuple[shape.Kind[Any], str]]] = {
    "min_length": (_SIZE_KIND, "The fewest characters of a string."),
    "max_length": (_SIZE_KIND, "The most characters of a string."),
    "pattern": (_PATTERN_KIND, "A regular expression that must match a part of a string."),
    "minimum": (_NUMBER_KIND, "The smallest number."),
    "exclusive_minimum": (_NUMBER_KIND, "A number that values must be greater than."),
    "maximum": (_NUMBER_KIND, "The largest number."),
    "exclusive_maximum": (_NUMBER_KIND, "A number that values must be less than."),
    "multiple_of": (_DIVISOR_KIND, "A number that values must be a multiple of."),
    "min_items": (_SIZE_KIND, "The fewest items of a list."),
    "max_items": (_SIZE_KIND, "The most items of a list."),
    "unique_items": (_FLAG_KIND, "Whether the items of a list must be different."),
    "min_properties": (_SIZE_KIND, "The fewest keys of a map."),
    "max_properties": (_SIZE_KIND, "The most keys of a map."),
}
KEYS: Final[Mapping[str, Key[Any]]] = {
    name: Key(KEYWORDS[name], kind, doc) for name, (kind, doc) in _DOCS.items()
}
"""The key of each constraint, by its attribute."""


_ALL_KEYS: Final = frozenset(KEYS.values())


def read_limits(entries: Entries) -> Limits:
    """Return the constraints among the entries of a field."""
    if entries.nodes.keys().isdisjoint(_ALL_KEYS):
        return NO_LIMITS  # as for most fields
    values = {name: entries.get(key) for name, key in KEYS.items()}
    # `uniqueItems: false` says nothing.
    given = {
        name: value for name, value in values.items() if value is not None and value is not False
    }
    positions = {name: entries.nodes[KEYS[name]].position for name in given}
    return Limits(Constraints(**given), positions)
