"""`modelsync transcribe`: from folders of pages to a project that writes them back."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from helpers.projects import write
from modelsync import disk
from modelsync.cli import run
from modelsync.commands.transcribe import transcribe_into
from modelsync.project.load import load
from modelsync.tree import Tree

SPECS = {
    "specs/shop/order.yaml": """\
model: Order
description: |
  What a customer has bought.

  Lines come in the order of the receipt.
fields:
  id: {type: string, required: true, description: Never changes, example: o_1}
  lineItems: {type: 'list[LineItem]', required: true}
  total: {type: float64, required: true, example: 12.5}
  count: {type: int64, example: 3}
  note: {type: string | null, description: "One | two"}
  state: {type: State}
  placedAt: {type: datetime, example: 2026-01-31T12:00:00Z}
  labels: {type: 'map[string]'}
  kind: {type: '"order"', required: true}
  oldNote: {type: string, deprecated: true}
example: {id: o_1, lineItems: [{text: Tea, cents: 250}], total: 12.5, kind: order}
---
model: LineItem
fields:
  text: {type: string, required: true}
  cents: {type: int32, required: true}
  more: {type: any}
---
enum: State
description: What has become of it
values: {open: , paid: , closed: }
example: paid
---
union: Thing
members: [Order, LineItem, string, 'list[string]']
""",
}
LANGUAGES = ("go", "python", "typescript")
CONFIG = "targets:\n" + "".join(
    f"  {name}: {{target: sdk-docs, notation: {name}, out: pages/{name}, index: false}}\n"
    for name in LANGUAGES
)
CODE = """\
  python: {out: generated/python}
  typescript: {out: generated/typescript}
  go: {out: generated/go, module: example.com/shop}
"""


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with pages of one API in each language, written by the Markdown target."""
    made = tmp_path / "made"
    write(made, {**SPECS, "modelsync.yaml": CONFIG})
    assert run(["generate", "-q", "--project", str(made)]) == 0
    for name in LANGUAGES:
        shutil.move(made / "pages" / name, tmp_path / name / "docs")
    return tmp_path


def transcribe(pages: Path, *languages: str, code: int = 0) -> Path:
    folders = [str(pages / name) for name in languages or LANGUAGES]
    project = pages / "project"
    assert run(["transcribe", *folders, "--into", str(project)]) == code
    return project


def trees(*folders: Path) -> list[dict[str, bytes]]:
    return [
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in folders
    ]


@pytest.mark.parametrize("languages", [*((name,) for name in LANGUAGES), LANGUAGES])
def test_every_page_comes_back(pages: Path, languages: tuple[str, ...]) -> None:
    project = transcribe(pages, *languages)
    assert run(["generate", "--project", str(project)]) == 0
    for name in languages:
        here, back = trees(pages / name, project / "generated/docs" / name)
        assert here == back


def test_languages_together_know_more_than_each(pages: Path) -> None:
    project = transcribe(pages)
    schema = load(project).schema
    order = schema.by_id["shop.Order"]
    spec = (project / "specs/shop/order.yaml").read_text("utf-8")
    assert [field.json_key for field in order.fields] == [  # type: ignore[union-attr]
        "id", "lineItems", "total", "count", "note", "state", "placedAt", "labels", "kind",
        "oldNote",
    ]  # fmt: skip
    assert "    type: int64\n" in spec  # Go: a TypeScript page says number
    assert "    type: string | null\n" in spec  # Python: a Go page has a pointer for both
    assert "    type: '\"order\"'\n" in spec  # TypeScript and Python: Go has no constants


def test_transcribed_specs_generate_code(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = transcribe(pages)
    with (project / "modelsync.yaml").open("a") as config:
        config.write(CODE)
    capsys.readouterr()
    assert run(["generate", "--project", str(project)]) == 0, capsys.readouterr().err
    generated = project / "generated"
    code = [path for name in LANGUAGES for path in (generated / name).rglob("*order*")]
    assert [path.relative_to(generated).as_posix() for path in code] == [
        "go/shop/order.go",
        "python/shop/order.py",
        "typescript/shop/order.ts",
    ]


def test_transcribe_prints_a_summary(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pages / "go/docs/other.md").write_text("# Something else\n")
    project = transcribe(pages)
    output = capsys.readouterr().out.splitlines()
    assert output[0].split() == [
        "pages", "exact", "with", "problems", "other", "files", "notation", "folder",
    ]  # fmt: skip
    assert output[1].split()[:5] == ["4", "4", "0", "1", "go"]
    assert output[-1] == f"next: modelsync generate --project {project}"


@pytest.mark.parametrize(
    ("description", "options", "expected"),
    [
        (
            "Beside `oldNote`",
            [],
            "camel (1 of 1 names in the text of the pages); override with --json-keys",
        ),
        ("", [], "as-shown (no names found in the text of the pages); override with --json-keys"),
        ("", ["--json-keys", "snake"], "snake, set by --json-keys"),
    ],
)
def test_the_summary_shows_how_json_keys_were_derived(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    description: str,
    options: list[str],
    expected: str,
) -> None:
    spec = f"model: Thing\nfields:\n  oldNote: {{type: string, description: '{description}'}}\n"
    config = "targets:\n  sdk-docs: {notation: typescript, out: docs, index: false}\n"
    write(tmp_path, {"specs/shop/thing.yaml": spec, "modelsync.yaml": config})
    assert run(["generate", "-q", "--project", str(tmp_path)]) == 0
    project = tmp_path / "project"
    assert run(["transcribe", str(tmp_path / "docs"), "--into", str(project), *options]) == 0
    assert f"JSON keys: {expected}" in capsys.readouterr().out.splitlines()


def test_a_wrong_key_can_be_fixed_in_the_spec(pages: Path) -> None:
    project = transcribe(pages)
    order = project / "specs/shop/order.yaml"
    text = order.read_text("utf-8")
    assert text.count("placedAt") == 1
    order.write_text(text.replace("placedAt", "placed_at"), "utf-8")
    transcribe(pages)
    assert "  placed_at:\n" in order.read_text("utf-8")
    assert run(["generate", "--project", str(project)]) == 0
    for name in LANGUAGES:
        here, back = trees(pages / name, project / "generated/docs" / name)
        assert here == back


def test_running_again_changes_nothing(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = transcribe(pages)
    before = trees(project)
    transcribe(pages)
    assert trees(project) == before
    assert "0 files written, 0 deleted, 5 unchanged" in capsys.readouterr().out


ORDER = "specs/shop/order.yaml"


def reworded(pages: Path, old: str, new: str) -> None:
    for page in pages.glob("*/docs/**/*.md"):
        page.write_text(page.read_text("utf-8").replace(old, new), "utf-8")


def edited(project: Path, old: str, new: str, path: str = ORDER) -> str:
    """Edit a spec by hand once, and return its text."""
    spec = project / path
    text = spec.read_text("utf-8")
    assert old in text
    spec.write_text(text.replace(old, new, 1), "utf-8")
    return spec.read_text("utf-8")


def test_an_edited_spec_gets_the_changes_of_its_pages(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = transcribe(pages)
    text = edited(project, "    type: State\n", "    type: State # of the till\n")
    reworded(pages, "Never changes", "Ever changes ")
    reworded(pages, "What has become", "All that became")
    capsys.readouterr()
    transcribe(pages)
    output = capsys.readouterr().out
    assert (project / ORDER).read_text("utf-8") == text.replace("Never changes", "Ever changes")
    assert "All that became" in (project / "specs/shop/state.yaml").read_text("utf-8")
    assert f"merged  {ORDER}: your edits and the changes in its pages; old version: " in output
    assert "-    description: Never changes\n+    description: Ever changes\n" in output
    assert "till" not in output  # only what has changed on the pages is output
    assert "2 files written, 0 deleted, 3 unchanged, 1 edited spec merged\n" in output
    (kept,) = (project / ".modelsync/kept").glob(f"*/{ORDER}")
    assert kept.read_text("utf-8") == text
    # This happens once: the same pages have no changes.
    before = trees(project)
    transcribe(pages)
    assert "merged" not in capsys.readouterr().out
    assert trees(project) == before


def test_constraints_that_you_add_survive_changes_of_the_pages(pages: Path) -> None:
    project = transcribe(pages)
    edited(project, "    type: int64\n", "    type: int64\n    minimum: 1\n    maximum: 99\n")
    text = edited(
        project, "    type: list[LineItem]\n", "    type: list[LineItem]\n    maxItems: 9\n"
    )
    reworded(pages, "Never changes", "Ever changes ")
    transcribe(pages)
    spec = (project / ORDER).read_text("utf-8")
    assert spec == text.replace("Never changes", "Ever changes")
    # The pages show them now. Read again, they say nothing that the spec does not say.
    assert run(["generate", "--project", str(project)]) == 0
    for name in LANGUAGES:
        page = project / f"generated/docs/{name}/docs/models/shop/order.md"
        assert "Range: 1 to 99." in page.read_text("utf-8")
        shutil.copytree(project / "generated/docs" / name, pages / name, dirs_exist_ok=True)
    before = trees(project / "specs/shop")
    transcribe(pages)
    assert trees(project / "specs/shop") == before


def test_an_edit_wins_over_a_change_of_the_same_lines_on_pages(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = transcribe(pages)
    text = edited(project, "Never changes", "A number of ours")
    reworded(pages, "Never changes", "Ever changes ")
    capsys.readouterr()
    transcribe(pages)
    output = capsys.readouterr().out
    assert (project / ORDER).read_text("utf-8") == text
    copy = f".modelsync/transcribed/{ORDER}"
    assert f"kept    {ORDER}: edited where its pages changed; new version: {copy}" in (output)
    assert "-    description: Never changes\n+    description: Ever changes\n" in output
    assert "ours" not in output
    assert "Ever changes" in (project / copy).read_text("utf-8")
    assert "1 edited spec kept\n" in output
    # It is reported once: nothing has changed on the pages since.
    transcribe(pages)
    assert "kept" not in capsys.readouterr().out
    assert (project / ORDER).read_text("utf-8") == text


@pytest.mark.parametrize("texts", [None, b"", b"no texts", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_an_edited_spec_is_kept_if_the_last_texts_are_unknown(
    pages: Path, capsys: pytest.CaptureFixture[str], texts: bytes | None
) -> None:
    project = transcribe(pages)
    text = edited(project, "type: State\n", "type: State # of the till\n")
    reworded(pages, "Never changes", "Ever changes ")
    known = project / ".modelsync/transcribed.texts"
    if texts is None:
        known.unlink()
    else:
        known.write_bytes(texts)
    capsys.readouterr()
    transcribe(pages)
    output = capsys.readouterr().out
    assert f"kept    {ORDER}: edited; new version: .modelsync/" in output
    assert (project / ORDER).read_text("utf-8") == text


def test_an_edited_spec_is_kept_if_the_last_texts_are_from_another_run(pages: Path) -> None:
    """The list comes from the repository: someone else has transcribed and edited the specs."""
    project = transcribe(pages)
    ours = (project / ".modelsync/transcribed.texts").read_bytes()
    reworded(pages, "Never changes", "Ever changes ")
    transcribe(pages)
    (project / ".modelsync/transcribed.texts").write_bytes(ours)
    text = edited(project, "type: State\n", "type: State # of the till\n")
    reworded(pages, "The customer", "A customer  ")
    reworded(pages, "Ever changes ", "Never moves  ")
    transcribe(pages)
    assert (project / ORDER).read_text("utf-8") == text


def test_transcribe_reports_its_progress(pages: Path) -> None:
    steps: dict[str, list[tuple[int, int]]] = {}

    def progress(what: str, done: int, of: int) -> None:
        steps.setdefault(what, []).append((done, of))

    folders = [pages / name for name in LANGUAGES]
    transcribe_into(folders, pages / "project", progress=progress)
    assert [*steps] == [
        *(f"reading {folder.as_posix()}" for folder in folders),
        "reading types",
        "matching pages",
        "merging",
        *(f"comparing with {name}" for name in LANGUAGES),
        "applying the rules",
        "choosing names",
        "writing specs",
        "reading specs",
        "writing the pages of go",
        "comparing pages",
        "writing the pages of python",
        "writing the pages of typescript",
        "writing",
    ]
    assert all(0 <= done <= of for counts in steps.values() for done, of in counts)
    assert steps["merging"] == [(number, 4) for number in range(4)]
    assert steps["writing the pages of go"] == [(number, 4) for number in range(1, 5)]
    assert len(steps["comparing with go"]) == 3 * 4


def test_pages_are_read_lazily(tmp_path: Path) -> None:
    write(tmp_path, {"a/b.md": "text", "c.MD": "more", "d.txt": "no", ".hidden/e.md": "no"})
    (tmp_path / "link.md").symlink_to(tmp_path / "c.MD")
    found = disk.Pages(tmp_path, 3)
    (tmp_path / "a/b.md").write_text("newer text")
    assert dict(found) == {"a/b.md": b"newe", "c.MD": b"more"}
    assert len(found) == 2
    assert "d.txt" not in found


def test_deleted_specs_and_pages_are_reported(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = transcribe(pages)
    (project / ORDER).unlink()
    thing = edited(project, "union: Thing\n", "union: Thing # any\n", "specs/shop/thing.yaml")
    reworded(pages, "Never changes", "Ever changes ")
    for page in pages.rglob("thing.md"):
        page.unlink()
    capsys.readouterr()
    transcribe(pages)
    output = capsys.readouterr().out
    assert f"kept    {ORDER}: you deleted it; new version: .modelsync/" in output
    assert "+    description: Ever changes\n" in output
    assert "kept    specs/shop/thing.yaml: edited, and its pages no longer exist\n" in output
    assert not (project / ORDER).exists()
    assert (project / "specs/shop/thing.yaml").read_text("utf-8") == thing


def test_the_changes_of_a_killed_run_are_reported_by_the_next_one(
    pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = transcribe(pages)
    text = edited(project, "type: State\n", "type: State # of the till\n")
    reworded(pages, "Never changes", "Ever changes ")
    replace = Tree.replace

    def killed(tree: Tree, new: str, path: str) -> None:
        replace(tree, new, path)
        if path == ORDER:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Tree, "replace", killed)
        run(["transcribe", *(str(pages / name) for name in LANGUAGES), "--into", str(project)])
    assert (project / ORDER).read_text("utf-8") != text
    capsys.readouterr()
    transcribe(pages)
    assert "+    description: Ever changes\n" in capsys.readouterr().out
    assert (project / ORDER).read_text("utf-8") == text.replace("Never changes", "Ever changes")


def test_an_unedited_spec_is_deleted_with_its_page(pages: Path) -> None:
    project = transcribe(pages)
    for page in pages.rglob("thing.md"):
        page.unlink()
    transcribe(pages)
    assert not (project / "specs/shop/thing.yaml").exists()


def test_a_config_with_more_targets_stays(pages: Path) -> None:
    project = transcribe(pages)
    config = project / "modelsync.yaml"
    edited = config.read_text() + CODE
    config.write_text(edited)
    transcribe(pages)
    assert config.read_text() == edited


def test_a_broken_page_is_reported_and_the_rest_is_written(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = pages / "go/docs/models/shop/lineitem.md"
    page.write_text(page.read_text("utf-8").replace("*string*", "*?!*", 1), "utf-8")
    (pages / "go/docs/models/shop/binary.md").write_bytes(b"# B\xff\x00")
    project = transcribe(pages, code=1)
    printed = capsys.readouterr()
    problems = re.findall(r"^(MS\d+) .*\n *--> .*?/go/docs/models/(\S+)$", printed.err, re.M)
    assert problems == [("MS001", "shop/binary.md:1:4"), ("MS115", "shop/lineitem.md:8:39")]
    assert (project / "specs/shop/order.yaml").exists()
    assert run(["generate", "--project", str(project)]) == 0


APIS = {
    "dub": ("dub-go", "dub-ts", "dub-py"),
    "mix": ("mix-go", "mix-ts"),
    "mistral": ("mistral-py", "mistral-ts"),
}


@pytest.mark.toolchain
@pytest.mark.parametrize("api", APIS)
def test_real_pages_come_back(corpus: Path, tmp_path: Path, api: str) -> None:
    """Byte for byte, merged."""
    folders = [corpus / name for name in APIS[api]]
    project = tmp_path / "project"
    assert run(["transcribe", *map(str, folders), "--into", str(project)]) == 0
    assert run(["generate", "--project", str(project)]) == 0
    back = trees(*sorted((project / "generated/docs").iterdir()))
    wrong = []
    for folder in folders:
        (here,) = trees(folder)
        # The target that writes this folder back is the one with the fewest differences.
        lists = [[path for path in here if here[path] != tree.get(path)] for tree in back]
        best = min(lists, key=len)
        wrong += best
    assert wrong == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing argument"),
        (["nowhere", "--into", "x"], "does not exist"),
        ([".", "--into", "x", "--notation", "rust"], "is not one of"),
    ],
)
def test_invalid_arguments_are_usage_errors(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["transcribe", *arguments]) == 2
    assert message in capsys.readouterr().err
