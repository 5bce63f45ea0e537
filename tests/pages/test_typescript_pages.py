"""Pages of SDKs in TypeScript come back: types, unions and enums."""

from __future__ import annotations

import pytest

from helpers.page_sets import (
    IN,
    MDN,
    NO,
    fields,
    inexact_pages,
    member,
    page,
    table,
    there_and_back,
    typescript,
    union,
    values,
)
from modelsync.schema.definitions import Enum, Union
from modelsync.schema.types import Ref


def test_typescript_types_come_back() -> None:
    assert (
        inexact_pages(
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
        == []
    )


def test_typescript_unions_come_back() -> None:
    object_ = '{\n  id: "<id>",\n}'
    assert (
        inexact_pages(
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
        == []
    )


def test_typescript_enums_come_back() -> None:
    def enum(title: str, line: str, value: str, text: str = "") -> str:
        usage = (
            f'import {{ {title} }} from "sdk/models/components";\n\nlet value: {title} = {value};'
        )
        content = f"{text}```typescript\n{line}\n```"
        return page(title, "Values", content, "", usage, "typescript")

    sentence = (
        "This is an open enum. Unrecognized values will be captured as the"
        " `Unrecognized<{}>` branded type.\n\n"
    )
    quotes = '"it\'s" | "a|b" | "q\\"q" | "" | "a | b"'
    closed = {
        f"{IN}colour.md": enum("Colour", '"red" | "blue" | Unrecognized<string>', '"blue"'),
        f"{IN}count.md": enum("Count", "1 | -2 | Unrecognized<number>", "-2"),
        f"{IN}quotes.md": enum("Quotes", quotes, '"it\'s"'),
    }
    assert inexact_pages(closed) == []
    text = enum("Colour", '"red" | Unrecognized<string>', '"red"', sentence.format("string"))
    number = enum("Count", "1 | Unrecognized<number>", "1", sentence.format("number"))
    assert inexact_pages({f"{IN}colour.md": text, f"{IN}count.md": number}) == []
    long = '"a colour that is so long that it has to stand on a line of its own"'
    assert (
        inexact_pages(
            {
                f"{IN}quotes.md": enum("Quotes", '"a" | "say \\"x\\""', '"say \\"x\\""'),
                f"{IN}long.md": enum("Long", f'"a" | {long}', long).replace(
                    "Long = ", "Long =\n  "
                ),
            }
        )
        == []
    )


COMMENT = "\n\n// Open enum: unrecognized values are captured as Unrecognized<{}>"
SENTENCE = (
    "This is an open enum. Unrecognized values will be captured as the `Unrecognized<{}>` branded"
    " type.\n\n"
)


@pytest.mark.parametrize("where", ["nowhere", "values", "example"])
@pytest.mark.parametrize("form", ["code", "table"])
def test_open_enums_of_typescript_come_back(where: str, form: str) -> None:
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
        sentence = SENTENCE.format(kind) if kind and where == "values" else ""
        usage = (
            f'import {{ {title} }} from "sdk/models/components";\n\nlet value: {title} = {shown};'
        )
        return page(title, "Values", sentence + content, "", usage + comment, "typescript")

    files = {
        f"{IN}colour.md": enum("Colour", "string", '"blue"', ("Red", "red"), ("Blue", "blue")),
        f"{IN}count.md": enum("Count", "number", "-2", ("One", "1"), ("Minus2", "-2")),
        f"{IN}lines.md": enum("Lines", "string", '"1080"', ("Low", "720"), ("High", "1080")),
        f"{IN}shut.md": enum("Shut", "", '"b"', ("A", "a"), ("B", "b")),
    }
    assert inexact_pages(files) == []
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


@pytest.mark.parametrize("streams", ["nothing", "declared"])
def test_unions_with_a_stream_of_events_come_back(streams: str) -> None:
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
    assert inexact_pages(files) == []
    back = there_and_back(files)
    assert back.run.settings[0].options["streams"] == streams
    last = back.schema.by_id["components.Last"]
    assert isinstance(last, Union)
    assert last.members == (Ref("components.Part"), Ref("EventStreamComponentsPart"))


SAMPLE = "/* values here */"


def nested(value: str) -> str:
    """Return code indented by one more level."""
    return value.replace("\n", "\n    ")


def test_older_pages_of_typescript_come_back() -> None:
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
    assert inexact_pages(files) == []
    back = there_and_back(files)
    options = back.run.settings[0].options
    assert (options["layout"], options["samples"]) == ("compact", False)
    made = back.schema.by_id
    assert made["components.Either"].example == made["components.One"].example


def test_only_some_enums_may_have_names() -> None:
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
    assert inexact_pages(files) == []
    pages = {each.name: each.pages for each in there_and_back(files).schema.definitions}
    assert pages["Count"]["typescript"].named is True
    assert not pages["Colour"]


def test_older_pages_of_unions_without_an_example_come_back() -> None:
    member_ = ("`string`", f"const value: string = {SAMPLE}")
    files = {
        f"{IN}u.md": union("U", "typescript", member_),
        f"{IN}a.md": fields("A", ["b", "*any*"]),
    }
    assert inexact_pages(files, "typescript") == []
