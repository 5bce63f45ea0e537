"""Reference pages of schemas, and what they say."""

from __future__ import annotations

from collections.abc import Mapping

from modelsync.render.render import render
from modelsync.schema.schema import Schema
from modelsync.spec.read import read_schema
from modelsync.spec.write import write_specs
from modelsync.targets import target_class
from modelsync.targets.base import Settings
from modelsync.transcribe.reference import ReferenceDocs, read_reference_docs


def pages_of(schema: Schema) -> dict[str, bytes]:
    """Return the pages that the Markdown target writes, by their paths below its folder."""
    made = target_class("markdown")(schema, Settings("docs", "markdown", "docs"))
    return {path.removeprefix("docs/"): out.data for path, out in render([made]).items()}


def read_pages(pages: Mapping[str, bytes | str]) -> ReferenceDocs:
    """Return what pages say."""
    files = {path: text.encode() if isinstance(text, str) else text for path, text in pages.items()}
    return read_reference_docs({"docs": files}, "specs")


def pages_again(docs: ReferenceDocs) -> dict[str, bytes]:
    """Return the pages of the specs that are written from pages."""
    texts = write_specs(docs.schema, "specs", places=docs.places)
    return pages_of(read_schema(texts, "specs"))
