"""The sentences about constraints on pages -> constraints, the mirror of the target sdk-docs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from operator import is_
from typing import Any, Final

from modelsync.errors import NOWHERE, Problem
from modelsync.graphs import reachable
from modelsync.intake.each_item import Item, ItemKey, each_item
from modelsync.pages.page import with_sentences, without_sentences
from modelsync.patterns.check import check
from modelsync.patterns.parse import parse
from modelsync.patterns.syntax import PatternError
from modelsync.schema import meaning
from modelsync.schema.constraints import Constraints
from modelsync.schema.definitions import Definition, Field, Model, refs_of
from modelsync.schema.json_values import to_json
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref, Type
from modelsync.schema.validation import ValidationError
from modelsync.schema.values import Value
from modelsync.spec.limiter import Limiter
from modelsync.spec.limits import Limits
from modelsync.targets.limits import sentences_of

_NUMBER: Final = r"-?[0-9]{1,310}(?:\.[0-9]{1,80})?"
_TEXT: Final = r"[a-z0-9 ,.-]+?"
_LIMIT: Final = re.compile(
    rf"(at least|greater than|at most|less than) ({_NUMBER})(?:, |\Z)", re.ASCII
)
_RANGE: Final = re.compile(rf"({_NUMBER})(?: to ({_NUMBER}))?", re.ASCII)
_SENTENCES: Final = re.compile(
    rf"(?:Length: (?P<length>{_TEXT})\.(?: |\Z))?"
    r"(?:Pattern: `(?P<pattern>.+)`\.(?: |\Z))?"
    rf"(?:Range: (?P<range>{_TEXT})\.(?: |\Z))?"
    rf"(?:Multiple of (?P<multiple_of>{_NUMBER})\.(?: |\Z))?"
    rf"(?:Items: (?P<items>{_TEXT})\.(?: |\Z))?"
    r"(?P<unique_items>All items differ\.(?: |\Z))?"
    rf"(?:Keys: (?P<keys>{_TEXT})\.)?",
    re.ASCII | re.DOTALL,
)
_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "length": {"at least": "min_length", "at most": "max_length"},
    "range": {
        "at least": "minimum",
        "greater than": "exclusive_minimum",
        "at most": "maximum",
        "less than": "exclusive_maximum",
    },
    "items": {"at least": "min_items", "at most": "max_items"},
    "keys": {"at least": "min_properties", "at most": "max_properties"},
}
"""The constraint of each limit, by the label of its sentence and its words."""


def with_constraints(schema: Schema) -> Schema:
    """Return `schema` with the constraints that the descriptions of its fields end with.

    The pages stay the same. A sentence stays a part of the description if it cannot be about the
    type of its field, or if an example contradicts it.
    """
    limited = _limited(schema)
    if all(map(is_, limited.definitions, schema.definitions)):
        return schema
    without = {each.id for each in limited.definitions if not _fits(limited, each)}
    if not without:
        return limited
    refs = {each.id: [ref.id for ref in refs_of(each)] for each in schema.definitions}
    return _limited(schema, without | reachable(without, refs))


def _limited(schema: Schema, without: Collection[str] = ()) -> Schema:
    def change(key: ItemKey, item: Item) -> Item:
        if key.definition in without or not isinstance(item, Field):
            return item
        return _with_constraints(schema, item)

    return each_item(schema, change)


def _with_constraints(schema: Schema, field: Field) -> Field:
    description, sentences = without_sentences(field.description)
    constraints = read_sentences(sentences) if sentences else None
    if not constraints:
        return field
    problems: list[Problem] = []
    limits = Limits(constraints, {name: NOWHERE for name, _ in constraints.items()})
    type_ = Limiter(limits, schema.by_id, problems).limited(field.type)
    shown = with_sentences(description, sentences_of([type_]))
    if problems or shown != field.description or not _accepts(schema, type_, field.examples):
        return field
    return replace(field, type=type_, description=description)


def _fits(schema: Schema, definition: Definition) -> bool:
    """Return whether the examples of a definition and of its fields satisfy the constraints."""
    fields = definition.fields if isinstance(definition, Model) else ()
    return all(_accepts(schema, field.type, field.examples) for field in fields) and (
        definition.example is None or _accepts(schema, Ref(definition.id), [definition.example])
    )


def _accepts(schema: Schema, type_: Type, values: Iterable[Value]) -> bool:
    try:
        for value in values:
            meaning.read(schema, type_, to_json(value))
    except ValidationError:
        return False
    return True


def read_sentences(text: str) -> Constraints | None:
    """Return the constraints that sentences are about, None for any other text."""
    found = _SENTENCES.fullmatch(text)
    if found is None:
        return None
    values: dict[str, Any] = {}
    try:
        for name, part in found.groupdict().items():
            if part is not None:
                values |= _constraint(name, part)
    except (PatternError, LookupError, ValueError):
        return None
    return Constraints(**values)


def _constraint(name: str, text: str) -> dict[str, Any]:
    match name:
        case "pattern":
            check(parse(text))
            return {name: text}
        case "unique_items":
            return {name: True}
        case "multiple_of":
            return {name: Decimal(text)}
        case "range":
            return {_NAMES[name][words]: Decimal(number) for words, number in _limits(text)}
        case _:
            return {_NAMES[name][words]: _size(number) for words, number in _limits(text)}


def _size(text: str) -> int:
    size = int(text)
    if not 0 <= size < 10**9:
        raise ValueError(text)
    return size


def _limits(text: str) -> Iterator[tuple[str, str]]:
    """Yield the limits in a sentence, such as `at least` and `3`."""
    exact = _RANGE.fullmatch(text)
    if exact is not None:
        least, most = exact.groups()
        yield from (("at least", least), ("at most", most or least))
    else:
        yield from _LIMIT.findall(text)
