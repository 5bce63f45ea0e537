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


def _entry(
    key: str, value: Json, indentation: int, comma: str, position: Position
) -> SimpleNamespace:
    """Return a key and its value, and the comma after them."""
    name = text(key)
    used = indentation + len(name) + len(": ") + len(comma)
    shown = text(value, indentation, used)
    return SimpleNamespace(key=name, value=shown, comma=Code(comma), position=position)


def definition_view(
    definition: Definition, key: str, schema: Keywords, level: int, *, has_more: bool = False
) -> SimpleNamespace:
    """Return what a template shows of a definition: what is before, in and after its parts.

    `level` is how many objects its keywords are in. `has_more` says that others follow them.
    """
    indentation = level * _STEP
    commas = dict.fromkeys(schema, ",")
    if schema and not has_more:
        commas[[*schema][-1]] = ""
    entries = {
        name: _entry(name, value, indentation, commas[name], definition.position)
        for name, value in schema.items()
    }
    part = next((name for name in ("properties", "oneOf", "anyOf") if schema.get(name)), "")
    if part and part != "properties" and "\n" not in entries[part].value:
        part = ""  # a list that fits on its line
    names = [*schema]
    index = names.index(part) if part else len(names)
    return SimpleNamespace(
        key=text(key),
        position=definition.position,
        before=[entries[name] for name in names[:index]],
        part=text(part),
        is_object=part == "properties",
        parts=[*_parts(definition, schema[part], indentation + _STEP)] if part else [],
        after=[entries[name] for name in names[index + 1 :]],
        comma=Code(commas.get(part, "")),
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
    assert isinstance(found, dict | list)
    commas = [*("," for _ in range(len(found) - 1)), ""]
    if isinstance(found, dict):
        fields = definition.by_json_key if isinstance(definition, Model) else {}
        for (key, value), comma in zip(found.items(), commas, strict=True):
            position = fields[key].position if key in fields else definition.position
            yield _entry(key, value, indentation, comma, position)
        return
    places = [*_places(definition)]
    for number, (value, comma) in enumerate(zip(found, commas, strict=True)):
        position = places[number] if number < len(places) else definition.position
        shown = text(value, indentation, indentation + len(comma))
        yield SimpleNamespace(value=shown, comma=Code(comma), position=position)


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
