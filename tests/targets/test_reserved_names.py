"""Definitions that no type could refer to are rejected, and those with similar names are not."""

from __future__ import annotations

import jsonschema
import pytest

from modelsync.errors import ProblemsError
from modelsync.project.config import CONFIG
from modelsync.schema.type_expr import MEANINGS, RESERVED
from modelsync.spec.json_schema import json_schema
from modelsync.spec.read import read_schema

SCHEMA = jsonschema.Draft7Validator(json_schema(CONFIG))


@pytest.mark.parametrize("package", ["", "p/"])
@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_reserved_name_is_rejected_in_every_package(package: str, name: str) -> None:
    spec = f'model: "{name}"\nfields: {{a: {{type: string}}}}\n'
    with pytest.raises(ProblemsError) as raised:
        read_schema({f"s/{package}a.yaml": spec}, "s")
    (problem,) = raised.value.problems
    assert problem.code == "MS014"
    assert (problem.position.line, problem.position.column) == (1, 8)
    assert ("part of the type syntax" in problem.message) == (name in MEANINGS)
    assert name.capitalize() in problem.help
    assert not SCHEMA.is_valid({"model": name, "fields": {}})


@pytest.mark.parametrize("name", ["Date", "UUID", "Time", "String", "Null", "dates", "str", "int"])
def test_other_names_are_accepted_and_can_be_referred_to(name: str) -> None:
    spec = f"model: {name}\nfields: {{a: {{type: 'list[{name}]'}}}}\n"
    assert name in read_schema({"s/a.yaml": spec}, "s").by_id
    assert SCHEMA.is_valid({"model": name, "fields": {}})
