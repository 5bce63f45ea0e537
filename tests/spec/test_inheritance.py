"""Models have the fields of the models that they extend."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.places import CASES
from helpers.projects import schema_in, schema_of
from modelsync.errors import Problem, ProblemsError
from modelsync.schema.definitions import Field, Model, Union
from modelsync.schema.for_language import of_language
from modelsync.schema.lift_unions import lift_unions
from modelsync.schema.schema import Schema
from modelsync.schema.types import AnyOf, Ref, Scalar
from modelsync.spec import inheritance
from modelsync.spec.read import read_schema, read_specs
from modelsync.spec.write import write_specs

TWO = """\
model: A
fields:
  a: {type: string, required: true}
  both: {type: string, default: x, description: Of A, example: one}
---
model: B
fields:
  both: {type: string, default: x, description: Of B}
  b: {type: int64}
---
"""


def fields(schema: Schema, id_: str) -> list[tuple[str, str]]:
    """Return the JSON key and the origin of each field of a model."""
    return [(field.json_key, field.origin) for field in schema.model(id_).fields]


def field(schema: Schema, id_: str, key: str) -> Field:
    return schema.model(id_).by_json_key[key]


def problems(spec: str) -> list[Problem]:
    with pytest.raises(ProblemsError) as caught:
        schema_of(spec)
    return list(caught.value.problems)


def test_the_fields_of_the_parents_come_first_and_in_order() -> None:
    schema = schema_of(f"{TWO}model: C\nextends: [B, A]\nfields: {{c: {{type: bool}}}}\n")
    assert fields(schema, "C") == [("both", "B"), ("b", "B"), ("a", "A"), ("c", "")]


def test_a_field_of_the_model_replaces_an_inherited_one_in_its_place() -> None:
    own = "both: {type: int32, readOnly: true}"
    schema = schema_of(f"{TWO}model: C\nextends: A\nfields: {{c: {{type: bool}}, {own}}}\n")
    assert fields(schema, "C") == [("a", "A"), ("both", ""), ("c", "")]
    both = field(schema, "C", "both")
    assert (both.description, both.has_default, both.examples, both.read_only) == (
        "",
        False,
        (),
        True,
    )


def test_inherited_fields_keep_their_values_and_positions() -> None:
    schema = schema_of(f"{TWO}model: C\nextends: [A, B]\nfields: {{}}\n")
    both = field(schema, "C", "both")
    assert (both.description, both.default, both.examples) == ("Of A", "x", ("one",))
    assert both.position == field(schema, "A", "both").position


def test_a_field_that_is_inherited_twice_from_one_model_counts_once() -> None:
    spec = """\
model: D
extends: [B, C]
fields: {}
---
model: A
fields: {a: {type: string}}
---
model: B
extends: [A]
fields: {b: {type: string}}
---
model: C
extends: [A]
fields: {c: {type: string}}
"""
    assert fields(schema_of(spec), "D") == [("a", "A"), ("b", "B"), ("c", "C")]


def test_a_replaced_field_differs_from_the_one_that_it_replaces() -> None:
    spec = f"{TWO}model: C\nextends: [A]\nfields: {{a: {{type: int64}}}}\n---\n"
    (problem,) = problems(f"{spec}model: D\nextends: [A, C]\nfields: {{}}\n")
    assert problem.code == "MS082"
    assert [place.line for place, _ in problem.related] == [3, 13]


@pytest.mark.parametrize(
    "other", ["default: y", "required: true", "readOnly: true", "maxLength: 3", "format: x"]
)
def test_fields_of_two_parents_must_be_equal(other: str) -> None:
    second = f"model: C\nfields: {{both: {{type: string, {other}}}}}\n---\n"
    (problem,) = problems(f"{TWO}{second}model: D\nextends: [A, C]\nfields: {{}}\n")
    assert problem.code == "MS082"


def test_only_the_fields_are_inherited() -> None:
    parent = schema_in(CASES / "extends").model("Entity")
    assert parent.example
    assert parent.extensions
    child = schema_of(
        "model: A\ndescription: x\ndeprecated: true\nabstract: true\nnames: {go: X}\n"
        "pages: {go: false}\nx-a: 1\nexample: {}\nfields: {}\n---\nmodel: B\nextends: [A]\n"
        "fields: {}\n"
    ).model("B")
    assert child == Model(name="B", extends=("A",))


def test_parents_are_looked_up_like_other_references() -> None:
    texts = {
        "specs/a/b/c.yaml": "model: C\nextends: [Base, x.Other]\nfields: {}\n",
        "specs/a/base.yaml": "model: Base\nfields: {near: {type: Near}}\n",
        "specs/a/near.yaml": "model: Near\nfields: {}\n",
        "specs/b/near.yaml": "model: Near\nfields: {}\n",
        "specs/base.yaml": "model: Base\nfields: {far: {type: string}}\n",
        "specs/x/other.yaml": "model: Other\nfields: {other: {type: string}}\n",
    }
    schema = read_schema(texts, "specs")
    assert schema.model("a.b.C").extends == ("a.Base", "x.Other")
    assert fields(schema, "a.b.C") == [("near", "a.Base"), ("other", "x.Other")]
    # A type is looked up in the package of the model that the field comes from.
    assert field(schema, "a.b.C", "near").type == Ref("a.Near")


def test_a_problem_in_a_parent_is_reported_once() -> None:
    spec = """\
model: A
fields:
  a: {type: 'string | string', default: 3}
  b: {type: int32, default: x}
  c: {type: A, required: true}
---
model: B
extends: [A]
fields: {}
---
model: C
extends: [A]
fields: {}
example: {unknown: 1}
"""
    found = problems(spec)
    assert len({(each.code, each.position) for each in found}) == len(found)
    assert {each.position.line for each in found} <= {3, 4, 5, 14}


def test_a_model_that_cannot_inherit_is_left_out() -> None:
    reading = read_specs({"s/a.yaml": "model: A\nextends: [A]\nfields: {}\n"}, "s")
    assert not reading.schema.definitions


@pytest.mark.parametrize("limit", ["MAX_PARTS", "MAX_INHERITED"])
def test_the_number_of_inherited_fields_is_limited(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inheritance, limit, 2)
    (problem,) = problems(f"{TWO}model: C\nextends: [A, B]\nfields: {{}}\n")
    assert problem.code == "MS019"


def test_a_long_chain_of_models_is_read() -> None:
    chain = "---\n".join(
        f"model: M{number}\nextends: [M{number + 1}]\nfields: {{}}\n" for number in range(2_000)
    )
    schema = schema_of(f"{chain}---\nmodel: M2000\nfields: {{a: {{type: string}}}}\n")
    assert fields(schema, "M0") == [("a", "M2000")]


def test_a_written_schema_has_the_fields_of_each_model_itself() -> None:
    schema = schema_in(CASES / "extends")
    texts = write_specs(schema, "specs")
    assert read_schema(texts, "specs").by_id == schema.by_id
    assert "extends: [Order, Named]\n" in texts["specs/rush_order.yaml"]
    assert "password" not in texts["specs/rush_order.yaml"]
    assert "abstract: true\n" in texts["specs/entity.yaml"]


def test_inline_types_exist_once_even_if_their_model_does_not() -> None:
    schema = lift_unions(of_language(schema_in(CASES / "extends"), "python"))
    ids = [definition.id for definition in schema.definitions]
    assert len(set(ids)) == len(ids)
    assert {"EntityState", "EntitySource", "NamedOwner", "RushOrderState"} <= set(ids)
    assert not {"Entity", "OrderState", "RushOrderSource", "OrderOwner"} & set(ids)
    assert field(schema, "RushOrder", "source").type == field(schema, "Order", "source").type


POLICIES = """\
model: Closed
additionalProperties: false
fields: {}
---
model: AlsoClosed
additionalProperties: false
fields: {}
---
model: Kept
abstract: true
additionalProperties: string | int64
fields: {}
---
model: Silent
fields: {}
---
"""


@pytest.mark.parametrize(
    ("parents", "own", "policy", "origin"),
    [
        ("Silent", "", None, ""),
        ("Closed", "", False, "Closed"),
        ("Silent, Closed, AlsoClosed", "", False, "Closed"),
        ("Closed, Kept", "additionalProperties: true", Scalar("any"), ""),
        ("Closed, Kept", "additionalProperties: false", False, ""),
        ("Kept", "", AnyOf((Scalar("string"), Scalar("int64"))), "Kept"),
    ],
)
def test_the_policy_for_unknown_keys_is_inherited(
    parents: str, own: str, policy: object, origin: str
) -> None:
    schema = schema_of(f"{POLICIES}model: Child\nextends: [{parents}]\n{own}\nfields: {{}}\n")
    child = schema.model("Child")
    assert (child.additional_properties, child.additional_origin) == (policy, origin)
    assert read_schema(write_specs(schema, "specs"), "specs").by_id == schema.by_id
    grandchild = schema_of(
        f"{POLICIES}model: Child\nextends: [{parents}]\n{own}\nfields: {{}}\n---\n"
        "model: Grandchild\nextends: [Child]\nfields: {}\n"
    ).model("Grandchild")
    assert grandchild.additional_properties == policy
    assert grandchild.additional_origin == (origin or ("Child" if own else ""))


def test_different_policies_are_a_problem() -> None:
    (problem,) = problems(f"{POLICIES}model: Child\nextends: [Closed, Kept]\nfields: {{}}\n")
    assert (problem.code, problem.position.line) == ("MS082", 18)


def test_a_closed_parent_does_not_forbid_fields() -> None:
    spec = f"{POLICIES}model: Child\nextends: Closed\nfields: {{a: {{type: bool}}}}\n"
    schema = schema_of(f"{spec}example: {{a: true}}\n")
    assert fields(schema, "Child") == [("a", "")]


def test_the_union_of_inherited_additional_properties_exists_once() -> None:
    spec = f"{POLICIES}model: One\nextends: [Kept]\nfields: {{}}\n---\n"
    schema = schema_of(f"{spec}model: Two\nextends: [Kept]\nfields: {{}}\n")
    lifted = lift_unions(of_language(schema, "go"))
    ids = [each.id for each in lifted.definitions if isinstance(each, Union)]
    assert ids == ["KeptAdditionalPropertiesValue"]
    assert lifted.model("One").additional_properties == Ref(ids[0])
    assert lifted.model("Two").additional_properties == Ref(ids[0])


@st.composite
def families(draw: st.DrawFn) -> dict[str, tuple[list[str], list[str]]]:
    """Return the parents and the JSON keys of models, each of which extends some earlier ones."""
    models: dict[str, tuple[list[str], list[str]]] = {}
    for number in range(draw(st.integers(1, 6))):
        parents = draw(st.lists(st.sampled_from([*models]), max_size=3)) if models else []
        keys = draw(st.lists(st.sampled_from("abcd"), max_size=3, unique=True))
        models[f"M{number}"] = (parents, keys)
    return models


def inherited(models: dict[str, tuple[list[str], list[str]]], name: str) -> dict[str, str]:
    """Return the model that each field of a model comes from, in order, as the docs describe it."""
    parents, keys = models[name]
    fields: dict[str, str] = {}
    for parent in parents:
        for key, origin in inherited(models, parent).items():
            fields.setdefault(key, origin)
    return fields | dict.fromkeys(keys, name)


@given(families())
def test_the_order_and_the_origin_of_fields(
    models: dict[str, tuple[list[str], list[str]]],
) -> None:
    # All fields with a key are equal, so that none of them conflict.
    spec = "---\n".join(
        f"model: {name}\nextends: {parents}\nfields: { {key: {'type': 'any'} for key in keys} }\n"
        for name, (parents, keys) in models.items()
    )
    schema = schema_of(spec)
    for name in models:
        found = [(key, origin or name) for key, origin in fields(schema, name)]
        assert found == [*inherited(models, name).items()]


def test_all_models_that_inherit_a_field_share_it() -> None:
    chain = "---\n".join(
        f"model: M{n}\nextends: [M{n - 1}]\nfields: {{f{n}: {{type: string, default: a}}}}\n"
        for n in range(1, 50)
    )
    schema = schema_of(f"model: M0\nfields: {{f0: {{type: string, default: a}}}}\n---\n{chain}")
    models = [schema.model(each.id) for each in schema.definitions]
    inherited = [each for model in models for each in model.fields if each.origin]
    assert len(inherited) == 49 * 50 // 2
    assert len({id(each) for each in inherited}) == 49
