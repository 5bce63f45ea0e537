"""What pydantic and FastAPI make of unions, aliases and the JSON Schema of generated Python."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import threading
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pydantic
import pytest

from helpers.projects import generate, schema_in, schema_of

FOLDER = Path(__file__).parents[2] / "cases"
CASES = ("additional", "aliases", "tags", "types", "unions")
SPEC = """
union: Payment
discriminator: method
open: true
members: [CardPayment, TransferPayment, CashPayment]
mapping: {card: CardPayment, transfer: TransferPayment, sepa: TransferPayment, cash: CashPayment}
---
model: CardPayment
fields:
  method: {type: '"card"', required: true}
  lastDigits: {type: string, required: true, minLength: 4}
---
model: TransferPayment
fields:
  method: {type: '"transfer" | "sepa"', required: true}
  iban: {type: string, required: true}
---
model: CashPayment
fields: {}
---
union: Event
discriminator: type
members: [Placed, Paid]
---
model: Placed
fields:
  type: {type: '"placed"', required: true}
  at: {type: datetime, required: true}
---
model: Paid
fields:
  type: {type: '"paid"', required: true}
  payment: {type: Payment, required: true}
  cause: {type: Event}
---
alias: Json
type: string | bool | float64 | list[Json] | map[Json]
---
model: Animal
fields: {name: {type: string, required: true}}
---
model: Cat
additionalProperties: false
fields: {name: {type: string, required: true}, lives: {type: int32, required: true}}
---
model: Settings
description: |
  The settings
  of a user.
additionalProperties: string | int64
fields:
  nickName: {type: string | null, default: null, description: How to call the user}
  currency: {type: string, required: true, default: EUR}
  tags: {type: 'list[string]', default: []}
  limits: {type: 'map[decimal]', default: {}}
  discount: {type: decimal, minimum: 0}
  since: {type: date, default: 2026-01-02}
  secret: {type: string, writeOnly: true}
  id: {type: int64, readOnly: true}
  old: {type: bool, deprecated: Use `id`}
  content: {type: Json}
---
model: Batch
fields:
  codes: {type: 'list[Code | null]', required: true, maxItems: 9}
  counts: {type: 'map[list[Count]]'}
  links: {type: 'list[uri]', default: []}
  password: {type: string, minLength: 8, writeOnly: true}
---
alias: Code
type: string
minLength: 3
---
alias: Count
type: int32
minimum: 1
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("schemas")
    generate(schema_of(SPEC), "python", folder, "schema_models")
    sys.path.insert(0, str(folder))
    yield importlib.import_module("schema_models")
    sys.path.remove(str(folder))


def errors_of(call: Any, *arguments: Any) -> list[tuple[tuple[int | str, ...], str]]:
    with pytest.raises(pydantic.ValidationError) as caught:
        call(*arguments)
    return [(error["loc"], error["msg"]) for error in caught.value.errors()]


def test_a_union_writes_each_member_with_its_own_method(models: Any) -> None:
    adapter = pydantic.TypeAdapter(models.Animal | models.Cat)
    assert adapter.dump_python(models.Cat(name="tom", lives=9)) == {"name": "tom", "lives": 9}
    assert json.loads(adapter.dump_json(models.Animal(name="rex"))) == {"name": "rex"}


def test_errors_of_a_union_name_the_members(models: Any) -> None:
    adapter = pydantic.TypeAdapter(list[models.Animal | models.Cat])
    assert errors_of(adapter.validate_python, [{}]) == [
        ((0, "Animal", "name"), "required, but absent"),
        ((0, "Cat", "name"), "required, but absent"),
        ((0, "Cat", "lives"), "required, but absent"),
    ]


def test_an_open_union_reads_and_writes_by_its_discriminator(models: Any) -> None:
    adapter = pydantic.TypeAdapter(models.Payment)
    for document, member in [
        ({"method": "card", "lastDigits": "1234"}, models.CardPayment),
        ({"method": "sepa", "iban": "DE"}, models.TransferPayment),
        ({"method": "cash"}, models.CashPayment),
        ({"method": "crypto", "coin": "x"}, models.UnknownPayment),
    ]:
        value = adapter.validate_python(document)
        assert type(value) is member
        assert adapter.validate_python(value) is value
        assert adapter.dump_python(value) == document
        assert adapter.validate_json(adapter.dump_json(value)) == value
    digits = (("lastDigits",), "expected at least 4 characters, found 2")
    assert errors_of(adapter.validate_python, {"method": "card", "lastDigits": "12"}) == [digits]
    assert errors_of(adapter.validate_python, {}) == [(("method",), "required, but absent")]


def test_an_unknown_member_reads_and_writes_itself(models: Any) -> None:
    adapter = pydantic.TypeAdapter(models.UnknownPayment)
    value = adapter.validate_python({"method": "crypto"})
    assert value == models.UnknownPayment.from_json('{"method": "crypto"}')
    assert value.to_json() == '{"method":"crypto"}'
    (error,) = errors_of(adapter.validate_python, {"method": "card", "lastDigits": "1234"})
    assert error == ((), "expected a value of no known member, found an object")


def test_pydantic_models_contain_unions_and_aliases(models: Any) -> None:
    basket: Any = pydantic.create_model(
        "Basket",
        payments=(list[models.Payment], ...),
        event=(models.Event | None, None),
        content=(models.Json, None),
    )
    document = {
        "payments": [{"method": "cash"}, {"method": "new"}],
        "event": {"type": "paid", "payment": {"method": "cash"}},
        "content": {"a": ["b", True]},
    }
    value = basket.model_validate(document)
    assert value.model_dump() == document
    assert basket(payments=value.payments, event=value.event, content={}).event is value.event
    wrong = {
        "payments": [{"method": "card"}],
        "event": {"type": "paid", "payment": {}},
        "content": [None],
    }
    assert errors_of(basket.model_validate, wrong) == [
        (("payments", 0, "lastDigits"), "required, but absent"),
        (("event", "payment", "method"), "required, but absent"),
        (("content", 0), "expected a value of Json, found null"),
    ]


def test_schemas_are_made_in_several_threads(models: Any) -> None:
    failed: list[BaseException] = []
    barrier = threading.Barrier(4)

    def work() -> None:
        try:
            barrier.wait()
            pydantic.TypeAdapter(models.Event).json_schema()
        except BaseException as error:
            failed.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for _ in range(3):
            threads = [threading.Thread(target=work) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert failed == []


def test_the_json_schema_of_a_model_fits_its_json(models: Any) -> None:
    schema = pydantic.TypeAdapter(models.Settings).json_schema()
    found = schema.get("$defs", {}).get("Settings", schema)
    properties = found["properties"]
    assert found["description"] == "The settings\nof a user."
    assert found["required"] == ["currency"]
    assert found["additionalProperties"] == {"anyOf": [{"type": "string"}, {"type": "integer"}]}
    assert properties["nickName"] == {
        "anyOf": [{"type": "string"}, {"type": "null"}],
        "default": None,
        "description": "How to call the user",
    }
    assert properties["tags"]["default"] == []
    assert properties["limits"]["default"] == {}
    assert properties["since"]["default"] == "2026-01-02"
    assert properties["discount"]["minimum"] == 0
    assert properties["secret"]["writeOnly"]
    assert properties["id"]["readOnly"]
    assert properties["old"]["deprecated"]
    assert properties["content"] == {"$ref": "#/$defs/Json"}
    value = models.Settings(currency="EUR", additional_properties={"more": 1})
    jsonschema.validate(value.to_dict(), schema)
    closed = pydantic.TypeAdapter(models.Cat).json_schema()
    assert closed["additionalProperties"] is False


def test_the_json_schema_of_a_list_or_map_has_the_constraints_of_its_values(models: Any) -> None:
    properties = pydantic.TypeAdapter(models.Batch).json_schema()["properties"]
    items = {"anyOf": [{"type": "string"}, {"type": "null"}], "minLength": 3}
    assert properties["codes"]["items"] == items
    counts = {"type": "array", "items": {"type": "integer", "minimum": 1}}
    assert properties["counts"] == {"type": "object", "additionalProperties": counts}
    assert properties["links"]["items"] == {"type": "string", "format": "uri"}


def test_errors_do_not_show_the_values_of_write_only_fields(models: Any) -> None:
    adapter = pydantic.TypeAdapter(models.Batch)
    for document in ({"codes": [], "password": "letmein"}, {"password": "letmein!"}):
        with pytest.raises(pydantic.ValidationError) as caught:
            adapter.validate_python(document)
        assert "letmein" not in str(caught.value)
        assert "letmein" not in caught.value.json()


def test_the_json_schema_of_a_union_has_its_discriminator(models: Any) -> None:
    schema = pydantic.TypeAdapter(models.Payment).json_schema()
    known, unknown = schema["anyOf"]
    assert known["discriminator"]["propertyName"] == "method"
    assert known["discriminator"]["mapping"] == {
        "card": "#/$defs/CardPayment",
        "transfer": "#/$defs/TransferPayment",
        "sepa": "#/$defs/TransferPayment",
        "cash": "#/$defs/CashPayment",
    }
    assert unknown == {"$ref": "#/$defs/UnknownPayment"}
    assert schema["$defs"]["UnknownPayment"]["required"] == ["method"]
    for tag in ("cash", "crypto"):
        jsonschema.validate({"method": tag}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({}, schema)


@pytest.mark.parametrize("case", [*CASES, pytest.param("names", marks=pytest.mark.slow)])
def test_every_definition_has_a_json_schema(tmp_path: Path, case: str) -> None:
    generate(schema_in(FOLDER / case), "python", tmp_path, "models")
    script = """if True:
        import json, re, typing
        import models, pydantic
        for name in models.__all__:
            value = getattr(models, name)
            if not hasattr(value, "from_dict") and not typing.get_args(value):
                continue
            for mode in ("validation", "serialization"):
                schema = pydantic.TypeAdapter(value).json_schema(mode=mode)
                for ref in re.findall(r'"#/[$]defs/([^"]*)"', json.dumps(schema)):
                    assert ref in schema["$defs"], (name, ref)
    """
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)


@pytest.mark.filterwarnings("ignore")
def test_fastapi_reads_and_writes_unions(models: Any) -> None:
    fastapi = importlib.import_module("fastapi")
    client_of = importlib.import_module("fastapi.testclient").TestClient
    app = fastapi.FastAPI()

    def pay(payment: Any) -> Any:
        return payment

    def record(event: Any) -> Any:
        return event

    pay.__annotations__ = {"payment": models.Payment, "return": models.Payment}
    record.__annotations__ = {"event": models.Event, "return": models.Event}
    app.post("/payments")(pay)
    app.post("/events")(record)
    client = client_of(app)
    for document in ({"method": "card", "lastDigits": "1234"}, {"method": "crypto", "coin": 1}):
        answer = client.post("/payments", json=document)
        assert (answer.status_code, answer.json()) == (200, document)
    refused = client.post("/events", json={"type": "paid", "payment": {"method": "card"}})
    assert refused.status_code == 422
    assert [(each["loc"], each["msg"]) for each in refused.json()["detail"]] == [
        (["body", "payment", "lastDigits"], "required, but absent")
    ]
    text = client.get("/openapi.json").text
    schemas = json.loads(text)["components"]["schemas"]
    event = next(value for name, value in schemas.items() if name.startswith("Event"))
    for reference in event["discriminator"]["mapping"].values():
        assert typing.cast("str", reference).rpartition("/")[2] in schemas
