from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.strategies import TYPES
from modelsync.errors import Position
from modelsync.schema.type_expr import MAX_NESTING, TypeExpressionError, parse, unparse
from modelsync.schema.types import AnyOf, Constant, ListOf, MapOf, Nullable, Ref, Scalar, Type

START = Position("a.yaml", 3, 10)


@given(TYPES)
def test_parse_is_the_inverse_of_unparse(type_: Type) -> None:
    assert parse(unparse(type_), START) == type_


@given(st.text(st.sampled_from('abU.[]|"\\ 019-tnul listmap'), max_size=30))
def test_parse_reads_any_text_or_raises(text: str) -> None:
    refused, type_ = None, None
    try:
        type_ = parse(text, START)
    except TypeExpressionError as error:
        refused = error
    if type_ is not None:
        assert parse(unparse(type_), START) == type_
    else:
        assert refused is not None
        assert 0 <= refused.offset <= len(text)
        assert refused.message


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("string", Scalar("string")),
        (" list[ map[ User ] ] ", ListOf(MapOf(Ref("User")))),
        ("User | null", Nullable(Ref("User"))),
        ("null | User", Nullable(Ref("User"))),
        ("list[User | null]", ListOf(Nullable(Ref("User")))),
        ("operations.Usage", Ref("operations.Usage")),
        ('"a|b" | 3 | true', AnyOf((Constant("a|b"), Constant(3), Constant(True)))),
        (r'"\"\\é"', Constant('"\\é')),
        ("-9223372036854775808", Constant(-(2**63))),
        ("1 | true", AnyOf((Constant(1), Constant(True)))),
        ("string_list", Ref("string_list")),
    ],
)
def test_type_expressions_are_parsed(text: str, type_: Type) -> None:
    assert parse(text, START) == type_


def test_a_reference_has_a_position() -> None:
    type_ = parse("list[User | null]", START)
    assert isinstance(type_, ListOf)
    assert isinstance(type_.item, Nullable)
    assert isinstance(type_.item.inner, Ref)
    assert type_.item.inner.position == Position("a.yaml", 3, 15, 4)


def test_nesting_is_limited() -> None:
    text = "list[" * (MAX_NESTING + 1) + "string" + "]" * (MAX_NESTING + 1)
    with pytest.raises(TypeExpressionError, match="deep"):
        parse(text, START)
    assert isinstance(parse(text[5:-1], START), ListOf)


@pytest.mark.parametrize("escape", [r"\ud800", r"\u0000", r"\u202e", r"\ufeff"])
def test_a_literal_must_not_contain_hidden_characters(escape: str) -> None:
    with pytest.raises(TypeExpressionError, match="invisible or control character") as raised:
        parse(f'string | "a{escape}"', START)
    assert (raised.value.offset, raised.value.width) == (9, 9)


def test_a_surrogate_pair_in_a_literal_is_one_character() -> None:
    assert parse(r'"\ud83d\ude00"', START) == Constant("\U0001f600")
