"""The schemas of sources -> nodes of spec documents, and findings.

Each schema that has a name becomes a definition: the entries of `components.schemas` and `$defs`,
objects inside other schemas, and whatever a `$ref` leads to. The others become type expressions.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from modelsync.importer.findings import Findings
from modelsync.importer.references import Library
from modelsync.importer.roots import Root, roots_of
from modelsync.importer.translator import Translator
from modelsync.spec.nodes import MappingNode


class Translation(NamedTuple):
    """What sources say, as the nodes of specs."""

    documents: tuple[tuple[str, MappingNode], ...]
    """The name and the document of each definition, in order."""
    findings: Findings


def translate_library(library: Library) -> Translation:
    """Return all definitions of the files that were given, and those that they refer to."""
    translator = Translator(library)
    roots = [root for document in library.documents for root in roots_of(document.source.root)]
    return _translated(translator, roots)


def _translated(translator: Translator, roots: Iterable[Root]) -> Translation:
    rest = deque((translator.name_root(root.name, root.schema), root.schema) for root in roots)
    translator.bases.find(schema for _, schema in rest)
    documents: list[tuple[str, MappingNode]] = []
    while rest:
        name, schema = rest.popleft()
        documents.append((name, translator.document(name, schema)))
        # What it contains comes right after it, in the order in which it was found.
        rest.extendleft(reversed(translator.pending))
        translator.pending.clear()
    return Translation(tuple(documents), translator.findings)
