"""Whether a value satisfies the constraints of a schema that also lists its values."""

from __future__ import annotations

from decimal import Decimal

from modelsync.importer.patterns import read_pattern
from modelsync.importer.text.tree import Json, JsonObject
from modelsync.patterns.match import Matcher
from modelsync.patterns.parse import parse
from modelsync.schema.constraints import is_multiple


def broken_keyword(schema: JsonObject, value: Json) -> str:
    """Return the keyword of a schema that excludes a value; empty if none does.

    Only keywords about texts and numbers count, and only those with valid values.
    """
    if isinstance(value, str):
        return _broken_by_text(schema, value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return ""
    return _broken_by_number(schema, Decimal(value))


def _broken_by_text(schema: JsonObject, value: str) -> str:
    least, most = _number(schema, "minLength"), _number(schema, "maxLength")
    if least is not None and len(value) < least:
        return "minLength"
    if most is not None and len(value) > most:
        return "maxLength"
    pattern = schema.get("pattern")
    read = read_pattern(pattern) if isinstance(pattern, str) else None
    if read is None or read.text is None or read.problem:
        return ""
    is_long = read.max_length is not None and len(value) > read.max_length
    has_match = len(value) >= read.min_length and not is_long
    return "" if has_match and Matcher(parse(read.text)).search(value) else "pattern"


def _broken_by_number(schema: JsonObject, value: Decimal) -> str:
    least, most = _number(schema, "minimum"), _number(schema, "maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if least is not None and (value <= least if above is True else value < least):
        return "minimum"
    if most is not None and (value >= most if below is True else value > most):
        return "maximum"
    over, under = _number(schema, "exclusiveMinimum"), _number(schema, "exclusiveMaximum")
    if over is not None and value <= over:
        return "exclusiveMinimum"
    if under is not None and value >= under:
        return "exclusiveMaximum"
    step = _number(schema, "multipleOf")
    return "multipleOf" if step is not None and step > 0 and not is_multiple(value, step) else ""


def _number(schema: JsonObject, keyword: str) -> Decimal | None:
    value = schema.get(keyword)
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return Decimal(value) if is_number else None  # type: ignore[arg-type]
