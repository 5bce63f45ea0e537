"""Reference pages that someone has edited: each edit is in the specs, or is a clear problem."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.reference_round_trip import pages_of, read_pages
from modelsync.cli import run
from modelsync.errors import ProblemsError
from modelsync.schema.definitions import Enum, Field, Model, Union
from modelsync.schema.types import Ref, Scalar, Type
from modelsync.spec.read import read_schema

SPECS = {
    "specs/shop.yaml": """\
model: Entity
abstract: true
fields:
  id: {type: uuid, required: true, description: Unique.}
---
model: Order
description: A purchase.
extends: [Entity]
fields:
  lines: {type: "list[Line]", required: true, minItems: 1}
  note: {type: string | null, description: From the buyer., maxLength: 20, default: none}
  status: {type: pay.Status}
---
model: Line
fields:
  sku: {type: string, required: true, pattern: "^[A-Z]+$", example: TEA}
""",
    "specs/pay/status.yaml": """\
enum: Status
values:
  open: Not paid.
  paid: Paid.
---
union: Payment
discriminator: kind
members: [Card, Cash]
mapping: {card: Card, cash: Cash}
---
model: Card
fields:
  kind: {type: '"card"', required: true}
---
model: Cash
fields:
  kind: {type: '"cash"', required: true}
""",
}
PAGES = {path: data.decode("utf-8") for path, data in pages_of(read_schema(SPECS, "specs")).items()}
NOTE = 'From the buyer.<br />_Length: at most 20. Default: `"none"`._'


def edited(page: str, old: str, new: str) -> dict[str, str]:
    """Return the pages with one edit. Padding does not matter."""
    assert PAGES[page].count(old) == 1
    return PAGES | {page: PAGES[page].replace(old, new)}


def field(pages: dict[str, str], key: str, id_: str = "Order") -> Field:
    model = read_pages(pages).schema.by_id[id_]
    assert isinstance(model, Model)
    return model.by_json_key[key]


def problems(pages: dict[str, str]) -> list[str]:
    """Return the problems of pages, each with its position, its message and its help."""
    with pytest.raises(ProblemsError) as error:
        read_pages(pages)
    return [
        f"{problem.position} {problem.code} {problem.message}: {problem.help}"
        for problem in error.value.problems
    ]


def position(page: str, text: str) -> str:
    """Return the position of a text on an edited page."""
    before = page[: page.index(text)]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


# Edits that specs get -----------------------------------------------------------------------------


def test_descriptions_can_be_edited() -> None:
    pages = edited("Order.md", "A purchase.", "A sale of *one* `x` & more.\n\n- a\n- b")
    assert read_pages(pages).schema.by_id["Order"].description == (
        "A sale of *one* `x` & more.\n\n- a\n- b"
    )
    assert field(edited("Order.md", "From the buyer.", "Any."), "note").description == "Any."


def test_rows_can_be_added_and_removed() -> None:
    row = "| sku | string |"
    table = PAGES["Line.md"]
    (line,) = (each for each in table.split("\n") if '<a id="sku">' in each)
    added = f"{line}\n| size | `list[int32]` | no | In *Items: 1 to 3.* |"
    assert row not in table
    new = field(PAGES | {"Line.md": table.replace(line, added)}, "size", "Line")
    assert (str(new.type).count("min_items=1"), new.description) == (1, "In")
    model = read_pages(PAGES | {"Line.md": table.replace(f"{line}\n", "")}).schema.by_id["Line"]
    assert isinstance(model, Model)
    assert model.fields == ()


def test_types_and_facts_can_be_edited() -> None:
    note = edited("Order.md", NOTE, "*Length: 2 to 9. Read-only.*")
    found = field(note, "note")
    assert (found.description, found.has_default, found.read_only) == ("", False, True)
    assert "min_length=2, max_length=9" in str(found.type)
    types: dict[str, Type] = {
        "[Line](Line.md)": Ref("Line"),
        "Line": Ref("Line"),
        "`pay.Status`": Ref("pay.Status"),
        "`int64`": Scalar("int64"),
    }
    for text, type_ in types.items():
        assert field(
            edited("Order.md", "[Status](pay/Status.md) |", f"{text} |"), "status"
        ).type == (type_)


def test_values_and_members_can_be_edited() -> None:
    enum = read_pages(edited("pay/Status.md", "| `paid`", "| `late` | Soon. |\n| `paid`"))
    status = enum.schema.by_id["pay.Status"]
    assert isinstance(status, Enum)
    assert [each.json_value for each in status.values] == ["open", "late", "paid"]
    pages = edited("pay/Payment.md", '| `"cash"`', '| `"coin"` | [Cash](Cash.md) |\n| `"cash"`')
    pages["pay/Cash.md"] = PAGES["pay/Cash.md"].replace('"cash" ', '"cash" \\| "coin" ')
    union = read_pages(pages).schema.by_id["pay.Payment"]
    assert isinstance(union, Union)
    assert [tag for tag, _ in union.mapping] == ["card", "coin", "cash"]


def test_an_edited_example_is_the_one_of_the_spec() -> None:
    assert read_pages(PAGES).schema.by_id["Line"].example is None
    pages = edited("Line.md", '"sku": "TEA"', '"sku": "MILK"')
    assert "MILK" in str(read_pages(pages).schema.by_id["Line"].example)


def test_pages_can_be_written_by_hand() -> None:
    page = """\
# Box

Holds things.

| Field | Type | Required | Description |
|-|-|-|-|
| `size` | int64 | yes | How large. |
| tags | list[string] | No | |
"""
    docs = read_pages(PAGES | {"Box.md": page})
    box = docs.schema.by_id["Box"]
    assert isinstance(box, Model)
    assert [(each.json_key, each.required) for each in box.fields] == [
        ("size", True),
        ("tags", False),
    ]
    assert "Box" not in docs.places
    assert docs.places["Order"] == "specs/shop.yaml"


def test_first_lines_and_comments_can_be_deleted() -> None:
    without = {
        path: text.partition("<!-- More")[0].partition("\n\n")[2] for path, text in PAGES.items()
    }
    schema = read_pages(without).schema
    assert set(schema.by_id) == set(read_schema(SPECS, "specs").by_id)


def test_windows_line_endings_and_padding_do_not_matter() -> None:
    pages = {path: text.replace("\n", "\r\n") for path, text in PAGES.items()}
    assert read_pages(pages).schema == read_pages(PAGES).schema


# Problems -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "old", "new", "at", "problem"),
    [
        (
            "Order.md",
            "string \\| null",
            "strng \\| null",
            "strng",
            "MS020 unknown type or definition `strng`: did you mean `string`?",
        ),
        (
            "Order.md",
            "string \\| null",
            "string \\| %",
            "%",
            "MS021 unexpected character `%` in a type: ",
        ),
        (
            "Order.md",
            "list\\[[Line](Line.md)\\]",
            "list\\[[Line](Lin.md)\\]",
            "Lin.md",
            "MS120 link to `Lin.md`, which is not a reference page: did you mean `Line.md`?",
        ),
        (
            "Order.md",
            "list\\[[Line](Line.md)\\]",
            "list\\[[Card](Line.md)\\]",
            "Card",
            "MS120 link to the page of `Line` is called `Card`: write `[Line](Line.md)`",
        ),
        (
            "Order.md",
            "Length: at most 20.",
            "Length: 20 or less.",
            "Length",
            "MS119 unknown fact `Length: 20 or less.`: write `Length: 3 to 20.`",
        ),
        (
            "Order.md",
            "Length: at most 20.",
            "Be careful.",
            "Be",
            "MS119 unknown fact `Be careful.`: ",
        ),
        (
            "Order.md",
            "Length: at most 20.",
            "Range: 1 to 2.",
            "1 to",
            "MS023 `minimum` is for numbers",
        ),
        (
            "Order.md",
            "Length: at most 20.",
            "Unknown keys are refused.",
            "Unknown",
            "MS119 a field cannot have this fact",
        ),
        ("Order.md", '`"none"`', "`[1`", "`[1`", "MS119 expected a JSON value"),
        ("Order.md", '`"none"`', "`[1]`", "`[1]`", "MS030 the default of `note` does not match"),
        (
            "Order.md",
            "A purchase.",
            "A purchase.\n\n## Notes\n\nText.",
            "## Notes",
            "MS119 section `Notes` is not part of a spec",
        ),
        ("Order.md", "_Model in", "_Modl in", "Modl", "MS119 unknown fact `Modl in"),
        ("Order.md", "A purchase.", "A &#x202e;purchase.", "A &", "MS111 page contains U+202E"),
        ("Line.md", "| Yes ", "| Maybe ", "Maybe", "MS119 `Required` must be `Yes` or `No`"),
        ("Line.md", "| Yes ", "", "|\n\n##", "MS119 row has 3 cells, and the table has 4 columns"),
        ("Line.md", "| Required |", "| Needed |", "Needed", "MS119 unknown column `Needed`"),
        ("Line.md", "`^[A-Z]+$`", "`^[A-Z+$`", "[A-Z+$", "MS024 pattern"),
        (
            "Line.md",
            "\n## Example",
            "\nMore text.\n\n## Example",
            "More",
            "MS119 text below the table",
        ),
        ("pay/Status.md", "| `paid`", "| `open`", "`open` | Paid", "MS002 duplicate key `open`"),
        (
            "pay/Payment.md",
            "[Cash](Cash.md) |",
            "[Cash](../Cash.md) |",
            "../Cash",
            "MS120 link to `../Cash.md`, which is not a reference page: did you mean `Cash.md`?",
        ),
        (
            "pay/Payment.md",
            "document: 2",
            "docment: 2\nopen: maybe",
            "maybe",
            "MS013 `open` must be",
        ),
    ],
)
def test_problems_have_a_position_on_the_page(
    page: str, old: str, new: str, at: str, problem: str
) -> None:
    pages = edited(page, old, new)
    found = problems(pages)
    expected = f"docs/{page}:{position(pages[page], at)} {problem}"
    assert any(each.startswith(expected) for each in found), (expected, found)


def test_a_missing_page_is_a_problem_of_each_link() -> None:
    found = problems({path: text for path, text in PAGES.items() if path != "Line.md"})
    assert len(found) == 1
    assert "MS120 link to `Line.md`, which is not a reference page" in found[0]


def test_rows_of_inherited_fields_belong_to_the_parent() -> None:
    pages = edited("Order.md", "Unique.<br />", "Other.<br />")
    docs = read_pages(pages)
    (problem,) = docs.problems
    assert problem.code == "MS121"
    assert problem.message == "`id` is inherited from `Entity`, whose page differs and is used"
    assert problem.related[0][0].path == "docs/Entity.md"
    assert docs.schema == read_schema(SPECS, "specs")
    pages = edited("Order.md", "Unique.<br />_From [Entity](Entity.md)._", "Its own.")
    assert field(pages, "id").origin == ""
    assert field(pages, "id").description == "Its own."


def test_pages_of_a_package_and_of_a_larger_folder_are_read() -> None:
    whole = {f"a/docs/{path}": text for path, text in PAGES.items()} | {"a/b.md": "# Other"}
    docs = read_pages(whole)
    assert docs.schema == read_pages(PAGES).schema
    (origin,) = docs.sets
    assert (origin.folder, origin.others) == ("a/docs", 3)
    assert "Order.md" in origin.paths
    part = {path: text for path, text in PAGES.items() if path.startswith("pay/")}
    assert set(read_pages(part).schema.by_id) == {
        "pay.Status",
        "pay.Payment",
        "pay.Card",
        "pay.Cash",
    }


# The command --------------------------------------------------------------------------------------


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, SPECS)
    write(
        tmp_path,
        {
            "modelsync.yaml": "specs: specs\ntargets:\n"
            "  docs: {target: markdown, out: docs/models}\n  python: {out: py}\n"
        },
    )
    assert run(["generate"]) == 0
    return tmp_path


def test_a_new_project_has_the_same_pages(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["transcribe", "docs/models", "--into", "new"]) == 0
    assert "7      7              0            2  reference" in capsys.readouterr().out
    assert "target: markdown" in (project / "new/modelsync.yaml").read_text("utf-8")
    assert run(["generate", "--project", "new"]) == 0
    page = (project / "new/docs/models/pay/Status.md").read_text("utf-8")
    assert page == PAGES["pay/Status.md"]


def test_either_side_can_be_edited(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    specs = {path: (project / path).read_text("utf-8") for path in SPECS}
    assert run(["transcribe", "docs/models", "--into", "."]) == 0
    assert {path: (project / path).read_text("utf-8") for path in SPECS} == specs
    page = project / "docs/models/pay/Status.md"
    page.write_text(page.read_text("utf-8").replace("Not paid.", "Unpaid."), "utf-8")
    assert run(["transcribe", "docs/models", "--into", "."]) == 0
    spec = (project / "specs/pay/status.yaml").read_text("utf-8")
    assert "open: Unpaid." in spec
    write(project, {"specs/pay/status.yaml": spec.replace("paid: Paid.", "paid: All of it.")})
    assert run(["generate"]) == 0
    assert "All of it." in page.read_text("utf-8")
    assert run(["transcribe", "docs/models", "--into", "."]) == 0
    assert run(["check"]) == 0
    assert (project / "specs/pay/status.yaml").read_text("utf-8").count("All of it.") == 1
    capsys.readouterr()


def test_documents_in_another_form_are_replaced(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = project / "docs/models/Entity.md"
    page.write_text(page.read_text("utf-8").replace("Unique.", "The id."), "utf-8")
    assert run(["transcribe", "docs/models", "--into", "."]) == 1
    assert "MS121" in capsys.readouterr().err
    _, order, line = SPECS["specs/shop.yaml"].split("---\n")
    spec = (project / "specs/shop.yaml").read_text("utf-8").split("---\n")
    assert spec[1:] == [order, line]
    assert "    description: The id.\n" in spec[0]
    assert run(["generate"]) == 0
    assert run(["transcribe", "docs/models", "--into", "."]) == 0


def test_nothing_is_written_if_a_page_has_a_problem(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = project / "docs/models/Line.md"
    page.write_text(page.read_text("utf-8").replace("| string", "| strng "), "utf-8")
    assert run(["transcribe", "docs/models", "--into", "new"]) != 0
    captured = capsys.readouterr()
    assert "MS020 unknown type or definition `strng`" in captured.out + captured.err
    assert "docs/models/Line.md:11:" in captured.out + captured.err
    assert not (project / "new").exists()


def test_folders_of_other_pages_are_reported(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, {"other/a.md": "# A\n"})
    assert run(["transcribe", "docs/models", "other", "--into", "new"]) != 0
    captured = capsys.readouterr()
    assert "MS114" in captured.out + captured.err
