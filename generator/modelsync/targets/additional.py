"""What generated code does with keys that no field of a model has."""

from __future__ import annotations

from typing import Final

from modelsync.schema.definitions import Model
from modelsync.schema.schema import Schema

DOC: Final = "The values of keys that no field has."
"""The documentation of the field for additional properties."""


def policy_of(model: Model) -> str:
    """Return whether a model is `closed`, `kept` if it keeps unknown keys, empty if it ignores."""
    if model.additional_properties is None:
        return ""
    return "kept" if model.additional_properties else "closed"


def ignored_keys_of(model: Model) -> list[str]:
    """Return the keys that a model ignores although it refuses or keeps other unknown keys."""
    return [] if model.additional_properties is None else sorted(model.ignored_keys)


def policies_of(schema: Schema) -> frozenset[str]:
    """Return the policies of all models that do not ignore unknown keys."""
    return frozenset(
        policy_of(item)
        for item in schema.definitions
        if isinstance(item, Model) and item.additional_properties is not None
    )
