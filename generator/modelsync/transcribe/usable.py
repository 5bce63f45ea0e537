"""A schema as pages show it -> one that loads, and that every target can say.

What a language has no name for gets one of its own, as a person would write it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from modelsync.ir import (
    Definition,
    DefinitionPage,
    Enum,
    EnumValue,
    Field,
    FieldPage,
    Model,
    Schema,
)
from modelsync.lift import of_language
from modelsync.naming import capitalised, words
from modelsync.targets import target_class
from modelsync.targets.base import Settings, Target
from modelsync.targets.markdown import MarkdownTarget
from modelsync.transcribe.items import Item, each_item, placed
from modelsync.transcribe.sound import sound

_CODE: Final = {"go": {"module": "example.com/models"}, "python": {}, "typescript": {}}
"""The targets that names have to be right for, with the options that they need."""
_ROUNDS: Final = 8
_REFUSED: Final = "refused"
_REFUSING: Final = frozenset({"MS041", "MS058"})
"""Codes of the problems that a name has which a spec gives."""
_NUMBERED: Final = re.compile(r"(.*?)_?([0-9]*)")


def usable(schema: Schema, settings: Mapping[str, Settings]) -> Schema:
    """Return `schema` with what keeps it from being loaded and generated mended.

    `settings` has the Markdown target of each language: the pages show what they showed before.
    """
    return _named(sound(placed(schema), settings), settings)


def _named(schema: Schema, settings: Mapping[str, Settings]) -> Schema:
    """Return a numbered schema with a name of its own for all that a language has none for."""
    shown: dict[int, dict[str, str]] = {}
    for _ in range(_ROUNDS):
        wanted: dict[int, dict[str, str]] = {}
        for target in _targets(schema):
            for fault in target.name_faults:
                wanted.setdefault(fault.position.line, {})[target.language] = ""
            for problem in target.problems():
                if problem.code in _REFUSING:
                    wanted.setdefault(problem.position.line, {})[target.language] = _REFUSED
        if not wanted:
            return schema
        shown = shown or _shown(schema, settings)
        schema = each_item(schema, partial(_renamed, wanted, shown))
    return schema


def _shown(schema: Schema, settings: Mapping[str, Settings]) -> dict[int, dict[str, str]]:
    """Return the name of each item on the pages of each language, by the number of the item."""
    shown: dict[int, dict[str, str]] = {}
    for language, given in settings.items():
        target = MarkdownTarget(of_language(schema, language), given)
        for definition in target.schema.definitions:
            name = target.definition_names[definition.id]
            shown.setdefault(definition.position.line, {})[language] = name
            match definition:
                case Model(fields=fields):
                    for item in fields:
                        name = target.field_names[definition.id, item.wire]
                        shown.setdefault(item.position.line, {})[language] = name
                case Enum(values=values) if target.as_table:
                    for value in values:
                        name = target.value_names[definition.id, value.wire]
                        shown.setdefault(value.position.line, {})[language] = name
                case _:
                    pass
    return shown


def _targets(schema: Schema) -> Iterator[Target]:
    for name, needed in _CODE.items():
        cls = target_class(name)
        settings = Settings(name, name, "out", options=cls.defaults() | needed)
        yield cls(of_language(schema, name), settings)


def _renamed(
    wanted: Mapping[int, Mapping[str, str]],
    shown: Mapping[int, Mapping[str, str]],
    item: Item,
    line: int,
) -> Item:
    for language, fault in wanted.get(line, {}).items():
        if language in shown.get(line, {}):
            item = _on_its_page(item, language, shown[line][language])
        names = dict(item.names)
        given = names.pop(language, None)
        if fault != _REFUSED:
            names[language] = _next_name(item, language, given)
        elif isinstance(item, EnumValue):
            made = _next_name(item, language, None)
            names[language] = made if made != given else _next_name(item, language, given)
        item = replace(item, names=names)
    return item


def _on_its_page(item: Item, language: str, name: str) -> Item:
    """Return an item that has a name on its page in a language, whatever code calls it."""
    if isinstance(item, EnumValue):
        # A value has no page of its own: one name for the pages of all languages has to do.
        return replace(item, names={"markdown": name, **item.names})
    if isinstance(item, Field):
        words = replace(item.pages.get(language) or FieldPage(), name=name)
        return replace(item, pages={**item.pages, language: words})
    page = replace(item.pages.get(language) or DefinitionPage(), name=name)
    return replace(item, pages={**item.pages, language: page})


def _next_name(item: Definition | Field | EnumValue, language: str, last: str | None) -> str:
    """Return a name to try next: made of the item's own words, then with a number behind."""
    wire = item.name if not isinstance(item, Field | EnumValue) else str(item.wire)
    if last is None:
        spelled = words(_ascii(wire)) or words(_spelled(wire)) or ("value",)
        if not spelled[0][0].isalpha():
            spelled = ("minus" if wire.startswith("-") else "n", *spelled)
        if language == "python" and isinstance(item, Field):
            return "_".join(spelled).lower()
        return "".join(map(capitalised, spelled))
    stem, number = _NUMBERED.fullmatch(last).groups()  # type: ignore[union-attr]
    return f"{stem}{'_' if stem[-1:].isdigit() else ''}{int(number or 1) + 1}"


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def _spelled(text: str) -> str:
    """`*` -> `asterisk`: what Unicode calls the characters of a text without letters."""
    return " ".join(unicodedata.name(char, "").lower() for char in text[:3]).replace("-", " ")
