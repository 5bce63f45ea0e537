"""A schema as pages show it -> one that loads, and that every target can generate code from.

An item that has no valid name in a language gets one, as you would write it under `names:`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from modelsync.intake.each_item import (
    Item,
    ItemKey,
    each_item,
    items_of,
)
from modelsync.intake.fix_rules import fix_rules
from modelsync.intake.namer import ShownNames, with_valid_names
from modelsync.progress import Progress, silent
from modelsync.schema.definitions import Enum, EnumValue, Field
from modelsync.schema.for_language import of_language
from modelsync.schema.schema import Schema
from modelsync.targets import target_class
from modelsync.targets.base import Settings, Target
from modelsync.targets.go import GoTarget
from modelsync.targets.sdk_docs import SdkDocsTarget

_CODE: Final = {"go": {"module": "example.com/models"}, "python": {}, "typescript": {}}
"""The targets that names must be valid for, with the options that they need."""


class FixedNames(NamedTuple):
    """A schema that every target can generate code from."""

    schema: Schema
    join: Mapping[str, str]
    """The option `join` that a target for Go needs; empty if it needs none."""


def fix_names(
    schema: Schema, settings: Mapping[str, Settings], progress: Progress = silent
) -> FixedNames:
    """Return `schema` with everything fixed that keeps it from loading or from being generated.

    `settings` has the target sdk-docs of each language: the pages keep showing what they showed.
    The items need distinct positions.
    """
    schema = fix_rules(schema, settings, progress)
    go = _target(schema, "go", {})
    assert isinstance(go, GoTarget)
    join = go.joining
    spelled = _spelled_as_on_pages(schema, settings, go)
    ready: dict[str, Target] = {} if join or spelled is not schema else {"go": go}
    schema = spelled
    named = with_valid_names(
        schema,
        list(_CODE),
        lambda each, language: _target(each, language, join),
        show=lambda each: _names_on_pages(each, settings),
        ready=ready,
        progress=progress,
    )
    return FixedNames(named, join)


def _spelled_as_on_pages(schema: Schema, settings: Mapping[str, Settings], go: Target) -> Schema:
    """Return `schema` with a name in Go for what Go's pages spell in another way, as `OrderId`."""
    language = go.language
    if language not in settings:
        return schema
    shown = _names_on_pages(schema, {language: settings[language]})
    spelled = _spelled(schema, go, shown, definitions=True)
    # The names of values contain that of their enum.
    target = go if spelled is schema else _target(spelled, language, {})
    return _spelled(spelled, target, shown, definitions=False)


def _spelled(schema: Schema, target: Target, shown: ShownNames, *, definitions: bool) -> Schema:
    """Return `schema` with the names on pages for definitions, or for fields and values."""
    language = target.language
    names: dict[ItemKey, str] = {}
    for key, derived in _names_in(target).items():
        name = shown.get(key, {}).get(language, derived)
        is_spelling = name != derived and name.lower() == derived.lower()
        if is_spelling and definitions == (key == key.owner):
            names[key] = name

    def renamed(key: ItemKey, item: Item) -> Item:
        if key not in names or language in item.names:
            return item
        return replace(item, names={**item.names, language: names[key]})

    return each_item(schema, renamed) if names else schema


def _names_in(target: Target) -> dict[ItemKey, str]:
    """Return the name of each item in the code of a target."""
    names: dict[ItemKey, str] = {}
    for key, item in items_of(target.schema):
        match item:
            case Field(json_key=json_key):
                found = target.field_names.get((key.definition, json_key))
            case EnumValue(json_value=json_value):
                found = target.value_names.get((key.definition, json_value))
            case _:
                found = target.definition_names.get(key.definition)
        if found is not None:
            names[key] = found
    return names


def _target(schema: Schema, language: str, join: Mapping[str, str]) -> Target:
    """Return the target of a language that names must be valid for."""
    cls = target_class(language)
    options = cls.defaults() | _CODE[language]
    if language == "go":
        options["join"] = join
    return cls(of_language(schema, language), Settings(language, language, "out", options=options))


def _names_on_pages(schema: Schema, settings: Mapping[str, Settings]) -> ShownNames:
    shown: dict[ItemKey, dict[str, str]] = {}
    for language, each in settings.items():
        target = SdkDocsTarget(of_language(schema, language), each)
        for key, item in items_of(target.schema):
            match item:
                case Field(json_key=json_key):
                    name = target.field_names[key.definition, json_key]
                case EnumValue(json_value=json_value):
                    enum = target.schema.by_id[key.definition]
                    if isinstance(enum, Enum) and not target.pages.as_table(enum):
                        continue
                    name = target.value_names[key.definition, json_value]
                case _:
                    name = target.definition_names[key.definition]
            shown.setdefault(key, {})[language] = name
    return shown
