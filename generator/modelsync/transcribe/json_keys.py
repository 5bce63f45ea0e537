"""The JSON keys of fields, which no page shows: derived from the shown names by a convention.

Descriptions, examples and the values of enums mention fields by their JSON keys ("with the `tagIds`
of the link"). So the convention of a folder is the one that most of the names in its texts follow,
and a field that its own page spells differently has that key.

Pages do not show more than that: if the models of an API follow two conventions, nothing shows
which model follows which. What a page spells says nothing about other models, or even about the
other fields of its own model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from modelsync.naming import camel, snake
from modelsync.pages.notation import NOTATIONS, Place
from modelsync.transcribe.typed_pages import TypedField, TypedPage, TypedPages, field_key

CAMEL: Final = "camel"
SNAKE: Final = "snake"
AS_SHOWN: Final = "as-shown"

# Not in the middle of a path, an address or a word with hyphens.
_TOKEN: Final = re.compile(
    r"(?<![\w./$@-])(?:_?[a-z][a-z0-9]*(?:_[a-z0-9]+)+|_[a-z]+|[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+)"
    r"(?![\w/@-]|\.\w)"
)
_WITH_SIGN: Final = re.compile(r"(?<![\w./@$-])[@$][a-z][A-Za-z0-9_]*(?![\w@/-]|\.\w)")
_SIGNS: Final = {"@": "at_", "$": "dollar_"}
"""The word in code for a sign at the beginning of a key: `@type` is `atType`."""
_Home: TypeAlias = tuple[str, Place]
"""The notation and the place of a page."""
_CLOSEST: Final = ("typescript", "python", "go")
"""TypeScript changes a key least, Go most; Python does not change one in snake_case."""


@dataclass(frozen=True, slots=True)
class Convention:
    """How JSON keys are derived from shown names, and the evidence for it."""

    name: str
    """`camel`, `snake` or `as-shown`."""
    asked: bool = False
    """Whether the user chose it."""
    alike: int = 0
    """The number of field names in the texts that follow it."""
    unlike: int = 0
    """The number of field names in the texts that do not."""


class JsonKeys:
    """Derives the JSON keys of fields."""

    def __init__(
        self,
        convention: Convention,
        spelled: Mapping[str, str],
        on_own_page: Mapping[_Home, Mapping[str, str]],
    ) -> None:
        """Use `convention`, except where pages spell a key.

        `spelled` has the JSON keys in the texts of all pages, by the key of the field, and
        `on_own_page` those in the texts of each page.
        """
        self.convention = convention
        self._spelled = spelled
        self._on_own_page = on_own_page

    def key(self, rows: Sequence[tuple[TypedPage, TypedField]]) -> str:
        """Return the JSON key of the field that rows of several languages show."""
        for page, field in rows:
            spelled_here = self._on_own_page.get(_home(page), {}).get(field.key)
            if spelled_here:
                return spelled_here
        spelled = self._spelled.get(rows[0][1].key, "")
        # A key that differs from the convention on one page may follow it on the next; a sign is
        # always part of the key, because no name in code has one.
        if spelled and (spelled[0] in _SIGNS or _form(spelled) == self.convention.name):
            return spelled
        names = {page.notation: field.row.name for page, field in rows}
        language = next(language for language in _CLOSEST if language in names)
        if self.convention.name == SNAKE and "python" in names:
            language = "python"
        return derived_key(names[language], language, self.convention.name)


def derived_key(name: str, language: str, convention: str) -> str:
    """Return the JSON key of a field from the name that the pages of a language show."""
    if language == "go" and convention == AS_SHOWN:
        convention = CAMEL
    # A name that is reserved in a language has a `_` after it.
    bare = name.removesuffix("_")
    if convention == AS_SHOWN:
        return bare if language == "python" and snake(bare) == bare else name
    key = (camel(bare) if convention == CAMEL else snake(bare)) or name
    if language != "go" and NOTATIONS[language].field_name(key) != bare:
        # No rule derives this name: `__pydantic_extra__`.
        return name
    return key


def find_json_keys(sets: Sequence[TypedPages], asked: str | None) -> JsonKeys:
    """Return how to derive JSON keys from shown names.

    `asked` is the convention that the user chose: `camel`, `snake` or `as-shown`.
    """
    if asked:
        return JsonKeys(Convention(asked, asked=True), {}, {})
    spellings = _spellings(sets)
    spelled = _agreed(spellings.values())
    on_own_page = {home: _agreed([names]) for home, names in spellings.items()}
    return JsonKeys(_convention(sets, spelled.values()), spelled, on_own_page)


def _convention(sets: Sequence[TypedPages], spelled: Iterable[str]) -> Convention:
    votes = Counter(filter(None, map(_form, spelled)))
    if votes:
        name, alike = votes.most_common(1)[0]
        return Convention(name, alike=alike, unlike=votes.total() - alike)
    notations = {typed.pages.notation for typed in sets}
    return Convention(CAMEL if notations == {"go"} else AS_SHOWN)


def _form(name: str) -> str:
    """Return the convention that a name follows; empty if it may be either."""
    bare = name.lstrip("_")
    return SNAKE if "_" in bare else CAMEL if bare != bare.lower() else ""


def _spellings(sets: Sequence[TypedPages]) -> dict[_Home, dict[str, set[str]]]:
    """Return how the texts of each page spell fields of any page, by the keys of the fields."""
    pages = [page for typed in sets for page in typed.definitions.values()]
    keys = {field.key for page in pages for field in page.fields}
    spellings: dict[_Home, dict[str, set[str]]] = {}
    for page in pages:
        for text in _texts(page):
            for name in (*_TOKEN.findall(text), *_WITH_SIGN.findall(text)):
                key = field_key(_SIGNS.get(name[0], "") + name.lstrip("@$"))
                if key in keys:
                    names = spellings.setdefault(_home(page), {})
                    names.setdefault(key, set()).add(name)
    return spellings


def _agreed(spellings: Iterable[Mapping[str, set[str]]]) -> dict[str, str]:
    """Return the name of each field, by its key, that is spelled in only one way."""
    together: dict[str, set[str]] = {}
    for spelling in spellings:
        for key, names in spelling.items():
            together.setdefault(key, set()).update(names)
    return {key: next(iter(names)) for key, names in together.items() if len(names) == 1}


def _home(page: TypedPage) -> _Home:
    return page.notation, page.place


def _texts(page: TypedPage) -> Iterator[str]:
    """Yield the texts of a page that may mention fields."""
    yield page.page.description
    for field in page.fields:
        yield field.row.description
        yield from field.row.examples
    for value in page.values:
        yield str(value.json_value)
