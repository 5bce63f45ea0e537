"""Pages of the Markdown target and constructed pages come back."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings

from helpers.page_sets import (
    FLAT,
    GO_B,
    IN,
    NO,
    YES,
    fields,
    inexact_pages,
    member,
    there_and_back,
    typescript,
    union,
    values,
)
from helpers.strategies import schemas
from helpers.written_pages import DIALECTS, pages_of
from modelsync.pages.notation import NOTATIONS
from modelsync.pages.table import BREAK
from modelsync.schema.definitions import Enum, Model
from modelsync.schema.schema import Schema

BANNER = (
    "> :warning: **DEPRECATED**: This will be removed in a future release, please migrate away"
    " from it as soon as possible."
)
CELL = (
    ": warning: ** DEPRECATED **: This will be removed in a future release, please migrate away"
    " from it as soon as possible."
)


# Random schemas -----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("notation", NOTATIONS)
@settings(max_examples=50)
@given(schemas(bare=True), DIALECTS)
def test_written_pages_come_back(
    notation: str, schema: Schema, dialect: dict[str, str | bool]
) -> None:
    # Spaces at the end of a value are lost in the padding of a table, and so is the difference
    # between a tag and a line feed in a narrow cell of a wide table.
    enums = (each for each in schema.definitions if isinstance(each, Enum))
    values = [str(value.json_value) for enum in enums for value in enum.values]
    assume(not any(text.endswith(" ") or BREAK in text for text in values))
    files = pages_of(schema, notation, dialect)
    back = there_and_back(files, notation)
    assert back.run.problems == ()
    assert [f"{each.position} {each.help}" for each in back.inexact] == []
    assert set(back.written) == set(files)


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
def test_descriptions_come_back(notation: str, text: str) -> None:
    made = typescript if notation == "typescript" else fields
    row = ["a", "*str*" if notation == "python" else "*string*"]
    old = made("B", row, text=f"{text}\n\n{BANNER}").replace("# B\n", "# ~~B~~\n", 1)
    assert inexact_pages({f"{IN}a.md": made("A", row, text=text), f"{IN}b.md": old}, notation) == []


def test_cells_come_back() -> None:
    assert (
        inexact_pages(
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
        == []
    )


@pytest.mark.parametrize(
    "text", ["a" * 60 + "  ", "a" * 60 + "<br/>b", "a" * 60 + "\nb", "a|" * 40]
)
def test_the_width_of_a_table_restores_its_longest_cell(text: str) -> None:
    assert inexact_pages({f"{IN}a.md": fields("A", ["a", "*string*", YES, text])}, "go") == []


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
    assert inexact_pages(files, "go") == []
    model = there_and_back(files, "go").schema.by_id["components.A"]
    assert isinstance(model, Model)
    assert (model.description, model.deprecated) == ("Of old.", reason)
    assert [field.deprecated for field in model.fields] == [reason, f"{reason}\n"]
    assert [field.description for field in model.fields] == ["Of old.", ""]


def test_deprecated_definitions_may_have_a_reason() -> None:
    old = fields("A", ["a", "*str*"], text="Of old.\n\n> :warning: **DEPRECATED**: Use B instead.")
    files = {f"{FLAT}a.md": old.replace("# A", "# ~~A~~", 1)}
    assert inexact_pages(files) == []
    assert [each.deprecated for each in there_and_back(files).schema.definitions] == [
        "Use B instead."
    ]


def test_pages_in_any_folder_come_back() -> None:
    one = "[components.y.B](../../../models/components/y/b.md)"
    assert (
        inexact_pages(
            {
                "models/components/x/a.md": fields("A", ["B", one]),
                "models/components/y/b.md": GO_B,
            },
            "go",
        )
        == []
    )
    assert (
        inexact_pages(
            {
                f"{FLAT}A.md": fields("A", ["b", "[models.BB](../models/b_b.md)"]),
                f"{FLAT}b_b.md": fields("BB"),
                f"{FLAT}other.md": fields("Thing", ["a", "[models.A](../models/A.md)"]),
            },
            "python",
        )
        == []
    )


def test_field_names_of_any_kind_come_back() -> None:
    names = [
        *("a b", "а", "$ref", "1", "___", "<x>", "*", "__proto__", "no", "a.b", "-", "a|b", "é"),  # noqa: RUF001
        *("名", "🙂", "x" * 300, "aB", "a_b", "AB", "class", "self", "None", "type", "  sp "),
    ]
    rows = {"go": "*string*", "typescript": "*string*", "python": "*str*"}
    for notation, type_ in rows.items():
        assert (
            inexact_pages({f"{IN}a.md": fields("A", *([name, type_] for name in names))}, notation)
            == []
        )


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


def test_values_of_enums_may_have_tags_and_empty_lines() -> None:
    for value in ("\n<br/>", "<br/>\n", "\n\n<br/>", "a\n\nb<br/>c\n"):
        assert inexact_pages({f"{FLAT}a.md": values("A", ("X", value))}, "python") == []


# Recursion -----------------------------------------------------------------------------


def test_recursive_models_and_unions_load_and_come_back() -> None:
    assert (
        inexact_pages(
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
        == []
    )


def test_unions_whose_names_are_taken_come_back() -> None:
    assert (
        inexact_pages(
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
        == []
    )


# Names and kinds with another meaning in specs ----------------------------------------------


@pytest.mark.parametrize("title", ["date", "string", "null", "list", "record", "integer"])
@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_page_may_have_the_name_of_a_built_in_type(notation: str, title: str) -> None:
    made = typescript if notation == "typescript" else fields
    text = "*str*" if notation == "python" else "*string*"
    files = {f"{IN}{title}.md": made(title, ["a", text]), f"{IN}b.md": made("B", ["b", text])}
    assert inexact_pages(files, notation) == []
    back = there_and_back(files, notation)
    assert {each.name for each in back.schema.definitions} == {title.capitalize(), "B"}


@pytest.mark.parametrize("shown", ["true", "9530.98", "790223", '"true"', '"790223"', '"yes"'])
def test_values_of_a_union_keep_their_kind_even_if_text_is_first(shown: str) -> None:
    page_ = typescript(
        "A",
        ["eq", "*string* | *number* | *boolean*"],
        ["all", "Record<string, *string* | *number* | *boolean*>"],
        value=f'{{\n  eq: {shown},\n  all: {{\n    "key": {shown},\n  }},\n}}',
    )
    assert inexact_pages({f"{IN}a.md": page_}, "typescript") == []
