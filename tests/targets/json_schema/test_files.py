"""The files of the target: how they refer to each other, with and without `$id`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from helpers.projects import Options, target, texts_of
from modelsync.spec.read import read_schema
from modelsync.targets import problems_of, target_class
from modelsync.targets.base import Settings

SCHEMA = read_schema(
    {
        "specs/shop/orders/order.yaml": """
model: Order
fields:
  lines: {type: 'list[Line]', required: true}
  buyer: {type: people.User}
  previous: {type: Order}
---
model: Line
fields: {sku: {type: string, required: true}}
""",
        "specs/people/user.yaml": "model: User\nfields: {name: {type: string, required: true}}\n",
        "specs/root.yaml": "alias: Anything\ntype: any\n",
    },
    "specs",
)
VALID = {"lines": [{"sku": "a"}], "buyer": {"name": "b"}, "previous": {"lines": []}}
INVALID = {"lines": [{"sku": "a"}], "previous": {"lines": [{"sku": 1}]}}


def files(options: Options) -> dict[str, Any]:
    made = target(SCHEMA, "json-schema", "out", options)
    return {path.removeprefix("out/"): json.loads(text) for path, text in texts_of(made).items()}


@pytest.mark.parametrize("id_", ["", "https://example.com/schemas/"])
@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("one", "schema.json#/$defs/Order"),
        ("many", "shop/orders/Order.json"),
        ("bundled", "shop/orders/Order.json"),
    ],
)
def test_references_lead_to_schemas(kind: str, start: str, id_: str) -> None:
    found = files({"files": kind, "id": id_})
    # Without `$id`, a schema is where its file is.
    base = id_ or "file:///project/"
    assert all(each.get("$id", f"{base}{path}") == f"{base}{path}" for path, each in found.items())
    registry: Registry[Any] = Registry().with_resources(
        (f"{base}{path}", DRAFT202012.create_resource(each)) for path, each in found.items()
    )
    validator = Draft202012Validator({"$ref": f"{base}{start}"}, registry=registry)
    assert validator.is_valid(VALID)
    assert not validator.is_valid(INVALID)


def test_a_bundled_file_needs_no_other() -> None:
    schema = files({"files": "bundled"})["shop/orders/Order.json"]
    assert [*schema["$defs"]] == ["User", "Line"]
    assert Draft202012Validator(schema).is_valid(VALID)
    assert not Draft202012Validator(schema).is_valid(INVALID)


def test_a_name_of_several_packages_has_its_package() -> None:
    texts = {f"specs/{name}/a.yaml": "model: A\nfields: {}\n" for name in ("b", "c")}
    schema = read_schema({**texts, "specs/d.yaml": "model: D\nfields: {}\n"}, "specs")
    document = json.loads(texts_of(target(schema, "json-schema", "out"))["out/schema.json"])
    assert [*document["$defs"]] == ["b.A", "c.A", "D"]
    many = texts_of(target(schema, "json-schema", "out", {"files": "many"}))
    assert [*many] == ["out/b/A.json", "out/c/A.json", "out/D.json"]


def test_names_of_a_spec_are_keys() -> None:
    text = "alias: A\nnames: {json-schema: a.v2-x}\ntype: 'list[A]'\n"
    document = json.loads(
        texts_of(target(read_schema({"specs/a.yaml": text}, "specs"), "json-schema", "out"))[
            "out/schema.json"
        ]
    )
    assert document["$defs"]["a.v2-x"]["items"] == {"$ref": "#/$defs/a.v2-x"}


@pytest.mark.parametrize("name", ["a b", "ä", "a/b"])
def test_a_key_that_openapi_refuses_is_a_problem(name: str) -> None:
    text = f"model: A\nnames: {{json-schema: '{name}'}}\nfields: {{}}\n"
    schema = read_schema({"specs/a.yaml": text}, "specs")
    cls = target_class("openapi")
    made = cls(schema, Settings("openapi", "openapi", "out", options=cls.defaults()))
    (problem,) = problems_of([made])
    assert problem.code == "MS041"


def test_the_url_ends_in_a_slash() -> None:
    (option,) = [each for each in target_class("json-schema").options if each.name == "id"]
    assert option.pattern is not None
    assert option.pattern.fullmatch("https://example.com/schemas/")
    assert not option.pattern.fullmatch("https://example.com/schemas")
    assert not option.pattern.fullmatch("schemas/")
