"""What errors say was expected, in every language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice
from typing import Final

from modelsync.schema.definitions import Enum, Union
from modelsync.schema.types import Constant, Type

_MAX_VALUES: Final = 5
_MAX_CHARACTERS: Final = 80


def wanted_literal(value: str | int) -> str:
    """Return what an error expects of a literal: the value as JSON."""
    return json.dumps(value, ensure_ascii=False)


def wanted_value(enum: Enum) -> str:
    """Return what an error expects of an enum: `"open", "paid" or "void"`, or `a value of ...`."""
    return _wanted((value.json_value for value in enum.values), f"a value of {enum.name}")


def wanted_tag(union: Union) -> str:
    """Return what an error expects of a discriminator: `"card" or "wallet"`, or a description."""
    return _wanted(union.by_tag, f"the {union.discriminator} of a member of {union.name}")


def wanted_member(members: Iterable[Type], name: str) -> str:
    """Return what an error expects of a union: its values if all are literals, or its name."""
    literals = [member.value if isinstance(member, Constant) else None for member in members]
    values = [value for value in literals if value is not None]
    description = f"a value of {name}"
    return _wanted(values, description) if len(values) == len(literals) else description


def _wanted(values: Iterable[str | int], description: str) -> str:
    """Return values as JSON, or a description if there are none, or too many of them to read."""
    literals = [*map(wanted_literal, islice(values, _MAX_VALUES + 1))]
    if not literals:
        return description
    *most, last = literals
    text = f"{', '.join(most)} or {last}" if most else last
    return text if len(most) < _MAX_VALUES and len(text) <= _MAX_CHARACTERS else description
