"""Pages come back: those that the Markdown target writes, and those of other SDKs, made by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from modelsync.ir import Schema
from modelsync.pages.notation import NOTATIONS
from modelsync.render import render
from modelsync.targets import problems_of, target_class
from modelsync.targets.base import Settings
from page_sets import (
    NO,
    YES,
    exact_or_reported,
    fields,
    page,
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
        "captured": st.booleans(),
        "discrimination": st.booleans(),
    }
)


@pytest.mark.parametrize("notation", NOTATIONS)
@settings(max_examples=50)
@given(schemas(bare=True), DIALECTS)
def test_written_pages_come_back(
    notation: str, schema: Schema, dialect: dict[str, str | bool]
) -> None:
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
    outputs = render([target]).items()
    return {path.removeprefix("out/"): output.data.decode() for path, output in outputs}


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
        " then access the corresponding field:\n\n```go\nswitch pet.Type {\n\tcase"
        " components.PetTypeSmall:\n\t\t// pet.Small is populated\n}\n```\n"
    )
    pet = union("Pet", "go", ("B", go_member("Pet", "Small", "components.B")), more=more)
    all_exact({f"{IN}pet.md": pet, f"{IN}b.md": GO_B})
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
                value='{\n  said: \'say "x"\',\n  both: "it\'s \\"x",\n'
                f'  "x-y": "a\\tb",\n  long:\n    "{url}",\n'
                '  data: new TextEncoder().encode("0x12"),\n  map: {\n    "key": [\n      {},\n'
                "      [],\n      null,\n    ],\n  },\n}",
            ),
            f"{IN}order.md": typescript(
                "Order", ["id", "*string*"], value='{\n  other: "x",\n  id: "y",\n}'
            ),
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
        "{\n  id: 1.0,\n}",
        "{\n  id: 1.8446744073709552e+19,\n}",
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
