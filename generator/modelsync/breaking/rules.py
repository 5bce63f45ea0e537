"""The rules: every kind of change between two schemas, each with a sentence about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from modelsync.schema.constraints import KINDS

_WORDS: Final = {
    "min_length": "the least length of a text",
    "max_length": "the greatest length of a text",
    "pattern": "the pattern of a text",
    "minimum": "the least number",
    "exclusive_minimum": "the number that all must exceed",
    "maximum": "the greatest number",
    "exclusive_maximum": "the number that all must be below",
    "multiple_of": "the number that all must be a multiple of",
    "min_items": "the least number of items",
    "max_items": "the greatest number of items",
    "unique_items": "that items must differ",
    "min_properties": "the least number of keys",
    "max_properties": "the greatest number of keys",
}


def _of_constraints() -> dict[str, str]:
    rules: dict[str, str] = {}
    for name in KINDS:
        id_ = constraint_rule(name, "")
        rules[f"{id_}added"] = f"A type has a new constraint: {_WORDS[name]}."
        rules[f"{id_}removed"] = f"A type no longer has a constraint: {_WORDS[name]}."
        if name != "unique_items":
            rules[f"{id_}changed"] = f"A constraint has another value: {_WORDS[name]}."
    return rules


def constraint_rule(name: str, what: str) -> str:
    """Return the id of the rule for what happened to a constraint, by its attribute."""
    return f"{name.replace('_', '-')}-{what}"


def _of_types(prefix: str, noun: str) -> dict[str, str]:
    return {
        f"{prefix}-type-widened": f"{noun} accepts all documents of its old type, and others.",
        f"{prefix}-type-narrowed": f"{noun} accepts only some documents of its old type.",
        f"{prefix}-type-changed": f"{noun} accepts other documents than its old type.",
        f"{prefix}-type-rewritten": f"{noun} has another type that accepts the same documents.",
    }


RULES: Final[Mapping[str, str]] = {
    "definition-added": "There is a new definition.",
    "definition-removed": "A definition is gone.",
    "definition-renamed": "A definition has another name.",
    "definition-moved": "A definition is in another package.",
    "definition-kind-changed": "A definition has become one of another kind.",
    "definition-only-changed": "Other languages have a definition.",
    "definition-names-changed": "A definition has another name in code.",
    "definition-deprecated": "A definition is deprecated, or no longer, or for another reason.",
    "definition-documented": "What is said about a definition has changed.",
    "model-abstract": "Only other models use a model.",
    "model-concrete": "A model that only others used has documents of its own.",
    "model-extends-changed": "A model extends other models.",
    "field-added": "A model has a new field, which may be absent.",
    "required-field-added": "A model has a new field, which must be present.",
    "field-removed": "A field that could be absent is gone.",
    "required-field-removed": "A field that had to be present is gone.",
    "field-key-renamed": "A field has another JSON key, and the same name in code.",
    "field-required": "A field that could be absent must be present.",
    "field-optional": "A field that had to be present may be absent.",
    "field-nullable": "A field may be null.",
    "field-not-nullable": "A field may no longer be null.",
    **_of_types("field", "A field"),
    "default-added": "An absent key means a value.",
    "default-removed": "An absent key no longer means a value.",
    "default-changed": "An absent key means another value.",
    "format-changed": "A field or an alias has another documented format.",
    "field-access-changed": "A field is read-only or write-only, or no longer.",
    "field-only-changed": "Other languages have a field.",
    "field-names-changed": "A field has another name in code.",
    "field-deprecated": "A field is deprecated, or no longer, or for another reason.",
    "field-documented": "What is said about a field has changed.",
    "fields-reordered": "The fields of a model are in another order.",
    "additional-properties-refused": "A model refuses keys that it ignored or kept.",
    "additional-properties-ignored": "A model ignores keys that it refused or kept.",
    "additional-properties-kept": "A model keeps keys that it refused or ignored.",
    **_of_types("additional-properties", "A key that no field has"),
    "enum-value-added": "An enum has a new value.",
    "enum-value-removed": "A value of an enum is gone.",
    "enum-value-names-changed": "A value of an enum has another name in code.",
    "enum-value-only-changed": "Other languages have a value of an enum.",
    "enum-value-deprecated": "A value is deprecated, or no longer, or for another reason.",
    "enum-value-documented": "What is said about a value of an enum has changed.",
    "enum-values-reordered": "The values of an enum are in another order.",
    "enum-opened": "An enum accepts values that it does not list.",
    "enum-closed": "An enum refuses values that it does not list.",
    "enum-type-changed": "The values of an enum are of another type.",
    "union-member-added": "A union has a new member.",
    "union-member-removed": "A member of a union is gone.",
    "union-reordered": "The members of a union are in another order.",
    "union-opened": "A union keeps objects whose discriminator has an unknown value.",
    "union-closed": "A union refuses objects whose discriminator has an unknown value.",
    "union-overlapping-changed": "Whether members of a union may accept the same documents.",
    "discriminator-added": "A field selects the member of a union.",
    "discriminator-removed": "A field no longer selects the member of a union.",
    "discriminator-changed": "Another field selects the member of a union.",
    "mapping-value-added": "A further value of the discriminator selects a member.",
    "mapping-value-removed": "A value of the discriminator no longer selects a member.",
    "mapping-value-changed": "A value of the discriminator selects another member.",
    "external-changed": "An external type is shown differently.",
    **_of_types("alias", "An alias"),
    "alias-nullable": "An alias may be null.",
    "alias-not-nullable": "An alias may no longer be null.",
    **_of_constraints(),
}
"""The sentence of each rule, by its id."""
