"""Values to test for each type, as JSON text: edge cases of JSON and of the scalars.

The expected outcome of each one follows from :mod:`modelsync.schema.meaning`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from modelsync.schema.types import NUMBERS
from modelsync.verify import texts

OF_EACH_KIND: Final = ("null", "true", "3", '"text"', "[]", "{}")
"""A value of each JSON kind (RFC 8259)."""

_INTEGERS: Final = (
    *("0", "-0", "-1", "1.0", "-1.0", "0.0", "-0.0", "1.5", "0.1", "1e3", "1E+2", "10e-1", "1e-1"),
    *("120e-1", "1234e-2", "1000000000000000000000e-18", "2147483647", "2147483648"),
    *("-2147483648", "-2147483649", "2147483647.0", "2147483648.0", "4294967296", "1e10"),
    *("1e400", "-1e400", "123456789012345678901234567890", '"1"', "false"),
)
_LARGE_INTEGERS: Final = (
    *("9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740991"),
    *("-9007199254740992", "-9007199254740993", "9007199254740991.0", "9007199254740992.0"),
    *("9007199254740993.0", "90071992547409910e-1", "1e18", "9223372036854775807"),
    *("9223372036854775808", "-9223372036854775808", "-9223372036854775809"),
    "9223372036854775807.0",
)
_FLOATS: Final = (
    *("0", "-0", "0.0", "-0.0", "0.1", "-1.5", "1e3", "1E+2", "5e-1", "100", "3.0"),
    *("0.30000000000000004", "123456.789", "16777217", "1e21", "1e-7", "9007199254740993"),
    *("1048576.25", "1048576.75", "2097152.25", *(repr(2.0**power) for power in (-96, 87, 90))),
    *("123456789012345678901234567890", "1e-400", "1e400", "-1e400", '"1.5"', "false"),
)
_DOUBLES: Final = (
    *("1.7976931348623157e308", "-1.7976931348623157e308", "1.7976931348623159e308"),
    *("2.2250738585072011e-308", "2.2250738585072014e-308", "5e-324", "2e-324", "3e-324"),
)
_SINGLES: Final = (
    *("1.1", "1.23456789", "3.4028234663852886e38", "3.4028235e38", "3.4028235677973362e38"),
    *("3.4028235677973366e38", "3.5e38", "1.4e-45", "1e-46", "7e-46", "1.17549435e-38"),
)
_CONTROLS: Final = "".join(f"\\u{unit:04x}" for unit in (*range(0x20), 0x7F))
_STRINGS: Final = (
    *('""', '" "', '"\\u0000"', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\u00e9"', '"e\\u0301"'),
    *('"\\u00E9"', '"\x7f"', f'"{_CONTROLS}"'),
    *('"\\ud83d\\ude00"', '"\U0001f600"', '"\u2028\u2029"', '"\ufeff"', '"\\ufffe\\uffff"'),
    *('"\\ud800"', '"\\udc00"', '"\\ude00\\ud83d"', '"a\\ud83d"', '"\\ud83d\\u0041"'),
    *('"</script>"', '"__proto__"', '"null"', '"1"'),
)
_YEARS: Final = ("0001", "0004", "1600", "1900", "1970", "2000", "2100", "9996")
"""The first and last years, and a year for each rule for leap years."""
_YEAR_DAYS: Final = ("01-01", "02-28", "02-29", "03-01", "12-31")
_DAYS: Final = (
    *(f"{year}-{day}" for year in _YEARS for day in _YEAR_DAYS),
    *(f"2024-{month:02}-{day}" for month in range(1, 13) for day in (30, 31, 32)),
)
"""Days at the ends of months and years, and beyond them."""
_DATETIMES: Final = tuple(
    f'"{text}"'
    for text in (
        *("2024-01-31T12:00:00Z", "2024-01-31t12:00:00z", "2024-01-31T12:00:00+00:00"),
        *("2024-01-31T12:00:00-00:00", "2024-01-01T00:30:00+05:30", "2024-12-31T23:30:00-05:45"),
        *("2024-01-31T12:00:00+23:59", "2024-01-31T12:00:00-23:59", "2024-01-31T12:00:00+24:00"),
        *("2024-01-31T12:00:00+01:60", "2024-02-29T00:00:00Z", "2023-02-29T00:00:00Z"),
        *("2000-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-04-31T00:00:00Z"),
        *("2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z"),
        *("2024-01-31T23:59:59.9Z", "2024-01-31T12:00:00.120Z", "2024-01-31T12:00:00.1239Z"),
        *("2024-01-31T12:00:00.123456Z", "2024-01-31T12:00:00.123456789Z"),
        *("2024-01-31T12:00:00.1234567899999Z", "2024-01-31T12:00:00.000000001Z"),
        *("1969-12-31T23:59:59.9999Z", "0001-01-01T00:00:00.0009Z", "2024-01-31T12:00:00.Z"),
        *("2024-01-31T12:00:00,5Z", "2024-01-31T24:00:00Z", "2024-01-31T23:60:00Z"),
        *("2016-12-31T23:59:60Z", "0001-01-01T00:00:00Z", "0000-12-31T23:59:59Z"),
        *("0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-00:01"),
        *("10000-01-01T00:00:00Z", "+2024-01-31T12:00:00Z", "-2024-01-31T12:00:00Z"),
        *("2024-01-31 12:00:00Z", "2024-01-31_12:00:00Z", "2024-01-31T12:00:00"),
        *("2024-01-31T12:00Z", "2024-01-31T12Z", "2024-01-31", "20240131T120000Z"),
        *("2024-01-31T12:00:00+0100", "2024-01-31T12:00:00+01", "2024-01-31T12:00:00 Z"),
        *(" 2024-01-31T12:00:00Z", "2024-01-31T12:00:00Z ", "2024-01-31T12:00:00Z\\n"),
        *("2024-1-31T12:00:00Z", "2024-01-31T1:00:00Z", "\uff12024-01-31T12:00:00Z"),
        *("2024-W05-3T12:00:00Z", "2024-031T12:00:00Z", "1706702400", ""),
        *("2024-01-31T12-00:00Z", "2024-01-31T12:00-00Z", "2024-01-31T12:00:00+01-00"),
        *("2024-01-31T12:00:00+01:00x", "2024-01-31T12:00:00+01:000"),
        *("2024-01-31T12:00:00.005Z", "2024-01-31T12:00:00.050Z", "2024-01-31T12:00:00.001Z"),
    )
)
_DATES: Final = tuple(
    f'"{text}"'
    for text in (
        *("2024-01-31", "2024-02-29", "2023-02-29", "2000-02-29", "1900-02-29", "2024-04-31"),
        *("0001-01-01", "0000-01-01", "9999-12-31", "10000-01-01", "2024-13-01", "2024-00-10"),
        *("2024-01-00", "2024-1-31", "20240131", "2024-01", "2024-W05-3", "2024-031"),
        *("2024-01-31T00:00:00Z", " 2024-01-31", "2024-01-31 ", "2024-01-31\\n", "2024/01/31"),
        *("\uff12024-01-31", "-2024-01-31", ""),
    )
)
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BYTES: Final = tuple(
    f'"{text}"'
    for text in (
        *("", "AA==", "AQI=", "AQID", "//+/", "AQ", "AQ=", "AQI", "AR==", "AQJ=", "A===", "===="),
        *("__-_", "AA_A", "AA-A", "--==", "AQ ==", "AQ==\\n", "\\nAQ==", "AQ==AQ==", "AQID="),
        *("A", "\u00e9A==", "=", _ALPHABET),
    )
)

_UNSIGNED: Final = ("4294967295", "4294967295.0", "4294967296.5", "-1.0")
_LARGE_UNSIGNED: Final = (
    *("18446744073709551615", "18446744073709551616", "18446744073709551614", "1.8e19", "2e19"),
    *("9223372036854775809", "18446744073709551615.0"),
)

SCALARS: Final[Mapping[str, tuple[str, ...]]] = {
    **texts.TEXTS,
    "string": _STRINGS,
    "bool": ("true", "false", "0", "1", '"true"', '"false"'),
    "int32": _INTEGERS,
    "int64": _INTEGERS + _LARGE_INTEGERS,
    "uint32": _INTEGERS + _UNSIGNED,
    "uint64": _INTEGERS + _LARGE_INTEGERS + _LARGE_UNSIGNED,
    "float32": _FLOATS + _SINGLES,
    "float64": _FLOATS + _DOUBLES,
    "datetime": _DATETIMES,
    "date": _DATES,
    "bytes": _BYTES,
    # Integers beyond 2^53 and lone surrogates depend on the JSON reader of each language.
    "any": (
        *("false", "-1", "0.1", '""', '"\\u0000"', "9007199254740991", "1e400", "[1e400]"),
        *("1.7976931348623157e308", "-1.7976931348623157e308"),
        *('{"a": 1e400}', '[{"a": [1e400]}]'),
        *('{"__proto__": {"polluted": 1}}', '{"constructor": {"prototype": {"polluted": 1}}}'),
        *('{"b": 1, "a": 2}', "[[], {}, [null]]", '{"": {"a b": [true]}}', '{"a": null}'),
        *("[1e400, 1e400]", '{"b": [1e400], "a": 1e400}', '{"a": 1e400, "a": 1}'),
    ),
}
"""The edge cases of each scalar, and values just outside its range."""

REVEALING: Final[Mapping[str, str]] = {
    **texts.REVEALING,
    "string": '"\\ud800"',
    "bool": '"true"',
    "int32": "2147483648",
    "int64": "9007199254740993",
    "uint32": "4294967296",
    "uint64": "9007199254740993",
    "float32": "1.23456789",
    "float64": "1e400",
    "datetime": '"2024-01-31t23:59:59.9999999-00:30"',
    "date": '"2023-02-29"',
    "bytes": '"AQ"',
    "any": '{"a": [1e400]}',
}
"""The most revealing edge case of each scalar, for places where trying all takes too long."""


def _with_one_change(*texts: str) -> tuple[str, ...]:
    """Return copies of a text with one character removed, doubled or replaced."""
    return tuple(
        f'"{text[:at]}{replacement}{text[at + 1 :]}"'
        for text in texts
        for at in range(len(text))
        for replacement in ("", text[at] * 2, "x", " ", "\\u0000", "\u0663")
    )


LONG_INTEGER: Final = "9" * 5_000
"""By default, Python refuses to parse an integer of more than 4,300 digits."""

FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "datetime": (
        *(f'"{day}T12:00:00Z"' for day in _DAYS),
        *_with_one_change("2024-01-31T12:00:00Z", "2024-01-31T12:00:00.123Z"),
        *_with_one_change("2024-01-31T12:00:00.12345678Z", "2024-01-31T12:00:00.1+01:30"),
    ),
    "date": (*(f'"{day}"' for day in _DAYS), *_with_one_change("2024-01-31")),
    "bytes": _with_one_change("AQI=", "AQID"),
    "uuid": _with_one_change("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
    "time": _with_one_change("12:30:00.5+01:30"),
    **dict.fromkeys(sorted(NUMBERS), (LONG_INTEGER, f"-{LONG_INTEGER}")),
    "any": (f"{'[' * 100_000}{']' * 100_000}", LONG_INTEGER),
}
"""Values that only test the syntax of a scalar: one place in a schema is enough."""

MAP_KEYS: Final = (
    *('"__proto__"', '"constructor"', '""', '"a b"', '"\\u0061"', '"toString"', '"0"', '"$a"'),
    *('"1a"', '"a1"', '"\u00e9"', '"\U0001f600"', '"a\\""', '"\\u0001"'),
)
"""Keys of a map, as JSON text: names with a meaning in JavaScript, and keys that paths quote."""
INVALID_MAP_KEYS: Final = ('"\\ud800"', '"a\\udfff"')
"""Text that is not valid Unicode, and so not a valid key."""

NOT_JSON: Final[Mapping[str, bytes]] = {
    "an empty document": b"",
    "a space": b" ",
    "NaN": b"NaN",
    "Infinity": b"Infinity",
    "-Infinity": b"-Infinity",
    "a number with a plus sign": b"+1",
    "a number with a leading zero": b"01",
    "a number without digits before the decimal point": b".5",
    "a number without digits after the decimal point": b"1.",
    "a negative number with a leading zero": b"-01",
    "a minus sign without digits": b"-",
    "an exponent without digits": b"1e",
    "an exponent with only a sign": b"1e+",
    "a hexadecimal number": b"0x1",
    "a misspelled null": b"nulx",
    "a misspelled true": b"trux",
    "undefined": b"undefined",
    "single quotes": b"{'a': 1}",
    "a comment": b"/* */ {}",
    "a trailing comma in an object": b'{"a": 1,}',
    "a trailing comma in an array": b"[1,]",
    "an unquoted key": b"{a: 1}",
    "a key without a value": b'{"a"}',
    "a missing comma in an object": b'{"a": 1 "b": 2}',
    "a missing comma in an array": b"[1 2]",
    "a missing colon": b'{"a" 1}',
    "two documents": b"{} {}",
    "an unclosed object": b'{"a": 1',
    "an unclosed array": b"[1",
    "an unclosed string": b'"a',
    "an extra closing bracket": b"{}}",
    "an invalid escape": b'"\\x"',
    "a truncated escape": b'"\\u12"',
    "an escape with an invalid digit": b'"\\u00g0"',
    "a line feed in a string": b'"\n"',
    "a tab in a string": b'"\t"',
    "a NUL character in a string": b'"\x00"',
    "a NUL character at the end": b"{}\x00",
    "a vertical tab": b"\x0b{}",
    "a no-break space": b"\xc2\xa0{}",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "UTF-32": "{}".encode("utf-32-le"),
    "bytes that are not UTF-8": b'"\xff"',
    "overlong UTF-8": b'"\xc0\xaf"',
    "a surrogate in UTF-8": b'"\xed\xa0\x80"',
    "truncated UTF-8": b'"\xe2\x82"',
    "UTF-8 beyond Unicode": b'"\xf4\x90\x80\x80"',
    "an invalid escape in a key": b'{"modelsync \\x": 1}',
}
"""Text that every JSON reader must reject, as a document and inside one, by its description."""

FEW_NOT_JSON: Final = ("an empty document", "bytes that are not UTF-8")
"""Those of :data:`NOT_JSON` that are tried for every definition."""
