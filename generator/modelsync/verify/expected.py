"""The expected outcome of a case in a language, and whether an outcome matches it.

Expectations come only from :mod:`modelsync.schema.meaning`, the reference implementation of
docs/spec-language.md. It uses no generated code and no target.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Generic, NamedTuple, TypeVar

from modelsync.schema.definitions import Model
from modelsync.schema.json_values import Json, to_json
from modelsync.schema.meaning import read, read_all
from modelsync.schema.scalars import Holds, NotPromised
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref
from modelsync.schema.validation import ValidationError, path_text
from modelsync.verify.cases import Case, Error, Outcome
from modelsync.verify.strict import nests_too_deep, parse, parse_written

_NOT_JSON: Final = Outcome(accepted=False, message="not JSON")

_LIMITS: Final = re.compile(r"\d{16}|\.\d{4}|\\u00(?:3\d|2[eE])")
"""Values that a language may not represent: all represent 15-digit integers, and milliseconds.

An escape may encode a digit or the point before a fraction.
"""


def expected(schema: Schema, case: Case, holds: Holds) -> Outcome | None:
    """Return the expected outcome of a case in a language that represents values as `holds` says.

    None means that anything except a crash is allowed: the document nests too deep, or has a value
    in an `any` that languages decode differently.
    """
    try:
        # Python's `json` would also accept UTF-16 and a byte order mark.
        text = case.document.decode("utf-8")
        if nests_too_deep(text):
            return None
        value = parse(text)
    except ValueError:
        return _NOT_JSON
    type_, holds = Ref(case.definition), replace(holds, alike=True)
    try:
        written, errors = read_all(schema, type_, value, holds)
    except NotPromised:
        return _first_error(schema, type_, value, holds)
    if errors:
        every = tuple(Error(path_text(error.steps), str(error)) for error in errors)
        return Outcome(accepted=False, path=every[0].path, message=every[0].message, errors=every)
    return Outcome(accepted=True, json=json.dumps(written))


def _first_error(schema: Schema, type_: Ref, value: Json, holds: Holds) -> Outcome | None:
    """Return the error before a value that is not promised, without the errors after it."""
    try:
        read(schema, type_, value, holds)
    except ValidationError as error:
        return Outcome(accepted=False, path=path_text(error.steps), message=str(error))
    except NotPromised:
        pass
    return None


class Language(NamedTuple):
    """What the expected outcome in a target depends on: its schema, and what it represents."""

    schema: Schema
    holds: Holds
    only_accepts: bool = False
    """Whether it only says which documents are accepted."""


_Name = TypeVar("_Name", bound=Hashable)


class Expectations(Generic[_Name]):
    """The expected outcomes in several languages, computed once for languages that share them."""

    def __init__(self, languages: Mapping[_Name, Language]) -> None:
        self.languages = languages
        schemas: list[Schema] = []
        for language in languages.values():
            if language.schema not in schemas:
                schemas.append(language.schema)
        self.numbers = {
            name: schemas.index(language.schema) for name, language in languages.items()
        }
        """The index of the schema of each language; equal schemas have the same one."""
        self.limited = {number for number, schema in enumerate(schemas) if _is_limited(schema)}
        """The indexes of the schemas with a default that some language may not represent."""

    def of(self, case: Case) -> dict[_Name, Outcome | None]:
        """Return the expected outcome in each language that has the definition of a case."""
        limited = _LIMITS.search(case.document.decode("latin-1")) is not None
        computed: dict[tuple[int, Holds | None], Outcome | None] = {}
        outcomes: dict[_Name, Outcome | None] = {}
        for name, (schema, holds, only_accepts) in self.languages.items():
            if case.definition not in schema.by_id:
                continue
            number = self.numbers[name]
            key = (number, holds if limited or number in self.limited else None)
            if key not in computed:
                computed[key] = expected(schema, case, holds)
            outcome = computed[key]
            if outcome is not None and only_accepts:
                outcome = Outcome(accepted=outcome.accepted)
            outcomes[name] = outcome
        return outcomes


def _is_limited(schema: Schema) -> bool:
    models = (item for item in schema.definitions if isinstance(item, Model))
    defaults = (field.default for model in models for field in model.fields if field.has_default)
    return any(_LIMITS.search(json.dumps(to_json(default))) for default in defaults)


def agrees(actual: Outcome, expectation: Outcome | None) -> bool:
    """Whether an outcome is the expected one: the same JSON, or an error at the same path."""
    if expectation is None:
        return not actual.crash
    if actual.crash or actual.accepted != expectation.accepted:
        return False
    if not actual.accepted:
        return actual.path == expectation.path and _same_errors(actual.errors, expectation.errors)
    if actual.json == expectation.json:
        return True
    return same(parse_written(actual.json), parse(expectation.json))


def _same_errors(actual: Sequence[Error], expected: Sequence[Error]) -> bool:
    """Whether all errors of a document have the expected paths, if code and reference have any."""
    if not actual or not expected:
        return True
    return [error.path for error in actual] == [error.path for error in expected]


def same(one: Json, other: Json) -> bool:
    """Whether two values are equal as JSON, ignoring the order of keys and the form of numbers."""
    # No recursion: documents nest deep.
    waiting = [(one, other)]
    while waiting:
        match waiting.pop():
            case dict() as one, dict() as other:
                if one.keys() != other.keys():
                    return False
                waiting += [(one[key], other[key]) for key in one]
            case list() as one, list() as other:
                if len(one) != len(other):
                    return False
                waiting += zip(one, other, strict=True)
            case one, other:
                if not _same_literal(one, other):
                    return False
    return True


def _same_literal(one: Json, other: Json) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, float) and isinstance(other, int):
        return _same_literal(other, one)
    if isinstance(one, int) and isinstance(other, float):
        # Python compares exactly: 1e23 written as an integer is still the same number.
        return abs(other) < math.inf and abs(one) <= sys.float_info.max and float(one) == other
    return one == other
