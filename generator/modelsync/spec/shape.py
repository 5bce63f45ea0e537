"""Which keys a spec may hold: one table for the reader and for the JSON Schema of editors.

A :class:`Shape` is a mapping with known keys. What each :attr:`Key.kind` means is said twice,
side by side with this table: by the reader (`reader.py`) and in `json_schema.py`; a test holds
the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a mapping: its kind of value, and what it is for in one sentence."""

    name: str
    kind: str
    doc: str
    needed: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A mapping with known keys; `what` is what messages call it."""

    what: str
    keys: tuple[Key, ...]

    def key(self, name: str) -> Key | None:
        """Return the key called `name`, or None."""
        return next((key for key in self.keys if key.name == name), None)


_DESCRIPTION: Final = Key("description", "text", "What it is, for the documentation.")
_DEPRECATED: Final = Key("deprecated", "reason", "`true`, or the reason why it goes away.")
_NAMES: Final = Key("names", "names", "The identifier per target, where the derived one is wrong.")
_INFERRED: Final = Key(
    "inferred", "flag", "Nobody wrote this down: it was seen in the example of another definition."
)

FIELD: Final = Shape(
    "a field",
    (
        Key("type", "type", "The type: `string`, `list[User]`, `Order | null`, ...", needed=True),
        Key("required", "flag", "Whether the key must be there. Default: false."),
        _DESCRIPTION,
        Key("example", "value", "A value, as the documentation shows it."),
        Key("examples", "values", "Several values, as the documentation shows them."),
        Key("default", "value", "The value that an absent key means."),
        _DEPRECATED,
        _NAMES,
    ),
)

MODEL: Final = Shape(
    "a model",
    (
        Key("model", "name", "The name of the model: a record.", needed=True),
        _DESCRIPTION,
        _DEPRECATED,
        _INFERRED,
        _NAMES,
        Key("fields", "fields", "The fields, by their JSON keys, in order.", needed=True),
        Key("example", "value", "A whole document, as the documentation shows it."),
    ),
)

ENUM_VALUE: Final = Shape("a value of an enum", (_DESCRIPTION, _DEPRECATED, _NAMES))

ENUM: Final = Shape(
    "an enum",
    (
        Key("enum", "name", "The name of the enum: a set of values.", needed=True),
        _DESCRIPTION,
        _DEPRECATED,
        _INFERRED,
        _NAMES,
        Key("type", "choice", "What the values are.", choices=("string", "int64")),
        Key("values", "enum values", "The values, each with its description.", needed=True),
        Key("open", "flag", "Whether unknown values are kept. Default: false, they are refused."),
        Key("example", "value", "A value, as the documentation shows it."),
    ),
)

UNION: Final = Shape(
    "a union",
    (
        Key("union", "name", "The name of the union: one of several types.", needed=True),
        _DESCRIPTION,
        _DEPRECATED,
        _INFERRED,
        _NAMES,
        Key("discriminator", "text", "The field whose value tells the members apart."),
        Key("members", "types", "The types that it can be, in the order of trying.", needed=True),
        Key("mapping", "mapping", "Value of the discriminator -> member."),
        Key("example", "value", "A value, as the documentation shows it."),
    ),
)

DEFINITIONS: Final = {"model": MODEL, "enum": ENUM, "union": UNION}
"""The shape of a document, by the key that says what it defines."""
