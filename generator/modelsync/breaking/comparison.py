"""Two schemas, and what their comparisons share."""

from __future__ import annotations

import json
import operator
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from modelsync.breaking.accepting import Accepting, parts_of
from modelsync.breaking.change import NEW_READERS, NONE, OLD_READERS, SILENT, Axes, Axis
from modelsync.breaking.pairs import Pairs
from modelsync.schema.definitions import Definition, Union
from modelsync.schema.json_values import Json
from modelsync.schema.meaning import read
from modelsync.schema.samples import Samples
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref, Type
from modelsync.schema.validation import ValidationError
from modelsync.spec.write import Writer


class Comparison:
    """Two schemas, with the questions that all rules ask."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self.old = old
        self.new = new
        self.pairs = Pairs(old, new)
        self.by_old = Accepting(old, new, self.pairs.is_same)
        """Asks whether the old schema accepts documents of the new one."""
        self.by_new = Accepting(new, old, lambda new, old: self.pairs.is_same(old, new))
        """Asks whether the new schema accepts documents of the old one."""

    def within_new(self, reader: Type, writer: Type) -> bool:
        """Whether one type of the new schema accepts all documents of another one of it."""
        return self._within_new.accepts(reader, writer)

    @cached_property
    def _within_new(self) -> Accepting:
        return Accepting(self.new, self.new, operator.eq)

    @cached_property
    def old_writer(self) -> Writer:
        """Writes types as the old specs do."""
        return Writer(self.old)

    @cached_property
    def new_writer(self) -> Writer:
        """Writes types as the new specs do."""
        return Writer(self.new)

    def old_text(self, type_: Type, owner: Definition) -> str:
        """Return a type as the old spec of a definition has it."""
        return self.old_writer.type(type_, owner.package)

    def new_text(self, type_: Type, owner: Definition) -> str:
        """Return a type as the new spec of a definition has it."""
        return self.new_writer.type(type_, owner.package)

    def are_equal(self, old: Type, new: Type) -> bool:
        """Whether two types are the same one, but for the names of definitions."""
        return self.pairs.renewed(old) == new

    def only_one_takes_null(self, old: Type, new: Type) -> bool:
        """Whether null is a value of one of two types only, as it is of `any`."""
        is_any = self.old.is_any(old), self.new.is_any(new)
        takes_null = self.old.takes_null(old) and self.new.takes_null(new)
        return is_any[0] != is_any[1] and not takes_null

    def of_types(self, old: Type, new: Type) -> Axes:
        """Return what breaks where a type replaces another one."""
        breaks = NONE if self.by_old.accepts(old, new) else OLD_READERS
        breaks |= NONE if self.by_new.accepts(new, old) else NEW_READERS
        return breaks | SILENT if self.differs(old, new) else breaks

    def of_definitions(self, old: Definition, new: Definition) -> Axes:
        """Return what breaks where all documents of a definition count, as if it were another."""
        with self.pairs.without(old.id):
            return self.of_types(Ref(old.id), Ref(new.id))

    @cached_property
    def old_samples(self) -> Samples:
        """Documents of the old schema."""
        return Samples(self.old)

    @cached_property
    def new_samples(self) -> Samples:
        """Documents of the new schema."""
        return Samples(self.new)

    def differs(self, old: Type, new: Type) -> bool:
        """Whether a document is found that both types accept, and write back differently."""
        old_documents = documents_of(self.old_samples, old)
        for document in (*old_documents, *documents_of(self.new_samples, new)):
            try:
                before, after = read(self.old, old, document), read(self.new, new, document)
            except ValidationError:
                continue
            if not is_equal(before, after):
                return True
        return False


def is_equal(one: Json, other: Json) -> bool:
    """Whether two JSON values mean the same: `1.0` is `1`, and the order of keys says nothing."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(
                is_equal(inner, other[key]) for key, inner in one.items()
            )
        case list(), list():
            return len(one) == len(other) and all(map(is_equal, one, other))
        case _:
            return one == other and isinstance(one, bool) == isinstance(other, bool)


def documents_of(samples: Samples, type_: Type) -> Iterator[Json]:
    """Yield documents of a type, and some that may be of it, that show what code does not keep."""
    for part in parts_of(samples.schema, type_):
        for text in _texts_of(samples, part.type):
            document: Json = json.loads(text)
            yield document
            if isinstance(document, dict):
                yield {**document, UNKNOWN: 1}
                yield from ({**document, key: None} for key in document)
    for value in _REVEALING:
        yield value
        yield [value]
        yield {UNKNOWN: value}


def _texts_of(samples: Samples, type_: Type) -> Iterator[str]:
    """Yield the smallest document of a type and larger ones, of each member of a union."""
    definition = samples.schema[type_] if isinstance(type_, Ref) else None
    for levels in (None, 1, 2):
        texts = [samples.of_type(type_, levels)]
        if isinstance(definition, Union):
            texts += (samples.tagged(definition, tag, levels) for tag, _ in definition.mapping)
        yield from (text for text in texts if text is not None)
    if isinstance(definition, Union) and definition.open:
        yield json.dumps({definition.discriminator: UNKNOWN})


UNKNOWN: Final = "modelsync unknown"
"""A key that no model has."""
_REVEALING: Final[tuple[Json, ...]] = (
    *(None, 2**53 + 1, 0.1, 16777217, 1e39),
    *("2024-02-29t12:30:00.1239+01:00", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"),
)
"""Values that not all types write as they are."""


def rule_of(prefix: str, breaks: Axes) -> str:
    """Return the id of the rule for a type that was replaced by another one."""
    match Axis.OLD_READERS in breaks, Axis.NEW_READERS in breaks:
        case True, True:
            return f"{prefix}-type-changed"
        case True, False:
            return f"{prefix}-type-widened"
        case False, True:
            return f"{prefix}-type-narrowed"
        case _:
            return f"{prefix}-type-rewritten"
