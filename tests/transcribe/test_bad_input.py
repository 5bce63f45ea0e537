"""Broken and hostile pages are reported with their positions, and other pages come back."""

from __future__ import annotations

import cProfile
import time
from pathlib import Path

import pytest

from helpers.page_sets import (
    LABEL,
    NO,
    YES,
    exact_pages,
    fields,
    page,
    silent_losses,
    table,
    there_and_back,
    typescript,
    union,
    values,
)
from modelsync.transcribe import transcribe

IN = "docs/models/"
GOOD = fields("Good", ["id", "*str*"])
MEMBER = "```python\nvalue: str = /* values here */\n```\n\n"
USAGE = 'import { A } from "sdk/models";\n\nlet value: A = '


def problems_of(text: str | bytes, path: str = f"{IN}a.md", notation: str = "python") -> list[str]:
    """Return the problems of a page as `code line:column`; a valid page next to it comes back."""
    files: dict[str, str | bytes] = {path: text, f"{IN}good.md": GOOD}
    back = there_and_back(files, notation)
    assert back.written[f"{IN}good.md"].decode() == GOOD
    assert back.problems_of_page(f"{IN}good.md") == []
    problems = back.problems_of_page(path)
    return [f"{each.code} {each.position.line}:{each.position.column}" for each in problems]


HEAD = "# A\n\n\n## Fields\n\n| Field | Type | Required | Description |\n"
RULE = "| --- | --- | --- | --- |\n"
ROW = f"| `a` | *str* | {YES} | N/A |"

BROKEN: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "MS108 1:1"),
    "title alone": ("# A", "MS108 1:1"),
    "no heading": ("# A\n\nText.\n", "MS108 3:1"),
    "of another kind": ("# Overview of it\n\nText.\n\n## Fields\n\nx", "MS108 1:1"),
    "path as a title": (GOOD.replace("# Good", "# ../../x"), "MS108 1:1"),
    "no rule": (HEAD, "MS101 7:1, MS115 6:9"),
    "short rule": (HEAD + "| --- |\n" + ROW, "MS101 7:1, MS115 7:8"),
    "missing cell": (HEAD + RULE + ROW + "\n| `b` | *str* |", "MS102 9:1, MS115 9:1"),
    "extra cell": (HEAD + RULE + ROW + "\n" + ROW + " x |", "MS102 9:1, MS115 9:1"),
    "other columns": (HEAD.replace("Type", "Kind") + RULE + ROW, "MS103 6:1, MS115 6:9"),
    "no name": (HEAD + RULE + ROW.replace("`a`", "a"), "MS104 8:3, MS115 8:1"),
    "no mark": (HEAD + RULE + ROW.replace(YES, "yes"), "MS104 8:17, MS115 8:1"),
    "no type": (HEAD + RULE + ROW.replace("*str*", "str  "), "MS106 8:9, MS115 8:1"),
    "text after the table": (fields("A", ["a", "*str*"]) + "\n\nMore.", "MS107 9:1, MS115 9:1"),
    "empty line after the table": (fields("A", ["a", "*str*"]) + "\n\n", "MS107 9:1, MS115 9:1"),
    "field twice": (fields("A", ["a", "*str*"], ["a", "*int*"]), "MS116 9:3, MS115 9:1"),
    "no values": (page("A", "Values", ""), "MS112 6:1, MS108 6:1"),
    "bad value": (page("A", "Values", '- `"x"`\n- `1.5`\n'), "MS112 7:1, MS115 7:1"),
    "hidden value": (page("A", "Values", '- `"x"`\n- `"\\u202e"`\n'), "MS112 7:1, MS115 7:1"),
    "no list": (page("A", "Values", '- `"x"`\n* `"y"`\n'), "MS112 7:1, MS115 7:1"),
    "no literals": (
        page("A", "Values", "```typescript\n1 | x y\n```"),
        "MS112 6:1, MS112 7:1, MS115 6:1",
    ),
    "empty table": (values("A"), "MS108 6:1"),
    "unnamed value": (
        page("A", "Values", table(["Name", "Value"], [["A", "a"]])),
        "MS104 8:3, MS108 6:1",
    ),
    "no member": ("# A\n\n\n## Supported Types\n\n### `str`\n", "MS108 6:1"),
    "open fence": (
        f"# A\n\n\n## Supported Types\n\n### `str`\n\n{MEMBER}### `int`\n",
        "MS104 12:1",
    ),
    "unknown member": (union("A", "python", ("`{str}`", "value: x")), "MS106 6:5"),
    "carriage returns": (GOOD.replace("Good", "A").replace("\n", "\r\n"), "MS115 1:4"),
    "carriage return": (GOOD.replace("N/A", "a\rb"), "MS111 8:67"),
    "bell": (GOOD.replace("N/A", "a\x07b"), "MS111 8:67"),
    "right-to-left override": (fields("A", ["a", "*str*"], text="a\u202eb"), "MS111 3:2"),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0", "MS001 1:1"),
    "mark of byte order": ("\ufeff" + GOOD, "MS001 1:1"),
    "large": (b"# A\n\n" + b"x" * 9 * 1024 * 1024, "MS001 1:1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_page_is_reported(name: str) -> None:
    text, expected = BROKEN[name]
    assert ", ".join(problems_of(text)) == expected


def test_pages_of_another_format_are_reported() -> None:
    for path, expected in (
        ("docs/models/a.mdx", ["MS118"]),
        ("docs/guides/a.mdx", []),
        ("docs/models/a.txt", []),
    ):
        back = there_and_back({path: "# A", f"{IN}good.md": GOOD})
        assert [each.code for each in back.problems_of_page(path)] == expected
        assert back.inexact == ()


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        *(
            (path, f"MS109 {path}:1:1")
            for path in (
                "my docs/models/a.md",
                "docs/models/Foo-Bar/a.md",
                "docs/models/con.md",
                f"docs/models/{'a' * 300}.md",
                "docs/models/../../a.md",
                "docs/models/../a/b.md",
            )
        ),
        ("docs/models/GOOD.md", f"MS113 {IN}good.md:1:3"),
        ("docs/models/again.md", f"MS113 {IN}good.md:1:3"),
    ],
)
def test_a_page_without_a_valid_or_unique_path_is_reported(path: str, problem: str) -> None:
    files: dict[str, str | bytes] = {
        path: GOOD if path.endswith("again.md") else GOOD.replace("Good", "A"),
        f"{IN}good.md": GOOD,
        f"{IN}other.md": GOOD.replace("Good", "Other"),
    }
    back = there_and_back(files, "python")
    (found,) = (*back.run.problems, *back.inexact)
    assert f"{found.code} {found.position}" == problem.replace(" ", f" {LABEL}/", 1)
    assert len(back.written) == 2


def test_other_files_are_only_counted() -> None:
    files: dict[str, str | bytes] = {
        f"{IN}good.md": GOOD,
        "docs/sdks/models/README.md": "# Models\n\n## Overview\n",
        f"{IN}logo.png": b"\x89PNG\xff",
        "README.md": "# Docs\n",
    }
    back = there_and_back(files, "python")
    assert back.run.problems == ()
    assert [each.others for each in back.run.sets] == [3]


def test_folders_without_pages_are_reported() -> None:
    folders: list[dict[str, dict[str, bytes]]]
    folders = [{}, {LABEL: {}}, {LABEL: {"a.md": b"# A\n"}}]
    for each in folders:
        run = transcribe(each)
        assert (run.sets, run.schema.definitions) == ((), ())
        assert [problem.code for problem in run.problems] == ["MS114"] * len(each)


def test_the_first_of_two_pages_of_a_model_counts() -> None:
    files = {
        f"{IN}a.md": fields("A", ["id", "*str*"]),
        f"{IN}a2.md": fields("A", ["id", "*int*"]),
        f"{IN}b.md": fields("B", ["a", "[models.A](../models/a.md)"]),
    }
    assert exact_pages(files, "python") == {f"{IN}a.md", f"{IN}b.md"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "value",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '"' + "\\" * 100_000,
        "9" * 5_000,
        "new " * 50_000,
    ],
)
def test_hostile_examples_are_reported(value: str) -> None:
    text = typescript("A", ["id", "*any*", NO, "N/A", value], value=value)
    back = there_and_back({f"{IN}a.md": text}, "typescript")
    (problem,) = back.problems_of_page(f"{IN}a.md")
    assert (problem.code, problem.position.line) == ("MS117", 8)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "9" * 5_000, "[" * 60 + "]" * 60, '"\\u0000"', "NaN"]
)
def test_hostile_cells_come_back(text: str) -> None:
    a = fields("A", ["id", "*any*", NO, "N/A", text])
    assert exact_pages({f"{IN}a.md": a}, "go") == {f"{IN}a.md"}


LEVELS = 24
"""Two members for each level would be 16 million values."""


@pytest.mark.toolchain
def test_nested_unions_are_read_in_time() -> None:
    """Every member of a union accepts the value: without a cache, each level doubles the time."""
    files = {f"{IN}u.md": union("U", "typescript", *(_link(x) for x in "ABC"))}
    for name in "ABC":
        value = f"{'{ next: ' * LEVELS}1{' }' * LEVELS}"
        row = ["next", "*models.U*"]
        files[f"{IN}{name.lower()}.md"] = typescript(
            name, row, [f"x{name}", "*string*"], value=value
        )
    start = time.process_time()
    assert silent_losses(files, "typescript") == []
    assert time.process_time() - start < 30


def _link(name: str) -> tuple[str, str]:
    return (
        f"`models.{name}`",
        f"const value: models.{name} = {'{ next: ' * LEVELS}1{' }' * LEVELS};",
    )


def test_an_example_of_models_that_share_members_is_limited() -> None:
    """Each model has three fields of the next one: a complete example has 3**60 values."""
    union_path = f"{IN}u.md"
    code = "const value: models.M0 = x(y);"  # not a value, so modelsync makes one up
    files = {union_path: union("U", "typescript", ("`models.M0`", code))}
    for number in range(60):
        link = f"[models.M{number + 1}](../models/m{number + 1}.md)"
        files[f"{IN}m{number}.md"] = typescript(f"M{number}", *([f"f{n}", link] for n in range(3)))
    files[f"{IN}m60.md"] = typescript("M60", *([f"f{n}", "*string*"] for n in range(3)))
    files = {path: text.replace("models/components", "models") for path, text in files.items()}
    assert exact_pages(files, "typescript") == files.keys() - {union_path}


def test_pages_that_are_cut_short_are_reported() -> None:
    whole = {
        "a": typescript("A", ["id", "*string*", NO, "x|y\nz", "1"], text="Of\n\nit.", value="{}"),
        "b": page("B", "Values", '```typescript\n"x" | "y"\n```'),
        "c": union("C", "typescript", ("`string`", 'const value: string = "a";')),
    }
    for name, text in whole.items():
        for end in range(0, len(text), 13):
            assert silent_losses({f"{IN}{name}.md": text[:end]}, "typescript") == []


@pytest.mark.toolchain
def test_real_pages_that_are_cut_short_are_reported(corpus: Path) -> None:
    """All pages of a set together, each cut at another place."""
    folders = sorted(corpus.glob("mix-*"))
    assert folders != []
    for folder in folders:
        paths = sorted(path for path in folder.rglob("*.md"))
        for first in range(0, 400, 100):
            files = {}
            for number, path in enumerate(paths):
                data = path.read_bytes()
                end = (first + 50 * number) % (len(data) + 50)
                files[path.relative_to(folder).as_posix()] = data[:end]
            assert silent_losses(files) == []


@pytest.mark.slow
def test_the_work_for_many_pages_grows_with_their_number() -> None:
    def calls(count: int) -> int:
        files = {
            f"{IN}m{n}.md": fields(
                f"M{n}", ["a", "*str*"], ["b", f"[models.M{n // 2}](../models/m{n // 2}.md)"]
            ).encode()
            for n in range(count)
        }
        profile = cProfile.Profile()
        found = profile.runcall(transcribe, {LABEL: files}, "python")
        assert len(found.schema.definitions) == count
        return sum(entry.callcount for entry in profile.getstats())

    # Calls are counted instead of timed, so that a busy machine does not matter.
    calls(10)
    assert calls(1_000) < 11 * calls(100)
