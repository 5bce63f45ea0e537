"""The limits of the dialects of language models, and which schemas exceed them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from modelsync.schema.json_values import Json
from modelsync.targets.json_schema.types import Keywords


class _Counts(NamedTuple):
    """What a dialect counts in a schema."""

    properties: int = 0
    values: int = 0
    """Of all enums."""
    characters: int = 0
    """Of the names of properties and definitions, and the values of enums."""
    long_enum: int = 0
    """The characters in the largest enum of more than 250 texts."""

    def with_(self, other: _Counts) -> _Counts:
        """Return the counts of two parts of a schema together."""
        return _Counts(
            self.properties + other.properties,
            self.values + other.values,
            self.characters + other.characters,
            max(self.long_enum, other.long_enum),
        )


_NAMES: Final = (
    "properties",
    "values of enums",
    "characters in names and values",
    "characters in the values of an enum of more than 250",
)
_MANY: Final = 250
_OPENAI: Final = _Counts(5_000, 1_000, 120_000, 15_000)
_LIMITS: Final[Mapping[str, _Counts]] = {"openai": _OPENAI, "portable": _OPENAI}
"""As of 2026. Anthropic has no such limits, but refuses schemas that are too complex."""


def exceeded(preset: str, schemas: Mapping[str, Keywords]) -> Iterator[str]:
    """Yield each limit that the schemas of one file exceed, in words, by their keys."""
    limits = _LIMITS.get(preset)
    if limits is None:
        return
    found = _Counts(characters=sum(map(len, schemas)))
    for schema in schemas.values():
        found = found.with_(_counts(schema))
    for name, count, limit in zip(_NAMES, found, limits, strict=True):
        if count > limit:
            yield f"{count:,} {name}, but at most {limit:,} are allowed"


def _counts(schema: Json) -> _Counts:
    found = _Counts()
    match schema:
        case dict():
            properties = schema.get("properties")
            if isinstance(properties, dict):
                found = _Counts(len(properties), characters=sum(map(len, properties)))
            values = schema.get("enum")
            if isinstance(values, list):
                size = sum(len(each) for each in values if isinstance(each, str))
                long_ = size if len(values) > _MANY else 0
                found = found.with_(_Counts(0, len(values), size, long_))
            for value in schema.values():
                found = found.with_(_counts(value))
        case list():
            for item in schema:
                found = found.with_(_counts(item))
        case _:
            pass
    return found
