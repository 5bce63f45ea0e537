from textwrap import dedent
from typing import Any

import pytest

from helpers.import_sources import counts, imported, openapi, specs_of

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def record(*required: str, **properties: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "properties": properties}
    return found | ({"required": list(required)} if required else {})


def read(schemas: dict[str, Any], version: str = "3.1.0") -> tuple[list[str], dict[str, int]]:
    """Return the specs, one text each, and how often each subject was found."""
    translation = imported({"api.json": openapi(schemas, version)})
    return specs_of(translation).split("---\n"), counts(translation.findings.found)


def lines(text: str) -> str:
    return dedent(text).lstrip("\n")


# Objects ------------------------------------------------------------------------------------------


def test_object_with_all_kinds_of_fields() -> None:
    order = record(
        "id",
        "note",
        id={"type": "string", "format": "uuid", "readOnly": True},
        lines={"type": "array", "items": ref("Line")},
        note={"type": ["string", "null"], "maxLength": 20},
        extra={"type": "object", "additionalProperties": NUMBER},
    )
    line = record(text={"type": "string", "default": "-", "description": "One line"})
    specs, found = read({"Order": order | {"description": "A sale"}, "Line": line})
    assert specs == [
        lines(
            """
            model: Order
            description: A sale
            fields:
              id:
                type: uuid
                required: true
                readOnly: true
              lines:
                type: list[Line]
              note:
                type: string | null
                required: true
                maxLength: 20
              extra:
                type: map[int64]
            """
        ),
        lines(
            """
            model: Line
            fields:
              text:
                type: string
                description: One line
                default: "-"
            """
        ),
    ]
    assert found == {}


def test_inline_schemas_are_named_by_their_place() -> None:
    schema = record(
        one=record(a=TEXT),
        many={"type": "array", "items": record(b=TEXT)},
        by_key={"type": "object", "additionalProperties": {"type": "string", "maxLength": 3}},
    )
    specs, _ = read({"Order": schema})
    assert [each.partition("\n")[0] for each in specs] == [
        "model: Order",
        "model: OrderOne",
        "model: OrderManyItem",
        "alias: OrderByKeyValue",
    ]
    assert "type: list[OrderManyItem]" in specs[0]
    assert "type: map[OrderByKeyValue]" in specs[0]


def test_names_of_inline_schemas_give_way_to_keys_of_the_source() -> None:
    schemas = {
        "Order": record(status={"enum": ["a", "b"]}, line=record(a=TEXT)),
        "OrderStatus": TEXT,
        "OrderLine": TEXT,
    }
    specs, _ = read(schemas)
    assert "type: OrderStatus2" in specs[0]
    assert "type: OrderLine2" in specs[0]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("Order", "Order"),
        ("order_line", "order_line"),
        ("user.v2-x", "userV2X"),
        ("a b", "aB"),
        ("string", "String"),
        ("3d", "Schema3d"),
        ("Größe", "GrE"),
        ("https://example.com/definitions/1.2.0/amqp/channel.json", "amqpChannel"),
    ],
)
def test_keys_of_the_source_are_names(key: str, name: str) -> None:
    specs, found = read({key: record(a=TEXT)})
    assert specs[0].startswith(f"model: {name}\n")
    assert found == ({} if key == name else {"names with other characters": 1})


def test_second_of_two_similar_names_has_a_number_and_keeps_its_key() -> None:
    specs, found = read({"NullTime": TEXT, "null_time": TEXT})
    assert "json-schema: null_time\ntype: string\n" in specs[1]
    assert found == {"names": 1}


def test_other_keys_of_objects() -> None:
    schemas = {
        "Any": record(a=TEXT) | {"additionalProperties": True},
        "Texts": record(a=TEXT) | {"additionalProperties": TEXT},
        "Closed": record(a=TEXT) | {"additionalProperties": False},
        "Map": {"type": "object"},
        "Empty": {"type": "object", "additionalProperties": False},
        "ByPattern": {"type": "object", "patternProperties": {"^x-": NUMBER}},
        "Dotted": {"type": "object", "patternProperties": {"^.*$": NUMBER}},
    }
    specs, found = read(schemas)
    assert [each.splitlines()[1] for each in specs] == [
        "additionalProperties: true",
        "additionalProperties: string",
        "additionalProperties: false",
        "type: map[any]",
        "additionalProperties: false",
        "type: map[int64]",
        "type: map[int64]",
    ]
    assert found == {"patternProperties!": 1}


def test_required_keys_without_a_property_and_false_as_a_property() -> None:
    specs, found = read({"A": record("b", a=False)})
    assert specs == ["model: A\nfields:\n  b:\n    type: any\n    required: true\n"]
    assert found == {"required": 1, "false!": 1}


def test_null_of_a_definition_is_written_where_it_is_used() -> None:
    schemas = {
        "Model": {"type": ["object", "null"], "properties": {"a": TEXT}},
        "Enum": {"enum": ["a", "b", None]},
        "User": record("model", model=ref("Model"), enums={"type": "array", "items": ref("Enum")}),
    }
    specs, _ = read(schemas)
    assert specs[0] == "model: Model\nfields:\n  a:\n    type: string\n"
    assert specs[1].startswith("enum: Enum\n")
    assert "type: Model | null\n" in specs[2]
    assert "type: list[Enum | null]\n" in specs[2]


def test_aliases_that_accept_null_are_no_members_of_unions() -> None:
    schemas = {
        "Text": {"type": ["string", "null"], "maxLength": 3},
        "Plain": {"type": ["string", "number", "null"]},
        "A": record(
            a={"oneOf": [ref("Text"), NUMBER]}, b={"oneOf": [ref("Plain"), record(c=TEXT)]}
        ),
    }
    specs, found = read(schemas)
    assert specs[0] == "alias: Text\ntype: string | null\nmaxLength: 3\n"
    assert "  a:\n    type: string | int64 | null\n    maxLength: 3\n" in specs[2]
    assert "  b:\n    type: Plain | ABObject | null\n" in specs[2]
    assert found == {}


def test_tuples_are_lists_of_any_of_their_types() -> None:
    pair = {"type": "array", "prefixItems": [TEXT, TEXT], "items": False}
    specs, found = read({"Pair": pair})
    assert specs == ["alias: Pair\ntype: list[string]\n"]
    assert found == {"tuple!": 1}


# allOf --------------------------------------------------------------------------------------------


def test_all_of_one_reference_is_the_reference() -> None:
    field = {"allOf": [ref("A")], "description": "d", "nullable": True}
    specs, found = read({"A": record(a=TEXT), "B": record(x=field)}, "3.0.3")
    assert "type: A | null\n    description: d\n" in specs[1]
    assert found == {"nullable": 1}


def test_all_of_references_and_properties_extends() -> None:
    schemas = {"A": record(a=TEXT), "B": {"allOf": [ref("A"), record("b", b=NUMBER)]}}
    specs, found = read(schemas)
    assert specs[1] == lines(
        """
        model: B
        extends: [A]
        fields:
          b:
            type: int64
            required: true
        """
    )
    assert found == {}


def test_fields_that_a_part_says_more_about_are_written_again() -> None:
    schemas = {
        "A": record(a=TEXT, kind={"enum": ["x", "y"]}, same=TEXT),
        "B": {
            "allOf": [
                ref("A"),
                record("kind", kind={"const": "x"}, same=TEXT),
                {"required": ["a"]},
            ]
        },
    }
    specs, found = read(schemas)
    assert specs[1] == lines(
        """
        model: B
        extends: [A]
        fields:
          a:
            type: string
            required: true
          kind:
            type: '"x"'
            required: true
        """
    )
    assert found == {}


def test_parents_with_different_fields_of_a_name() -> None:
    schemas = {
        "A": record(a={"type": "string", "minLength": 1}),
        "B": record(a={"type": "string", "maxLength": 3}),
        "C": {"allOf": [ref("A"), ref("B")]},
    }
    specs, found = read(schemas)
    assert specs[2] == lines(
        """
        model: C
        extends: [A, B]
        fields:
          a:
            type: string
            minLength: 1
            maxLength: 3
        """
    )
    assert found == {}


def test_part_of_another_part_says_nothing_new() -> None:
    child = {"allOf": [ref("Base"), record(b=TEXT)]}
    schemas = {
        "Base": record(a=TEXT),
        "Child": child,
        "Both": {"allOf": [ref("Base"), ref("Child"), record(c=TEXT)]},
        "Same": record(d={"allOf": [ref("Child"), ref("Base")]}),
    }
    specs, found = read(schemas)
    assert specs[2].startswith("model: Both\nextends: [Child]\n")
    assert specs[3] == "model: Same\nfields:\n  d:\n    type: Child\n"
    assert found == {}


def test_closed_part_of_all_of_is_closed_over_all_fields() -> None:
    closed = record(a=TEXT) | {"additionalProperties": False}
    _, found = read({"A": closed, "B": {"allOf": [ref("A"), record(b=TEXT)]}})
    assert found == {"closed part in `allOf`!": 1}
    parts = {"allOf": [ref("A"), record(b=TEXT)], "unevaluatedProperties": False}
    specs, found = read({"A": record(a=TEXT), "B": parts})
    assert "extends: [A]\nadditionalProperties: false\n" in specs[1]
    assert found == {}


def test_scalars_with_constraints_in_all_of() -> None:
    schemas = {
        "Name": {"type": "string", "minLength": 1},
        "Kind": {"type": "integer", "enum": [1, 2, 3]},
        "User": record(
            name={"allOf": [ref("Name"), {"maxLength": 5}]},
            kind={"allOf": [ref("Kind")], "enum": [2], "type": "integer"},
            age={"allOf": [{"type": "integer", "minimum": 1}, {"minimum": 0, "maximum": 150}]},
        ),
    }
    specs, found = read(schemas)
    assert specs[2] == lines(
        """
        model: User
        fields:
          name:
            type: Name
            maxLength: 5
          kind:
            type: "2"
          age:
            type: int64
            minimum: 1
            maximum: 150
        """
    )
    assert found == {}


def test_parts_that_contradict_each_other_are_a_loss() -> None:
    _, found = read({"A": {"allOf": [{"type": "string"}, {"type": "integer"}]}})
    assert found == {"`type` in `allOf`!": 1}


def test_schemas_that_are_parts_of_themselves() -> None:
    schemas = {
        "A": {"allOf": [ref("B"), record(a=TEXT)]},
        "B": {"allOf": [ref("A"), record(b=TEXT)]},
        "C": {"oneOf": [{"allOf": [ref("C")]}]},
    }
    specs, found = read(schemas)
    assert specs == [
        "model: A\nfields:\n  a:\n    type: string\n",
        "model: B\nfields:\n  b:\n    type: string\n",
        "alias: C\ntype: any\n",
    ]
    assert found == {"allOf in a circle": 2, "circle!": 1}
    map_ = {"additionalProperties": {"oneOf": [{"allOf": [ref("A"), {"maxLength": 1}]}, TEXT]}}
    assert [name for name, _ in imported({"a.json": openapi({"A": map_})}).documents] == ["A"]


def test_long_chains_need_no_stack() -> None:
    number = 1_000
    parents: dict[str, Any] = {
        f"A{i}": {"allOf": [ref(f"A{i + 1}"), record(**{f"a{i % 9}": TEXT})]} for i in range(number)
    }
    aliases: dict[str, Any] = {f"B{i}": {"allOf": [ref(f"B{i + 1}")]} for i in range(number)}
    unions: dict[str, Any] = {f"C{i}": {"oneOf": [ref(f"C{i + 1}")]} for i in range(number)}
    ends: dict[str, Any] = dict.fromkeys((f"A{number}", f"B{number}", f"C{number}"), TEXT)
    source = openapi(parents | aliases | unions | ends)
    assert len(imported({"api.json": source}).documents) == 3 * number + 3


# Unions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["beside", "in allOf"])
def test_properties_and_alternatives_are_a_base_and_a_model_for_each(shape: str) -> None:
    one_of = {"oneOf": [ref("A"), ref("B")]}
    base = record("id", id=TEXT) | {"description": "d"}
    both = base | one_of if shape == "beside" else {"description": "d", "allOf": [base, one_of]}
    schemas = {"A": record("a", a=TEXT), "B": record("b", b=NUMBER), "X": both}
    specs, _ = read(schemas)
    assert specs[2].startswith("union: X\ndescription: d\n")
    assert "  - XA\n  - XB\n" in specs[2]
    base_spec = (
        "model: XBase\nabstract: true\nfields:\n  id:\n    type: string\n    required: true\n"
    )
    assert specs[3].replace("description: d\n", "") == base_spec
    assert specs[4] == "model: XA\nextends: [XBase, A]\nfields: {}\n"


def test_base_with_a_discriminator_and_children() -> None:
    discriminator = {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat"}}
    schemas = {
        "Pet": record("kind", kind=TEXT, name=TEXT) | {"discriminator": discriminator},
        "Cat": {"allOf": [ref("Pet"), record(lives=NUMBER)]},
        "Dog": {"allOf": [ref("Pet")]},
        "Owner": record(pet=ref("Pet")),
    }
    specs, found = read(schemas)
    assert specs[0] == lines(
        """
        union: Pet
        discriminator: kind
        members:
          - Cat
          - Dog
        mapping:
          cat: Cat
          Dog: Dog
        """
    )
    assert specs[1].startswith("model: PetBase\nabstract: true\n")
    assert specs[2].startswith("model: Cat\nextends: [PetBase]\n")
    assert specs[3] == "model: Dog\nextends: [PetBase]\nfields: {}\n"
    assert "type: Pet\n" in specs[4]
    assert found == {"discriminator": 1}


def test_alternatives_of_required_keys_are_a_loss() -> None:
    choice = {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}
    specs, found = read({"A": record(a=TEXT, b=TEXT) | choice})
    assert specs[0].startswith("model: A\n")
    assert found == {"`anyOf` of `required`!": 1}


# References ---------------------------------------------------------------------------------------


def test_references_into_a_definition_name_what_they_lead_to_by_its_place() -> None:
    inner = {"$ref": "#/components/schemas/A/properties/b/items"}
    specs, found = read({"A": record(a=inner, b={"type": "array", "items": record(c=TEXT)})})
    assert "  a:\n    type: ABItem\n  b:\n    type: list[ABItem]\n" in specs[0]
    assert specs[1].startswith("model: ABItem\n")
    assert found == {}


def test_recursive_reference_in_openapi_leads_to_the_definition_around_it() -> None:
    one_of = {"oneOf": [ref("Other"), {"$recursiveRef": "#"}]}
    filters = record(filters={"type": "array", "items": one_of}) | {"$recursiveAnchor": True}
    specs, _ = read({"Filter": filters, "Other": record("a", a=TEXT)})
    assert specs[1].startswith("union: FilterFiltersItem\nmembers:\n  - Other\n  - Filter\n")
    filters = {"type": "array", "items": {"oneOf": [TEXT, {"$recursiveRef": "#"}]}}
    specs, _ = read({"Filter": record(filters=filters) | {"$recursiveAnchor": True}})
    assert specs == ["model: Filter\nfields:\n  filters:\n    type: list[string | Filter]\n"]


def test_keywords_beside_a_reference() -> None:
    field = ref("Name") | {"maxLength": 3, "description": "d"}
    schemas = {"Name": TEXT, "A": record(name=field)}
    specs, found = read(schemas, "3.0.3")
    assert specs[1] == "model: A\nfields:\n  name:\n    type: Name\n    description: d\n"
    assert found == {"beside `$ref`": 1}
    specs, found = read(schemas, "3.1.0")
    assert "    type: Name\n    maxLength: 3\n" in specs[1]
    assert found == {}


def test_definitions_of_several_files() -> None:
    order = {
        "title": "Order",
        "type": "object",
        "properties": {"user": {"$ref": "common/user.json"}, "tag": {"$ref": "#/definitions/tag"}},
        "definitions": {"tag": record(a=TEXT)},
    }
    user = record(name={"$ref": "../order.json#/definitions/tag"})
    translation = imported({"order.json": order, "common/user.json": user})
    assert [name for name, _ in translation.documents] == ["Order", "tag", "User"]
    specs = specs_of(translation)
    assert "type: User\n" in specs
    assert specs.count("type: tag\n") == 2


def test_document_that_only_refers_to_one_of_its_definitions() -> None:
    source = {"$ref": "#/definitions/Order", "definitions": {"Order": record(a=TEXT)}}
    assert [name for name, _ in imported({"order.json": source}).documents] == ["Order"]


# OpenAPI ------------------------------------------------------------------------------------------


def test_bodies_of_operations() -> None:
    def body(schema: Any, media: str = "application/json") -> dict[str, Any]:
        return {"content": {media: {"schema": schema}}}

    put = {
        "operationId": "put_user",
        "parameters": [{"name": "id", "in": "path", "schema": TEXT}],
        "requestBody": body(record(a=TEXT), "application/merge-patch+json"),
        "responses": {
            "200": body(ref("User")),
            "4XX": body({"type": "array", "items": ref("User")}),
            "default": {"$ref": "#/components/responses/Error"},
        },
    }
    get = {"responses": {"200": body(record(b=TEXT)) | {"headers": {"x": {}}}}}
    upload = {"operationId": "upload", "requestBody": body(record(c=TEXT), "multipart/form-data")}
    components = {
        "schemas": {"User": record(a=TEXT)},
        "responses": {"Error": body(record(message=TEXT))},
        "requestBodies": {"Login": body(record(name=TEXT))},
    }
    source = openapi({}, paths={"/users/{id}": {"put": put, "get": get, "post": upload}})
    source["components"] = components
    translation = imported({"api.json": source})
    assert [name for name, _ in translation.documents] == [
        "User",
        "LoginRequest",
        "ErrorResponse",
        "GetUsersIdResponse200",
        "PutUserRequest",
        "PutUserResponse4XX",
    ]
    found = translation.findings.found
    assert counts(found) == {"parameters": 1, "headers": 1, "bodies that are not JSON": 1}


def test_what_is_beside_alternatives_is_said_of_each() -> None:
    schemas = {
        "Text": {"type": "string", "anyOf": [{"maxLength": 3}, {"pattern": "^x"}]},
        "Only": record(a=TEXT) | {"anyOf": [record("b", b=NUMBER)]},
        "Kinds": record("a", a=TEXT) | {"anyOf": [record(b=NUMBER), {"type": "string"}]},
        "Self": {"anyOf": [ref("Self") | {"maxLength": 3}, TEXT], "minLength": 1},
    }
    specs, _ = read(schemas)
    assert "alias: TextValue\ntype: string\nmaxLength: 3\n" in specs
    assert "alias: TextValue2\ntype: string\npattern: ^x\n" in specs
    only = next(each for each in specs if each.startswith("model: Only\n"))
    assert "  a:\n    type: string\n" in only
    assert "  b:\n    type: int64\n    required: true\n" in only
    kinds = next(each for each in specs if each.startswith("model: Kinds\n"))
    assert "  b:\n    type: int64\n" in kinds


def test_parts_that_limit_the_properties_of_others_are_a_loss() -> None:
    limits = {"type": "object", "additionalProperties": NUMBER}
    specs, found = read({"A": {"allOf": [record(a=TEXT), limits]}})
    assert specs[0].startswith("model: A\nadditionalProperties: int64\n")
    assert found == {"`additionalProperties` in `allOf`!": 1}


@pytest.mark.parametrize("others", [{}, {"additionalProperties": True}])
@pytest.mark.parametrize("properties", [{}, {"properties": {"a": TEXT}}])
def test_keys_of_a_pattern_that_may_have_any_value_are_as_all_others(
    others: dict[str, Any], properties: dict[str, Any]
) -> None:
    schema = {"type": "object", **properties, **others}
    plain, _ = read({"A": schema})
    specs, found = read({"A": schema | {"patternProperties": {"^x-": {}, "^y-": True}}})
    assert (specs, found) == (plain, {})
