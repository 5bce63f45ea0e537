"""`oneOf` and `anyOf` -> unions and their discriminators."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.import_sources import counts, imported, openapi
from modelsync.importer.unions.alternatives import numbered
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def model(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


TEXT = {"type": "string"}
PETS = {
    "Cat": model("kind", kind=TEXT, lives={"type": "integer"}),
    "Dog": model("kind", kind=TEXT, bark={"type": "boolean"}),
}
MEMBERS = [ref("Cat"), ref("Dog")]


def shown(node: Node) -> str:
    """Return a node in one line."""
    match node:
        case ScalarNode(text=text):
            return text
        case SequenceNode(items=items):
            return f"[{', '.join(map(shown, items))}]"
        case MappingNode(entries=entries):
            return ", ".join(f"{key.text}: {shown(value)}" for key, value in entries)


def document(name: str, schemas: dict[str, Any]) -> MappingNode:
    """Return the document of a definition, before anything is repaired."""
    return dict(imported({"api.json": openapi(schemas)}).documents)[name]


def union(schema: dict[str, Any], others: dict[str, Any] = PETS) -> str:
    return shown(document("Pet", {"Pet": schema, **others}))


def found(schema: dict[str, Any], others: dict[str, Any] = PETS) -> dict[str, int]:
    return counts(imported({"api.json": openapi({"Pet": schema, **others})}).findings.found)


def field(schema: dict[str, Any], others: dict[str, Any] = PETS) -> str:
    owner = {"Owner": {"type": "object", "properties": {"pet": schema}}}
    return shown(document("Owner", owner | others)).partition("pet: ")[2]


# Discriminators -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mapping",
    [
        {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"},
        {"cat": "Cat", "dog": "Dog"},
        {"cat": "Cat.json", "dog": "./Dog.yaml"},
    ],
)
def test_mapping_of_names_references_and_files(mapping: dict[str, str]) -> None:
    schema = {"oneOf": MEMBERS, "discriminator": {"propertyName": "kind", "mapping": mapping}}
    assert union(schema) == (
        "union: Pet, discriminator: kind, members: [Cat, Dog], mapping: cat: Cat, dog: Dog"
    )
    assert found(schema) == {}


def test_free_text_takes_the_names_of_the_schemas() -> None:
    schema = {"oneOf": MEMBERS, "discriminator": {"propertyName": "kind"}}
    assert union(schema).endswith("mapping: Cat: Cat, Dog: Dog")


def test_constants_of_the_members_count_more_than_their_names() -> None:
    others = {
        "Cat": model("kind", kind={"type": "string", "enum": ["tom", "kitten"]}),
        "Dog": model("kind", kind={"const": "dog"}),
    }
    schema = {"oneOf": MEMBERS, "discriminator": {"propertyName": "kind"}}
    assert union(schema, others) == "union: Pet, discriminator: kind, members: [Cat, Dog]"
    mapped = {"kind": {"x": "Cat", "dog": "Dog"}}["kind"]
    schema = {"oneOf": MEMBERS, "discriminator": {"propertyName": "kind", "mapping": mapped}}
    assert union(schema, others) == "union: Pet, discriminator: kind, members: [Cat, Dog]"
    assert found(schema, others) == {"mapping": 1}


def test_one_enum_for_all_members() -> None:
    kind = {"type": "string", "enum": ["cat", "dog"]}
    others = {"Cat": model("kind", kind=kind), "Dog": model("kind", kind=kind)}
    mapping = {"cat": "Cat", "dog": "Dog"}
    schema = {"oneOf": MEMBERS, "discriminator": {"propertyName": "kind", "mapping": mapping}}
    assert union(schema, others).endswith("mapping: cat: Cat, dog: Dog")


def test_numbers_in_a_mapping() -> None:
    others = {
        "Cat": model("kind", kind={"type": "integer", "enum": [1, 2]}),
        "Dog": model("kind", kind={"type": "integer", "enum": [2, 3]}),
    }
    mapping = {"1": "Cat", "3": "Dog"}
    schema = {"oneOf": MEMBERS, "discriminator": {"propertyName": "kind", "mapping": mapping}}
    assert union(schema, others).endswith("mapping: 1: Cat, 3: Dog")


def test_a_mapping_beyond_the_members() -> None:
    mapping = {"cat": "Cat", "dog": "Dog", "cow": "Cow"}
    schema = {"oneOf": MEMBERS, "discriminator": {"propertyName": "kind", "mapping": mapping}}
    assert union(schema).endswith("mapping: cat: Cat, dog: Dog")
    assert found(schema) == {"mapping": 1}


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ({**PETS, "Dog": {"type": "string"}}, "not a model"),
        ({"Cat": model(kind=TEXT), "Dog": model(kind=TEXT)}, "optional in several"),
        (
            {"Cat": model("kind", kind={"const": "a"}), "Dog": model("kind", kind={"const": "a"})},
            "selects several",
        ),
        (
            {"Cat": model("kind", kind={"const": "a"}), "Dog": model("kind", kind={"const": 1})},
            "several kinds",
        ),
        ({**PETS, "Dog": {**model("a", a=TEXT), "additionalProperties": False}}, "not a property"),
    ],
)
def test_discriminators_that_select_no_member(others: dict[str, Any], why: str) -> None:
    schema = {"oneOf": MEMBERS, "discriminator": {"propertyName": "kind"}}
    findings = imported({"api.json": openapi({"Pet": schema, **others})}).findings.found
    assert [each.subject for each in findings if why in each.message] == ["discriminator"]
    assert "discriminator" not in union(schema, others)
    assert not any(each.is_loss for each in findings)


def test_a_union_in_a_union_has_its_own_values() -> None:
    others = {
        "Cat": model("kind", kind={"const": "cat"}),
        "Dog": {"oneOf": [ref("Poodle"), ref("Pug")], "discriminator": {"propertyName": "kind"}},
        "Poodle": model("kind", kind={"const": "poodle"}),
        "Pug": model("kind", kind=TEXT),
    }
    schema = {"oneOf": MEMBERS, "discriminator": {"propertyName": "kind"}}
    assert union(schema, others) == "union: Pet, discriminator: kind, members: [Cat, Dog]"


def test_a_required_constant_in_each_member_is_a_discriminator() -> None:
    others = {
        "Cat": model("kind", "a", kind={"const": "cat"}, a=TEXT),
        "Dog": {"allOf": [model("kind", kind={"type": "string", "enum": ["dog"]})]},
    }
    schema = {"anyOf": MEMBERS}
    assert union(schema, others) == "union: Pet, discriminator: kind, members: [Cat, Dog]"
    assert found(schema, others) == {"no discriminator": 1}
    optional = {**others, "Cat": model("a", kind={"const": "cat"}, a=TEXT)}
    assert "discriminator" not in union(schema, optional)


def test_default_mapping() -> None:
    constants = {
        "Cat": model("kind", kind={"const": "cat"}),
        "Dog": model("kind", kind={"const": "dog"}),
        "Other": model("kind", kind=TEXT),
    }
    stated = {"propertyName": "kind", "defaultMapping": "Other"}
    schema = {"oneOf": [ref("Other"), *MEMBERS], "discriminator": stated}
    assert union(schema, constants) == "union: Pet, members: [Cat, Dog, Other]"
    assert found(schema, constants) == {"defaultMapping": 1}
    free = {**PETS, "Other": constants["Other"]}
    assert found(schema, free) == {"defaultMapping!": 1}


def test_members_with_properties_beside_them_keep_the_values_of_their_references() -> None:
    mapping = {"cat": "Cat", "dog": "Dog"}
    schema = {
        **model("id", id=TEXT),
        "oneOf": MEMBERS,
        "discriminator": {"propertyName": "kind", "mapping": mapping},
    }
    assert union(schema).endswith("mapping: cat: PetCat, dog: PetDog")


# Other unions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"oneOf": [TEXT, {"type": "null"}]}, "type: string | null"),
        ({"oneOf": [ref("Cat"), {"type": "null"}]}, "type: Cat | null"),
        ({"anyOf": [TEXT, TEXT]}, "type: string"),
        ({"anyOf": [TEXT, {"type": "string", "format": "uri"}]}, "type: uri | string"),
        ({"anyOf": [{"type": "integer"}, {"type": "number"}]}, "type: float64"),
        (
            {"anyOf": [{"const": "auto"}, {"type": "integer", "minimum": 1}]},
            'type: "auto" | int64, minimum: 1',
        ),
        ({"anyOf": [ref("Cat"), TEXT]}, "type: Cat | string"),
        ({"anyOf": [{"type": "array", "items": TEXT}, TEXT]}, "type: list[string] | string"),
        ({"oneOf": [TEXT]}, "type: string"),
        ({"anyOf": [False, TEXT]}, "type: string"),
    ],
)
def test_unions_in_a_field(schema: dict[str, Any], expected: str) -> None:
    assert field(schema) == expected


def test_constraints_that_could_be_about_another_member_are_in_an_alias() -> None:
    short = {"type": "string", "maxLength": 5}
    schema = {"anyOf": [short, {"type": "string", "pattern": "^x"}, {"type": "integer"}]}
    assert field(schema) == "type: OwnerPet"


def test_models_that_may_overlap_are_in_a_union_with_a_name() -> None:
    assert field({"anyOf": MEMBERS}) == "type: OwnerPet"


@pytest.mark.parametrize(("keyword", "subject"), [("anyOf", "anyOf"), ("oneOf", "oneOf!")])
def test_a_member_that_accepts_everything(keyword: str, subject: str) -> None:
    schema = {keyword: [TEXT, {}]}
    assert field(schema) == "type: any"
    assert found(schema) == {subject: 1}


def test_both_keywords() -> None:
    schema = {"oneOf": [TEXT, {"type": "integer"}], "anyOf": [TEXT, {"type": "boolean"}]}
    assert field(schema) == "type: string | int64"
    assert found(schema) == {"anyOf!": 1}


def test_numbering_names_tries_each_number_once() -> None:
    class Counted(str):
        formatted = 0

        def __format__(self, spec: str) -> str:
            Counted.formatted += 1
            return super().__format__(spec)

    names = ["A2", *[Counted("A")] * 1_000]
    assert numbered(names) == ["A2", "A", *(f"A{n}" for n in range(3, 1_002))]
    assert Counted.formatted <= len(names)


@pytest.mark.parametrize("null", [{"type": "null"}, {"const": None}, {"enum": [None]}])
def test_a_reference_to_null_makes_a_union_nullable_where_it_is_used(null: Any) -> None:
    others = {"Null": null, "Link": {"oneOf": [ref("Null"), ref("Cat"), TEXT]}, **PETS}
    assert field(ref("Link"), others) == "type: Link | null"
    assert field({"anyOf": [ref("Null"), ref("Cat")]}, others) == "type: Cat | null"
    assert field({"anyOf": [null, ref("Cat")]}, others) == "type: Cat | null"
