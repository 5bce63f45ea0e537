"""Keys that start with `x-`: they are kept for templates, and ignored otherwise."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from helpers.projects import schema_of
from modelsync.cli import run
from modelsync.errors import ProblemsError
from modelsync.project.config import CONFIG
from modelsync.schema.definitions import Enum, Model, Union
from modelsync.schema.values import Object
from modelsync.spec.json_schema import json_schema
from modelsync.spec.read import read_schema
from modelsync.spec.write import write_specs

SPEC = """\
model: Order
x-table: orders
x-index: {fields: [id, 2, true, null], "unique": "2"}
fields:
  id:
    type: string
    x-column: order_id
---
enum: Color
x-order: []
values:
  red: {description: Like a rose, x-rgb: "#f00"}
  blue:
    x-rgb: "#00f"
---
union: Either
x-note: |
  Two lines
  of text
members: [Order, string]
"""


def test_extensions_are_the_values_that_yaml_shows() -> None:
    schema = schema_of(SPEC)
    order, color, either = schema.definitions
    assert isinstance(order, Model)
    assert isinstance(color, Enum)
    assert isinstance(either, Union)
    assert order.extensions == {
        "x-table": "orders",
        "x-index": Object((("fields", ("id", 2, True, None)), ("unique", "2"))),
    }
    assert order.fields[0].extensions == {"x-column": "order_id"}
    assert color.extensions == {"x-order": ()}
    assert [value.extensions for value in color.values] == [{"x-rgb": "#f00"}, {"x-rgb": "#00f"}]
    assert either.extensions == {"x-note": "Two lines\nof text"}


def test_extensions_are_written_back() -> None:
    schema = schema_of(SPEC)
    again = read_schema(write_specs(schema, "specs"), "specs")
    assert again.by_id == schema.by_id


def test_the_json_schema_for_editors_accepts_extensions() -> None:
    validator = jsonschema.Draft7Validator(json_schema(CONFIG))
    for document in yaml.safe_load_all(SPEC):
        assert list(validator.iter_errors(document)) == []
    (error,) = validator.iter_errors({"model": "A", "fields": {}, "y-table": 1})
    assert "y-table" in error.message


@pytest.mark.parametrize("key", ["x-", "X-a", "x_a", "x"])
def test_other_unknown_keys_are_still_problems(key: str) -> None:
    with pytest.raises(ProblemsError) as error:
        schema_of(f"model: A\n{key}: 1\nfields: {{}}\n")
    (problem,) = error.value.problems
    assert (problem.code, problem.message) == ("MS010", f"`{key}` is not a key of a model")


def test_an_own_template_uses_extensions(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/shop.yaml").write_text(SPEC)
    (tmp_path / "modelsync.yaml").write_text("targets: {python: {out: generated/python}}\n")
    (tmp_path / "templates/python").mkdir(parents=True)
    (tmp_path / "templates/python/model.py.j2").write_text(
        "# {{ mark }}\n"
        'TABLE = {{ definitions[0].extensions["x-table"] | literal }}\n'
        "{% for field in definitions[0].fields %}\n"
        'COLUMN = {{ field.extensions["x-column"] | literal }}\n'
        "{% endfor %}\n"
    )
    assert run(["generate", "--project", str(tmp_path)]) == 0
    text = (tmp_path / "generated/python/order.py").read_text()
    assert text.endswith('TABLE = "orders"\nCOLUMN = "order_id"\n')
