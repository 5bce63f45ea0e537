"""What is allowed in a spec, but likely a mistake: it is reported, and nothing fails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from modelsync.errors import Problem
from modelsync.schema.definitions import Enum, EnumValue, Model
from modelsync.schema.schema import Schema
from modelsync.schema.types import Limited, Type, alternatives
from modelsync.spec.drafts import Draft


def warnings_of(schema: Schema, drafts: Mapping[str, Draft]) -> Iterator[Problem]:
    """Yield a warning for each pattern that needs a `maxLength`, and each enum of names."""
    for definition in schema.definitions:
        if isinstance(definition, Enum):
            yield from _described_by_its_value(definition)
    for id_, draft in drafts.items():
        for json_key, values in draft.fields.items():
            position = values.limits.positions.get("pattern")
            model = schema.by_id.get(id_) if position is not None else None
            if position is None or not isinstance(model, Model):
                continue
            from modelsync.patterns.slow import is_slow  # noqa: PLC0415 - few specs need it

            if any(map(is_slow, _unlimited_patterns(model.by_json_key[json_key].type))):
                yield Problem(
                    position,
                    "MS051",
                    "this pattern may take very long for long strings",
                    "add `maxLength`, which generated code checks before the pattern",
                )


_LIKE_A_VALUE: Final = re.compile(r"[a-z0-9][^\s]*")
_NUMBER: Final = re.compile(r"-?\d+")


def _described_by_its_value(enum: Enum) -> Iterator[Problem]:
    """Yield a warning if the descriptions are likely the values, and the values their names."""
    described = [value for value in enum.values if value.description]
    if described and (all(map(_is_name, described)) or all(map(_is_name_of_number, described))):
        first = described[0]
        text = first.description
        yield Problem(
            first.position,
            "MS052",
            f"`{first.json_value}` is the value in JSON, and `{text}` is only its description",
            f"if JSON has `{text}`, write `{text}:`, without a name before it",
        )


def _is_name(value: EnumValue) -> bool:
    """Whether a value is the name of its description, in code: `RED: red`."""
    name = str(value.json_value)
    return (
        name[:1].isupper()
        and _LIKE_A_VALUE.fullmatch(value.description) is not None
        and _letters(name) == _letters(value.description)
    )


def _is_name_of_number(value: EnumValue) -> bool:
    is_name = isinstance(value.json_value, str) and value.json_value[:1].isupper()
    return is_name and _NUMBER.fullmatch(value.description) is not None


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _unlimited_patterns(type_: Type) -> Iterator[str]:
    for part in alternatives(type_):
        if isinstance(part, Limited):
            constraints = part.constraints
            if constraints.pattern is not None and constraints.max_length is None:
                yield constraints.pattern
