"""A schema as pages show it -> one that loads, and that every target can say.

What a language has no name for gets one of its own, as a person would write it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple

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
from modelsync.progress import Progress, counted, silent
from modelsync.targets import target_class
from modelsync.targets.base import Settings, Target
from modelsync.targets.go import GoTarget
from modelsync.targets.markdown import MarkdownTarget
from modelsync.transcribe.items import Item, each_item
from modelsync.transcribe.sound import sound

_CODE: Final = {"go": {"module": "example.com/models"}, "python": {}, "typescript": {}}
"""The targets that names have to be right for, with the options that they need."""
_ROUNDS: Final = 8
_REFUSED: Final = "refused"
_REFUSING: Final = frozenset({"MS041", "MS058"})
"""Codes of the problems that a name has which a spec gives."""
_NUMBERED: Final = re.compile(r"(.*?)_?([0-9]*)")


class Usable(NamedTuple):
    """A schema, and the option `join` with which Go takes its packages; empty if it does anyway."""

    schema: Schema
    join: Mapping[str, str]


def usable(schema: Schema, settings: Mapping[str, Settings], progress: Progress = silent) -> Usable:
    """Return a numbered schema with what keeps it from being loaded and generated mended.

    `settings` has the Markdown target of each language: the pages show what they showed before.
    """
    schema = sound(schema, settings, progress)
    go = _target(schema, "go", {})
    assert isinstance(go, GoTarget)
    join = go.joining
    return Usable(_named(schema, settings, join, progress), join)


def _named(
    schema: Schema,
    settings: Mapping[str, Settings],
    join: Mapping[str, str],
    progress: Progress,
) -> Schema:
    """Return a numbered schema with a name of its own for all that a language has none for."""
    shown: dict[int, dict[str, str]] = {}
    for _ in range(_ROUNDS):
        wanted: dict[int, dict[str, str]] = {}
        for language in counted(_CODE, "making names", progress):
            for line, fault in _faults(schema, language, join).items():
                wanted.setdefault(line, {})[language] = fault
        if not wanted:
            return schema
        shown = shown or _shown(schema, settings)
        schema = each_item(schema, partial(_renamed, wanted, shown))
    return schema


def _target(schema: Schema, language: str, join: Mapping[str, str]) -> Target:
    """Return the target of a language that names have to be right for."""
    cls = target_class(language)
    options = cls.defaults() | _CODE[language]
    if language == "go":
        options["join"] = join
    return cls(of_language(schema, language), Settings(language, language, "out", options=options))


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
                case Enum(values=values) if target.as_table(definition):
                    for value in values:
                        name = target.value_names[definition.id, value.wire]
                        shown.setdefault(value.position.line, {})[language] = name
                case _:
                    pass
    return shown


def _faults(schema: Schema, language: str, join: Mapping[str, str]) -> dict[int, str]:
    """Return what is the matter with the names of items in a language, by their numbers.

    A target of a large schema is large: it goes before that of the next language is made.
    """
    target = _target(schema, language, join)
    faults = {fault.position.line: "" for fault in target.name_faults}
    refused = (each for each in target.problems() if each.code in _REFUSING)
    return faults | {problem.position.line: _REFUSED for problem in refused}


def _renamed(
    wanted: Mapping[int, Mapping[str, str]],
    shown: Mapping[int, Mapping[str, str]],
    item: Item,
) -> Item:
    line = item.position.line
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
