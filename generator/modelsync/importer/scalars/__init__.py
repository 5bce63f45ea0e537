"""The scalar that a spec has for the `type`, `format` and `contentEncoding` of a schema."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from modelsync.importer.findings import Findings
from modelsync.importer.nodes import Entry, TypeOf, key, text
from modelsync.importer.scalars.limits import limits_of, says_form
from modelsync.importer.text.tree import JsonObject
from modelsync.schema.constraints import Constraints
from modelsync.schema.formats import FORMATS
from modelsync.schema.types import INTEGERS, NUMBERS
from modelsync.spec.other_keys import TYPE_OF_FORMAT
from modelsync.spec.shared_keys import FORMAT_WORD

Kind: TypeAlias = Literal["string", "integer", "number", "boolean"]
"""The types of JSON Schema that are scalars in a spec."""

_TEXTS: Final = {
    "date-time": "datetime",
    "date": "date",
    "byte": "bytes",
    **{name: name for name in FORMATS},
}
_OTHER_WORDS: Final = {
    "datetime": "datetime",
    "url": "uri",
    "uuid1": "uuid",
    "uuid2": "uuid",
    "uuid3": "uuid",
    "uuid4": "uuid",
    "uuid5": "uuid",
    "guid": "uuid",
    "ip-address": "ipv4",
    "host-name": "hostname",
    "base64": "bytes",
}
"""Formats that are not in the specification, but are common."""
_STRINGS: Final = FORMATS.keys() - {"decimal"}
"""The types of texts with a form that code keeps as they are, or nearly so."""
_INTEGERS: Final = {name: name for name in INTEGERS}
_SMALL: Final = {
    "int8": range(-(2**7), 2**7),
    "uint8": range(2**8),
    "int16": range(-(2**15), 2**15),
    "uint16": range(2**16),
}
_FLOATS: Final = {"float": "float32", "double": "float64"}


def scalars_of(schema: JsonObject, kinds: Sequence[Kind], findings: Findings) -> TypeOf:
    """Return the type of a schema whose `type` is one or several scalars, with its constraints.

    `kinds` does not contain `null`: whether the type is nullable is the caller's to say.
    """
    if "number" in kinds:
        kinds = [kind for kind in kinds if kind != "integer"]
    scalars = [scalar_of(schema, kind, findings) for kind in dict.fromkeys(kinds)]
    extra = next((limits for _, limits in scalars if limits is not None), None)
    names = [name for name, _ in scalars]
    entries = limits_of(schema, names, findings, extra=extra)
    at = schema.at("type" if "type" in schema else None)
    return TypeOf(" | ".join(names), at, entries=(*entries, *_format(schema, names, findings)))


def scalar_of(schema: JsonObject, kind: Kind, findings: Findings) -> tuple[str, Constraints | None]:
    """Return the name of the scalar for one type of JSON Schema, and the range of a small one."""
    format_ = schema.get("format")
    name = format_ if isinstance(format_, str) else ""
    match kind:
        case "string":
            return _text(schema, name, findings), None
        case "integer":
            small = _SMALL.get(name)
            if small is not None:
                low, high = Decimal(small[0]), Decimal(small[-1])
                return "int32", Constraints(minimum=low, maximum=high)
            return _INTEGERS.get(name) or _integer(schema), None
        case "number":
            return _FLOATS.get(name, "float64"), None
        case "boolean":
            return "bool", None


def _text(schema: JsonObject, format_: str, findings: Findings) -> str:
    if format_ in _TEXTS:
        return _unless_said(schema, _TEXTS[format_], findings)
    known = _OTHER_WORDS.get(format_.lower()) or _TEXTS.get(format_.lower())
    if known is not None:
        findings.note(schema.at("format"), "format", f"the format `{format_}`", f"`{known}`")
        return known
    encoding = schema.get("contentEncoding")
    if isinstance(encoding, str) and encoding.lower() == "base64":
        return "bytes"
    return "string"


def _unless_said(schema: JsonObject, name: str, findings: Findings) -> str:
    """Return a type of text, or `string` if the pattern says its form, and more."""
    if name not in _STRINGS or not says_form(schema, name):
        return name
    message = f"the format `{name}`, whose form `pattern` says"
    findings.note(schema.at("format"), "format", message, "`string`")
    return "string"


def _integer(schema: JsonObject) -> str:
    """Return the type of an integer without a known format, by its bounds."""
    low, high = schema.get("minimum"), schema.get("maximum")
    is_unsigned = isinstance(low, int | Decimal) and low >= 0
    is_large = isinstance(high, int | Decimal) and high > INTEGERS["int64"][-1]
    return "uint64" if is_unsigned and is_large else "int64"


def _format(schema: JsonObject, names: Sequence[str], findings: Findings) -> tuple[Entry, ...]:
    """Return the `format` of a field, if no type says it."""
    format_ = schema.get("format")
    if not isinstance(format_, str) or not format_.strip():
        return ()
    meant = TYPE_OF_FORMAT.get(format_.casefold()) or _OTHER_WORDS.get(format_.lower())
    if meant in names or (meant is not None and meant in _STRINGS and says_form(schema, meant)):
        return ()
    at = schema.at("format")
    if not re.fullmatch(FORMAT_WORD, format_):
        findings.note(at, "format", "the format is not a word")
        return ()
    if format_.casefold() in TYPE_OF_FORMAT and not _may_be_beside(names, meant):
        findings.note(at, "format", f"the format `{format_}` of `{' | '.join(names)}`")
        return ()
    return ((key("format", at), text(format_, at)),)


def _may_be_beside(names: Sequence[str], meant: str | None) -> bool:
    """Return whether a spec can have the format of a type beside another one."""
    if list(names) == ["string"]:
        return meant in NUMBERS
    return len(names) == 1 and names[0] in ("float32", "float64") and meant in INTEGERS
