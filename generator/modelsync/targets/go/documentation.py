"""Doc comments of generated code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from modelsync.schema.ir import Alias, Definition, Enum, EnumValue, Field, Model, Union
from modelsync.schema.type_expr import unparse
from modelsync.targets.base import Code
from modelsync.targets.documentation import NoteKind, notes_of
from modelsync.targets.go.comments import WIDTH, comment
from modelsync.targets.go.names import fits_a_tag
from modelsync.targets.go.text import literal

_PHRASES: Final = {
    NoteKind.ONE_OF: "Exactly one of its fields is set.",
    NoteKind.OPEN: "It may have values other than those below.",
    NoteKind.INFERRED: "It was inferred from examples.",
    NoteKind.CONSTANT: "Always {}.",
    NoteKind.DEFAULT: "Default: {}.",
    NoteKind.FORMAT: "Format: {}.",
    NoteKind.CONSTRAINTS: "{}",
    NoteKind.ACCESS: "{}",
    NoteKind.DEPRECATED: "Deprecated: {}",
}


_NOUN: Final = re.compile(r"(?:A|An|One|The|What)\b(?!.*\?$)", re.DOTALL)
"""The start of a text that can follow "is"."""
_VERB: Final = re.compile(
    r"(?:Contains|Controls|Defines|Describes|Holds|Identifies|Lists|Provides|Represents|Specifies"
    r"|Stores)\b"
)


def definition_doc(
    definition: Definition, names: Mapping[str, str], unions: Sequence[str] = (), initial: str = ""
) -> tuple[Code, ...]:
    """Return the lines of the comment on a definition.

    `names` has the names of all definitions in Go, by their ids. `unions` has the names of the
    unions that it is a member of, `initial` what `New...` sets.
    """
    name, notes = names[definition.id], _notes(definition)
    if unions:
        *others, last = (f"[{union}]" for union in unions)
        places = f"{', '.join(others)} and {last}" if others else last
        notes.insert(0, f"It is a member of {places}.")
    if initial:
        notes.append(f"Start from [New{name}], which sets its {initial}.")
    text = _sentence(definition, names)
    if _PHRASES[NoteKind.ONE_OF] in text:
        notes.remove(_PHRASES[NoteKind.ONE_OF])
    deprecated = [note for note in notes if note.startswith("Deprecated: ")]
    rest = [note for note in notes if note not in deprecated]
    return comment("\n\n".join([text, *rest, *deprecated]))


def _sentence(definition: Definition, names: Mapping[str, str]) -> str:
    """Return the description of a definition, so that it starts with its name, as Go wants it."""
    name, text = names[definition.id], definition.description.strip()
    if own := re.match(rf"(?:(?:A|An|The) )?({name}|{definition.name}) ", text):
        return f"{text[: own.start(1)]}{name}{text[own.end(1) :]}"
    if _NOUN.match(text):
        return f"{name} is {text[0].lower()}{text[1:]}"
    if _VERB.match(text):
        return f"{name} {text[0].lower()}{text[1:]}"
    kind = _kind(definition, names)
    if not text:
        return kind
    end = "." if text[-1].isalnum() and "\n" not in text else ""
    return f"{kind}\n\n{text}{end}"


def _kind(definition: Definition, names: Mapping[str, str]) -> str:
    name = names[definition.id]
    match definition:
        case Model():
            return f"{name} is a JSON object."
        case Enum():
            return f"{name} is an enum with values of the type {definition.type}."
        case Alias():
            return f"{name} stands for {unparse(definition.type, lambda ref: names[ref.id])}."
        case Union():
            return f"{name} is a union of several types. {_PHRASES[NoteKind.ONE_OF]}"


def item_doc(item: Field | EnumValue, default: str = "") -> tuple[Code, ...]:
    """Return the lines of the comment on a field or a value; none if there is nothing to say.

    `default` is the default of a field as JSON.
    """
    notes = _notes(item, default)
    if isinstance(item, Field) and not fits_a_tag(item.json_key):
        notes.insert(
            0, f"The JSON key, which a struct tag cannot hold, is {literal(item.json_key)}."
        )
    return comment("\n\n".join([item.description, *notes]))


def _notes(item: Definition | Field | EnumValue, default: str = "") -> list[str]:
    return [
        _PHRASES[kind].format((default if kind is NoteKind.DEFAULT else text) or "Do not use.")
        for kind, text in notes_of(item)
        if kind in _PHRASES and (kind is not NoteKind.DEFAULT or len(text) <= WIDTH)
    ]
