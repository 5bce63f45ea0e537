"""What sets of pages do differently from most sets, and what single pages do."""

from __future__ import annotations

from typing import Any, TypeGuard

import pytest

from helpers.page_sets import (
    FLAT,
    GO_B,
    IN,
    MDN,
    NO,
    YES,
    exact_pages,
    fields,
    go_member,
    inexact_pages,
    member,
    page,
    table,
    there_and_back,
    typescript,
    union,
    values,
)
from modelsync.errors import Position
from modelsync.schema.ir import (
    DefinitionPage,
    ListOf,
    MapOf,
    Model,
    Object,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
    walk,
)
from modelsync.targets import problems_of, target_class
from modelsync.targets.base import Settings
from modelsync.transcribe import transcribe


def found(files: dict[str, str], notation: str | None = None) -> dict[str, Any]:
    """Return the detected options of pages, all of which must come back."""
    assert inexact_pages(files, notation) == []
    (made,) = there_and_back(files, notation).run.settings
    return dict(made.options)


@pytest.mark.parametrize("step", [1, -1])
def test_where_as_much_speaks_for_either_the_usual_counts(step: int) -> None:
    rows = [["A", "*any*"], ["B", "*interface{}*"]]
    files = {f"{IN}x.md": fields("X", *rows[::step])}
    assert there_and_back(files, "go").run.settings[0].options["any"] == "any"


@pytest.mark.parametrize("above", ["sdk", "pkg", "src/lib"])
@pytest.mark.parametrize("given", [True, False])
def test_folders_above_the_models(above: str, given: bool) -> None:
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
        options = found(files, notation)
        assert options["above"] == above
        model = there_and_back(files, notation).schema.by_id["shared.A"]
        assert isinstance(model, Model)
        refs = {each.id for field in model.fields for each in walk(field.type) if is_ref(each)}
        assert refs == {"shared.B"}


def is_ref(type_: Type) -> TypeGuard[Ref]:
    return isinstance(type_, Ref)


@pytest.mark.parametrize("style", ["kebab", "snake"])
def test_files_of_several_words(style: str) -> None:
    dash = "-" if style == "kebab" else "_"
    item, error = f"line{dash}item", f"http{dash}error{dash}t"
    options = found(
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


def test_older_links_name_the_package_of_what_is_in_another_one() -> None:
    many = [[name, "[*Own](../../models/operations/own.md)", NO] for name in "ABC"]
    other = [[name, "[][shared.B](../../models/shared/b.md)"] for name in "DEFG"]
    pages = {
        "docs/models/operations/a.md": fields("A", *many, *other),
        "docs/models/operations/own.md": GO_B.replace("# B", "# Own"),
        "docs/models/shared/b.md": GO_B,
    }
    assert found(pages, "go")["qualified"] is False


def test_older_go_pages_have_interface_for_any_value() -> None:
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
    assert found(pages, "go")["any"] == "interface{}"
    schema = there_and_back(pages, "go").schema
    model = schema.by_id["components.A"]
    assert isinstance(model, Model)
    anything = Scalar("any")
    expected = [anything, MapOf(anything), ListOf(anything)]
    assert [field.type for field in model.fields[:3]] == expected
    union_ = schema.by_id["components.U"]
    assert isinstance(union_, Union)
    assert union_.members == (MapOf(anything), anything)


def test_optional_bytes_are_not_a_pointer_in_go() -> None:
    pages = {f"{IN}a.md": fields("A", ["Body", "*[]byte*", NO], ["Data", "*[]byte*"])}
    assert inexact_pages(pages, "go") == []
    model = there_and_back(pages, "go").schema.by_id["components.A"]
    assert isinstance(model, Model)
    assert [(field.required, field.nullable) for field in model.fields] == [
        (False, False),
        (True, False),
    ]


def test_links_to_unions_may_show_their_types_in_python() -> None:
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
        assert found(pages, "python")["unions"] == "types"
        model = there_and_back(pages, "python").schema.by_id["shared.A"]
        assert isinstance(model, Model)
        assert [field.type for field in model.fields[:3]] == [
            Ref("shared.U"),
            Ref("shared.U"),
            ListOf(Ref("shared.U")),
        ]
    # Where most links show names, a union shown by its types belongs to another set.
    named = [[name, f"[U]{link}"] for name in "fghij"]
    pages["docs/models/shared/more.md"] = fields("More", *named)
    assert found(pages, "python")["unions"] == "names"


def test_links_without_a_package_and_lists_in_lower_case() -> None:
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
        options = found(files, notation)
        assert options["qualified"] is False
        assert notation != "python" or options["generics"] == "list"
        model = there_and_back(files, notation).schema.by_id["shared.A"]
        assert isinstance(model, Model)
        assert model.fields[0].type == Ref("shared.B")


def test_dates_in_go_and_typescript() -> None:
    time = "https://pkg.go.dev/time#Time"
    for link in (time, "../../types/date.md"):
        day = ["Day", f"[types.Date]({link})"]
        pages = {f"{IN}a.md": fields("A", day, ["Until", f"[*types.Date]({link})", NO])}
        assert found(pages, "go")["dates"] == ("types" if link == time else "page")
        model = there_and_back(pages, "go").schema.by_id["components.A"]
        assert isinstance(model, Model)
        assert {field.type for field in model.fields} == {Scalar("date")}
    rows = (["day", "[Date](../../types/rfcdate.md)"], ["at", f"[Date]({MDN}Date)"])
    value = '{\n  day: new Date("2026-01-31"),\n  at: new Date("2026-01-31T12:00:00.000Z"),\n}'
    pages = {
        f"{IN}a.md": typescript("A", *rows, value=value),
        f"{IN}u.md": union("U", "typescript", member("Date", 'new Date("2026-01-31")')),
    }
    assert found(pages)["dates"] == "native"
    model = there_and_back(pages).schema.by_id["components.A"]
    assert isinstance(model, Model)
    assert [field.type for field in model.fields] == [Scalar("date"), Scalar("datetime")]
    assert model.example == Object((("day", "2026-01-31"), ("at", "2026-01-31T12:00:00.000Z")))


def test_what_may_be_absent_and_null_in_go() -> None:
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
    assert found(pages)["wrapped"] is True
    model = there_and_back(pages).schema.by_id["components.A"]
    assert isinstance(model, Model)
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


def test_wrappers_of_python_that_contradict_the_rest() -> None:
    pages = {
        f"{FLAT}a.md": fields(
            "A",
            ["a", "*Optional[Decimal]*"],
            ["b", "*str*", NO],
            ["c", "*Nullable[str]*", NO],
            ["d", "[requests.Response](https://example.com/api#Response)", NO],
            ["e", "[Optional[models.A]](../models/a.md)"],
            ["f", '*Literal["x"]*', NO],
            ["g", "*OptionalNullable[int]*"],
            ["h", "*Optional[int]*", NO],
            ["i", "*Any*", NO],
        )
    }
    assert inexact_pages(pages) == []
    model = there_and_back(pages).schema.by_id["models.A"]
    assert isinstance(model, Model)
    wrappers = {
        field.json_key: page.wrapper for field in model.fields for page in field.pages.values()
    }
    assert wrappers == {
        "a": "Optional",
        "b": "none",
        "c": "Nullable",
        "d": "none",
        "e": "Optional",
        "f": "none",
        "g": "OptionalNullable",
        "i": "none",
    }
    assert {field.json_key for field in model.fields if field.nullable} == {"a", "c", "e", "g"}


def test_the_last_of_several_examples_may_be_empty() -> None:
    assert (
        inexact_pages(
            {
                f"{FLAT}a.md": fields(
                    "A", ["a", "*str*", YES, "N/A", "**Example 1:** a<br/>**Example 2:** "]
                )
            },
            "python",
        )
        == []
    )


def test_values_with_a_tag_and_an_empty_line() -> None:
    for value in ("\n<br/>", "<br/>\n", "\n\n<br/>", "a\n\nb<br/>c\n"):
        assert inexact_pages({f"{FLAT}a.md": values("A", ("X", value))}, "python") == []


def test_older_unions_of_python() -> None:
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
    assert found(pages)["headings"] == "titles"
    shape = there_and_back(pages).schema.by_id["models.Shape"]
    assert isinstance(shape, Union)
    assert shape.members == (
        Ref("models.Circle"),
        Scalar("string"),
        ListOf(ListOf(Scalar("int64"))),
        ListOf(Ref("models.Circle")),
    )


def test_a_page_may_have_an_example_where_the_others_have_none() -> None:
    usage = "from sdk.models import {0}\n\nvalue = {0}.A"
    enums = {name: values(name, ("A", "a"), fence="python") for name in ("Aa", "Bb", "Cc")}
    enums["Bb"] = values("Bb", ("A", "a"), usage=usage.format("Bb"), fence="python")
    assert not found({f"{FLAT}{name.lower()}.md": text for name, text in enums.items()}).get(
        "usage"
    )
    with_usage = {
        name: values(name, ("A", "a"), usage=usage.format(name), fence="python")
        for name in ("Aa", "Bb", "Cc")
    }
    with_usage["Cc"] = enums["Cc"]
    assert found({f"{FLAT}{name.lower()}.md": text for name, text in with_usage.items()})["usage"]


def test_a_page_of_typescript_may_have_an_example_where_the_others_have_none() -> None:
    shown = {f"{IN}{name}.md": typescript(name.upper(), ["id", "*string*"]) for name in "abc"}
    hidden = {f"{IN}{name}.md": fields(name.upper(), ["id", "*string*"]) for name in "abc"}
    value = '{\n  id: "x",\n}'
    shown[f"{IN}a.md"] = typescript("A", ["id", "*string*"], value=value)
    for usual, other, examples in ((shown, hidden, True), (hidden, shown, False)):
        for path in usual:
            assert found(usual | {path: other[path]}, "typescript")["examples"] is examples


# Pages that show something else than the others ------------------------------------------------

OLD = (
    'import { Old } from "sdk/models/components";\n\nlet value: Old = {\n    tags: ["a", "b"],\n'
    '    meta: {\n        key: "<value>",\n    },\n};'
)
NEW = (
    'import {{ {0} }} from "sdk/models/components";\n\nlet value: {0} = {{\n  tags: [\n    "a",\n'
    '    "b",\n  ],\n  meta: {{\n    "key": "<value>",\n  }},\n}};'
)
TAGS = (["tags", "*string*[]"], ["meta", "Record<string, *string*>"])
TIMES = union(
    "Time",
    "go",
    ("", go_member("Time", "DateTime", "time.Time")),
    ("", go_member("Time", "Str", "string")),
)


def own_options(pages: dict[str, str], notation: str, id_: str) -> dict[str, str]:
    """Return the options in which a page differs from its set; all pages must come back."""
    assert inexact_pages(pages, notation) == []
    back = there_and_back(pages, notation)
    assert back.run.problems == ()
    options_of = {
        each.id: each.pages[notation].options for each in back.schema.definitions if each.pages
    }
    assert [other for other, options in options_of.items() if options] == [id_]
    return dict(options_of[id_])


def test_a_page_may_be_laid_out_as_older_ones_are() -> None:
    pages = {
        f"{IN}{title.lower()}.md": fields(title, *TAGS, usage=NEW.format(title))
        for title in ("Aa", "Bb", "Cc")
    }
    pages[f"{IN}old.md"] = fields("Old", *TAGS, usage=OLD)
    assert own_options(pages, "typescript", "components.Old") == {"layout": "compact"}


def test_a_page_may_have_the_marks_and_the_words_of_older_ones() -> None:
    pages = {
        f"{IN}{title.lower()}.md": fields(title, ["A", "`any`"], ["B", "`string`"])
        for title in ("Aa", "Bb", "Cc")
    }
    pages[f"{IN}old.md"] = fields("Old", ["A", "*interface{}*"], ["B", "*string*"])
    assert own_options(pages, "go", "components.Old") == {"any": "interface{}", "types": "italics"}
    back = there_and_back(pages, "go")
    (old,) = (each for each in back.schema.definitions if each.name == "Old")
    assert isinstance(old, Model)
    assert [field.type for field in old.fields] == [Scalar("any"), Scalar("string")]


def test_a_union_may_lack_the_section_about_finding_a_member() -> None:
    def shape(title: str, more: str) -> str:
        return union(title, "go", ("", go_member(title, "Str", "string")), more=more)

    pages = {
        f"{IN}{title.lower()}.md": shape(
            title,
            "## Union Discrimination\n\nUse the `Type` field to determine which variant is active,"
            " then access the corresponding field:\n\n```go\n"
            f"switch {title.lower()}.Type {{\n\tcase components.{title}TypeStr:\n"
            f"\t\t// {title.lower()}.Str is populated\n}}\n```\n",
        )
        for title in ("Aa", "Bb", "Cc")
    }
    pages[f"{IN}old.md"] = shape("Old", "")
    assert own_options(pages, "go", "components.Old") == {"discrimination": "false"}


def test_a_date_in_a_union_of_go_may_have_no_heading() -> None:
    named = TIMES.replace("### \n", "### time.Time\n", 1)
    assert found({f"{IN}time.md": named}, "go")["headings"] == "types"
    assert found({f"{IN}time.md": TIMES}, "go")["headings"] == "titles"
    pages = {
        f"{IN}{title.lower()}.md": union(
            title, "go", ("", go_member(title, "DateTime", "time.Time"))
        )
        for title in ("Aa", "Bb", "Cc")
    }
    pages[f"{IN}time.md"] = named
    assert own_options(pages, "go", "components.Time") == {"headings": "types"}


@pytest.mark.parametrize("other", ["usual", "line"])
def test_pages_may_end_with_one_line_feed_each(other: str) -> None:
    usual = {
        f"{IN}aa.md": fields("Aa", ["id", "*string*"]),
        f"{IN}bb.md": page("Bb", "Values", '```typescript\n"a" | "b"\n```'),
        f"{IN}cc.md": union("Cc", "typescript", member("string", '"a"'), member("number", "1")),
        f"{IN}dd.md": page("Dd", "Values", table(["Name", "Value"], [["`A`", "a"]])),
    }
    line = {path: text.rstrip("\n") + "\n" for path, text in usual.items()}
    assert found(usual, "typescript")["ends"] == "usual"
    assert found(line, "typescript")["ends"] == "line"
    most, few = (line, usual) if other == "usual" else (usual, line)
    for path in usual:
        title = path.rpartition("/")[2].removesuffix(".md").title()
        mixed = most | {path: few[path]}
        assert own_options(mixed, "typescript", f"components.{title}") == {"ends": other}


@pytest.mark.parametrize("more", [-7, 9])
def test_a_column_may_have_another_width_than_its_longest_cell(more: int) -> None:
    link = f"[components.{'L' * 30}]({IN.removeprefix('docs/').join(('../../', ''))}{'l' * 30}.md)"
    rows = [["`id`", link, YES, "N/A"], ["`b`", "*string*", NO, "N/A"]]
    headers = ["Field", "Type", "Required", "Description"]
    pages = {
        f"{IN}a.md": page("A", "Fields", table(headers, rows, len(link) + more)),
        f"{IN}b.md": page("B", "Values", table(["Name", "Value"], [["`BOne`", "t" * 40]], 33)),
        f"{IN}c.md": page("C", "Fields", table(headers, rows)),
        f"{IN}{'l' * 30}.md": fields("L" * 30, ["id", "*string*"]),
    }
    assert inexact_pages(pages, "go") == []
    by_id = there_and_back(pages, "go").schema.by_id
    assert {id_: each.pages["go"].width for id_, each in by_id.items() if each.pages} == {
        "components.A": len(link) + more,
        "components.B": 33,
    }


def test_a_cell_may_show_a_type_as_no_other_page_does() -> None:
    shape = union("Shape", "typescript", member("string", '"a"'))
    link = "../../models/components/{}.md"
    pages = {
        f"{IN}shape.md": shape,
        f"{IN}part.md": typescript("Part", ["id", "*string*"]),
        f"{IN}a.md": typescript(
            "A",
            ["shape", "*components.Shape*"],
            ["linked", f"[components.Shape]({link.format('shape')})"],
            ["plain", "*components.Part*[]"],
            ["either", f"*components.Part* | [components.Part]({link.format('part')})"],
        ),
    }
    assert inexact_pages(pages, "typescript") == []
    model = there_and_back(pages, "typescript").schema.by_id["components.A"]
    assert isinstance(model, Model)
    cells = {each.json_key: each.pages["typescript"].cell for each in model.fields if each.pages}
    assert cells == {
        "linked": f"[components.Shape]({link.format('shape')})",
        "plain": "*components.Part*[]",
        "either": f"*components.Part* | [components.Part]({link.format('part')})",
    }
    assert model.fields[1].type == Ref("components.Shape")


def test_an_example_may_show_code_that_no_value_produces() -> None:
    value = "{\n  meta: {\n    id: 1,\n  },\n}"
    pages = {
        f"{IN}a.md": typescript("A", ["meta", "*any*"], value=value),
        f"{IN}b.md": typescript("B", ["meta", "*any*"], value=value.replace("id", '"id"')),
        f"{IN}c.md": union(
            "C", "typescript", member("any", "{\n  id: 1,\n}"), member("string", '""')
        ),
    }
    assert inexact_pages(pages, "typescript") == []
    by_id = there_and_back(pages, "typescript").schema.by_id
    words = {id_: each.pages["typescript"] for id_, each in by_id.items() if each.pages}
    assert words["components.A"].code == pages[f"{IN}a.md"].split("```")[1].partition("\n")[2][:-1]
    assert "components.B" not in words
    assert words["components.C"].codes == (
        "const value: any = {\n  id: 1,\n};",
        'const value: string = "";',
    )
    a = by_id["components.A"]
    assert isinstance(a, Model)
    assert a.example == Object((("meta", Object((("id", 1),))),))


def test_a_union_may_show_its_members_as_no_other_page_does() -> None:
    def union_of(title: str, head: str, variable: str) -> str:
        code = go_member(title, "Str", "string").replace(title.lower(), variable, 1)
        return union(title, "go", (head, code))

    pages = {
        f"{IN}aa.md": union_of("Aa", "", "aa"),
        f"{IN}bb.md": union_of("Bb", "Text", "bb"),
        f"{IN}cc.md": union_of("Cc", "", "value"),
    }
    assert inexact_pages(pages, "go") == []
    by_id = there_and_back(pages, "go").schema.by_id
    words = {id_: each.pages["go"] for id_, each in by_id.items() if each.pages}
    assert words.keys() == {"components.Bb", "components.Cc"}
    assert words["components.Bb"].heads == ("Text",)
    assert words["components.Cc"].codes == (
        "value := components.CreateCcStr(string{/* values here */})",
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layout": "wide"}, "option `layout` must be `expanded` or `compact`"),
        ({"samples": "no"}, "option `samples` must be `true` or `false`"),
        ({"sdk": "a b"}, "option `sdk` must be the name of a package"),
        ({"files": "kebab"}, "`files` is not an option of a page"),
    ],
)
def test_an_option_that_a_page_cannot_have_is_a_problem(
    options: dict[str, str], message: str
) -> None:
    cls = target_class("markdown")
    page_ = DefinitionPage(options=options)
    schema = Schema(
        (Model(package="", name="A", position=Position("a.yaml", 3), pages={"go": page_}),)
    )
    given = cls.defaults() | {"notation": "go"}
    (problem,) = problems_of([cls(schema, Settings("docs", "markdown", "out", options=given))])
    assert (problem.code, problem.position.line) == ("MS074", 3)
    assert problem.message.startswith(message)
