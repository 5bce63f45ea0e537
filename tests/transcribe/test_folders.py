"""Which files are model pages, where they belong, and how others are reported."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from helpers.page_sets import NO, fields, member, page, table, there_and_back, typescript, union
from modelsync.cli import run
from modelsync.errors import Problem
from modelsync.schema.definitions import Union
from modelsync.schema.types import ListOf, Ref, Scalar, Type
from modelsync.targets import files_of
from modelsync.targets.base import Settings
from modelsync.targets.go import GoTarget
from modelsync.transcribe import transcribe

GO = fields(
    "Session",
    ["ID", "*string*"],
    ["Count", "**int64*", NO],
    ["Parts", "[][components.Part](../../models/components/part.md)"],
)
PART = fields("Part", ["Size", "**int64*", NO])
TS = typescript("Session", ["id", "*string*"], ["count", "*number*", NO])


def ids(files: dict[str, str | bytes]) -> dict[str, list[str]]:
    """Return the definitions that have a page, by notation; all pages must come back."""
    back = there_and_back(files)
    assert back.inexact == ()
    found: dict[str, list[str]] = {}
    for definition in back.schema.definitions:
        for notation in definition.only or [each.notation for each in back.run.sets]:
            found.setdefault(notation, []).append(definition.id)
    return found


# Where no folder is called `models` -----------------------------------------------------------


def test_loose_pages_belong_where_their_links_lead() -> None:
    assert ids({"a-go.Session.md": GO, "part.md": PART, "README.md": "# A\n"}) == {
        "go": ["components.Part", "components.Session"]
    }


def test_loose_pages_belong_where_their_examples_import_them_from() -> None:
    flat = TS.replace("models/components", "models").replace("Session", "Other")
    assert ids({"Session.md": TS, "other.md": flat}) == {
        "typescript": ["components.Session", "models.Other"]
    }
    usage = 'from sdk.models.shop import Color\nvalue: Color = "red"'
    color = page("Color", "Values", '- `"red"`\n', usage=usage, fence="python")
    assert ids({"Color.md": color}) == {"python": ["shop.Color"]}


def test_the_folder_of_a_loose_page_is_its_package() -> None:
    here = {"components/part.md": PART, "shop/old/item.md": PART.replace("Part", "Item")}
    assert ids({**here}) == {"go": ["components.Part", "shop.old.Item"]}
    assert ids({"Docs of Acme/v-1/shop/part.md": PART}) == {"go": ["shop.Part"]}


def test_loose_pages_of_two_languages_are_two_sets() -> None:
    files: dict[str, str | bytes] = {"go.Session.md": GO, "ts.Session.md": TS}
    back = there_and_back(files)
    assert {each.notation: each.paths for each in back.run.sets} == {
        "go": ("models/components/go.Session.md",),
        "typescript": ("models/components/ts.Session.md",),
    }
    assert back.inexact == ()
    assert [each.shown(each.paths[0]) for each in back.run.sets] == [
        "sdk/go.Session.md",
        "sdk/ts.Session.md",
    ]
    session = back.schema.by_id["components.Session"]
    assert not session.only


def test_a_loose_page_that_shows_no_language_is_in_that_of_the_others() -> None:
    nothing = page("Nothing", "Fields", table(["Field", "Type", "Required", "Description"], []))
    (pages,) = there_and_back({"part.md": PART, "nothing.md": nothing}).run.sets
    assert (pages.notation, len(pages.paths)) == ("go", 2)


def test_files_that_are_not_model_pages_are_counted() -> None:
    files: dict[str, str | bytes] = {
        "part.md": PART,
        "guide.md": "# Guide\n\nText.\n",
        "README.md": PART,
        "logo.png": b"\x89PNG",
    }
    back = there_and_back(files)
    assert [each.others for each in back.run.sets] == [3]
    assert back.run.problems == ()


OPTIONS = "# Options\n\n## Global Options\n\n### WithA\n\nText.\n\n```go\nsdk.WithA()\n```"
RETRIES = (
    "# RetryConfig\n\nText.\n\n## Fields\n\n| Name | Type | Description | Example |\n"
    "| --- | ------- | --- | --- |\n| `a` | `*str*` | Of it. | `b` |\n\n## Backoff\n\nText.\n\n"
    "### Fields\n\n| Name | Type |\n| --- | --- |\n| `c` | `*int*` |"
)


@pytest.mark.parametrize(
    ("text", "others"),
    [
        (OPTIONS, 1),
        (RETRIES, 1),
        # A model page that is cut short is still a model page.
        ("# Options\n\nText.\n\n- a\n- b\n", 0),
        (OPTIONS + "\n\n## Fields", 0),
        (RETRIES.replace("| Name |", "| Field |", 1), 0),
        (OPTIONS + "\n\n| Field ", 0),
    ],
)
def test_pages_about_something_else_are_counted(text: str, others: int) -> None:
    path = "docs/models/utils/retryconfig.md"
    back = there_and_back({path: text, "docs/models/components/part.md": PART})
    assert [each.others for each in back.run.sets] == [others]
    assert bool(back.problems_of_page(path)) is not bool(others)
    assert not others or back.run.problems == ()


def test_a_model_may_have_the_title_of_a_page_about_something_else() -> None:
    path = "docs/models/operations/option.md"
    back = there_and_back({path: fields("Option", ["id", "*string*"])})
    assert [each.others for each in back.run.sets] == [0]
    assert back.inexact == ()


# Folders inside one called `models` -----------------------------------------------------------


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs/models/components"
    folder.mkdir(parents=True)
    (folder / "session.md").write_text(GO, "utf-8")
    (folder / "part.md").write_text(PART, "utf-8")
    return tmp_path / "docs"


@pytest.mark.parametrize(
    ("inside", "given", "root"),
    [
        ("", ".", "."),
        ("models", ".", ".."),
        ("models", "components", ".."),
        ("models/components", ".", "../.."),
        ("models/components", "../components", "../.."),
    ],
)
def test_a_folder_inside_the_docs_is_read_as_part_of_them(
    docs: Path,
    inside: str,
    given: str,
    root: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(docs / inside)
    project = docs.parent / "project"
    assert run(["transcribe", given, "--into", str(project)]) == 0
    assert f"  {root}\n" in capsys.readouterr().out
    assert run(["generate", "--project", str(project)]) == 0
    back = project / "generated/docs/go/models/components/session.md"
    assert back.read_text("utf-8") == GO


def test_a_problem_inside_the_docs_has_a_path_that_leads_to_it(
    docs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(docs / "models")
    (docs / "models/components/part.md").write_text(PART.replace("*int64*", "?int64?"), "utf-8")
    assert run(["transcribe", "components", "--into", str(docs.parent / "project")]) == 1
    errors = capsys.readouterr().err
    assert "../models/components/part.md:8:" in errors
    assert "`Size`" in errors, "the line itself is shown"


# No folder, and too many folders ---------------------------------------------------------------


def test_without_pages_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/guide.md").write_text("# Guide\n")
    project = tmp_path / "project"
    assert run(["transcribe", str(tmp_path / "empty"), "--into", str(project)]) == 2
    errors = capsys.readouterr().err
    assert "MS114 folder contains no model pages" in errors
    assert f"{tmp_path.as_posix()}/empty:1:1" in errors
    assert not project.exists()


def test_a_folder_without_pages_is_reported_next_to_one_with_pages() -> None:
    run = transcribe({"one": {"docs/models/part.md": PART.encode()}, "two": {"a.md": b"# A\n"}})
    assert [each.label for each in run.sets] == ["one"]
    assert [(each.code, str(each.position)) for each in run.problems] == [("MS114", "two:1:1")]


def test_the_larger_of_two_folders_in_the_same_language_is_used() -> None:
    one = {"docs/models/part.md": PART.encode()}
    two = {f"docs/models/{x}.md": PART.replace("Part", x).encode() for x in ("A", "B")}
    run = transcribe({"one": one, "two": two})
    (problem,) = run.problems
    assert (problem.code, problem.position.path) == ("MS110", "one/docs")
    assert "it has 1 page, the other one 2" in problem.message
    assert [place.path for place, _ in problem.related] == ["two/docs"]
    assert {each.id for each in run.schema.definitions} == {"models.A", "models.B"}


# What the project has already -------------------------------------------------------------


def test_an_existing_config_is_kept(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = docs.parent / "project"
    project.mkdir()
    config = project / "modelsync.yaml"
    config.write_text("specs: api\ntargets: {python: {out: generated/python}}\n")
    assert run(["transcribe", str(docs), "--into", str(project)]) == 0
    output = capsys.readouterr().out
    assert "kept    modelsync.yaml: it already exists; add the targets of the pages" in output
    assert "python" in config.read_text()
    copy = project / ".modelsync/transcribed/modelsync.yaml"
    assert "notation: go" in copy.read_text()
    assert (project / "api/components/part.yaml").exists()


def test_an_invalid_config_must_be_fixed_or_moved_away(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = docs.parent / "project"
    project.mkdir()
    (project / "modelsync.yaml").write_text("targets: {}\n")
    assert run(["transcribe", str(docs), "--into", str(project)]) == 2
    errors = capsys.readouterr().err
    assert "MS070 `targets` is empty" in errors
    assert "or move `modelsync.yaml` elsewhere: `modelsync transcribe` writes a new one" in errors
    assert [path.name for path in project.iterdir()] == ["modelsync.yaml"]


def test_a_broken_list_is_reported_with_how_to_restore_it(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = docs.parent / "project"
    call = ["transcribe", str(docs), "--into", str(project)]
    assert run(call) == 0
    with (project / "specs/.transcribed").open("a") as file:
        file.write("nonsense\n")
    assert run(call) == 2
    errors = capsys.readouterr().err
    assert "MS090 this list cannot be read: invalid line `nonsense`" in errors
    assert "git checkout specs/.transcribed" in errors
    assert "transcribe again" in errors
    assert "modelsync.manifest" not in errors
    (project / "specs/.transcribed").unlink()
    assert run(call) == 0


# Packages that use each other -----------------------------------------------------------------


def ring() -> dict[str, str]:
    """Return pages of two packages that use each other, with a title that both have."""
    a = "[components.A](../../models/components/a.md)"
    b = "[operations.B](../../models/operations/b.md)"
    same = fields("Same", ["N", "**int64*", NO])
    return {
        "docs/models/components/a.md": fields("A", ["B", b.replace("[o", "[*o"), NO]),
        "docs/models/components/same.md": same,
        "docs/models/components/last.md": same.replace("# Same", "# Last"),
        "docs/models/operations/b.md": fields("B", ["A", a.replace("[c", "[*c"), NO]),
        "docs/models/operations/same.md": same,
    }


def test_packages_that_use_each_other_are_merged_in_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, text in ring().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    project = tmp_path / "project"
    assert run(["transcribe", str(tmp_path), "--into", str(project)]) == 0
    config = project / "modelsync.yaml"
    (line,) = (each for each in config.read_text().splitlines() if "join:" in each)
    go = "  go:\n    out: generated/go\n    module: example.com/x\n"
    written = config.read_text()
    config.write_text(written + go)
    assert run(["generate", "--project", str(project)]) == 2
    assert f"`{line.strip('# ')}`" in capsys.readouterr().err
    config.write_text(f"{written}{go}    {line.strip('# ')}\n")
    assert run(["generate", "--project", str(project)]) == 0
    made = {path.name for path in (project / "generated/go/components").iterdir()}
    assert {"a.go", "b.go", "same.go", "same2.go"} <= made
    for path, text in ring().items():
        assert (project / "generated/docs/go" / path).read_text("utf-8") == text


def test_titles_with_the_same_file_name_get_distinct_names() -> None:
    files: dict[str, str | bytes] = {
        f"docs/models/{n}.md": fields(title, ["N", "**int64*", NO])
        for n, title in enumerate(("FooBar", "Foo_Bar", "FOO_BAR"))
    }
    back = there_and_back(files, "go")
    assert back.inexact == ()
    assert len(back.schema.definitions) == 3
    options = GoTarget.defaults() | {"module": "example.com/x"}
    go = GoTarget(back.schema, Settings("go", "go", "out", options=options))
    problems: list[Problem] = []
    files_of_models = [p for p, _ in files_of(go, {}, problems) if "/models/" in p]
    assert problems == []
    assert len(files_of_models) == 3 + 1, "and one for the package"


def test_code_in_go_has_the_names_on_its_pages() -> None:
    """Our own Go code would have `UserID`, `HTTPError` and `KeyIDs`."""
    files: dict[str, str | bytes] = {
        "docs/models/userid.md": fields(
            "UserId", ["KeyIds", "[]*string*", NO], ["ID", "*string*", NO]
        ),
        "docs/models/httperror.md": fields("HttpError", ["URL", "**string*", NO]),
    }
    back = there_and_back(files, "go")
    assert back.inexact == ()
    options = GoTarget.defaults() | {"module": "example.com/x"}
    go = GoTarget(back.schema, Settings("go", "go", "out", options=options))
    assert {*go.definition_names.values()} == {"UserId", "HttpError"}
    assert {*go.field_names.values()} == {"KeyIds", "ID", "URL"}
    named = {each.name: each.names for each in back.schema.definitions}
    assert named == {"UserId": {"go": "UserId"}, "HttpError": {"go": "HttpError"}}


# Unions that lead to unions -------------------------------------------------------------------


def unions(members: dict[str, list[str]], notation: str) -> dict[str, str | bytes]:
    """Return pages of unions, and pages of the models `A` and `B`."""
    code = {
        "typescript": 'const value: models.{} = {{\n  a: "x",\n}};',
        "python": "value: models.{} = /* values here */",
    }[notation]
    made = {
        name: union(name, notation, *((f"`models.{m}`", code.format(m)) for m in inner))
        for name, inner in members.items()
    }
    if notation == "typescript":
        for name, key in (("A", "a"), ("B", "b")):
            text = typescript(name, [key, "*string*"], value=f'{{\n  {key}: "x",\n}}')
            made[name] = text.replace("models/components", "models")
    else:
        made |= {"A": fields("A", ["a", "*str*"]), "B": fields("B", ["b", "*str*"])}
    return {f"docs/models/{name.lower()}.md": text for name, text in made.items()}


ANY, A = Scalar("any"), Ref("models.A")
CYCLES: dict[str, tuple[dict[str, list[str]], Counter[tuple[Type, ...]]]] = {
    "one with another member": ({"U0": ["U0", "A"]}, Counter({(ANY, A): 1})),
    "one alone": ({"U0": ["U0"]}, Counter({(ANY,): 1})),
    "three": (
        {"U0": ["U1"], "U1": ["U2"], "U2": ["U0", "A"]},
        Counter({(ANY,): 2, (ANY, A): 1}),
    ),
    "many": (
        {f"U{n}": [f"U{(n + k) % 60}" for k in (1, 2, 3)] for n in range(60)},
        Counter({(ANY,): 60}),
    ),
}
"""Unions that contain each other, and how many definitions have which members then."""


@pytest.mark.slow
@pytest.mark.parametrize("notation", ["python", "typescript"])
@pytest.mark.parametrize("name", CYCLES)
def test_unions_that_contain_each_other_accept_any_value(name: str, notation: str) -> None:
    members, expected = CYCLES[name]
    back = there_and_back(unions(members, notation), notation)
    assert (*back.run.problems, *back.inexact) == ()
    unions_ = [each for each in back.schema.definitions if isinstance(each, Union)]
    assert Counter(union.members for union in unions_) == expected


@pytest.mark.slow
@pytest.mark.parametrize("notation", ["python", "typescript"])
def test_unions_that_nest_too_deep_accept_any_value(notation: str) -> None:
    members = {f"U{n}": [f"U{n + 1}" if n < 299 else "B", "A"] for n in range(300)}
    back = there_and_back(unions(members, notation), notation)
    assert (*back.run.problems, *back.inexact) == ()
    unions_ = [each for each in back.schema.definitions if isinstance(each, Union)]
    assert Counter(union.members[0] == ANY for union in unions_) == {True: 284, False: 16}


def test_a_union_with_a_list_of_itself_is_unchanged() -> None:
    members = [
        (f"`{each}`", f"value: {each} = /* values here */") for each in ("str", "List[models.U]")
    ]
    back = there_and_back({"docs/models/u.md": union("U", "python", *members)}, "python")
    assert back.inexact == ()
    (made,) = back.schema.definitions
    assert made.members == (Scalar("string"), ListOf(Ref("models.U")))  # type: ignore[union-attr]


def test_unions_that_share_members_are_read_once() -> None:
    members = {
        f"U{n}{side}": [f"U{n + 1}P", f"U{n + 1}Q"] if n < 9 else ["A", "B"]
        for n in range(10)
        for side in "PQ"
    }
    files = unions(members, "typescript")
    back = there_and_back(files, "typescript")
    assert back.inexact == ()
    assert len(back.run.schema.definitions) == len(files)


# Causes ---------------------------------------------------------------------------------------


def test_a_duplicate_key_in_an_example_is_reported_with_its_position() -> None:
    value = '{\n  a: "x",\n  b: {\n    "c": 1,\n    c: 2,\n  },\n}'
    text = typescript("A", ["a", "*string*"], ["b", "*any*"], value=value)
    back = there_and_back({"docs/models/a.md": text}, "typescript")
    (problem,) = back.problems_of_page("docs/models/a.md")
    assert (problem.code, problem.position.line, problem.position.column) == ("MS117", 12, 5)
    assert "a key that this object does not have already" in problem.help


def test_examples_that_escape_hidden_characters_come_back() -> None:
    value = '{\n  log: "\\u001b[31mred",\n}'
    one = typescript("One", ["log", "*string*"], value=value)
    two = union("Two", "typescript", member("string", '"a\\u0000b"'), member("models.One", value))
    back = there_and_back({"docs/models/one.md": one, "docs/models/two.md": two}, "typescript")
    assert back.run.problems == back.inexact == ()


def test_a_key_and_its_field_name_are_the_same_key() -> None:
    value = '{\n  fooBar: "x",\n  foo_bar: "y",\n}'
    text = typescript("A", ["fooBar", "*string*"], value=value, text="Sorted by `foo_bar`.")
    back = there_and_back({"docs/models/a.md": text}, "typescript")
    assert [each.code for each in back.problems_of_page("docs/models/a.md")] == ["MS115"]


def test_crlf_line_endings_are_reported_as_the_cause() -> None:
    text = PART.replace("\n", "\r\n")
    back = there_and_back({"docs/models/part.md": text, "docs/models/b.md": GO}, "go")
    (problem,) = back.problems_of_page("docs/models/part.md")
    assert "CRLF line endings" in problem.message
    assert "LF" in problem.help


def test_a_page_with_a_wrong_cell_has_only_that_problem(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (docs / "models/components/part.md").write_text(PART.replace("*int64*", "?int64?"), "utf-8")
    assert run(["transcribe", str(docs), "--into", str(docs.parent / "project")]) == 1
    printed = capsys.readouterr()
    assert "MS106" in printed.err
    assert "MS115" not in printed.err
    assert "    2      1              1 " in printed.out


def test_disagreements_are_reported_with_what_pages_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {
        "go/docs/models/a.md": fields("A", ["Size", "*int64*"], ["Kind", "**int64*", NO]),
        "py/docs/models/a.md": fields("A", ["size", "*str*"], ["kind", "*int*"]),
    }
    for path, text in texts.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text, "utf-8")
    folders = [str(tmp_path / name) for name in ("go", "py")]
    assert run(["transcribe", *folders, "--into", str(tmp_path / "project")]) == 0
    output = capsys.readouterr().out
    assert "pages disagree on the type of A.Size; using the first:\n" in output
    assert "go/docs/models/a.md:8:" in output
    assert ": *int64*\n" in output
    assert ": *str*\n" in output
    assert "pages disagree on whether A.Kind is required; using the first:\n" in output
