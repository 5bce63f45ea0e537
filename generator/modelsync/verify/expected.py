"""A case -> what a language has to make of it, and whether what it made is that.

The only source is :mod:`modelsync.schema.meaning`, the plain reference implementation of
docs/spec-language.md. It uses no generated code and no target.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Final, Generic, NamedTuple, TypeVar

from modelsync.schema.ir import Model, Ref, Schema
from modelsync.schema.meaning import (
    Holds,
    Json,
    NotPromised,
    ValidationError,
    path_text,
    read,
    to_json,
)
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.strict import nests_too_deep, parse, parse_written

_NOT_JSON: Final = Outcome(accepted=False, message="not JSON")

_LIMITS: Final = re.compile(r"\d{16}|\.\d{4}|\\")
"""What may be beyond what a language holds: each holds integers of 15 digits, and milliseconds.

An escape may stand for any of it.
"""


def expected(schema: Schema, case: Case, holds: Holds) -> Outcome | None:
    """Return what a language that `holds` so much of values has to make of a case.

    None is for a document of which nothing is promised, since it nests too deep or has in an `any`
    what languages do not read alike: anything but a crash.
    """
    try:
        # Python's own reader would take UTF-16, too, and a byte order mark.
        text = case.document.decode("utf-8")
        if nests_too_deep(text):
            return None
        value = parse(text)
    except ValueError:
        return _NOT_JSON
    try:
        written = read(schema, Ref(case.definition), value, replace(holds, alike=True))
    except NotPromised:
        return None
    except ValidationError as error:
        return Outcome(accepted=False, path=path_text(error.steps), message=str(error))
    return Outcome(accepted=True, json=json.dumps(written))


class Language(NamedTuple):
    """What is expected of the code of a target follows from its schema, and from what it holds."""

    schema: Schema
    holds: Holds


_Name = TypeVar("_Name", bound=Hashable)


class Expectations(Generic[_Name]):
    """The expected outcomes in several languages, computed once for those that are the same."""

    def __init__(self, languages: Mapping[_Name, Language]) -> None:
        self.languages = languages
        schemas: list[Schema] = []
        for schema, _ in languages.values():
            if schema not in schemas:
                schemas.append(schema)
        self.numbers = {name: schemas.index(each.schema) for name, each in languages.items()}
        """Which languages have equal schemas."""
        self.limited = {number for number, schema in enumerate(schemas) if _is_limited(schema)}
        """The schemas in which a default may be beyond what a language holds."""

    def of(self, case: Case) -> dict[_Name, Outcome | None]:
        """Return the expected outcome in each language that has the definition of a case."""
        limited = _LIMITS.search(case.document.decode("latin-1")) is not None
        known: dict[tuple[int, Holds | None], Outcome | None] = {}
        found: dict[_Name, Outcome | None] = {}
        for name, (schema, holds) in self.languages.items():
            if case.definition not in schema.by_id:
                continue
            number = self.numbers[name]
            key = (number, holds if limited or number in self.limited else None)
            if key not in known:
                known[key] = expected(schema, case, holds)
            found[name] = known[key]
        return found


def _is_limited(schema: Schema) -> bool:
    models = (each for each in schema.definitions if isinstance(each, Model))
    defaults = (field.default for model in models for field in model.fields if field.has_default)
    return any(_LIMITS.search(json.dumps(to_json(default))) for default in defaults)


def agrees(found: Outcome, wanted: Outcome | None) -> bool:
    """Whether an outcome is as it has to be: the same JSON, or an error at the same path."""
    if wanted is None:
        return not found.crash
    if found.crash or found.accepted != wanted.accepted:
        return False
    if not found.accepted:
        return found.path == wanted.path
    return found.json == wanted.json or same(parse_written(found.json), parse(wanted.json))


def same(one: Json, other: Json) -> bool:
    """Whether two values are equal as JSON: the order of keys and the form of numbers aside."""
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
        # Python compares exactly; that 1e23 is written as an integer makes no other number of it.
        return abs(other) < math.inf and abs(one) <= sys.float_info.max and float(one) == other
    return one == other
