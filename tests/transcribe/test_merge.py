"""Pages of one API whose packages, titles, names and types differ between languages."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.page_sets import NO, YES, fields, page, table, values
from modelsync.render.render import render
from modelsync.schema.definitions import Definition, Enum, Field, Model
from modelsync.schema.for_language import of_language
from modelsync.schema.schema import Schema
from modelsync.schema.types import Nullable, Ref, Scalar
from modelsync.schema.values import Object
from modelsync.spec.read import read_schema
from modelsync.spec.write import write_specs
from modelsync.targets import target_class
from modelsync.transcribe import transcribe
from modelsync.transcribe.round_trip import page_differences

Folders = Mapping[str, Mapping[str, str]]


def merged(folders: Folders) -> Schema:
    """Return the schema of pages in several languages, all of which must come back."""
    files = {
        label: {path: text.encode() for path, text in pages.items()}
        for label, pages in folders.items()
    }
    run = transcribe(files)
    schema = read_schema(write_specs(run.schema, "specs"), "specs")
    wrong = []
    for origin, settings in zip(run.sets, run.settings, strict=True):
        target = target_class("markdown")(of_language(schema, origin.notation), settings)
        made = {path: output.data for path, output in render([target]).items()}
        wrong += [
            str(each.help)
            for each in page_differences(origin, files[origin.label], made, settings.out)
        ]
        assert len(made) == len(files[origin.label])
    assert wrong == []
    assert run.problems == ()
    return schema


def plain(title: str, *rows: list[str]) -> str:
    """Return the page of a model without an example."""
    cells = [[f"`{name}`", *rest, YES, "N/A"][:4] for name, *rest in rows]
    return page(title, "Fields", table(("Field", "Type", "Required", "Description"), cells))


def typescript(title: str, package: str, value: str, *rows: list[str]) -> str:
    usage = f'import {{ {title} }} from "sdk/models/{package}";\n\nlet value: {title} = {value};'
    return fields(title, *rows, usage=usage)


def names_of(definition: Definition) -> list[str]:
    assert isinstance(definition, Model)
    return [field.json_key for field in definition.fields]


def field_of(schema: Schema, id_: str, wire: str) -> Field:
    model = schema.by_id[id_]
    assert isinstance(model, Model)
    return next(field for field in model.fields if field.json_key == wire)


def test_a_flat_language_matches_each_package_of_another() -> None:
    schema = merged(
        {
            "go": {
                "docs/models/components/user.md": plain("User", ["ID", "*string*"]),
                "docs/models/components/team.md": plain("Team", ["Size", "*int64*"]),
                "docs/models/operations/getuserrequest.md": plain(
                    "GetUserRequest", ["ID", "*string*"]
                ),
                "docs/models/operations/getuserresponse.md": plain(
                    "GetUserResponse",
                    ["User", "[components.User](../../models/components/user.md)"],
                ),
            },
            "py": {
                "docs/models/user.md": plain("User", ["id", "*str*"]),
                "docs/models/team.md": plain("Team", ["size", "*int*"]),
                "docs/models/getuserrequest.md": plain("GetUserRequest", ["id", "*str*"]),
                "docs/models/getuserresponse.md": plain(
                    "GetUserResponse", ["result", "[models.User](../models/user.md)"]
                ),
            },
        }
    )
    assert schema.by_id["operations.GetUserRequest"].only == ()
    assert schema.by_id["components.User"].only == ()
    # A response with an envelope is a separate model.
    assert schema.by_id["operations.GetUserResponse"].only == ("go",)
    assert schema.by_id["components.GetUserResponse"].only == ("python",)


def test_errors_match_in_any_package_and_with_a_suffix() -> None:
    folders = {
        "go": {"docs/models/apierrors/error.md": plain("Error", ["Code", "*string*"])},
        "py": {"docs/models/errors/error.md": plain("Error", ["code", "*str*"])},
        "ts": {
            "docs/models/sdkerrors/errort.md": typescript(
                "ErrorT", "sdkerrors", '{\n  code: "<value>",\n}', ["code", "*string*"]
            )
        },
    }
    (error,) = merged(folders).definitions
    assert (error.name, error.only, error.names) == ("Error", (), {"typescript": "ErrorT"})


def test_spellings_of_a_field_with_different_words_are_one_field() -> None:
    folders = {
        "go": {"docs/models/components/site.md": plain("Site", ["APIURL", "**string*", NO])},
        "py": {"docs/models/site.md": plain("Site", ["api_url", "*OptionalNullable[str]*", NO])},
    }
    (site,) = merged(folders).definitions
    assert names_of(site) == ["api_url"]
    assert isinstance(site, Model)
    assert site.fields[0].type == Nullable(Scalar("string"))
    two = {
        "go": {"docs/models/components/site.md": plain("Site", ["APIURL", "*string*"])},
        "py": {"docs/models/site.md": plain("Site", ["api_url", "*str*"], ["apiurl", "*str*"])},
    }
    (site,) = merged(two).definitions
    assert len(names_of(site)) == 2


def test_an_example_shows_the_types_of_its_own_pages() -> None:
    kind = "[components.Kind](../../models/components/kind.md)"
    colour = "[components.Colour](../../models/components/colour.md)"
    time = "[time.Time](https://pkg.go.dev/time#Time)"
    red = 'import { Colour } from "sdk/models/components";\n\nlet value: Colour = Colour.Red;'
    usage = (
        'import { A, Colour } from "sdk/models/components";\n\nlet value: A = {\n  kind: "a",\n'
        '  colour: Colour.Red,\n  at: "2024-01-01T00:00:00Z",\n};'
    )
    schema = merged(
        {
            "go": {
                "docs/models/components/a.md": plain(
                    "A", ["Kind", kind], ["Colour", colour], ["At", time]
                ),
                "docs/models/components/kind.md": values("Kind", ("KindA", "a")),
                "docs/models/components/colour.md": values("Colour", ("ColourRed", "red")),
            },
            "ts": {
                "docs/models/components/a.md": fields(
                    "A", ["kind", '*"a"*'], ["colour", colour], ["at", "*string*"], usage=usage
                ),
                "docs/models/components/colour.md": values(
                    "Colour", ("Red", "red"), usage=red, fence="typescript"
                ),
            },
        }
    )
    assert isinstance(schema.by_id["components.Kind"], Enum)
    assert field_of(schema, "components.A", "kind").type == Ref("components.Kind")
    example = schema.by_id["components.A"].example
    assert isinstance(example, Object)
    assert dict(example.items)["kind"] == "a"


def test_a_json_key_may_have_a_sign_that_a_description_shows() -> None:
    row = ["atType", "*string*"]
    value = '{\n  atType: "a",\n}'
    one = typescript("One", "components", value, [*row, YES, "Any, with a @type that says which."])
    schema = merged(
        {
            "ts": {
                "docs/models/components/one.md": one,
                "docs/models/components/two.md": typescript("Two", "components", value, row),
                "docs/models/components/three.md": typescript(
                    "Three", "components", '{\n  atTime: "a",\n}', ["atTime", "*string*"]
                ),
            }
        }
    )
    wires = {each.name: names_of(each) for each in schema.definitions}
    assert wires == {"One": ["@type"], "Two": ["@type"], "Three": ["atTime"]}
    assert schema.by_id["components.Two"].example == Object((("@type", "a"),))
