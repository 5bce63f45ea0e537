"""A written spec is read back as an equal schema."""

from __future__ import annotations

import pytest
from hypothesis import given

from helpers.strategies import PROSE, mixed, schemas
from modelsync.schema.definitions import Enum, EnumValue, External, Field, Model, Union
from modelsync.schema.page_overrides import DefinitionPage, FieldPage
from modelsync.schema.schema import Schema
from modelsync.schema.types import Constant, ListOf, Ref, Scalar, Type
from modelsync.schema.values import Object, Value
from modelsync.spec.read import read_schema
from modelsync.spec.write import write_specs
from modelsync.spec.write_lines import plain


def back(schema: Schema) -> Schema:
    """Return a schema that was written and read."""
    return read_schema(write_specs(schema, "specs"), "specs")


@pytest.mark.slow
@given(schemas())
def test_a_written_schema_reads_back_equal(schema: Schema) -> None:
    assert back(schema).by_id == schema.by_id


@pytest.mark.slow
@given(mixed())
def test_values_of_several_kinds_round_trip(mixed_: tuple[Type, tuple[Value, ...]]) -> None:
    type_, values = mixed_
    field = Field("a", type_, default=values[0], has_default=True, examples=values[1:])
    example = Object((("a", values[0]),))
    model = Model(name="A", fields=(field,), example=example)
    schema = Schema((model,))
    again = back(schema)
    assert again == schema
    (read,) = again.definitions
    assert isinstance(read, Model)
    # Compare their representations, because 1, 1.0 and True are equal.
    assert repr(read.fields[0].default) == repr(values[0])
    assert repr(read.fields[0].examples) == repr(values[1:])
    assert repr(read.example) == repr(example)


@given(PROSE)
def test_text_in_every_position_round_trips(text: str) -> None:
    field = Field(
        text or "empty",
        Scalar("string"),
        description=text,
        examples=(text,),
        default=text,
        has_default=True,
        names={"go": text},
        pages={"go": FieldPage(name=text, description=text, examples=(text, text))},
    )
    model = Model(
        name="A",
        fields=(field,),
        description=text,
        example=Object(((field.json_key, text),)),
        pages={"go": DefinitionPage(name=text, file=text, description=text, order=(text,))},
    )
    enum = Enum(name="B", values=(EnumValue(text, description=text),))
    schema = Schema((model, enum))
    assert back(schema) == schema


def test_optional_keys_round_trip() -> None:
    tag = Field("kind", Constant("circle"), required=True)
    schema = Schema(
        (
            Model(name="Circle", package="a", fields=(tag,), only=("go", "python")),
            _external("Response", "http.Response", "https://example.com/x"),
            Model(name="Holder", package="a", fields=(Field("raw", Ref("Response")),)),
            Union(
                name="Shape",
                package="b",
                only=("go", "python"),
                members=(Ref("a.Circle"),),
                discriminator="kind",
                mapping=(("circle", "a.Circle"),),
                pages={
                    "go": DefinitionPage(tags=("Round",)),
                    "typescript": DefinitionPage(members=(Ref("a.Circle"), ListOf(Scalar("any")))),
                    "python": DefinitionPage(),
                },
            ),
        )
    )
    assert back(schema).by_id == schema.by_id


def _external(name: str, shown: str, link: str) -> Union:
    external = External({"go": shown, "python": name}, {"go": link})
    return Union(name=name, members=(Scalar("any"),), external=external)


@pytest.mark.parametrize(
    "text",
    ["a" * 300_000, ":" * 300_000, "a#" * 150_000, " #" * 150_000, "a: " * 100_000, " " * 300_000],
)
def test_writing_long_text_takes_linear_time(text: str) -> None:
    # A pattern that backtracks would take hours.
    assert plain(text)
