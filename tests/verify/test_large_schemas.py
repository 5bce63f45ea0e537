"""The documents of large, deep and recursive schemas: their lengths are limited."""

from __future__ import annotations

import json

from helpers.projects import schema_of
from modelsync.schema.meaning import read
from modelsync.schema.samples import Samples
from modelsync.schema.types import Ref
from modelsync.verify import vectors
from modelsync.verify.strict import DEPTH

RECURSIVE = "model: Rules\nfields:\n" + "".join(
    f"  key{number}: {{type: Rules}}\n  list{number}: {{type: 'list[Rules]'}}\n"
    for number in range(40)
)


def test_documents_of_a_model_with_many_recursive_fields_are_short() -> None:
    schema = schema_of(RECURSIVE)
    documents = [
        case.document
        for case in vectors.cases(schema)
        if not case.what.startswith("nested") and b"[" * DEPTH not in case.document
    ]
    assert max(map(len, documents)) < Samples.longest
    assert len(documents) > 10 * 80


def test_a_document_that_would_be_too_long_still_has_all_keys() -> None:
    samples = Samples(schema_of(RECURSIVE))
    (model,) = samples.schema.definitions
    text = samples.of_definition(model, levels=3)
    assert text is not None
    assert len(text) < Samples.longest
    assert len(json.loads(text)) == 80
    assert read(samples.schema, Ref("Rules"), json.loads(text)) == json.loads(text)


def test_a_definition_whose_smallest_document_is_huge_has_none() -> None:
    levels = [
        f"model: M{level}\nfields:\n"
        + "".join(f"  {key}: {{type: M{level + 1}, required: true}}\n" for key in "ab")
        for level in range(40)
    ]
    samples = Samples(schema_of("---\n".join([*levels, "model: M40\nfields: {x: {type: bool}}\n"])))
    assert samples.smallest["M38"] == ('{"a": {"a": {}, "b": {}}, "b": {"a": {}, "b": {}}}')
    assert "M0" not in samples.smallest


def test_the_documents_of_a_model_with_many_required_fields_are_few() -> None:
    fields = "".join(f"  key{n}: {{type: int32, required: true}}\n" for n in range(1_000))
    cases = list(vectors.cases(schema_of(f"model: Wide\nfields:\n{fields}")))
    smallest = len(cases[0].document)
    assert sum(len(case.document) for case in cases) < 600 * smallest
    whats = {case.what for case in cases}
    assert "key0 is absent" in whats
    assert any(what.endswith("to key999 are absent") for what in whats)
    assert any(what.endswith("to key999 are of the wrong type") for what in whats)
