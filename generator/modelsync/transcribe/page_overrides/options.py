"""The options of a page, without those that change nothing on it."""

from __future__ import annotations

from dataclasses import replace

from modelsync.schema.definitions import Definition
from modelsync.transcribe.page_overrides.context import Context, MatchedPage


def drop_useless_options(
    definition: Definition, matched: MatchedPage, context: Context
) -> Definition:
    """Return a definition with only those options of its page that change the page."""
    if not matched.page.options:
        return definition
    here = context.schema.by_id[definition.id]
    rendered = context.pages.for_page(here).page(here)
    options = dict(context.page_of(here).options)
    for name in sorted(options.keys() - {"ends"}):
        fewer = {other: text for other, text in options.items() if other != name}
        without = context.with_page(here, replace(context.page_of(here), options=fewer))
        if context.pages.for_page(without).page(without) == rendered:
            options = fewer
    return context.with_page(definition, replace(context.page_of(definition), options=options))
