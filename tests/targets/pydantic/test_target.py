"""The pydantic target with real pydantic: what it accepts, compared with what the specs mean."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, assume, given, settings
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from helpers.places import CASES, ROOT
from helpers.projects import generate, schema_in, schema_of, target, write
from helpers.pydantic_differences import DEEP, HOLDS, ROWS, is_at, is_deep, is_too_deep, prediction
from helpers.python_schemas import every_type, names_schema
from helpers.strategies import schemas
from modelsync.cli import run
from modelsync.schema.ir import Schema
from modelsync.schema.variants import with_variants
from modelsync.spec.read import read_schema
from modelsync.targets import problems_of
from modelsync.targets.base import Settings, Target
from modelsync.targets.pydantic import PydanticTarget
from modelsync.verify.cases import Case
from modelsync.verify.expected import expected, same
from modelsync.verify.strict import nests_too_deep
from modelsync.verify.vectors import cases

pytestmark = [
    pytest.mark.slow,
    # At about the depth where pydantic fails, it may still write the document.
    pytest.mark.filterwarnings("ignore:(?s).*Maximum serialization depth exceeded:UserWarning"),
]

MANY = 5_000
"""About how many cases of a schema are tried. Where there are more, similar types repeat them."""
CASE_NAMES = ("additional", "aliases", "names", "packages", "tags", "text", "types", "unions")

UNIONS = """\
union: Move
members: [Step, Jump]
discriminator: kind
mapping: {step: Step, jump: Jump, leap: Jump}
---
union: Mark
members: [Step, Dot]
discriminator: kind
mapping: {jump: Step, dot: Dot}
---
union: Shape
members: [Group, Dot]
discriminator: shape
mapping: {group: Group, dot: Dot}
---
model: Step
fields: {kind: {type: string, required: true}, next: {type: Move}}
---
model: Jump
fields: {kind: {type: string, required: true, names: {python: type_of_jump}}}
---
model: Dot
fields: {register: {type: Mark, required: true}, mro: {type: 'Level | bool | list[Dot]'}}
---
model: Group
fields:
  shape_or_null: {type: Shape}
  shapes: {type: 'map[Shape]'}
  whole: {type: int64, default: 3.0}
  float: {type: float32, default: 1}
  literal: {type: '3', default: 3.0}
  open: {type: 'map[Open]'}
  instant: {type: 'datetime | bytes | date | string', default: AAEC}
---
model: Single
fields: {single: {type: float32, required: true}}
---
enum: Level
type: int64
values: {0: , 1: , 2: }
---
enum: Open
type: int64
open: true
values: {0: , 1: }
"""
"""Members of several unions, of unions with several tags for one member, and of themselves."""
CONSTRAINTS = r"""
model: Line
fields:
  sku: {type: string, required: true, minLength: 3, maxLength: 20, pattern: '^[A-Z]{2}-\d+$'}
  note: {type: string | null, maxLength: 5, pattern: '\bé"'}
  quantity: {type: int32, required: true, minimum: 1, maximum: 100, multipleOf: 3}
  useless: {type: int32, minimum: -5000000000, names: {python: least}}
  big: {type: int64, exclusiveMinimum: -9007199254740991, exclusiveMaximum: 9007199254740991}
  price: {type: decimal, minimum: 0, exclusiveMaximum: 1000.5, multipleOf: 0.05, default: "0.10"}
  rate: {type: float64, exclusiveMinimum: 0, maximum: 0.1}
  tenths: {type: float64, multipleOf: 0.1}
  single: {type: float32, minimum: 0.1, exclusiveMaximum: 0.7}
  tags: {type: 'list[string]', minItems: 1, maxItems: 3, uniqueItems: true}
  mixed: {type: 'list[string | int64 | bool | null]', uniqueItems: true}
  colors: {type: 'list[Color]', uniqueItems: true}
  ids: {type: 'list[uuid]', uniqueItems: true}
  labels: {type: 'map[int64]', minProperties: 1, maxProperties: 2}
  auto: {type: '"auto" | int64', minimum: 5}
  home: {type: uri, maxLength: 30}
  mail: {type: email, minLength: 6, pattern: '@example\.com$'}
  either: {type: 'string | list[int64]', minLength: 2, minItems: 2}
  count: {type: uint64, minimum: 5, default: 7}
  choice: {type: 'decimal | float64', minimum: 5}
---
enum: Color
values: {red: , blue: }
"""
PACKAGES = {
    "specs/a.yaml": "model: A\nfields: {b: {type: 'list[list.B]'}, c: {type: x.dict.C}}\n",
    "specs/list/b.yaml": "model: B\nfields: {a: {type: A}, c: {type: 'map[x.dict.U]'}}\n",
    "specs/x/dict/c.yaml": "model: C\nfields: {b: {type: list.B}, u: {type: U, default: {b: []}}}\n"
    "---\nunion: U\nmembers: [list.B, A]\noverlapping: true\n",
}
"""Packages that import each other, with the names of types that annotations use."""


def adapters(made: Target, package: str) -> Callable[[str], TypeAdapter[Any]]:
    """Return a function that returns the adapter of a definition."""
    known: dict[str, TypeAdapter[Any]] = {}

    def adapter(id_: str) -> TypeAdapter[Any]:
        if id_ not in known:
            folder = made.folders[made.schema.by_id[id_].package]  # type: ignore[attr-defined]
            module = importlib.import_module(".".join((package, *folder)))
            known[id_] = TypeAdapter(getattr(module, made.definition_names[id_]))
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


SCHEMAS: dict[str, Callable[[], Schema]] = {
    **{name: partial(schema_in, CASES / name) for name in CASE_NAMES},
    "every_type": every_type,
    "tricky_names": names_schema,
    "tricky_unions": lambda: schema_of(UNIONS),
    "constraints": lambda: schema_of(CONSTRAINTS),
    "tricky_packages": lambda: read_schema(PACKAGES, "specs"),
    "variants": lambda: with_variants(schema_in(CASES / "extends")),
    "own": lambda: schema_in(ROOT),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_pydantic_differs_from_the_meaning_only_where_the_docs_say(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    made = generate(SCHEMAS[name](), "pydantic", tmp_path, f"pydantic_{name}")
    assert list(disagreements(made, f"pydantic_{name}")) == []


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(schema=schemas(bare=True))
def test_models_of_any_schema_differ_only_where_the_docs_say(schema: Schema) -> None:
    drawn = PydanticTarget(schema, Settings("pydantic", "pydantic", "models"))
    assume(not list(problems_of([drawn])))
    name = f"pydantic_{uuid4().hex}"
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        made = generate(schema, "pydantic", Path(folder), name)
        # At its limit, pydantic tries each member of each union again: some schemas take hours.
        assert list(disagreements(made, name, writes_deep=False, many=1_000)) == []


def disagreements(
    made: Target, package: str, *, writes_deep: bool = True, many: int = MANY
) -> Iterator[tuple[Case, object]]:
    """Yield each case that pydantic does not treat as predicted, with what it does instead.

    Unless `writes_deep`, documents that pydantic may fail to write are only read.
    """
    assert isinstance(made, PydanticTarget)
    adapter = adapters(made, package)
    every = tuple(cases(made.schema))
    for case in every[:: 1 + len(every) // many]:
        if expected(made.schema, case, HOLDS) is None:
            continue  # documents that readers may treat differently
        wanted = prediction(made, case)
        try:
            value = adapter(case.definition).validate_json(case.document)
        except ValidationError as error:
            errors = error.errors(include_url=False, include_context=False, include_input=False)
            is_json = [each["type"] for each in errors] != ["json_invalid"]
            is_as_predicted = is_json == wanted.is_json and (
                not is_json
                or (wanted.error is not None and is_at(errors, case.document, wanted.error))
            )
            if not is_as_predicted:
                yield case, errors
        else:
            if not writes_deep and is_deep(case.document):
                if not wanted.is_accepted:
                    yield case, value
                continue
            try:
                written = adapter(case.definition).dump_json(value, exclude_unset=True)
            except PydanticSerializationError as error:
                if not is_too_deep(case.document, error):
                    yield case, error
                continue
            if not (wanted.is_accepted and same(json.loads(written), wanted.written)):
                yield case, written


def test_each_difference_in_the_docs_occurs_alone() -> None:
    section = (ROOT / "docs/targets.md").read_text("utf-8").partition("### pydantic")[2]
    section = section.partition("\n## ")[0]
    listed = re.findall(r"^\| (.+?) \| .+ \| .+ \|$", section, re.MULTILINE)
    assert set(listed) - {"JSON", "Encoded", "---"} == ROWS
    names = ("tricky_names", "tricky_unions", "types", "unions", "additional")
    alone: set[str] = set()
    for name in names:
        add_rows_that_occur_alone(alone, SCHEMAS[name]())
    assert alone == ROWS - {DEEP}


def add_rows_that_occur_alone(found: set[str], schema: Schema) -> None:
    """Add the row of each case that only this row makes different from the spec."""
    made = target(schema, "pydantic", "models")
    assert isinstance(made, PydanticTarget)
    for case in cases(schema):
        with suppress(UnicodeDecodeError):
            if nests_too_deep(case.document.decode("utf-8")):
                continue
        wanted = prediction(made, case)
        if len(wanted.rows) != 1 or found >= wanted.rows:
            continue
        meaning = expected(schema, case, HOLDS)
        if meaning is None:
            continue
        is_same = wanted.is_accepted == meaning.accepted and (
            not meaning.accepted or same(wanted.written, json.loads(meaning.json))
        )
        found |= set() if is_same else wanted.rows


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


def test_verify_compiles_the_models_and_does_not_run_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = "targets:\n  pydantic: {out: generated/models}\n"
    spec = "model: Order\nfields: {id: {type: string, required: true}}\n"
    write(tmp_path, {"modelsync.yaml": config, "specs/order.yaml": spec})
    assert run(["verify", "--project", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "pydantic compiled but not run: no errors\n"


def test_verify_reports_what_pydantic_cannot_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = (ROOT / "templates/pydantic/package.py.j2").read_text("utf-8")
    files = {
        "modelsync.yaml": "targets:\n  pydantic: {out: generated/pydantic}\n",
        "specs/a.yaml": "model: A\nfields: {list_of: {type: 'list[string]'}}\n",
        "templates/pydantic/package.py.j2": template.replace(
            "{{ field.name }}: {% if", "copy: {% if"
        ),
    }
    write(tmp_path, files)
    assert run(["verify", "--project", str(tmp_path)]) == 1
    assert 'Field name "copy" in "A" shadows an attribute' in capsys.readouterr().out


def test_verify_reports_that_pydantic_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = "targets:\n  pydantic: {out: generated/models}\n"
    write(tmp_path, {"modelsync.yaml": config, "specs/a.yaml": "model: Empty\nfields: {}\n"})
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert run(["verify", "--project", str(tmp_path), "--require"]) == 3
    assert "pydantic: not found; not type-checked: pydantic\n" in capsys.readouterr().err
