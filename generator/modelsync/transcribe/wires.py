"""The wire names of fields, which no page shows: made of shown names by a convention.

Descriptions, examples and the values of enums speak of fields as the wire has them
("with the `tagIds` of the link"). So the convention of a folder is the one that most of the
names in its texts follow, and a field that its own page spells otherwise has that name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from modelsync.naming import camel, snake
from modelsync.pages.notation import NOTATIONS
from modelsync.transcribe.seen import Seen, SeenField, SeenSet, field_key

CAMEL: Final = "camel"
SNAKE: Final = "snake"
AS_SHOWN: Final = "as-shown"
CONVENTIONS: Final = (CAMEL, SNAKE, AS_SHOWN)

# Not in the middle of a path, an address or a word with hyphens.
_TOKEN: Final = re.compile(
    r"(?<![\w./$@-])(?:_?[a-z][a-z0-9]*(?:_[a-z0-9]+)+|_[a-z]+|[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+)"
    r"(?![\w/@-]|\.\w)"
)
_CLOSEST: Final = ("typescript", "python", "go")
"""TypeScript changes least of a name, Go most."""


class Wires:
    """Makes the wire names of fields; `spelled` has those that texts show, by their keys."""

    def __init__(self, convention: str, spelled: Mapping[str, str]) -> None:
        self.convention = convention
        self.spelled = spelled

    def name(self, rows: Sequence[tuple[Seen, SeenField]]) -> str:
        """Return the wire name of the field that rows of several languages show."""
        shown = {page.notation: field.row.name for page, field in rows}
        language = next(each for each in _CLOSEST if each in shown)
        spelled = self.spelled.get(rows[0][1].key, "")
        # What differs from the convention on one page may follow it on the next.
        if spelled and (
            _form(spelled) == self.convention
            or any(spelled in text for page, _ in rows for text in _texts(page))
        ):
            return spelled
        return made(shown[language], language, self.convention)


def made(shown: str, language: str, convention: str) -> str:
    """Return the wire name of a field from the name that the pages of a language show."""
    if language == "go" and convention == AS_SHOWN:
        convention = CAMEL
    if convention == AS_SHOWN:
        return shown
    # What is reserved in a language has a `_` behind it.
    bare = shown.removesuffix("_")
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
        return Wires(asked, {})
    spelled = _spelled(sets)
    votes = Counter(filter(None, map(_form, spelled.values())))
    if votes:
        return Wires(votes.most_common(1)[0][0], spelled)
    notations = {seen.pages.notation for seen in sets}
    return Wires(CAMEL if notations == {"go"} else AS_SHOWN, spelled)


def _form(name: str) -> str:
    """Return the convention that a name follows; empty where it may be either."""
    bare = name.lstrip("_")
    return SNAKE if "_" in bare else CAMEL if bare != bare.lower() else ""


def _spelled(sets: Sequence[SeenSet]) -> dict[str, str]:
    """Return the name of each field that texts speak of, by its key, where they all agree."""
    keys = {
        field.key
        for seen in sets
        for definition in seen.definitions.values()
        for field in definition.fields
    }
    found: dict[str, set[str]] = {}
    texts = {
        text
        for seen in sets
        for definition in seen.definitions.values()
        for text in _texts(definition)
    }
    for text in texts:
        for name in _TOKEN.findall(text):
            key = field_key(name)
            if key in keys:
                found.setdefault(key, set()).add(name)
    return {key: names.pop() for key, names in found.items() if len(names) == 1}


def _texts(seen: Seen) -> Iterator[str]:
    """Yield the texts of a page that may speak of fields."""
    yield seen.page.description
    for field in seen.fields:
        yield field.row.description
        yield from field.row.examples
    for value in seen.values:
        yield str(value.wire)
