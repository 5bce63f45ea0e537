"""The documents of an import: files with their dialect, and the schemas in them that have URIs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from modelsync.errors import Position, Problem
from modelsync.importer.library.dialects import (
    OPENAPI_VERSIONS,
    Dialect,
    dialect_of,
    meta_schema,
    openapi_version,
)
from modelsync.importer.library.subschemas import schemas_inside
from modelsync.importer.library.uris import is_url, join
from modelsync.importer.text.text_problems import DUPLICATE
from modelsync.importer.text.tree import Json, JsonList, JsonObject, Source

UNKNOWN: Final = "MS137"

_TYPES: Final = frozenset("array boolean integer null number object string".split())
_OBJECTS: Final = ("properties", "patternProperties", "$defs", "definitions", "not", "if")
_LISTS: Final = ("allOf", "anyOf", "oneOf", "enum", "required", "prefixItems")
_TEXTS: Final = ("$id", "$ref", "$dynamicRef", "$recursiveRef")
_VALUES: Final = ("const", "items", "additionalProperties", "pattern", "minimum", "maximum")
_MARKS: Final = re.compile(
    r"""\$id|\$self|\$(?:dynamic|recursive)?Anchor|\$anchor|['"]?id['"]?\s*:"""
)
"""What is in the text of each source with schemas that have URIs or anchors."""


@dataclass(slots=True, eq=False)
class Resource:
    """A schema with a URI of its own, which references in it are relative to."""

    uri: str
    """The path of its file, or a URL."""
    root: Json
    document: Document
    dialect: Dialect
    anchors: dict[str, JsonObject] = field(default_factory=dict)
    dynamic: set[str] = field(default_factory=set)
    """The anchors that are dynamic; "" for `$recursiveAnchor`."""
    relative_id: str = ""
    """The `$id` of a file, if it is relative.

    Collections of schemas have such, relative to a folder that no file states.
    """


@dataclass(slots=True, eq=False)
class Document:
    """A file, and what is in it."""

    path: str
    """Normalized, with `/`."""
    source: Source
    dialect: Dialect
    """That of its root."""
    root: Resource = field(init=False)
    nested: Mapping[int, Resource] = field(default_factory=dict)
    """The resource of each schema that is in another one than the root, by its offset."""
    resources: list[Resource] = field(default_factory=list)


def new_document(
    path: str, source: Source, default: Dialect | None, problems: list[Problem]
) -> Document:
    """Return a file as a document. `default` is the dialect of files that do not state theirs."""
    dialect = dialect_of(source.root, default)
    document = Document(path, source, dialect)
    document.root = Resource(path, source.root, document, dialect)
    document.resources.append(document.root)
    if isinstance(source.root, JsonObject) and _MARKS.search(source.text):
        _find_resources(document, source.root, problems)
    return document


def check_kind(source: Source, problems: list[Problem]) -> bool:
    """Return whether a file is an OpenAPI document or a JSON Schema; if not, add to `problems`."""
    root = source.root
    if isinstance(root, bool):
        return True
    if not isinstance(root, JsonObject):
        kind = "a list" if isinstance(root, JsonList) else "a single value"
        message = f"the file is {kind}, not an OpenAPI document or a JSON Schema"
        problems.append(Problem(source.position(0), UNKNOWN, message, _NEEDED))
        return False
    at, message, help_ = _why_unknown(root)
    if message:
        problems.append(Problem(at, UNKNOWN, message, help_))
    return not message


_NEEDED: Final = "give a file with `openapi`, or one with keywords such as `type` or `$ref`"


def _why_unknown(root: JsonObject) -> tuple[Position, str, str]:
    """Return why an object is no known document: position, message and help."""
    if "openapi" in root:
        version = openapi_version(root["openapi"])
        if version in OPENAPI_VERSIONS:
            return root.at(), "", ""
        message = f"OpenAPI {root['openapi']} is not supported"
        return root.at("openapi"), message, f"convert it to one of {', '.join(OPENAPI_VERSIONS)}"
    if "swagger" in root:
        help_ = "convert it: `npx swagger2openapi FILE --outfile openapi.json`"
        return root.at("swagger"), "Swagger 2 is not supported", help_
    if "asyncapi" in root:
        help_ = "write its `components.schemas` to a JSON Schema, as `$defs`"
        return root.at("asyncapi"), "AsyncAPI is not supported", help_
    schema = root.get("$schema")
    if isinstance(schema, str) and "json-schema.org/draft-0" in schema and not meta_schema(schema):
        help_ = "convert it to draft-04 or later"
        return root.at("$schema"), f"the draft `{schema}` is not supported", help_
    if _has_keyword(root) or (isinstance(schema, str) and meta_schema(schema)):
        return root.at(), "", ""
    if isinstance(schema, str):
        message = f"the file is data that `{schema}` describes, not a schema"
        return root.at("$schema"), message, "give the schema itself"
    return root.at(), "the file is not an OpenAPI document or a JSON Schema", _NEEDED


def _has_keyword(root: JsonObject) -> bool:
    """Whether an object has a keyword of JSON Schema with a value that it may have."""
    type_ = root.get("type")
    types = type_ if isinstance(type_, JsonList) else [type_]
    if any(isinstance(name, str) and name in _TYPES for name in types):
        return True
    return (
        any(isinstance(root.get(keyword), JsonObject) for keyword in _OBJECTS)
        or any(isinstance(root.get(keyword), JsonList) for keyword in _LISTS)
        or any(isinstance(root.get(keyword), str) for keyword in _TEXTS)
        or any(keyword in root for keyword in _VALUES)
    )


# Schemas with URIs --------------------------------------------------------------------------------


def _find_resources(document: Document, root: JsonObject, problems: list[Problem]) -> None:
    """Find the schemas with a URI or an anchor in a document, and what is inside them."""
    nested: dict[int, Resource] = {}
    document.nested = nested
    for schema, around in schemas_inside(root):
        outer = nested.get(around.offset, document.root)
        resource = _resource_at(schema, outer, is_root=schema is root)
        if resource is not document.root:
            nested[schema.offset] = resource
        _add_anchors(schema, resource, problems)


def _resource_at(schema: JsonObject, around: Resource, *, is_root: bool) -> Resource:
    """Return the resource that a schema is in, which may be itself."""
    document = around.document
    dialect = dialect_of(schema, around.dialect) if "$schema" in schema else around.dialect
    keyword = "$self" if is_root and "openapi" in schema else dialect.id_keyword
    id_ = schema.get(keyword) if keyword else None
    if not isinstance(id_, str) or ("$ref" in schema and not dialect.has_ref_siblings):
        return around
    uri = join(around.uri, id_.partition("#")[0])
    if is_root:
        around.uri = uri
        around.relative_id = "" if is_url(uri) else join("", id_.partition("#")[0])
        return around
    if not id_ or id_.startswith("#"):
        return around  # an anchor in the form of old drafts
    resource = Resource(uri, schema, document, dialect)
    document.resources.append(resource)
    return resource


def _add_anchors(schema: JsonObject, resource: Resource, problems: list[Problem]) -> None:
    for keyword in ("$anchor", "$dynamicAnchor", resource.dialect.id_keyword):
        name = schema.get(keyword)
        if not isinstance(name, str):
            continue
        if keyword == resource.dialect.id_keyword:
            name = name.partition("#")[2]
        if not name or name.startswith("/"):
            continue
        first = resource.anchors.setdefault(name, schema)
        if first is not schema and first != schema:
            message = f"duplicate anchor `{name}`"
            related = ((first.at(), "first used here"),)
            help_ = "rename one of the two"
            problems.append(Problem(schema.at(keyword), DUPLICATE, message, help_, related))
        if keyword == "$dynamicAnchor":
            resource.dynamic.add(name)
    if schema.get("$recursiveAnchor") is True and schema is resource.root:
        resource.dynamic.add("")
