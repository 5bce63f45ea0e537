"""Schemas from pages are changed so that they break no rule."""

from __future__ import annotations

import pytest

from modelsync.errors import Position
from modelsync.intake.fix_rules import fix_rules
from modelsync.schema.definitions import Field, Model, Union
from modelsync.schema.schema import Schema
from modelsync.schema.types import Constant, Ref


def line(number: int) -> Position:
    return Position("specs/a.yaml", number, 1)


@pytest.mark.parametrize(
    ("required", "discriminator", "absent_tag"),
    [((True, True), "k", None), ((True, False), "k", "B"), ((False, False), None, None)],
)
def test_at_most_one_member_keeps_an_optional_discriminator(
    required: tuple[bool, bool], discriminator: str | None, absent_tag: str | None
) -> None:
    models = [
        Model(
            name=name,
            fields=(Field("k", Constant(name), is_required, position=line(10 * number + 1)),),
            position=line(10 * number),
        )
        for number, (name, is_required) in enumerate(zip("AB", required, strict=True), 1)
    ]
    union = Union(
        name="U",
        members=(Ref("A"), Ref("B")),
        discriminator="k",
        mapping=(("A", "A"), ("B", "B")),
        position=line(1),
    )
    fixed = fix_rules(Schema((union, *models)), ["go"]).by_id["U"]
    assert isinstance(fixed, Union)
    assert (fixed.discriminator, fixed.absent_tag) == (discriminator, absent_tag)
