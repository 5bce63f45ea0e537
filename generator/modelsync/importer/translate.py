"""The schemas of sources -> nodes of spec documents, and findings.

Each schema that has a name becomes a definition: the entries of `components.schemas` and `$defs`,
objects inside other schemas, and whatever a `$ref` leads to. The others become type expressions.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from modelsync.importer.findings import Findings
from modelsync.importer.translator import Library, Translator
from modelsync.importer.tree import Json
from modelsync.spec.nodes import MappingNode


class Root(NamedTuple):
    """A schema that is a definition, and its name before clashes are resolved."""

    name: str
    schema: Json


class Translation(NamedTuple):
    """What sources say, as the nodes of specs."""

    documents: tuple[tuple[str, MappingNode], ...]
    """The name and the document of each definition, in order."""
    findings: Findings


def translate(roots: Iterable[Root], library: Library) -> Translation:
    """Return the definitions that some schemas become, with all definitions that these need."""
    translator = Translator(library)
    names = [(translator.name_root(root.name, root.schema), root.schema) for root in roots]
    documents: list[tuple[str, MappingNode]] = []
    rest = deque(names)
    while rest:
        name, schema = rest.popleft()
        documents.append((name, translator.document(name, schema)))
        # What it contains comes right after it, in the order in which it was found.
        rest.extendleft(reversed(translator.pending))
        translator.pending.clear()
    return Translation(tuple(documents), translator.findings)
