"""Pages come back: those that the Markdown target writes, and those of other SDKs, made by hand."""

from __future__ import annotations

import re
from typing import Any, TypeGuard

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from modelsync.ir import Enum, ListOf, MapOf, Model, Object, Ref, Scalar, Schema, Type, Union, walk
from modelsync.pages.code import LINES
from modelsync.pages.notation import NOTATIONS
from modelsync.render import render
from modelsync.targets import problems_of, target_class
from modelsync.targets.base import Settings
from modelsync.transcribe import transcribe
from page_sets import (
    NO,
    YES,
    exact_or_reported,
    fields,
    page,
    table,
    there_and_back,
    typescript,
    union,
    values,
)
from strategies import schemas

IN = "docs/models/components/"
FLAT = "docs/models/"
BANNER = (
    "> :warning: **DEPRECATED**: This will be removed in a future release, please migrate away"
    " from it as soon as possible."
)
CELL = (
    ": warning: ** DEPRECATED **: This will be removed in a future release, please migrate away"
    " from it as soon as possible."
)


def all_exact(files: dict[str, str], notation: str | None = None) -> None:
    back = there_and_back(files, notation)
    wrong = [f"{each.position} {each.message}: {each.help}" for each in back.inexact]
    assert wrong == []
    assert exact_or_reported(files, notation) == set(files)


# Random schemas -----------------------------------------------------------------------------------

DIALECTS = st.fixed_dictionaries(
    {
        "types": st.sampled_from(["italics", "code"]),
        "enums": st.sampled_from(["values", "names"]),
        "arrays": st.sampled_from(["brackets", "generic"]),
        "usage": st.booleans(),
        "examples": st.booleans(),
        "captured": st.sampled_from(["nowhere", "values", "example"]),
        "imports": st.sampled_from(["folders", "files", "package"]),
        "texts": st.sampled_from(LINES),
        "layout": st.sampled_from(["expanded", "compact"]),
        "decimals": st.booleans(),
        "samples": st.booleans(),
        "discrimination": st.booleans(),
        "above": st.sampled_from(["", "sdk", "a/b"]),
        "qualified": st.booleans(),
        "generics": st.sampled_from(["List", "list"]),
        "files": st.sampled_from(["joined", "kebab", "snake"]),
        "dates": st.sampled_from(["types", "page", "native"]),
        "wrapped": st.booleans(),
        "headings": st.sampled_from(["types", "titles"]),
        "any": st.sampled_from(["any", "interface{}"]),
        "unions": st.sampled_from(["names", "types"]),
    }
)


@pytest.mark.parametrize("notation", NOTATIONS)
@settings(max_examples=50)
@given(schemas(bare=True), DIALECTS)
def test_written_pages_come_back(
    notation: str, schema: Schema, dialect: dict[str, str | bool]
) -> None:
    # A table does not tell the blanks at the end of a value from those behind it.
    enums = (each for each in schema.definitions if isinstance(each, Enum))
    assume(not any(str(value.wire).endswith(" ") for enum in enums for value in enum.values))
    files = pages_of(schema, notation, dialect)
    back = there_and_back(files, notation)
    assert back.run.problems == ()
    assert [f"{each.position} {each.help}" for each in back.inexact] == []
    assert set(back.written) == set(files)


def pages_of(schema: Schema, notation: str, dialect: dict[str, str | bool]) -> dict[str, str]:
    cls = target_class("markdown")
    options: dict[str, Any] = {option.name: option.default for option in cls.options}
    options |= {"notation": notation, "folder": "docs", "index": False, **dialect}
    target = cls(schema, Settings("docs", "markdown", "out", options=options))
    assume(not list(problems_of([target])))
    # A cell, and the code around a name, do not tell the blanks at the ends of a value's name.
    assume(all(name and name == name.strip() for name in target.value_names.values()))
    outputs = render([target]).items()
    files = {path.removeprefix("out/"): output.data.decode() for path, output in outputs}
    links = "".join(files.values())
    # What stands above the models shows in links to their pages, not in those to that of dates.
    told = re.search(r"\]\((?:\.\./)+\S*models/", links)
    assume(not dialect["above"] or "/types/" not in links or told)
    # Nor do links that spell out a union tell whether others name their packages.
    assume(dialect["qualified"] or dialect["unions"] == "names" or "Union[" not in links)
    return files


# Go -----------------------------------------------------------------------------------------------

GO_B = fields("B", ["ID", "*string*"])
GO_RESPONSE = "(https://pkg.go.dev/net/http#Response)"


def go_member(title: str, tag: str, type_: str) -> str:
    variable = title[0].lower() + title[1:]
    return f"{variable} := components.Create{title}{tag}({type_}{{/* values here */}})"


def test_go_types() -> None:
    all_exact(
        {
            f"{IN}a.md": fields(
                "A",
                ["Pointers", "[][*components.B](../../models/components/b.md)"],
                ["ByName", "map[string][*components.B](../../models/components/b.md)", NO],
                ["Deep", "map[string][][components.B](../../models/components/b.md)", NO],
                ["Texts", "[]**string*"],
                ["Counts", "map[string]**int64*"],
                ["Failure", "*sdkerrors.Error*"],
                ["Cause", "**sdkerrors.Error*", NO],
                ["RawResponse", f"[*http.Response]{GO_RESPONSE}", NO, "Raw HTTP response"],
                ["Response", f"[http.Response]{GO_RESPONSE}"],
                ["When", "[time.Time](https://pkg.go.dev/time#Time)"],
                ["Until", "[*time.Time](https://pkg.go.dev/time#Time)", NO],
                ["Day", "[types.Date](https://pkg.go.dev/example.com/sdk/types#Date)"],
                ["Big", "[*big.Int](https://pkg.go.dev/math/big#Int)", NO],
                ["Data", "*[]byte*"],
                ["Reader", "*io.ReadCloser*", NO],
                ["Events", "**stream.EventStream[components.B]*", NO],
                ["Small", "*float32*"],
                ["Anything", "*any*"],
                ["Old", "*interface{}*"],
            ),
            f"{IN}b.md": GO_B,
        },
        "go",
    )


def test_go_types_in_backticks() -> None:
    all_exact(
        {
            f"{IN}a.md": fields(
                "A",
                ["Items", "[][*components.B](../../models/components/b.md)"],
                ["Texts", "[]`*string`"],
                ["Counts", "map[string]`*int64`"],
                ["Maybe", "`*string`", NO],
                ["Name", "`string`", YES, "N/A", "x|y"],
                ["Failure", "`*sdkerrors.Error`", NO],
            ),
            f"{IN}b.md": fields("B", ["ID", "`string`"]),
        }
    )


def test_go_unions() -> None:
    all_exact(
        {
            f"{IN}value.md": union(
                "Value",
                "go",
                ("", go_member("Value", "Str", "string")),
                ("time.Time", go_member("Value", "DateTime", "time.Time")),
                ("", go_member("Value", "Number", "float64")),
                ("", go_member("Value", "MapOfAny", "map[string]any")),
                ("", go_member("Value", "ArrayOfB", "[]components.B")),
                ("", go_member("Value", "ArrayOfMapOfStr", "[]map[string]string")),
                ("B", go_member("Value", "TheB", "components.B")),
            ),
            f"{IN}one.md": union("One", "go", ("B", go_member("One", "B", "components.B"))),
            f"{IN}b.md": GO_B,
        }
    )


def test_go_unions_tell_how_to_find_the_member() -> None:
    more = (
        "## Union Discrimination\n\nUse the `Type` field to determine which variant is active,"
        " then access the corresponding field:\n\n```go\nswitch pet.Type {\n"
        "\tcase components.PetTypeSmall:\n\t\t// pet.B is populated\n"
        "\tcase components.PetTypeArrayOfB:\n\t\t// pet.ArrayOfB is populated\n"
        "\tcase components.PetTypeDateTime:\n\t\t// pet.DateTime is populated\n}\n```\n"
    )
    members = (
        ("B", go_member("Pet", "Small", "components.B")),
        ("", go_member("Pet", "ArrayOfB", "[]components.B")),
        ("time.Time", go_member("Pet", "DateTime", "time.Time")),
    )
    pet = union("Pet", "go", *members, more=more)
    rest = "\tdefault:\n\t\t// Unknown type - use pet.GetUnknownRaw() for raw JSON\n}"
    open_pet = union("Pet", "go", *members, more=more.replace("\n}", f"\n{rest}"))
    for page_ in (pet, open_pet):
        all_exact({f"{IN}pet.md": page_, f"{IN}b.md": GO_B})
    other = pet.replace("`Type`", "`Kind`").replace(".Type", ".Kind")
    assert exact_or_reported({f"{IN}pet.md": other, f"{IN}b.md": GO_B}) == {f"{IN}b.md"}


GO_IMPORT = 'import (\n\t"example.com/sdk/models/components"\n)\n\n'
GO_OPEN = "\n\n// Open enum: custom values can be created with a direct type cast\n"


def test_go_enums() -> None:
    colour = f"{GO_IMPORT}value := components.ColourRed"
    all_exact(
        {
            f"{IN}colour.md": values(
                "Colour",
                ("ColourRed", "red"),
                ("ColourDarkBlue", "dark-blue"),
                usage=f'{colour}{GO_OPEN}custom := components.Colour("custom_value")',
            ),
            f"{IN}count.md": values(
                "Count",
                ("CountOne", "1"),
                ("CountMinus1", "-1"),
                usage=f"{GO_IMPORT}value := components.CountMinus1{GO_OPEN}"
                "custom := components.Count(999)",
            ),
            f"{IN}sign.md": values(
                "Sign",
                ("SignLessThan", "<"),
                ("SignUnknown", ""),
                ("SignPipe", "|"),
                ("SignFalse", "false"),
                usage=f"{GO_IMPORT}value := components.SignPipe",
            ),
        }
    )


def test_enums_without_an_example_show_their_notation() -> None:
    go = {f"{IN}colour.md": values("Colour", ("ColourRed", "red"), ("ColourBlue", "blue"))}
    python = {f"{IN}colour.md": values("Colour", ("RED", "red"), ("DARK_BLUE", "dark-blue"))}
    listed = {f"{IN}colour.md": page("Colour", "Values", '- `"red"`\n- `"blue"`\n')}
    for files, notation in ((go, "go"), (python, "python"), (listed, "python")):
        assert there_and_back(files).run.sets[0].notation == notation
        all_exact(files)


# TypeScript ---------------------------------------------------------------------------------------

MDN = "https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/"


def test_typescript_types() -> None:
    all_exact(
        {
            f"{IN}a.md": typescript(
                "A",
                ["id", "*string*"],
                ["size", "*bigint*", NO],
                ["when", f"[Date]({MDN}Date)"],
                ["day", "[RFCDate](../../types/rfcdate.md)", NO],
                ["lists", "*number*[][]"],
                ["record", "Record<string, *string*[]>", NO],
                ["records", "Record<string, *any*>[]", NO],
                ["shape", "*components.U*", NO],
                ["exact", '*"x"*'],
                ["yes", "*true*"],
                ["three", "*3*"],
                ["half", "*1.5*", NO],
                ["nothing", "*null*", NO],
                ["either", "[components.B](../../models/components/b.md) | *string*", NO],
                ["amount", "*Decimal*", NO],
                ["blob", "[Blob](https://example.com/Blob) | *Uint8Array*", NO],
                value='{\n  id: "<id>",\n  when: new Date("2024-01-01T00:00:00.000Z"),\n'
                '  lists: [],\n  exact: "x",\n  yes: true,\n  three: 3,\n}',
            ),
            f"{IN}b.md": typescript("B", value="{}"),
            f"{IN}u.md": union("U", "typescript", ("`string`", 'const value: string = "a";')),
        }
    )


def member(type_: str, value: str) -> tuple[str, str]:
    return f"`{type_}`", f"const value: {type_} = {value};"


def test_typescript_unions() -> None:
    object_ = '{\n  id: "<id>",\n}'
    all_exact(
        {
            f"{IN}one.md": union("One", "typescript", member("components.B", object_)),
            f"{IN}many.md": union(
                "Many",
                "typescript",
                member("components.B", object_),
                member("components.B", '{\n  id: "other",\n}'),
                member("{ [k: string]: any }", '{\n  "key": "<value>",\n}'),
                member("Array<Array<number>>", "[\n  [\n    1.5,\n  ],\n]"),
                member("Array<string | number>", '[\n  "<value>",\n]'),
                member("Array<string | boolean>", "[\n  false,\n]"),
                member("string | number", "3"),
                member("{ [k: string]: Array<components.B> }", '{\n  "key": [],\n}'),
                member("Date", 'new Date("2024-08-13T13:17:03.124Z")'),
                member("RFCDate", 'new RFCDate("2024-08-13")'),
                member("Uint8Array", 'new TextEncoder().encode("0xfE27")'),
                member('"a=b"', '"a=b"'),
                member("number", "1"),
                member("number", "2.5"),
                member("null", "null"),
                member("components.B | null", "null"),
                member("components.B", '{\n  id: 5,\n  other: "x",\n}'),
                member("Decimal", 'new Decimal("1.50")'),
                member("ReadableStream<Uint8Array>", 'await openAsBlob("example.file")'),
            ),
            f"{IN}b.md": typescript("B", ["id", "*string*"], value=object_),
        }
    )


def test_typescript_enums() -> None:
    def enum(title: str, line: str, value: str, text: str = "") -> str:
        usage = (
            f'import {{ {title} }} from "sdk/models/components";\n\nlet value: {title} = {value};'
        )
        content = f"{text}```typescript\n{line}\n```"
        return page(title, "Values", content, "", usage, "typescript")

    told = (
        "This is an open enum. Unrecognized values will be captured as the"
        " `Unrecognized<{}>` branded type.\n\n"
    )
    quotes = '"it\'s" | "a|b" | "q\\"q" | "" | "a | b"'
    closed = {
        f"{IN}colour.md": enum("Colour", '"red" | "blue" | Unrecognized<string>', '"blue"'),
        f"{IN}count.md": enum("Count", "1 | -2 | Unrecognized<number>", "-2"),
        f"{IN}quotes.md": enum("Quotes", quotes, '"it\'s"'),
    }
    all_exact(closed)
    text = enum("Colour", '"red" | Unrecognized<string>', '"red"', told.format("string"))
    number = enum("Count", "1 | Unrecognized<number>", "1", told.format("number"))
    all_exact({f"{IN}colour.md": text, f"{IN}count.md": number})
    long = '"a colour that is so long that it has to stand on a line of its own"'
    all_exact(
        {
            f"{IN}quotes.md": enum("Quotes", '"a" | "say \\"x\\""', '"say \\"x\\""'),
            f"{IN}long.md": enum("Long", f'"a" | {long}', long).replace("Long = ", "Long =\n  "),
        }
    )


COMMENT = "\n\n// Open enum: unrecognized values are captured as Unrecognized<{}>"
TOLD = (
    "This is an open enum. Unrecognized values will be captured as the `Unrecognized<{}>` branded"
    " type.\n\n"
)


@pytest.mark.parametrize("where", ["nowhere", "values", "example"])
@pytest.mark.parametrize("form", ["code", "table"])
def test_open_enums_of_typescript(where: str, form: str) -> None:
    def enum(title: str, kind: str, shown: str, *pairs: tuple[str, str]) -> str:
        rest = f"Unrecognized<{kind}>" if kind else ""
        if form == "table":
            shown = (
                f"{title}.{next(name for name, value in pairs if value == shown.strip(chr(34)))}"
            )
            rows = [[f"`{name}`", value] for name, value in pairs]
            content = table(["Name", "Value"], [*rows, ["-", f"`{rest}`"]] if kind else rows)
        else:
            literals = [f'"{v}"' if shown.startswith('"') else v for _, v in pairs]
            line = " | ".join([*literals, rest] if kind else literals)
            content = f"```typescript\n{line}\n```"
        comment = COMMENT.format(kind) if kind and where == "example" else ""
        told = TOLD.format(kind) if kind and where == "values" else ""
        usage = (
            f'import {{ {title} }} from "sdk/models/components";\n\nlet value: {title} = {shown};'
        )
        return page(title, "Values", told + content, "", usage + comment, "typescript")

    files = {
        f"{IN}colour.md": enum("Colour", "string", '"blue"', ("Red", "red"), ("Blue", "blue")),
        f"{IN}count.md": enum("Count", "number", "-2", ("One", "1"), ("Minus2", "-2")),
        f"{IN}lines.md": enum("Lines", "string", '"1080"', ("Low", "720"), ("High", "1080")),
        f"{IN}shut.md": enum("Shut", "", '"b"', ("A", "a"), ("B", "b")),
    }
    all_exact(files)
    made = {each.name: each for each in there_and_back(files).schema.definitions}
    enums = {name: each for name, each in made.items() if isinstance(each, Enum)}
    assert {name: (each.open, each.type) for name, each in enums.items()} == {
        "Colour": (True, "string"),
        "Count": (True, "int64"),
        "Lines": (True, "string"),
        "Shut": (False, "string"),
    }
    assert enums["Count"].example == -2
    assert enums["Lines"].example == "1080"


LONG = "AnExtremelyLongNameOfAModelThatGoesOnAndOn"
LONGER = "ColourWithAVeryLongNameToo"


def test_typescript_enums_with_members_are_imported() -> None:
    def enum(title: str, package: str, *pairs: tuple[str, str]) -> str:
        end = f"let value: {title} = {title}.{pairs[-1][0]};"
        usage = f'import {{ {title} }} from "sdk/models/{package}";\n\n{end}'
        return values(title, *pairs, usage=usage, fence="typescript")

    colour = "[components.Colour](../../models/components/colour.md)"
    all_exact(
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
                ["other", f"[components.{LONGER}](../../models/components/{LONGER.lower()}.md)"],
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


def test_typescript_examples() -> None:
    url = "https://example.com/a/very/long/path/that/does/not/fit/on/the/line/at/all/really"
    stream = "*ReadableStream<Uint8Array>*"
    all_exact(
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
    all_exact(files | {f"{IN}itemsresult.md": fields("ItemsResult", *links, usage=usage)})


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
    all_exact(files)
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
    all_exact(files)
    options = there_and_back(files).run.settings[0].options
    assert (options["imports"], options["sdk"]) == ("package", "@acme/sdk")


RESPONSE = "[Response](https://developer.mozilla.org/en-US/docs/Web/API/Response)"
REQUEST = "[Request](https://developer.mozilla.org/en-US/docs/Web/API/Request)"


@pytest.mark.parametrize(
    ("indent", "body"),
    [("  ", r'"{\"message\": \"hello\"}"'), ("    ", '\'{"message": "hello"}\'')],
)
def test_examples_of_responses(indent: str, body: str) -> None:
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
    all_exact(files)
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
def test_examples_with_a_text_of_several_lines(texts: str, shown: str) -> None:
    value = f"{{\n  a: {shown},\n}}"
    files = {f"{IN}text.md": typescript("Text", ["a", "*string*"], value=value)}
    all_exact(files)
    back = there_and_back(files)
    assert back.run.settings[0].options["texts"] == texts
    assert back.schema.by_id["components.Text"].example == Object((("a", "to\n\n\tyou"),))


@pytest.mark.parametrize("streams", ["nothing", "declared"])
def test_unions_with_a_stream_of_events(streams: str) -> None:
    stream = "### `EventStream<components.Part>`\n\n"
    if streams == "declared":
        code = "const value: EventStream<components.Part> = ;"
        stream += f"```typescript\n{code}\n```\n\n"
    part = ("`components.Part`", 'const value: components.Part = {\n  id: "<id>",\n};')
    files = {
        f"{IN}part.md": typescript("Part", ["id", "*string*"], value='{\n  id: "<id>",\n}'),
        f"{IN}last.md": union("Last", "typescript", part) + stream,
        f"{IN}first.md": union("First", "typescript", part, more=stream).replace(
            "Types\n\n", f"Types\n\n{stream}"
        ),
    }
    all_exact(files)
    back = there_and_back(files)
    assert back.run.settings[0].options["streams"] == streams
    last = back.schema.by_id["components.Last"]
    assert isinstance(last, Union)
    assert last.members == (Ref("components.Part"), Ref("EventStreamComponentsPart"))


SAMPLE = "/* values here */"


def test_older_pages_of_typescript() -> None:
    one = "[components.One](../../models/components/one.md)"
    value = (
        '{\n    ids: ["<value>"],\n    counts: [1, 2],\n    labels: {\n        key: "<value>",\n'
        '        "x-y": "<value>",\n    },\n    at: new Date("2024-01-01T00:00:00Z"),\n}'
    )
    rows = [
        ["ids", "*string*[]"],
        ["counts", "*number*[]"],
        ["labels", "Record<string, *string*>"],
        ["at", f"[Date]({MDN}Date)"],
    ]
    either = union(
        "Either",
        "typescript",
        ("`components.One`", f"const value: components.One = {SAMPLE}"),
        ("`components.One[]`", f"const value: components.One[] = {SAMPLE}"),
        ("`string`", f"const value: string = {SAMPLE}"),
    )
    usage = 'import { Either } from "sdk/models/components";\n\nlet value: Either = {};'
    shown = usage.replace("{};", f"{value};")
    files = {
        f"{IN}one.md": typescript("One", *rows, value=value),
        f"{IN}two.md": typescript("Two", ["one", one], value=f"{{\n    one: {nested(value)},\n}}"),
        f"{IN}either.md": either.replace(
            "# Either\n\n\n", f"# Either\n\n## Example Usage\n\n```typescript\n{shown}\n```\n\n"
        ),
    }
    all_exact(files)
    back = there_and_back(files)
    options = back.run.settings[0].options
    assert (options["layout"], options["samples"]) == ("compact", False)
    made = back.schema.by_id
    assert made["components.Either"].example == made["components.One"].example


def test_some_enums_may_have_names_and_others_none() -> None:
    def code(title: str, line: str, value: str) -> str:
        usage = f'import {{ {title} }} from "sdk/models/components";\n\n'
        content = f"```typescript\n{line}\n```"
        usage += f"let value: {title} = {value};"
        return page(title, "Values", content, "", usage, "typescript")

    count = 'import { Count } from "sdk/models/components";\n\nlet value: Count = Count.Two;'
    usage = (
        'import { A, Count } from "sdk/models/components";\n'
        'import { Decimal, RFCDate } from "sdk/types";\n\nlet value: A = {\n  colour: "red",\n'
        '  count: Count.One,\n  day: new RFCDate("2024-01-01"),\n  size: new Decimal("1.50"),\n'
        '  big: BigInt("9223372036854775808"),\n};'
    )
    files = {
        f"{IN}colour.md": code("Colour", '"red" | "dark-blue"', '"dark-blue"'),
        f"{IN}shape.md": code("Shape", '"round" | "flat"', '"flat"'),
        f"{IN}count.md": values(
            "Count", ("One", "1"), ("Two", "2"), usage=count, fence="typescript"
        ),
        f"{IN}a.md": fields(
            "A",
            ["colour", "[components.Colour](../../models/components/colour.md)"],
            ["count", "[components.Count](../../models/components/count.md)"],
            ["day", "[RFCDate](../../types/rfcdate.md)"],
            ["size", "*Decimal*"],
            ["big", "*BigInt*"],
            usage=usage,
        ),
    }
    all_exact(files)
    pages = {each.name: each.pages for each in there_and_back(files).schema.definitions}
    assert pages["Count"]["typescript"].named is True
    assert not pages["Colour"]


def test_some_enums_of_python_may_have_names() -> None:
    all_exact(
        {
            f"{FLAT}a.md": values("A", ("ONE", "one"), ("TWO", "two")),
            f"{FLAT}b.md": page("B", "Values", '- `"x"`\n'),
            f"{FLAT}c.md": page("C", "Values", "- `1`\n- `2`\n"),
        },
        "python",
    )


def test_the_example_of_a_union_is_that_of_the_model_with_its_keys() -> None:
    """A model without required fields takes anything, and knows nothing of other models' names."""
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
    all_exact(files)
    holder = there_and_back(files).schema.by_id["components.Holder"]
    assert isinstance(holder, Model)
    right = Object((("created_at", "x"),))
    wrong = Object((("created_at", 5), ("more", Object((("lone_id", 1),)))))
    assert holder.example == Object((("shape", right), ("shapes", (right,)), ("wrong", wrong)))


def nested(value: str) -> str:
    """Return code as it stands one level deeper."""
    return value.replace("\n", "\n    ")


def test_older_pages_of_unions_without_an_example() -> None:
    member_ = ("`string`", f"const value: string = {SAMPLE}")
    files = {
        f"{IN}u.md": union("U", "typescript", member_),
        f"{IN}a.md": fields("A", ["b", "*any*"]),
    }
    all_exact(files, "typescript")


def test_numbers_keep_their_form() -> None:
    def numbers(title: str, *shown: str) -> str:
        rows = [[f"n{index}", "*number*"] for index, _ in enumerate(shown)]
        value = "".join(f"  n{index}: {each},\n" for index, each in enumerate(shown))
        return typescript(title, *rows, value=f"{{\n{value}}}")

    mostly_one = {f"{IN}a.md": numbers("A", "1.5", "2.5", "3.50", "1.0", "1.8446744073709552e+19")}
    mostly_two = {f"{IN}a.md": numbers("A", "1.50", "2.50", "3.5", "12.25", "7")}
    for files, decimals in ((mostly_one, False), (mostly_two, True)):
        all_exact(files)
        back = there_and_back(files)
        assert back.run.settings[0].options["decimals"] is decimals
        (a,) = back.schema.definitions
        assert isinstance(a, Model)
        assert a.example is not None
        assert [value for _, value in a.example.items][:3] == [1.5, 2.5, 3.5]


def test_an_object_is_what_it_looks_like_where_a_model_has_such_a_field() -> None:
    rows = ["Date", "*string*"], ["Number", "*string*", NO]
    all_exact(
        {
            f"{IN}a.md": typescript("A", *rows, value='{\n  Date: "2024-01-01",\n}'),
            f"{IN}b.md": typescript("B", ["Number", "*string*"], value='{\n  Number: "1",\n}'),
        }
    )


def test_typescript_pages_without_examples() -> None:
    all_exact({f"{IN}a.md": fields("A", ["id", "*string*"])}, "typescript")


@pytest.mark.parametrize(
    "value",
    [
        "{\n  id: `a`,\n}",
        '{\n  id: "caf\\u00e9",\n}',
        "{\n  id: undefined,\n}",
        "{ id: 1 }",
        "make()",
        '{\n  id: "\\u0007",\n}',
    ],
)
def test_an_example_in_other_forms_is_reported(value: str) -> None:
    a = typescript("A", ["id", "*any*"], value=value)
    assert exact_or_reported({f"{IN}a.md": a}) == set()


# Python -------------------------------------------------------------------------------------------

DATES = "https://docs.python.org/3/library/datetime.html"


def test_python_types() -> None:
    all_exact(
        {
            f"{FLAT}a.md": fields(
                "A",
                ["b", "*Optional[int]*", NO],
                ["c", "*Nullable[float]*"],
                ["d", "*OptionalNullable[bool]*", NO],
                ["e", "Dict[str, List[*int*]]", NO],
                ["f", "[OptionalNullable[models.B]](../models/b.md)", NO],
                ["g", "List[[Nullable[models.B]](../models/b.md)]"],
                ["h", f"[date]({DATES}#date-objects)"],
                ["i", f"[datetime]({DATES}#datetime-objects)", NO],
                ["j", '*Optional[Literal["a*b"]]*', NO],
                ["k", "*Literal[True]*"],
                ["l", "*Union[bytes, IO[bytes], io.BufferedReader]*"],
                ["m", "*Nullable[Any]*"],
                ["n", "[httpx.Response](https://www.python-httpx.org/api/#response)"],
                ["o", "*Optional[httpx.Response]*", NO],
                ["p", '*Literal["a", "b"]*'],
                ["q", "*Optional[Union[str, int]]*", NO],
                ["r", "*Optional[models.Missing]*", NO],
                ["s", "[models.Gone](../models/gone.md)"],
                ["t", '*OptionalNullable[Literal["q\\"q"]]*', NO],
                ["u", "*Literal[1.5]*"],
            ),
            f"{FLAT}b.md": fields("B", ["id", "*str*"]),
            f"{FLAT}and_.md": fields("And", ["value", "*str*"]),
            f"{FLAT}class.md": fields("Class", ["value", "*str*"]),
            f"{FLAT}lambda_.md": page("Lambda", "Values", '- `"x"`\n'),
        }
    )


def test_python_unions() -> None:
    types = [
        *("str", "int", "models.B", "List[models.B]", "Dict[str, Any]", "datetime", "date", "Any"),
        *("None", "bytes", "Union[str, int]", "Union[models.B, List[str]]", 'Literal["x]"]'),
        *("List[Union[str, models.B]]", "Nullable[str]", "Dict[str, Nullable[models.B]]"),
        *("Optional[str]", "Decimal", "httpx.Response", "models.B", "List[List[models.B]]"),
        *("eventstreaming.EventStream[models.B]", "Dict[str, List[models.B]]"),
    ]
    all_exact(
        {
            f"{FLAT}u.md": union(
                "U", "python", *((f"`{t}`", f"value: {t} = /* values here */") for t in types)
            ),
            f"{FLAT}b.md": fields("B", ["id", "*str*"]),
        }
    )


def test_python_enums() -> None:
    opened = "This is an open enum. Unrecognized values will not fail type checks.\n\n"

    def enum(title: str, kind: str, *literals: str) -> str:
        listed = "".join(f"- `{literal}`\n" for literal in literals)
        comment = f"\n# Open enum: unrecognized values are captured as {kind}\n" if kind else ""
        usage = f"from acme.models import {title}\n{comment}value: {title} = {literals[0]}"
        return page(title, "Values", (opened if kind else "") + listed, "", usage, "python")

    all_exact(
        {
            f"{FLAT}a.md": enum("A", "", '"x"', '"y"'),
            f"{FLAT}b.md": enum("B", "UnrecognizedStr", '"x"', '"y"'),
            f"{FLAT}c.md": enum("C", "UnrecognizedInt", "1", "-2"),
            f"{FLAT}e.md": enum("E", "", '"a`b"', '"|"', '""', '" "', '"it\'s"', '"q\\"q"'),
            f"{FLAT}n.md": enum("N", "", '"no"', '"null"', '"1"', '"0123"', '"-"', '"<<"'),
        }
    )


def test_python_enums_with_names() -> None:
    def enum(title: str, kind: str, *pairs: tuple[str, str]) -> str:
        usage = f"from acme.models import {title}\n\nvalue = {title}.{pairs[-1][0]}"
        if kind:
            usage += f"\n\n# Open enum: unrecognized values are captured as {kind}"
        return values(title, *pairs, usage=usage, fence="python")

    files = {
        f"{FLAT}colour.md": enum("Colour", "UnrecognizedStr", ("RED", "red"), ("BLUE", "blue")),
        f"{FLAT}count.md": enum("Count", "UnrecognizedInt", ("ALL", "-1"), ("ONE", "1")),
        f"{FLAT}lines.md": enum("Lines", "UnrecognizedStr", ("LOW", "720"), ("HIGH", "1080")),
        f"{FLAT}shut.md": enum("Shut", "", ("A", "a"), ("B", "b")),
    }
    all_exact(files)
    made = [each for each in there_and_back(files).schema.definitions if isinstance(each, Enum)]
    assert {each.name: (each.open, each.type, each.example) for each in made} == {
        "Colour": (True, "string", "blue"),
        "Count": (True, "int64", 1),
        "Lines": (True, "string", "1080"),
        "Shut": (False, "string", "b"),
    }


# Any notation -------------------------------------------------------------------------------------

TEXTS = [
    *("plain", "two\n\nparas", "ends\n", "\nbegins", "\n\nbegins", "a\n\n\n", "```json\n{}\n```"),
    *("## Fields\n\n| A |\n| - |\n| x |", "x\n\n## Fields\n\nmore", "x\n\n## Example Usage"),
    *("## Example Usage\n\n```typescript\nfoo\n```\n\nmore", "| a | b |\n| - | - |\n| 1 | 2 |"),
    *("## Supported Types\n\n### `x`", "## Values\n\n- `x`", BANNER, f"x\n\n{BANNER}", "# title"),
    *("  lead", "\tx", "---\na: b", "null", "- x", "? x", "x:", "|", "a\n  b\n c\n\n  d", "a \nb"),
    *(
        "{{ x }} {% y %}",
        "nbsp\u00a0x",
        "sep\u2028x",
        "é名🙂",
        "\\n",
        "~",
        "'",
        '"',
        "%x",
        "  a\nb",
    ),
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("notation", NOTATIONS)
def test_descriptions(notation: str, text: str) -> None:
    made = typescript if notation == "typescript" else fields
    row = ["a", "*str*" if notation == "python" else "*string*"]
    old = made("B", row, text=f"{text}\n\n{BANNER}").replace("# B\n", "# ~~B~~\n", 1)
    all_exact({f"{IN}a.md": made("A", row, text=text), f"{IN}b.md": old}, notation)


def test_cells() -> None:
    all_exact(
        {
            f"{IN}a.md": fields(
                "A",
                ["a", "*string*", YES, "N/A", "US"],
                [
                    "b",
                    "*string*",
                    YES,
                    "`code` | pipe\nline\\",
                    "**Example 1:** US<br/>**Example 2:** S",
                ],
                ["c", "*string*", YES, "text ", '{\n"a": 1,\n"b": [\n1\n]\n}'],
                ["d", "*string*", YES, " lead", "a|b"],
                ["e", "*string*", YES, "*", "N/A"],
                ["f", "*string*", YES, "x", '**Example 1:** {\n"a": 1\n}<br/>**Example 2:** 2'],
                ["g", "*string*", YES, "🙂", "true"],
                ["~~`h`~~", "*string*", YES, CELL, "1.50"],
                ["~~`i`~~", "*string*", YES, f"{CELL}\n\nUse x.\n", '{\n"a": "\\u0007"\n}'],
                [
                    "~~`j`~~",
                    "*string*",
                    YES,
                    ": warning: ** DEPRECATED **: Use x.\n\nOf old.",
                    "[]",
                ],
                ["k", "*string*", YES, "**Example 1:** x", "**Example 1:** one alone"],
            )
        },
        "typescript",
    )


@pytest.mark.parametrize(
    "text", ["a" * 60 + "  ", "a" * 60 + "<br/>b", "a" * 60 + "\nb", "a|" * 40]
)
def test_what_a_cell_lost_is_told_by_the_width(text: str) -> None:
    all_exact({f"{IN}a.md": fields("A", ["a", "*string*", YES, text])}, "go")


def test_reasons_may_have_several_lines() -> None:
    reason = "This is old.\nIt has lines.\n. Use B instead."
    cell = f": warning: ** DEPRECATED **: {reason}"
    page = fields(
        "A",
        ["~~`a`~~", "**string*", NO, f"{cell}\n\nOf old."],
        ["~~`b`~~", "**string*", NO, f"{cell}\n"],
        text=f"Of old.\n\n> :warning: **DEPRECATED**: {reason}",
    )
    files = {f"{IN}a.md": page.replace("# A", "# ~~A~~", 1)}
    all_exact(files, "go")
    model = there_and_back(files, "go").schema.by_id["components.A"]
    assert isinstance(model, Model)
    assert (model.description, model.deprecated) == ("Of old.", reason)
    assert [field.deprecated for field in model.fields] == [reason, f"{reason}\n"]
    assert [field.description for field in model.fields] == ["Of old.", ""]


def test_deprecated_definitions_may_have_a_reason() -> None:
    old = fields("A", ["a", "*str*"], text="Of old.\n\n> :warning: **DEPRECATED**: Use B instead.")
    files = {f"{FLAT}a.md": old.replace("# A", "# ~~A~~", 1)}
    all_exact(files)
    assert [each.deprecated for each in there_and_back(files).schema.definitions] == [
        "Use B instead."
    ]


def test_pages_anywhere() -> None:
    one = "[components.y.B](../../../models/components/y/b.md)"
    all_exact(
        {
            "models/components/x/a.md": fields("A", ["B", one]),
            "models/components/y/b.md": GO_B,
        },
        "go",
    )
    all_exact(
        {
            f"{FLAT}A.md": fields("A", ["b", "[models.BB](../models/b_b.md)"]),
            f"{FLAT}b_b.md": fields("BB"),
            f"{FLAT}other.md": fields("Thing", ["a", "[models.A](../models/A.md)"]),
        },
        "python",
    )


def test_field_names_of_any_kind() -> None:
    names = [
        *("a b", "а", "$ref", "1", "___", "<x>", "*", "__proto__", "no", "a.b", "-", "a|b", "é"),  # noqa: RUF001
        *("名", "🙂", "x" * 300, "aB", "a_b", "AB", "class", "self", "None", "type", "  sp "),
    ]
    rows = {"go": "*string*", "typescript": "*string*", "python": "*str*"}
    for notation, type_ in rows.items():
        all_exact({f"{IN}a.md": fields("A", *([name, type_] for name in names))}, notation)


# What leads to itself -----------------------------------------------------------------------------


def test_models_and_unions_that_lead_to_themselves_load_and_come_back() -> None:
    all_exact(
        {
            f"{FLAT}a.md": fields("A", ["next", "[models.B](../models/b.md)"]),
            f"{FLAT}b.md": fields("B", ["back", "[models.A](../models/a.md)"]),
            f"{FLAT}u.md": union(
                "U",
                "python",
                ("`models.U`", "value: models.U = /* values here */"),
                ("`str`", "value: str = /* values here */"),
            ),
            f"{FLAT}v.md": union(
                "V", "python", ("`models.W`", "value: models.W = /* values here */")
            ),
            f"{FLAT}w.md": union(
                "W", "python", ("`models.V`", "value: models.V = /* values here */")
            ),
        },
        "python",
    )


def test_unions_whose_names_are_taken_come_back() -> None:
    all_exact(
        {
            f"{IN}a.md": typescript("A", ["b", "*string* | *number*"], ["x", "*string*"]),
            f"{IN}ab.md": typescript("AB", ["id", "*string*"]),
            f"{IN}u.md": union(
                "U",
                "typescript",
                member("(string | number)[]", '[\n  "a",\n]'),
                member("(string | boolean)[]", "[\n  true,\n]"),
            ),
        }
    )


# What a whole set has otherwise, and what one page has --------------------------------------------


def found(files: dict[str, str], notation: str | None = None) -> dict[str, Any]:
    """Return the options under which pages come back, which they all do."""
    all_exact(files, notation)
    (made,) = there_and_back(files, notation).run.settings
    return dict(made.options)


@pytest.mark.parametrize("above", ["sdk", "pkg", "src/lib"])
@pytest.mark.parametrize("given", [True, False])
def test_folders_above_the_models(above: str, given: bool) -> None:
    up = "../" * (3 + above.count("/"))
    link = f"({up}{above}/models/shared/b.md)"
    # The folder that is read may lie below the docs.
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


def test_older_go_says_interface_for_any_value() -> None:
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


def test_optional_bytes_are_no_pointer_in_go() -> None:
    pages = {f"{IN}a.md": fields("A", ["Body", "*[]byte*", NO], ["Data", "*[]byte*"])}
    all_exact(pages, "go")
    model = there_and_back(pages, "go").schema.by_id["components.A"]
    assert isinstance(model, Model)
    assert [(field.required, field.nullable) for field in model.fields] == [
        (False, False),
        (True, False),
    ]


def test_links_to_unions_may_say_their_types_in_python() -> None:
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
    # Where most links say names, a union by its types is of another set.
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
    takes_null = [field.wire for field in model.fields if field.nullable]
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
    told = {each.what for each in run.disagreements}
    assert told == {"whether A.Plain may be null", "whether A.Null may be null"}
    wrong = fields("A", ["B", both("`string`")[:-1], NO])
    assert exact_or_reported({f"{IN}a.md": wrong, f"{IN}b.md": GO_B}, "go") == {f"{IN}b.md"}


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
    all_exact(pages)
    model = there_and_back(pages).schema.by_id["models.A"]
    assert isinstance(model, Model)
    wrappers = {field.wire: page.wrapper for field in model.fields for page in field.pages.values()}
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
    assert {field.wire for field in model.fields if field.nullable} == {"a", "c", "e", "g"}


def test_the_last_of_several_examples_may_be_empty() -> None:
    all_exact(
        {
            f"{FLAT}a.md": fields(
                "A", ["a", "*str*", YES, "N/A", "**Example 1:** a<br/>**Example 2:** "]
            )
        },
        "python",
    )


def test_values_with_a_tag_and_an_empty_line() -> None:
    for value in ("\n<br/>", "<br/>\n", "\n\n<br/>", "a\n\nb<br/>c\n"):
        all_exact({f"{FLAT}a.md": values("A", ("X", value))}, "python")


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
