"""What templates of JSON Schemas insert: keywords, with the JSON of their values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Final

from modelsync.errors import HIDDEN, Position
from modelsync.pages.reference.json_text import json_text
from modelsync.schema.definitions import Definition, Enum, Model, Union
from modelsync.schema.json_values import Json
from modelsync.targets.base import Code
from modelsync.targets.json_schema.types import Keywords

_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_STEP: Final = 2
"""The spaces of each level."""


def text(value: Json, indentation: int = 0, used: int = 0) -> Code:
    """Return a value as JSON, on a line with an indentation of which `used` columns are taken."""
    written = json_text(value, indentation, used, short_objects=True)
    return Code(HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", written))


def _entry(key: str, value: Json, indentation: int, **more: object) -> SimpleNamespace:
    name = text(key)
    used = indentation + len(name) + len(": ") + len(",")
    return SimpleNamespace(key=name, value=text(value, indentation, used), **more)


def _ended(items: list[SimpleNamespace], *, has_more: bool) -> list[SimpleNamespace]:
    """Return items with the comma after each."""
    for number, item in enumerate(items, 1):
        item.comma = Code("," if has_more or number < len(items) else "")
    return items


def definition_view(
    definition: Definition, key: str, schema: Keywords, level: int, *, has_more: bool = False
) -> SimpleNamespace:
    """Return what a template shows of a definition: what is before, in and after its parts.

    `level` is how many objects its keywords are in. `has_more` says that others follow them.
    """
    indentation = level * _STEP
    part = next((name for name in ("properties", "oneOf", "anyOf") if schema.get(name)), "")
    names = [*schema]
    index = names.index(part) if part else len(names)
    before = [_entry(name, schema[name], indentation) for name in names[:index]]
    after = [_entry(name, schema[name], indentation) for name in names[index + 1 :]]
    parts = [*_parts(definition, schema[part], indentation + _STEP)] if part else []
    return SimpleNamespace(
        key=text(key),
        position=definition.position,
        before=_ended(before, has_more=has_more or bool(part)),
        part=text(part),
        is_object=part == "properties",
        parts=_ended(parts, has_more=False),
        after=_ended(after, has_more=has_more),
        comma=Code("," if after or has_more else ""),
        is_empty=not schema,
    )


def definition_views(
    schemas: Iterable[tuple[Definition, str, Keywords]], level: int
) -> list[SimpleNamespace]:
    """Return the views of several definitions, each with the comma after it as `end`."""
    views = [definition_view(each, key, schema, level) for each, key, schema in schemas]
    for number, view in enumerate(views, 1):
        view.end = Code("," if number < len(views) else "")
    return views


def _parts(definition: Definition, found: Json, indentation: int) -> Iterator[SimpleNamespace]:
    """Yield the fields of a model, or the members of a union or an enum, with their positions."""
    if isinstance(found, dict):
        fields = definition.by_json_key if isinstance(definition, Model) else {}
        for key, value in found.items():
            position = fields[key].position if key in fields else definition.position
            yield _entry(key, value, indentation, position=position)
        return
    assert isinstance(found, list)
    places = [*_places(definition)]
    for number, value in enumerate(found):
        position = places[number] if number < len(places) else definition.position
        yield SimpleNamespace(value=text(value, indentation, indentation + 1), position=position)


def _places(definition: Definition) -> Sequence[Position]:
    match definition:
        case Enum(values=values, open=False):
            return [value.position for value in values]
        case Union():
            return definition.positions
        case _:
            return []


def indented(written: str) -> str:
    """Return JSON text with each line indented by the brackets that it is in.

    Values are laid out for their place already, so templates need not indent what they include.
    """
    lines: list[str] = []
    level = 0
    for line in written.split("\n"):
        bare = line.strip()
        closing = len(bare) - len(bare.lstrip("]}"))
        lines.append(" " * _STEP * (level - closing) + bare if bare else "")
        level += _balance(bare)
    return "\n".join(lines)


def _balance(line: str) -> int:
    """Return how many more brackets a line opens than it closes."""
    brackets = _STRING.sub("", line) if '"' in line else line
    return sum(brackets.count(each) for each in "[{") - sum(brackets.count(each) for each in "]}")
