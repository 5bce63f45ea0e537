r"""The facts on a page: short sentences in emphasis, which the escaped text of a spec cannot forge.

:data:`SENTENCES` is their whole grammar. :func:`sentence` writes a fact with it, and
:func:`read_facts` reads facts with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from modelsync.pages.reference.prose import SPAN, span
from modelsync.schema.constraints import Constraints, plain_number, range_text

SENTENCES: Final[Mapping[str, str]] = {
    "kind": "{kind} in {link}.",
    "type": "Type: {type}.",
    "extends": "Extends {links}.",
    "refused": "Unknown keys are refused.",
    "refused_as": "Unknown keys are refused, as in {link}.",
    "kept": "Unknown keys are kept: {type}.",
    "kept_as": "Unknown keys are kept: {type}, as in {link}.",
    "open_enum": "Unknown values are kept.",
    "open_union": "Unknown members are kept.",
    "format": "Format: {code}.",
    "length": "Length: {range}.",
    "pattern": "Pattern: {code}.",
    "range": "Range: {range}.",
    "multiple": "Multiple of {number}.",
    "items": "Items: {range}.",
    "unique": "All items differ.",
    "keys": "Keys: {range}.",
    "read_only": "Read-only.",
    "write_only": "Write-only.",
    "default": "Default: {code}.",
    "example": "Example: {code}.",
    "examples": "Examples: {codes}.",
    "origin": "From {link}.",
    "only": "Only in {languages}.",
    "name": "{code} in {language}.",
}
"""The sentences, by the name of the fact. A word in braces is one of :data:`_PARTS`."""

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "Model": ("model", ""),
    "Abstract model": ("model", "abstract"),
    "Enum of strings": ("enum", ""),
    "Enum of integers": ("enum", "int64"),
    "Union": ("union", ""),
    "Alias": ("alias", ""),
    "External type": ("external", ""),
}
"""What a definition is, with the key that its spec starts with, and what else that says."""

LINK: Final = r"\[(?:\\.|[^\[\]\\])*+\]\([^()\s]*+\)"
_NUMBER: Final = r"-?\d++(?:\.\d++)?+"
_LIMIT: Final = rf"(?:at least|at most|greater than|less than) {_NUMBER}"
_LANGUAGE: Final = rf"(?:[A-Za-z][\w-]*+|{SPAN})"
# In a literal, a backslash of JSON is two of Markdown.
_QUOTED: Final = r'"(?:\\\\(?:\\\\|.)|\\[^\\]|[^"\\])*+"'
_TYPE: Final = rf'(?:(?!, as in \[)(?:{_QUOTED}|{LINK}|[^".]|\.(?!\s|\Z)))++'
_PARTS: Final = {
    "kind": "|".join(KINDS),
    "code": SPAN,
    "codes": rf"{SPAN}(?:, {SPAN})*+",
    "link": LINK,
    "links": rf"{LINK}(?:, {LINK})*+",
    "type": _TYPE,
    "number": _NUMBER,
    "range": rf"{_LIMIT}(?:, {_LIMIT})*+|{_NUMBER} to {_NUMBER}|{_NUMBER}",
    "language": _LANGUAGE,
    "languages": rf"{_LANGUAGE}(?:(?:, | and ){_LANGUAGE})*+",
}


def _pattern(sentence_: str) -> re.Pattern[str]:
    """Return the pattern of a sentence, in which each part is a group."""
    pieces = re.split(r"\{(\w+)\}", sentence_)
    texts = (
        f"({_PARTS[piece]})" if number % 2 else re.escape(piece).replace(r"\ ", r"\s")
        for number, piece in enumerate(pieces)
    )
    return re.compile(rf"{''.join(texts)}(?=\s|\Z)")


_PATTERNS: Final = {name: _pattern(text) for name, text in SENTENCES.items()}


class Part(NamedTuple):
    """A part of a fact, as Markdown, and where it starts in the text of the facts."""

    markdown: str
    start: int


class Fact(NamedTuple):
    """A fact, with what its sentence has for each word in braces."""

    name: str
    start: int
    end: int
    parts: tuple[Part, ...]


class UnknownFact(NamedTuple):
    """A sentence that is not a fact."""

    start: int
    end: int
    help: str


def sentence(name: str, *parts: str) -> str:
    """Return the sentence of a fact; `parts` replace the words in braces, in order."""
    pieces = re.split(r"\{\w+\}", SENTENCES[name])
    first, *others = pieces
    return first + "".join(f"{part}{other}" for part, other in zip(parts, others, strict=True))


def read_facts(markdown: str) -> Iterator[Fact | UnknownFact]:
    """Yield each sentence of a text, without the emphasis around it."""
    at = 0
    while at < len(markdown):
        if markdown[at].isspace():
            at += 1
            continue
        fact = next(filter(None, (_at(name, markdown, at) for name in _PATTERNS)), None)
        end = fact.end if fact is not None else _end_of_sentence(markdown, at)
        yield fact or UnknownFact(at, end, _help_for(markdown[at:end]))
        at = end


def _at(name: str, markdown: str, at: int) -> Fact | None:
    match = _PATTERNS[name].match(markdown, at)
    if match is None:
        return None
    parts = (Part(text, match.start(number)) for number, text in enumerate(match.groups(), 1))
    return Fact(name, at, match.end(), tuple(parts))


def _end_of_sentence(markdown: str, start: int) -> int:
    ends = re.compile(rf"(?:{SPAN}|{LINK}|[^.]|\.(?!\s|\Z))*+\.?").match(markdown, start)
    return max(start + 1, ends.end() if ends else start)


def _help_for(text: str) -> str:
    """Return how to write the fact that a sentence seems to be; empty if it seems to be none."""
    word = _first_word(text)
    for written in SENTENCES.values():
        if word and _first_word(written) == word:
            return f"write `{_EXAMPLES.get(word, written)}`"
    return ""


def _first_word(text: str) -> str:
    found = re.match(r"[A-Za-z-]+", text)
    return found[0].casefold() if found else ""


_EXAMPLES: Final = {
    "length": "Length: 3 to 20.` or `Length: at least 3.",
    "range": "Range: 0 to 100.` or `Range: greater than 0.",
    "items": "Items: 1 to 5.` or `Items: at least 1.",
    "keys": "Keys: 1 to 5.` or `Keys: at least 1.",
    "multiple": "Multiple of 5.",
    "all": "All items differ.",
    "default": 'Default: `"value"`.` with a JSON value in backticks, or `Default: `3`.',
    "example": 'Example: `"value"`.` with a JSON value in backticks, or `Example: `3`.',
    "examples": 'Examples: `"one"`, `"two"`.` with JSON values in backticks',
    "format": "Format: `word`.",
    "pattern": "Pattern: `^[a-z]+$`.",
    "from": "From [Parent](Parent.md).",
    "extends": "Extends [Parent](Parent.md).",
    "type": "Type: list[string].",
    "only": "Only in Go and Python.",
    "unknown": "Unknown keys are refused.",
}


# Parts --------------------------------------------------------------------------------------------


def constraint_sentences(constraints: Constraints) -> Iterator[str]:
    """Yield the sentences about constraints, such as `Length: 3 to 20.`."""
    c = constraints
    if text := range_text(c.min_length, c.max_length):
        yield sentence("length", text)
    if c.pattern is not None:
        yield sentence("pattern", span(c.pattern))
    if text := range_text(c.minimum, c.maximum, c.exclusive_minimum, c.exclusive_maximum):
        yield sentence("range", text)
    if c.multiple_of is not None:
        yield sentence("multiple", plain_number(c.multiple_of))
    if text := range_text(c.min_items, c.max_items):
        yield sentence("items", text)
    if c.unique_items:
        yield sentence("unique")
    if text := range_text(c.min_properties, c.max_properties):
        yield sentence("keys", text)


RANGE_KEYS: Final[Mapping[str, Mapping[str, str]]] = {
    "length": {"at least": "minLength", "at most": "maxLength"},
    "items": {"at least": "minItems", "at most": "maxItems"},
    "keys": {"at least": "minProperties", "at most": "maxProperties"},
    "range": {
        "at least": "minimum",
        "greater than": "exclusiveMinimum",
        "at most": "maximum",
        "less than": "exclusiveMaximum",
    },
}
"""The key of a spec for each limit of a range, by the name of the fact and its words."""


def limits_in(range_: str) -> Iterator[tuple[str, str, int]]:
    """Yield the words, the number and the offset of each limit of a range."""
    limits = [*re.finditer(rf"([a-z]+ [a-z]+) ({_NUMBER})", range_)]
    if limits:
        for limit in limits:
            yield limit[1], limit[2], limit.start(2)
        return
    numbers = [*re.finditer(_NUMBER, range_)]
    for words, number in zip(("at least", "at most"), (numbers[0], numbers[-1]), strict=True):
        yield words, number[0], number.start()
