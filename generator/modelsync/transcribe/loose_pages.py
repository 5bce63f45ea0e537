"""Find model pages without a folder called `models`, and the packages that they belong to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from modelsync.errors import Problem
from modelsync.pages.page import Page
from modelsync.pages.read_page import NotModelPage
from modelsync.progress import Progress, counted
from modelsync.transcribe.find_notation import find_notation, notation_of_page, type_cells
from modelsync.transcribe.page_files import PACKAGE, PageFile, may_be_page, read_page_file

_IMPORTS: Final = {
    "typescript": re.compile(r'from "([^"\n]+)"'),
    "go": re.compile(r'^\t"([^"\n]+)"', re.M),
    "python": re.compile(r"^from (\S+) import", re.M),
}
"""The module that an example imports from, by notation."""
_LINKED: Final = re.compile(r"\(([^()\s]+\.md)\)")
_FOLDER: Final = re.compile(r"\w+")
_FILE: Final = re.compile(r"[\w-]+\.(?:js|md)")


def loose_pages(
    label: str, files: Mapping[str, bytes], problems: list[Problem], progress: Progress
) -> tuple[list[PageFile], int]:
    """Return the files that look like model pages, and the number of other files."""
    pages = []
    others = 0
    for path in counted(sorted(files), f"reading {label}", progress):
        page = None
        try:
            if may_be_page(path):
                page = read_page_file(f"{label}/{path}", files[path], problems)
        except NotModelPage:
            pass
        if page is None:
            others += 1
        else:
            pages.append(PageFile(page, path))
    return pages, others


def with_notations(pages: Sequence[PageFile]) -> list[PageFile]:
    """Return pages with their notations; the most frequent one if a page does not show its own."""
    usual = find_notation(file.page for file in pages)
    return [file._replace(notation=notation_of_page(file.page) or usual) for file in pages]


def placed(pages: Sequence[PageFile]) -> list[PageFile]:
    """Return loose pages, each with its path below a folder `models`.

    A page belongs to the package that its example imports it from. Without an example, its folder
    is its package, if it can be one; pages in no folder are in the package that most links on them
    lead to.
    """
    links: dict[str, Counter[str]] = {}
    for file in pages:
        if "/" not in file.path:
            links.setdefault(file.notation, Counter()).update(_linked_packages(file.page))
    return [_placed(file, links.get(file.notation, Counter())) for file in pages]


def _placed(file: PageFile, links: Counter[str]) -> PageFile:
    *folders, name = file.path.split("/")
    package = _imported_from(file.page)
    if package is None:
        most_linked = links.most_common(1)
        package = "/".join(filter(PACKAGE.fullmatch, folders)) or (
            most_linked[0][0] if most_linked else ""
        )
    return file._replace(inner="/".join(filter(None, ("models", package, name))))


def _imported_from(page: Page) -> str | None:
    """Return the folder below `models` that the example on a page imports from, if it does."""
    pattern = _IMPORTS.get(page.fence)
    imports = pattern.finditer(page.usage or "") if pattern else ()
    separator = "." if page.fence == "python" else "/"
    folders = (below_models(match[1], separator) for match in imports)
    return next((folder for folder in folders if folder is not None), None)


def _linked_packages(page: Page) -> Iterator[str]:
    """Yield the folder below `models` that each link in the table of a page leads to."""
    for cell, _ in type_cells(page):
        folders = (below_models(link[1]) for link in _LINKED.finditer(cell))
        yield from (folder for folder in folders if folder is not None)


def below_models(path: str, separator: str = "/") -> str | None:
    """Return the folder below `models` that a path leads to.

    None if there is no such folder, or if what follows it cannot be a folder.
    """
    parts = path.split(separator)
    if _FILE.fullmatch(parts[-1]):
        parts.pop()
    start = len(parts)
    while start > 1 and _FOLDER.fullmatch(parts[start - 1]):
        start -= 1
    below = parts[start:]
    return "/".join(below[below.index("models") + 1 :]) if "models" in below else None
