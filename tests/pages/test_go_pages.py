"""Pages of SDKs in Go come back: types, unions and enums."""

from __future__ import annotations

from helpers.page_sets import (
    GO_B,
    IN,
    NO,
    YES,
    fields,
    go_member,
    inexact_pages,
    page,
    there_and_back,
    union,
    values,
)
from modelsync.schema.definitions import Model, Union
from modelsync.schema.type_expr import unparse

GO_RESPONSE = "(https://pkg.go.dev/net/http#Response)"


def test_go_types_come_back() -> None:
    assert (
        inexact_pages(
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
        == []
    )


def test_go_types_in_backticks_come_back() -> None:
    assert (
        inexact_pages(
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
        == []
    )


def test_go_unions_come_back() -> None:
    assert (
        inexact_pages(
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
        == []
    )


def test_go_unions_explain_how_to_find_the_member() -> None:
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
        assert inexact_pages({f"{IN}pet.md": page_, f"{IN}b.md": GO_B}) == []
    other = pet.replace("`Type`", "`Kind`").replace(".Type", ".Kind")
    assert inexact_pages({f"{IN}pet.md": other, f"{IN}b.md": GO_B}) == []


def test_go_unions_with_a_generic_constructor_come_back() -> None:
    shown = {
        "components.B{/* values here */}": "B",
        '""': "string",
        "0": "int32",
        "int64(0)": "int64",
        "float64(0)": "float64",
        "false": "bool",
        "time.Time{}": "datetime",
        'components.Kind("")': "Kind",
        "[]string{/* values here */}": "list[string]",
    }
    heads = [type_ if type_ in ("B", "Kind") else "" for type_ in shown.values()]
    members = (
        (head, f"pet := components.NewPet({code})") for head, code in zip(heads, shown, strict=True)
    )
    kind = values("Kind", ("KindA", "a"))
    files = {f"{IN}pet.md": union("Pet", "go", *members), f"{IN}b.md": GO_B, f"{IN}kind.md": kind}
    back = there_and_back(files)
    assert back.run.problems == back.inexact == ()
    pet = back.schema.by_id["components.Pet"]
    assert isinstance(pet, Union)
    names = [unparse(member, lambda ref: ref.id.split(".")[-1]) for member in pet.members]
    assert names == list(shown.values())


GO_IMPORT = 'import (\n\t"example.com/sdk/models/components"\n)\n\n'
GO_OPEN = "\n\n// Open enum: custom values can be created with a direct type cast\n"


def test_go_enums_come_back() -> None:
    colour = f"{GO_IMPORT}value := components.ColourRed"
    assert (
        inexact_pages(
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
        == []
    )


def test_enums_without_an_example_show_their_notation() -> None:
    go = {f"{IN}colour.md": values("Colour", ("ColourRed", "red"), ("ColourBlue", "blue"))}
    python = {f"{IN}colour.md": values("Colour", ("RED", "red"), ("DARK_BLUE", "dark-blue"))}
    listed = {f"{IN}colour.md": page("Colour", "Values", '- `"red"`\n- `"blue"`\n')}
    for files, notation in ((go, "go"), (python, "python"), (listed, "python")):
        assert there_and_back(files).run.sets[0].notation == notation
        assert inexact_pages(files) == []


def test_optional_bytes_are_not_a_pointer_in_go() -> None:
    pages = {f"{IN}a.md": fields("A", ["Body", "*[]byte*", NO], ["Data", "*[]byte*"])}
    assert inexact_pages(pages, "go") == []
    model = there_and_back(pages, "go").schema.by_id["components.A"]
    assert isinstance(model, Model)
    assert [(field.required, field.nullable) for field in model.fields] == [
        (False, False),
        (True, False),
    ]
