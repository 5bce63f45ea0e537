"""The whole import: bytes -> a schema that every target can generate code from, and findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from modelsync.errors import Position, Problem
from modelsync.importer.dialects import Dialect, dialect_of
from modelsync.importer.findings import Finding
from modelsync.importer.parse import parse
from modelsync.importer.repair import repair
from modelsync.importer.translate import Root, translate
from modelsync.importer.tree import Json, JsonObject, Source
from modelsync.progress import Progress, silent
from modelsync.schema.schema import Schema


@dataclass(frozen=True, slots=True)
class Imported:
    """What sources say."""

    schema: Schema
    positions: Mapping[str, Position]
    """The position of each definition in the sources, by its name."""
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    """What keeps a source, or a part of one, from being read."""
    sources: Mapping[str, str]
    """The text of each source that was read, by its path in messages."""


def import_sources(
    paths: Sequence[str],
    read: Callable[[str], bytes | None],
    package: str,
    *,
    allow_outside: bool = False,
    progress: Progress = silent,
) -> Imported:
    """Return the schema of some files, and of those that they refer to.

    `read` returns the content of a file, None if there is none. Files outside the folders of
    `paths` are only read with `allow_outside`.
    """
    problems: list[Problem] = []
    sources = [
        source for path in paths if (source := parse(path, read(path) or b"", problems)) is not None
    ]
    roots = [root for source in sources for root in _roots(source)]
    translation = translate(roots, _Library())
    repaired = repair(translation.documents, package, translation.findings, progress)
    return Imported(
        repaired.schema,
        repaired.positions,
        tuple(sorted(set(translation.findings.found))),
        tuple(problems),
        {source.path: source.text for source in sources},
    )


# Until sources can do this ------------------------------------------------------------------------


class _Library:
    def target(self, schema: JsonObject) -> Json:
        pointer = schema["$ref"]
        value: Json = schema.source.root
        if not isinstance(pointer, str) or not pointer.startswith("#"):
            return schema
        for step in pointer[1:].split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(value, JsonObject) or name not in value:
                return schema
            value = value[name]
        return value

    def dialect(self, schema: JsonObject) -> Dialect:
        return dialect_of(schema.source.root)

    def place_of(self, schema: JsonObject) -> str:
        return str(schema.offset)


def _roots(source: Source) -> Iterator[Root]:
    root = source.root
    if not isinstance(root, JsonObject):
        return
    for path in (("components", "schemas"), ("$defs",), ("definitions",)):
        value: Json = root
        for step in path:
            value = value.get(step) if isinstance(value, JsonObject) else None
        for name, schema in value.items() if isinstance(value, JsonObject) else ():
            yield Root(name, schema)
    if "openapi" not in root:
        yield Root(str(root.get("title", "Root")), root)
