"""What a schema says, as parts of the nodes that a spec has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from modelsync.errors import Position
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode

Entry: TypeAlias = tuple[ScalarNode, Node]
"""A key of a spec and its value."""


class TypeOf(NamedTuple):
    """The type of a schema, as the type of a field or an alias is written in a spec."""

    text: str
    """A type expression, such as `list[Order]`, without `| null` at its end."""
    position: Position
    nullable: bool = False
    entries: tuple[Entry, ...] = ()
    """The constraints and the `format`, which a field or an alias has beside its type."""

    @property
    def expression(self) -> str:
        """The type expression, with `| null` if the schema accepts null."""
        return f"{self.text} | null" if self.nullable and self.text != "any" else self.text


def key(name: str, at: Position) -> ScalarNode:
    """Return a key of a spec."""
    return ScalarNode(name, True, False, at)


def text(value: str, at: Position) -> ScalarNode:
    """Return text, which no reader takes for another kind of value."""
    return ScalarNode(value, False, False, at)


def plain(value: str, at: Position) -> ScalarNode:
    """Return a scalar without quotes: a type, a number, `true`, `false` or `null`."""
    return ScalarNode(value, True, False, at)


def mapping(entries: Iterable[Entry], at: Position) -> MappingNode:
    """Return a mapping."""
    return MappingNode(tuple(entries), at)


def sequence(items: Iterable[Node], at: Position) -> SequenceNode:
    """Return a list."""
    return SequenceNode(tuple(items), at)


class Body(NamedTuple):
    """What a schema says that only a definition of its own can say."""

    kind: str
    """The first key of the document: `model`, `enum` or `union`."""
    entries: tuple[Entry, ...]
    """The keys of the document, without the name and the annotations."""
    position: Position
    nullable: bool = False


Shape: TypeAlias = TypeOf | Body
"""What a schema is: a type expression, or a definition."""
