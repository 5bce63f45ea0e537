"""A schema as pages show it -> one that loads, and that every target can generate code from.

An item that has no valid name in a language gets one, as you would write it under `names:`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Final, NamedTuple, TypeAlias

from modelsync.errors import Position
from modelsync.intake.each_item import (
    AnyItem,
    Item,
    ItemKey,
    each_item,
    inner_items,
    items_of,
    key_of,
    keys_by_position,
)
from modelsync.intake.fix_rules import fix_rules
from modelsync.naming import pascal, words
from modelsync.progress import Progress, counted, silent
from modelsync.schema.definitions import Definition, Enum, EnumValue, Field, Model
from modelsync.schema.for_language import of_language
from modelsync.schema.page_overrides import DefinitionPage, FieldPage, ValuePage
from modelsync.schema.schema import Schema
from modelsync.targets import target_class
from modelsync.targets.base import Settings, Target
from modelsync.targets.go import GoTarget
from modelsync.targets.sdk_docs import SdkDocsTarget

_CODE: Final = {"go": {"module": "example.com/models"}, "python": {}, "typescript": {}}
"""The targets that names must be valid for, with the options that they need."""
_ROUNDS: Final = 8
_INVALID_NAME: Final = frozenset({"MS041", "MS058"})
"""The codes of problems with a name that a spec gives."""
_BEST_NAMES: Final = ("python", "typescript", "go")
"""The order in which names on pages are tried: Python's show where a word begins."""
_SIGNS: Final = {"-": "minus", "+": "plus", "!": "not"}
"""The word for a sign at the beginning of a name."""

ShownNames: TypeAlias = Mapping[ItemKey, Mapping[str, str]]
"""The name of each item on the pages of each language."""


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
    return FixedNames(_with_valid_names(schema, settings, join, ready, progress), join)


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


def _with_valid_names(
    schema: Schema,
    settings: Mapping[str, Settings],
    join: Mapping[str, str],
    ready: dict[str, Target],
    progress: Progress,
) -> Schema:
    """Return `schema` with a name for each item that has no valid one in some language.

    `ready` has the existing targets for `schema`; each is removed when it is used.
    """
    shown: ShownNames = {}
    tried: dict[str, set[tuple[ItemKey, str]]] = {language: set() for language in _CODE}
    for _ in range(_ROUNDS):
        new_names: dict[ItemKey, dict[str, str | None]] = {}
        for language in counted(_CODE, "choosing names", progress):
            # The target of a large schema is large: free it before creating the next one.
            target = ready.pop(language, None) or _target(schema, language, join)
            if target.name_faults or any(target.problems()):
                shown = shown or _names_on_pages(schema, settings)
                namer = _Namer(target, keys_by_position(schema), shown, tried[language])
                for key, name in namer.names().items():
                    new_names.setdefault(key, {})[language] = name
        if not new_names:
            return schema
        schema = each_item(schema, partial(_renamed, new_names, shown))
    return schema


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


@dataclass(frozen=True, slots=True)
class _Named:
    """An item that a problem with names is about."""

    key: ItemKey
    item: AnyItem
    owner: Definition
    """The definition that is the item, or holds it."""
    scope: set[str]
    """The names that the item may not have, because others in its scope have them."""


class _Namer:
    """Finds names in one language for items that have none, or the name of another item."""

    def __init__(
        self,
        target: Target,
        keys: Mapping[Position, ItemKey],
        shown: ShownNames,
        tried: set[tuple[ItemKey, str]],
    ) -> None:
        """Name the items of `target` that have a problem.

        `keys` has the items by their positions, and `tried` the names that did not work before.
        """
        self.target = target
        self.shown = shown
        self.tried = tried
        self.invalid = {
            keys[problem.position]
            for problem in target.problems()
            if problem.code in _INVALID_NAME and problem.position in keys
        }
        self.clashes = {
            keys[fault.position]: keys.get(fault.other[0]) if fault.other else None
            for fault in target.name_faults
            if fault.position in keys
        }
        self.new: dict[ItemKey, str | None] = {}

    def names(self) -> Mapping[ItemKey, str | None]:
        """Return the name of each item that needs one; None if the derived name is valid."""
        others = {other for other in self.clashes.values() if other is not None}
        items = {named.key: named for named in self._items({*self.clashes, *others, *self.invalid})}
        for key, named in items.items():
            if key not in self.clashes and key not in self.invalid:
                continue
            if key != key.owner and key.owner in self.clashes:
                continue  # names of values derive from that of their enum, which comes first
            if key in self.invalid and not isinstance(named.item, EnumValue):
                self.new[key] = None
                continue
            self._name(named, items)
        return self.new

    def _name(self, named: _Named, items: Mapping[ItemKey, _Named]) -> None:
        name = self._good_name(named)
        other = self.clashes.get(named.key)
        if name is None and other is not None and other in items and other not in self.new:
            # The other item may have a better name: of `-size` and `size` that is `-size`.
            self._give(items[other], self._good_name(items[other]))
        if other is None or self.new.get(other) is None:
            self._give(named, name or self._numbered_name(named))

    def _give(self, named: _Named, name: str | None) -> None:
        if name is not None:
            self.new[named.key] = name
            named.scope.add(name)
            self.tried.add((named.key, name))

    def _items(self, keys: Set[ItemKey]) -> Iterator[_Named]:
        """Yield the items with these keys."""
        target = self.target
        for definitions in target.packages().values():
            titles = {target.definition_names[definition.id] for definition in definitions}
            for owner in definitions:
                if ItemKey(owner.id) in keys:
                    yield _Named(ItemKey(owner.id), owner, owner, titles)
                names = self._inner_names(owner)
                for inner in inner_items(owner):
                    key = key_of(owner, inner)
                    if key in keys:
                        yield _Named(key, inner, owner, names)

    def _inner_names(self, owner: Definition) -> set[str]:
        """Return the names of the fields or values of a definition."""
        match owner:
            case Model(fields=fields):
                return {self.target.field_names[owner.id, other.json_key] for other in fields}
            case Enum(values=values):
                return {self.target.value_names[owner.id, other.json_value] for other in values}
            case _:
                return set()

    def _good_name(self, named: _Named) -> str | None:
        """Return a free name from the words of the item, None if there is none."""
        return self._free_name(named, self._texts(named))

    def _numbered_name(self, named: _Named) -> str | None:
        for text in (*self._texts(named), "value"):
            if self._spelled(named, text):
                return self._free_name(named, (f"{text} {number}" for number in count(2)))
        return None

    def _free_name(self, named: _Named, texts: Iterable[str]) -> str | None:
        for text in texts:
            name = self._spelled(named, text)
            if name and name not in named.scope and (named.key, name) not in self.tried:
                return name
        return None

    def _spelled(self, named: _Named, text: str) -> str:
        """Return the name that the target derives from a text; empty if there is none."""
        target = self.target
        if not words(text):
            return ""
        match named.item:
            case Field():
                name = target.field_identifier(target.field_source(text))
            case EnumValue():
                enum, source = target.definition_names[named.owner.id], target.value_source(text)
                name = target.value_identifier(enum, source)
            case _:
                name = target.definition_identifier(pascal(text))
        name = target.identifiers.normal(name)
        name = f"{name}_" if target.is_reserved(name, named.item) else name
        return name if target.identifiers.takes(name) else ""

    def _texts(self, named: _Named) -> Iterator[str]:
        """Yield what a name can be derived from: names on pages first, then the item's own."""
        shown = self.shown.get(named.key, {})
        for language in _BEST_NAMES:
            name = shown.get(language, "")
            if language == "go" and isinstance(named.item, EnumValue):
                titles = self.shown.get(named.key.owner, {})
                name = name.removeprefix(titles.get(language, named.owner.name))
            yield _spaced(name)
        match named.item:
            case Field(json_key=own_name):
                pass
            case EnumValue(json_value=value):
                own_name = str(value)
            case _:
                own_name = named.owner.name
        sign = _SIGNS.get(own_name[:1], "")
        yield _spaced(f"{sign} {own_name}")
        yield _spaced(f"{sign} {_ascii(own_name)}")
        if not words(own_name):
            yield _characters(own_name)


def _renamed(
    new_names: Mapping[ItemKey, Mapping[str, str | None]],
    shown: ShownNames,
    key: ItemKey,
    item: Item,
) -> Item:
    for language, name in new_names.get(key, {}).items():
        if language in shown.get(key, {}):
            item = _with_page_name(item, language, shown[key][language])
        names = {other: name for other, name in item.names.items() if other != language}
        item = replace(item, names=names if name is None else {**names, language: name})
    return item


def _with_page_name(item: Item, language: str, name: str) -> Item:
    """Return an item that keeps its name on its page in a language, whatever code calls it."""
    if isinstance(item, EnumValue):
        return replace(item, pages={**item.pages, language: ValuePage(name)})
    if isinstance(item, Field):
        field_page = replace(item.pages.get(language) or FieldPage(), name=name)
        return replace(item, pages={**item.pages, language: field_page})
    page = replace(item.pages.get(language) or DefinitionPage(), name=name)
    return replace(item, pages={**item.pages, language: page})


def _spaced(text: str) -> str:
    """Return the words of a text with spaces between them."""
    return " ".join(words(text))


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def _characters(text: str) -> str:
    """`*` -> `asterisk`: what Unicode calls the characters of a text without letters."""
    return " ".join(unicodedata.name(char, "").lower() for char in text[:3]).replace("-", " ")
