"""Which schemas of an OpenAPI document are definitions: components, then bodies of operations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from modelsync.importer.findings import Findings
from modelsync.importer.library.references import Library
from modelsync.importer.library.roots import Root
from modelsync.importer.text.tree import Json, JsonList, JsonObject
from modelsync.importer.translation.places import part_of_name

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_JSON: Final = re.compile(
    r"(?:application/(?:json|jsonl|x-ndjson|json-seq|\*)|text/json|\*/\*|[^/]+/[^/]+\+json(?:-seq)?)"
    r"\s*(?:;.*)?",
    re.I,
)
_MAX_DEPTH: Final = 20
"""How deep callbacks may be in callbacks."""


def openapi_roots(root: JsonObject, library: Library, findings: Findings) -> Iterator[Root]:
    """Yield the definitions of an OpenAPI document, in order."""
    reader = _Reader(library, findings)
    components = root.get("components")
    if isinstance(components, JsonObject):
        for name, schema in _entries(components, "schemas"):
            yield Root(name, schema)
        yield from reader.components(components)
    for path, item in _entries(root, "paths"):
        yield from reader.path_item(item, path)
    for name, item in _entries(root, "webhooks"):
        yield from reader.path_item(item, name)
    reader.report()


def _entries(holder: Json, keyword: str) -> Iterator[tuple[str, Json]]:
    values = holder.get(keyword) if isinstance(holder, JsonObject) else None
    if isinstance(values, JsonObject):
        yield from values.items()


class _Reader:
    def __init__(self, library: Library, findings: Findings) -> None:
        self.library = library
        self.findings = findings
        self.seen: set[int] = set()
        self.omitted: dict[str, tuple[JsonObject, str, int]] = {}
        """What is not imported: the first one, as an object and its key, and how many there are."""

    def components(self, components: JsonObject) -> Iterator[Root]:
        """Yield the inline schemas of components that are not schemas."""
        for name, body in _entries(components, "requestBodies"):
            yield from self.body(body, _with_ending(part_of_name(name), "Request"))
        for name, body in _entries(components, "responses"):
            yield from self.body(body, _with_ending(part_of_name(name), "Response"))
        for name, callback in _entries(components, "callbacks"):
            yield from self.callback(callback, part_of_name(name), 0)
        for name, item in _entries(components, "pathItems"):
            yield from self.path_item(item, name)
        for keyword in ("parameters", "headers"):
            values = components.get(keyword)
            if isinstance(values, JsonObject) and values:
                self.omit(keyword, components, keyword, len(values))

    def path_item(self, item: Json, path: str, depth: int = 0) -> Iterator[Root]:
        """Yield the inline schemas of the operations of a path, a webhook or a callback."""
        item = self.followed(item)
        if not isinstance(item, JsonObject) or depth > _MAX_DEPTH:
            return
        self.parameters(item)
        named = part_of_name(path)
        operations = [(method, item[method]) for method in _METHODS if method in item]
        operations += _entries(item, "additionalOperations")
        for method, operation in operations:
            if isinstance(operation, JsonObject):
                yield from self.operation(operation, part_of_name(method) + named, depth)

    def operation(self, operation: JsonObject, derived: str, depth: int) -> Iterator[Root]:
        id_ = operation.get("operationId")
        name = (part_of_name(id_) if isinstance(id_, str) else "") or derived
        self.parameters(operation)
        yield from self.body(operation.get("requestBody"), f"{name}Request")
        for status, response in _entries(operation, "responses"):
            yield from self.body(response, f"{name}Response{_status(status)}")
        for called, callback in _entries(operation, "callbacks"):
            yield from self.callback(callback, name + part_of_name(called), depth)

    def callback(self, callback: Json, name: str, depth: int) -> Iterator[Root]:
        callback = self.followed(callback)
        items = list(callback.values()) if isinstance(callback, JsonObject) else []
        for number, item in enumerate(items, 1):
            named = name if len(items) == 1 else f"{name}{number}"
            yield from self.path_item(item, named, depth + 1)

    def body(self, body: Json, name: str) -> Iterator[Root]:
        """Yield the inline schemas of a request or a response."""
        if isinstance(body, JsonObject) and isinstance(body.get("$ref"), str):
            body = self.followed(body, other_files=True)
        if not isinstance(body, JsonObject) or id(body) in self.seen:
            return
        self.seen.add(id(body))
        if body.get("headers"):
            self.omit("headers", body, "headers")
        known: list[Json] = []
        content = body.get("content")
        for media, value in _entries(body, "content"):
            if not _JSON.fullmatch(media):
                assert isinstance(content, JsonObject)
                self.omit("bodies that are not JSON", content, media)
                continue
            yield from self.media_type(value, media, name, known)

    def media_type(self, value: Json, media: str, name: str, known: list[Json]) -> Iterator[Root]:
        value = self.followed(value)
        for keyword, ending in (("schema", ""), ("itemSchema", "Item")):
            schema = value.get(keyword) if isinstance(value, JsonObject) else None
            if not isinstance(schema, JsonObject) or not schema or _is_reference(schema):
                continue
            if any(schema is each or schema == each for each in known):
                continue
            subtype = part_of_name(re.split(r"[/;]", media)[1]) if known else ""
            known.append(schema)
            yield Root(f"{name}{subtype}{ending}", schema, is_derived=True)

    def followed(self, value: Json, *, other_files: bool = False) -> Json:
        """Return the object that a reference leads to; None for another part of the document.

        Parts of the document are read where they are, and what is in other files is read where the
        first reference is.
        """
        for _ in range(_MAX_DEPTH):
            if not isinstance(value, JsonObject) or not isinstance(value.get("$ref"), str):
                return value
            target = self.library.target(value)
            if target is value or not isinstance(target, JsonObject):
                return None
            if other_files and target.source is value.source:
                return None
            value = target
        return None

    # What is not imported -------------------------------------------------------------------------

    def parameters(self, holder: JsonObject) -> None:
        parameters = holder.get("parameters")
        if isinstance(parameters, JsonList) and parameters:
            self.omit("parameters", holder, "parameters", len(parameters))

    def omit(self, what: str, holder: JsonObject, keyword: str, number: int = 1) -> None:
        first = self.omitted.get(what, (holder, keyword, 0))
        self.omitted[what] = (first[0], first[1], first[2] + number)

    def report(self) -> None:
        """Add a note for each kind of thing that is not imported."""
        for what, (holder, keyword, number) in self.omitted.items():
            message = f"{number} {what}" if number > 1 else f"one of the {what}"
            self.findings.note(holder.at(keyword), what, f"{message}, which are not imported")


def _is_reference(schema: JsonObject) -> bool:
    return "$ref" in schema and not ("allOf" in schema or "properties" in schema)


def _with_ending(name: str, ending: str) -> str:
    return name if name.endswith(ending) else f"{name}{ending}"


def _status(status: str) -> str:
    """Return a status as a part of a name: `200`, `4XX`, `Default`."""
    return status.upper() if re.fullmatch(r"[0-9][0-9X]{2}", status, re.I) else part_of_name(status)
