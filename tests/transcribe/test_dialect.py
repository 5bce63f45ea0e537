"""The options of the Markdown target that are detected from a set of pages."""

from __future__ import annotations

from typing import TypeGuard

import pytest

from helpers.page_sets import (
    FLAT,
    GO_B,
    IN,
    MDN,
    NO,
    exact_pages,
    fields,
    go_member,
    member,
    model_of,
    options_of,
    there_and_back,
    typescript,
    union,
    values,
)
from modelsync.schema.definitions import Model, Union
from modelsync.schema.types import ListOf, MapOf, Ref, Scalar, Type, walk
from modelsync.schema.values import Object
from modelsync.transcribe import transcribe


@pytest.mark.parametrize("step", [1, -1])
def test_the_default_wins_a_tie(step: int) -> None:
    rows = [["A", "*any*"], ["B", "*interface{}*"]]
    files = {f"{IN}x.md": fields("X", *rows[::step])}
    assert there_and_back(files, "go").run.settings[0].options["any"] == "any"


@pytest.mark.parametrize("above", ["sdk", "pkg", "src/lib"])
@pytest.mark.parametrize("given", [True, False])
def test_the_folders_above_the_models_are_detected_from_links(above: str, given: bool) -> None:
    up = "../" * (3 + above.count("/"))
    link = f"({up}{above}/models/shared/b.md)"
    # The folder that is read may be below the docs.
    root = f"docs/{above}/models/shared/" if given else "models/shared/"
    pages = {
        "go": fields(
            "A",
            ["B", f"[shared.B]{link}"],
            ["Maybe", f"[*shared.B]{link}", NO],
            ["Null", f"[*shared.B]{link}"],
            ["Many", f"[][shared.B]{link}"],
            ["Day", f"[*types.Date]({up}types/date.md)", NO],
        ),
        "typescript": typescript(
            "A",
            ["b", f"[shared.B]{link}"],
            ["many", f"Record<string, [shared.B]{link}[]>", NO],
            ["day", f"[RFCDate]({up}types/rfcdate.md)"],
        ).replace("sdk/models/components", "sdk/sdk/models/shared"),
        "python": fields(
            "A", ["b", f"[Optional[shared.B]]{link}", NO], ["many", f"List[[shared.B]{link}]"]
        ),
    }
    for notation, text in pages.items():
        example = typescript("B").replace("sdk/models/components", "sdk/sdk/models/shared")
        other = example if notation == "typescript" else fields("B")
        files = {f"{root}a.md": text, f"{root}b.md": other}
        options = options_of(files, notation)
        assert options["above"] == above
        model = model_of(there_and_back(files, notation), "shared.A")
        refs = {each.id for field in model.fields for each in walk(field.type) if is_ref(each)}
        assert refs == {"shared.B"}


def is_ref(type_: Type) -> TypeGuard[Ref]:
    return isinstance(type_, Ref)


@pytest.mark.parametrize("style", ["kebab", "snake"])
def test_the_style_of_file_names_is_detected_from_several_words(style: str) -> None:
    dash = "-" if style == "kebab" else "_"
    item, error = f"line{dash}item", f"http{dash}error{dash}t"
    options = options_of(
        {
            f"{FLAT}order.md": typescript(
                "Order",
                ["items", f"[models.LineItem](../models/{item}.md)[]"],
                ["error", f"[models.HTTPErrorT](../models/{error}.md)", NO],
                ["gone", f"[models.NotThere](../models/not{dash}there.md)", NO],
            ).replace("/components", ""),
            f"{FLAT}{item}.md": typescript("LineItem").replace("/components", ""),
            f"{FLAT}{error}.md": typescript("HTTPErrorT").replace("/components", ""),
            f"{FLAT}addressline2.md": typescript("AddressLine2").replace("/components", ""),
        }
    )
    assert options["files"] == style


def test_older_links_name_only_packages_other_than_their_own() -> None:
    many = [[name, "[*Own](../../models/operations/own.md)", NO] for name in "ABC"]
    other = [[name, "[][shared.B](../../models/shared/b.md)"] for name in "DEFG"]
    pages = {
        "docs/models/operations/a.md": fields("A", *many, *other),
        "docs/models/operations/own.md": GO_B.replace("# B", "# Own"),
        "docs/models/shared/b.md": GO_B,
    }
    assert options_of(pages, "go")["qualified"] is False


def test_older_go_pages_show_any_value_as_an_interface() -> None:
    code = [
        (tag, go_member("U", tag, type_))
        for tag, type_ in (("MapOfAny", "map[string]interface{}"), ("Any", "interface{}"))
    ]
    pages = {
        f"{IN}a.md": fields(
            "A",
            ["A", "*interface{}*"],
            ["B", "map[string]*interface{}*", NO],
            ["C", "[]*interface{}*", NO],
            ["New", "*any*"],
        ),
        f"{IN}u.md": union("U", "go", *(("", line) for _, line in code)),
    }
    assert options_of(pages, "go")["any"] == "interface{}"
    schema = there_and_back(pages, "go").schema
    model = schema.by_id["components.A"]
    assert isinstance(model, Model)
    anything = Scalar("any")
    expected = [anything, MapOf(anything), ListOf(anything)]
    assert [field.type for field in model.fields[:3]] == expected
    union_ = schema.by_id["components.U"]
    assert isinstance(union_, Union)
    assert union_.members == (MapOf(anything), anything)


def test_links_to_unions_may_show_types_instead_of_names_in_python() -> None:
    link = "(../../models/shared/u.md)"
    deep = "Union[str, List[Dict[str, Any]], shared.B]"
    for text in (deep, deep.replace("shared.", "")):
        pages = {
            "docs/models/shared/a.md": fields(
                "A",
                ["a", f"[{text}]{link}"],
                ["b", f"[Optional[{text}]]{link}", NO],
                ["c", f"List[[{text}]{link}]"],
                ["d", "[Optional[Union[str, int]]](../../models/shared/gone.md)", NO],
                ["e", f"[{text.split(', ')[-1][:-1]}](../../models/shared/b.md)"],
            ),
            "docs/models/shared/b.md": fields("B", ["a", "*str*"]),
            "docs/models/shared/u.md": union(
                "U",
                "python",
                ("", "u: str = /* values here */"),
                ("", "u: List[Dict[str, Any]] = /* values here */"),
                ("B", "u: shared.B = /* values here */"),
            ),
        }
        assert options_of(pages, "python")["unions"] == "types"
        model = model_of(there_and_back(pages, "python"), "shared.A")
        assert [field.type for field in model.fields[:3]] == [
            Ref("shared.U"),
            Ref("shared.U"),
            ListOf(Ref("shared.U")),
        ]
    # Where most links show names, a union shown by its types belongs to another set.
    named = [[name, f"[U]{link}"] for name in "fghij"]
    pages["docs/models/shared/more.md"] = fields("More", *named)
    assert options_of(pages, "python")["unions"] == "names"


def test_links_may_lack_the_package_and_lists_may_be_in_lower_case() -> None:
    link = "[{}B{}](../../models/shared/b.md)"
    pages = {
        "go": fields(
            "A",
            ["B", link.format("", "")],
            ["Maybe", link.format("*", ""), NO],
            ["Many", f"[]{link.format('', '')}"],
            ["Gone", "[*Gone](../../models/shared/gone.md)", NO],
        ),
        "python": fields(
            "A",
            ["b", link.format("", "")],
            ["maybe", link.format("Optional[", "]"), NO],
            ["many", f"list[{link.format('', '')}]"],
            ["map", "dict[str, list[*str*]]", NO],
        ),
        "typescript": typescript(
            "A", ["b", link.format("", "")], ["c", f"{link.format('', '')}[]"]
        ),
    }
    for notation, text in pages.items():
        inner = "docs/models/shared/"
        other = typescript("B") if notation == "typescript" else fields("B")
        files = {f"{inner}a.md": text, f"{inner}b.md": other}
        files = {path: each.replace("/components", "/shared") for path, each in files.items()}
        options = options_of(files, notation)
        assert options["qualified"] is False
        assert notation != "python" or options["generics"] == "list"
        model = model_of(there_and_back(files, notation), "shared.A")
        assert model.fields[0].type == Ref("shared.B")


def test_dates_have_several_forms_in_go_and_typescript() -> None:
    time = "https://pkg.go.dev/time#Time"
    for link in (time, "../../types/date.md"):
        day = ["Day", f"[types.Date]({link})"]
        pages = {f"{IN}a.md": fields("A", day, ["Until", f"[*types.Date]({link})", NO])}
        assert options_of(pages, "go")["dates"] == ("types" if link == time else "page")
        model = model_of(there_and_back(pages, "go"), "components.A")
        assert {field.type for field in model.fields} == {Scalar("date")}
    rows = (["day", "[Date](../../types/rfcdate.md)"], ["at", f"[Date]({MDN}Date)"])
    value = '{\n  day: new Date("2026-01-31"),\n  at: new Date("2026-01-31T12:00:00.000Z"),\n}'
    pages = {
        f"{IN}a.md": typescript("A", *rows, value=value),
        f"{IN}u.md": union("U", "typescript", member("Date", 'new Date("2026-01-31")')),
    }
    assert options_of(pages)["dates"] == "native"
    model = model_of(there_and_back(pages), "components.A")
    assert [field.type for field in model.fields] == [Scalar("date"), Scalar("datetime")]
    assert model.example == Object((("day", "2026-01-31"), ("at", "2026-01-31T12:00:00.000Z")))


def test_wrappers_in_go_show_fields_that_may_be_absent_and_null() -> None:
    def both(type_: str) -> str:
        return f"optionalnullable.OptionalNullable[{type_}]"

    link = "(../../models/components/b.md)"
    pages = {
        f"{IN}a.md": fields(
            "A",
            ["Text", both("`string`"), NO],
            ["List", both("[]`string`"), NO],
            ["Map", both("map[string]`any`"), NO],
            ["Any", both("`any`"), NO],
            ["Many", both(f"[][components.B]{link}"), NO],
            ["One", both(f"[components.B]{link}"), NO],
            ["At", both("[time.Time](https://pkg.go.dev/time#Time)"), NO],
            ["Big", both("[*big.Int](https://pkg.go.dev/math/big#Int)"), NO],
            ["Plain", "`*string`", NO],
            ["Free", "`any`", NO],
            ["Items", "[]`string`", NO],
            ["Null", "`*string`"],
        ),
        f"{IN}b.md": fields("B", ["ID", "`string`"]),
    }
    assert options_of(pages)["wrapped"] is True
    model = model_of(there_and_back(pages), "components.A")
    takes_null = [field.json_key for field in model.fields if field.nullable]
    assert takes_null == ["text", "list", "map", "many", "one", "at", "big", "null"]
    python = {
        "docs/models/a.md": fields("A", ["plain", "*OptionalNullable[str]*", NO], ["null", "*str*"])
    }
    run = transcribe(
        {
            "go": {path.replace("components/", ""): page.encode() for path, page in pages.items()},
            "python": {path: page.encode() for path, page in python.items()},
        }
    )
    subjects = {each.subject for each in run.disagreements}
    assert subjects == {"whether A.Plain may be null", "whether A.Null may be null"}
    wrong = fields("A", ["B", both("`string`")[:-1], NO])
    assert exact_pages({f"{IN}a.md": wrong, f"{IN}b.md": GO_B}, "go") == {f"{IN}b.md"}


def test_older_unions_of_python_have_titles_as_headings() -> None:
    pages = {
        f"{FLAT}shape.md": union(
            "SSEShape",
            "python",
            ("Circle", "sseShape: models.Circle = /* values here */"),
            ("", "sseShape: str = /* values here */"),
            ("", "sseShape: List[List[int]] = /* values here */"),
            ("", "sseShape: List[models.Circle] = /* values here */"),
        )
        .replace("SSEShape", "Shape")
        .replace("sseShape", "shape"),
        f"{FLAT}sseprompt.md": union(
            "SSEPrompt", "python", ("", "ssePrompt: Dict[str, Any] = /* values here */")
        ),
        f"{FLAT}circle.md": fields("Circle", ["size", "*int*"]),
    }
    assert options_of(pages)["headings"] == "titles"
    shape = there_and_back(pages).schema.by_id["models.Shape"]
    assert isinstance(shape, Union)
    assert shape.members == (
        Ref("models.Circle"),
        Scalar("string"),
        ListOf(ListOf(Scalar("int64"))),
        ListOf(Ref("models.Circle")),
    )


def test_most_pages_decide_whether_enums_have_examples() -> None:
    usage = "from sdk.models import {0}\n\nvalue = {0}.A"
    enums = {name: values(name, ("A", "a"), fence="python") for name in ("Aa", "Bb", "Cc")}
    enums["Bb"] = values("Bb", ("A", "a"), usage=usage.format("Bb"), fence="python")
    assert not options_of({f"{FLAT}{name.lower()}.md": text for name, text in enums.items()}).get(
        "usage"
    )
    with_usage = {
        name: values(name, ("A", "a"), usage=usage.format(name), fence="python")
        for name in ("Aa", "Bb", "Cc")
    }
    with_usage["Cc"] = enums["Cc"]
    assert options_of({f"{FLAT}{name.lower()}.md": text for name, text in with_usage.items()})[
        "usage"
    ]


def test_most_pages_decide_whether_models_of_typescript_have_examples() -> None:
    shown = {f"{IN}{name}.md": typescript(name.upper(), ["id", "*string*"]) for name in "abc"}
    hidden = {f"{IN}{name}.md": fields(name.upper(), ["id", "*string*"]) for name in "abc"}
    value = '{\n  id: "x",\n}'
    shown[f"{IN}a.md"] = typescript("A", ["id", "*string*"], value=value)
    for usual, other, examples in ((shown, hidden, True), (hidden, shown, False)):
        for path in usual:
            assert options_of(usual | {path: other[path]}, "typescript")["examples"] is examples
