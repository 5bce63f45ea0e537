import json
from collections.abc import Mapping

import pytest

from modelsync.errors import Problem
from modelsync.importer.library.references import Library
from modelsync.importer.text.tree import Json, JsonList, JsonObject


def library(
    files: Mapping[str, object], *given: str, allow_outside: bool = False
) -> tuple[Library, list[Problem]]:
    """Return a library of some files, of which `given` are imported, and its problems."""
    problems: list[Problem] = []
    reads: list[str] = []

    def read(path: str) -> bytes | None:
        assert path not in reads, "a file is read once"
        reads.append(path)
        content = files.get(path)
        if content is None or isinstance(content, bytes):
            return content
        return json.dumps(content).encode()

    made = Library(read, problems, allow_outside)
    made.add(given or files)
    return made, problems


def at(value: Json, *keys: str | int) -> JsonObject:
    for key in keys:
        if isinstance(key, int):
            assert isinstance(value, JsonList)
            value = value[key]
        else:
            assert isinstance(value, JsonObject)
            value = value[key]
    assert isinstance(value, JsonObject)
    return value


def target(files: Mapping[str, object], *keys: str | int, keyword: str = "$ref") -> Json:
    """Return what the reference at some keys of the first file leads to."""
    path = next(iter(files))
    made, problems = library(files, path)
    found = made.target(at(made.documents[0].source.root, *keys), keyword)
    assert problems == []
    return found


def why_not(files: Mapping[str, object], *keys: str | int) -> Problem:
    """Return why the reference at some keys of the first file leads nowhere."""
    path = next(iter(files))
    made, problems = library(files, path)
    schema = at(made.documents[0].source.root, *keys)
    assert made.target(schema) is schema
    assert made.target(schema) is schema
    [problem] = problems
    assert problem.position == schema.at("$ref")
    assert problem.help
    return problem


A = {"type": "string", "title": "A"}


@pytest.mark.parametrize(
    ("holder", "ref"),
    [
        ({"$defs": {"a": A}}, "#/$defs/a"),
        ({"a/b~c %": A}, "#/a~1b~0c%20%25"),
        ({"prefixItems": [{}, A]}, "#/prefixItems/1"),
        ({"$defs": {"a": {**A, "$anchor": "x"}}}, "#x"),
        ({"$defs": {"a": {**A, "$id": "other.json"}}}, "other.json"),
        ({"$id": "https://x.org/y/", "$defs": {"a": {**A, "$id": "z/"}}}, "https://x.org/y/z/"),
        ({"$id": "https://x.org/y/", "$defs": {"a": {**A, "$id": "/z"}}}, "../z#"),
        ({"$id": "https://x.org/y/", "$defs": {"a": A}}, "http://x.org/y/#/$defs/a"),
        ({"$id": "urn:x:y", "$defs": {"a": {**A, "$anchor": "x"}}}, "urn:x:y#x"),
        ({"$defs": {"a": {"$id": "tag:x", "$defs": {"b": A}}}}, "tag:x#/$defs/b"),
        ({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"x": A}}}, "#/$defs/a/x"),
        ({"$defs": {"a": A}, "items": {"$id": "x", "$ref": "#/$defs/a"}}, "#/$defs/a"),
    ],
)
def test_a_reference_leads_to_the_schema_at_a_pointer_an_anchor_or_a_uri(
    holder: dict[str, object], ref: str
) -> None:
    found = target({"a.json": {"items": {"$ref": ref}, **holder}}, "items")
    assert isinstance(found, JsonObject)
    assert found["title"] == "A"


@pytest.mark.parametrize("draft", ["04", "06", "07"])
def test_old_drafts_have_anchors_in_ids_and_no_ids_beside_references(draft: str) -> None:
    id_ = "id" if draft == "04" else "$id"
    schema = {
        "$schema": f"http://json-schema.org/draft-{draft}/schema#",
        "definitions": {
            "a": {**A, id_: "#x"},
            "b": {id_: "http://x.org/", "$ref": "#x"},
            "c": {
                id_: "http://y.org/",
                "items": {"$ref": "#/definitions/d"},
                "definitions": {"d": A},
            },
        },
    }
    assert target({"a.json": schema}, "definitions", "b") == {**A, id_: "#x"}
    assert target({"a.json": schema}, "definitions", "c", "items") == A


def test_data_is_not_taken_for_ids() -> None:
    schema = {
        "enum": [{"$id": "https://x.org/b"}],
        "properties": {"$id": A, "id": {"const": {"$anchor": "x"}}},
        "$defs": {"b": {**A, "$id": "https://x.org/b"}, "c": {**A, "$anchor": "x"}},
        "items": {"$ref": "https://x.org/b"},
        "not": {"$ref": "#x"},
    }
    assert target({"a.json": schema}, "items") == schema["$defs"]["b"]  # type: ignore[index]
    assert target({"a.json": schema}, "not") == schema["$defs"]["c"]  # type: ignore[index]


def test_references_lead_to_other_files_by_path_and_by_uri() -> None:
    files = {
        "api/a.yaml": b"openapi: 3.0.3\npaths:\n  /x:\n    $ref: 'paths/x%20y.yaml#/~1x'\n",
        "api/paths/x y.yaml": {"/x": {"get": {"$ref": "../b.json"}}},
        "api/b.json": {"$id": "https://x.org/s/b.json", "items": {"$ref": "c.json"}, "title": "B"},
        "api/c.json": {"title": "C", "not": {"$ref": "https://x.org/s/b.json#/items"}},
        "api/d.json": {"$id": "https://x.org/t/d.json", "items": {"$ref": "../s/e.json"}},
    }
    made, problems = library(files, "api/a.yaml", "api/d.json")
    path = at(made.target(at(made.documents[0].source.root, "paths", "/x")))
    b = at(made.target(at(path, "get")))
    c = at(made.target(at(b, "items")))
    assert [b["title"], c["title"]] == ["B", "C"]
    assert made.target(at(c, "not")) is at(b, "items")
    assert problems == []
    assert [made.dialect(schema).name for schema in (path, b)] == [
        "OpenAPI 3.0",
        "JSON Schema 2020-12",
    ]
    assert [source.path for source in made.sources] == [
        "api/a.yaml",
        "api/d.json",
        "api/paths/x y.yaml",
        "api/b.json",
        "api/c.json",
    ]


def test_a_reference_by_url_leads_to_the_file_with_the_same_place_beside() -> None:
    files = {
        "s/a.json": {
            "$id": "https://x.org/v1/a.json",
            "items": {"$ref": "https://x.org/v1/b.json"},
        },
        "s/b.json": A,
    }
    assert target(files, "items") == A


def test_the_same_schema_is_the_same_object() -> None:
    schema = {
        "$id": "https://x.org/a.json",
        "$defs": {"a": A},
        "allOf": [{"$ref": ref} for ref in ("#/$defs/a", "a.json#/%24defs/a", "/a.json#/$defs/a")],
    }
    made, problems = library({"a.json": schema})
    root = made.documents[0].source.root
    found = [made.target(at(root, "allOf", number)) for number in range(3)]
    assert found[0] is found[1] is found[2] is at(root, "$defs", "a")
    assert problems == []


def test_references_between_files_with_relative_ids_are_relative_to_what_those_mean() -> None:
    files = {
        "opened/a.json": {"$id": "opened$a", "items": {"$ref": "common/b.json"}},
        "common/b.json": {"$id": "common/b.json", "items": {"$ref": "c.json"}},
        "common/c.json": {"$id": "/api/c", "items": {"$ref": "b.json"}},
    }
    made, problems = library(files)
    a, b, c = (document.source.root for document in made.documents)
    assert made.target(at(a, "items")) is b
    assert made.target(at(b, "items")) is c
    assert made.target(at(c, "items")) is b
    assert problems == []
    alone = why_not(files, "items")
    assert "does not exist" in alone.message
    assert "all files of that folder" in alone.help


def test_a_circle_through_a_schema_is_fine_and_one_of_references_is_a_problem() -> None:
    tree = {"properties": {"next": {"$ref": "#"}}, "required": ["next"]}
    assert target({"a.json": tree}, "properties", "next") == tree
    circle = {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}
    assert why_not({"a.json": circle}, "$defs", "a").message == "`#/$defs/b` leads back to itself"


@pytest.mark.parametrize(
    ("ref", "code", "message", "help_"),
    [
        ("#/$defs/Usr", "MS138", "there is no `Usr`", "did you mean `User`?"),
        ("#/definitions/User", "MS138", "there is no `definitions`", ""),
        ("User", "MS138", "the file `s/User` does not exist", "did you mean `#/$defs/User`?"),
        ("#User", "MS138", "there is no anchor `User`", "did you mean `#/$defs/User`?"),
        ("#$defs/User", "MS138", "there is no anchor `$defs/User`", "did you mean `#/$defs/User`?"),
        ("b.jsn", "MS138", "the file `s/b.jsn` does not exist", ""),
        ("b.json", "MS139", "the file `s/b.json` cannot be read", ""),
        ("#/type", "MS138", "a value that is not a schema", ""),
        ("../a.json", "MS139", "`a.json` is outside the folders of the given files", "give that"),
        ("/etc/passwd", "MS139", "`/etc/passwd` is outside", "--allow-outside"),
        ("%2e%2e/a.json", "MS139", "outside", "--allow-outside"),
        ("file:///etc/passwd", "MS139", "`/etc/passwd` is outside", "--allow-outside"),
        ("https://x.org/b", "MS139", "modelsync fetches none", "download it"),
        ("http://json-schema.org/draft-07/schema#/properties/x", "MS139", "meta-schema", ""),
        (3, "MS138", "`$ref` is not text", ""),
    ],
)
def test_a_reference_that_leads_nowhere_is_one_problem_with_help(
    ref: object, code: str, message: str, help_: str
) -> None:
    schema = {"type": "object", "$defs": {"User": A}, "items": {"$ref": ref}}
    files = {"s/a.json": schema, "s/b.json": b"{", "a.json": A}
    if ref == "b.json":
        made, problems = library(files, "s/a.json")
        assert made.target(at(made.documents[0].source.root, "items"))
        broken, problem = problems
        assert (broken.code, broken.position.path) == ("MS134", "s/b.json")
    else:
        problem = why_not(files, "items")
    assert problem.code == code
    assert message in problem.message
    assert help_ in problem.help


def test_files_outside_are_read_if_allowed_or_given() -> None:
    files = {"s/a.json": {"items": {"$ref": "../b.json"}}, "b.json": A}
    for given, allowed in ((("s/a.json",), True), (("s/a.json", "b.json"), False)):
        made, problems = library(files, *given, allow_outside=allowed)
        assert made.target(at(made.documents[0].source.root, "items")) == A
        assert problems == []


def test_the_meta_schemas_are_known() -> None:
    found = target(
        {"a.json": {"items": {"$ref": "http://json-schema.org/draft-07/schema#"}}}, "items"
    )
    assert isinstance(found, JsonObject)
    assert found["type"] == ["object", "boolean"]
    made, problems = library({"a.json": {"$ref": "https://json-schema.org/draft/2020-12/schema"}})
    made.target(at(made.documents[0].source.root))
    assert [(each.subject, each.is_loss) for each in made.findings.found] == [("meta-schema", True)]
    assert problems == []


def test_dynamic_references_lead_to_the_only_schema_that_they_can_mean() -> None:
    tree = {"$dynamicAnchor": "node", "items": {"$dynamicRef": "#node"}}
    assert target({"a.json": tree}, "items", keyword="$dynamicRef") == tree
    old = {"$recursiveAnchor": True, "items": {"$recursiveRef": "#"}}
    assert target({"a.json": old}, "items", keyword="$recursiveRef") == old
    made, problems = library({"a.json": {**tree, "$id": "a"}, "b.json": {**tree, "$id": "b"}})
    schema = at(made.documents[0].source.root, "items")
    assert made.target(schema, "$dynamicRef") is schema
    assert [(found.subject, found.is_loss) for found in made.findings.found] == [
        ("$dynamicRef", True)
    ]
    assert problems == []


@pytest.mark.parametrize(
    ("content", "dialect"),
    [
        ({"openapi": "3.0.1"}, "OpenAPI 3.0"),
        ({"openapi": "3.1.0"}, "OpenAPI 3.1"),
        (b"openapi: 3.2\n", "OpenAPI 3.2"),
        ({"$schema": "http://json-schema.org/draft-04/schema#"}, "JSON Schema draft-04"),
        ({"$schema": "https://json-schema.org/draft/2020-12/schema"}, "JSON Schema 2020-12"),
        ({"definitions": {}}, "JSON Schema draft-07"),
        ({"id": "http://x.org/", "definitions": {}}, "JSON Schema draft-04"),
        ({"$defs": {}}, "JSON Schema 2020-12"),
        ({"type": "string"}, "JSON Schema 2020-12"),
        (True, "JSON Schema 2020-12"),
    ],
)
def test_the_dialect_of_a_file_is_stated_or_guessed(content: object, dialect: str) -> None:
    made, problems = library(
        {"a.json" if content is not bytes else "a.yaml": content}
        if not isinstance(content, bytes)
        else {"a.yaml": content}
    )
    assert [document.dialect.name for document in made.documents] == [dialect]
    assert problems == []


@pytest.mark.parametrize(
    ("content", "message", "help_"),
    [
        ({"swagger": "2.0"}, "Swagger 2 is not supported", "npx swagger2openapi"),
        ({"asyncapi": "3.0.0"}, "AsyncAPI is not supported", "$defs"),
        ({"openapi": "4.0.0"}, "OpenAPI 4.0.0 is not supported", "3.0, 3.1, 3.2"),
        ([1], "the file is a list", "`openapi`"),
        ("x", "the file is a single value", "`openapi`"),
        (
            {"name": "x", "version": "1", "type": "module", "dependencies": {"y": "1"}},
            "the file is not an OpenAPI document or a JSON Schema",
            "`$ref`",
        ),
        (
            {"$schema": "https://x.org/s.json", "name": "x"},
            "the file is data that",
            "schema itself",
        ),
        ({"$schema": "http://json-schema.org/draft-03/schema#"}, "is not supported", "draft-04"),
    ],
)
def test_other_files_are_refused_with_help(content: object, message: str, help_: str) -> None:
    made, [problem] = library({"a.json": content})
    assert made.documents == []
    assert problem.code == "MS137"
    assert message in problem.message
    assert help_ in problem.help


def test_two_schemas_with_one_uri_and_missing_files_are_problems() -> None:
    a = {**A, "$id": "https://x.org/"}
    files = {"a.json": a, "b.json": {**a, "title": "B"}}
    _, [problem] = library(files)
    assert (problem.code, problem.position.path) == ("MS135", "b.json")
    _, none = library({"a.json": a, "b.json": a})
    assert none == []
    _, [problem] = library(files, "a.json", "c.json")
    assert (problem.code, problem.message) == ("MS133", "the file `c.json` cannot be read")


def test_the_place_of_a_schema_is_its_pointer() -> None:
    made, _ = library({"a.json": {"$defs": {"a/b": {"allOf": [A, {"not": A}]}}}})
    root = made.documents[0].source.root
    assert made.place_of(at(root)) == ""
    assert made.place_of(at(root, "$defs", "a/b", "allOf", 1, "not")) == "/$defs/a~1b/allOf/1/not"
    made, _ = library(
        {"a.yaml": b"a: &a\n  x: {type: string}\nb:\n  <<: *a\nc:\n  y: {type: string}\n$ref: '#'"}
    )
    root = made.documents[0].source.root
    assert made.place_of(at(root, "c", "y")) == "/c/y"


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("draft-07/schema#/definitions/nonNegativeInteger", {"type": "integer", "minimum": 0}),
        ("draft-04/schema#/definitions/positiveInteger", {"type": "integer", "minimum": 0}),
        ("draft-04/schema#/properties/exclusiveMinimum", {"type": "boolean"}),
        ("draft-06/schema#/properties/exclusiveMinimum", {"type": "number"}),
        ("draft/2019-09/meta/validation#/$defs/stringArray", {"type": "array"}),
        ("draft/2020-12/schema#/$defs/nonNegativeInteger", {"type": "integer"}),
        ("draft/2020-12/schema#/properties/%24recursiveRef", {"type": "string"}),
    ],
)
def test_the_parts_of_meta_schemas_are_known(part: str, expected: dict[str, object]) -> None:
    made, problems = library({"a.json": {"$ref": f"http://json-schema.org/{part}"}})
    found = made.target(at(made.documents[0].source.root))
    assert isinstance(found, JsonObject)
    assert expected.items() <= found.items()
    assert (problems, made.findings.found) == ([], [])


def test_a_part_of_a_meta_schema_with_schemas_in_it_is_a_loss() -> None:
    ref = "http://json-schema.org/draft-07/schema#/definitions/schemaArray"
    made, _ = library({"a.json": {"$ref": ref}})
    found = made.target(at(made.documents[0].source.root))
    made.target(at(found, "items"))
    assert [each.subject for each in made.findings.found] == ["meta-schema"]


@pytest.mark.parametrize(
    ("ref", "help_"),
    [
        ("common/b.json", "did you mean `s/c/b.json`?"),
        ("../b.json", "if it is `s/c/b.json`, correct the path"),
        ("https://x.org/c/b.json", "if it is `s/c/b.json`, set the `$id` of that file"),
    ],
)
def test_the_help_names_a_given_file_with_the_same_name(ref: str, help_: str) -> None:
    made, problems = library({"s/a.json": {"$ref": ref}, "s/c/b.json": A})
    made.target(at(made.documents[0].source.root))
    assert help_ in problems[0].help
