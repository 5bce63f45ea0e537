"""What code and documentation say about constraints, in every language."""

from __future__ import annotations

from decimal import Decimal

import pytest

from helpers.projects import schema_of
from modelsync.schema.constraints import Constraints
from modelsync.schema.definitions import Model, Union
from modelsync.schema.lift_unions import lift_unions
from modelsync.schema.shown import shown
from modelsync.schema.types import Limited, Nullable, Scalar
from modelsync.targets.documentation import paragraphs_of
from modelsync.targets.limits import checks_of, sentences_of


@pytest.mark.parametrize(
    ("constraints", "text"),
    [
        (Constraints(), ""),
        (Constraints(min_length=3, max_length=20, pattern="^a"), "Length: 3 to 20. Pattern: `^a`."),
        (Constraints(min_length=2, max_length=2), "Length: 2."),
        (Constraints(max_length=5), "Length: at most 5."),
        (Constraints(minimum=Decimal("-1.50"), maximum=Decimal(7)), "Range: -1.5 to 7."),
        (
            Constraints(exclusive_minimum=Decimal(0), maximum=Decimal("0.1")),
            "Range: greater than 0, at most 0.1.",
        ),
        (
            Constraints(minimum=Decimal(1), exclusive_maximum=Decimal(2)),
            "Range: at least 1, less than 2.",
        ),
        (Constraints(multiple_of=Decimal("0.050")), "Multiple of 0.05."),
        (Constraints(min_items=1, unique_items=True), "Items: at least 1. All items differ."),
        (Constraints(min_properties=1, max_properties=2), "Keys: 1 to 2."),
    ],
)
def test_documentation_has_a_sentence_per_constraint(constraints: Constraints, text: str) -> None:
    limited = Nullable(Limited(Scalar("string"), constraints))
    assert sentences_of([Scalar("date"), limited]) == text


@pytest.mark.parametrize(
    ("constraints", "value", "name"),
    [
        (Constraints(min_length=2, pattern="a"), "b", "string"),
        (Constraints(max_length=1, pattern="a"), "a\U0001f600", "string"),
        (Constraints(pattern="^a$"), "b", "string"),
        (Constraints(minimum=Decimal("0.5")), 0.1, "float64"),
        (Constraints(exclusive_minimum=Decimal(1)), "1.0", "decimal"),
        (Constraints(maximum=Decimal("1e21")), 1e22, "float64"),
        (Constraints(exclusive_maximum=Decimal(2)), 2.0, "float64"),
        (Constraints(multiple_of=Decimal(3)), 4, "int64"),
        (Constraints(min_items=1), [], ""),
        (Constraints(max_items=1), [1, 2], ""),
        (Constraints(unique_items=True), [1, 1], ""),
        (Constraints(min_properties=2), {"a": 1}, ""),
        (Constraints(max_properties=0), {"a": 1}, ""),
    ],
)
def test_checks_give_the_reasons_of_the_reference(
    constraints: Constraints, value: object, name: str
) -> None:
    check = next(checks_of(constraints))
    found = f"found {len(value)}" if check.is_size else f"found {shown(value)}"  # type: ignore[arg-type]
    if check.name == "unique_items":
        found = "found [1] equal to [0]"
    assert (check.reason, f", {found}") == constraints.failure(value, name)


def test_the_constraints_of_a_union_are_documented_at_the_union() -> None:
    schema = lift_unions(
        schema_of(
            "model: M\nfields:\n"
            "  a: {type: 'string | list[int64] | null', minLength: 2, maxItems: 3,"
            " description: A.}\n"
            "  b: {type: string | null, maxLength: 5, description: B., examples: [x]}\n"
        )
    )
    model, union = schema.definitions
    assert isinstance(model, Model)
    assert isinstance(union, Union)
    assert [paragraphs_of(field) for field in model.fields] == [
        ["A."],
        ["B.", "Length: at most 5.", 'Example: "x"'],
    ]
    assert paragraphs_of(union) == ["", "Length: at least 2. Items: at most 3."]
