"""Pages of SDKs in Python come back: types, unions and enums."""

from __future__ import annotations

from helpers.page_sets import FLAT, NO, fields, inexact_pages, page, there_and_back, union, values
from modelsync.schema.definitions import Enum

DATES = "https://docs.python.org/3/library/datetime.html"


def test_python_types_come_back() -> None:
    assert (
        inexact_pages(
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
        == []
    )


def test_python_unions_come_back() -> None:
    types = [
        *("str", "int", "models.B", "List[models.B]", "Dict[str, Any]", "datetime", "date", "Any"),
        *("None", "bytes", "Union[str, int]", "Union[models.B, List[str]]", 'Literal["x]"]'),
        *("List[Union[str, models.B]]", "Nullable[str]", "Dict[str, Nullable[models.B]]"),
        *("Optional[str]", "Decimal", "httpx.Response", "models.B", "List[List[models.B]]"),
        *("eventstreaming.EventStream[models.B]", "Dict[str, List[models.B]]"),
    ]
    assert (
        inexact_pages(
            {
                f"{FLAT}u.md": union(
                    "U", "python", *((f"`{t}`", f"value: {t} = /* values here */") for t in types)
                ),
                f"{FLAT}b.md": fields("B", ["id", "*str*"]),
            }
        )
        == []
    )


def test_python_enums_come_back() -> None:
    opened = "This is an open enum. Unrecognized values will not fail type checks.\n\n"

    def enum(title: str, kind: str, *literals: str) -> str:
        listed = "".join(f"- `{literal}`\n" for literal in literals)
        comment = f"\n# Open enum: unrecognized values are captured as {kind}\n" if kind else ""
        usage = f"from acme.models import {title}\n{comment}value: {title} = {literals[0]}"
        return page(title, "Values", (opened if kind else "") + listed, "", usage, "python")

    assert (
        inexact_pages(
            {
                f"{FLAT}a.md": enum("A", "", '"x"', '"y"'),
                f"{FLAT}b.md": enum("B", "UnrecognizedStr", '"x"', '"y"'),
                f"{FLAT}c.md": enum("C", "UnrecognizedInt", "1", "-2"),
                f"{FLAT}e.md": enum("E", "", '"a`b"', '"|"', '""', '" "', '"it\'s"', '"q\\"q"'),
                f"{FLAT}n.md": enum("N", "", '"no"', '"null"', '"1"', '"0123"', '"-"', '"<<"'),
            }
        )
        == []
    )


def test_python_enums_with_names_come_back() -> None:
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
    assert inexact_pages(files) == []
    made = [each for each in there_and_back(files).schema.definitions if isinstance(each, Enum)]
    assert {each.name: (each.open, each.type, each.example) for each in made} == {
        "Colour": (True, "string", "blue"),
        "Count": (True, "int64", 1),
        "Lines": (True, "string", "1080"),
        "Shut": (False, "string", "b"),
    }


def test_some_enums_of_python_may_have_names() -> None:
    assert (
        inexact_pages(
            {
                f"{FLAT}a.md": values("A", ("ONE", "one"), ("TWO", "two")),
                f"{FLAT}b.md": page("B", "Values", '- `"x"`\n'),
                f"{FLAT}c.md": page("C", "Values", "- `1`\n- `2`\n"),
            },
            "python",
        )
        == []
    )
