"""Pages show constraints in the descriptions of fields, and nowhere else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from helpers.projects import schema_of, target, texts_of
from modelsync.errors import NOWHERE, Problem
from modelsync.pages.page import Fields, Row
from modelsync.pages.read_page import read_page
from modelsync.schema.types import SCALARS

SPEC = """
model: Product
description: What is sold
fields:
  sku: {type: string, required: true, description: A code,
    minLength: 3, maxLength: 20, pattern: "^[A-Z]+$"}
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
    r",\s+(?:(?:min|max)\w+|exclusive\w+|multipleOf|uniqueItems|pattern): (?:\"[^\"]*\"|[^,}]*)"
)


SENTENCES = {
    "sku": "A code\n\nLength: 3 to 20. Pattern: `^[A-Z]+$`.",
    "quantity": "Range: 1 to 99.",
    "price": "Range: at least 0. Multiple of 0.01.",
    "tags": "Items: at least 1. All items differ.",
    "labels": "Keys: at most 2.",
    "home": "Length: at most 30.",
    "mails": "Length: at least 6. Items: at least 1.",
    **{f"{name}s": "Items: at least 1." for name in SCALARS},
}


def rows_of(text: str) -> dict[str, Row]:
    problems: list[Problem] = []
    body = read_page("page.md", text, problems).body
    assert isinstance(body, Fields)
    assert not problems
    return {row.name.lower(): replace(row, type_position=NOWHERE) for row in body.rows}


@pytest.mark.parametrize("notation", ["go", "python", "typescript"])
def test_the_description_of_a_field_ends_with_its_constraints(notation: str) -> None:
    spec = SPEC + SCALAR_FIELDS
    plain = CONSTRAINT.sub("", spec)
    assert len(spec) > len(plain)
    assert not schema_of(plain).constraints
    options: dict[str, str | bool] = {"notation": notation, "index": False}
    limited_pages = texts_of(target(schema_of(spec), "markdown", "out", options))
    plain_pages = texts_of(target(schema_of(plain), "markdown", "out", options))
    assert limited_pages.keys() == plain_pages.keys()
    for path, text in limited_pages.items():
        rows, plain_rows = rows_of(text), rows_of(plain_pages[path])
        for name, row in rows.items():
            assert row.description == SENTENCES.get(name, "")
            assert replace(row, description=plain_rows[name].description) == plain_rows[name]


def test_the_description_for_a_page_is_all_that_the_page_says() -> None:
    schema = schema_of(
        "model: M\nfields:\n  a: {type: string, maxLength: 3, pages: {go: {description: Short}}}\n"
    )
    for notation, description in (("go", "Short"), ("python", "Length: at most 3.")):
        options: dict[str, str | bool] = {"notation": notation, "index": False}
        (text,) = texts_of(target(schema, "markdown", "out", options)).values()
        assert rows_of(text)["a"].description == description


ALIASES = """
model: Cart
fields:
  first: {type: Sku, required: true, maxLength: 12}
  second: {type: Code, description: Another one}
  third: {type: "list[Sku]", maxItems: 3}
  fourth: {type: Size}
  fifth: {type: Size | bool | null}
---
alias: Sku
type: string
pattern: ^[A-Z]
maxLength: 20
---
alias: Code
type: Sku | null
pattern: \\d$
minLength: 2
---
alias: Size
type: '"auto" | int32'
minimum: 1
"""


def test_pages_show_the_constraints_of_aliases() -> None:
    options: dict[str, str | bool] = {"notation": "go", "index": False}
    (page,) = texts_of(target(schema_of(ALIASES), "markdown", "out", options)).values()

    shown = {name: row.description for name, row in rows_of(page).items()}
    assert shown == {
        "first": "Length: at most 12. Pattern: `^[A-Z]`.",
        "second": "Another one\n\nLength: 2 to 20. Pattern: `\\d$`. Pattern: `^[A-Z]`.",
        "third": "Items: at most 3.",
        "fourth": "Range: at least 1.",
        "fifth": "Range: at least 1.",
    }
