"""A language from a folder outside the package: no other file needs an edit for it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.outside_language import TEMPLATE, install

RECORD = """\
(define-record line_item
  unit_price
  definition
)
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    install(tmp_path)
    return tmp_path / "site"


def modelsync(site: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "modelsync", *words],
        cwd=site.parent / "project",
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_every_command_knows_a_language_from_outside(site: Path) -> None:
    record = site.parent / "project/models/line_item.scm"
    assert modelsync(site, "generate").returncode == 0
    assert record.read_text("utf-8") == RECORD
    assert modelsync(site, "check").returncode == 0
    assert "specs/line.yaml:3" in modelsync(site, "explain", "models/line_item.scm:2").stdout
    verified = modelsync(site, "verify", "--require")
    assert (verified.returncode, verified.stdout) == (
        0,
        "scheme compiled but not run: no errors\n",
    )


@pytest.mark.slow
def test_what_its_compiler_reports_fails_verify(site: Path) -> None:
    template = site / "acme_scheme/templates/record.scm.j2"
    template.write_text(TEMPLATE.removesuffix(")\n"), "utf-8")
    verified = modelsync(site, "verify")
    assert verified.returncode == 1
    assert "scheme: scheme reports:\n  (define-record line_item\n" in verified.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new", "code", "line"),
    [
        ("acme_verify.py", "texts = [", "texts = None.x; [", "MS131", 8),
        ("acme_verify.py", "import sys\n", "import sys, nowhere\n", "MS130", 1),
        ("acme_verify.py", "TOOLSET = SchemeToolset()", "", "MS130", 1),
        ("acme_scheme/__init__.py", "return snake(name)", "return name.snake()", "MS131", 13),
        ("acme_scheme/templates/record.scm.j2", "field.name", "field.nme", "MS062", 3),
    ],
)
def test_its_errors_are_reported_at_its_own_line(
    site: Path, file: str, old: str, new: str, code: str, line: int
) -> None:
    text = (site / file).read_text("utf-8")
    assert old in text
    (site / file).write_text(text.replace(old, new), "utf-8")
    verified = modelsync(site, "verify")
    assert verified.returncode == 2, verified.stderr
    assert code in verified.stderr
    assert f"{site / file}:{line}:" in verified.stderr


NAMED = re.compile(
    r"""["'](?:go|python|typescript|pydantic)["']"""
    r"|modelsync\.targets\.(?:go|python|typescript|pydantic)\b"
)
MAY_NAME = {
    "pages/": "the notations of SDK pages are those of three languages, by design",
    "transcribe/": "reads these notations",
    "intake/": "chooses names in these languages for what has none",
    "importer/": "gives values the names that a source has for them, in each language",
    "verify/validators/": "one validator is written in Go",
    "targets/sdk_docs/": "writes these notations",
}
OWN = re.compile(r"(?:targets|verify/languages)/(?:go|python|typescript|pydantic)(?:/|\.py$)")


def test_no_other_module_names_a_language(root: Path) -> None:
    package = root / "generator/modelsync"
    named = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if NAMED.search(path.read_text("utf-8"))
    }
    others = {path for path in named if not OWN.match(path)}
    assert {path for path in others if not path.startswith(tuple(MAY_NAME))} == set()
    assert {
        start for start in MAY_NAME if not any(path.startswith(start) for path in others)
    } == set()
