"""The meaning of scalars in JSON: what each one accepts, and what is written back."""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from modelsync.schema.formats import FORMATS
from modelsync.schema.json_values import Json, Steps
from modelsync.schema.shown import SURROGATE
from modelsync.schema.types import INTEGERS, NUMBERS, TEXTS
from modelsync.schema.validation import ValidationError, mismatch

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

SAFE_INTEGER: Final = 2**53 - 1
"""The largest integer up to which an IEEE 754 double represents all integers exactly."""

_DATETIME: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d+))?(?:([Zz])|([+-])(\d{2}):(\d{2}))",
    re.ASCII,
)
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
    null_is_absent: bool = True
    """Whether null for an optional field means that it is absent, as it does in every language."""

    def range_of(self, integer: str) -> range:
        """Return the values of a scalar, such as `int64`, that the language represents."""
        own, held = INTEGERS[integer], self.integers
        return range(max(own[0], held[0]), min(own[-1], held[-1]) + 1)


DEFAULT: Final = Holds()


class NotPromised(Exception):
    """A value of an `any` that the JSON readers of the languages decode differently."""


def read_scalar(name: str, value: Json, steps: Steps, holds: Holds = DEFAULT) -> Json:
    """Decode one scalar."""
    match value:
        case _ if name == "any":
            return _read_any(value, steps, holds)
        case bool() if name == "bool":
            return value
        case bool():
            raise _wrong(name, value, steps)
        case int() | float() if name in INTEGERS:
            return _read_integer(name, value, steps, holds)
        case int() | float() if name in NUMBERS:
            return _read_float(name, value, steps)
        case str() if name in TEXTS:
            if SURROGATE.search(value):
                raise ValidationError(steps, "expected Unicode text", ", found a lone surrogate")
            return _read_text(name, value, steps, holds)
        case _:
            raise _wrong(name, value, steps)


def _wrong(name: str, value: Json, steps: Steps) -> ValidationError:
    return mismatch(steps, EXPECTED[name], value)


def _read_any(value: Json, steps: Steps, holds: Holds) -> Json:
    match value:
        case bool():
            return value
        case int() | float():
            _read_float("float64", value, steps)
            _check_alike(isinstance(value, float) or abs(value) <= SAFE_INTEGER, holds)
            return value
        case str():
            _check_alike(not SURROGATE.search(value), holds)
            return value
        case list():
            return [_read_any(item, (*steps, i), holds) for i, item in enumerate(value)]
        case dict():
            for key in value:
                _check_alike(not SURROGATE.search(key), holds)
            return {key: _read_any(item, (*steps, key), holds) for key, item in value.items()}
        case _:
            return value


def _check_alike(is_alike: bool, holds: Holds) -> None:
    if holds.alike and not is_alike:
        raise NotPromised


def _read_integer(name: str, value: int | float, steps: Steps, holds: Holds) -> int:
    # A number with a fraction or an exponent has been parsed as a double.
    if isinstance(value, float) and not (value.is_integer() and abs(value) <= SAFE_INTEGER):
        raise _wrong(name, value, steps)
    if int(value) not in INTEGERS[name]:
        raise _wrong(name, value, steps)
    if int(value) not in holds.integers:
        raise ValidationError(steps, "expected an integer that this language holds exactly")
    return int(value)


def _read_float(name: str, value: int | float, steps: Steps) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValidationError(steps, "expected a finite number")
    if name == "float64":
        return number
    try:
        return shortest_float32(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        raise _wrong(name, value, steps) from None


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


def _read_text(name: str, value: str, steps: Steps, holds: Holds) -> str:
    if name == "datetime":
        moment = parse_datetime(value, holds.fraction)
        if moment is None:
            raise _wrong(name, value, steps)
        return moment
    if name == "date":
        if not _DATE.fullmatch(value) or not _is_date(value):
            raise _wrong(name, value, steps)
        return value
    if name in FORMATS:
        if not FORMATS[name].accepts(value):
            raise _wrong(name, value, steps)
        return value.lower() if name == "uuid" else value
    if name == "bytes":
        try:
            canonical = base64.b64encode(base64.b64decode(value, validate=True)).decode("ascii")
        except (binascii.Error, ValueError):
            raise _wrong(name, value, steps) from None
        if canonical != value:
            raise _wrong(name, value, steps)
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
