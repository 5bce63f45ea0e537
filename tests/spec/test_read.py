"""Specs in several files and folders: packages, references, and order."""

from __future__ import annotations

import pytest

from modelsync.errors import Problem, ProblemsError
from modelsync.schema.definitions import Model, Union
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref
from modelsync.spec.read import read_schema


def problems_of(texts: dict[str, str]) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsError) as raised:
        read_schema(texts, "specs")
    return raised.value.problems


def model(name: str, type_: str = "string") -> str:
    return f"model: {name}\nfields: {{f: {{type: {type_}}}}}\n"


def target_of(schema: Schema, id_: str) -> str:
    definition = schema.by_id[id_]
    assert isinstance(definition, Model)
    assert isinstance(definition.fields[0].type, Ref)
    return definition.fields[0].type.id


def test_references_look_in_the_package_then_in_outer_packages_then_anywhere() -> None:
    texts = {
        "specs/root.yaml": model("Here") + "---\n" + model("A", "Here"),
        "specs/a/here.yaml": model("Here") + "---\n" + model("A", "Here"),
        "specs/a/b/x.yaml": model("A", "Here") + "---\n" + model("B", "Far"),
        "specs/a/c/x.yaml": model("A", "b.A") + "---\n" + model("B", "a.A"),
        "specs/z/y/far.yaml": model("Far") + "---\n" + model("A", "c.B"),
    }
    schema = read_schema(texts, "specs")
    assert target_of(schema, "A") == "Here"
    assert target_of(schema, "a.A") == "a.Here"
    assert target_of(schema, "a.b.A") == "a.Here"
    assert target_of(schema, "a.b.B") == "z.y.Far"
    assert target_of(schema, "a.c.A") == "a.b.A"
    assert target_of(schema, "a.c.B") == "a.A"
    assert target_of(schema, "z.y.A") == "a.c.B"
    assert list(schema.packages) == ["", "a", "a.b", "a.c", "z.y"]


def test_an_ambiguous_reference_is_a_problem() -> None:
    texts = {
        "specs/a/x.yaml": model("User"),
        "specs/b/x.yaml": model("User"),
        "specs/c/x.yaml": model("A", "User"),
    }
    (problem,) = problems_of(texts)
    assert problem.code == "MS022"
    assert "`a.User` or `b.User`" in problem.message
    assert str(problem.position) == "specs/c/x.yaml:2:20"


@pytest.mark.parametrize(
    "path",
    [
        "specs/My Folder/x.yaml",
        "specs/_a/x.yaml",
        "specs/1a/x.yaml",
        "specs/a+b/x.yaml",
        "specs/a/x y.yaml",
        "specs/a/x\n// injected.yaml",
        "specs/a/ü.yaml",
    ],
)
def test_invalid_names_of_packages_and_specs_are_problems(path: str) -> None:
    assert {problem.code for problem in problems_of({path: model("A")})} == {"MS017"}


def test_folders_are_packages_in_snake_case() -> None:
    schema = read_schema(
        {
            "specs/my-api/V1.2/x.yaml": model("A"),
            "specs/OrderItems/x.yaml": model("B", "my_api.v1_2.A"),
        },
        "specs",
    )
    assert [definition.id for definition in schema.definitions] == [
        "order_items.B",
        "my_api.v1_2.A",
    ]


def test_two_folders_of_one_package_are_a_problem() -> None:
    texts = {f"specs/{folder}/{n}.yaml": model(f"A{n}") for folder in ("a-b", "a_b") for n in "12"}
    (problem,) = [each for each in problems_of(texts) if each.code == "MS017"]
    assert problem.message == "the folders `a-b` and `a_b` are the same package `a_b`"


def test_the_problems_of_all_specs_are_reported_together_and_in_order() -> None:
    texts = {"specs/b.yaml": "model: B", "specs/a.yaml": model("A", "list["), "specs/c.yaml": "["}
    assert [problem.position.path for problem in problems_of(texts)] == sorted(texts)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("---\nenum: Role\nvalues: {a: }\n---\nfields: [", {"MS001"}),
        ("<<<<<<< ours\nenum: Role\n=======\n", {"MS001"}),
        ("x: " + "[" * 70 + "]" * 70 + "\n---\nenum: Role\nvalues: {a: }\n", {"MS004"}),
        ("enmu: Role\nvalues: {a: }\n", {"MS015"}),
        ("enum: Role\nvalues: 1\n", {"MS012"}),
        ("enum: Other\nvalues: {a: }\n", {"MS020"}),
    ],
)
def test_unreadable_documents_hide_unknown_references(text: str, codes: set[str]) -> None:
    """A name is unknown only if every document that may define it was read."""
    texts = {"specs/a.yaml": model("A", "Role"), "specs/b.yaml": text}
    assert {problem.code for problem in problems_of(texts)} == codes


def test_definitions_are_sorted_by_path_and_then_as_written() -> None:
    texts = {"specs/b.yaml": model("Z") + "---\n" + model("A"), "specs/a.yaml": model("M")}
    schema = read_schema(texts, "specs")
    assert [definition.id for definition in schema.definitions] == ["M", "Z", "A"]


def test_the_order_of_files_does_not_matter() -> None:
    texts = {f"specs/{name}.yaml": model(name.upper(), "Z") for name in "abc"}
    texts["specs/z.yaml"] = model("Z")
    assert read_schema(texts, "specs") == read_schema(dict(reversed(texts.items())), "specs")


@pytest.mark.parametrize("text", ["", "---\n---\n", "# nothing\n"])
def test_an_empty_spec_defines_nothing(text: str) -> None:
    assert read_schema({"specs/a.yaml": text}, "specs") == Schema(())


def test_blocks_lose_their_final_line_break() -> None:
    text = "model: A\ndescription: |\n  one\n  two\nfields:\n  f:\n    type: string\n"
    text += '    description: "ends with a line feed\\n"\n    default: |+\n      x\n\n'
    (definition,) = read_schema({"specs/a.yaml": text}, "specs").definitions
    assert isinstance(definition, Model)
    assert definition.description == "one\ntwo"
    assert definition.fields[0].description == "ends with a line feed\n"
    assert definition.fields[0].default == "x\n"


@pytest.mark.parametrize(
    ("type_", "values"), [("'\"cat\"'", ("cat",)), ('\'"cat" | "kitten"\'', ("cat", "kitten"))]
)
def test_the_mapping_comes_from_literal_types_of_members(
    type_: str, values: tuple[str, ...]
) -> None:
    union = "union: Pet\ndiscriminator: kind\nmembers: [Cat]\n---\n"
    cat = f"model: Cat\nfields: {{kind: {{type: {type_}, required: true}}}}\n"
    pet = read_schema({"specs/pet.yaml": union + cat}, "specs").by_id["Pet"]
    assert isinstance(pet, Union)
    assert pet.mapping == tuple((value, "Cat") for value in values)


@pytest.mark.parametrize("type_", ["'\"cat\" | null'", "'\"cat\" | string'", "string"])
def test_the_mapping_does_not_come_from_other_types(type_: str) -> None:
    union = "union: Pet\ndiscriminator: kind\nmembers: [Cat]\n---\n"
    cat = f"model: Cat\nfields: {{kind: {{type: {type_}, required: true}}}}\n"
    assert "MS034" in {each.code for each in problems_of({"specs/pet.yaml": union + cat})}
