"""Keys that no field of a model has: what documents mean, and which models cover others."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

from helpers.projects import schema_of
from modelsync.errors import ProblemsError
from modelsync.schema.covering import Covering
from modelsync.schema.definitions import Model
from modelsync.schema.lift_unions import lift_unions, without
from modelsync.schema.meaning import read
from modelsync.schema.types import AnyOf, ListOf, Nullable, Ref, Scalar
from modelsync.schema.validation import ValidationError
from modelsync.schema.without_constraints import without_constraints

SPEC = """\
model: Closed
additionalProperties: false
fields:
  id: {type: string, required: true}
  note: {type: string}
---
model: Kept
additionalProperties: true
fields:
  id: {type: string, required: true}
---
model: Typed
additionalProperties: int64 | null
fields:
  id: {type: string, required: true}
---
model: Nested
additionalProperties: list[Closed]
fields: {}
---
model: Dates
additionalProperties: datetime
fields: {}
"""
SCHEMA = schema_of(SPEC)


@pytest.mark.parametrize(
    ("model", "document", "written"),
    [
        ("Closed", '{"id": "a"}', None),
        ("Kept", '{"id": "a"}', None),
        ("Kept", '{"x": {"y": [1, null]}, "id": "a", "ID": 3}', None),
        ("Kept", '{"id": "a", "__proto__": {"a": 1}, "additionalProperties": {"b": 2}}', None),
        ("Kept", '{"id": "a", "x": 1, "x": 2}', '{"id": "a", "x": 2}'),
        ("Typed", '{"id": "a", "x": null, "y": 1.0}', '{"id": "a", "x": null, "y": 1}'),
        ("Nested", '{"a": [{"id": "b"}], "": []}', None),
        ("Dates", '{"a": "2026-05-31T12:00:00+02:00"}', '{"a": "2026-05-31T10:00:00Z"}'),
    ],
)
def test_additional_keys_are_kept(model: str, document: str, written: str | None) -> None:
    assert read(SCHEMA, Ref(model), json.loads(document)) == json.loads(written or document)


def test_additional_keys_are_written_after_the_fields() -> None:
    value = read(SCHEMA, Ref("Kept"), {"x": 1, "id": "a", "b": 2})
    assert isinstance(value, dict)
    assert [*value] == ["id", "x", "b"]


@pytest.mark.parametrize(
    ("model", "document", "error"),
    [
        ("Closed", '{"id": "a", "x": 1}', "x: unknown key"),
        ("Closed", '{"id": "a", "b": 1, "a": 1}', "b: unknown key"),
        ("Closed", '{"id": "a", "ID": "a"}', "ID: unknown key"),
        ("Closed", '{"id": "a", "__proto__": null}', "__proto__: unknown key"),
        ("Closed", '{"id": "a", "a b": null}', '["a b"]: unknown key'),
        ("Closed", '{"id": "a", "\\ud800": null}', '["\\ud800"]: unknown key'),
        ("Closed", '{"x": 1}', "id: required, but absent"),
        ("Closed", '{"x": 1, "id": "a", "note": 3}', "note: expected a string, found 3"),
        ("Kept", '{"id": "a", "\\ud800": 1}', '["\\ud800"]: expected Unicode text'),
        ("Typed", '{"x": "a"}', "id: required, but absent"),
        ("Typed", '{"id": "a", "x": "a"}', 'x: expected a 64-bit integer, found "a"'),
        ("Typed", '{"id": "a", "x": "a", "\\ud800": 1}', '["\\ud800"]: expected Unicode text'),
        ("Nested", '{"a": [{"id": "b", "x": 1}]}', "a[0].x: unknown key"),
        ("Nested", '{"a": null}', "a: expected an array, found null"),
    ],
)
def test_errors_have_the_path_of_the_key(model: str, document: str, error: str) -> None:
    with pytest.raises(ValidationError) as raised:
        read(SCHEMA, Ref(model), json.loads(document))
    assert str(raised.value).startswith(error)


def test_every_view_of_a_schema_keeps_the_type() -> None:
    schema = schema_of(
        "model: M\nadditionalProperties: 'list[N | string] | null'\nfields: {}\n"
        "---\nmodel: N\nfields: {}\n"
    )
    items = ListOf(Scalar("any"))
    assert without(schema, {"N"}).model("M").additional_type == Nullable(items)
    assert without_constraints(schema) == schema
    lifted = lift_unions(schema)
    assert "MAdditionalPropertiesItem" in lifted.by_id
    kept = lifted.model("M").additional_type
    assert kept is not None
    assert not isinstance(kept, AnyOf)
    assert [field.json_key for field in schema.model("M").parts] == ["additionalProperties"]


# Covering -----------------------------------------------------------------------------------------

POLICIES = ("", "additionalProperties: false", "additionalProperties: true")
TYPED = (*POLICIES, "additionalProperties: int64", "additionalProperties: string | int64")
FIELDS = (
    "",
    "id: {type: int64, required: true}",
    "id: {type: int64}",
    "id: {type: string, required: true}, x: {type: string}",
    "id: {type: int64, required: true}, x: {type: int64}",
)
VALUES: tuple[Any, ...] = (1, "a", True)
KEYS = ("id", "x", "other")


def model(name: str, policy: str, fields: str) -> str:
    return f"model: {name}\n{policy}\nfields: {{{fields}}}\n"


def is_accepted(schema: Any, name: str, document: dict[str, Any]) -> bool:
    try:
        read(schema, Ref(name), document)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("policy", TYPED)
def test_a_model_covers_another_if_it_accepts_all_of_its_documents(policy: str) -> None:
    values = (*VALUES, None)
    documents = [
        {key: value for key, value in zip(KEYS, chosen, strict=True) if value is not None}
        for chosen in product(values, repeat=3)
    ]
    for fields, other_policy, other_fields in product(FIELDS, TYPED, FIELDS):
        schema = schema_of(
            f"{model('A', policy, fields)}---\n{model('B', other_policy, other_fields)}"
        )
        a, b = schema.model("A"), schema.model("B")
        # Keys that both ignore do not count, nor do those that only the second model ignores.
        own = set(KEYS) if other_policy or policy else set(b.by_json_key)
        accepted = [
            document
            for document in documents
            if document.keys() <= own and is_accepted(schema, "B", document)
        ]
        ignored = b.additional_properties is None and policy != ""
        relevant = [
            document
            for document in accepted
            if not ignored or not (document.keys() - b.by_json_key.keys()) & a.by_json_key.keys()
        ]
        covers = all(is_accepted(schema, "A", document) for document in relevant)
        found = Covering(schema).settled(Ref("A"), Ref("B"))
        assert found == covers, (policy, fields, other_policy, other_fields)


@pytest.mark.parametrize(
    ("members", "hidden"),
    [
        (("map[string]", "Strings"), True),
        (("map[string]", "Mixed"), False),
        (("map[string | int64]", "Mixed"), True),
        (("Strings", "map[string]"), True),
        (("Strings", "map[int64]"), False),
        (("Nothing", "map[string]"), False),
        (("Anything", "map[string]"), True),
        (("Anything", "Nothing"), True),
        (("Nothing", "Anything"), False),
        (("map[Errors]", "Errors"), False),
    ],
)
def test_maps_are_compared_with_additional_properties(
    members: tuple[str, str], hidden: bool
) -> None:
    spec = f"""\
model: Strings
additionalProperties: string
fields: {{a: {{type: string}}}}
---
model: Mixed
additionalProperties: int64
fields: {{a: {{type: string}}}}
---
model: Nothing
additionalProperties: false
fields: {{}}
---
model: Anything
additionalProperties: true
fields: {{}}
---
model: Errors
fields: {{errors: {{type: 'list[string]', required: true}}}}
---
union: U
members: ['{members[0]}', '{members[1]}']
"""
    if not hidden:
        schema_of(spec)
        return
    with pytest.raises(ProblemsError) as raised:
        schema_of(spec)
    assert [problem.code for problem in raised.value.problems] == ["MS033"]


def test_a_closed_model_goes_first() -> None:
    open_, closed = (
        model(name, policy, FIELDS[1]) for name, policy in (("O", ""), ("C", POLICIES[1]))
    )
    schema_of(f"{open_}---\n{closed}---\nunion: U\nmembers: [C, O]\n")
    with pytest.raises(ProblemsError) as raised:
        schema_of(f"{open_}---\n{closed}---\nunion: U\nmembers: [O, C]\n")
    (problem,) = raised.value.problems
    assert problem.help == "put `C` first"


@pytest.mark.parametrize("policy", POLICIES[1:])
def test_a_member_must_declare_the_discriminator(policy: str) -> None:
    union = "union: U\ndiscriminator: kind\nmembers: [M]\nmapping: {m: M}\n"
    field = "kind: {type: string, required: true}"
    assert isinstance(schema_of(f"{union}---\n{model('M', policy, field)}").by_id["M"], Model)
    with pytest.raises(ProblemsError) as raised:
        schema_of(f"{union}---\n{model('M', policy, '')}")
    (problem,) = raised.value.problems
    assert problem.code == "MS034"
    assert problem.help == "add a required field `kind` to `M`"
