"""Reference pages as MDX, in which text could be code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from helpers.places import CASES, TESTS
from helpers.projects import schema_in
from helpers.reference_pages import reference_pages
from modelsync.verify.languages.typescript import find_node

pytestmark = pytest.mark.toolchain

OWN = {"a", "br", "code"}
# Docusaurus turns them into comments of MDX.
COMMENT = re.compile(r"<!--.*?-->", re.S)


def test_pages_have_no_elements_or_code_but_their_own(tmp_path: Path) -> None:
    pages = {
        f"{case.name}/{path}": COMMENT.sub("", text)
        for case in sorted(path for path in CASES.iterdir() if path.is_dir())
        for path, text in reference_pages(schema_in(case)).items()
    }
    script = str(TESTS / "toolchains/mdx_nodes.mjs")
    (tmp_path / "pages.json").write_text(json.dumps([*pages.values()]), "utf-8")
    done = find_node().run(script, "pages.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = dict(zip(pages, json.loads(done.stdout), strict=True))
    assert {path: names for path, names in found.items() if not set(names) <= OWN} == {}
