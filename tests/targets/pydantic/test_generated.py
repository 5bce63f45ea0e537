"""The pydantic target, without running its code: size, names, and layout of the files."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from pydantic import BaseModel

from helpers.places import CASES
from helpers.projects import schema_in, schema_of, target, texts_of
from modelsync.schema.ir import Schema
from modelsync.targets import problems_of
from modelsync.targets.base import Settings
from modelsync.targets.pydantic import PydanticTarget
from modelsync.targets.python import layout


def problems(schema: Schema) -> list[tuple[str, int]]:
    """Return the code and the line of each problem of the target."""
    made = PydanticTarget(schema, Settings("pydantic", "pydantic", "models"))
    return [(each.code, each.position.line) for each in problems_of([made])]


def test_a_target_that_only_declares_types_takes_at_most_150_lines() -> None:
    module = inspect.getsourcefile(PydanticTarget)
    assert module is not None
    assert len(Path(module).read_text("utf-8").splitlines()) <= 150


@pytest.mark.parametrize("name", ["copy", "_x", "Field"])
def test_a_given_name_that_pydantic_cannot_have_is_a_problem_with_a_position(name: str) -> None:
    spec = f"model: A\nfields:\n  b: {{type: string, names: {{python: {name}}}}}\n"
    assert problems(schema_of(spec)) == [("MS041", 3)]


def test_a_discriminator_that_clashes_with_a_field_is_a_problem() -> None:
    spec = """\
union: Shape
members: [Circle]
discriminator: kind
mapping: {circle: Circle}
---
model: Circle
fields: {Kind: {type: int32}}
"""
    assert len(problems(schema_of(spec))) == 1


def test_every_public_attribute_of_a_model_is_reserved() -> None:
    attributes = {*dir(BaseModel), *dir(type(BaseModel))}
    public = {name for name in attributes if not name.startswith("_")}
    assert public <= PydanticTarget.reserved_fields


@pytest.mark.parametrize(
    "case", ["aliases", "names", "packages", "tags", "text", "types", "unions"]
)
def test_black_leaves_the_files_unchanged(case: str) -> None:
    for path, text in texts_of(target(schema_in(CASES / case), "pydantic", "models")).items():
        if path.endswith(".py"):
            assert layout.black(text) == text
