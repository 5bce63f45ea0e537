"""What pages say about types and fields, in one line of Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator

from modelsync.pages.reference import prose as prose_
from modelsync.pages.reference.facts import constraint_sentences, sentence
from modelsync.pages.reference.prose import BREAK, cell
from modelsync.schema.ir import Alias, Definition, EnumValue, Field, Ref, Type, Union
from modelsync.schema.json_values import to_json
from modelsync.schema.type_expr import unparse
from modelsync.spec.written_limits import written_constraints
from modelsync.targets.base import Code, code, join
from modelsync.targets.markdown.languages import language_label, languages_text

_BRACKETS = re.compile(r"\\\[((?:\\[^\[\]]|[^\\\[\]])*)\\\](?![(:])")
"""Escaped brackets that could stay as they are, as mdformat writes them."""

DEPRECATED = Code("**Deprecated.**")

Link = Callable[[Ref], Code]
"""Returns the link to a definition."""


def prose(text: str) -> Code:
    """Return a text of a spec, on one line."""
    return Code(cell(text))


def span(text: str) -> Code:
    """Return a text as code."""
    return Code(prose_.span(text))


def fact(name: str, *parts: str) -> Code:
    """Return the sentence of a fact."""
    return Code(sentence(name, *parts))


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
    return join(" ", filter(None, [DEPRECATED, Code(prose_.line(item.deprecated))]))


def emphasized(facts: Iterable[Code]) -> Code:
    """Return sentences that stand out from the text of a spec, which cannot contain emphasis."""
    text = join(" ", facts)
    return code("_{}_", text) if text else text


def field_facts(field: Field, link: Link) -> Iterator[Code]:
    """Yield sentences about a field."""
    yield from format_facts(field)
    yield from constraint_facts(field.type)
    if field.read_only:
        yield fact("read_only")
    if field.write_only:
        yield fact("write_only")
    if field.has_default:
        yield fact("default", value_span(to_json(field.default)))
    if field.examples:
        values = [value_span(to_json(value)) for value in field.examples]
        yield fact("examples" if len(values) > 1 else "example", join(", ", values))
    if field.origin:
        yield fact("origin", link(Ref(field.origin)))
    yield from common_facts(field)


def format_facts(item: Field | Alias | Union) -> Iterator[Code]:
    """Yield a sentence about the format of values that is not checked."""
    if item.format:
        yield fact("format", span(item.format))


def constraint_facts(type_: Type) -> Iterator[Code]:
    """Yield sentences about the constraints of a type."""
    yield from map(Code, constraint_sentences(written_constraints(type_)))


def common_facts(item: Field | EnumValue | Definition) -> Iterator[Code]:
    """Yield sentences about the names of an item, and the languages that have it."""
    for language, name in item.names.items():
        yield fact("name", span(name), language_label(language))
    if item.only:
        yield fact("only", languages_text(item.only))
