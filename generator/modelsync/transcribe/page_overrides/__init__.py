"""Find what the pages of each language show differently from the pages that the schema renders.

The target sdk-docs renders each page; if it differs from the real page, the difference goes into
`names:`, `pages:` and the examples of the schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from modelsync.intake.each_item import ItemKey
from modelsync.progress import Progress, counted, silent
from modelsync.schema.definitions import Definition
from modelsync.schema.for_language import of_language
from modelsync.schema.schema import Schema
from modelsync.targets.base import Settings
from modelsync.targets.sdk_docs import SdkDocsTarget
from modelsync.transcribe.page_overrides.context import Context, MatchedPage, Resolve
from modelsync.transcribe.page_overrides.examples import override_examples
from modelsync.transcribe.page_overrides.names import hide_page, override_names
from modelsync.transcribe.page_overrides.options import drop_useless_options
from modelsync.transcribe.page_overrides.text import override_text

__all__ = ["MatchedPage", "with_page_overrides"]


def with_page_overrides(
    schema: Schema,
    matched: Mapping[str, Mapping[str, MatchedPage]],
    settings: Mapping[str, Settings],
    resolve: Resolve,
    progress: Progress = silent,
) -> Schema:
    """Return `schema` with what the pages of each language show differently.

    `matched` has the pages by language and then by the id of their definition, `settings` the
    target sdk-docs of each language, and `resolve` turns the types of pages into those of `schema`.
    """
    settled: dict[ItemKey, list[str]] = {}
    for language, pages in matched.items():
        target = SdkDocsTarget(of_language(schema, language), settings[language])
        context = Context(schema, target.pages, language, resolve, settled)
        schema = _compared(context, pages, override_names, progress, without_page=hide_page)
        # The names of code and pages are settled now: from here on only texts and values change.
        target = SdkDocsTarget(of_language(schema, language), settings[language])
        context = Context(schema, target.pages, language, resolve, settled)
        schema = _compared(context, pages, override_text, progress)
        schema = _compared(context.with_schema(schema), pages, override_examples, progress)
        if any(page.page.options for page in pages.values()):
            schema = _compared(context.with_schema(schema), pages, drop_useless_options, progress)
    return schema


def _unchanged(definition: Definition, context: Context) -> Definition:
    del context
    return definition


def _compared(
    context: Context,
    pages: Mapping[str, MatchedPage],
    override: Callable[[Definition, MatchedPage, Context], Definition],
    progress: Progress,
    without_page: Callable[[Definition, Context], Definition] = _unchanged,
) -> Schema:
    """Return the schema of `context` with each definition compared with its page."""
    label = f"comparing with {context.language}"
    return Schema(
        tuple(
            override(definition, pages[definition.id], context)
            if definition.id in pages
            else without_page(definition, context)
            for definition in counted(context.whole.definitions, label, progress)
        )
    )
