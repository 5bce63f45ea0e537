"""Documents of a definition: how deep they nest."""

from __future__ import annotations

import pytest

from helpers.projects import schema_of
from modelsync.verify.documents import Documents
from modelsync.verify.strict import DEPTH, nesting


def test_a_document_of_a_model_that_contains_itself_has_the_required_fields_at_each_level() -> None:
    spec = "model: Order\nfields: {id: {type: string, required: true}, parent: {type: Order}}\n"
    schema = schema_of(spec)
    documents = Documents(schema)
    for depth in (DEPTH, 10_000):
        outer = depth - 1
        assert documents.nested(schema.definitions[0], depth) == (
            '{"parent": ' * outer + '{"id": "text"}' + ', "id": "text"}' * outer
        )


@pytest.mark.parametrize("length", [1, 3, 300])
def test_documents_of_a_long_cycle_nest_as_deep_as_promised(length: int) -> None:
    spec = "---\n".join(
        f"model: M{n}\nfields: {{next: {{type: 'list[M{(n + 1) % length}]'}}}}\n"
        for n in range(length)
    )
    schema = schema_of(spec)
    deepest = Documents(schema).nested(schema.definitions[0], DEPTH)
    # An object or a list that is one level too deep is omitted with its field.
    assert deepest == '{"next": [' * (DEPTH // 2 - 1) + "{}" + "]}" * (DEPTH // 2 - 1)


def test_a_mixed_document_alternates_between_lists_and_maps() -> None:
    spec = """\
model: Holder
fields: {node: {type: Node}}
---
model: Node
fields: {list: {type: 'list[Node]'}, map: {type: 'map[Node]'}, end: {type: End}}
---
model: End
fields: {}
"""
    schema = schema_of(spec)
    holder, _, end = schema.definitions
    documents = Documents(schema)
    assert not documents.nests(end)
    mixed = documents.nested(holder, DEPTH, mixed=True)
    assert mixed.startswith('{"node": {"list": [{"map": {"key": {"list": [{"map": ')
    assert nesting(mixed) == DEPTH


def test_finding_how_deep_a_document_nests_reads_each_level_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    length = 300
    spec = "---\n".join(
        f"model: M{n}\nfields: {{next: {{type: M{(n + 1) % length}, required: {required}}}}}\n"
        for n in range(length)
        for required in ["true" if n % 10 else "false"]
    )
    schema = schema_of(spec)
    read = []

    def counted(text: str) -> int:
        read.append(len(text))
        return nesting(text)

    monkeypatch.setattr("modelsync.verify.documents.nesting", counted)
    text = Documents(schema).nested(schema.definitions[0], 5_005)
    assert nesting(text) == 5_001
    assert sum(read) < 2 * len(text)
