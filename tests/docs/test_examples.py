"""What the README and the docs show is what the commands print and generate today.

`pytest --update-goldens tests/docs` rewrites all of it: the blocks that are marked as examples
(see helpers/doc_examples.py), the excerpts of generated files in the README, and docs/terminal.svg.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

import pytest

from helpers.doc_examples import BLOCK, assert_example, example_names, pages, unmarked_output
from helpers.projects import write
from helpers.repositories import commit_all, new_repository
from modelsync.cli import run
from modelsync.verify.languages.go import find_go
from modelsync.verify.languages.typescript import find_node
from toolchains.tools import NODE_MODULES, TSC_VERSIONS

LANGUAGES = ("python", "typescript", "go", "markdown")
GO_MODEL = "templates/go/model.go.j2"


class Session:
    """The example of the README as a project, and the commands that are run in it."""

    def __init__(self, root: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.folder = folder
        self.capsys = capsys

    def write(self, files: Mapping[str, str]) -> None:
        write(self.folder, files)

    def append(self, path: str, text: str) -> None:
        self.write({path: (self.folder / path).read_text("utf-8") + text})

    def output(self, *words: str, code: int = 0) -> str:
        """Return what a command prints, with paths of the checkout shortened to `...`."""
        self.capsys.readouterr()
        assert run(words) == code
        printed = self.capsys.readouterr()
        return (printed.out + printed.err).replace(str(self.root), "...")

    def typed(self, *words: str, code: int = 0) -> str:
        """Return a command as typed and its output."""
        return f"$ modelsync {' '.join(words)}\n{self.output(*words, code=code)}"


@pytest.fixture
def session(
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Session:
    readme = (root / "README.md").read_text("utf-8")
    spec, config = re.findall(r"^```yaml\n(.*?)^```", readme, re.M | re.S)
    write(tmp_path, {"specs/invoice.yaml": spec, "modelsync.yaml": config})
    monkeypatch.chdir(tmp_path)
    made = Session(root, tmp_path, capsys)
    made.output("generate")
    return made


# Examples ----------------------------------------------------------------------------------------


def drifted(session: Session) -> Session:
    session.append("specs/invoice.yaml", "  void:\n")
    session.append("src/acme/models/invoice.py", "DEBUG = True\n")
    (session.folder / "docs/models/Invoice.md").unlink()
    return session


def drift(session: Session) -> str:
    return drifted(session).typed("check", code=1)


def drift_as_json(session: Session) -> str:
    """Show one change of each kind, and the beginning of each diff."""
    words = ("check", "--quiet", "--format", "json", "--diff")
    document = json.loads(drifted(session).output(*words, code=1))
    of_a_kind = {change["kind"]: change for change in reversed(document["changes"])}
    document["changes"] = [change for change in document["changes"] if change in of_a_kind.values()]
    for change in (*document["changes"], document["manifest"]):
        change["diff"] = change["diff"] and change["diff"][:40] + "..."
    return json.dumps(document, indent=2) + "\n"


def unknown_type(session: Session) -> str:
    session.write({"specs/user.yaml": "model: User\nfields:\n  friend: {type: Usr}\n"})
    problem, _, _ = session.output("check", code=2).partition("\n\n")
    return problem + "\n"


def install_typescript(session: Session) -> None:
    (session.folder / "node_modules").mkdir()
    installed = NODE_MODULES / f"typescript-{TSC_VERSIONS[-1]}"
    (session.folder / "node_modules/typescript").symlink_to(installed)


def verified(session: Session) -> str:
    install_typescript(session)
    return session.typed("verify")


def validated(session: Session) -> str:
    (session.folder / "node_modules").mkdir()
    (session.folder / "node_modules/ajv").symlink_to(NODE_MODULES / "ajv")
    session.append("modelsync.yaml", "  json-schema: {out: schemas}\n")
    return session.typed("verify", "json-schema")


def disagreement(session: Session) -> str:
    """Take the check of required keys out of a template of Go."""
    install_typescript(session)
    session.output("init", "--eject", "go")
    template = (session.folder / GO_MODEL).read_text("utf-8")
    session.write({GO_MODEL: re.sub(r"^.*object\.Require\(.*\n", "", template, flags=re.M)})
    first, _, _ = session.output("verify", code=1).partition("\n\n")
    return f"$ modelsync verify\n{first}\n"


def vector(session: Session) -> str:
    lines = session.output("vectors").splitlines()
    return next(line for line in lines if json.loads(line)["what"] == "id is absent") + "\n"


def first_spec_error(session: Session) -> str:
    """Show the error of a document for the specs of a page, from their Python code."""
    page = (session.root / "docs/first-spec.md").read_text("utf-8")
    blocks = re.findall(r"^```yaml\n(.*?)^```", page, re.M | re.S)
    config = "specs: page\ntargets: {python: {out: page_models}}\n"
    session.write({"page/all.yaml": "---\n".join(blocks), "modelsync.yaml": config})
    session.output("generate")
    document = {
        "id": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "email": "ada@example.com",
        "lines": [{"sku": "tea", "text": "Tea", "quantity": 1, "unitPrice": "4.50"}],
    }
    models = "from page_models.order import Order"
    script = (
        f"{models}\ntry: Order.from_dict({document!r})\nexcept ValueError as error: print(error)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=session.folder, capture_output=True, check=True
    )
    return result.stdout.decode()


def written_page(session: Session, name: str) -> dict[str, str]:
    """Generate the project of a page, write its document, and return its programs by language."""
    page = (session.root / "docs" / name).read_text("utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", page, re.M | re.S)
    (_, spec), (_, config), (_, document), *programs = blocks
    files = {"page/trip.yaml": spec, "modelsync.yaml": f"specs: page\n{config}"}
    session.write({**files, "returned.json": document})
    session.output("generate", "-q")
    return dict(programs)


def structured_output(session: Session) -> str:
    """Show what the program in Python prints."""
    program = written_page(session, "structured-output.md")["python"]
    command = [sys.executable, "-W", "error::SyntaxWarning", "-c", program]
    return subprocess.run(
        command, cwd=session.folder, capture_output=True, check=True, encoding="utf-8"
    ).stdout


def edit_page(session: Session, old: str, new: str) -> None:
    path = "docs/models/Invoice.md"
    text = (session.folder / path).read_text("utf-8")
    assert old in text
    session.write({path: text.replace(old, new)})


def edited_page(session: Session) -> str:
    """Show what an edit of a page changes in its spec."""
    edit_page(session, "What a customer owes", "What a customer still owes")
    typed = session.typed("transcribe", "docs/models", "--into", ".")
    spec = (session.folder / "specs/invoice.yaml").read_text("utf-8")
    assert "description: What a customer still owes\n" in spec
    session.output("generate")
    session.output("check")
    return typed


def edited_page_problem(session: Session) -> str:
    """Show the problem of a type on a page."""
    edit_page(session, "| int64 ", "| int46 ")
    typed = session.typed("transcribe", "docs/models", "--into", ".", code=2)
    return typed.partition("\n\n")[0] + "\n"


def imported(session: Session) -> tuple[str, str]:
    """Import the document of docs/import.md; return the output and a spec."""
    page = (session.root / "docs/import.md").read_text("utf-8")
    (api,) = re.findall(r"^`api.yaml`:\n\n```yaml\n(.*?)^```", page, re.M | re.S)
    session.write({"api.yaml": api})
    words = ("import", "api.yaml", "--into", "shop")
    session.capsys.readouterr()
    assert run(words) == 1
    printed = session.capsys.readouterr()
    typed = f"$ modelsync {' '.join(words)}\n{printed.err}{printed.out}"
    session.output("generate", "--project", "shop")
    return typed, (session.folder / "shop/specs/order.yaml").read_text("utf-8")


def breaking(session: Session) -> str:
    """Show a change since a commit, whose name is always the same one in the docs."""
    spec = "model: User\nfields:\n  id: {type: string}\n  age: {type: int32}\n"
    session.write({"specs/user.yaml": spec})
    new_repository(session.folder)
    commit = commit_all(session.folder)
    session.write({"specs/user.yaml": spec.replace("int32", "int64")})
    typed = session.typed("breaking", "--against", "main", code=1)
    return typed.replace(commit[:12], "f3b597197a25")


EXAMPLES: dict[str, Callable[[Session], str]] = {
    "breaking": breaking,
    "drift": drift,
    "drift-as-json": drift_as_json,
    "edited-page": edited_page,
    "edited-page-problem": edited_page_problem,
    "first-spec-error": first_spec_error,
    "structured-output": structured_output,
    "import": lambda session: imported(session)[0],
    "imported-spec": lambda session: imported(session)[1],
    "unknown-type": unknown_type,
    "vector": vector,
}
PROOFS = {"verified": verified, "validated": validated, "disagreement": disagreement}
"""The examples that run generated code."""
ELSEWHERE = {"explained-line", "explained-spec", "failing-target"}
"""The examples of tests/commands/test_explain.py and tests/targets/test_external_targets.py."""


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_shows_what_is_printed(
    root: Path, session: Session, name: str, update_goldens: bool
) -> None:
    assert_example(root, name, EXAMPLES[name](session), update_goldens)


@pytest.mark.toolchain
@pytest.mark.parametrize("name", PROOFS)
def test_an_example_shows_what_verify_prints(
    root: Path, session: Session, name: str, update_goldens: bool
) -> None:
    assert_example(root, name, PROOFS[name](session), update_goldens)


@pytest.mark.toolchain
def test_the_programs_for_structured_output_print_the_same(session: Session) -> None:
    printed = structured_output(session)
    programs = written_page(session, "structured-output.md")
    session.write({"run.ts": programs["typescript"], "package.json": '{"type": "module"}'})
    assert find_node().run("run.ts", cwd=session.folder).stdout == printed
    module = "module example.com/run\n\ngo 1.24\n\nrequire example.com/trips v0.0.0\n"
    replaced = f"{module}\nreplace example.com/trips => ./go/trips\n"
    session.write({"go.mod": replaced, "main.go": programs["go"]})
    assert find_go().run("run", ".", cwd=session.folder).stdout == printed


def test_the_docs_count_the_documents_of_verify(root: Path, session: Session) -> None:
    """So `make check`, which runs no compilers, notices when the number of documents changes."""
    documents = [json.loads(line) for line in session.output("vectors").splitlines()]
    numbers = Counter(document["definition"] for document in documents)
    texts = [path.read_text("utf-8") for path in pages(root)]
    tables = [block["text"] for text in texts for block in BLOCK.finditer(text)]
    tables = [table for table in tables if table.startswith("$ modelsync verify\ndefinition ")]
    assert len(tables) == 2  # README.md and docs/verify.md
    for name, number in (*numbers.items(), ("all", len(documents))):
        row = rf"^{name} +{number:,} +{number:,} +{number:,}$"
        assert all(re.search(row, table, re.M) for table in tables), row


def test_every_example_is_tested(root: Path) -> None:
    assert example_names(root) == {*EXAMPLES, *PROOFS, *ELSEWHERE}


def test_every_block_that_shows_output_is_an_example(root: Path) -> None:
    for path in pages(root):
        assert unmarked_output(path.read_text("utf-8")) == [], path


# Generated files ---------------------------------------------------------------------------------


def generated_files(session: Session) -> list[str]:
    """Return the texts of all generated files."""
    suffixes = (".py", ".ts", ".go", ".md")
    files = [path for path in session.folder.rglob("*") if path.suffix in suffixes]
    return [path.read_text("utf-8") for path in files]


def excerpt(files: list[str], block: str) -> str:
    """Return the part of a file that begins and ends with the lines that a block does.

    A Markdown page ends without a line feed.
    """
    first, *rest = block.splitlines()
    end = rf"\n(?:.*\n)*?{re.escape(rest[-1])}" if rest else ""
    part = re.compile(rf"^{re.escape(first)}{end}$", re.M)
    parts = [match[0] for text in files for match in part.finditer(text)]
    assert parts, f"no generated file has this part: {block}"
    return parts[0] + "\n"


def test_the_readme_shows_what_is_generated(
    root: Path, session: Session, update_goldens: bool
) -> None:
    path = root / "README.md"
    text = path.read_text("utf-8")
    files = generated_files(session)
    block = re.compile(rf"^(```(?:{'|'.join(LANGUAGES)})\n)(.*?)^```$", re.M | re.S)
    expected, count = block.subn(lambda match: f"{match[1]}{excerpt(files, match[2])}```", text)
    assert count == 6  # Python and TypeScript have a file for each of the two definitions
    if update_goldens:
        path.write_text(expected, "utf-8")
    assert path.read_text("utf-8") == expected


# The picture -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def terminal(root: Path) -> ModuleType:
    """docs/terminal.py, which is not in a package."""
    spec = importlib.util.spec_from_file_location("terminal", root / "docs/terminal.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.posix
def test_the_picture_shows_the_current_output(terminal: ModuleType, update_goldens: bool) -> None:
    picture = terminal.picture()
    if update_goldens:
        terminal.PICTURE.write_text(picture, "utf-8")
    assert terminal.PICTURE.read_text("utf-8") == picture
    assert all(f">{text}<" in picture for text in ("outdated", "edited"))


def test_no_line_leaves_the_picture(terminal: ModuleType) -> None:
    picture = terminal.PICTURE.read_text("utf-8")
    spans = re.findall(r'x="([\d.]+)" textLength="([\d.]+)"', picture)
    width = float(re.findall(r'<svg [^>]*width="(\d+)"', picture)[0])
    assert spans
    assert max(float(x) + float(length) for x, length in spans) <= width - terminal.MARGIN + 0.1
