"""Values that represent calls, and numbers in an unusual form.

Code may call a function where JSON has no equivalent. In a value, a call is an object with its name
as the only key: `{openAsBlob: a.txt}` is `await openAsBlob("a.txt")`. So is a number that its page
writes in an unusual form: `{Number: "1.0"}` is `1.0`. Only pages have such values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from modelsync.pages.code import is_number, number_of
from modelsync.schema.values import Object, Value

CALLS: Final[Mapping[str, str]] = {
    "Date": "new Date",
    "RFCDate": "new RFCDate",
    "TextEncoder": "new TextEncoder().encode",
    "BigInt": "BigInt",
    "Decimal": "new Decimal",
    "openAsBlob": "await openAsBlob",
    "Request": "new Request",
    "Response": "new Response",
}
"""The function that code calls with a string, by the name of the call in a value."""
CALL_NAMES: Final[Mapping[str, str]] = {code: name for name, code in CALLS.items()}
"""The name of each call in a value."""
SDK_TYPES: Final = ("RFCDate", "Decimal")
"""The types to call that come with the SDK."""
NUMBER: Final = "Number"
"""The key in a value for a number in an unusual form."""
DATE_CALLS: Final = {"datetime": "Date", "date": "RFCDate"}
NATIVE_DATE_CALLS: Final = {"datetime": "Date", "date": "Date"}
"""The function that code calls for a date, by its scalar."""


def is_call(name: str, text: str) -> bool:
    """Return whether an object with one key and its text may represent a call or a number."""
    return name in CALLS or (name == NUMBER and is_number(text))


def has_calls(value: Value) -> bool:
    """Return whether a value contains a call, which only pages have."""
    match value:
        case Object(items=((str(name), str(text)),)) if is_call(name, text):
            return True
        case Object(items=items):
            return any(has_calls(item) for _, item in items)
        case tuple():
            return any(map(has_calls, value))
        case _:
            return False


def plain_numbers(value: Value) -> Value:
    """Return a value with each number in another form replaced by the number."""
    match value:
        case Object(items=((str(name), str(text)),)) if name == NUMBER and is_number(text):
            return number_of(text)
        case Object(items=items):
            return Object(tuple((key, plain_numbers(item)) for key, item in items))
        case tuple():
            return tuple(map(plain_numbers, value))
        case _:
            return value
