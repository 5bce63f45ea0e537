"""Types of requests have no read-only fields, and types of responses no write-only ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.projects import schema_of, write
from modelsync.cli import run
from modelsync.schema.covering import Covering
from modelsync.schema.definitions import Model, Union
from modelsync.schema.lift_unions import lift_unions
from modelsync.schema.meaning import read
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref
from modelsync.schema.validation import ValidationError
from modelsync.schema.variants import variant_problems, with_variants

USER = """\
model: User
names: {go: Account}
fields:
  id: {type: string, required: true, readOnly: true}
  name: {type: string, required: true}
  password: {type: string, writeOnly: true}
---
"""


def keys(schema: Schema, id_: str) -> list[str]:
    return [field.json_key for field in schema.model(id_).fields]


def added(spec: str) -> list[str]:
    """Return the ids of the variants of a spec, in order."""
    schema = schema_of(spec)
    variants = with_variants(schema)
    assert variants.definitions[: len(schema.definitions)] == schema.definitions
    return [each.id for each in variants.definitions[len(schema.definitions) :]]


def test_each_variant_lacks_the_fields_of_the_other_direction() -> None:
    schema = with_variants(schema_of(USER))
    assert keys(schema, "User") == ["id", "name", "password"]
    assert keys(schema, "UserRequest") == ["name", "password"]
    assert keys(schema, "UserResponse") == ["id", "name"]
    assert schema.model("UserRequest").ignored_keys == {"id"}
    assert schema.model("UserResponse").ignored_keys == {"password"}
    assert schema.model("User").ignored_keys == frozenset()
    assert schema.model("UserRequest").names == {"go": "AccountRequest"}


def test_without_such_fields_there_are_no_variants() -> None:
    schema = schema_of("model: A\nfields: {a: {type: A}}\n")
    assert with_variants(schema) == schema
    assert list(variant_problems(schema)) == []


@pytest.mark.parametrize(
    "type_",
    ["User", "User | null", "list[User]", "map[list[User]]", "User | string", "Either", "Far"],
)
def test_what_leads_to_a_variant_has_one(type_: str) -> None:
    spec = (
        f"{USER}model: Page\nfields: {{of: {{type: '{type_}'}}, to: {{type: Page}}}}\n"
        "---\nunion: Either\nmembers: [User, string]\n"
        "---\nmodel: Far\nfields: {near: {type: Near, required: true}}\n"
        "---\nmodel: Near\nfields: {users: {type: 'list[User]'}, far: {type: Far}}\n"
        "---\nmodel: Apart\nfields: {apart: {type: Apart}}\n"
    )
    assert added(spec) == [
        f"{name}{suffix}"
        for suffix in ("Request", "Response")
        for name in ("User", "Page", "Either", "Far", "Near")
    ]
    page = with_variants(schema_of(spec)).model("PageRequest")
    assert page.by_json_key["to"].type == Ref("PageRequest")


def test_a_direction_without_such_fields_has_no_variants() -> None:
    spec = "model: A\nfields: {a: {type: string, readOnly: true}}\n"
    assert added(spec) == ["ARequest"]


def test_unions_keep_their_discriminator() -> None:
    schema = with_variants(
        schema_of(
            "union: Payment\ndiscriminator: kind\nmembers: [Card, Cash]\n"
            "mapping: {card: Card, credit: Card, cash: Cash}\n"
            "---\nmodel: Card\nfields:\n  kind: {type: string, required: true}\n"
            "  number: {type: string, writeOnly: true}\n"
            "---\nmodel: Cash\nfields: {kind: {type: string, required: true}}\n"
        )
    )
    payment = schema.by_id["PaymentResponse"]
    assert isinstance(payment, Union)
    assert payment.members == (Ref("CardResponse"), Ref("Cash"))
    assert payment.discriminator == "kind"
    assert dict(payment.mapping) == {
        "card": "CardResponse",
        "credit": "CardResponse",
        "cash": "Cash",
    }


def test_inline_unions_exist_once_for_each_form() -> None:
    schema = lift_unions(
        with_variants(
            schema_of(
                f"{USER}model: Page\nfields:\n  one: {{type: User | string}}\n"
                "  two: {type: 'int64 | string'}\n---\n"
                "model: Child\nextends: [Page]\nfields: {three: {type: string, readOnly: true}}\n"
            )
        )
    )
    ids = [each.id for each in schema.definitions]
    assert len(set(ids)) == len(ids)
    assert {"PageOne", "PageTwo", "PageRequestOne", "PageResponseOne"} <= set(ids)
    assert not [id_ for id_ in ids if id_.startswith(("Child", "PageRequestTwo")) and "O" in id_]
    child = schema.model("ChildRequest").by_json_key
    assert child["one"].type == Ref("PageRequestOne")
    assert child["two"].type == Ref("PageTwo")


def test_only_and_the_package_are_those_of_the_definition() -> None:
    spec = "model: A\nonly: [go]\nfields: {a: {type: string, readOnly: true}}\n"
    variant = with_variants(schema_of(spec)).definitions[-1]
    assert isinstance(variant, Model)
    assert (variant.only, variant.position.line) == (("go",), 1)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            f"{USER}model: UserRequest\nfields: {{}}\n",
            "the request variant of `User` would be called `UserRequest`, which already exists",
        ),
        (
            f"{USER}model: Page\nfields: {{request: {{type: User | bool}}}}\n",
            "the request variant of `Page` would be called `PageRequest`, which already exists",
        ),
        (
            "union: Either\nmembers: [A, B]\n---\n"
            "model: A\nfields: {a: {type: string, required: true, readOnly: true}}\n---\n"
            "model: B\nfields: {b: {type: string}}\n",
            "`B` in the variant `EitherRequest` is unreachable: the earlier `ARequest` accepts all"
            " of its values",
        ),
        (
            "model: Holder\nfields: {either: {type: A | B}}\n---\n"
            "model: A\nfields: {a: {type: string, required: true, writeOnly: true}}\n---\n"
            "model: B\nfields: {b: {type: string}}\n",
            "`B` in the variant `HolderResponseEither` is unreachable: the earlier `AResponse`"
            " accepts all of its values",
        ),
    ],
)
def test_impossible_variants_are_problems(
    spec: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = "targets: {python: {out: models, variants: true}}\n"
    write(tmp_path, {"modelsync.yaml": config, "specs/a.yaml": spec})
    assert run(["generate", "--project", str(tmp_path)]) == 2
    assert f"MS085 {message}\n" in capsys.readouterr().err
    # Without the option, the spec is valid.
    write(tmp_path, {"modelsync.yaml": "targets: {python: {out: models}}\n"})
    assert run(["generate", "-q", "--project", str(tmp_path)]) == 0


def test_overlapping_unions_may_have_unreachable_members() -> None:
    schema = schema_of(
        "union: Either\noverlapping: true\nmembers: [A, B]\n---\n"
        "model: A\nfields: {a: {type: string, required: true, readOnly: true}}\n---\n"
        "model: B\nfields: {b: {type: string}}\n"
    )
    assert list(variant_problems(schema)) == []


OPEN, CLOSED, KEPT = "x-a: 1", "additionalProperties: false", "additionalProperties: true"


@pytest.mark.parametrize(
    ("policy", "written"), [(OPEN, {"b": 1}), (CLOSED, None), (KEPT, {"b": 1, "other": [2]})]
)
def test_the_key_of_a_removed_field_is_ignored_under_every_policy(
    policy: str, written: dict[str, object] | None
) -> None:
    schema = with_variants(
        schema_of(
            f"model: A\n{policy}\nfields:\n  a: {{type: string, required: true, readOnly: true}}\n"
            "  b: {type: int64}\n"
        )
    )
    variant = Ref("ARequest")
    assert read(schema, variant, {"a": {"any": "value"}, "b": 1}) == {"b": 1}
    if written is not None:
        assert read(schema, variant, {"a": None, "b": 1, "other": [2]}) == written
        return
    with pytest.raises(ValidationError, match="other: unknown key"):
        read(schema, variant, {"a": None, "b": 1, "other": [2]})


@pytest.mark.parametrize(
    ("first", "second", "covers"),
    [
        # A closed variant accepts the key of the field that it does not have, with any value.
        ("a: {type: string, readOnly: true}", "a: {type: int64}", True),
        ("a: {type: string, readOnly: true}", "c: {type: int64}", False),
        ("a: {type: string, readOnly: true}", "a: {type: int64, readOnly: true}", True),
        ("b: {type: string}", "a: {type: int64, readOnly: true}", False),
    ],
)
def test_closed_variants_cover_others_that_have_no_other_keys(
    first: str, second: str, covers: bool
) -> None:
    schema = with_variants(
        schema_of(
            f"model: A\n{CLOSED}\nfields: {{x: {{type: bool, readOnly: true}}, {first}}}\n---\n"
            f"model: B\n{CLOSED}\nfields: {{x: {{type: bool, readOnly: true}}, {second}}}\n"
        )
    )
    assert Covering(schema).settled(Ref("ARequest"), Ref("BRequest")) == covers


def test_additional_properties_lead_to_variants() -> None:
    spec = f"{USER}model: Users\nadditionalProperties: User\nfields: {{}}\n"
    assert "UsersRequest" in added(spec)
    users = with_variants(schema_of(spec)).model("UsersRequest")
    assert users.additional_properties == Ref("UserRequest")
