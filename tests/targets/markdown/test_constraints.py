"""Pages show the types of fields, and not their constraints."""

from __future__ import annotations

import re

import pytest

from helpers.projects import schema_of, target, texts_of
from modelsync.schema.ir import SCALARS

SPEC = """
model: Product
description: What is sold
fields:
  sku: {type: string, required: true, minLength: 3, maxLength: 20, pattern: "^[A-Z]+$"}
  quantity: {type: int32 | null, minimum: 1, exclusiveMaximum: 100, example: 3}
  price: {type: decimal, minimum: 0, multipleOf: 0.01, default: "9.90"}
  tags: {type: "list[string]", minItems: 1, uniqueItems: true, example: [a, b]}
  labels: {type: "map[uint64]", maxProperties: 2}
  home: {type: '"none" | uri', maxLength: 30}
  mails: {type: "list[email] | email", minItems: 1, minLength: 6}
example: {sku: ABC, quantity: 3, price: "9.90"}
---
model: All
fields:
"""
SCALAR_FIELDS = "".join(
    f"  {name}: {{type: {name}}}\n  {name}s: {{type: 'list[{name}]', minItems: 1}}\n"
    for name in SCALARS
)
CONSTRAINT = re.compile(
    r", (?:(?:min|max)\w+|exclusive\w+|multipleOf|uniqueItems|pattern): (?:\"[^\"]*\"|[^,}]*)"
)


@pytest.mark.parametrize("notation", ["go", "python", "typescript"])
def test_pages_are_the_same_without_constraints(notation: str) -> None:
    spec = SPEC + SCALAR_FIELDS
    plain = CONSTRAINT.sub("", spec)
    assert len(spec) > len(plain)
    assert not schema_of(plain).constraints
    options = {"notation": notation}
    with_constraints = texts_of(target(schema_of(spec), "markdown", "out", options))
    assert with_constraints == texts_of(target(schema_of(plain), "markdown", "out", options))
    assert len(with_constraints) >= 2
