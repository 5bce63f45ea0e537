"""OpenAPI 3.1: one document with all definitions as components."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.targets.base import File, Option
from modelsync.targets.json_schema.definitions import Definitions
from modelsync.targets.json_schema.target import SchemaTarget
from modelsync.targets.json_schema.views import definition_view, text


class OpenapiTarget(SchemaTarget):
    """A document of OpenAPI 3.1 with components, for other documents to refer to."""

    name = "openapi"
    also_called = ("open-api", "swagger")
    options = (
        Option("title", "The title of the document.", default="Models"),
        Option("version", "The version of the models, such as `1.2.0`.", default="0.0.0"),
    )

    def files(self) -> Iterator[File]:
        prefix = "#/components/schemas/"
        writer = Definitions(
            self.schema, lambda id_: f"{prefix}{self.pointer(id_)}", is_openapi=True
        )
        schemas = [
            definition_view(each, self.definition_names[each.id], writer.definition(each), 4)
            for each in self.schema.definitions
        ]
        view = {
            "schemas": schemas,
            "title": text(self.settings.text("title")),
            "version": text(self.settings.text("version")),
        }
        yield File("openapi.json", "openapi.json", view, self.schema.definitions)


TARGET = OpenapiTarget
