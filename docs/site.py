"""What MkDocs adds to the pages of docs/: README.md, and the reference pages of the specs.

MkDocs only reads one folder, and links have to work on GitHub, too.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
GENERATED = ROOT / "generated"


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the files that are outside of docs/, and the reference pages to the navigation."""
    files.append(File.generated(config, "index.md", content=home(str(config.repo_url))))
    folder = GENERATED / "reference"
    for path in sorted(folder.rglob("*.md")):
        name = path.relative_to(GENERATED).as_posix()
        files.append(File(name, str(GENERATED), config.site_dir, config.use_directory_urls))
    assert config.nav is not None
    config.nav.append({"Example models": sections(folder)})


def home(repository: str) -> str:
    """Return README.md for the top of the site.

    Links lead to other pages of the site, or to the repository. The Markdown in its table, which
    GitHub renders, has to be marked for MkDocs.
    """
    text = (ROOT / "README.md").read_text("utf-8")
    # Code in backticks, of one line or several, stays as it is.
    parts = re.split(r"(```.*?```|`[^`\n]*`)", text, flags=re.S)
    return "".join(part if part[:1] == "`" else linked(part, repository) for part in parts)


def linked(text: str, repository: str) -> str:
    """Return text of README.md, with links and tables for the site."""
    text = text.replace("](docs/", "](")
    text = re.sub(r"\]\((?!https?:|#)([^)]*)\)", lambda link: outside(link, repository), text)
    return re.sub(r"<(table|tr|td|th)\b", r'<\1 markdown="block"', text)


def outside(link: re.Match[str], repository: str) -> str:
    """Return a link to a file that is not in docs/ as one to the repository."""
    if (ROOT / "docs" / link[1].partition("#")[0]).exists():
        return link[0]
    return f"]({repository}/blob/main/{link[1]})"


def sections(folder: Path) -> list[Any]:
    """Return the navigation of the pages in a folder, with its index first."""
    pages: list[Any] = []
    for path in sorted(folder.iterdir(), key=lambda each: (each.name != "README.md", each.name)):
        if path.is_dir():
            pages.append({path.name: sections(path)})
        else:
            pages.append(path.relative_to(GENERATED).as_posix())
    return pages
