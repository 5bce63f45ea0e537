"""`modelsync transcribe`: folders of pages in, a project out that writes them back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from modelsync.cli import run
from modelsync.project import load
from projects import write

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
    f"  {name}: {{target: markdown, notation: {name}, out: pages/{name}, index: false}}\n"
    for name in LANGUAGES
)
CODE = """\
  python: {out: generated/python}
  typescript: {out: generated/typescript}
  go: {out: generated/go, module: example.com/shop}
"""


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a folder with pages of one API in each language, made by our own target."""
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
    assert [field.wire for field in order.fields] == [  # type: ignore[union-attr]
        "id", "lineItems", "total", "count", "note", "state", "placedAt", "labels", "kind",
        "oldNote",
    ]  # fmt: skip
    assert "    type: int64\n" in spec  # Go: a TypeScript page says number
    assert "    type: string | null\n" in spec  # Python: a Go page has a pointer for both
    assert "    type: '\"order\"'\n" in spec  # TypeScript and Python: Go has no constants


def test_what_it_writes_generates_code(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = transcribe(pages)
    with (project / "modelsync.yaml").open("a") as config:
        config.write(CODE)
    capsys.readouterr()
    assert run(["generate", "--project", str(project)]) == 0, capsys.readouterr().err
    for name in LANGUAGES:
        assert any((project / "generated" / name).rglob("*order*"))


def test_it_tells_what_it_did(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pages / "go/docs/other.md").write_text("# Something else\n")
    project = transcribe(pages)
    told = capsys.readouterr().out.splitlines()
    assert told[0].split() == [
        "pages", "exact", "with", "problems", "no", "model", "pages", "notation", "folder",
    ]  # fmt: skip
    assert told[1].split()[:5] == ["4", "4", "0", "1", "go"]
    assert told[-1] == f"next: modelsync generate --project {project}"


def test_again_changes_nothing(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = transcribe(pages)
    before = trees(project)
    transcribe(pages)
    assert trees(project) == before
    assert "0 files written, 0 deleted, 5 unchanged" in capsys.readouterr().out


def test_an_edited_spec_stays_and_the_pages_are_told(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = transcribe(pages)
    order, item = (project / f"specs/shop/{name}.yaml" for name in ("order", "line_item"))
    edited = order.read_text("utf-8").replace("required: true", "required: true # sure", 1)
    order.write_text(edited, "utf-8")
    for page in pages.rglob("*.md"):
        page.write_text(page.read_text("utf-8").replace("What has become", "All that became"))
    page = pages / "go/docs/models/shop/order.md"
    page.write_text(page.read_text("utf-8").replace("Never changes", "Ever changes "), "utf-8")
    capsys.readouterr()
    transcribe(pages, code=0)
    told = capsys.readouterr().out
    assert order.read_text("utf-8") == edited
    assert "All that became" in (project / "specs/shop/state.yaml").read_text("utf-8")
    assert "kept  specs/shop/order.yaml: edited" in told
    aside = project / ".modelsync/transcribed/specs/shop/order.yaml"
    assert "Ever changes" in aside.read_text("utf-8")
    assert item.exists()
    # Told once: nothing has changed on the pages since.
    transcribe(pages)
    assert "kept" not in capsys.readouterr().out
    assert order.read_text("utf-8") == edited


def test_a_page_that_goes_takes_its_spec_along_if_nobody_has_edited_it(pages: Path) -> None:
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


def test_a_wrong_page_is_told_and_the_rest_goes_on(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = pages / "go/docs/models/shop/lineitem.md"
    page.write_text(page.read_text("utf-8").replace("*string*", "*?!*", 1), "utf-8")
    (pages / "go/docs/models/shop/binary.md").write_bytes(b"# B\xff\x00")
    project = transcribe(pages, code=1)
    told = capsys.readouterr()
    assert "lineitem.md:" in told.err
    assert "MS106" in told.err or "MS115" in told.err
    assert (project / "specs/shop/order.yaml").exists()
    assert run(["generate", "--project", str(project)]) == 0


APIS = {
    "dub": ("dub-go", "dub-ts", "dub-py"),
    "mix": ("mix-go", "mix-ts"),
    "mistral": ("mistral-py",),
}


@pytest.mark.toolchain
@pytest.mark.parametrize("api", APIS)
def test_real_pages_come_back(corpus: Path, tmp_path: Path, api: str) -> None:
    """Byte for byte, merged: all but two, whose links were rewritten after they were laid out."""
    folders = [corpus / name for name in APIS[api]]
    project = tmp_path / "project"
    told = run(["transcribe", *map(str, folders), "--into", str(project)])
    assert told == (1 if api == "mistral" else 0)
    assert run(["generate", "--project", str(project)]) == 0
    back = trees(*sorted((project / "generated/docs").iterdir()))
    wrong = []
    for folder in folders:
        (here,) = trees(folder)
        # Which of the targets writes this folder back shows by itself.
        lists = [[path for path in here if here[path] != tree.get(path)] for tree in back]
        best = min(lists, key=len)
        wrong += best
    assert sorted(path.rpartition("/")[2] for path in wrong) == (
        ["chatcompletionrequest.md", "chatcompletionstreamrequest.md"] if api == "mistral" else []
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing argument"),
        (["nowhere", "--into", "x"], "does not exist"),
        ([".", "--into", "x", "--notation", "rust"], "is not one of"),
    ],
)
def test_wrong_calls(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["transcribe", *arguments]) == 2
    assert message in capsys.readouterr().err
