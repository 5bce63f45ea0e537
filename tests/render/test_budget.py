"""Work grows linearly with its input: calls are counted for one size and for twice that size."""

from __future__ import annotations

import cProfile
import difflib
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from modelsync.cli import run
from modelsync.errors import Names, Position, Problem, show, source_lines
from modelsync.pages.notation.base import page_path
from modelsync.pages.table import table
from modelsync.report.changes import problem_lines
from modelsync.schema.covering import Covering, Earlier
from modelsync.schema.schema import Schema
from modelsync.schema.types import Constant, Ref, Type
from modelsync.spec.drafts import MAX_PARTS
from modelsync.spec.read import read_schema, read_specs
from modelsync.transcribe.dialect import _SDK
from modelsync.transcribe.loose_pages import below_models
from modelsync.transcribe.merge import merged_order

pytestmark = pytest.mark.slow

CONFIG = """\
targets:
  python: {out: g/python}
  typescript: {out: g/typescript}
  go: {out: g/go, module: example.com/x}
  docs: {target: sdk-docs, out: g/docs, notation: go}
"""
GO_CONFIG = "targets:\n  go: {out: g/go, module: example.com/x}\n"
N = 30
LINEAR = 2.25
"""How many times more calls twice the input may add; quadratic work alone adds four times more."""


def lines(head: str, line: str, number: int, foot: str = "") -> str:
    return head + "".join(line.replace("#", str(i)) for i in range(number)) + foot


def models(fields: str, number: int) -> str:
    text = "model: M#\nfields: {" + fields + "}\n---\n"
    return "".join(text.replace("#+", str(i + 1)).replace("#", str(i)) for i in range(number))


def names(number: int) -> str:
    return ", ".join(f"M{i}" for i in range(number))


FIELDS = "model: A\nfields:\n"
SPECS: dict[str, Callable[[int], str]] = {
    "fields": lambda n: lines(FIELDS, "  f#: {type: string}\n", n),
    "unknown keys": lambda n: lines(FIELDS, "  f#: {type: string, zz#: 1}\n", n),
    "anchors": lambda n: lines(FIELDS, "  f#: &a {type: string}\n", n),
    "equal keys": lambda n: lines(FIELDS, "  a: {type: string}\n", n),
    "documents": lambda n: "--- a\n" * n,
    "bad types": lambda n: lines(FIELDS, "  f#: {type: 'x<y'}\n", n),
    "names that clash": lambda n: lines(
        FIELDS, "  a_b#: {type: string}\n  aB#: {type: string}\n", n
    ),
    "required chain": lambda n: (
        models("a: {type: M#+, required: true}", n) + f"model: M{n}\nfields: {{}}\n"
    ),
    "requires itself": lambda n: (
        models("a: {type: M#+, required: true}", n)
        + f"model: M{n}\nfields: {{a: {{type: M0, required: true}}}}\n"
    ),
    "broken chain": lambda n: (
        models("a: {type: M#+}", n) + f"model: M{n}\nfields: {{a: {{type: '<'}}}}\n"
    ),
    "unknown types": lambda n: models("a: {type: Mm#}", n),
    "union of texts": lambda n: (
        FIELDS + "  a: {type: '" + " | ".join(f'"t{i}"' for i in range(n)) + "'}\n"
    ),
    "tagged union": lambda n: (
        models("""a: {type: '"m#"', required: true}""", n)
        + f"union: U\ndiscriminator: a\nmembers: [{names(n)}]\n"
    ),
    "union of models": lambda n: (
        models("a#: {type: string, required: true}", n) + f"union: U\nmembers: [{names(n)}]\n"
    ),
    "union with literals": lambda n: (
        models("""a: {type: '"m#"', required: true}""", n) + f"union: U\nmembers: [{names(n)}]\n"
    ),
    "defaults of an enum": lambda n: lines(
        lines("enum: E\nvalues:\n", "  v#:\n", n) + "---\n" + FIELDS,
        "  f#: {type: E, default: v#}\n",
        n,
    ),
    "wrong defaults": lambda n: lines(
        lines("enum: E\nvalues:\n", "  v#:\n", n) + "---\n" + FIELDS,
        "  f#: {type: E, default: w#}\n",
        n,
    ),
    "unknown keys of an example": lambda n: lines(
        lines(FIELDS, "  f#: {type: string}\n", n) + "example:\n", "  g#: x\n", n
    ),
    "languages": lambda n: (
        FIELDS + "  a: {type: string, only: [" + ", ".join(f"x{i}" for i in range(n)) + "]}\n"
    ),
    "defined twice": lambda n: "model: A\nfields: {}\n---\n" * n,
    "unions inside fields": lambda n: lines(FIELDS, "  f#: {type: string | int64}\n", n),
}


def calls(work: Callable[[], object]) -> int:
    """Return how many functions some work calls, including functions in C."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def checked(folder: Path, spec: str) -> Callable[[], object]:
    (folder / "specs").mkdir(parents=True)
    (folder / "specs/a.yaml").write_text(spec, "utf-8")
    (folder / "modelsync.yaml").write_text(CONFIG, "utf-8")
    return lambda: run(["check", "--project", str(folder)])


def _pairs(number: int) -> list[int]:
    return [len("") for _ in range(number * number)]


def test_quadratic_growth_is_detected() -> None:
    """Counting calls distinguishes quadratic work from linear work."""
    squared = [calls(partial(_pairs, n)) for n in (N, 2 * N)]
    assert squared[1] > 3 * squared[0]


def test_packages_that_use_each_other_are_linear(tmp_path: Path) -> None:
    def packages(number: int) -> Callable[[], object]:
        folder = tmp_path / str(number)
        for i in range(number):
            (folder / f"specs/p{i}").mkdir(parents=True)
            spec = f"model: A\nfields: {{b: {{type: p{(i + 1) % number}.A}}}}\n"
            (folder / f"specs/p{i}/a.yaml").write_text(spec, "utf-8")
        (folder / "modelsync.yaml").write_text(GO_CONFIG, "utf-8")
        return lambda: run(["check", "--project", str(folder)])

    packages(2)()
    made = [calls(packages(size)) for size in (N, 2 * N, 4 * N)]
    assert made[2] - made[1] < LINEAR * (made[1] - made[0]), made


@pytest.mark.parametrize("name", SPECS)
def test_a_check_is_linear(name: str, tmp_path: Path) -> None:
    checked(tmp_path / "first", SPECS[name](2))()  # work done once per process does not count
    sizes = (N, 2 * N, 4 * N)
    made = [calls(checked(tmp_path / str(size), SPECS[name](size))) for size in sizes]
    first, second = made[1] - made[0], made[2] - made[1]
    assert second < LINEAR * first, made


def test_generating_and_explaining_are_linear(tmp_path: Path) -> None:
    spec = SPECS["tagged union"]
    for command in ("generate", "explain"):
        made = []
        # The first run also compiles the templates for all later runs.
        for size in (2, N, 2 * N, 4 * N):
            folder = tmp_path / f"{command}{size}"
            checked(folder, spec(size))
            arguments = [command, "--project", str(folder)]
            arguments += ["specs/a.yaml:1"] if command == "explain" else []
            made.append(calls(partial(run, arguments)))
        _, first, second, third = made
        assert third - second < LINEAR * (second - first), (command, made)


def test_a_file_is_split_into_lines_once() -> None:
    text = "a: b\n" * 1000
    problems = [Problem(Position("a", line), "MS000", "wrong") for line in range(1, 1001)]
    before = source_lines.cache_info().misses
    for problem in problems:
        assert "a: b" in show(problem, {"a": text})
    assert source_lines.cache_info().misses == before + 1


def test_a_suggestion_compares_few_of_many_names(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Names(f"Model{i}" for i in range(20_000))
    looked_at: list[int] = []
    compare = difflib.get_close_matches

    def counted(word: str, candidates: list[str], n: int, cutoff: float) -> list[str]:
        looked_at.append(len(candidates))
        return compare(word, candidates, n, cutoff)

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    assert known.nearest("Modle17") == "Model17"
    assert known.nearest("odel123") == "Model123"
    assert known.nearest("x" * 1000) is None
    assert max(looked_at) <= 20


def test_only_the_first_problems_are_shown_and_the_others_counted() -> None:
    problems = [Problem(Position("a", line), "MS000", "wrong") for line in range(1, 251)]
    shown = list(problem_lines(problems, {}, "nothing was written"))
    assert len(shown) == 103
    assert shown[-3:] == [
        "... and 150 more problems (-v shows all)\n",
        "run `modelsync explain MS000` for an example and its fix",
        "250 problems; nothing was written",
    ]
    assert len(list(problem_lines(problems, {}, verbose=True))) == 252


def test_quoted_text_stays_on_one_line() -> None:
    bad = "a\nb\tc\x1b[2J\u202e\x85"
    place = Position("a.yaml")
    text = show(Problem(place, "MS000", bad, help=bad, related=((place, bad),)), {})
    assert "\x1b" not in text
    assert all(char == "\n" or char.isprintable() for char in text)
    assert len(text.split("\n")) == 5


@pytest.mark.parametrize(("above", "sized"), [(0, False), (1, True)])
def test_the_size_of_a_definition_is_limited(above: int, sized: bool) -> None:
    spec = "enum: A\nvalues: {" + ", ".join(f"v{i}" for i in range(MAX_PARTS + above)) + "}\n"
    problems = read_specs({"specs/a.yaml": spec}, "specs").problems
    assert [problem.code for problem in problems] == ["MS019"] * sized


def test_the_nodes_of_a_document_are_freed() -> None:
    """The definitions of a document take much less memory than its nodes."""

    def peak(documents: int) -> int:
        document = lines(FIELDS, "  f#: {type: string, required: true}\n", 2000) + "---\n"
        spec = "".join(document.replace("model: A", f"model: A{i}") for i in range(documents))
        tracemalloc.start()
        try:
            read_schema({"specs/a.yaml": spec}, "specs")
            return tracemalloc.get_traced_memory()[1] - len(spec)
        finally:
            tracemalloc.stop()

    assert peak(4) < 2.9 * peak(1)


def test_the_padding_of_a_large_table_is_limited() -> None:
    rows = [["x" * 100_000, "y"], *([["a", "b"]] * 2_000)]
    assert len(table(["A", "B"], rows)) < 10_000_000
    assert "| a   |" in table(["A", "B"], [["a", "b"], ["abc", "d"]])


UNIONS = """\
union: U
members: [A, B, C, D, E, F, '"x"', '"y"', G, H]
---
model: A
fields: {id: {type: string, required: true}}
---
model: B
fields: {id: {type: string, required: true}, kind: {type: '"b"', required: true}}
---
model: C
fields: {kind: {type: '"b" | "c"', required: true}}
---
model: D
fields: {kind: {type: '"c"', required: true}, more: {type: int64}}
---
union: E
members: [B, D]
---
enum: F
values: {x: , z: }
---
enum: G
values: {y: }
---
model: H
fields: {}
"""


def test_all_members_that_cover_another_are_candidates() -> None:
    schema = read_specs({"specs/a.yaml": UNIONS}, "specs").schema
    whole = Schema(tuple(each for each in schema.definitions if each.id != "U"))
    members: tuple[Type, ...] = tuple(Ref(each.id) for each in whole.definitions)
    members += (Constant("x"), Constant("y"))
    covering = Covering(whole)
    found = 0
    for second in members:
        earlier = Earlier(covering, members)
        for index, first in enumerate(members):
            earlier.add(index, first)
        may = earlier.may_cover(second)
        does = [i for i, first in enumerate(members) if covering.settled(first, second)]
        # Literals are looked up separately.
        does = [i for i in does if not isinstance(members[i], Constant)]
        assert set(does) <= set(may)
        found += len(does)
    assert found > len(members)


MANY = 200_000


def test_links_and_imports_are_read_in_one_pass() -> None:
    """A regular expression that backtracks would take hours for these."""
    assert page_path("../" + "models/" * MANY + ")") == ""
    assert page_path("../" + "models/" * MANY + "a.md").startswith("models/models/")
    assert page_path("../a-b/" + "models/" * MANY + "a-b/models/a.md") == "models/a.md"
    assert below_models("sdk" + "/models" * MANY + "x;") is None
    assert _SDK["typescript"].findall('from "sdk' + "/models" * MANY + "x;") == []


def test_values_of_pages_are_merged_in_one_pass() -> None:
    """Searching all values for each one would take hours."""
    first = [f"v{i}" for i in range(MANY)]
    second = [text for i in range(MANY) for text in (f"v{i}", f"w{i}")]
    assert merged_order([first, second]) == second
    assert merged_order([["a", "c"], ["a", "b", "c"], ["x", "c", "d"]]) == [*"xabcd"]


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("../sdk/models/components/user.js", "components"),
        ("../sdk/models/user.js", ""),
        ("sdk/models/a/models/b.js", "a/models"),
        ("sdk/models", ""),
        ("sdk/a-b/user.js", None),
        ("sdk/models/a-b/models/c/user.js", "c"),
    ],
)
def test_the_folder_below_models(path: str, folder: str | None) -> None:
    assert below_models(path) == folder
