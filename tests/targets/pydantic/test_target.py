"""The pydantic target, used with real pydantic: what it accepts, against what the specs mean."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from helpers.places import CASES
from helpers.projects import generate, schema_in, schema_of, write
from modelsync.cli import run
from modelsync.schema.ir import Schema
from modelsync.schema.meaning import Holds
from modelsync.targets.base import Target
from modelsync.verify.cases import Case
from modelsync.verify.expected import expected
from modelsync.verify.vectors import cases

pytestmark = pytest.mark.slow

# The differences that docs/targets.md lists, by what the case says.
LIMITS = ("1e400", "NaN", "Infinity", "01T00:00:00+00:01", "31T23:59:59-00:01")
LENIENT = ("data", "dataWithDefault", "maybeMap", "map", "level", "levels", "size", "yes")
"""Fields of bytes, which may be sloppy base64, and of integers, which may be true or strings."""
NARROWED = ("Move", "HolderSize", "Level", "OpenColor")
"""A member of a union, whose discriminator has its values alone, and enums by themselves."""
KEYS = ("unknown key", "keys in a different case", "duplicate")


def is_documented(case: Case) -> bool:
    """Whether pydantic differs for a reason that docs/targets.md lists."""
    text = case.document.decode("utf-8", "replace")
    has_equal_keys = any(word in case.what for word in KEYS) or '"key": ' in case.what
    has_null = ": null" in case.what
    if case.definition in NARROWED or case.what.partition(":")[0] in LENIENT:
        return True
    return has_equal_keys or has_null or any(word in text for word in LIMITS)


def adapters(target: Target, package: str) -> Callable[[str], TypeAdapter[Any]]:
    """Return a function that returns the adapter of a definition."""
    known: dict[str, TypeAdapter[Any]] = {}

    def adapter(id_: str) -> TypeAdapter[Any]:
        if id_ not in known:
            folder = target.folders[target.schema.by_id[id_].package]  # type: ignore[attr-defined]
            module = importlib.import_module(".".join((package, *folder)))
            known[id_] = TypeAdapter(getattr(module, target.definition_names[id_]))
        return known[id_]

    return adapter


@pytest.fixture
def imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Schema, str], Callable[[str], TypeAdapter[Any]]]:
    """A function that generates a package and returns its adapters."""
    monkeypatch.syspath_prepend(tmp_path)

    def generated(schema: Schema, name: str) -> Callable[[str], TypeAdapter[Any]]:
        return adapters(generate(schema, "pydantic", tmp_path, name), name)

    return generated


@pytest.mark.parametrize("case", ["packages", "text", "types", "unions"])
def test_pydantic_accepts_what_the_specs_mean_except_for_what_the_docs_list(
    imported: Callable[[Schema, str], Callable[[str], TypeAdapter[Any]]], case: str
) -> None:
    schema = schema_in(CASES / case)
    adapter = imported(schema, f"pydantic_{case}")
    different = []
    for each in cases(schema):
        outcome = expected(schema, each, Holds(fraction=6))
        if outcome is None:
            continue
        try:
            adapter(each.definition).validate_json(each.document)
            accepted = True
        except ValidationError:
            accepted = False
        if accepted != outcome.accepted and not is_documented(each):
            different.append((each.definition, each.what, accepted))
    assert different == []


def test_json_keys_are_aliases_and_absent_keys_can_be_omitted(
    imported: Callable[[Schema, str], Callable[[str], TypeAdapter[Any]]],
) -> None:
    spec = """\
model: Order
fields:
  createdAt: {type: datetime, required: true}
  maybeNote: {type: string | null}
  model_config: {type: bytes, default: AAEC}
  _id: {type: int32}
"""
    adapter = imported(schema_of(spec), "pydantic_order")("Order")
    order = adapter.validate_python({"created_at": "2026-01-31T12:00:00Z", "_id": 3.0})
    assert (order.maybe_note, order.model_config_, order.id) == (None, b"\0\1\2", 3)
    text = adapter.dump_json(order, exclude_unset=True)
    assert json.loads(text) == {"createdAt": "2026-01-31T12:00:00Z", "_id": 3}
    null = adapter.validate_python({"createdAt": "2026-01-31T12:00:00Z", "maybeNote": None})
    assert null.model_fields_set == {"created_at", "maybe_note"}
    schema = adapter.json_schema()
    assert set(schema["properties"]) == {"createdAt", "maybeNote", "model_config", "_id"}


def test_verify_compiles_and_does_not_run_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = "targets:\n  pydantic: {out: generated/models}\n"
    spec = "model: Order\nfields: {id: {type: string, required: true}}\n"
    write(tmp_path, {"modelsync.yaml": config, "specs/order.yaml": spec})
    assert run(["verify", "--project", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "pydantic compiled but not run: no errors\n"


def test_verify_reports_that_pydantic_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = "targets:\n  pydantic: {out: generated/models}\n"
    write(tmp_path, {"modelsync.yaml": config, "specs/a.yaml": "model: Empty\nfields: {}\n"})
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert run(["verify", "--project", str(tmp_path), "--require"]) == 3
    assert "pydantic: not found; so not type-checked: pydantic\n" in capsys.readouterr().err
