"""The errors of the reference decoder: what they say, and all errors of a document."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from helpers.places import CASES
from helpers.projects import schema_in, schema_of
from modelsync.schema.json_values import Json
from modelsync.schema.lift_unions import lift_unions
from modelsync.schema.meaning import MAX_ERRORS, errors, read
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref
from modelsync.schema.validation import ValidationError, path_text
from modelsync.verify.strict import nests_too_deep, parse
from modelsync.verify.vectors import cases

SPEC = """
model: Order
fields:
  status: {type: Status}
  channel: {type: '"web" | "shop"'}
  large: {type: Large}
  customer: {type: Customer}
  id: {type: uuid | int64}
  key: {type: uuid | date}
  lines: {type: 'list[Line]'}
  extra: {type: 'map[int32]'}
  either: {type: 'list[int64] | list[Line]'}
  event: {type: Event}
  short: {type: string, maxLength: 2}
  near: {type: Near}
---
union: Near
members: [Empty, Full]
---
model: Empty
fields: {id: {type: int64, required: true}, reason: {type: string, required: true}}
---
model: Full
fields: {id: {type: int64, required: true}, weight: {type: int64, required: true}}
---
enum: Status
values: {open: , paid: }
---
enum: Large
values: {a: , b: , c: , d: , e: , f: }
---
union: Customer
members: [Person, Company, Group]
---
model: Person
fields:
  kind: {type: '"person"', required: true}
  name: {type: string, required: true}
---
model: Company
fields:
  kind: {type: '"company"', required: true}
  address: {type: Address, required: true}
---
model: Group
fields:
  members: {type: 'list[Customer]', required: true}
---
model: Address
fields: {street: {type: string, required: true}}
---
model: Line
additionalProperties: false
fields:
  sku: {type: string, required: true}
  count: {type: int32, minimum: 1, default: 1}
---
union: Event
discriminator: type
members: [Opened, Closed]
---
model: Opened
fields: {type: {type: '"opened"', required: true}, by: {type: string, required: true}}
---
model: Closed
fields: {type: {type: '"closed"', required: true}}
"""


MORE_CASES = ("aliases", "limits", "tags", "unions")


@pytest.fixture(scope="module")
def schema() -> Schema:
    return lift_unions(schema_of(SPEC))


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        ({"status": "opne"}, 'status: expected "open" or "paid", found "opne"'),
        ({"status": 3}, "status: expected a string, found 3"),
        ({"channel": "x" * 50}, f'channel: expected "web" or "shop", found "{"x" * 37}..."'),
        ({"large": "g"}, 'large: expected a value of Large, found "g"'),
        ({"id": 1.5}, "id: expected a 64-bit integer, found 1.5"),
        ({"id": []}, "id: expected a value of OrderId, found an array"),
        ({"key": "x"}, 'key: expected a value of OrderKey, found "x"'),
        ({"key": True}, "key: expected a value of OrderKey, found true"),
        ({"extra": {"a b": "1"}}, 'extra["a b"]: expected a 32-bit integer, found "1"'),
        ({"lines": {}}, "lines: expected an array, found an object"),
        ({"lines": [None]}, "lines[0]: expected an object, found null"),
        ({"event": {"type": "shut"}}, 'event.type: expected "opened" or "closed", found "shut"'),
        (
            {"customer": {"kind": "person"}},
            "customer: expected a value of Customer (as Person: name: required, but absent)",
        ),
        (
            {"customer": {"kind": "company", "address": {"street": 1}}},
            "customer: expected a value of Customer"
            " (as Company: address.street: expected a string, found 1)",
        ),
        (
            {"customer": {"kind": "none"}},
            "customer: expected a value of Customer (as Group: members: required, but absent)",
        ),
        (
            {"customer": {"members": [{"members": [{"kind": "person"}]}]}},
            "customer: expected a value of Customer"
            " (as Group: members[0].members[0].name: required, but absent)",
        ),
        (
            {"either": [{"sku": 1}]},
            "either: expected a value of OrderEither"
            " (as list[Line]: [0].sku: expected a string, found 1)",
        ),
        (
            {"near": {"id": 1, "weight": "2"}},
            "near: expected a value of Near"
            ' (as Full: weight: expected a 64-bit integer, found "2")',
        ),
    ],
)
def test_errors_say_what_was_wanted_and_found(
    schema: Schema, document: object, wanted: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        read(schema, Ref("Order"), document)  # type: ignore[arg-type]
    assert str(caught.value) == wanted
    assert [str(error) for error in errors(schema, Ref("Order"), document)] == [wanted]  # type: ignore[arg-type]


def test_all_errors_of_a_document_in_the_order_of_its_type(schema: Schema) -> None:
    document = json.loads("""{
        "short": "abc", "event": {"type": "opened"}, "extra": {"a": 1, "b": "2", "c": []},
        "lines": [{"sku": 1, "count": 0, "y": 1, "x": 2}, {"sku": "a"}, 5, {}],
        "customer": {"kind": "person"}, "status": "shut"
    }""")
    assert [str(error) for error in errors(schema, Ref("Order"), document)] == [
        'status: expected "open" or "paid", found "shut"',
        "customer: expected a value of Customer (as Person: name: required, but absent)",
        "lines[0].sku: expected a string, found 1",
        "lines[0].count: expected a number of at least 1, found 0",
        "lines[0].y: unknown key",
        "lines[0].x: unknown key",
        "lines[2]: expected an object, found 5",
        "lines[3].sku: required, but absent",
        'extra.b: expected a 32-bit integer, found "2"',
        "extra.c: expected a 32-bit integer, found an array",
        "event.by: required, but absent",
        "short: expected at most 2 characters, found 3",
    ]


def test_a_document_has_at_most_a_hundred_errors(schema: Schema) -> None:
    lines: list[object] = [{} for _ in range(MAX_ERRORS + 1)]
    assert len(errors(schema, Ref("Order"), {"lines": lines})) == MAX_ERRORS  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "case",
    ["additional", *(pytest.param(name, marks=pytest.mark.slow) for name in MORE_CASES)],
)
def test_there_are_errors_exactly_if_a_document_is_refused(case: str) -> None:
    """The first of all errors is the error of `read`."""
    schema = lift_unions(schema_in(CASES / case))
    for each in cases(schema):
        try:
            text = each.document.decode("utf-8")
            document = None if nests_too_deep(text) else parse(text)
        except ValueError:
            continue
        type_ = Ref(each.definition)
        first = [str(error) for error in errors(schema, type_, document)][:1]
        assert first == [str(error) for error in error_of(schema, type_, document)]


def error_of(schema: Schema, type_: Ref, document: Json) -> Iterator[ValidationError]:
    try:
        read(schema, type_, document)
    except ValidationError as error:
        yield error


def test_errors_do_not_show_the_values_of_write_only_fields() -> None:
    schema = lift_unions(schema_in(CASES / "limits"))
    document = json.loads("""{
        "user": "a", "password": "secret", "pin": 999, "codes": ["a", 5, "c"],
        "keys": {"a": "secret"}, "factor": "secret",
        "proof": {"kind": "photo", "takenAt": "secret", "secret": 1},
        "owner": {"kind": "robot", "serial": "secret"}, "token": "secret"
    }""")
    assert [str(error) for error in errors(schema, Ref("Login"), document)] == [
        "user: expected at least 2 characters, found 1",
        "password: expected at least 8 characters",
        "pin: expected a number of at least 1000",
        "codes: expected at most 2 items",
        "keys.a: expected a UUID",
        'factor: expected "app" or "mail"',
        "proof.takenAt: expected an RFC 3339 date and time with offset",
        "proof.secret: unknown key",
        "owner.serial: expected a UUID",
        "token: expected a UUID",
    ]


def test_a_union_shows_no_value_of_a_write_only_field_of_a_member() -> None:
    schema = lift_unions(schema_in(CASES / "limits"))
    document = json.loads("""{"kind": "robot", "serial": "00000000-0000-0000-0000-000000000000",
        "parts": [{"kind": "robot", "serial": "secret"}]}""")
    with pytest.raises(ValidationError) as caught:
        read(schema, Ref("Robot"), document)
    assert str(caught.value) == (
        "parts[0]: expected a value of RobotPartsItem (as Robot: serial: expected a UUID)"
    )


def test_a_long_path_shows_both_ends() -> None:
    schema = schema_of("model: A\nfields: {a: {type: A}, b: {type: int64}}")
    document: Json = {"b": "x"}
    for _ in range(19):
        document = {"a": document}
    with pytest.raises(ValidationError) as caught:
        read(schema, Ref("A"), document)
    assert path_text(caught.value.steps) == "a." * 19 + "b"
    with pytest.raises(ValidationError) as caught:
        read(schema, Ref("A"), {"a": document})
    assert path_text(caught.value.steps) == f"{'.'.join('a' * 10)} ... {'a.' * 9}b"
    assert len(caught.value.steps) == 21
