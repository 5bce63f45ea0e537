"""Names in a language for items that have none there, or the name of another item.

An item that has no valid name in a language gets one, as you would write it under `names:`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Final, TypeAlias

from modelsync.errors import Position
from modelsync.intake.each_item import (
    AnyItem,
    Item,
    ItemKey,
    each_item,
    inner_items,
    key_of,
    keys_by_position,
)
from modelsync.naming import pascal, words
from modelsync.progress import Progress, counted, silent
from modelsync.schema.definitions import Definition, Enum, EnumValue, Field, Model
from modelsync.schema.page_overrides import DefinitionPage, FieldPage, ValuePage
from modelsync.schema.schema import Schema
from modelsync.targets.base import Target

_ROUNDS: Final = 8
_INVALID_NAME: Final = frozenset({"MS041", "MS058"})
"""The codes of problems with a name that a spec gives."""
_UNFIT_NAME: Final = frozenset({"MS054", "MS055", "MS088"})
"""The codes of problems with a derived name that is an identifier."""
_BEST_NAMES: Final = ("python", "typescript", "go")
"""The order in which names on pages are tried: Python's show where a word begins."""
_SIGNS: Final = {"-": "minus", "+": "plus", "!": "not"}
"""The word for a sign at the beginning of a name."""

ShownNames: TypeAlias = Mapping[ItemKey, Mapping[str, str]]
"""The name of each item on the pages of each language."""


def with_valid_names(
    schema: Schema,
    targets: Sequence[str],
    create: Callable[[Schema, str], Target],
    *,
    show: Callable[[Schema], ShownNames] = lambda _schema: {},
    ready: dict[str, Target] | None = None,
    progress: Progress = silent,
) -> Schema:
    """Return `schema` with a name for each item that has no valid one in some language.

    `create` returns one of the `targets` for a schema. `ready` has existing ones for `schema`, each
    of which is removed when it is used. `show` returns the names of the items on pages, if they
    have any. The items need distinct positions.
    """
    shown: ShownNames = {}
    ready = {} if ready is None else ready
    tried: dict[str, set[tuple[ItemKey, str]]] = {name: set() for name in targets}
    languages: dict[str, str] = {}
    for _ in range(_ROUNDS):
        new_names: dict[ItemKey, dict[str, str | None]] = {}
        keys: Mapping[Position, ItemKey] = {}
        for name in counted(targets, "choosing names", progress):
            # The target of a large schema is large: free it before creating the next one.
            target = ready.pop(name, None) or create(schema, name)
            languages[name] = target.language
            if target.name_faults or target.found_problems:
                shown = shown or show(schema)
                keys = keys or keys_by_position(schema)
                namer = _Namer(target, keys, shown, tried[name])
                for key, new_name in namer.names().items():
                    new_names.setdefault(key, {})[target.language] = new_name
        if not new_names:
            return schema
        ids = {key.definition for key in new_names}
        schema = each_item(schema, partial(_renamed, new_names, shown), ids)
        # A new name only changes the targets of its language.
        changed = {language for given in new_names.values() for language in given}
        targets = [name for name in targets if languages[name] in changed]
    return schema


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
            for problem in target.found_problems
            if problem.code in _INVALID_NAME and problem.position in keys
        }
        self.clashes: dict[ItemKey, ItemKey | None] = {
            keys[problem.position]: None
            for problem in target.found_problems
            if problem.code in _UNFIT_NAME and problem.position in keys
        }
        self.clashes |= {
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
        ids = {key.definition for key in keys}
        for definitions in target.packages().values():
            titles = {target.definition_names[definition.id] for definition in definitions}
            for owner in (each for each in definitions if each.id in ids):
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
