"""Circles of required fields: which to break first, so that as few fields as possible change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from modelsync.errors import NOWHERE
from modelsync.graphs import components
from modelsync.importer.repair.documents import Document
from modelsync.schema.type_expr import TypeExpressionError, parse
from modelsync.schema.types import AnyOf, Ref, Type
from modelsync.spec.nodes import MappingNode, ScalarNode, SequenceNode


def first_to_break(documents: Mapping[str, Document], infinite: Collection[str]) -> set[str]:
    """Return the labels of the models to change, one of each circle that leads to no other one.

    The models that only lead to such a circle become finite when it is broken.
    """
    labels = {document.name: label for label, document in documents.items()}
    targets = {
        label: [labels[name] for name in _needed(document) if name in labels]
        for label, document in documents.items()
    }
    leads_to_circle: set[str] = set()
    chosen: set[str] = set()
    # The components of what a definition refers to come before its own.
    for component in components(targets):
        below = {target for label in component for target in targets[label]}
        is_above = not leads_to_circle.isdisjoint(below)
        is_circle = len(component) > 1 or component[0] in targets[component[0]]
        here = [label for label in sorted(component) if label in infinite]
        if is_above or (is_circle and here):
            leads_to_circle |= set(component)
        if is_circle and here and not is_above:
            chosen.add(here[0])
    return chosen or set(infinite)


def _needed(document: Document) -> Iterator[str]:
    """Yield the names of the definitions that each document of a definition contains."""
    node = document.node
    for key, value in node.entries:
        match key.text, value:
            case "fields", MappingNode(entries=fields):
                for name, _ in fields:
                    if document.text("fields", name.text, "required") == "true":
                        yield from _names(document.text("fields", name.text, "type"))
            case "members" | "extends", SequenceNode(items=items):
                for item in items:
                    if isinstance(item, ScalarNode):
                        yield from _names(item.text)
            case "type", ScalarNode(text=text):
                yield from _names(text)
            case _:
                pass


def _names(text: str) -> Iterator[str]:
    """Yield the definitions that a type stands for; those in lists and maps need not be there."""
    try:
        type_: Type = parse(text, NOWHERE)
    except TypeExpressionError:
        return
    for each in type_.members if isinstance(type_, AnyOf) else (type_,):
        if isinstance(each, Ref):
            yield each.id
