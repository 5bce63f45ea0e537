"""The keywords of JSON Schema and OpenAPI, by what the import does with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from modelsync.errors import Position
from modelsync.importer.findings import Findings
from modelsync.importer.library.dialects import Dialect
from modelsync.importer.text.tree import Json, JsonList, JsonObject

ANNOTATIONS: Final = frozenset(
    """
    $comment deprecated default description example examples externalDocs readOnly title writeOnly
    xml
    """.split()
)
"""Keywords that say nothing about which documents are valid."""
IDENTIFIERS: Final = frozenset(
    """
    $anchor $defs $dynamicAnchor $id $recursiveAnchor $schema $vocabulary definitions id
    """.split()
)
"""Keywords that name schemas, or hold schemas that only references use."""
TRANSLATED: Final = frozenset(
    """
    $dynamicRef $recursiveRef $ref additionalItems additionalProperties allOf anyOf const
    contentEncoding discriminator enum exclusiveMaximum exclusiveMinimum format items maxItems
    maxLength maxProperties maximum minItems minLength minProperties minimum multipleOf nullable
    oneOf pattern patternProperties prefixItems properties required type unevaluatedProperties
    uniqueItems
    """.split()
)
"""Keywords that specs say; whoever reads one reports what it cannot say."""
LOST: Final = frozenset(
    """
    contains dependencies dependentRequired dependentSchemas disallow divisibleBy else extends if
    maxContains minContains not propertyNames then unevaluatedItems
    """.split()
)
"""Keywords that limit documents, and that specs have no equivalent for."""
COUNTED: Final = frozenset({"$comment", "contentMediaType", "contentSchema", "externalDocs", "xml"})
"""Keywords that change nothing, and are dropped."""
_SILENT: Final = ANNOTATIONS | IDENTIFIERS | TRANSLATED


def is_structural(keyword: str) -> bool:
    """Return whether a keyword may decide which documents are valid."""
    return keyword in TRANSLATED or keyword in LOST


class Checker:
    """Reports keywords without an equivalent: losses where they are, and others once."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self._checked: dict[int, JsonObject] = {}
        self._counted: dict[str, tuple[Position, int]] = {}

    def check(self, schema: JsonObject, dialect: Dialect) -> None:
        """Report what specs do not say about a schema, if that was not done before."""
        if id(schema) in self._checked:
            return
        self._checked[id(schema)] = schema
        for keyword, value in schema.items():
            if keyword in LOST:
                self._lose(schema, keyword, value)
            elif keyword in COUNTED or (keyword not in _SILENT and keyword[:2] != "x-"):
                self.count(keyword, schema, keyword)
            elif keyword in ("anyOf", "oneOf") and _accepts_nothing(value):
                message = f"all alternatives of `{keyword}` are `false`"
                self.findings.loss(schema.at(keyword), "false", message, "`any`")
            elif keyword == "oneOf" and _accepts_all_twice(value):
                message = "several alternatives of `oneOf` accept everything, so none is valid"
                self.findings.loss(schema.at(keyword), "false", message, "`any`")
            elif keyword in ("anyOf", "oneOf") and only_requires(value):
                message = f"`{keyword}` says which keys are required together"
                self.findings.loss(schema.at(keyword), f"`{keyword}` of `required`", message)
            elif keyword == "nullable" and value is True and not dialect.has_nullable:
                self.count("nullable outside OpenAPI 3.0", schema, keyword)
            elif keyword == "discriminator" and not ("oneOf" in schema or "anyOf" in schema):
                self.count("discriminator without alternatives", schema, keyword)
            elif keyword == "title" and "description" in schema:
                self.count("title", schema, keyword)
            elif keyword == "required" and not isinstance(value, JsonList):
                self.count("required that is not a list", schema, keyword)

    def _lose(self, schema: JsonObject, keyword: str, value: Json) -> None:
        if keyword in ("then", "else") and "if" not in schema:
            return
        if keyword in ("minContains", "maxContains") and "contains" not in schema:
            return
        if value is True and keyword in ("propertyNames", "unevaluatedItems", "then"):
            return
        if keyword in ("then", "else"):
            return  # a part of `if`
        self.findings.loss(schema.at(keyword), keyword, f"`{keyword}` has no equivalent")

    def ignored_siblings(self, schema: JsonObject) -> None:
        """Report keywords beside `$ref` that drafts before 2019-09 ignore."""
        if id(schema) in self._checked:
            return
        self._checked[id(schema)] = schema
        for keyword in schema:
            if is_structural(keyword) and keyword not in ("$ref", "nullable"):
                message = f"`{keyword}` beside `$ref`, which this version of the format ignores"
                self.findings.note(schema.at(keyword), "beside `$ref`", message)

    def count(self, subject: str, schema: JsonObject, keyword: str) -> None:
        """Count what is dropped and changes nothing; each subject becomes one note."""
        position, number = self._counted.get(subject, (None, 0))
        at = schema.at(keyword if keyword in schema else None) if position is None else position
        self._counted[subject] = (at, number + 1)

    def report(self) -> None:
        """Add a note for each subject that was counted."""
        for subject, (position, number) in self._counted.items():
            times = "once" if number == 1 else f"{number} times"
            what = subject if " " in subject else f"`{subject}`"
            self.findings.note(position, subject, f"{what}, {times}")


def _accepts_nothing(members: Json) -> bool:
    return (
        isinstance(members, JsonList) and bool(members) and all(each is False for each in members)
    )


def _accepts_all_twice(members: Json) -> bool:
    return isinstance(members, JsonList) and sum(each in (True, {}) for each in members) > 1


def only_requires(members: Json | Sequence[Json]) -> bool:
    """Return whether alternatives only say which of the properties beside them are required."""
    return isinstance(members, JsonList) and all(
        isinstance(each, JsonObject) and each.keys() - ANNOTATIONS <= {"required", "not"}
        for each in members
    )
