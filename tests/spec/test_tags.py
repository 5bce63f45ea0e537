"""The values of a discriminator, as specs write them."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.places import CASES
from helpers.projects import schema_in, schema_of
from modelsync.schema.definitions import Tag, Union
from modelsync.schema.values import Object
from modelsync.spec.read import read_schema
from modelsync.spec.write import write_specs


def union_of(spec: str, name: str = "U") -> Union:
    union = schema_of(spec).by_id[name]
    assert isinstance(union, Union)
    return union


def kinds(mapping: tuple[tuple[Tag, str], ...]) -> list[tuple[type, Any, str]]:
    """Return the mapping with the types of its values: Python equates 1 and True."""
    return [(type(tag), tag, id_) for tag, id_ in mapping]


@pytest.mark.parametrize(
    ("key", "type_", "wanted"),
    [
        ("1", "int64", 1),
        ("-1", "int32", -1),
        ('"1"', "int64", 1),
        ("1", "string", "1"),
        ("true", "string", "true"),
        ("true", "bool", True),
        ("1", None, 1),
        ('"1"', None, "1"),
        ("01", None, "01"),
        ("true", None, True),
        ("yes", None, "yes"),
        ("null", None, "null"),
    ],
)
def test_a_key_of_the_mapping_has_the_kind_of_the_field(
    key: str, type_: str | None, wanted: Tag
) -> None:
    field = "" if type_ is None else f"k: {{type: {type_}, required: true}}"
    spec = (
        f"union: U\ndiscriminator: k\nmembers: [A]\nmapping: {{{key}: A}}\n---\n"
        f"model: A\nfields: {{{field}}}\n"
    )
    assert kinds(union_of(spec).mapping) == [(type(wanted), wanted, "A")]


def test_literals_and_closed_enums_imply_the_mapping() -> None:
    union = union_of("""\
union: U
discriminator: k
members: [A, B, C]
---
model: A
fields: {k: {type: '1 | 2', required: true}}
---
model: B
fields: {k: {type: E, required: true}}
---
enum: E
type: int64
values: {3: , 4: }
---
model: C
fields: {k: {type: '5'}}
""")
    assert union.mapping == ((1, "A"), (2, "A"), (3, "B"), (4, "B"), (5, "C"))
    assert (union.tag_scalar, union.absent_tag) == ("int64", "C")


def test_a_union_contributes_its_values_and_its_optional_discriminator() -> None:
    union = union_of("""\
union: U
discriminator: k
members: [V, A]
mapping: {a: A}
---
union: V
discriminator: k
members: [W, B]
---
union: W
discriminator: k
members: [C]
---
model: A
fields: {}
---
model: B
fields: {k: {type: '"b"', required: true}}
---
model: C
fields: {k: {type: '"c"'}}
""")
    assert union.mapping == (("a", "A"), ("b", "V"), ("c", "V"))
    assert union.absent_tag == "V"


def test_a_written_union_reads_back_equal() -> None:
    schema = schema_in(CASES / "tags")
    again = read_schema(write_specs(schema, "specs"), "specs")
    assert again.by_id == schema.by_id
    for union in schema.definitions:
        if isinstance(union, Union):
            other = again.by_id[union.id]
            assert isinstance(other, Union)
            assert kinds(other.mapping) == kinds(union.mapping)


def test_mappings_that_differ_in_the_kind_of_a_value_are_not_equal() -> None:
    assert Union(name="U", mapping=((1, "A"),)) != Union(name="U", mapping=((True, "A"),))


@pytest.mark.parametrize(
    ("example", "wanted"),
    [
        ("{k: 1, n: 5}", (("k", 1), ("n", "5"))),
        ("{n: 5}", (("n", "5"),)),
        ("{k: 7, n: 5}", (("k", 7), ("n", 5))),
    ],
)
def test_an_example_is_read_as_the_member_that_its_discriminator_selects(
    example: str, wanted: object
) -> None:
    union = union_of(f"""\
union: U
discriminator: k
members: [A]
open: true
example: {example}
---
model: A
fields: {{k: {{type: '1'}}, n: {{type: string}}}}
""")
    assert union.example == Object(wanted)  # type: ignore[arg-type]
