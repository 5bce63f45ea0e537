"""The documentation of definitions, fields and values, before a language formats it."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator
from enum import Enum as Kinds
from enum import auto
from typing import Final, NamedTuple

from modelsync.schema.definitions import Alias, Definition, Enum, EnumValue, Field, Union
from modelsync.schema.json_values import to_json
from modelsync.schema.types import AnyOf, Constant, Limited, Nullable, Type
from modelsync.schema.values import Object
from modelsync.targets.limits import sentences_of


class NoteKind(Kinds):
    """What a note is about. A language may omit what its declarations already show."""

    INFERRED = auto()
    """The definition was inferred from examples. No text."""
    OPEN = auto()
    """The enum may have other values than those listed. No text."""
    ONE_OF = auto()
    """The definition is a union: exactly one of its members. No text."""
    CONSTANT = auto()
    """The only value of the field, as JSON."""
    FORMAT = auto()
    """The form of the field's value, which is not checked."""
    CONSTRAINTS = auto()
    """The constraints of the field, or of the members of the union, as sentences."""
    ACCESS = auto()
    """Whether only the server or only clients set the field, as a sentence."""
    DEFAULT = auto()
    """The default of the field, as JSON."""
    EXAMPLES = auto()
    """The scalar examples of the field, as JSON, separated by commas."""
    DEPRECATED = auto()
    """The reason for the deprecation, which may be empty."""


class Note(NamedTuple):
    """One paragraph after the description."""

    kind: NoteKind
    text: str = ""


_PARTS: Final = (Field, EnumValue)
_WITH_CONSTRAINTS: Final = (Limited, Nullable, AnyOf)
"""The types whose alternatives may have constraints."""


def notes_of(item: Definition | Field | EnumValue) -> Iterator[Note]:
    """Yield the notes of an item, in the order in which they appear: the deprecation is last."""
    match item:
        case Field():
            yield from _field_notes(item)
        case Union():
            yield Note(NoteKind.ONE_OF)
            if item.format:
                yield Note(NoteKind.FORMAT, item.format)
            yield from _constraint_notes(item.members)
        case Enum(open=True):
            yield Note(NoteKind.OPEN)
        case Alias():
            yield from _alias_notes(item)
        case _:
            pass
    if not isinstance(item, _PARTS) and item.inferred:
        yield Note(NoteKind.INFERRED)
    if item.deprecated is not None:
        yield Note(NoteKind.DEPRECATED, item.deprecated)


def _alias_notes(alias: Alias) -> Iterator[Note]:
    if alias.format:
        yield Note(NoteKind.FORMAT, alias.format)
    yield from _constraint_notes([alias.type])
    if alias.example is not None and not isinstance(alias.example, tuple | Object):
        yield Note(NoteKind.EXAMPLES, _json(alias.example))


def _field_notes(field: Field) -> Iterator[Note]:
    if isinstance(field.bare_type, Constant):
        yield Note(NoteKind.CONSTANT, _json(field.bare_type.value))
    if field.format:
        yield Note(NoteKind.FORMAT, field.format)
    if type(field.type) in _WITH_CONSTRAINTS:
        yield from _constraint_notes([field.type])
    if field.read_only or field.write_only:
        yield Note(NoteKind.ACCESS, "Read-only." if field.read_only else "Write-only.")
    if field.has_default:
        yield Note(NoteKind.DEFAULT, _json(to_json(field.default)))
    scalars = [value for value in field.examples if not isinstance(value, tuple | Object)]
    if scalars:
        yield Note(NoteKind.EXAMPLES, ", ".join(_json(to_json(value)) for value in scalars))


def _constraint_notes(types: Iterable[Type]) -> Iterator[Note]:
    sentences = sentences_of(types)
    if sentences:
        yield Note(NoteKind.CONSTRAINTS, sentences)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


_SENTENCES: Final = {
    NoteKind.INFERRED: "Inferred from examples.",
    NoteKind.FORMAT: "Format: {}.",
    NoteKind.CONSTRAINTS: "{}",
    NoteKind.ACCESS: "{}",
    NoteKind.EXAMPLES: "Example: {}",
    NoteKind.DEPRECATED: "Deprecated: {}",
}


def paragraphs_of(
    item: Definition | Field | EnumValue, omit: Container[NoteKind] = ()
) -> list[str]:
    """Return the description of an item, and sentences for the notes that its code does not show.

    These are INFERRED, CONSTRAINTS, ACCESS, EXAMPLES and DEPRECATED, without the kinds in `omit`.
    """
    notes = [
        _SENTENCES[kind].format(text) if text or kind is NoteKind.INFERRED else "Deprecated."
        for kind, text in notes_of(item)
        if kind in _SENTENCES and kind not in omit
    ]
    return [item.description, *notes]
