"""Diagrams of how definitions refer to each other, in the language of Mermaid."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import SimpleNamespace
from typing import Final

from modelsync.schema.ir import Definition, Enum, Model, Schema, refs_of
from modelsync.targets.base import Code

MOST: Final = 24
"""The most definitions of a package, and of those around one definition, that are readable."""

Edges = Mapping[str, Collection[str]]


def edges_of(schema: Schema) -> dict[str, list[str]]:
    """Return the ids of the definitions that each definition refers to, without itself."""
    return {
        each.id: [id_ for id_ in dict.fromkeys(ref.id for ref in refs_of(each)) if id_ != each.id]
        for each in schema.definitions
    }


def users_of(edges: Edges) -> dict[str, list[str]]:
    """Return the reverse of :func:`edges_of`."""
    users: dict[str, list[str]] = {id_: [] for id_ in edges}
    for id_, others in edges.items():
        for other in others:
            users[other].append(id_)
    return users


def diagram(schema: Schema, edges: Edges, shown: Collection[str]) -> list[SimpleNamespace]:
    """Return the lines of the diagram of some definitions; none if they do not fit, or not refer.

    Definitions without an edge are omitted.
    """
    pairs = [(id_, other) for id_ in shown for other in edges[id_] if other in shown]
    connected = dict.fromkeys(id_ for pair in pairs for id_ in pair)
    if not pairs or len(connected) > MOST:
        return []
    numbers = {id_: f"d{number}" for number, id_ in enumerate(connected)}
    return list(_lines(schema, numbers, pairs))


def _lines(
    schema: Schema, numbers: Mapping[str, str], pairs: Collection[tuple[str, str]]
) -> Iterator[SimpleNamespace]:
    yield SimpleNamespace(text=Code("flowchart LR"), position=None)
    for id_, number in numbers.items():
        definition = schema.by_id[id_]
        start, end = _shape(definition)
        # Names of definitions are letters, digits and `_`.
        text = Code(f"  {number}{start}{definition.name}{end}")
        yield SimpleNamespace(text=text, position=definition.position)
    for user, used in pairs:
        text = Code(f"  {numbers[user]} --> {numbers[used]}")
        yield SimpleNamespace(text=text, position=schema.by_id[user].position)


def _shape(definition: Definition) -> tuple[str, str]:
    match definition:
        case Model():
            return "[", "]"
        case Enum():
            return "([", "])"
        case _:
            return "{{", "}}"
