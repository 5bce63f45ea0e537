"""What differs between the drafts of JSON Schema and the versions of OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from modelsync.importer.text.tree import Json


class Dialect(NamedTuple):
    """The rules of one draft or version."""

    name: str
    has_ref_siblings: bool
    """Whether keywords beside `$ref` count."""
    has_nullable: bool = False
    """Whether `nullable` is a keyword."""
    id_keyword: str = "$id"
    """The keyword for the URI of a schema. Empty if there is none."""
    is_openapi: bool = False


OPENAPI_30: Final = Dialect("OpenAPI 3.0", False, True, id_keyword="", is_openapi=True)
OPENAPI_31: Final = Dialect("OpenAPI 3.1", True, is_openapi=True)
OPENAPI_32: Final = Dialect("OpenAPI 3.2", True, is_openapi=True)
DRAFT_04: Final = Dialect("JSON Schema draft-04", False, id_keyword="id")
DRAFT_06: Final = Dialect("JSON Schema draft-06", False)
DRAFT_07: Final = Dialect("JSON Schema draft-07", False)
DRAFT_2019: Final = Dialect("JSON Schema 2019-09", True)
DRAFT_2020: Final = Dialect("JSON Schema 2020-12", True)

META_SCHEMAS: Final[Mapping[str, Dialect]] = {
    "json-schema.org/schema": DRAFT_2020,
    "json-schema.org/draft-04/schema": DRAFT_04,
    "json-schema.org/draft-06/schema": DRAFT_06,
    "json-schema.org/draft-07/schema": DRAFT_07,
    "json-schema.org/draft/2019-09/schema": DRAFT_2019,
    "json-schema.org/draft/2020-12/schema": DRAFT_2020,
    "spec.openapis.org/oas/3.1/dialect/base": OPENAPI_31,
}
"""The dialect that each meta-schema describes, by its URI without the scheme."""

OPENAPI_VERSIONS: Final = {"3.0": OPENAPI_30, "3.1": OPENAPI_31, "3.2": OPENAPI_32}
_NEW_KEYWORDS: Final = (
    "$defs",
    "$anchor",
    "$dynamicAnchor",
    "prefixItems",
    "unevaluatedProperties",
)


def meta_schema(uri: str) -> Dialect | None:
    """Return the dialect that the meta-schema at a URI describes, if it is a well-known one."""
    return META_SCHEMAS.get(uri.partition("#")[0].partition("://")[2])


def openapi_version(version: Json) -> str | None:
    """Return the version in `openapi`, such as "3.1". YAML may have it as a number."""
    if isinstance(version, Decimal):
        version = str(version)
    return ".".join(version.split(".")[:2]) if isinstance(version, str) else None


def dialect_of(root: Json, default: Dialect | None = None) -> Dialect:
    """Return the dialect of a document or of a schema that has a URI.

    That is the one in `openapi` or `$schema`, otherwise `default`. Without it, the dialect is
    guessed: a schema with keywords of old drafts only is of draft-07 or draft-04.
    """
    if not isinstance(root, dict):
        return default or DRAFT_2020
    version = openapi_version(root.get("openapi"))
    if version is not None:
        return OPENAPI_VERSIONS.get(version, OPENAPI_32)
    schema = root.get("$schema", root.get("jsonSchemaDialect"))
    known = meta_schema(schema) if isinstance(schema, str) else None
    if default is not None and not default.id_keyword and "$id" in root:
        default = None  # a JSON Schema that an OpenAPI document refers to
    return known or default or _guessed(root)


def _guessed(root: Mapping[str, Json]) -> Dialect:
    if "definitions" not in root or any(keyword in root for keyword in _NEW_KEYWORDS):
        return DRAFT_2020
    return DRAFT_04 if isinstance(root.get("id"), str) and "$id" not in root else DRAFT_07
