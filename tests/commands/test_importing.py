"""`modelsync import`: from files to a project, again and again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from helpers.projects import schema_in, write
from modelsync.cli import run
from modelsync.project.load import load

USER = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "description": "A customer",
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string", "description": "Never changes"},
        "home": {"$ref": "#/$defs/Address"},
    },
    "$defs": {"Address": {"type": "object", "properties": {"city": {"type": "string"}}}},
}
FORMS = ("one", "many", "bundled")
TAG = {"title": "Tag", "type": "object", "properties": {"name": {"type": "string"}}}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def save(path: str, schema: Mapping[str, Any]) -> None:
    write(Path(), {path: json.dumps(schema, indent=2) + "\n"})


def imports(*arguments: str, code: int = 0) -> None:
    assert run(["import", *arguments, "--into", "project"]) == code


def specs() -> dict[str, str]:
    found = Path("project/specs").rglob("*.yaml")
    return {path.relative_to("project/specs").as_posix(): path.read_text("utf-8") for path in found}


def test_a_new_project_can_be_generated(capsys: pytest.CaptureFixture[str]) -> None:
    save("user.json", USER)
    imports("user.json")
    assert capsys.readouterr().out == (
        "2 definitions: 2 models; 2 said in full, 0 with a loss\n"
        "2 files written, 0 deleted, 0 unchanged\n"
        "wrote modelsync.yaml\nwrote modelsync.schema.json\nwrote .gitattributes\n"
        "next: modelsync generate --project project\n"
    )
    assert specs()["user.yaml"] == (
        "model: User\ndescription: A customer\n"
        "fields:\n  id:\n    type: string\n    required: true\n"
        "    description: Never changes\n  home:\n    type: Address\n"
    )
    names = {settings.target for settings in load(Path("project")).config.targets}
    assert names >= {"python", "typescript", "go"}
    assert run(["generate", "-q", "--project", "project"]) == 0
    assert run(["check", "-q", "--project", "project"]) == 0


def test_an_existing_config_stays_and_names_are_valid_for_its_targets() -> None:
    # `my-models` cannot be a package of Python, which `modelsync generate` reports.
    config = "specs: api\ntargets:\n  ts: {target: typescript, out: gen}\n"
    config += "  python: {out: my-models}\n"
    write(Path("project"), {"modelsync.yaml": config})
    save("user.json", USER)
    imports("user.json", "--package", "crm.v1")
    assert Path("project/modelsync.yaml").read_text() == config
    assert sorted(path.name for path in Path("project/api/crm/v1").iterdir()) == [
        "address.yaml",
        "user.yaml",
    ]


def test_names_are_valid_for_a_target_of_docs_that_is_added_later() -> None:
    # For Python, the names are the same.
    save("a.json", {"title": "T", "properties": {"A": {"type": "string"}, "\uff21": {}}})
    imports("a.json")
    names = ("json-schema", "markdown", "openapi", "python")
    targets = "".join(f"  {name}: {{out: out/{name}}}\n" for name in names)
    write(Path("project"), {"modelsync.yaml": f"targets:\n{targets}"})
    assert run(["generate", "--project", "project"]) == 0


def test_every_form_of_schemas_can_be_generated_whatever_the_names_were() -> None:
    names = ("user", "User", "USER", "user ", "us_er", "us-er", "Us_Er", "x" * 197, "x" * 300)
    save("a.json", {"$defs": dict.fromkeys(names, TAG)})
    save("b.json", {"$defs": {"user": TAG, "us-er": {"type": "integer"}}})
    imports("a.json", "b.json")
    schemas = [f"{form}: {{target: json-schema, files: {form}, out: {form}}}" for form in FORMS]
    targets = ", ".join([*schemas, "openapi: {out: openapi}"])
    write(Path("project"), {"modelsync.yaml": f"targets: {{{targets}}}\n"})
    assert run(["generate", "--project", "project"]) == 0
    assert {"user", "us_er", "us-er"} <= set(
        json.loads(Path("project/openapi/openapi.json").read_text())["components"]["schemas"]
    )


def test_types_of_requests_and_responses_can_be_generated_in_a_project_that_has_them() -> None:
    hidden, secret = {"readOnly": True}, {"writeOnly": True}
    one = {"type": "object", "required": ["id"], "properties": {"id": hidden, "secret": secret}}
    two = {"type": "object", "required": ["key"], "properties": {"key": hidden}}
    either = {"anyOf": [{"$ref": "#/$defs/One"}, {"$ref": "#/$defs/Two"}]}
    fields = {
        "a": either,
        "b": {"type": "array", "items": either},
        "c": {"$ref": "#/$defs/OneRequest"},
    }
    use = {"type": "object", "properties": fields}
    in_code = dict.fromkeys(("TwoRequestSchema", "decode_two_request"), TAG)
    others = {"OneRequest": TAG, "one_response": TAG, "Either": either, "Use": use, **in_code}
    save("a.json", {"$defs": {"One": one, "Two": two, **others}})
    languages = "python: {out: a, variants: true}, typescript: {out: b, variants: true}"
    languages = f"{{{languages}, go: {{out: c, module: example.com/c, variants: true}}}}"
    write(Path("project"), {"modelsync.yaml": f"targets: {languages}\n"})
    imports("a.json")
    assert "type: OneRequestData\n" in Path("project/specs/use.yaml").read_text()
    assert run(["generate", "--project", "project"]) == 0


def test_unchanged_files_are_not_touched_and_edits_are_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    save("user.json", USER)
    imports("user.json")
    address, user = Path("project/specs/address.yaml"), Path("project/specs/user.yaml")
    before = address.stat().st_mtime_ns
    user.write_text(user.read_text().replace("Never changes", "Stays the same"))
    changed = json.loads(json.dumps(USER))
    changed["properties"]["age"] = {"type": "integer"}
    save("user.json", changed)
    capsys.readouterr()
    imports("user.json")
    output = capsys.readouterr().out
    assert "merged  specs/user.yaml: your edits and the changes in its source;" in output
    assert "1 file written, 0 deleted, 1 unchanged, 1 edited spec merged\n" in output
    assert address.stat().st_mtime_ns == before
    assert "Stays the same" in user.read_text()
    assert user.read_text().endswith("  age:\n    type: int64\n")

    changed["properties"]["id"]["description"] = "Is unique"
    save("user.json", changed)
    imports("user.json")
    assert "kept    specs/user.yaml: edited where its source changed" in capsys.readouterr().out
    assert "Stays the same" in user.read_text()


def test_what_a_source_no_longer_has_is_deleted_but_not_what_others_have() -> None:
    save("user.json", USER)
    save("tag.json", TAG)
    imports("user.json")
    imports("tag.json")
    assert sorted(specs()) == ["address.yaml", "tag.yaml", "user.yaml"]
    save("user.json", {**USER, "$defs": {}, "properties": {"id": {"type": "string"}}})
    imports("user.json")
    assert sorted(specs()) == ["tag.yaml", "user.yaml"]


def test_a_definition_of_several_sources_stays_as_long_as_one_has_it() -> None:
    shared = {"$defs": {"Money": {"type": "object", "properties": {"cents": {"type": "integer"}}}}}
    save("shared.json", {**shared, "type": "string"})
    for name in ("a", "b"):
        save(
            f"{name}.json",
            {"title": name.upper(), "properties": {"x": {"$ref": "shared.json#/$defs/Money"}}},
        )
        imports(f"{name}.json")
    save("a.json", {"title": "A", "properties": {"x": {"type": "string"}}})
    imports("a.json")
    assert "money.yaml" in specs()
    save("b.json", {"title": "B", "properties": {"x": {"type": "string"}}})
    imports("b.json")
    assert "money.yaml" not in specs()


def test_a_folder_stands_for_all_schemas_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    save("api/user.json", USER)
    save("api/more/tag.json", TAG)
    write(Path(), {"api/notes.md": "# Notes", "api/.hidden.json": "{", "api/a.json": "[]"})
    imports("api")
    assert "1 other file skipped: not a schema\n" in capsys.readouterr().out
    assert sorted(specs()) == ["address.yaml", "tag.yaml", "user.yaml"]
    Path("api/more/tag.json").unlink()
    imports("api")
    assert sorted(specs()) == ["address.yaml", "user.yaml"]


def test_a_file_that_cannot_be_read_keeps_its_specs(capsys: pytest.CaptureFixture[str]) -> None:
    save("user.json", USER)
    save("tag.json", TAG)
    imports("user.json", "tag.json")
    Path("tag.json").write_text('{"title": "Tag",')
    imports("user.json", "tag.json", code=1)
    printed = capsys.readouterr().err
    assert "tag.json:1:" in printed
    assert '1 | {"title": "Tag",' in printed
    assert sorted(specs()) == ["address.yaml", "tag.yaml", "user.yaml"]
    Path("tag.json").write_text("[]")
    imports("./user.json", "./tag.json", code=1)
    assert sorted(specs()) == ["address.yaml", "tag.yaml", "user.yaml"]


def test_a_definition_that_the_project_has_is_not_written_twice(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(Path("project"), {"specs/own.yaml": "model: User\ndescription: A customer\nfields: {}\n"})
    save("user.json", USER)
    imports("user.json", code=2)
    assert "MS141 `User` is already a definition of the project" in capsys.readouterr().err
    assert list(specs()) == ["own.yaml"]
    save("other.json", {**TAG, "title": "Address"})
    imports("user.json", "--package", "crm")
    imports("other.json", "--package", "crm", code=2)
    error = capsys.readouterr().err
    assert "MS141 `specs/crm/address.yaml` was imported from `../user.json`" in error


def test_losses_have_positions_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    schema = {
        "title": "A",
        "type": "object",
        "properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}},
    }
    save("a.json", {**schema, "required": ["a", "b"]})
    imports("a.json", code=1)
    captured = capsys.readouterr()
    assert captured.err.startswith(
        "MS142 the required property leads back to its own schema, so no document is complete\n"
        " --> a.json:5:5\n  |\n"
    )
    assert "2 losses: required 2\n1 definition: 1 model; 0 said in full, 1 with a loss\n" in (
        captured.out
    )


def test_a_reference_that_leads_nowhere_is_a_loss(capsys: pytest.CaptureFixture[str]) -> None:
    save("a.json", {"title": "A", "type": "object", "properties": {"a": {"$ref": "#/$defs/B"}}})
    imports("a.json", code=1)
    captured = capsys.readouterr()
    assert captured.err.startswith("MS138 ")
    assert "1 problem in the sources\n1 definition: 1 model; 0 said in full, 1 with a loss\n" in (
        captured.out
    )


@pytest.mark.parametrize(
    ("ref", "message", "help_"),
    [
        ("link.json", "`in/link.json` is a link to one outside", "--allow-outside"),
        ("folder/b.json", "`in/folder/b.json` is a link to one outside", "--allow-outside"),
        ("pipe", "`in/pipe` is not a regular file", "refer to a file"),
        ("\0", "does not exist", "correct the path"),
        ("-", "`in/-` does not exist", "correct the path"),
        ("x" * 5000, "cannot be read: File name too long", "correct the path"),
    ],
)
def test_a_reference_cannot_lead_elsewhere(
    ref: str, message: str, help_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    save("in/a.json", {"title": "A", "type": "object", "properties": {"a": {"$ref": ref}}})
    save("b.json", TAG)
    Path("in/link.json").symlink_to("../b.json")
    Path("in/folder").symlink_to("..")
    os.mkfifo("in/pipe")
    imports("in/a.json", code=1)
    captured = capsys.readouterr()
    assert message in captured.err
    assert help_ in captured.err
    assert set(specs()) == {"a.yaml"}


@pytest.mark.parametrize("arguments", [["in/link.json"], ["--allow-outside"]])
def test_a_link_that_was_given_or_allowed_is_followed(arguments: list[str]) -> None:
    save("in/a.json", {"title": "A", "type": "object", "properties": {"a": {"$ref": "link.json"}}})
    save("b.json", TAG)
    Path("in/link.json").symlink_to("../b.json")
    imports("in/a.json", *arguments)
    assert set(specs()) == {"a.yaml", "tag.yaml"}


def test_problems_of_the_project_show_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("project"), {"modelsync.yaml": "targets: 3\n"})
    save("user.json", USER)
    imports("user.json", code=2)
    assert "\n1 | targets: 3\n" in capsys.readouterr().err


def test_json_has_everything(capsys: pytest.CaptureFixture[str]) -> None:
    save("a.json", {"title": "A", "properties": {"a": {"$ref": "#"}}, "required": ["a"]})
    imports("a.json", "--format", "json", code=1)
    document = json.loads(capsys.readouterr().out)
    assert document["definitions"] == {
        "model": 1,
        "enum": 0,
        "union": 0,
        "alias": 0,
        "withLoss": 1,
    }
    (loss,) = document["losses"]
    assert (loss["path"], loss["line"], loss["column"]) == ("a.json", 4, 5)
    assert {"path": "specs/a.yaml", "change": "created"} in document["files"]
    Path("a.json").write_text("")
    imports("a.json", "--format", "json", code=2)
    assert json.loads(capsys.readouterr().out)["problems"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.json"], "File 'none.json' does not exist."),
        (["https://example.com/a.json"], "curl -fsSL https://example.com/a.json -o FILE"),
        (["a.json", "--package", "Crm"], "'Crm' is not a package"),
        (["a.json", "--package", "wire"], "`wire` is reserved"),
    ],
)
def test_bad_calls_are_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    save("a.json", TAG)
    imports(*arguments, code=2)
    assert message in capsys.readouterr().err
    assert not Path("project").exists()


def test_the_schema_is_the_same_from_any_folder(tmp_path: Path) -> None:
    save("user.json", USER)
    imports("user.json")
    first = specs()
    assert run(["import", str(tmp_path / "user.json"), "--into", str(tmp_path / "project")]) == 0
    assert specs() == first
    assert set(schema_in(tmp_path / "project").by_id) == {"User", "Address"}


def test_the_targets_of_the_config_accept_what_is_imported() -> None:
    """The config of a new project has pages, which show abstract models, too."""
    pets = {"oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]}
    cat = {"type": "object", "required": ["lives"], "properties": {"lives": {"type": "integer"}}}
    dog = {"type": "object", "required": ["tail"], "properties": {"tail": {"type": "string"}}}
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, **pets}
    save("pet.json", {**schema, "$defs": {"Cat": cat, "Dog": dog}})
    for _ in range(2):
        imports("pet.json")
    assert any("abstract: true" in text for text in specs().values())
    assert run(["generate", "-q", "--project", "project"]) == 0


def test_a_renamed_definition_keeps_its_name_wherever_it_is_used() -> None:
    save("user.json", USER)
    imports("user.json")
    path = Path("project/specs/address.yaml")
    path.write_text(path.read_text().replace("model: Address", "model: Place"), "utf-8")
    references = {key: {"$ref": "#/$defs/Address"} for key in ("work", "home")}
    save("user.json", {**USER, "properties": references})
    imports("user.json")
    assert specs()["address.yaml"] == "model: Place\nfields:\n  city:\n    type: string\n"
    assert specs()["user.yaml"].count("type: Place\n") == 2
    save("user.json", {**USER, "$defs": {"Address": {**TAG, "title": "A"}}})
    imports("user.json")
    assert "model: Place\n" in specs()["address.yaml"]
    assert "name:" in specs()["address.yaml"]
    assert run(["generate", "--project", "project", "--quiet"]) == 0


def test_a_reference_to_a_deleted_spec_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    save("user.json", USER)
    imports("user.json")
    Path("project/specs/address.yaml").rename("project/specs/place.yaml")
    path = Path("project/specs/place.yaml")
    path.write_text(path.read_text().replace("model: Address", "model: Place"), "utf-8")
    save("user.json", {**USER, "$defs": {"Address": {**TAG, "title": "A"}}})
    imports("user.json", code=1)
    printed = capsys.readouterr()
    assert "MS020 `Address` is not defined: you deleted its spec" in printed.err
    assert "1 problem in the specs" in printed.out
