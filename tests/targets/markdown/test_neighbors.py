"""Reference pages beside the formatters and linters that projects run on their Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.places import CASES
from helpers.projects import schema_in, write
from helpers.reference_pages import reference_pages
from modelsync.verify.toolchains import Tool

pytestmark = pytest.mark.toolchain

# Tables and generated code have long lines and tabs, and cells have anchors and line breaks. Of the
# others, pages keep the rules, but for a definition with a name such as `Link`.
UNSUITABLE = ("MD010", "MD013", "MD033", "MD059")
MARK = "<!-- markdownlint-disable-file -->\n\n"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for case in sorted(path for path in CASES.iterdir() if path.is_dir()):
        for path, text in reference_pages(schema_in(case)).items():
            write(folder, {f"pages/{case.name}/{path}": text})
            assert text.count(MARK) == 1
            write(folder, {f"unmarked/{case.name}/{path}": text.replace(MARK, "")})
    return folder


def test_prettier_changes_nothing(pages: Path, prettier: Tool) -> None:
    done = prettier.run("--list-different", "pages/**/*.md", cwd=pages)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_markdownlint_finds_nothing(pages: Path, markdownlint: Tool) -> None:
    done = markdownlint.run("pages/**/*.md", cwd=pages)
    assert done.returncode == 0, done.stderr


def test_pages_break_few_rules_of_markdownlint(pages: Path, markdownlint: Tool) -> None:
    rules = ", ".join(f'"{rule}": false' for rule in UNSUITABLE)
    write(pages / "unmarked", {".markdownlint-cli2.jsonc": f'{{"config": {{{rules}}}}}'})
    done = markdownlint.run("**/*.md", cwd=pages / "unmarked")
    assert done.returncode == 0, done.stderr
