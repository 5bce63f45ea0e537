"""How generated Python behaves at run time: imports, subclasses, all errors, and orjson."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Sequence
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
fields: {name: {type: string, required: true}, age: {type: int32}}
---
model: Company
fields: {kind: {type: '"company"', required: true}, vat: {type: string, required: true}}
---
model: Closed
additionalProperties: false
fields: {a: {type: bool}}
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
