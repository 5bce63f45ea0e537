"""The schemas of sources -> nodes of spec documents, and findings.

Each schema that has a name becomes a definition: the entries of `components.schemas` and `$defs`,
objects inside other schemas, and whatever a `$ref` leads to. The others become type expressions.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from modelsync.importer.exported.ids import is_variant
from modelsync.importer.findings import Findings
from modelsync.importer.library.openapi import openapi_roots
from modelsync.importer.library.references import Library
from modelsync.importer.library.roots import Root, schema_roots
from modelsync.importer.text.tree import Json, JsonObject
from modelsync.importer.translation.translator import Translator
from modelsync.spec.nodes import MappingNode


class Translation(NamedTuple):
    """What sources say, as the nodes of specs."""

    documents: tuple[tuple[str, MappingNode], ...]
    """The name and the document of each definition, in order. The name has the package before it
    if the source says that it is in one."""
    findings: Findings


def translate(library: Library) -> Translation:
    """Return all definitions of the files that were given, and those that they refer to.

    The definitions of a document come in its order, each followed by those inside it. Findings are
    in no order, and may be the same several times.
    """
    translator = Translator(library)
    names = _named(translator, library)
    translator.referred.find(schema for _, schema in names)
    translator.bases.find(schema for _, schema in names)
    rest = deque(names)
    documents: list[tuple[str, MappingNode]] = []
    while rest:
        name, schema = rest.popleft()
        documents.append((name, translator.document(name, schema)))
        # What it contains comes right after it, in the order in which it was found.
        rest.extendleft(reversed(translator.pending))
        translator.pending.clear()
    translator.keywords.report()
    return Translation(tuple(documents), translator.findings)


def _named(translator: Translator, library: Library) -> list[tuple[str, Json]]:
    """Return the definitions of the given files, and take their names: keys of a source first."""
    roots: list[Root] = []
    for document in library.documents:
        root = document.source.root
        if isinstance(root, JsonObject) and "openapi" in root:
            roots += openapi_roots(root, library, translator.findings)
        else:
            roots += schema_roots(document, library)
    names = {
        index: translator.name_root(root)
        for is_derived in (False, True)
        for index, root in enumerate(roots)
        if root.is_derived is is_derived
    }
    first: dict[str, Json] = {}
    for index, each in enumerate(roots):
        if is_variant(each.schema, translator.exported_names):
            translator.define_if_used(each.schema)
        else:
            first.setdefault(names[index], each.schema)
    return [*first.items()]
