"""Which kinds of JSON values a schema accepts, by `type` and by its other keywords."""

from __future__ import annotations

from typing import Final, NamedTuple

from modelsync.importer.findings import Findings
from modelsync.importer.tree import JsonObject

KINDS: Final = ("object", "array", "string", "integer", "number", "boolean")
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


class Kinds(NamedTuple):
    """The kinds of values that a schema accepts."""

    names: list[str]
    """As in `type`, without `null`; empty for all kinds."""
    nullable: bool
    is_given: bool = True
    """Whether the schema has a `type`."""


def kinds_of(schema: JsonObject, findings: Findings) -> Kinds:
    """Return the kinds of a schema, inferred from other keywords if it has no `type`."""
    type_ = schema.get("type")
    given = type_ if isinstance(type_, list) else [type_]
    names = [name for name in given if isinstance(name, str)]
    nullable = "null" in names or schema.get("nullable") is True
    known = list(dict.fromkeys(name for name in names if name in KINDS))
    if "number" in known and "integer" in known:
        known.remove("integer")
    if names:
        return Kinds(known, nullable)
    return Kinds(_inferred(schema), nullable, is_given=False)


def _inferred(schema: JsonObject) -> list[str]:
    return [kind for kind, keywords in KEYWORDS.items() if not schema.keys().isdisjoint(keywords)]
