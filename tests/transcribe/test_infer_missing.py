"""Definitions without a page: they are marked as inferred, and all pages come back."""

from __future__ import annotations

from helpers.page_sets import NO, fields, there_and_back, typescript, union
from modelsync.schema.definitions import Enum, EnumValue, Model, Union
from modelsync.schema.types import ListOf, Scalar
from modelsync.transcribe import transcribe

IN = "docs/models/components/"
LINK = "(../../models/components/gone.md)"
GONE = f"[components.Gone]{LINK}"
VALUE = """{
  gone: {
    name: "x",
    count: 3,
    when: new Date("2026-01-31T12:00:00.000Z"),
    tags: [
      "a",
    ],
    more: null,
  },
  many: [
    {
      name: "y",
      count: "many",
      isOld: false,
    },
  ],
}"""
ROWS = (["gone", GONE], ["many", f"{GONE}[]"])


def test_a_model_without_a_page_is_inferred_in_each_notation() -> None:
    pages = {
        "go": fields(
            "A",
            ["Gone", GONE],
            ["Null", f"[*components.Gone]{LINK}"],
            ["Maybe", f"[*components.Gone]{LINK}", NO],
            ["Many", f"[]{GONE}"],
        ),
        "python": fields(
            "A",
            ["gone", GONE],
            ["maybe", f"[Optional[components.Gone]]{LINK}", NO],
            ["many", f"List[{GONE}]"],
        ),
        "typescript": typescript("A", *ROWS, ["maybe", GONE, NO]),
    }
    for notation, page in pages.items():
        back = there_and_back({f"{IN}a.md": page}, notation)
        assert (back.run.problems, back.inexact) == ((), ())
        gone = back.schema.by_id["components.Gone"]
        assert isinstance(gone, Model)
        assert gone.inferred
        assert gone.fields == ()
        assert not back.schema.by_id["components.A"].inferred
        assert back.written.keys() == {f"{IN}a.md"}
    folders = {name: {f"{IN}a.md": page.encode()} for name, page in pages.items()}
    schema = transcribe(folders).schema
    assert [each.id for each in schema.definitions] == ["components.A", "components.Gone"]


def test_a_model_has_the_fields_that_examples_show() -> None:
    back = there_and_back({f"{IN}a.md": typescript("A", *ROWS, value=VALUE)}, "typescript")
    assert (back.run.problems, back.inexact) == ((), ())
    gone = back.schema.by_id["components.Gone"]
    assert isinstance(gone, Model)
    assert gone.inferred
    assert {field.json_key: field.type for field in gone.fields} == {
        "name": Scalar("string"),
        "count": Scalar("any"),
        "when": Scalar("datetime"),
        "tags": ListOf(Scalar("string")),
        "more": Scalar("any"),
        "isOld": Scalar("bool"),
    }
    assert not any(field.required for field in gone.fields)


def test_a_language_that_shows_only_a_name_has_all_inferred_fields() -> None:
    go = fields("A", ["Gone", GONE], ["Many", f"[]{GONE}"])
    run = transcribe(
        {
            "go": {f"{IN}a.md": go.encode()},
            "typescript": {f"{IN}a.md": typescript("A", *ROWS, value=VALUE).encode()},
        }
    )
    gone = run.schema.by_id["components.Gone"]
    assert isinstance(gone, Model)
    assert len(gone.fields) == 6
    assert [field.only for field in gone.fields] == [()] * 6
    assert gone.only == ()


def test_an_enum_without_a_page_is_inferred() -> None:
    page = typescript("A", *ROWS, value='{\n  gone: "x",\n  many: [\n    "y",\n    "x",\n  ],\n}')
    back = there_and_back({f"{IN}a.md": page}, "typescript")
    assert (back.run.problems, back.inexact) == ((), ())
    gone = back.schema.by_id["components.Gone"]
    assert isinstance(gone, Enum)
    assert gone.inferred
    assert gone.open
    assert gone.values == (EnumValue("x"), EnumValue("y"))


def test_a_definition_with_a_page_in_another_language_is_not_inferred() -> None:
    typed = {f"{IN}a.md": typescript("A", ["gone", GONE])}
    typed[f"{IN}gone.md"] = typescript("Gone", ["name", "*string*"])
    run = transcribe(
        {
            "go": {f"{IN}a.md": fields("A", ["Gone", GONE]).encode()},
            "typescript": {path: page.encode() for path, page in typed.items()},
        }
    )
    gone = run.schema.by_id["components.Gone"]
    assert isinstance(gone, Model)
    assert not gone.inferred
    assert gone.only == ()
    assert [field.json_key for field in gone.fields] == ["name"]
    assert not gone.pages["go"].shown
    assert run.disagreements == ()


def test_a_definition_without_a_page_in_any_language_is_reported() -> None:
    run = transcribe(
        {
            "go": {
                f"{IN}a.md": fields("A", ["Gone", GONE]).encode(),
                f"{IN}b.md": fields(
                    "B", ["Gone", GONE], ["Far", "[far.Away](../models/far/away.md)"]
                ).encode(),
                f"{IN}c.md": fields(
                    "C", ["B", "[][components.B](../../models/components/b.md)"]
                ).encode(),
            },
            "typescript": {f"{IN}a.md": typescript("A", ["gone", GONE]).encode()},
        }
    )
    missing = [(each.name, str(each.position)) for each in run.missing_pages]
    assert missing == [
        ("components.Gone", f"go/{IN}a.md:8:56"),
        ("far.Away", f"go/{IN}b.md:9:56"),
    ]


def test_a_link_to_another_place_is_external() -> None:
    for link in ("../../models/other/gone.md", "../models/components/gone.md"):
        page = fields(
            "A",
            ["Gone", f"[components.Gone]({link})"],
            ["Null", f"[*components.Gone]({link})"],
            ["Maybe", f"[*components.Gone]({link})", NO],
            ["Many", f"[][components.Gone]({link})"],
        )
        back = there_and_back({f"{IN}a.md": page}, "go")
        assert (back.run.problems, back.inexact) == ((), ())
        external = back.schema.by_id["ComponentsGone"]
        assert isinstance(external, Union)
        assert external.external is not None


def test_a_member_of_a_union_without_a_page_is_inferred() -> None:
    code = "shape := components.CreateShapeGone({}{{/* values here */}})"
    for notation, head, name in (
        ("go", "Gone", code.format("components.Gone")),
        ("python", "`components.Gone`", "value: components.Gone = /* values here */"),
    ):
        back = there_and_back({f"{IN}shape.md": union("Shape", notation, (head, name))}, notation)
        assert (back.run.problems, back.inexact) == ((), ())
        assert back.schema.by_id["components.Gone"].inferred
    outside = union("Shape", "go", ("http.Response", code.format("http.Response")))
    schema = there_and_back({f"{IN}shape.md": outside}, "go").schema
    assert not any(each.inferred for each in schema.definitions)


def test_names_without_a_link_are_external_in_typescript() -> None:
    page = typescript("A", ["gone", "*components.Gone*"])
    shape = union(
        "Shape", "typescript", ("`components.Gone`", 'const value: components.Gone = "x";')
    )
    files = {f"{IN}a.md": page, f"{IN}shape.md": shape}
    back = there_and_back(files, "typescript")
    assert back.run.problems == ()
    assert not any(each.inferred for each in back.schema.definitions)


def test_an_example_that_cannot_be_read_is_ignored() -> None:
    page = typescript("A", *ROWS, value="{ gone: { name:")
    back = there_and_back({f"{IN}a.md": page}, "typescript")
    gone = back.schema.by_id["components.Gone"]
    assert isinstance(gone, Model)
    assert gone.fields == ()
