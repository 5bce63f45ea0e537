"""Anchors of fields."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helpers.strategies import JSON_KEYS, PROSE
from modelsync.pages.reference.anchors import anchors_of

KEYS = st.lists(
    st.sampled_from(("a", "a b", "a-b", "a.b", "a-b-2", "field-a", "example", "field-example"))
    | st.sampled_from(JSON_KEYS)
    | PROSE,
    unique=True,
)


def test_an_anchor_is_the_key_if_nothing_else_has_it() -> None:
    keys = ("createdAt", "user_id", "a b", "a-b", "a.b", "order", "example", "Example", "名前")
    assert [*anchors_of("Order", keys).values()] == [
        "createdAt",
        "user_id",
        "a-b",
        "a-b-2",
        "a-b-3",
        "field-order",
        "field-example",
        "Example",
        "名前",
    ]


@given(keys=KEYS)
def test_anchors_differ(keys: list[str]) -> None:
    anchors = anchors_of("A", keys)
    assert [*anchors] == keys
    assert len({*anchors.values(), "a", "example"}) == len(keys) + 2
    assert not [each for each in anchors.values() if set(each) & set(" <>\"'&{}\n")]
