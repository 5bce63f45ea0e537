"""How generated Python behaves at run time: imports, subclasses, all errors, and orjson."""

from __future__ import annotations

import importlib
import json
import math
import subprocess
import sys
import weakref
from collections import Counter, UserDict
from collections.abc import Iterator, Sequence
from dataclasses import FrozenInstanceError, dataclass
from pathlib import Path
from typing import Any

import pytest

from helpers.places import CASES
from helpers.projects import Options, generate, schema_in, schema_of
from modelsync.schema import meaning
from modelsync.schema.ir import Ref, Schema
from modelsync.schema.lift_unions import lift_unions
from modelsync.schema.validation import path_text
from modelsync.targets.python import PythonTarget
from modelsync.verify.cases import Case
from modelsync.verify.languages import python as python_runner
from modelsync.verify.vectors import cases as cases_of

SPEC = """
model: Order
fields:
  id: {type: string, required: true, minLength: 2}
  amount: {type: int64, required: true, minimum: 1}
  price: {type: decimal, multipleOf: 0.01}
  status: {type: Status, required: true}
  lines: {type: 'list[Line]', required: true, maxItems: 3}
  labels: {type: 'map[Code]'}
  payment: {type: Payment, required: true}
  customer: {type: Customer}
  numbers: {type: 'list[int64]', uniqueItems: true}
  extra: {type: Closed, required: true}
  parent: {type: Order}
---
model: Line
fields:
  sku: {type: Code, required: true}
  at: {type: datetime, required: true}
  ratio: {type: float32}
---
alias: Code
type: string
pattern: '^[a-z]+$'
---
enum: Status
values: {open: , paid: }
---
union: Payment
discriminator: type
members: [Card, Cash]
---
model: Card
fields:
  type: {type: '"card"', required: true}
  number: {type: string, required: true}
---
model: Cash
fields:
  type: {type: '"cash"', required: true}
---
union: Customer
members: [Person, Company, string]
---
model: Person
fields:
  name: {type: string, required: true}
  age: {type: int32}
  pin: {type: string, writeOnly: true}
---
model: Company
fields: {kind: {type: '"company"', required: true}, vat: {type: string, required: true}}
---
model: Closed
additionalProperties: false
fields: {a: {type: bool}}
---
model: Basket
fields:
  before: {type: string}
  basket: {type: Basket}
  lines: {type: 'list[Line]'}
  after: {type: string}
  last: {type: string}
---
model: Anything
fields: {data: {type: any}, list: {type: 'list[any]'}}
"""
GOOD: dict[str, Any] = {
    "id": "ab",
    "amount": 1,
    "status": "open",
    "lines": [{"sku": "a", "at": "2026-01-02T03:04:05Z"}],
    "payment": {"type": "cash"},
    "extra": {},
}


def loaded(folder: Path, schema: Schema, name: str, options: Options | None = None) -> Any:
    generate(schema, "python", folder, name, options)
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return loaded(tmp_path_factory.mktemp("runtime"), schema_of(SPEC), "runtime_models")


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"id": "a", "amount": 0, "price": "0.001", "status": "opne"},
        {"id": 5, "amount": None, "status": 1, "lines": 2, "payment": 3, "extra": 4},
        {"lines": [{}, {"sku": "A", "at": "x", "ratio": 1e39}, 5], "labels": {"x": 1, "y": "B"}},
        {"lines": [{}, {}, {}, {}]},
        {"payment": {"type": "crd"}, "customer": {"name": 1}},
        {"payment": {"type": "card", "number": 1}, "customer": {"kind": "x", "vat": "y"}},
        {"customer": 5, "numbers": [1, 2, 1], "extra": {"b": 1, "a": 1, "c": 2}},
        {"numbers": [1.5, "x", 1, 1], "parent": {"id": "abc", "amount": -1}},
        {"payment": {}, "customer": [], "labels": []},
    ],
    ids=str,
)
def test_all_errors_are_those_of_the_reference(models: Any, change: dict[str, Any]) -> None:
    schema, document = lift_unions(schema_of(SPEC)), GOOD | change
    wanted = [
        (path_text(error.steps), error.reason)
        for error in meaning.errors(schema, Ref("Order"), document)
    ]
    found = models.all_errors(models.Order.from_dict, document)
    assert [(error.path, error.reason) for error in found] == wanted
    assert bool(found) is bool(change)
    if found:
        with pytest.raises(models.DecodeError) as caught:
            models.Order.from_json(json.dumps(document))
        assert str(caught.value) == str(found[0])


def test_all_errors_has_an_end(models: Any) -> None:
    document = GOOD | {"labels": {"x" * (n + 1): 1 for n in range(150)}}
    assert len(models.all_errors(models.Order.from_dict, document)) == 100
    assert len(models.all_errors(models.Order.from_dict, 5)) == 1
    errors = models.all_errors(models.status_from_dict, "x")
    assert [str(error) for error in errors] == ['expected "open" or "paid", found "x"']


def paths(errors: Sequence[Any]) -> list[str]:
    return [error.path for error in errors]


def test_all_errors_takes_any_function(models: Any) -> None:
    order, name = models.Order.from_dict, models.Person.from_dict
    found = models.all_errors(lambda data: order(data["order"]), {"order": {"id": "a"}})
    assert paths(found) == ["id", "amount", "status", "lines", "payment", "extra"]
    assert paths(models.all_errors(lambda data: [name(each) for each in data], [{}])) == ["name"]
    with pytest.raises(KeyError):
        models.all_errors(lambda data: data["order"], {})


@pytest.mark.parametrize("kind", [str, str.encode])
def test_all_errors_of_json_text(models: Any, kind: Any) -> None:
    person = models.Person.from_json
    assert models.all_errors(person, kind('{"name": "a"}')) == []
    assert paths(models.all_errors(person, kind('{"name": 1, "age": "x"}'))) == ["name", "age"]
    (error,) = models.all_errors(person, kind('{"name":'))
    assert error.reason.startswith("not JSON: ")


def test_bytes_that_are_not_text_are_one_error(models: Any) -> None:
    (error,) = models.all_errors(models.Person.from_json, b'"\xff"')
    assert error.reason.startswith("not JSON: ")


def test_all_errors_reads_every_value_once(models: Any) -> None:
    reads: Counter[str] = Counter()

    class Counted(UserDict[str, Any]):
        def __iter__(self) -> Iterator[str]:
            reads[self["sku"]] += 1
            return super().__iter__()

    lines = [Counted(sku=str(n), at="2026-01-02T03:04:05Z") for n in range(50)]
    basket = {"before": 1, "lines": [*lines, {}], "after": 2, "last": True}
    found = models.all_errors(models.Basket.from_dict, {"basket": basket, "before": 3, "last": 4})
    assert len(found) == 57
    assert set(reads.values()) == {1}


def test_the_errors_of_keys_come_without_those_of_values(models: Any) -> None:
    labels = dict.fromkeys(["\ud800", "a", "\udc00"], 1)
    found = models.all_errors(models.Order.from_dict, GOOD | {"labels": labels})
    assert paths(found) == ['labels["\\ud800"]', 'labels["\\udc00"]']


def test_an_error_has_its_steps_in_reading_order(models: Any) -> None:
    with pytest.raises(models.WireError) as caught:
        models.Order.from_dict(GOOD | {"lines": [{"sku": "a"}]})
    assert caught.value.steps == ("lines", 0, "at")
    order = models.Order.from_dict(GOOD)
    order.lines[0].at = None
    with pytest.raises(models.WireError) as caught:
        order.to_dict()
    assert caught.value.steps == ("lines", 0, "at")


def test_any_value_has_one_error(models: Any) -> None:
    data = {"data": [["\udc00", math.inf], math.nan], "list": [math.inf, math.nan]}
    found = models.all_errors(models.Anything.from_dict, data)
    assert paths(found) == ["data[0][1]", "list[0]", "list[1]"]


@pytest.mark.parametrize("value", [[49], 3, None, {}])
def test_json_text_is_text(models: Any, value: Any) -> None:
    with pytest.raises(TypeError, match="JSON text must be str or bytes, not "):
        models.Person.from_json(value)


def test_models_can_be_referenced_weakly(models: Any) -> None:
    person = models.Person(name="a")
    assert weakref.ref(person)() is person


def test_a_key_error_of_a_subclass_is_not_hidden(models: Any) -> None:
    class Broken(models.Order):  # type: ignore[misc]
        def to_dict(self) -> dict[str, Any]:
            raise KeyError("missing")

    order = models.Order.from_dict(GOOD | {"parent": GOOD})
    order.parent = Broken.from_dict(GOOD)
    with pytest.raises(KeyError, match="missing"):
        order.to_dict()


def test_subclasses_are_whole(models: Any) -> None:
    @dataclass(slots=True, kw_only=True)
    class Checked(models.Person):  # type: ignore[misc]
        seen: bool = False

        def __post_init__(self) -> None:
            if not self.name:
                raise ValueError("no name")

    read = Checked.from_json('{"name": "a", "age": 3}')
    assert repr(read).endswith("Checked(name='a', age=3, seen=False)")
    assert read == Checked(name="a", age=3)
    assert read.to_dict() == {"name": "a", "age": 3}
    with pytest.raises(ValueError, match="no name"):
        Checked.from_dict({"name": ""})
    with pytest.raises(models.DecodeError, match="name: required, but absent"):
        Checked.from_dict({})
    assert len(models.all_errors(Checked.from_dict, {"name": 1, "age": "x"})) == 2


@pytest.mark.parametrize("kind", [str, str.encode, lambda text: bytearray(text, "utf-8")])
def test_text_may_have_any_type(models: Any, kind: Any) -> None:
    assert models.Person.from_json(kind('{"name": "é"}')) == models.Person(name="é")
    assert models.Person.from_json(memoryview(b'{"name": "a"}')) == models.Person(name="a")


def test_secrets_are_not_shown(models: Any) -> None:
    assert repr(models.Person(name="a", pin="1234")) == "Person(name='a', age=None)"
    assert models.Person(name="a", pin="1234") != models.Person(name="a")


@pytest.mark.parametrize("names", [("Decimal", "UUID"), ("Decimal_", "UUID_")])
def test_definitions_are_not_called_like_imported_types(
    names: tuple[str, str], tmp_path: Path
) -> None:
    types = ("decimal", "uuid") if names[0].endswith("_") else ("string", "string")
    spec = f"""
model: Decimal
fields: {{value: {{type: {types[0]}}}, other: {{type: UUID}}}}
---
model: UUID
fields: {{value: {{type: {types[1]}}}, other: {{type: Decimal}}}}
"""
    found = loaded(tmp_path, schema_of(spec), f"named_{types[0]}")
    decimal, uuid = (getattr(found, name) for name in names)
    document = {"value": "1", "other": {"value": "7a3d1bf8-0f1c-4b5e-9a43-3a4a1a6b6f0e"}}
    read = decimal.from_dict(document)
    assert isinstance(read.other, uuid)
    assert read.to_dict() == document


def test_a_model_is_imported_without_the_others(tmp_path: Path) -> None:
    generate(schema_of(SPEC), "python", tmp_path, "models")
    script = """if True:
        import sys
        from models import Closed, DecodeError
        import models
        used = [name for name in sys.modules if name.startswith("models.")]
        assert sorted(used) == ["models.closed", "models.wire"], used
        assert "Order" in dir(models)
        scope = {}
        exec("from models import *", scope)
        assert {*models.__all__} <= scope.keys()
        try:
            models.Missing
        except AttributeError as error:
            assert str(error) == "module 'models' has no attribute 'Missing'"
        else:
            raise AssertionError
        assert models.Card.__name__ in str(models.Payment)
    """
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)


def test_frozen_models_are_hashable(tmp_path: Path) -> None:
    frozen = loaded(tmp_path, schema_of(SPEC), "frozen_models", {"frozen": True})
    person = frozen.Person.from_dict({"name": "a"})
    assert {person: 1}[frozen.Person(name="a")] == 1
    with pytest.raises(FrozenInstanceError):
        person.name = "b"
    assert frozen.Order.from_dict(GOOD).to_dict() == GOOD

    @dataclass(frozen=True, slots=True, kw_only=True)
    class More(frozen.Person):  # type: ignore[misc, name-defined]
        seen: bool = False

    assert More.from_dict({"name": "a"}) == More(name="a")


def outcomes(folder: Path, schema: Schema, cases: Sequence[Case], options: Options) -> list[Any]:
    target = generate(schema, "python", folder, "models", options)
    assert isinstance(target, PythonTarget)
    return [
        (each.accepted, each.path, each.message, each.crash, each.json and json.loads(each.json))
        for each in python_runner.run(target, folder / "models", cases)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["additional", "limits", "tags", "types", "unions"])
def test_orjson_changes_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    importlib.import_module("orjson")
    schema = schema_in(CASES / name)
    cases = list(cases_of(schema))
    expected = outcomes(tmp_path, schema, cases, {})
    assert outcomes(tmp_path, schema, cases, {"frozen": True}) == expected
    monkeypatch.setitem(sys.modules, "orjson", None)
    assert outcomes(tmp_path, schema, cases, {}) == expected
