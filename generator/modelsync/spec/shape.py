"""Mappings with known keys: one description for the reader and for the JSON Schema of editors.

A :class:`Shape` has keys, and the :class:`Kind` of a key defines both how its value is read and
which values the JSON Schema accepts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from modelsync.spec.nodes import MappingNode, Node
    from modelsync.spec.other_keys import Instead
    from modelsync.spec.reader import Reader

T = TypeVar("T")

EXTENSION: Final = "x-"
"""What the keys of extensions start with."""


@dataclass(frozen=True, slots=True, eq=False)
class Kind(Generic[T]):
    """A kind of value: how it is read, and the JSON Schema that accepts it."""

    read: Callable[[Reader, Node, Key[T]], T | None]
    """Returns None and adds a problem if the value cannot be read."""
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Key(Generic[T]):
    """One key of a mapping."""

    name: str
    kind: Kind[T]
    doc: str
    """What it is for, in one sentence."""
    needed: bool = False
    choices: tuple[str, ...] = ()

    @property
    def help(self) -> str:
        """Help for a mapping without this key."""
        choices = f", one of {', '.join(f'`{each}`' for each in self.choices)}" * bool(self.choices)
        return f"add `{self.name}`: {self.doc[:1].lower()}{self.doc[1:].removesuffix('.')}{choices}"


@dataclass(frozen=True, eq=False)
class Shape:
    """A mapping with known keys."""

    what: str
    """Its name in messages, such as `a field`."""
    keys: tuple[Key[Any], ...]
    instead_of: Callable[[str, Node, MappingNode], Instead | None] | None = None
    """Returns what to write instead of a key that other schema languages use."""
    extensible: bool = False
    """Whether keys that start with `x-` are accepted, with any value."""
    keywords: Mapping[str, Any] = field(default_factory=dict)
    """Further keywords of its JSON Schema, about several keys."""

    @cached_property
    def by_name(self) -> Mapping[str, Key[Any]]:
        """The keys by name."""
        return {key.name: key for key in self.keys}

    @cached_property
    def needed(self) -> tuple[Key[Any], ...]:
        """The keys that must not be missing."""
        return tuple(key for key in self.keys if key.needed)

    def has_key(self, name: str) -> bool:
        """Whether there is a key called `name`."""
        return name in self.by_name


def keys_in(table: type) -> tuple[Key[Any], ...]:
    """Return the keys that are attributes of a class, in order."""
    return tuple(value for value in vars(table).values() if isinstance(value, Key))


def object_schema(shape: Shape, *, closed: bool = True) -> dict[str, Any]:
    """Return the JSON Schema of a mapping; if it is not `closed`, other keys are accepted too."""
    return {
        "type": "object",
        "properties": {
            key.name: {"description": key.doc, **key.kind.schema}
            | ({"enum": list(key.choices)} if key.choices else {})
            for key in shape.keys
        },
        "required": [key.name for key in shape.keys if key.needed],
        **({"patternProperties": {f"^{EXTENSION}": {}}} if shape.extensible else {}),
        **({"additionalProperties": False} if closed else {}),
        **shape.keywords,
    }
