"""What pydantic, FastAPI, msgspec, cattrs and dacite see of generated Python."""

from __future__ import annotations

import dataclasses
import datetime
import importlib
import json
import sys
import typing
from collections.abc import Iterator
from typing import Any

import cattrs
import dacite
import msgspec
import pydantic
import pytest

from helpers.projects import generate, schema_of

SPEC = """
model: Shipment
description: What is on its way
fields:
  id: {type: uuid, required: true}
  createdAt: {type: datetime, required: true}
  status: {type: Status, default: open}
  payment: {type: Payment}
  lines: {type: 'list[Line]', required: true}
  note: {type: string | null}
  weight: {type: decimal}
  labels: {type: 'map[string]', default: {}}
  parent: {type: Shipment}
  reference: {type: string | int64}
---
model: Line
fields:
  sku: {type: Sku, required: true}
  contact: {type: email, maxLength: 80}
  count: {type: int32, minimum: 1, default: 1}
---
alias: Sku
type: string
pattern: '^[a-z]+$'
---
union: Payment
discriminator: type
members: [Card, Cash]
---
model: Card
fields:
  type: {type: '"card"', required: true}
  cardNumber: {type: string, required: true}
---
model: Cash
fields:
  type: {type: '"cash"', required: true}
  shipment: {type: Shipment}
---
enum: Status
values: {open: , sent: }
---
alias: Tree
type: string | list[Tree]
---
model: Forest
fields: {tree: {type: Tree, required: true}}
---
model: Plain
fields:
  name: {type: string, required: true}
  size: {type: int64, default: 3}
  day: {type: date}
"""
DOCUMENT = {
    "id": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    "createdAt": "2026-01-02T03:04:05Z",
    "payment": {"type": "card", "cardNumber": "4"},
    "lines": [{"sku": "a"}, {"sku": "b", "count": 2}],
    "note": None,
}
WRITTEN = DOCUMENT | {
    "status": "open",
    "lines": [{"sku": "a", "count": 1}, {"sku": "b", "count": 2}],
    "labels": {},
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("frameworks")
    generate(schema_of(SPEC), "python", folder, "framework_models")
    sys.path.insert(0, str(folder))
    yield importlib.import_module("framework_models")
    sys.path.remove(str(folder))


def test_annotations_resolve(models: Any) -> None:
    hints = typing.get_type_hints(models.Shipment)
    assert hints["payment"] == models.Card | models.Cash | None
    assert hints["parent"] == models.Shipment | None
    assert hints["reference"] == str | int | None
    text, trees = typing.get_args(typing.get_type_hints(models.Forest)["tree"])
    assert text is str
    assert typing.get_origin(trees) is list


def test_pydantic_decodes_and_encodes(models: Any) -> None:
    adapter = pydantic.TypeAdapter(models.Shipment)
    value = adapter.validate_python(DOCUMENT)
    assert value == models.Shipment.from_dict(DOCUMENT)
    assert adapter.validate_json(json.dumps(DOCUMENT)) == value
    assert adapter.validate_python(value) is value
    assert json.loads(adapter.dump_json(value)) == WRITTEN
    absent = models.Shipment.from_dict({k: v for k, v in DOCUMENT.items() if k != "note"})
    assert "note" not in adapter.dump_python(absent)


def test_pydantic_models_contain_models(models: Any) -> None:
    basket = pydantic.create_model("Basket", items=(list[models.Shipment], ...))
    read = basket.model_validate({"items": [DOCUMENT]})
    assert read.model_dump(mode="json") == {"items": [WRITTEN]}
    wrong = DOCUMENT | {"createdAt": "x", "lines": [{"sku": 1}, {"count": 0}]}
    with pytest.raises(pydantic.ValidationError) as caught:
        basket.model_validate({"items": [wrong]})
    assert [(error["loc"], error["msg"]) for error in caught.value.errors()] == [
        (
            ("items", 0, "createdAt"),
            'expected an RFC 3339 date and time with offset, found "x"',
        ),
        (("items", 0, "lines", 0, "sku"), "expected a string, found 1"),
        (("items", 0, "lines", 1, "sku"), "required, but absent"),
        (("items", 0, "lines", 1, "count"), "expected a number of at least 1, found 0"),
    ]


def test_pydantic_uses_subclasses(models: Any) -> None:
    @dataclasses.dataclass(slots=True, kw_only=True)
    class Checked(models.Line):  # type: ignore[misc]
        seen: bool = False

        def __post_init__(self) -> None:
            if self.sku == "none":
                raise ValueError("no such sku")

    adapter = pydantic.TypeAdapter(Checked)
    assert adapter.validate_python({"sku": "a"}) == Checked(sku="a")
    with pytest.raises(pydantic.ValidationError, match="no such sku"):
        adapter.validate_python({"sku": "none"})


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_pydantic_knows_the_json_schema(models: Any, mode: Any) -> None:
    schema = pydantic.TypeAdapter(models.Shipment).json_schema(mode=mode)
    shipment = schema["$defs"]["Shipment"]
    assert shipment["required"] == ["id", "createdAt", "lines"]
    assert shipment["description"] == "What is on its way"
    properties = shipment["properties"]
    assert list(properties)[:2] == ["id", "createdAt"]
    assert properties["id"]["format"] == "uuid"
    assert properties["createdAt"]["format"] == "date-time"
    assert properties["weight"]["format"] == "decimal"
    assert properties["lines"]["items"] == {"$ref": "#/$defs/Line"}
    assert properties["parent"] == {"$ref": "#/$defs/Shipment"}
    assert properties["note"]["anyOf"] == [{"type": "string"}, {"type": "null"}]
    assert properties["labels"]["additionalProperties"] == {"type": "string"}
    assert properties["payment"] == {"$ref": "#/$defs/Payment"}
    count = schema["$defs"]["Line"]["properties"]["count"]
    text = "Range: at least 1."
    assert count == {"default": 1, "minimum": 1, "type": "integer", "description": text}
    assert schema["$defs"]["Line"]["properties"]["contact"]["format"] == "email"
    assert schema["$defs"]["Line"]["properties"]["sku"]["pattern"] == "^[a-z]+$"
    assert schema["$defs"]["Card"]["required"] == ["type", "cardNumber"]


@pytest.mark.filterwarnings("ignore")
def test_fastapi_reads_and_writes_models(models: Any) -> None:
    fastapi = importlib.import_module("fastapi")
    client_of = importlib.import_module("fastapi.testclient").TestClient
    app = fastapi.FastAPI()

    def create(shipment: Any) -> Any:
        assert shipment.created_at.tzinfo is not None
        return shipment

    create.__annotations__ = {"shipment": models.Shipment, "return": models.Shipment}
    app.post("/shipments")(create)
    client = client_of(app)
    answer = client.post("/shipments", json=DOCUMENT)
    assert (answer.status_code, answer.json()) == (200, WRITTEN)
    refused = client.post("/shipments", json=DOCUMENT | {"lines": [{}]})
    assert refused.status_code == 422
    (detail,) = refused.json()["detail"]
    assert detail["loc"] == ["body", "lines", 0, "sku"]
    assert detail["msg"] == "required, but absent"
    # A recursive model has two schemas, as one of pydantic's own would have.
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    assert {"Shipment-Input", "Shipment-Output", "Line", "Card", "Status"} <= schemas.keys()


def test_others_see_the_fields(models: Any) -> None:
    # They know nothing of JSON keys, so they suit data with the names of the fields.
    day = datetime.date(2026, 1, 2)
    wanted = models.Plain(name="a", day=day)
    assert msgspec.convert({"name": "a", "day": "2026-01-02"}, models.Plain) == wanted
    assert dacite.from_dict(models.Plain, {"name": "a", "day": day}) == wanted
    converter = cattrs.Converter()
    converter.register_structure_hook(datetime.date, lambda text, cls: cls.fromisoformat(text))
    assert converter.structure({"name": "a", "day": "2026-01-02"}, models.Plain) == wanted
    # With hooks, they see the JSON.
    converter.register_structure_hook(models.Shipment, lambda data, cls: cls.from_dict(data))
    converter.register_unstructure_hook(models.Shipment, lambda value: value.to_dict())
    read = converter.structure([DOCUMENT], list[models.Shipment])
    assert converter.unstructure(read) == [WRITTEN]
    hooked = dacite.Config(type_hooks={models.Line: models.Line.from_dict})
    assert dacite.from_dict(models.Plain, {"name": "a"}, hooked) == models.Plain(name="a")
