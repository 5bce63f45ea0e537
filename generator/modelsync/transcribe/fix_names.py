"""A schema as pages show it -> one that loads, and that every target can say.

What a language has no name for gets one of its own, as a person would write it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Final, NamedTuple

from modelsync.naming import pascal, words
from modelsync.progress import Progress, counted, silent
from modelsync.schema.for_language import of_language
from modelsync.schema.ir import (
    Definition,
    DefinitionPage,
    Enum,
    EnumValue,
    Field,
    FieldPage,
    Model,
    Schema,
    ValuePage,
)
from modelsync.targets import target_class
from modelsync.targets.base import Settings, Target, letter_first
from modelsync.targets.go import GoTarget
from modelsync.targets.markdown import MarkdownTarget
from modelsync.transcribe.each_item import Item, each_item
from modelsync.transcribe.fix_rules import sound

_CODE: Final = {"go": {"module": "example.com/models"}, "python": {}, "typescript": {}}
"""The targets that names have to be right for, with the options that they need."""
_ROUNDS: Final = 8
_REFUSING: Final = frozenset({"MS041", "MS058"})
"""Codes of the problems that a name has which a spec gives."""
_MOST_WORDS: Final = ("python", "typescript", "go")
"""Whose names on pages are the best to make others from: Python's show where a word begins."""
_SIGNS: Final = {"-": "minus", "+": "plus", "!": "not"}
"""What a sign at the beginning is called in a name."""


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
    tried: dict[str, set[tuple[int, str]]] = {language: set() for language in _CODE}
    for _ in range(_ROUNDS):
        wanted: dict[int, dict[str, str | None]] = {}
        for language in counted(_CODE, "making names", progress):
            # A target of a large schema is large: it goes before that of the next one is made.
            target = _target(schema, language, join)
            if target.name_faults or any(target.problems()):
                shown = shown or _shown(schema, settings)
                for line, name in _Namer(target, shown, tried[language]).names().items():
                    wanted.setdefault(line, {})[language] = name
        if not wanted:
            return schema
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
                        name = target.field_names[definition.id, item.json_key]
                        shown.setdefault(item.position.line, {})[language] = name
                case Enum(values=values) if target.as_table(definition):
                    for value in values:
                        name = target.value_names[definition.id, value.json_value]
                        shown.setdefault(value.position.line, {})[language] = name
                case _:
                    pass
    return shown


class _Namer:
    """Finds names in one language for what has none there, or one that another item has.

    `shown` has the names that pages show, and `tried` those that did not do, by number of the item.
    """

    def __init__(
        self,
        target: Target,
        shown: Mapping[int, Mapping[str, str]],
        tried: set[tuple[int, str]],
    ) -> None:
        self.target = target
        self.shown = shown
        self.tried = tried
        self.refused = {
            problem.position.line for problem in target.problems() if problem.code in _REFUSING
        }
        self.clashes = {
            fault.position.line: fault.other[0].line if fault.other else 0
            for fault in target.name_faults
        }
        self.scopes: dict[int, set[str]] = {}
        """The names in the scope of each item that a fault is about, by the number of the item."""
        self.found: dict[int, str | None] = {}

    def names(self) -> Mapping[int, str | None]:
        """Return the name of each item that needs one; None where the derived one does."""
        items = {item.position.line: (item, owner) for item, owner in self._items()}
        for line in sorted({*self.clashes, *self.refused}):
            if line not in items:
                continue
            item, owner = items[line]
            if item is not owner and owner.position.line in self.clashes:
                continue  # names of values follow from that of their enum: it gets its own first
            if line in self.refused and not isinstance(item, EnumValue):
                self.found[line] = None
                continue
            name = self._good_name(item, owner)
            other = self.clashes.get(line, 0)
            if name is None and other in items and other not in self.found:
                # The other one may have a better name: of `-size` and `size` that is `-size`.
                self._give(other, self._good_name(*items[other]))
            if self.found.get(other) is None:
                self._give(line, name or self._numbered_name(item, owner))
        return self.found

    def _give(self, line: int, name: str | None) -> None:
        if name is not None:
            self.found[line] = name
            self.scopes[line].add(name)
            self.tried.add((line, name))

    def _items(self) -> Iterator[tuple[Definition | Field | EnumValue, Definition]]:
        """Yield what a fault is about, each with the definition that it is in."""
        concerned = {*self.clashes, *self.clashes.values(), *self.refused}
        target = self.target
        for definitions in target.packages().values():
            titles = {target.definition_names[each.id] for each in definitions}
            for owner in definitions:
                inner: tuple[Field, ...] | tuple[EnumValue, ...] = ()
                names: set[str] = set()
                match owner:
                    case Model(fields=fields):
                        inner = fields
                        names = {target.field_names[owner.id, each.json_key] for each in fields}
                    case Enum(values=values):
                        inner = values
                        names = {target.value_names[owner.id, each.json_value] for each in values}
                for item, scope in ((owner, titles), *((each, names) for each in inner)):
                    if item.position.line in concerned:
                        self.scopes[item.position.line] = scope
                        yield item, owner

    def _good_name(self, item: Definition | Field | EnumValue, owner: Definition) -> str | None:
        """Return a name made from the item's own words, None where none of them is free."""
        return self._free(item, owner, self._texts(item, owner))

    def _numbered_name(self, item: Definition | Field | EnumValue, owner: Definition) -> str | None:
        for text in (*self._texts(item, owner), "value"):
            if self._spelled(item, owner, text):
                return self._free(item, owner, (f"{text} {number}" for number in count(2)))
        return None

    def _free(
        self, item: Definition | Field | EnumValue, owner: Definition, texts: Iterable[str]
    ) -> str | None:
        line = item.position.line
        for text in texts:
            name = self._spelled(item, owner, text)
            if name and name not in self.scopes[line] and (line, name) not in self.tried:
                return name
        return None

    def _spelled(self, item: Definition | Field | EnumValue, owner: Definition, text: str) -> str:
        """Return the name that the target makes from a text; empty where it makes none."""
        target = self.target
        text = letter_first(text)
        match item:
            case Field():
                name = target.field_identifier(text)
            case EnumValue():
                name = target.value_identifier(target.definition_names[owner.id], text)
            case _:
                name = target.definition_identifier(pascal(text))
        name = target.identifiers.normal(name)
        name = f"{name}_" if target.is_reserved(name, item) else name
        return name if target.identifiers.takes(name) else ""

    def _texts(self, item: Definition | Field | EnumValue, owner: Definition) -> Iterator[str]:
        """Yield what a name can be made from: names on pages first, then the item's own words."""
        shown = self.shown.get(item.position.line, {})
        for language in _MOST_WORDS:
            name = shown.get(language, "")
            if language == "go" and isinstance(item, EnumValue):
                title = self.shown.get(owner.position.line, {}).get(language, owner.name)
                name = name.removeprefix(title)
            yield _joined(name)
        match item:
            case Field():
                wire = item.json_key
            case EnumValue():
                wire = str(item.json_value)
            case _:
                wire = item.name
        sign = _SIGNS.get(wire[:1], "")
        yield _joined(f"{sign} {wire}")
        yield _joined(f"{sign} {_ascii(wire)}")
        if not words(wire):
            yield _characters(wire)


def _renamed(
    wanted: Mapping[int, Mapping[str, str | None]],
    shown: Mapping[int, Mapping[str, str]],
    item: Item,
) -> Item:
    line = item.position.line
    for language, name in wanted.get(line, {}).items():
        if language in shown.get(line, {}):
            item = _on_its_page(item, language, shown[line][language])
        names = {key: each for key, each in item.names.items() if key != language}
        item = replace(item, names=names if name is None else {**names, language: name})
    return item


def _on_its_page(item: Item, language: str, name: str) -> Item:
    """Return an item that has a name on its page in a language, whatever code calls it."""
    if isinstance(item, EnumValue):
        return replace(item, pages={**item.pages, language: ValuePage(name)})
    if isinstance(item, Field):
        words = replace(item.pages.get(language) or FieldPage(), name=name)
        return replace(item, pages={**item.pages, language: words})
    page = replace(item.pages.get(language) or DefinitionPage(), name=name)
    return replace(item, pages={**item.pages, language: page})


def _joined(text: str) -> str:
    """Return the words of a text with spaces between them."""
    return " ".join(words(text))


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def _characters(text: str) -> str:
    """`*` -> `asterisk`: what Unicode calls the characters of a text without letters."""
    return " ".join(unicodedata.name(char, "").lower() for char in text[:3]).replace("-", " ")
