"""The wire names of fields, which no page shows: made of shown names by a convention.

Descriptions, examples and the values of enums speak of fields as the wire has them
("with the `tagIds` of the link"). So the convention of a folder is the one that most of the
names in its texts follow, and a field that its own page spells otherwise has that name.

More cannot be read from pages: an API whose models follow two conventions shows nowhere which
follows which. What a page spells says nothing of the models beside it, or even of its other fields.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from modelsync.naming import camel, snake
from modelsync.pages.notation import NOTATIONS, Place
from modelsync.transcribe.typed_pages import Seen, SeenField, SeenSet, field_key

CAMEL: Final = "camel"
SNAKE: Final = "snake"
AS_SHOWN: Final = "as-shown"

# Not in the middle of a path, an address or a word with hyphens.
_TOKEN: Final = re.compile(
    r"(?<![\w./$@-])(?:_?[a-z][a-z0-9]*(?:_[a-z0-9]+)+|_[a-z]+|[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+)"
    r"(?![\w/@-]|\.\w)"
)
_SIGNED: Final = re.compile(r"(?<![\w./@$-])[@$][a-z][A-Za-z0-9_]*(?![\w@/-]|\.\w)")
_SIGNS: Final = {"@": "at_", "$": "dollar_"}
"""What stands for a sign at the beginning of a key: `@type` is `atType` in code."""
_Home: TypeAlias = tuple[str, Place]
"""The notation and the place of a page."""
_CLOSEST: Final = ("typescript", "python", "go")
"""TypeScript changes least of a name, Go most; of one in snake_case, Python changes nothing."""


@dataclass(frozen=True, slots=True)
class Convention:
    """How wire names are made of shown ones, and what speaks for it.

    `name` is `camel`, `snake` or `as-shown`, and `asked` whether somebody gave it. Of the names of
    fields that the pages spell in either way, `alike` follow it, and `unlike` do not.
    """

    name: str
    asked: bool = False
    alike: int = 0
    unlike: int = 0


class Wires:
    """Makes the wire names of fields.

    `spelled` has those that texts of any page show, by their keys, and `own` those that the texts
    of a field's own page show.
    """

    def __init__(
        self,
        convention: Convention,
        spelled: Mapping[str, str],
        own: Mapping[_Home, Mapping[str, str]],
    ) -> None:
        self.convention = convention
        self._spelled = spelled
        self._own = own

    def name(self, rows: Sequence[tuple[Seen, SeenField]]) -> str:
        """Return the wire name of the field that rows of several languages show."""
        for page, field in rows:
            own = self._own.get(_home(page), {}).get(field.key)
            if own:
                return own
        spelled = self._spelled.get(rows[0][1].key, "")
        # What differs from the convention on one page may follow it on the next; no name in code
        # has a sign.
        if spelled and (spelled[0] in _SIGNS or _form(spelled) == self.convention.name):
            return spelled
        shown = {page.notation: field.row.name for page, field in rows}
        language = next(each for each in _CLOSEST if each in shown)
        if self.convention.name == SNAKE and "python" in shown:
            language = "python"
        return made(shown[language], language, self.convention.name)


def made(shown: str, language: str, convention: str) -> str:
    """Return the wire name of a field from the name that the pages of a language show."""
    if language == "go" and convention == AS_SHOWN:
        convention = CAMEL
    # What is reserved in a language has a `_` behind it.
    bare = shown.removesuffix("_")
    if convention == AS_SHOWN:
        return bare if language == "python" and snake(bare) == bare else shown
    wire = (camel(bare) if convention == CAMEL else snake(bare)) or shown
    if language != "go" and NOTATIONS[language].field_name(wire) != bare:
        # No rule has made this name: `__pydantic_extra__`.
        return shown
    return wire


def find_wires(sets: Sequence[SeenSet], asked: str | None) -> Wires:
    """Return how wire names are made of shown ones.

    `asked` is the convention, `camel`, `snake` or `as-shown`, where somebody gave one.
    """
    if asked:
        return Wires(Convention(asked, asked=True), {}, {})
    found = _spellings(sets)
    spelled = _agreed(found.values())
    own = {place: _agreed([names]) for place, names in found.items()}
    return Wires(_convention(sets, spelled.values()), spelled, own)


def _convention(sets: Sequence[SeenSet], spelled: Iterable[str]) -> Convention:
    votes = Counter(filter(None, map(_form, spelled)))
    if votes:
        name, alike = votes.most_common(1)[0]
        return Convention(name, alike=alike, unlike=votes.total() - alike)
    notations = {seen.pages.notation for seen in sets}
    return Convention(CAMEL if notations == {"go"} else AS_SHOWN)


def _form(name: str) -> str:
    """Return the convention that a name follows; empty where it may be either."""
    bare = name.lstrip("_")
    return SNAKE if "_" in bare else CAMEL if bare != bare.lower() else ""


def _spellings(sets: Sequence[SeenSet]) -> dict[_Home, dict[str, set[str]]]:
    """Return how the texts of each page spell fields of any page, by their keys."""
    definitions = [each for seen in sets for each in seen.definitions.values()]
    keys = {field.key for definition in definitions for field in definition.fields}
    found: dict[_Home, dict[str, set[str]]] = {}
    for definition in definitions:
        for text in _texts(definition):
            for name in (*_TOKEN.findall(text), *_SIGNED.findall(text)):
                key = field_key(_SIGNS.get(name[0], "") + name.lstrip("@$"))
                if key in keys:
                    names = found.setdefault(_home(definition), {})
                    names.setdefault(key, set()).add(name)
    return found


def _agreed(spellings: Iterable[Mapping[str, set[str]]]) -> dict[str, str]:
    """Return the name of each field, by its key, that is spelled in one way alone."""
    together: dict[str, set[str]] = {}
    for spelling in spellings:
        for key, names in spelling.items():
            together.setdefault(key, set()).update(names)
    return {key: next(iter(names)) for key, names in together.items() if len(names) == 1}


def _home(seen: Seen) -> _Home:
    return seen.notation, seen.place


def _texts(seen: Seen) -> Iterator[str]:
    """Yield the texts of a page that may speak of fields."""
    yield seen.page.description
    for field in seen.fields:
        yield field.row.description
        yield from field.row.examples
    for value in seen.values:
        yield str(value.wire)
