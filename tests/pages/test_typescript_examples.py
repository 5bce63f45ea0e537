"""The examples on pages of SDKs in TypeScript come back."""

from __future__ import annotations

import pytest

from helpers.page_sets import (
    FLAT,
    IN,
    NO,
    fields,
    inexact_pages,
    member,
    there_and_back,
    typescript,
    union,
    values,
)
from modelsync.schema.definitions import Model
from modelsync.schema.values import Object, Value

LONG = "AnExtremelyLongNameOfAModelThatGoesOnAndOn"
LONGER = "ColourWithAVeryLongNameToo"


def test_typescript_enums_with_members_are_imported() -> None:
    def enum(title: str, package: str, *pairs: tuple[str, str]) -> str:
        end = f"let value: {title} = {title}.{pairs[-1][0]};"
        usage = f'import {{ {title} }} from "sdk/models/{package}";\n\n{end}'
        return values(title, *pairs, usage=usage, fence="typescript")

    colour = "[components.Colour](../../models/components/colour.md)"
    assert (
        inexact_pages(
            {
                f"{IN}colour.md": enum(
                    "Colour", "components", ("Red", "red"), ("DarkBlue", "dark-blue")
                ),
                f"{IN}count.md": enum("Count", "components", ("One", "1"), ("Two", "2")),
                f"{IN}odd.md": enum("Odd", "components", ("a b", "b")).replace("Odd.a b", '"b"'),
                f"{IN}{LONGER.lower()}.md": enum(LONGER, "components", ("X", "x")),
                "docs/models/operations/mine.md": enum("Mine", "operations", ("A", "a")),
                f"{IN}a.md": fields(
                    "A",
                    ["colour", colour],
                    ["when", "[RFCDate](../../types/rfcdate.md)"],
                    usage='import { A, Colour } from "sdk/models/components";\n'
                    'import { RFCDate } from "sdk/types";\n\nlet value: A = {\n'
                    '  colour: Colour.DarkBlue,\n  when: new RFCDate("2024-01-01"),\n};',
                ),
                f"{IN}{LONG.lower()}.md": fields(
                    LONG,
                    ["colour", colour],
                    [
                        "other",
                        f"[components.{LONGER}](../../models/components/{LONGER.lower()}.md)",
                    ],
                    ["count", "[components.Count](../../models/components/count.md)"],
                    usage=f"import {{\n  {LONG},\n  Colour,\n  {LONGER},\n  Count,\n"
                    f'}} from "sdk/models/components";\n\nlet value: {LONG} = {{\n'
                    f"  colour: Colour.Red,\n  other: {LONGER}.X,\n  count: Count.One,\n}};",
                ),
                "docs/models/operations/op.md": fields(
                    "Op",
                    ["colour", colour],
                    ["mine", "[operations.Mine](../../models/operations/mine.md)", NO],
                    usage='import { Colour } from "sdk/models/components";\n'
                    'import { Mine, Op } from "sdk/models/operations";\n\n'
                    "let value: Op = {\n  colour: Colour.Red,\n  mine: Mine.A,\n};",
                ),
            }
        )
        == []
    )


def test_typescript_examples_come_back() -> None:
    url = "https://example.com/a/very/long/path/that/does/not/fit/on/the/line/at/all/really"
    stream = "*ReadableStream<Uint8Array>*"
    assert (
        inexact_pages(
            {
                f"{IN}upload.md": fields(
                    "Upload",
                    ["file", f"[Blob](https://example.com/Blob) | {stream}"],
                    ["ratio", "*number*", NO],
                    ["text", "*string*", NO],
                    usage='import { openAsBlob } from "node:fs";\n'
                    'import { Upload } from "sdk/models/components";\n\nlet value: Upload = {\n'
                    '  file: await openAsBlob("example.file"),\n  ratio: NaN,\n  text: null,\n};',
                ),
                f"{IN}numbers.md": typescript(
                    "Numbers",
                    ["big", "*number*"],
                    ["bigger", "*number*"],
                    ["tiny", "*number*"],
                    ["less", "*number*"],
                    ["huge", "*bigint*"],
                    value="{\n  big: 9007199254740993,\n  bigger: 18446744073709552000,\n"
                    "  tiny: 1e-7,\n  less: -0.5,\n"
                    '  huge: BigInt("123456789012345678901234567890"),\n}',
                ),
                f"{IN}texts.md": typescript(
                    "Texts",
                    ["said", "*string*"],
                    ["both", "*string*"],
                    ["x-y", "*string*"],
                    ["long", "*string*"],
                    ["data", "*Uint8Array*"],
                    ["map", "Record<string, *any*>"],
                    value='{\n  said: "say \\"x\\"",\n  both: "it\'s \\"x",\n'
                    f'  "x-y": "a\tb",\n  long:\n    "{url}",\n'
                    '  data: new TextEncoder().encode("0x12"),\n  map: {\n    "key": [\n      {},\n'
                    "      [],\n      null,\n    ],\n  },\n}",
                ),
                f"{IN}order.md": typescript(
                    "Order", ["id", "*string*"], value='{\n  other: "x",\n  id: "y",\n}'
                ),
            }
        )
        == []
    )


def test_names_are_imported_in_the_order_of_their_letters() -> None:
    titles = ["ItemPart", "ItemsResult", "ItemState", "itemOld"]

    def enum(title: str) -> str:
        usage = f'import {{ {title} }} from "sdk/models/components";\n\n'
        usage += f"let value: {title} = {title}.A;"
        return values(title, ("A", "a"), usage=usage, fence="typescript")

    in_order = ", ".join(["itemOld", "ItemPart", "ItemsResult", "ItemState"])
    usage = (
        f'import {{ {in_order} }} from "sdk/models/components";\n\nlet value: ItemsResult = {{\n'
        "  itempart: ItemPart.A,\n  itemstate: ItemState.A,\n  itemold: itemOld.A,\n};"
    )
    links = [
        [title.lower(), f"[components.{title}](../../models/components/{title.lower()}.md)"]
        for title in titles
        if title != "ItemsResult"
    ]
    files = {f"{IN}{t.lower()}.md": enum(t) for t in titles if t != "ItemsResult"}
    assert (
        inexact_pages(files | {f"{IN}itemsresult.md": fields("ItemsResult", *links, usage=usage)})
        == []
    )


def from_file(title: str, file: str, value: str) -> str:
    imported = f'import {{ {title} }} from "sdk/models/components/{file}.js";'
    return f"{imported}\n\nlet value: {title} = {value};"


def test_examples_may_import_from_the_file_of_what_they_show() -> None:
    owner = '{\n  kind: Kind.B,\n  day: new RFCDate("2024-01-01"),\n}'
    imports = (
        'import { Kind, Owner } from "sdk/models/components/owner.js";\n'
        'import { RFCDate } from "sdk/types/rfcdate.js";\n\n'
    )
    files = {
        f"{IN}owner.md": fields(
            "Owner",
            ["kind", "[components.Kind](../../models/components/kind.md)"],
            ["day", "[RFCDate](../../types/rfcdate.md)"],
            usage=f"{imports}let value: Owner = {owner};",
        ),
        f"{IN}kind.md": values(
            "Kind",
            ("A", "a"),
            ("B", "b"),
            usage=from_file("Kind", "owner", "Kind.B"),
            fence="typescript",
        ),
        f"{IN}other.md": fields(
            "Other", ["id", "*string*", NO], usage=from_file("Other", "other", "{}")
        ),
    }
    assert inexact_pages(files) == []
    back = there_and_back(files)
    assert back.run.settings[0].options["imports"] == "files"
    modules = {each.name: each.pages.get("typescript") for each in back.schema.definitions}
    assert modules["Kind"] is not None
    assert modules["Kind"].module == "owner"
    assert modules["Other"] is None


def test_examples_may_import_from_the_package_itself() -> None:
    def example(title: str, imported: str, value: str) -> str:
        return f'import {{ {imported} }} from "@acme/sdk";\n\nlet value: {title} = {value};'

    colour = ["colour", "[models.Colour](../models/colour.md)"]
    one = example("One", "Colour, One", "{\n  colour: Colour.Red,\n}")
    red = example("Colour", "Colour", "Colour.Red")
    files = {
        f"{FLAT}one.md": fields("One", colour, usage=one),
        f"{FLAT}colour.md": values("Colour", ("Red", "red"), usage=red, fence="typescript"),
    }
    assert inexact_pages(files) == []
    options = there_and_back(files).run.settings[0].options
    assert (options["imports"], options["sdk"]) == ("package", "@acme/sdk")


RESPONSE = "[Response](https://developer.mozilla.org/en-US/docs/Web/API/Response)"
REQUEST = "[Request](https://developer.mozilla.org/en-US/docs/Web/API/Request)"


@pytest.mark.parametrize(
    ("indent", "body"),
    [("  ", r'"{\"message\": \"hello\"}"'), ("    ", '\'{"message": "hello"}\'')],
)
def test_examples_of_responses_come_back(indent: str, body: str) -> None:
    value = (
        f"{{\n{indent}status: 200,\n{indent}raw: new Response({body}, {{\n"
        f'{indent * 2}headers: {{ "Content-Type": "application/json" }},\n{indent}}}),\n}}'
    )
    rows = [["status", "*number*"], ["raw", RESPONSE]]
    inner = value.replace("\n", f"\n{indent}")
    outer = f'{{\n{indent}meta: {inner},\n{indent}asked: new Request("https://example.com"),\n}}'
    meta = "[components.Meta](../../models/components/meta.md)"
    files = {
        f"{IN}meta.md": typescript("Meta", *rows, value=value),
        f"{IN}outer.md": typescript("Outer", ["meta", meta], ["asked", REQUEST], value=outer),
    }
    assert inexact_pages(files) == []
    words = there_and_back(files).schema.by_id["components.Meta"].pages["typescript"]
    response = Object((("Response", '{"message": "hello"}'),))
    assert words.example == Object((("status", 200), ("raw", response)))


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        ("joined", '"to\\n"\n    + "\\n"\n    + "\tyou"'),
        ("escapes", '"to\\n\\n\tyou"'),
        ("broken", '"to\n\n\tyou"'),
    ],
)
def test_examples_with_multiline_text_come_back(texts: str, shown: str) -> None:
    value = f"{{\n  a: {shown},\n}}"
    files = {f"{IN}text.md": typescript("Text", ["a", "*string*"], value=value)}
    assert inexact_pages(files) == []
    back = there_and_back(files)
    assert back.run.settings[0].options["texts"] == texts
    assert back.schema.by_id["components.Text"].example == Object((("a", "to\n\n\tyou"),))


def test_the_example_of_a_union_is_that_of_the_model_with_its_keys() -> None:
    """A model without required fields accepts anything, and has none of the other names."""
    shape = "*components.Shape*"
    members = ("components.Loose", "{}"), ("components.Strict", '{\n  createdAt: "x",\n}')
    usage = (
        'import { Holder } from "sdk/models/components";\n\nlet value: Holder = {\n'
        '  shape: {\n    createdAt: "x",\n  },\n  shapes: [\n    {\n      createdAt: "x",\n    },\n'
        "  ],\n  wrong: {\n    createdAt: 5,\n    more: {\n      loneId: 1,\n    },\n  },\n};"
    )
    text = "Sorted by `created_at`, `lone_id`."
    files = {
        f"{IN}loose.md": typescript("Loose", ["loneId", "*number*", NO], value="{}", text=text),
        f"{IN}strict.md": typescript(
            "Strict",
            ["createdAt", "*string*"],
            ["more", "[components.Loose](../../models/components/loose.md)", NO],
            value='{\n  createdAt: "x",\n}',
        ),
        f"{IN}shape.md": union("Shape", "typescript", *(member(*each) for each in members)),
        f"{IN}holder.md": fields(
            "Holder", ["shape", shape], ["shapes", f"{shape}[]"], ["wrong", shape, NO], usage=usage
        ),
    }
    assert inexact_pages(files) == []
    holder = there_and_back(files).schema.by_id["components.Holder"]
    assert isinstance(holder, Model)
    right = Object((("created_at", "x"),))
    wrong = Object((("created_at", 5), ("more", Object((("lone_id", 1),)))))
    assert holder.example == Object((("shape", right), ("shapes", (right,)), ("wrong", wrong)))


def test_numbers_keep_their_form() -> None:
    def numbers(title: str, *shown: str) -> str:
        rows = [[f"n{index}", "*number*"] for index, _ in enumerate(shown)]
        value = "".join(f"  n{index}: {each},\n" for index, each in enumerate(shown))
        return typescript(title, *rows, value=f"{{\n{value}}}")

    mostly_one = {f"{IN}a.md": numbers("A", "1.5", "2.5", "3.50", "1.0", "1.8446744073709552e+19")}
    mostly_two = {f"{IN}a.md": numbers("A", "1.50", "2.50", "3.5", "12.25", "7")}
    for files, decimals in ((mostly_one, False), (mostly_two, True)):
        assert inexact_pages(files) == []
        back = there_and_back(files)
        assert back.run.settings[0].options["decimals"] is decimals
        (a,) = back.schema.definitions
        assert isinstance(a, Model)
        assert a.example is not None
        assert [value for _, value in a.example.items][:3] == [1.5, 2.5, 3.5]


def test_an_object_is_not_a_call_if_the_model_has_a_field_of_that_name() -> None:
    rows = ["Date", "*string*"], ["Number", "*string*", NO]
    assert (
        inexact_pages(
            {
                f"{IN}a.md": typescript("A", *rows, value='{\n  Date: "2024-01-01",\n}'),
                f"{IN}b.md": typescript("B", ["Number", "*string*"], value='{\n  Number: "1",\n}'),
            }
        )
        == []
    )


def test_typescript_pages_without_examples_come_back() -> None:
    assert inexact_pages({f"{IN}a.md": fields("A", ["id", "*string*"])}, "typescript") == []


@pytest.mark.parametrize(
    ("value", "id_"),
    [
        ("{\n  id: `a`,\n}", "a"),
        ('{\n  id: "caf\\u00e9",\n}', "caf\u00e9"),
        ("{ id: 1 }", 1),
        ("{\n    id: 1\n}", 1),
    ],
)
def test_an_example_in_another_form_is_read_and_kept_unchanged(value: str, id_: Value) -> None:
    a = typescript("A", ["id", "*any*"], value=value)
    assert inexact_pages({f"{IN}a.md": a}) == []
    model = there_and_back({f"{IN}a.md": a}).schema.by_id["components.A"]
    assert isinstance(model, Model)
    assert model.example == Object((("id", id_),))
    assert f"let value: A = {value};" in str(model.pages["typescript"].code)


@pytest.mark.parametrize(
    "value",
    [
        "{\n  id: undefined,\n}",
        "make()",
    ],
)
def test_an_example_that_is_not_a_value_is_reported(value: str) -> None:
    path = f"{IN}a.md"
    back = there_and_back({path: typescript("A", ["id", "*any*"], value=value)})
    (problem,) = back.problems_of_page(path)
    assert (problem.code, problem.position.line) == ("MS115", 8)
