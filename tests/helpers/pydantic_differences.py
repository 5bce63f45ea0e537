"""What pydantic does with a document: what the spec means, except for what the docs list."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, NamedTuple

from pydantic_core import PydanticSerializationError

from modelsync.schema import meaning
from modelsync.schema.definitions import Definition, Enum, Field, Model, Union
from modelsync.schema.json_values import Json, Steps
from modelsync.schema.scalars import Holds
from modelsync.schema.tag_fields import are_told_by_fields
from modelsync.schema.types import Constant, Limited, MapOf, Ref, Scalar, Type
from modelsync.schema.validation import ValidationError
from modelsync.targets.pydantic import PydanticTarget
from modelsync.threads import deeply
from modelsync.verify.cases import Case
from modelsync.verify.strict import nesting

HOLDS: Final = Holds(fraction=6)
_DIGITS: Final = 4300
"""A JSON number with at least this many digits may be too long for pydantic."""

_DEPTH: Final = 80
"""How deep documents may nest: the limit of pydantic is 255, and a union takes several levels."""

# The rows of the tables in docs/targets.md, by their first cell.
NULL: Final = "null for a field that is neither required nor nullable"
TWICE: Final = "a duplicate key in a map"
NAME: Final = "the Python name of a field as a key"
UNREADABLE: Final = "a lone surrogate or a number of more than 4,300 digits"
NOT_FINITE: Final = "`NaN`, `Infinity` or `1e400` in an `any` or an unknown key"
COERCED: Final = (
    '`true` or `"1"` for an enum of integers, `1` for the constant `true`, or `true` for `1`'
)
OPEN: Final = "an unknown value for an open enum that is decoded by itself, and not in a field"
ALONE: Final = "the discriminator of a member of a union that is decoded by itself"
DEFAULT: Final = "an absent key with a default"
FRACTION: Final = "the fraction of a second in a datetime"
DIGITS: Final = "the digits of a `float32`"
DEEP: Final = "a document that nests more than 80 levels"
ROWS: Final = frozenset(
    {
        DEEP,
        NULL,
        TWICE,
        NAME,
        UNREADABLE,
        NOT_FINITE,
        COERCED,
        OPEN,
        ALONE,
        DEFAULT,
        FRACTION,
        DIGITS,
    }
)


class Keys(dict[str, Any]):
    """A JSON object with the earlier values of its duplicate keys."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        last = {key: index for index, (key, _) in enumerate(pairs)}
        self.earlier = [pair for index, pair in enumerate(pairs) if index != last[pair[0]]]


class _VeryLong(int):
    """A number with more digits than pydantic reads."""


class Prediction(NamedTuple):
    """What pydantic does with a document."""

    rows: frozenset[str]
    """The rows of the docs that apply to the document."""
    is_json: bool = True
    """Whether pydantic accepts it as JSON."""
    written: Json = None
    """What pydantic writes, if there is no error."""
    error: ValidationError | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether pydantic accepts it."""
        return self.is_json and self.error is None


def prediction(target: PydanticTarget, case: Case) -> Prediction:
    """Return what pydantic should do with a document, according to the spec and the docs."""
    try:
        value = _parsed(case.document)
    except ValueError:
        return Prediction(frozenset(), is_json=False)
    leaves = list(_leaves(value))
    if any(isinstance(leaf, _VeryLong) or not _is_unicode(leaf) for leaf in leaves):
        return Prediction(frozenset({UNREADABLE}), is_json=False)
    read = partial(_predicted, target, case.definition, value)
    rows = set() if all(map(_is_finite, leaves)) else {NOT_FINITE}
    try:
        found = read()
    except RecursionError:
        found = deeply(read)
    return found._replace(rows=found.rows | rows)


def _predicted(target: PydanticTarget, definition: str, value: Json) -> Prediction:
    reading = _Reading(target)
    try:
        written = reading.start(target.schema.by_id[definition], value)
    except ValidationError as error:
        return Prediction(frozenset(reading.rows), error=error)
    return Prediction(frozenset(reading.rows), written=written)


class _Reading(meaning._Reading):
    """The reference decoder, in which pydantic's differences override the meaning."""

    def __init__(self, target: PydanticTarget) -> None:
        super().__init__(target.schema, HOLDS)
        self.target = target
        self.rows: set[str] = set()

    def start(self, definition: Definition, value: Json) -> Json:
        if isinstance(definition, Enum):  # only the listed values, even of an open enum
            try:
                return self.enum(replace(definition, open=False), value, ())
            except ValidationError:
                self.rows |= {OPEN} if definition.open else set()
                raise
        return self.value(Ref(definition.id), value, ())

    def value(self, type_: Type, value: Json, steps: Steps) -> Json:
        match type_, value:
            case Scalar(name="any"), _:
                return _finite(value)
            case Scalar(name="datetime"), str():
                return self._fraction(super().value(type_, value, steps))
            case Scalar(name="float32"), int() | float():
                written = super().value(type_, value, steps)
                self.rows |= {DIGITS} if written != value else set()
                return value
            case MapOf(value=inner), Keys():
                for key, earlier in value.earlier:
                    self._earlier(inner, earlier, (*steps, key))
                return super().value(type_, value, steps)
            case Limited(inner=inner, constraints=constraints), dict():
                # pydantic checks the size of a map after its values.
                written = self.value(inner, value, steps)
                meaning._satisfy(constraints, written, steps)
                return written
            case Constant(value=wanted), int() | float() if value == wanted:
                mixes = isinstance(value, bool) is not isinstance(wanted, bool)
                self.rows |= {COERCED} if mixes else set()
                return wanted
            case _:
                return super().value(type_, value, steps)

    def _fraction(self, written: Json) -> Json:
        assert isinstance(written, str)
        moment = datetime.fromisoformat(written).astimezone(UTC)
        self.rows |= {FRACTION} if moment.microsecond else set()
        return moment.isoformat().removesuffix("+00:00") + "Z"

    def enum(self, enum: Enum, value: Json, steps: Steps) -> Json:
        if enum.type == "int64" and isinstance(value, bool | str):
            number = _coerced(value)
            if number in enum.json_values:
                self.rows.add(COERCED)
                return number
        return super().enum(enum, value, steps)

    def model(self, model: Model, value: Json, steps: Steps) -> Json:
        if not isinstance(value, Keys):
            return super().model(model, value, steps)
        written: dict[str, Json] = {}
        used = model.by_json_key.keys() | model.ignored_keys
        for field in model.fields:
            key = field.json_key
            name = self.target.field_names[model.id, key]
            if key not in value and name in value and name not in model.by_json_key:
                self.rows.add(NAME)
                used.add(name)
                try:
                    written |= self._member(model, field, {key: value[name]}, steps)
                except ValidationError as error:
                    error.steps = (*steps, name, *error.steps[len(steps) + 1 :])
                    raise
            else:
                written |= self._member(model, field, value, steps)
        others = {key: item for key, item in value.items() if key not in used}
        return written | self.additional(model, others, steps)

    def _earlier(self, type_: Type, value: Json, steps: Steps) -> None:
        # A new reading, because the values have the same path.
        try:
            _Reading(self.target).value(type_, value, steps)
        except ValidationError:
            self.rows.add(TWICE)
            raise

    def _member(
        self, model: Model, field: Field, members: dict[str, Json], steps: Steps
    ) -> dict[str, Json]:
        key = field.json_key
        tags = self.target.tags.get((model.id, field.json_key))
        if key not in members:
            if field.has_default and not field.required:
                self.rows.add(DEFAULT)
                return {}
            return self.field(field, members, steps)
        value = members[key]
        takes_null = field.required or field.nullable or field.type == Scalar("any")
        if value is None and not takes_null:
            self.rows.add(NULL)
            place = (*steps, key)
            return {key: self.value(field.type, None, place) if field.has_default else None}
        if tags is not None:
            self.rows.add(ALONE)
            for tag in tags:
                if tag == value:
                    return {key: self.value(Constant(tag), value, (*steps, key))}
            raise ValidationError((*steps, key), "expected a value of the discriminator")
        return self.field(field, members, steps)

    def tagged(self, union: Union, value: Json, steps: Steps) -> Json:
        has_field = are_told_by_fields(self.schema, union, self.target.tags)
        if has_field and not union.open and isinstance(value, Keys):
            key, tag = union.discriminator or "", value.get(union.discriminator or "")
            for known in union.by_tag:
                if known == tag and isinstance(known, bool) is not isinstance(tag, bool):
                    self.rows.add(COERCED)
                    earlier, value = value.earlier, Keys([*value.items(), (key, known)])
                    value.earlier = earlier
        return super().tagged(union, value, steps)

    def first(self, members: tuple[Type, ...], what: str, value: Json, steps: Steps) -> Json:
        # Not only members that accept the kind of the value: pydantic coerces some values.
        for member in members:
            try:
                return self.value(member, value, steps)
            except ValidationError:
                continue
        return super().first(members, what, value, steps)


def is_at(errors: Sequence[Mapping[str, Any]], document: bytes, wanted: ValidationError) -> bool:
    """Whether one of pydantic's errors for a document is at the place of the error `wanted`."""
    value = _parsed(document)
    return any(_is_at(error, value, wanted) for error in errors)


def is_too_deep(document: bytes, error: PydanticSerializationError) -> bool:
    """Whether pydantic cannot write a document because it nests too deep."""
    return "depth exceeded" in str(error) and is_deep(document)


def is_deep(document: bytes) -> bool:
    """Whether pydantic may not be able to write a document because it nests too deep."""
    return nesting(document.decode("utf-8")) > _DEPTH


def _is_at(error: Mapping[str, Any], value: Any, wanted: ValidationError) -> bool:
    # pydantic adds the members of unions to the path, and reports a wrong tag at the union.
    missing = error["loc"][-1:] if error["type"] == "missing" else ()
    steps: list[str | int] = []
    for step in error["loc"][: -1 if missing else None]:
        if isinstance(value, list if isinstance(step, int) else dict):
            if isinstance(step, str) and step not in value:
                continue
            value = value[step]
            steps.append(step)
    path = (*steps, *missing)
    if wanted.reason.startswith("expected a value of"):
        return path[: len(wanted.steps)] == wanted.steps  # each member has an error, maybe deeper
    is_tag = error["type"].startswith("union_tag")
    return path == wanted.steps or (is_tag and path == wanted.steps[:-1])


def _parsed(document: bytes) -> Any:
    return json.loads(document.decode("utf-8"), object_pairs_hook=Keys, parse_int=_integer)


def _integer(text: str) -> int:
    return int(text) if len(text.lstrip("-")) <= _DIGITS else _VeryLong()


def _leaves(value: Any) -> Iterator[Any]:
    """Yield the texts and numbers in a value, keys and earlier values of duplicate keys too."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case Keys() as keys:
                waiting += [
                    *keys,
                    *keys.values(),
                    *(each for pair in keys.earlier for each in pair),
                ]
            case list() as items:
                waiting += items
            case leaf:
                yield leaf


def _is_unicode(leaf: Any) -> bool:
    return not (isinstance(leaf, str) and re.search("[\ud800-\udfff]", leaf))


def _is_finite(leaf: Any) -> bool:
    return not isinstance(leaf, float) or math.isfinite(leaf)


def _finite(value: Json) -> Json:
    """Return a value of an `any` as pydantic writes it."""
    match value:
        case dict():
            return {key: _finite(item) for key, item in value.items()}
        case list():
            return list(map(_finite, value))
        case _:
            return value if _is_finite(value) else None


def _coerced(value: bool | str) -> int | None:
    text = str(int(value)) if isinstance(value, bool) else value
    return int(text) if re.fullmatch(r"\s*[+-]?\d+\s*", text) else None
