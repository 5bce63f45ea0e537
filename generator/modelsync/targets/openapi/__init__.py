"""OpenAPI 3.1: one document with all definitions as components."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.targets.base import VARIANTS, File, Option
from modelsync.targets.json_schema.target import EXTENSIONS, MARK, SchemaTarget
from modelsync.targets.json_schema.views import definition_views, text


class OpenapiTarget(SchemaTarget):
    """A document of OpenAPI 3.1 with components, for other documents to refer to."""

    name = "openapi"
    also_called = ("open-api", "swagger")
    options = (
        Option("title", "The title of the document.", default="Models"),
        Option("version", "The version of the models, such as `1.2.0`.", default="0.0.0"),
        EXTENSIONS,
        VARIANTS,
    )
    is_openapi = True

    def reference_to(self, id_: str) -> str:
        """Return where the schema of a definition is, relative to the output folder."""
        return f"openapi.json#/components/schemas/{self.pointer(id_)}"

    def files(self) -> Iterator[File]:
        schemas = self.schemas(
            self.written, lambda id_: f"#/components/schemas/{self.pointer(id_)}"
        )
        view = {
            "schemas": definition_views(schemas, 4),
            "title": text(self.settings.text("title")),
            "version": text(self.settings.text("version")),
            "comment": text(MARK),
        }
        yield File("openapi.json", "openapi.json", view, self.written)


TARGET = OpenapiTarget
