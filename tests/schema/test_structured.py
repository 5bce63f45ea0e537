"""What a language model returns: the form of documents in each preset, and back."""

from __future__ import annotations

import pytest

from helpers.projects import schema_of
from helpers.structured_documents import Unsayable, documents, meaning, returned, undone
from modelsync.schema.definitions import Model
from modelsync.schema.json_values import Json
from modelsync.schema.meaning import read
from modelsync.schema.schema import Schema
from modelsync.schema.structured import PRESETS, structured
from modelsync.schema.type_expr import unparse
from modelsync.schema.types import Ref


def without_nulls(value: Json) -> Json:
    """Return a document without the keys whose value is null: a model writes all of them."""
    match value:
        case list():
            return [without_nulls(item) for item in value]
        case dict():
            return {key: without_nulls(each) for key, each in value.items() if each is not None}
        case _:
            return value


@pytest.mark.parametrize("name", PRESETS)
def test_each_document_has_a_form_that_can_be_undone(name: str) -> None:
    schema = meaning()
    definitions = {each for each, _ in documents()}
    built = {each: structured(schema, each, PRESETS[name]) for each in definitions}

    def check(definition: str, document: Json) -> bool:
        root = built[definition]
        try:
            form = returned(schema, definition, root, document)
        except Unsayable:
            return False
        read(root, Ref(root.definitions[0].id), form)
        back = read(schema, Ref(definition), undone(form))
        assert without_nulls(back) == without_nulls(document), (definition, form)
        return True

    tried = sum(check(*each) for each in documents())
    assert tried > 0.9 * len(documents())


SPEC = """\
model: Order
fields:
  id: {type: string, required: true}
  note: {type: string}
  labels: {type: 'map[string]', required: true}
  extra: {type: any}
  next: {type: Order}
  paid: {type: Payment, required: true}
additionalProperties: int64
---
union: Payment
discriminator: kind
members: [Card]
mapping: {card: Card, debit: Card}
---
model: Card
fields: {kind: {type: string}, number: {type: string}}
---
alias: Names
type: list[string]
"""


def shown(schema: Schema) -> dict[str, str]:
    """Return the fields of each model, and the members of each union, as text."""

    def text(type_: object) -> str:
        return unparse(type_, lambda ref: ref.id)  # type: ignore[arg-type]

    found = {}
    for each in schema.definitions:
        if isinstance(each, Model):
            assert all(field.required for field in each.fields)
            assert each.additional_properties is False
            fields = (f"{field.json_key}: {text(field.type)}" for field in each.fields)
            found[each.id] = ", ".join(fields)
    return found


def test_a_preset_marks_what_it_changes() -> None:
    built = structured(schema_of(SPEC), "Order", PRESETS["portable"])
    assert shown(built) == {
        "Order": "id: string, note: string | null, labels: MapOfString, extra: JsonText | null,"
        " next: JsonText | null, paid: Payment, additional_entries: list[EntryOfInt64]",
        "EntryOfString": "key: string, value: string",
        "MapOfString": "map_entries: list[EntryOfString]",
        "JsonText": "json_text: string",
        "PaymentCardCard": 'kind: "card", number: string | null',
        "PaymentCardDebit": 'kind: "debit", number: string | null',
        "EntryOfInt64": "key: string, value: int64",
    }


def test_definitions_may_contain_themselves_in_some_presets() -> None:
    built = structured(schema_of(SPEC), "Order", PRESETS["openai"])
    assert "next: Order | null" in shown(built)["Order"]


def test_the_root_is_always_a_model() -> None:
    built = structured(schema_of(SPEC), "Names", PRESETS["openai"])
    assert shown(built) == {"NamesRoot": "root_value: Names"}
    assert [each.id for each in built.definitions] == ["NamesRoot", "Names"]


def test_what_nests_too_deep_is_text() -> None:
    levels = [f"model: M{n}\nfields: {{inner: {{type: M{n + 1}}}}}\n" for n in range(8)]
    schema = schema_of("---\n".join([*levels, "model: M8\nfields: {a: {type: string}}\n"]))
    built = structured(schema, "M0", PRESETS["portable"])
    assert list(shown(built)) == ["M0", "M1", "M2", "M3", "JsonText"]
    assert shown(built)["M3"] == "inner: JsonText | null"
    assert len(structured(schema, "M5", PRESETS["portable"]).definitions) == 4
