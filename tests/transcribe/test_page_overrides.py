"""Pages that show something differently than the other pages of their set."""

from __future__ import annotations

import pytest

from helpers.page_sets import (
    FLAT,
    IN,
    NO,
    YES,
    fields,
    go_member,
    inexact_pages,
    member,
    model_of,
    options_of,
    page,
    table,
    there_and_back,
    typescript,
    union,
)
from modelsync.schema.definitions import Model
from modelsync.schema.types import Ref, Scalar
from modelsync.schema.values import Object

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
    own = {each.id: each.pages[notation].options for each in back.schema.definitions if each.pages}
    assert [other for other, options in own.items() if options] == [id_]
    return dict(own[id_])


def test_a_page_may_have_the_layout_of_older_pages() -> None:
    pages = {
        f"{IN}{title.lower()}.md": fields(title, *TAGS, usage=NEW.format(title))
        for title in ("Aa", "Bb", "Cc")
    }
    pages[f"{IN}old.md"] = fields("Old", *TAGS, usage=OLD)
    assert own_options(pages, "typescript", "components.Old") == {"layout": "compact"}


def test_a_page_may_have_the_markup_and_the_words_of_older_pages() -> None:
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


def test_a_union_may_lack_the_section_about_its_discriminator() -> None:
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
    assert options_of({f"{IN}time.md": named}, "go")["headings"] == "types"
    assert options_of({f"{IN}time.md": TIMES}, "go")["headings"] == "titles"
    pages = {
        f"{IN}{title.lower()}.md": union(
            title, "go", ("", go_member(title, "DateTime", "time.Time"))
        )
        for title in ("Aa", "Bb", "Cc")
    }
    pages[f"{IN}time.md"] = named
    assert own_options(pages, "go", "components.Time") == {"headings": "types"}


@pytest.mark.parametrize("other", ["usual", "line"])
def test_a_page_may_end_differently_than_the_others(other: str) -> None:
    usual = {
        f"{IN}aa.md": fields("Aa", ["id", "*string*"]),
        f"{IN}bb.md": page("Bb", "Values", '```typescript\n"a" | "b"\n```'),
        f"{IN}cc.md": union("Cc", "typescript", member("string", '"a"'), member("number", "1")),
        f"{IN}dd.md": page("Dd", "Values", table(["Name", "Value"], [["`A`", "a"]])),
    }
    line = {path: text.rstrip("\n") + "\n" for path, text in usual.items()}
    assert options_of(usual, "typescript")["ends"] == "usual"
    assert options_of(line, "typescript")["ends"] == "line"
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


def test_a_cell_may_spell_a_type_in_its_own_way() -> None:
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
    model = model_of(there_and_back(pages, "typescript"), "components.A")
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


def test_a_union_may_have_its_own_headings_and_code() -> None:
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


def test_a_python_type_may_contradict_whether_its_field_is_required() -> None:
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
    model = model_of(there_and_back(pages), "models.A")
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
