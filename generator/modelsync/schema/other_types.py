"""Types of other languages and formats -> the equivalent type expression.

Only used for the help of problems.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_OPTIONAL: Final = "a field is optional unless it has `required: true`"
_KEYS: Final = "the keys of a map are strings"
_DECIMAL: Final = 'in JSON it is a string such as `"12.50"`'
_LARGE: Final = "its maximum is 2^63 - 1; use `string` for larger numbers"

_PLAIN: Final = {
    "string": "str text char character varchar nvarchar rune ulid iri",
    "uuid": "guid uuid4 uuid7 uniqueidentifier",
    "uri": "url",
    "email": "emailaddress",
    "hostname": "fqdn",
    "ipv4": "ipv4address inet4address",
    "ipv6": "ipv6address inet6address",
    "time": "localtime offsettime timeofday",
    "duration": "timedelta interval timespan",
    "uint32": "fixed32 u32 uint",
    "uint64": "ulong u64 fixed64 usize size_t",
    "bool": "boolean bit",
    "int32": "int8 int16 uint8 uint16 sint32 sfixed32 i8 i16 i32 u8 u16 short ushort smallint"
    " tinyint",
    "int64": "int integer long sint64 sfixed64 i64 isize",
    "float32": "f32",
    "float64": "float double f64 real",
    "datetime": "timestamp timestamptz instant date-time date_time zoneddatetime offsetdatetime"
    " localdatetime",
    "date": "localdate full-date",
    "bytes": "binary blob bytea bytearray bytestring buffer base64 uint8array",
    "any": "unknown json jsonb jsonvalue interface{}",
    "null": "nil none nonetype",
    "map[any]": "object dict map {}",
    "list[any]": "array list seq sequence tuple set",
}
_WORDS: Final = {
    word: modelsync_type for modelsync_type, words in _PLAIN.items() for word in words.split()
}
_WITH_NOTE: Final = {
    **dict.fromkeys("decimal128 bigdecimal numeric".split(), ("decimal", _DECIMAL)),
    **dict.fromkeys("bigint biginteger i128 u128".split(), ("int64", _LARGE)),
    "number": ("float64", "or `int64` for integers"),
    "byte": ("int32", "or `bytes` for binary data"),
    "object": ("map[any]", "or define a model and use its name"),
}
_ABSENT: Final = frozenset("undefined optional void never".split())
_CAPITAL: Final = {
    "date": ("date", "or `datetime` for a point in time"),
    "time": ("time", "or `datetime` for a point in time"),
}

_LISTS: Final = frozenset(
    "list array sequence iterable collection set frozenset vec vector slice readonlyarray tuple"
    " repeated".split()
)
_MAPS: Final = frozenset("map dict record mapping hashmap hash treemap dictionary".split())
_OPTIONALS: Final = frozenset("optional option maybe nullable".split())
_UNIONS: Final = frozenset("union oneof anyof".split())
# Texts, because compiling them takes a while and few specs need them.
_GENERIC: Final = r"(?s)(?:typing\.|t\.)?(\w+)\s*[\[<(](.*)[\]>)]"
_GO_MAP: Final = r"(?s)map\[\w+\](.+)"
_GO_LIST: Final = r"(?s)\[\d*\](.+)|\[([^\[\]]+)\]"
_INDEXED: Final = r"(?s)\{\s*\[\w+\s*:\s*\w+\]\s*:(.+)\}"
_OF_BYTES: Final = frozenset({"byte", "uint8", "u8"})
_SINGLE_QUOTED: Final = r"'([^'\"\\]*)'"
_NAME: Final = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_LITERAL: Final = r'"[^"\\]*"|-?\d+'
_MAX: Final = 200
"""The maximum length of a type for which help is shown."""
_BRACKETS: Final = {"[": 1, "<": 1, "(": 1, "{": 1, "]": -1, ">": -1, ")": -1, "}": -1}


REMOVED: Final = f"remove it: {_OPTIONAL}"
"""Help for words that mean that a value may be absent."""


@dataclass(slots=True)
class Meaning:
    """The equivalent of a type of another language."""

    text: str = ""
    """The type expression."""
    notes: list[str] = field(default_factory=list)
    """Notes to show with it."""

    def note(self, text: str) -> None:
        """Add a note, once."""
        if text not in self.notes:
            self.notes.append(text)

    @property
    def help(self) -> str:
        """The help of a message."""
        # YAML needs quotes around quotes.
        written = f"write `'{self.text}'`" if '"' in self.text else f"write `{self.text}`"
        others = [note for note in self.notes if note.startswith("or ")]
        notes = [note for note in self.notes if note not in others]
        return ", ".join([written, *others]) + (f": {'; '.join(notes)}" if notes else "")


def meaning_of_word(word: str) -> Meaning | None:
    """Return the meaning of a word that is a type in another language; None for other words."""
    folded = word.casefold()
    if word != folded and folded in _CAPITAL:
        text, note = _CAPITAL[folded]
        return Meaning(text, [note])
    if folded in _WITH_NOTE:
        text, note = _WITH_NOTE[folded]
        return Meaning(text, [note])
    if word != folded and folded in _PLAIN:
        return Meaning(folded)
    return Meaning(_WORDS[folded]) if folded in _WORDS else None


def is_absent(word: str) -> bool:
    """Whether a word means in other languages that a value may be absent."""
    return word.casefold() in _ABSENT


def meaning_of(text: str) -> Meaning | None:
    """Return the meaning of a type of another language; None if it is not clear."""
    meaning = Meaning()
    if len(text) <= _MAX:
        meaning.text = _type(text, meaning) or ""
    return meaning if meaning.text else None


def meaning_of_list(items: list[str]) -> Meaning | None:
    """Return the meaning of a list of types, which is a union in JSON Schema."""
    return meaning_of(" | ".join(items)) if len(items) > 1 else None


def _type(text: str, meaning: Meaning) -> str | None:
    """Return the equivalent of a type of another language, and add notes; None if unknown."""
    text = text.strip()
    members = _split(text, "|")
    if len(members) > 1:
        return _union(members, meaning)
    for mark in ("*", "?", "&"):
        if text.startswith(mark):
            return _optional(text[1:], meaning)
    if text.endswith(("?", "!")):
        return _optional(text[:-1], meaning)
    if text.endswith("[]"):
        return _wrapped("list", text[:-2], meaning)
    if go_list := re.fullmatch(_GO_LIST, text):
        return _wrapped("list", go_list[1] or go_list[2], meaning)
    if indexed := re.fullmatch(_INDEXED, text):
        meaning.note(_KEYS)
        return _wrapped("map", indexed[1], meaning)
    if (go_map := re.fullmatch(_GO_MAP, text)) and _split(text, ",") == [text]:
        meaning.note(_KEYS)
        return _wrapped("map", go_map[1], meaning)
    if (generic := re.fullmatch(_GENERIC, text)) and not text.startswith(("(", "[")):
        return _generic(generic[1].casefold(), _split(generic[2], ","), meaning)
    if quoted := re.fullmatch(_SINGLE_QUOTED, text):
        return f'"{quoted[1]}"'
    if text.startswith("(") and text.endswith(")"):
        return _type(text[1:-1], meaning)
    if re.fullmatch(_LITERAL, text):
        return text
    word = meaning_of_word(text)
    if word is not None:
        for note in word.notes:
            meaning.note(note)
        return word.text
    return text if re.fullmatch(_NAME, text) else None


def _generic(name: str, inner: list[str], meaning: Meaning) -> str | None:
    if name in _LISTS:
        if len(inner) > 1 and inner[1].strip() != "...":
            return None
        return _wrapped("list", inner[0], meaning)
    if name in _MAPS and len(inner) <= 2:
        if len(inner) == 2:
            meaning.note(_KEYS)
        return _wrapped("map", inner[-1], meaning)
    if name in _OPTIONALS and len(inner) == 1:
        return _optional(inner[0], meaning)
    if name in _UNIONS:
        return _union(inner, meaning)
    if name == "literal":
        return _union(inner, meaning)
    # `string(255)`, `decimal(10, 2)`: only the word matters.
    word = meaning_of_word(name) if all(part.strip().isdecimal() for part in inner) else None
    return _type(name, meaning) if word or name == "string" else None


def _union(members: list[str], meaning: Meaning) -> str | None:
    present = [member for member in members if not is_absent(member.strip())]
    if len(present) < len(members):
        meaning.note(_OPTIONAL)
    types = [_type(member, meaning) for member in present]
    if None in types:
        return None
    flat = [part.strip() for type_ in types if type_ is not None for part in _split(type_, "|")]
    unique = dict.fromkeys(part for part in flat if part != "null")
    return " | ".join([*unique, *(["null"] if "null" in flat else [])]) if unique else None


def _optional(inner: str, meaning: Meaning) -> str | None:
    type_ = _type(inner, meaning)
    if type_ is not None:
        meaning.note(_OPTIONAL)
        if not type_.endswith("null"):
            meaning.note(f"write `{type_} | null` if it may be null")
    return type_


def _wrapped(around: str, inner: str, meaning: Meaning) -> str | None:
    if around == "list" and inner.strip().casefold() in _OF_BYTES:
        return "bytes"
    # An item of a list or map that may be absent is null.
    notes = [*meaning.notes]
    type_ = _type(inner, meaning)
    if type_ is None:
        return None
    if _OPTIONAL in meaning.notes and _OPTIONAL not in notes:
        meaning.notes[:] = notes
        type_ = type_ if type_.endswith("null") else f"{type_} | null"
    return f"{around}[{type_}]"


def _split(text: str, separator: str) -> list[str]:
    """Split a text at each `separator` outside of brackets and quotes."""
    parts, start, depth, quote = [], 0, 0, ""
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == separator and depth == 0:
            parts.append(text[start:index])
            start = index + 1
        else:
            depth += _BRACKETS.get(char, 0)
    return [*parts, text[start:]]
