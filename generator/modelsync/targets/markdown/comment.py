"""The comment at the end of a page, with what its spec says besides what readers see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modelsync.pages.reference.comment import DOCUMENT, GENERATED_EXAMPLE, MEMBERS, example_digest
from modelsync.pages.reference.json_text import json_text
from modelsync.schema.ir import Definition, Ref, Schema, Union
from modelsync.schema.json_values import to_json
from modelsync.spec.write_lines import value_lines
from modelsync.spec.write_rest import in_comment, unshown
from modelsync.targets.base import Code

if TYPE_CHECKING:
    from modelsync.targets.markdown import MarkdownTarget


def comment_text(target: MarkdownTarget, definition: Definition, example: str) -> Code:
    """Return the text of the comment on the page of a definition; empty if it needs none.

    `example` is the document that the page shows, which may be one that modelsync made up.
    """
    return Code(in_comment(_lines(target, definition, example)))


def _lines(target: MarkdownTarget, definition: Definition, example: str) -> Iterator[str]:
    yield from unshown(target.writer, definition)
    if isinstance(definition, Union) and definition.discriminator is not None:
        members = [each.id for each in definition.members if isinstance(each, Ref)]
        shown = dict.fromkeys(id_ for _, id_ in definition.mapping)
        if members != [*shown, *(id_ for id_ in members if id_ not in shown)]:
            yield f"{MEMBERS}: [{', '.join(members)}]"
    own = definition.example
    if own is None or json_text(to_json(own)) != example:
        if example:
            yield f"{GENERATED_EXAMPLE}: {example_digest(example)}"
        if own is not None:
            yield from value_lines("example", own)
    if number := target.documents.get(definition.id):
        yield f"{DOCUMENT}: {number}"


def documents_of(schema: Schema) -> dict[str, int]:
    """Return the number of the document of each definition in its spec, by the definition's id.

    Only of specs with several documents.
    """
    together: dict[str, list[str]] = {}
    for each in schema.definitions:
        together.setdefault(each.spec, []).append(each.id)
    return {
        id_: number
        for spec, ids in together.items()
        if spec and len(ids) > 1
        for number, id_ in enumerate(ids, 1)
    }
