"""The exported schemas accept and refuse the same documents as generated code."""

from __future__ import annotations

import json
import re
from itertools import islice

import pytest
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from helpers.places import CASES
from helpers.projects import schema_in, target, texts_of
from helpers.schema_validators import agrees, validator_of
from helpers.shallow import shallow_cases
from modelsync.schema.for_language import of_language
from modelsync.schema.scalars import Holds
from modelsync.verify.expected import expected
from modelsync.verify.strict import nesting, parse

NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
DEEPEST = 30
"""Where the validator exceeds Python's recursion limit."""
LARGE = re.compile(r"e[34]\d\d|\d{1000}")
"""Numbers that are infinite in Python, or that it does not write."""
EACH = 20
"""A twentieth of the documents keeps the test fast, and has all kinds of them."""


@pytest.mark.parametrize("case", NAMES)
def test_a_validator_agrees(case: str) -> None:
    schema = schema_in(CASES / case)
    made = target(schema, "json-schema", "out")
    document = json.loads(texts_of(made)["out/schema.json"])
    Draft202012Validator.check_schema(document)
    validators: dict[str, Validator] = {}
    wrong = []
    for each in islice(shallow_cases(of_language(schema, "")), 0, None, EACH):
        text = each.document.decode("utf-8", "replace")
        ours = expected(schema, each, Holds())
        is_json = ours is not None and ours.message != "not JSON"
        if ours is None or not is_json or nesting(text) > DEEPEST or LARGE.search(text):
            continue
        id_ = each.definition
        if id_ not in validators:
            pointer = f"#/$defs/{made.definition_names[id_]}"
            validators[id_] = validator_of(document, pointer)
        if not agrees(validators[id_], parse(text), ours):
            wrong.append((id_, text, ours))
    assert wrong == []
