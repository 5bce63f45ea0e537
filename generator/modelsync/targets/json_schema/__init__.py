"""JSON Schema 2020-12: one file with all definitions, or a file for each."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Final
from urllib.parse import quote

from modelsync.errors import Problem
from modelsync.graphs import reachable
from modelsync.schema.definitions import Definition, refs_of
from modelsync.schema.structured import PRESETS
from modelsync.targets.base import VARIANTS, Code, File, Option
from modelsync.targets.json_schema.structured_files import StructuredFiles
from modelsync.targets.json_schema.target import EXTENSIONS, MARK, SchemaTarget
from modelsync.targets.json_schema.views import definition_view, definition_views, text

_ALL: Final = "schema.json"
"""The file with all definitions."""


class JsonSchemaTarget(SchemaTarget):
    """Schemas of JSON Schema 2020-12."""

    name = "json-schema"
    also_called = ("jsonschema", "schema")
    options = (
        Option(
            "files",
            "What the files are: `one` with all definitions in `$defs`; `many`, a file for each"
            " definition, which refer to each other; or `bundled`, a file for each definition that"
            " has what it refers to in `$defs`.",
            default="one",
            choices=("one", "many", "bundled"),
        ),
        Option(
            "id",
            "The URL of the output folder, for `$id`, such as https://example.com/schemas/.",
            default="",
            pattern=re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:[^\s#?]*/)?"),
            hint="an absolute URL that ends in `/`",
        ),
        EXTENSIONS,
        VARIANTS,
        Option(
            "preset",
            "The dialect of a language model for structured output: `openai`, `anthropic`, or"
            " `portable` for all of them. There is a file for each definition that may contain"
            " something, and the options above are not used, except for `variants`.",
            default="none",
            choices=("none", *PRESETS),
        ),
        Option(
            "roots",
            "With a preset, the definitions that have a file. Default: all.",
            "texts",
            default=(),
        ),
    )

    @cached_property
    def structured(self) -> StructuredFiles | None:
        """The schemas of a preset, if there is one."""
        preset = self.settings.text("preset")
        if preset == "none":
            return None
        roots, at = self.settings.texts("roots"), self.settings.where("roots")
        return StructuredFiles(self.schema, preset, roots, at)

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        if self.structured is not None:
            yield from self.structured.problems()

    def packages(self) -> Mapping[str, tuple[Definition, ...]]:
        return self.schema.packages if self.has("many") else super().packages()

    def has(self, files: str) -> bool:
        """Whether the option `files` has this value. With a preset, files are as in `many`."""
        given = self.settings.text("files")
        return files == (given if self.settings.text("preset") == "none" else "many")

    def file_stem(self, name: str) -> str:
        return "" if self.has("one") else name

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """The path of the file of each definition, by its id."""
        return {
            each.id: f"{each.package.replace('.', '/')}/{self.file_stems[each.id]}.json".lstrip("/")
            for each in self.schema.definitions
        }

    def files(self) -> Iterator[File]:
        if self.structured is not None:
            yield from map(self._structured_file, self.structured.roots)
            return
        if not self.has("one"):
            yield from map(self._file, self.written)
            return
        schemas = self.schemas(self.written, lambda id_: f"#/$defs/{self.pointer(id_)}")
        view = {"schemas": definition_views(schemas, 3), **self._head(_ALL)}
        yield File(_ALL, "schemas.json", view, self.written)

    def reference_to(self, id_: str) -> str:
        """Return where the schema of a definition is, relative to the output folder."""
        return f"{_ALL}#/$defs/{self.pointer(id_)}" if self.has("one") else quote(self.paths[id_])

    def _head(self, path: str) -> dict[str, Code]:
        base = self.settings.text("id")
        return {"id": text(f"{base}{path}") if base else Code(), "comment": text(MARK)}

    def _file(self, definition: Definition) -> File:
        """Return the file of one definition."""
        path = self.paths[definition.id]
        others = [*self._needed(definition)] if self.has("bundled") else []
        ((_, key, schema),) = self.schemas([definition], self._reference(definition))
        has_more = bool(others)
        view = {
            "schema": definition_view(definition, key, schema, 1, has_more=has_more),
            "schemas": definition_views(self.schemas(others, self._reference(definition)), 3),
            "comma": Code("," if schema or has_more else ""),
        }
        return File(path, "schema.json", view | self._head(path), (definition, *others))

    def _structured_file(self, root: Definition) -> File:
        """Return the file of one definition with a preset."""
        assert self.structured is not None
        (first, key, schema), *others = self.structured.schemas[root.id]
        view = {
            "schema": definition_view(first, key, schema, 1, has_more=bool(others)),
            "schemas": definition_views(others, 3),
        }
        return File(self.paths[root.id], "structured.json", view, (root,))

    def _reference(self, root: Definition) -> Callable[[str], str]:
        """Return what references in the file of a definition are, by the id of what they mean."""
        if self.has("bundled"):
            return lambda id_: "#" if id_ == root.id else f"#/$defs/{self.pointer(id_)}"
        folder = posixpath.dirname(self.paths[root.id]) or "."
        return lambda id_: self.url(posixpath.relpath(self.paths[id_], folder))

    def _needed(self, root: Definition) -> Iterator[Definition]:
        """Yield the definitions that one leads to, itself not included, in order."""
        found = reachable({root.id}, self._uses) - {root.id}
        return (each for each in self.schema.definitions if each.id in found)

    @cached_property
    def _uses(self) -> Mapping[str, list[str]]:
        return {each.id: [ref.id for ref in refs_of(each)] for each in self.schema.definitions}


TARGET = JsonSchemaTarget
