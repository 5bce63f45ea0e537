"""What pages say about types and fields, in one line of Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator

from modelsync.pages.reference.prose import BREAK, cell
from modelsync.schema.ir import Definition, EnumValue, Field, Ref, Type
from modelsync.schema.json_values import to_json
from modelsync.schema.type_expr import unparse
from modelsync.targets import is_target, target_class
from modelsync.targets.base import Code, code, join
from modelsync.targets.limits import sentences_of

_BRACKETS = re.compile(r"\\\[((?:\\[^\[\]]|[^\\\[\]])*)\\\](?![(:])")
"""Escaped brackets that could stay as they are, as mdformat writes them."""

Link = Callable[[Ref], Code]
"""Returns the link to a definition."""


def prose(text: str) -> Code:
    """Return a text of a spec, on one line."""
    return Code(cell(text))


def span(text: str) -> Code:
    """Return a text as code."""
    quoted = f"`{text}`"
    if text and cell(quoted) == quoted:
        return Code(quoted)
    return Code(f"<code>{cell(text)}</code>")


def value_span(value: object) -> Code:
    """Return a JSON value as code."""
    return span(json.dumps(value, ensure_ascii=False))


def type_text(type_: Type, link: Link, in_table: bool = True) -> Code:
    """Return a type as a spec has it, with links to definitions.

    Outside of a table, a `|` is not markup on a line of its own.
    """
    refs: list[Ref] = []

    def placeholder(ref: Ref) -> str:
        refs.append(ref)
        return "\0"

    text = cell(unparse(type_, placeholder))
    if not in_table:
        text = text.replace("\\|", "|")
    first, *others = (_BRACKETS.sub(r"[\1]", part) for part in text.split("\0"))
    parts = (Code(f"{link(ref)}{other}") for ref, other in zip(refs, others, strict=True))
    return join("", [Code(first), *parts])


def description(item: Field | EnumValue, facts: Iterable[Code]) -> Code:
    """Return the cell that describes a field or a value of an enum."""
    parts = [deprecation(item), prose(item.description), emphasized(facts)]
    return Code(BREAK.join(filter(None, parts)))


def deprecation(item: Field | EnumValue | Definition) -> Code:
    """Return that an item is deprecated, and why; empty if it is not."""
    if item.deprecated is None:
        return Code()
    return (
        code("**Deprecated.** {}", prose(item.deprecated))
        if item.deprecated
        else Code("**Deprecated.**")
    )


def emphasized(facts: Iterable[Code]) -> Code:
    """Return sentences that stand out from the text of a spec, which cannot contain emphasis."""
    text = join(" ", facts)
    return code("_{}_", text) if text else text


def field_facts(field: Field, link: Link) -> Iterator[Code]:
    """Yield sentences about a field."""
    if field.format:
        yield code("Format: {}.", span(field.format))
    if sentences := sentences_of([field.type], span):
        yield Code(sentences)
    if field.read_only or field.write_only:
        yield Code("Read-only." if field.read_only else "Write-only.")
    if field.has_default:
        yield code("Default: {}.", value_span(to_json(field.default)))
    if field.examples:
        values = join(", ", [value_span(to_json(value)) for value in field.examples])
        yield code("Example: {}.", values)
    if field.origin:
        yield code("From {}.", link(Ref(field.origin)))
    yield from common_facts(field)


def common_facts(item: Field | EnumValue | Definition) -> Iterator[Code]:
    """Yield sentences about the names of an item, and the languages that have it."""
    for language, name in item.names.items():
        yield code("{} in {}.", span(name), Code(_title(language)))
    if item.only:
        names = sorted(_title(language) for language in item.only)
        yield code("Only in {}.", Code(" and ".join(names)))


def _title(language: str) -> str:
    """Return what pages call a language, or another key of `names` and `only`."""
    return (target_class(language).title if is_target(language) else "") or language
