"""The documents with which generated code is tested."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from helpers.places import MEANING, TESTS
from helpers.projects import schema_in, schema_of
from modelsync.patterns.samples import samples
from modelsync.patterns.syntax import Node
from modelsync.schema.definitions import Model
from modelsync.schema.schema import Schema
from modelsync.verify import limits, vectors
from modelsync.verify.strict import nesting


def documents_of(schema: Schema, definition: str) -> list[bytes]:
    return [case.document for case in vectors.cases(schema) if case.definition == definition]


SPEC = """\
model: Order
fields:
  id: {type: string, required: true}
  note: {type: string | null}
  count: {type: int64, default: 3}
  lines: {type: 'list[Line]'}
---
model: Line
fields:
  sku: {type: string, required: true}
  labels: {type: 'map[bool]'}
---
enum: Color
values: {red: , green: }
---
union: Shape
discriminator: kind
mapping: {ring: Circle, disk: Circle, box: Box}
members: [Circle, Box]
---
model: Circle
fields: {kind: {type: string, required: true}, r: {type: float64, required: true}}
---
model: Box
fields: {w: {type: int32}}
"""


def readable(text: str) -> str:
    """Return a text with everything but ASCII escaped, and shortened."""
    escaped = re.sub("[^ -~]", lambda char: ascii(char[0])[1:-1], text)
    return escaped if len(escaped) <= 200 else f"{escaped[:200]}... {len(escaped)} characters"


def test_the_documents_of_a_spec_are_those_of_the_golden(update_goldens: bool) -> None:
    lines = []
    for case in vectors.cases(schema_of(SPEC)):
        document = readable(case.document.decode("utf-8", "backslashreplace"))
        lines.append(f"{case.definition}: {readable(case.what)}\n    {document}\n")
    golden = TESTS / "verify/vectors.txt"
    if update_goldens:
        golden.write_text("".join(lines), "utf-8")
    assert golden.read_text("utf-8") == "".join(lines)


def test_a_union_is_tested_with_two_tags_and_a_tag_after_much_else() -> None:
    documents = documents_of(schema_of(SPEC), "Shape")
    assert {
        b'{"kind": "ring", "r": 1.5, "kind": "disk"}',
        b'{"kind": "disk", "kind": "ring", "r": 1.5}',
    } <= set(documents)
    large = b'{"modelsync unknown": ["large'
    assert [document.count(b'"kind"') for document in documents if document.startswith(large)] == [
        1
    ]


@pytest.mark.slow
def test_a_model_that_requires_itself_or_null_is_tested() -> None:
    spec = """\
model: Link
fields:
  next: {type: Link | null, required: true}
  other: {type: Pair, required: true}
  id: {type: string}
---
model: Pair
fields: {link: {type: Link | null, required: true}}
"""
    documents = documents_of(schema_of(spec), "Link")
    ended = b'{"next": null, "other": {"link": null}}'
    assert documents[0] == b'{"next": ' + ended + b', "other": {"link": null}}'
    assert b'{"id": 3, "next": ' + ended + b', "other": {"link": null}}' in documents
    deepest = max(nesting(document.decode()) for document in documents[:20])
    assert deepest == 100_000


def test_a_type_is_tested_thoroughly_in_one_field_and_briefly_in_others() -> None:
    models = "---\n".join(f"model: M{n}\nfields: {{at: {{type: datetime}}}}\n" for n in range(9))
    counts = Counter(case.definition for case in vectors.cases(schema_of(models)))
    assert [*counts.values()] == [847, *[24] * 8]
    # Also once where the field is required.
    required = models.replace("M8\nfields: {at: {", "M8\nfields: {at: {required: true, ")
    counts = Counter(case.definition for case in vectors.cases(schema_of(required)))
    assert [*counts.values()] == [847, *[24] * 7, 94]


def test_a_type_is_tested_thoroughly_in_a_field_with_a_default_too() -> None:
    spec = "model: M\nfields: {a: {type: bool}, b: {type: bool, default: true}, c: {type: bool}}\n"
    documents = documents_of(schema_of(spec), "M")
    assert b'{"a": false}' in documents
    assert b'{"b": false}' in documents
    assert b'{"c": false}' not in documents


def test_fields_of_long_documents_are_tested_briefly() -> None:
    fields = "".join(f"  f{n}: {{type: bytes, required: true}}\n" for n in range(200))
    schema = schema_of(f"model: Long\nfields:\n{fields}")
    model = schema.definitions[0]
    assert isinstance(model, Model)
    last = model.fields[-1].position
    assert [case.what for case in vectors.cases(schema) if case.position == last] == [
        "f199 is absent",
        "f199: null",
        "f199: true",
        "f199: duplicate key, the second value is of the wrong type",
    ]


def test_a_model_that_no_document_fits_is_tested_too() -> None:
    (order,) = schema_of("model: Order\nfields: {parent: {type: Order}}\n").definitions
    assert isinstance(order, Model)
    endless = replace(order, fields=(replace(order.fields[0], required=True),))
    assert b"{}" in documents_of(Schema((endless,)), "Order")


def test_a_document_with_all_defaults_equals_the_one_without_them() -> None:
    spec = """\
model: M
fields:
  a: {type: string, required: true}
  b: {type: int32, default: 3}
  c: {type: 'list[string]', default: [x]}
"""
    first = next(vectors.cases(schema_of(spec)))
    assert first.document == b'{"a": "text", "b": 3, "c": ["x"]}'
    assert first.alike == b'{"a": "text"}'


def test_values_of_enums_and_tags_are_tested_without_their_quotes() -> None:
    spec = """\
enum: Size
values: {"12": , "true": , "1.5": }
---
union: Shape
discriminator: kind
mapping: {"1": Circle}
members: [Circle]
---
model: Circle
fields: {}
"""
    schema = schema_of(spec)
    assert {b"12", b"true", b"1.5"} <= {*documents_of(schema, "Size")}
    assert {b'{"kind": "1"}', b'{"kind": 1}'} <= {*documents_of(schema, "Shape")}


def test_a_missing_or_wrong_tag_is_tested_before_another_key() -> None:
    documents = documents_of(schema_of(SPEC), "Shape")
    for tag in (b"", b'"kind": "modelsync unknown", ', b'"kind": 3, '):
        assert b"{" + tag + b'"modelsync other": 1}' in documents


@pytest.mark.slow
def test_equal_schemas_give_equal_cases_without_duplicates() -> None:
    cases = list(vectors.cases(schema_in(MEANING)))
    assert cases == list(vectors.cases(schema_in(MEANING)))
    assert len({(case.definition, case.document) for case in cases}) == len(cases)


def test_unknown_keys_are_tested_thoroughly_in_one_model_and_briefly_in_others() -> None:
    spec = "model: {name}\nadditionalProperties: {policy}\nfields: {{id: {{type: string}}}}\n"
    policies = {"A": "false", "B": "false", "C": "true", "D": "int64", "E": "int64"}
    schema = schema_of("---\n".join(spec.format(name=n, policy=p) for n, p in policies.items()))
    documents = {name: documents_of(schema, name) for name in policies}
    for name in policies:
        assert any(text.startswith(b'{"__proto__": ') for text in documents[name])
        assert any(text.startswith(b'{"additionalProperties": ') for text in documents[name])
    assert len(documents["A"]) > len(documents["B"]) + 20
    assert len(documents["D"]) > len(documents["E"]) + 60
    assert len(documents["C"]) > 70


def test_texts_that_match_a_pattern_are_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found: Counter[object] = Counter()

    def counted(tree: Node, number: int, **options: int) -> Iterator[str]:
        found[tree, *options.items()] += 1
        return samples(tree, number, **options)

    monkeypatch.setattr(limits, "samples", counted)
    field = "a: {type: string, required: true, maxLength: 7, pattern: '^[a-q]+$'}"
    fields = "".join(f"  b{number}: {{type: string}}\n" for number in range(9))
    assert list(vectors.cases(schema_of(f"model: M\nfields:\n  {field}\n{fields}")))
    assert set(found.values()) == {1}
