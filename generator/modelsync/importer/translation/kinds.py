"""Which kinds of JSON values a schema accepts, by `type` and by its other keywords."""

from __future__ import annotations

from typing import Final, NamedTuple

from modelsync.importer.findings import Findings
from modelsync.importer.text.tree import JsonObject

_KINDS: Final = frozenset({"object", "array", "string", "integer", "number", "boolean"})
KEYWORDS: Final = {
    "object": (
        "properties",
        "additionalProperties",
        "patternProperties",
        "unevaluatedProperties",
        "required",
        "minProperties",
        "maxProperties",
        "propertyNames",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
    ),
    "array": (
        "items",
        "prefixItems",
        "additionalItems",
        "unevaluatedItems",
        "minItems",
        "maxItems",
        "uniqueItems",
        "contains",
        "minContains",
        "maxContains",
    ),
    "string": ("minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType"),
    "number": ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf"),
}
"""The keywords that are about one kind of values."""
_INTEGER_FORMATS: Final = frozenset({"int32", "int64", "uint32", "uint64"})
_NUMBER_FORMATS: Final = frozenset({"float", "double"})


class Kinds(NamedTuple):
    """The kinds of values that a schema accepts."""

    names: list[str]
    """As in `type`, without `null`; empty for all kinds."""
    nullable: bool
    """Whether `type` contains `null`, or `nullable` is true."""
    has_null_type: bool = False
    """Whether `type` contains `null`."""
    is_null_only: bool = False
    is_known: bool = True
    """Whether each `type` is one of JSON Schema."""


def kinds_of(schema: JsonObject, findings: Findings) -> Kinds:
    """Return the kinds of a schema, inferred from other keywords if it has no `type`."""
    type_ = schema.get("type")
    given = type_ if isinstance(type_, list) else [type_] if "type" in schema else []
    names = [each for each in given if isinstance(each, str) and each in {*_KINDS, "null"}]
    nullable = "null" in names or schema.get("nullable") is True
    if given:
        unknown = [each for each in given if not isinstance(each, str) or each not in names]
        for each in unknown:
            found = f"unknown type `{each[:40]}`" if isinstance(each, str) else "invalid `type`"
            findings.loss(schema.at("type"), "type", found, "`any`")
        kinds = [] if unknown else kinds_in(schema)
        return Kinds(kinds, nullable, "null" in names, names == ["null"], not unknown)
    inferred = kinds_in(schema)
    several = _kinds_of_keywords(schema)
    if len(several) > 1:
        message = f"keywords of {', '.join(map(_article, several))} without `type`"
        findings.loss(schema.at(), "keywords of several kinds", message, "`any`")
    if inferred:
        found = _article(inferred[0])
        message = f"keywords of {found} without `type`"
        findings.note(schema.at(), "no `type`", message, f"`type: {inferred[0]}`")
    return Kinds(inferred, nullable)


def kinds_in(schema: JsonObject) -> list[str]:
    """Return the kinds of a schema by `type`, otherwise by its other keywords; none for all."""
    type_ = schema.get("type")
    if type_ is None and "type" not in schema:
        return _inferred(schema)
    given = type_ if isinstance(type_, list) else [type_]
    known = list(dict.fromkeys(name for name in given if isinstance(name, str) and name in _KINDS))
    if "number" in known and "integer" in known:
        known.remove("integer")
    return [] if len(known) >= 5 else known


def _inferred(schema: JsonObject) -> list[str]:
    found = _kinds_of_keywords(schema)
    format_ = schema.get("format")
    if not found and isinstance(format_, str):
        if format_ in _INTEGER_FORMATS:
            return ["integer"]
        return ["number" if format_ in _NUMBER_FORMATS else "string"]
    # Keywords of several kinds limit each kind, and accept all others.
    return found if len(found) == 1 else []


def _kinds_of_keywords(schema: JsonObject) -> list[str]:
    return [kind for kind, keywords in KEYWORDS.items() if not schema.keys().isdisjoint(keywords)]


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
