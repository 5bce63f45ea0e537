"""Which documents are left out for a validator, and why.

A document is left out if a rule of :mod:`modelsync.verify.validator_rules` changes whether it is
accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final, NamedTuple

from modelsync.schema.definitions import with_types
from modelsync.schema.json_values import Json
from modelsync.schema.meaning import read
from modelsync.schema.scalars import DEFAULT, Holds, NotPromised
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref, Type, rebuilt
from modelsync.schema.validation import ValidationError
from modelsync.verify.cases import Case
from modelsync.verify.strict import nesting, parse
from modelsync.verify.validator_rules import (
    JSON_SCHEMA,
    Change,
    Rule,
    parse_float,
    same_type,
    same_value,
)

NOT_JSON: Final = "not JSON"
DEPTH: Final = 12
"""How deep documents nest at most: validators try each member of a union at every level again."""
TOO_DEEP: Final = f"nested deeper than {DEPTH} levels"
NOT_PROMISED: Final = "values of `any` that JSON parsers read differently"
NULLABLE: Final = "null for an alias that includes null"
SEVERAL: Final = "several of these"


class _Reader(NamedTuple):
    """The reference decoder with some changes."""

    schema: Schema
    holds: Holds
    changes: tuple[Change, ...] = ()
    """Those that change documents."""

    def accepts(self, type_: Type, value: Json) -> bool:
        """Raises :class:`NotPromised` as `holds` says."""
        if self.changes:
            value = _changed(value, self.changes)
        try:
            read(self.schema, type_, value, self.holds)
        except ValidationError:
            return False
        return True


def _reader(schema: Schema, changes: Sequence[Change]) -> _Reader:
    for change in changes:
        if change.type is not same_type:
            schema = _with_types(schema, change.type)
    null_is_absent = all(change.null_is_absent for change in changes)
    of_documents = tuple(
        change
        for change in changes
        if change.value is not same_value or change.key is not same_value
    )
    return _Reader(schema, replace(DEFAULT, null_is_absent=null_is_absent), of_documents)


def _with_types(schema: Schema, change: Callable[[Type], Type]) -> Schema:
    changed = tuple(
        with_types(each, lambda type_: rebuilt(type_, change)) for each in schema.definitions
    )
    return schema if changed == schema.definitions else Schema(changed)


def _changed(value: Json, changes: Sequence[Change]) -> Json:
    """Return a document with each key changed, and each value that has no others inside."""
    match value:
        case list():
            return [_changed(item, changes) for item in value]
        case dict():
            found = {}
            for key, item in value.items():
                for change in changes:
                    key = change.key(key)  # noqa: PLW2901 - each change has the result of another
                found[key] = _changed(item, changes)
            return found
        case _:
            for change in changes:
                value = change.value(value)
            return value


def _parts(value: Json) -> Iterator[Json]:
    """Yield the keys and values in a document, other than arrays and objects."""
    match value:
        case list():
            for item in value:
                yield from _parts(item)
        case dict():
            yield from value
            for item in value.values():
                yield from _parts(item)
        case _:
            yield value


class Answer(NamedTuple):
    """What a document is by JSON Schema alone."""

    value: Json
    is_accepted: bool
    reason: str | None = None
    """Why all validators read it differently, if they do."""


class JsonSchemaMeaning:
    """What JSON Schema says about documents, by the reference decoder."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.plain = _Reader(schema, replace(DEFAULT, alike=True))
        self.reader = _reader(schema, _COMMON)
        self._answers: dict[tuple[str, bytes], Answer] = {}

    def of(self, case: Case) -> Answer:
        """Return the answer for a case, which is computed once for all validators."""
        key = (case.definition, case.document)
        if key not in self._answers:
            self._answers[key] = self._of(case)
        return self._answers[key]

    def _of(self, case: Case) -> Answer:
        try:
            text = case.document.decode("utf-8")
            value = parse(text, parse_float)
        except ValueError:
            return Answer(None, is_accepted=False, reason=NOT_JSON)
        except RecursionError:
            return Answer(None, is_accepted=False, reason=TOO_DEEP)
        if nesting(text) > DEPTH:
            return Answer(None, is_accepted=False, reason=TOO_DEEP)
        type_ = Ref(case.definition)
        try:
            is_accepted = self.plain.accepts(type_, value)
        except NotPromised:
            return Answer(value, is_accepted=False, reason=NOT_PROMISED)
        return Answer(value, is_accepted, self._reason(type_, value, is_accepted))

    def _reason(self, type_: Ref, value: Json, is_accepted: bool) -> str | None:
        if value is None and getattr(self.schema[type_], "nullable", False):
            return NULLABLE
        if self.reader.accepts(type_, value) == is_accepted:
            return None
        for reason, reader in self._single:
            if reader.accepts(type_, value) != is_accepted:
                return reason
        return SEVERAL

    @cached_property
    def _single(self) -> list[tuple[str, _Reader]]:
        return [(rule.reason, _reader(self.schema, rule.changes)) for rule in JSON_SCHEMA]


_COMMON: Final = tuple(rule.changes[0] for rule in JSON_SCHEMA)


class Differences:
    """Which documents of a schema are left out for one validator, and why."""

    def __init__(self, of: JsonSchemaMeaning | Schema, rules: Sequence[Rule]) -> None:
        self.meaning = of if isinstance(of, JsonSchemaMeaning) else JsonSchemaMeaning(of)
        """That of the schema, which several validators may share."""
        self.rules = rules

    def reason(self, case: Case) -> str | None:
        """Return why a case is left out; None if the validator must agree."""
        value, is_accepted, reason = self.meaning.of(case)
        if reason is not None or not self._own:
            return reason
        parts = list(_parts(value))
        for rule, readers in self._own:
            if any(map(rule.is_about, parts)):
                for reader in readers:
                    if reader.accepts(Ref(case.definition), value) != is_accepted:
                        return rule.reason
        return None

    @cached_property
    def _own(self) -> list[tuple[Rule, list[_Reader]]]:
        """The readers of the rules of this validator that change anything."""
        common = self.meaning.reader
        found = []
        for rule in self.rules:
            readers = [_reader(self.meaning.schema, [each, *_COMMON]) for each in rule.changes]
            differ = [reader for reader in readers if reader != common]
            found += [(rule, differ)] if differ else []
        return found
