"""A case -> what a language has to make of it, and whether what it made is that.

The one source is :mod:`modelsync.wire`, which says slowly and plainly what docs/spec-language.md
promises; no generated code and no target has a say in it.
"""

from __future__ import annotations

import json
from typing import Final, NoReturn

from modelsync.ir import Ref, Schema
from modelsync.verify.cases import Case, Outcome
from modelsync.wire import Holds, Json, WireError, path_text, read

_NOT_JSON: Final = Outcome(accepted=False, message="not JSON")


def parse(document: bytes) -> Json:
    """Return what a document says; of two equal keys the last one. Raises ValueError.

    It has to be JSON as RFC 8259 has it, in UTF-8 and without a byte order mark.
    """
    text = document.decode("utf-8")
    if text.startswith("\ufeff"):
        raise ValueError("a byte order mark")
    value: Json = json.loads(text, parse_constant=_refuse)
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def expected(schema: Schema, case: Case, holds: Holds) -> Outcome:
    """Return what a language that `holds` so much of values has to make of a case."""
    try:
        value = parse(case.document)
    except ValueError:
        return _NOT_JSON
    try:
        written = read(schema, Ref(case.definition), value, holds)
    except WireError as error:
        return Outcome(accepted=False, path=path_text(error.steps), message=str(error))
    return Outcome(accepted=True, json=json.dumps(written))


def agrees(found: Outcome, wanted: Outcome) -> bool:
    """Whether an outcome is as it has to be: the same JSON, or an error at the same path."""
    if found.crash or found.accepted != wanted.accepted:
        return False
    if not found.accepted:
        return found.path == wanted.path
    return found.json == wanted.json or _same(json.loads(found.json), json.loads(wanted.json))


def _same(one: Json, other: Json) -> bool:
    """Whether two values are equal as JSON: the order of keys and the form of numbers aside."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, float) and isinstance(other, int):
        return one == float(other)
    if isinstance(one, int) and isinstance(other, float):
        return float(one) == other
    return one == other
