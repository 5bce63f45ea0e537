"""The meaning of types in JSON: a reference decoder for the table in docs/spec-language.md.

:func:`read` decides whether a type accepts a JSON value, and what is written back. It is slow,
short and easy to check. Examples and defaults are checked with it, and `modelsync verify` compares
the generated code of every language with it.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple, TypeAlias

from modelsync.schema.constraints import Constraints
from modelsync.schema.formats import FORMATS
from modelsync.schema.ir import (
    INTEGERS,
    NUMBERS,
    TEXTS,
    Alias,
    AnyOf,
    Constant,
    Definition,
    Enum,
    Field,
    Limited,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Object,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
    Value,
    leaves_of,
    types_of,
    union_of,
)
from modelsync.threads import deeply

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""A JSON value as :func:`json.loads` returns it."""

_Steps: TypeAlias = "tuple[str | int, ...]"
"""The path from a document to a value in it: keys and indexes."""

UNKNOWN_MEMBER: Final = MapOf(Scalar("any"))
"""What an open union accepts if it does not know the discriminator's value."""

KINDS: Final = ("null", "bool", "number", "string", "array", "object")
"""The kinds of JSON value."""

KIND_WORDS: Final[Mapping[str, str]] = {
    "null": "null",
    "bool": "a boolean",
    "number": "a number",
    "string": "a string",
    "array": "an array",
    "object": "an object",
}

EXPECTED: Final[Mapping[str, str]] = {
    "string": "a string",
    "bool": "a boolean",
    "int32": "a 32-bit integer",
    "int64": "a 64-bit integer",
    "uint32": "an unsigned 32-bit integer",
    "uint64": "an unsigned 64-bit integer",
    "float32": "a 32-bit number",
    "float64": "a number",
    "decimal": "a decimal number as a string",
    "datetime": "an RFC 3339 date and time with offset",
    "date": "an RFC 3339 date",
    "time": "an RFC 3339 time with offset",
    "duration": "an RFC 3339 duration",
    "uuid": "a UUID",
    "uri": "an absolute URI",
    "email": "an email address",
    "hostname": "a hostname",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "bytes": "base64 with padding",
    "any": "a JSON value",
}
"""How errors describe the expected scalar, in every language."""

UNKNOWN_KEY: Final = "unknown key"
"""The reason why a model that refuses unknown keys does not accept a document."""

SAFE_INTEGER: Final = 2**53 - 1
"""The largest integer up to which an IEEE 754 double represents all integers exactly."""

_DATETIME: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d+))?(?:([Zz])|([+-])(\d{2}):(\d{2}))",
    re.ASCII,
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Holds:
    """The values that the types of a language represent exactly; JSON allows more."""

    integers: range = range(-(2**63), 2**64)
    """The integers of an `int64` or a `uint64`."""
    fraction: int = 3
    """How many digits of a second a `datetime` keeps. Every language keeps at least three."""
    alike: bool = False
    """Whether values of an `any` that languages decode differently raise :class:`NotPromised`."""

    def range_of(self, integer: str) -> range:
        """Return the values of a scalar, such as `int64`, that the language represents."""
        own, held = INTEGERS[integer], self.integers
        return range(max(own[0], held[0]), min(own[-1], held[-1]) + 1)


_DEFAULT: Final = Holds()


class NotPromised(Exception):
    """A value of an `any` that the JSON readers of the languages decode differently."""


class ValidationError(Exception):
    """A JSON value that does not match its type: the path to it (`messages[2].id`) and why."""

    def __init__(self, steps: _Steps, reason: str) -> None:
        super().__init__(steps, reason)
        self.steps = steps
        self.reason = reason

    def __str__(self) -> str:
        # Computed late: a union catches most errors and tries its next member.
        path = path_text(self.steps)
        return f"{path}: {self.reason}" if path else self.reason


def path_text(steps: _Steps) -> str:
    """Return a path as errors show it in every language: `a.b[2]["content-type"]`.

    Keys that are ASCII identifiers follow a dot. Other keys are JSON strings in brackets, with lone
    surrogates escaped, so that errors are valid Unicode text.
    """
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        elif re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", step):
            text += f".{step}" if text else step
        else:
            quoted = json.dumps(step, ensure_ascii=False)
            text += f"[{_SURROGATE.sub(_escaped, quoted)}]"
    return text


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def kind_of(value: Json) -> str:
    """Return which of :data:`KINDS` a JSON value is."""
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"


def to_json(value: Value) -> Json:
    """Return a value of a spec as a value of :mod:`json`."""
    match value:
        case Object(items=items):
            return {key: to_json(item) for key, item in items}
        case tuple():
            return [to_json(item) for item in value]
        case _:
            return value


def read(schema: Schema, type_: Type, value: Json, holds: Holds = _DEFAULT) -> Json:
    """Decode `value` as `type_`, and return what is encoded again.

    `holds` describes the language. Raises :class:`ValidationError` if the type does not accept the
    value or the language cannot represent it exactly, and :class:`NotPromised` as `holds` says.
    """
    try:
        return _Reading(schema, holds).value(type_, value, ())
    except RecursionError:
        return deeply(lambda: _Reading(schema, holds).value(type_, value, ()))


class NestedDefault(NamedTuple):
    """A default inside another one that omits the field, and how many levels deep it is."""

    field: Field
    level: int


def nested_defaults(schema: Schema, field: Field) -> tuple[int, list[NestedDefault]]:
    """Return how many levels the default of a field has on its own, and the defaults inside it.

    Raises :class:`ValidationError` if the default does not match the type.
    """
    absent_fields: list[Field] = []

    def note(absent: Field) -> Json:
        absent_fields.append(absent)
        return _Place(len(absent_fields) - 1)

    reading = _Reading(schema, _DEFAULT, note)
    written = reading.value(field.type, to_json(field.default), ())
    deepest, nested = 0, []
    waiting = [(written, 0)]
    while waiting:
        value, level = waiting.pop()
        match value:
            case _Place():
                nested.append(NestedDefault(absent_fields[value], level))
            case list() | dict():
                deepest = max(deepest, level + 1)
                items = value if isinstance(value, list) else value.values()
                waiting += ((item, level + 1) for item in items)
            case _:
                pass
    return deepest, nested


class _Place(int):
    """A placeholder for a nested default: its index."""


class _Reading:
    """The decoding of one document."""

    def __init__(
        self, schema: Schema, holds: Holds, default: Callable[[Field], Json] | None = None
    ) -> None:
        self.schema = schema
        self.holds = holds
        self.default = default
        """Returns what is written for an absent field with a default; None decodes the default."""
        # A cache by definition and path: unions without discriminator try their members in turn,
        # and would decode inner values again at every level.
        self.known: dict[tuple[str, _Steps], Json | ValidationError] = {}

    def value(self, type_: Type, value: Json, steps: _Steps) -> Json:
        match type_:
            case Scalar(name=name):
                return _read_scalar(name, value, steps, self.holds)
            case Nullable(inner=inner):
                return None if value is None else self.value(inner, value, steps)
            case ListOf(item=item):
                if not isinstance(value, list):
                    raise _mismatch(steps, "an array", value)
                return [self.value(item, v, (*steps, i)) for i, v in enumerate(value)]
            case MapOf(value=inner):
                if not isinstance(value, dict):
                    raise _mismatch(steps, "an object", value)
                for key in value:
                    _read_scalar("string", key, (*steps, key))
                return {key: self.value(inner, v, (*steps, key)) for key, v in value.items()}
            case Constant(value=literal):
                if kind_of(value) != kind_of(literal) or value != literal:
                    raise ValidationError(
                        steps, f"expected {json.dumps(literal, ensure_ascii=False)}"
                    )
                return literal
            case AnyOf(members=members):
                return self.first(members, "one of its types", value, steps)
            case Limited():
                return self.limited(type_, value, steps)
            case Ref(id=id_):
                place = (id_, steps)
                if place not in self.known:
                    try:
                        self.known[place] = self.definition(self.schema[type_], value, steps)
                    except ValidationError as error:
                        self.known[place] = error
                result = self.known[place]
                if isinstance(result, ValidationError):
                    raise result
                return result

    def limited(self, type_: Limited, value: Json, steps: _Steps) -> Json:
        is_sized = isinstance(self.schema.plain(type_), ListOf | MapOf)
        if is_sized and isinstance(value, list | dict):
            # The size comes first: the items of a list that is too long are not read.
            _satisfy(replace(type_.constraints, unique_items=None), value, steps)
        written = self.value(type_.inner, value, steps)
        _satisfy(type_.constraints, written, steps, type_.scalar)
        return written

    def definition(self, definition: Definition, value: Json, steps: _Steps) -> Json:
        match definition:
            case Model():
                return self.model(definition, value, steps)
            case Enum():
                return self.enum(definition, value, steps)
            case Union(discriminator=None):
                return self.first(definition.members, definition.name, value, steps)
            case Union():
                return self.tagged(definition, value, steps)
            case Alias(type=type_):
                return self.value(type_, value, steps)

    def enum(self, enum: Enum, value: Json, steps: _Steps) -> Json:
        value = _read_scalar(enum.type, value, steps, self.holds)
        if not enum.open and value not in enum.json_values:
            raise ValidationError(steps, f"expected a value of {enum.name}")
        return value

    def model(self, model: Model, value: Json, steps: _Steps) -> Json:
        if not isinstance(value, dict):
            raise _mismatch(steps, "an object", value)
        written: dict[str, Json] = {}
        for field in model.fields:
            encoded = self.field(field, value, (*steps, field.json_key))
            if encoded is not None:
                written[field.json_key] = encoded[0]
        known = model.by_json_key.keys() | model.ignored_keys
        others = {key: inner for key, inner in value.items() if key not in known}
        return written | self.additional(model, others, steps)

    def additional(self, model: Model, others: dict[str, Json], steps: _Steps) -> dict[str, Json]:
        """Return what is written back for the keys that no field has."""
        if model.additional_properties is None:
            return {}
        if model.additional_properties is False:
            for key in others:
                raise ValidationError((*steps, key), UNKNOWN_KEY)
            return {}
        written = self.value(MapOf(model.additional_properties), others, steps)
        assert isinstance(written, dict)
        return written

    def field(self, field: Field, value: dict[str, Json], steps: _Steps) -> tuple[Json] | None:
        """Return what is written back for one field; None if the key stays absent."""
        takes_null = self.schema.takes_null(field.type)
        present = field.json_key in value
        if present and value[field.json_key] is None and not field.required and not takes_null:
            present = False
        if present:
            return (self.value(field.type, value[field.json_key], steps),)
        if field.required:
            raise ValidationError(steps, "required, but absent")
        if field.has_default and self.default is not None:
            return (self.default(field),)
        if field.has_default:
            # A new reading, because the cached paths belong to the document.
            reading = _Reading(self.schema, self.holds)
            return (reading.value(field.type, to_json(field.default), steps),)
        return None

    def tagged(self, union: Union, value: Json, steps: _Steps) -> Json:
        tag_key = union.discriminator
        assert tag_key is not None
        if not isinstance(value, dict):
            raise _mismatch(steps, "an object", value)
        tag_steps = (*steps, tag_key)
        if union.absent_tag is not None and value.get(tag_key) is None:
            return self.value(Ref(union.absent_tag), value, steps)
        if tag_key not in value:
            raise ValidationError(tag_steps, "required, but absent")
        tag = _read_scalar(union.tag_scalar, value[tag_key], tag_steps, self.holds)
        assert isinstance(tag, str | int)
        chosen = union.by_tag.get(tag)
        if chosen is None and union.open:
            return self.value(UNKNOWN_MEMBER, value, steps)
        if chosen is None:
            raise ValidationError(tag_steps, f"expected a {tag_key} of {union.name}")
        written = self.value(Ref(chosen), value, steps)
        assert isinstance(written, dict)
        return written if tag_key in written else {tag_key: tag, **written}

    def first(self, members: tuple[Type, ...], what: str, value: Json, steps: _Steps) -> Json:
        """Decode a union without discriminator.

        Only members that accept the value's kind are tried. If there is one, its error keeps its
        path. Of several, the first one that accepts the value wins.
        """
        kind = kind_of(value)
        # A loop instead of recursion: unions can nest many levels deep.
        inner: Union | None
        while True:
            candidates = [member for member in members if kind in kinds(self.schema, member)]
            inner = union_of(self.schema, candidates[0]) if len(candidates) == 1 else None
            if inner is None:
                break
            members, what = inner.members, inner.name
        if len(candidates) == 1:
            return self.value(candidates[0], value, steps)
        for member in leaves_of(self.schema, candidates):
            if kind in kinds(self.schema, member):
                try:
                    return self.value(member, value, steps)
                except ValidationError:
                    continue
        raise ValidationError(steps, f"expected a value of {what}")


def _satisfy(constraints: Constraints, value: Json, steps: _Steps, scalar: str = "") -> None:
    reason = constraints.failure(value, scalar)
    if reason is not None:
        raise ValidationError(steps, reason)


def _mismatch(steps: _Steps, expected: str, value: Json) -> ValidationError:
    return ValidationError(steps, f"expected {expected}, found {KIND_WORDS[kind_of(value)]}")


def _read_scalar(name: str, value: Json, steps: _Steps, holds: Holds = _DEFAULT) -> Json:
    """Decode one scalar."""
    wrong = ValidationError(steps, f"expected {EXPECTED[name]}, found {KIND_WORDS[kind_of(value)]}")
    match value:
        case _ if name == "any":
            return _read_any(value, steps, holds)
        case bool() if name == "bool":
            return value
        case bool():
            raise wrong
        case int() | float() if name in INTEGERS:
            return _read_integer(name, value, wrong, holds)
        case int() | float() if name in NUMBERS:
            return _read_float(name, value, wrong)
        case str() if name in TEXTS:
            if _SURROGATE.search(value):
                raise ValidationError(steps, "expected Unicode text, found a lone surrogate")
            return _read_text(name, value, wrong, holds)
        case _:
            raise wrong


def _read_any(value: Json, steps: _Steps, holds: Holds) -> Json:
    match value:
        case bool():
            return value
        case int() | float():
            _read_float("float64", value, ValidationError(steps, "expected a finite number"))
            _check_alike(isinstance(value, float) or abs(value) <= SAFE_INTEGER, holds)
            return value
        case str():
            _check_alike(not _SURROGATE.search(value), holds)
            return value
        case list():
            return [_read_any(item, (*steps, i), holds) for i, item in enumerate(value)]
        case dict():
            for key in value:
                _check_alike(not _SURROGATE.search(key), holds)
            return {key: _read_any(item, (*steps, key), holds) for key, item in value.items()}
        case _:
            return value


def _check_alike(is_alike: bool, holds: Holds) -> None:
    if holds.alike and not is_alike:
        raise NotPromised


def _read_integer(name: str, value: int | float, wrong: ValidationError, holds: Holds) -> int:
    # A number with a fraction or an exponent has been parsed as a double.
    if isinstance(value, float) and not (value.is_integer() and abs(value) <= SAFE_INTEGER):
        raise wrong
    if int(value) not in INTEGERS[name]:
        raise wrong
    if int(value) not in holds.integers:
        raise ValidationError(wrong.steps, "expected an integer that this language holds exactly")
    return int(value)


def _read_float(name: str, value: int | float, wrong: ValidationError) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValidationError(wrong.steps, "expected a finite number")
    if name == "float64":
        return number
    try:
        return shortest_float32(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        raise wrong from None


def shortest_float32(number: float) -> float:
    """Return the number with the fewest digits that rounds to the 32-bit float `number`."""
    for digits in range(1, 10):
        candidate = float(f"{number:.{digits}g}")
        try:
            if struct.unpack("<f", struct.pack("<f", candidate))[0] == number:
                return candidate
        except OverflowError:
            continue
    return number


def _read_text(name: str, value: str, wrong: ValidationError, holds: Holds) -> str:
    if name == "datetime":
        moment = parse_datetime(value, holds.fraction)
        if moment is None:
            raise wrong
        return moment
    if name == "date":
        if not _DATE.fullmatch(value) or not _is_date(value):
            raise wrong
        return value
    if name in FORMATS:
        if not FORMATS[name].accepts(value):
            raise wrong
        return value.lower() if name == "uuid" else value
    if name == "bytes":
        try:
            canonical = base64.b64encode(base64.b64decode(value, validate=True)).decode("ascii")
        except (binascii.Error, ValueError):
            raise wrong from None
        if canonical != value:
            raise wrong
    return value


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(f"{text}T00:00:00")
    except ValueError:
        return False
    return True


def parse_datetime(text: str, digits: int = 3) -> str | None:
    """Return an RFC 3339 date and time in UTC with `Z` and the shortest fraction; None if invalid.

    The fraction is truncated to `digits`, never rounded. Every language keeps milliseconds. Seconds
    end at 59, because no language's type has leap seconds. Years are 0001 to 9999.
    """
    match = _DATETIME.fullmatch(text)
    if match is None:
        return None
    day, time, fraction, _, sign, hours, minutes = match.groups()
    offset = timedelta()
    if sign is not None:
        if int(hours) > 23 or int(minutes) > 59:
            return None
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    try:
        moment = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=UTC) - offset
    except (ValueError, OverflowError):
        return None
    kept = (fraction or "")[:digits].rstrip("0")
    return moment.strftime("%Y-%m-%dT%H:%M:%S").zfill(19) + (f".{kept}" if kept else "") + "Z"


def kinds(schema: Schema, type_: Type) -> frozenset[str]:
    """Return the kinds of JSON values that `type_` may accept, of :data:`KINDS`."""
    cache = schema.kinds_of_unions
    if isinstance(type_, Ref) and isinstance(schema[type_], Union):
        if type_.id not in cache:
            cache[type_.id] = _kinds(schema, type_)
        return cache[type_.id]
    return _kinds(schema, type_)


def _kinds(schema: Schema, type_: Type) -> frozenset[str]:
    accepted: set[str] = set()
    # Unions can share members at every level: visit each one once, and each alias.
    unions: set[str] = set()
    waiting = [type_]
    while waiting:
        match waiting.pop():
            case Scalar(name="any"):
                return frozenset(KINDS)
            case Scalar(name=name):
                accepted.add(
                    "number" if name in NUMBERS else "bool" if name == "bool" else "string"
                )
            case ListOf():
                accepted.add("array")
            case MapOf():
                accepted.add("object")
            case Constant(value=value):
                accepted.add(kind_of(value))
            case Nullable(inner=inner):
                accepted.add("null")
                waiting.append(inner)
            case Limited(inner=inner):
                waiting.append(inner)
            case AnyOf(members=members):
                waiting += members
            case Ref() as ref:
                match schema[ref]:
                    case Model():
                        accepted.add("object")
                    case Enum(type=scalar):
                        accepted.add("string" if scalar == "string" else "number")
                    case Union(id=id_) if id_ in schema.kinds_of_unions:
                        accepted |= schema.kinds_of_unions[id_]
                    case (Union() | Alias()) as named if named.id not in unions:
                        unions.add(named.id)
                        waiting += types_of(named)
                    case _:
                        pass
    return frozenset(accepted)
