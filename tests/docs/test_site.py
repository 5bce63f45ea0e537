"""The site of this repository: its docs, its README and the reference pages of its specs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.toolchain


@pytest.fixture(scope="module")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, without warnings: not of links, and not of pages that the navigation omits."""
    folder = tmp_path_factory.mktemp("site")
    command = (sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder))
    # Otherwise, Material prints when its development ends.
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_all_pages_are_there(site: Path, root: Path) -> None:
    pages = {path.stem for path in (root / "docs").glob("*.md")}
    assert pages
    assert {name for name in pages if not (site / name / "index.html").is_file()} == set()
    generated = [*(root / "generated/reference").rglob("*.md")]
    assert generated
    for path in generated:
        name = path.relative_to(root / "generated").with_suffix("").as_posix()
        assert (site / name.removesuffix("README") / "index.html").is_file(), name


def test_the_readme_is_the_first_page(site: Path) -> None:
    text = (site / "index.html").read_text("utf-8")
    article = text[text.index("<article") : text.index("</article>")]
    assert 'href="targets/"' in article
    assert 'src="terminal.svg"' in article
    assert "/blob/main/CONTRIBUTING.md" in article
    # The Markdown inside of the table is rendered, too.
    assert "```" not in re.sub(r"<code.*?</code>", "", article, flags=re.S)
    # A link in an example stays as it is.
    assert "Status.md" in re.sub(r"<[^>]*>", "", article)
    assert "blob/main/Status.md" not in article
