"""What differs between the drafts of JSON Schema and the versions of OpenAPI."""

from __future__ import annotations

from typing import Final, NamedTuple

from modelsync.importer.tree import Json


class Dialect(NamedTuple):
    """The rules of one draft or version."""

    name: str
    has_ref_siblings: bool
    """Whether keywords beside `$ref` count."""
    has_nullable: bool = False
    """Whether `nullable` is a keyword."""


OPENAPI_30: Final = Dialect("OpenAPI 3.0", has_ref_siblings=False, has_nullable=True)
OPENAPI_31: Final = Dialect("OpenAPI 3.1", has_ref_siblings=True)
OLD_DRAFT: Final = Dialect("JSON Schema draft-07 or earlier", has_ref_siblings=False)
NEW_DRAFT: Final = Dialect("JSON Schema 2019-09 or later", has_ref_siblings=True)


def dialect_of(root: Json) -> Dialect:
    """Return the dialect of a document, by `openapi` or `$schema`."""
    if not isinstance(root, dict):
        return NEW_DRAFT
    version = root.get("openapi")
    if isinstance(version, str):
        return OPENAPI_30 if version.startswith("3.0") else OPENAPI_31
    schema = root.get("$schema")
    if isinstance(schema, str) and "json-schema.org/draft-0" in schema:
        return OLD_DRAFT
    return NEW_DRAFT
