"""Hypothesis strategies for schemas and their parts."""

from __future__ import annotations

from hypothesis import strategies as st

from modelsync.ir import (
    SCALARS,
    AnyOf,
    Constant,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
)

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)

_INTEGERS = st.integers(-(2**63), 2**63 - 1)
_LEAVES: st.SearchStrategy[Type] = st.one_of(
    st.sampled_from([Scalar(name) for name in SCALARS]),
    st.sampled_from(["User", "mix.components.Order", "Foo_1"]).map(Ref),
    st.one_of(TEXT, _INTEGERS, st.booleans()).map(Constant),
)


def _containers(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    member = inner.filter(lambda type_: not isinstance(type_, Nullable | AnyOf))
    several = st.lists(member, min_size=2, max_size=3, unique=True).map(
        lambda members: AnyOf(tuple(members))
    )
    nullable = st.one_of(member, several).filter(lambda type_: type_ != Scalar("any"))
    return st.one_of(inner.map(ListOf), inner.map(MapOf), several, nullable.map(Nullable))


TYPES = st.recursive(_LEAVES, _containers, max_leaves=6)
