"""Find the model pages among files, and the place of each one in a page set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from modelsync.errors import HIDDEN, Position, Problem
from modelsync.pages.page import Page
from modelsync.pages.read_page import NotModelPage, OtherPage, read_page
from modelsync.paths import path_key, path_problem
from modelsync.progress import Progress, counted
from modelsync.spec.nodes import decode

PACKAGE: Final = re.compile(r"[a-z][a-z0-9_]*")


class PageFile(NamedTuple):
    """A page, and its place in a page set."""

    page: Page
    path: str
    """The path of the file below the folder that is read."""
    folder: str = ""
    """The folder above `models`, which links on the page do not name."""
    inner: str = ""
    """The path below `folder`."""
    notation: str = ""
    """The notation; empty if it depends on all pages of the folder."""


def in_models_folder(path: str) -> bool:
    """Return whether a file is in a folder called `models`."""
    return "models" in path.split("/")[:-1]


def pages_in_models(
    label: str, files: Mapping[str, bytes], problems: list[Problem], progress: Progress
) -> tuple[list[PageFile], int]:
    """Return the pages in folders called `models`, and the number of other files."""
    pages = []
    others = 0
    for path in counted(sorted(files), f"reading {label}", progress):
        folder, inner = _split(path)
        if not inner or not may_be_page(path):
            others += 1
            continue
        try:
            page = read_page_file(f"{label}/{path}", files[path], problems)
        except OtherPage:
            others += 1
            continue
        except NotModelPage as error:
            problems.append(_not_model_page(f"{label}/{path}", error))
            continue
        if page is not None:
            pages.append(PageFile(page, path, folder, inner))
    return pages, others


def may_be_page(path: str) -> bool:
    """Return whether a file may be a model page, by its name."""
    return path.endswith(".md") and path.rpartition("/")[2] != "README.md"


def _split(path: str) -> tuple[str, str]:
    """Return the folder that links on a page do not name, and the rest of its path.

    The rest begins with `models/`; it is empty for a file outside of any such folder.
    """
    before, docs, below = f"/{path}".rpartition("/docs/models/")
    if docs:
        return f"{before}/docs".removeprefix("/"), f"models/{below}"
    before, models, below = f"/{path}".partition("/models/")
    return before.removeprefix("/"), f"models/{below}" if models else ""


def read_page_file(path: str, data: bytes, problems: list[Problem]) -> Page | None:
    """Read a page; return None if its text cannot be read. Raises :class:`NotModelPage`."""
    text, wrong = decode(path, data)
    text = text.replace("\r\n", "\n")
    if not wrong and (hidden := HIDDEN.search(text)):
        wrong = [_hidden_character(path, text, hidden)]
    if wrong:
        problems += wrong
        return None
    try:
        page = read_page(path, text, wrong)
    except OtherPage:
        raise
    except NotModelPage:
        problems += wrong
        raise
    problems += wrong
    return page


# Problems -----------------------------------------------------------------------------------------


def mdx_problems(label: str, files: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem if some pages are in MDX."""
    paths = sorted(path for path in files if path.endswith(".mdx") and in_models_folder(path))
    if paths:
        number = f"{len(paths):,} files" if len(paths) > 1 else "this file"
        message = f"{number} may be model pages in MDX, which modelsync cannot read"
        help_ = "generate the docs as .md, and transcribe those"
        yield Problem(Position(f"{label}/{paths[0]}"), "MS118", message, help=help_)


def path_of_page_problem(label: str, file: PageFile) -> Problem | None:
    """Return the problem with the path of a page, None if there is none."""
    wrong = path_problem(f"{file.folder}/{file.inner}" if file.folder else file.inner)
    help_ = "rename the file"
    for part in file.inner.split("/")[1:-1]:
        if not wrong and not PACKAGE.fullmatch(part):
            wrong = f"invalid package name `{part}`"
            help_ = (
                "rename the folder: use a lowercase letter, then lowercase letters, digits and `_`"
            )
    if not wrong:
        return None
    message = f"invalid file path: {wrong}"
    return Problem(Position(f"{label}/{file.path}"), "MS109", message, help=help_)


def duplicate_problem(file: PageFile, taken: dict[tuple[str, ...], Position]) -> Problem | None:
    """Return a problem if another page has the path of this one, or its title and package.

    `taken` has the positions of the pages so far, and gets this one.
    """
    page = file.page
    home = (file.folder, file.notation)
    package = file.inner.rpartition("/")[0]
    keys = (("path", *home, path_key(file.inner)), ("title", *home, package, page.title))
    for key in keys:
        if key in taken:
            message = f"duplicate {key[0]}: another page of this folder is called `{page.title}`"
            related = ((taken[key], "the other page"),)
            help_ = "rename one of the two pages"
            return Problem(page.position, "MS113", message, help=help_, related=related)
    taken.update(dict.fromkeys(keys, page.position))
    return None


def _not_model_page(path: str, error: NotModelPage) -> Problem:
    message = "not the page of a model, an enum or a union"
    return Problem(Position(path, error.line), "MS108", message, help=f"expected {error.expected}")


def _hidden_character(path: str, text: str, match: re.Match[str]) -> Problem:
    start = match.start()
    position = Position(path, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
    message = f"page contains U+{ord(match[0]):04X}, an invisible or control character"
    help_ = "remove the character, which is not allowed in specs"
    return Problem(position, "MS111", message, help=help_)
