"""Which schemas of a document are definitions, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from modelsync.importer.exported.ids import is_exported
from modelsync.importer.library.references import Library
from modelsync.importer.library.sources import Document
from modelsync.importer.text.tree import Json, JsonObject
from modelsync.importer.translation.keywords import is_structural
from modelsync.importer.translation.places import definition_name, part_of_name

HOLDERS: Final = ("$defs", "definitions")
_MAX_TITLE: Final = 60
_SUFFIX: Final = re.compile(r"(?:[._-]schema)?\.(?:json|ya?ml|jsonschema)$", re.I)


class Root(NamedTuple):
    """A schema that is a definition, and its name before clashes are resolved."""

    name: str
    schema: Json
    is_derived: bool = False
    """Whether no key of the source is its name, so that it gives way to those that are keys."""


def schema_roots(document: Document, library: Library) -> Iterator[Root]:
    """Yield the definitions of a JSON Schema: all of it, and those in `$defs`, in order."""
    root = document.source.root
    if not isinstance(root, JsonObject):
        yield Root(name_of_file(document.path), root, is_derived=True)
        return
    named = [Root(name, value) for keyword in HOLDERS for name, value in _entries(root, keyword)]
    if not _only_holds(root, named, library):
        yield Root(name_of_document(root, document.path), root, is_derived=True)
    yield from named


def _entries(root: JsonObject, keyword: str) -> Iterable[tuple[str, Json]]:
    schemas = root.get(keyword)
    return schemas.items() if isinstance(schemas, JsonObject) else ()


def _only_holds(root: JsonObject, named: list[Root], library: Library) -> bool:
    """Return whether a document only holds definitions, and perhaps refers to the first."""
    if not named or (is_exported(root) and "title" in root):
        return False
    words = {word for word in root if is_structural(word)}
    if words == {"$ref"}:
        target = library.target(root)
        return any(each.schema is target for each in named)
    return not words


def name_of_document(root: JsonObject, path: str) -> str:
    """Return the name of a JSON Schema: its title, otherwise the name of its file."""
    title = root.get("title")
    if isinstance(title, str) and title.strip() and len(title) <= _MAX_TITLE:
        name = definition_name(title) if title.isidentifier() else part_of_name(title)
        if name[:1].isalpha() and name.isascii():
            return name
    return name_of_file(path)


def name_of_file(path: str) -> str:
    """Return the name of a schema by its file: `order-line.schema.json` -> `OrderLine`."""
    place = PurePosixPath(path)
    name = part_of_name(_SUFFIX.sub("", place.name))
    return definition_name(name or "Root")
