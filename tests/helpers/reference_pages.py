"""Reference pages as a project has them, which also shows what other targets generate."""

from __future__ import annotations

from modelsync.render.render import render
from modelsync.schema.schema import Schema

from .projects import target

_LANGUAGES = ("python", "typescript", "go")


def reference_pages(schema: Schema) -> dict[str, str]:
    """Return the text of each page by its path, without the output folder."""
    module = {"module": "example.com/models"}
    targets = [
        target(schema, name, f"{name}_models", module if name == "go" else None)
        for name in _LANGUAGES
    ]
    outputs = render([*targets, target(schema, "markdown", "docs")], showcase={})
    return {
        path.removeprefix("docs/"): output.data.decode("utf-8")
        for path, output in outputs.items()
        if path.startswith("docs/")
    }
