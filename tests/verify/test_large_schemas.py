"""The documents of large, deep and recursive schemas: their lengths are limited."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from helpers.projects import schema_of
from modelsync.schema.meaning import read
from modelsync.schema.samples import Samples
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref, Type
from modelsync.verify import vectors
from modelsync.verify.strict import DEPTH
from modelsync.verify.values import Values

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


def chain(length: int, type_: str, more: str) -> Schema:
    """Return a schema of aliases, each of the next one."""
    types = [*(f"A{number + 1}" for number in range(length - 1)), "string"]
    return schema_of(
        "---\n".join(
            f"alias: A{number}\ntype: {type_.format(inner)}\n{more}"
            for number, inner in enumerate(types)
        )
    )


@pytest.mark.parametrize(("type_", "more"), [("list[{}]", ""), ("{}", "maxLength: 9\n")])
def test_the_cost_of_a_chain_of_aliases_is_linear(
    type_: str, more: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: Counter[int] = Counter()
    length = 0
    revealing = Values.revealing

    def counted(values: Values, inner: Type) -> Iterator[str]:
        work[length] += 1
        return revealing(values, inner)

    monkeypatch.setattr(Values, "revealing", counted)
    for length in (10, 18, 26):
        for _ in vectors.cases(chain(length, type_, more)):
            pass
    assert work[26] - work[18] == work[18] - work[10]


def test_reading_a_text_does_not_look_up_the_types_behind_its_aliases(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    schema = chain(30, "{}", "maxLength: 9\n")
    calls: list[Type] = []
    monkeypatch.setattr(Schema, "plain", lambda _, type_: calls.append(type_))
    assert read(schema, Ref("A0"), "text") == "text"
    assert not calls


def test_a_long_chain_of_aliases_has_documents() -> None:
    schema = chain(600, "list[{}]", "")
    definitions = {case.definition for case in vectors.cases(schema)}
    assert len(definitions) == 600


def test_a_type_accepts_a_document_that_nests_deep() -> None:
    schema = chain(1_500, "list[{}]", "")
    assert Samples(schema).accepts(Ref("A0"), "[" * 1_500 + "]" * 1_500)
