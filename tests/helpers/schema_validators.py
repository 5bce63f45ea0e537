"""Real validators of JSON Schema, and how they differ from the spec language."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError as JsonSchemaError
from jsonschema.protocols import Validator

from modelsync.schema.constraints import is_multiple, number_of
from modelsync.schema.formats import FORMATS
from modelsync.schema.json_values import Json
from modelsync.schema.scalars import read_scalar
from modelsync.schema.validation import ValidationError
from modelsync.verify.cases import Outcome

_SCALARS: Final = {"date-time": "datetime", "date": "date", **{name: name for name in FORMATS}}
_STRICTER: Final = re.compile(
    "expected Unicode text"
    "|expected a finite number"
    r"|expected an? (unsigned )?(64-bit integer|32-bit number)(, found [\d.e+-]+)?$"
    r"|a number [^,]*, found \""  # a limit of a decimal
    "|expected base64 with padding"
    "|^not JSON"
)
"""The errors of documents that JSON Schema accepts, as docs/targets.md says."""


def format_checker() -> FormatChecker:
    """Return a checker of our formats: JSON Schema leaves open which ones a validator checks."""
    checker = FormatChecker(())
    for format_, scalar in _SCALARS.items():
        checker.checks(format_)(partial(_has_form, scalar))
    return checker


def _has_form(scalar: str, value: object) -> bool:
    try:
        if isinstance(value, str):
            read_scalar(scalar, value, ())
    except ValidationError:
        return False
    return True


def _multiple_of(_validator: object, divisor: Any, value: object, _schema: object) -> Any:
    """Compare decimals: jsonschema divides floats, so 0.3 is not a multiple of 0.1."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and not is_multiple(number_of(value), number_of(divisor)):
        yield JsonSchemaError(f"{value} is not a multiple of {divisor}")


_Validator: Any = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"multipleOf": _multiple_of}
)


def validator_of(document: Mapping[str, Any], pointer: str) -> Validator:
    """Return a validator for one definition of a schema."""
    made: Validator = _Validator({**document, "$ref": pointer}, format_checker=format_checker())
    return made


def agrees(validator: Validator, value: Json, ours: Outcome) -> bool:
    """Whether a validator answers as we do, except for what docs/targets.md says."""
    if not ours.accepted and _STRICTER.search(ours.message):
        return True
    if validator.is_valid(value):
        # An alias of `T | null` accepts null wherever it is used, but not as a document. A `$` of
        # Python matches before the last line feed, too.
        return ours.accepted or value is None or _is_left_out(value)
    # What is written back is accepted: it has no null in an optional field that counts as absent,
    # and 32-bit numbers are rounded.
    return not ours.accepted or validator.is_valid(json.loads(ours.json))


def _is_left_out(value: Json) -> bool:
    text = json.dumps(value)
    return re.search(r'\\n"|\\ud[89a-f]', text) is not None
