"""The files below one folder -> sets of model pages, each of one API in one language.

The notation of the pages, the package that their examples import from and the dialect of the pages
are detected from the pages themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from modelsync.errors import Position, Problem
from modelsync.pages.notation import Place
from modelsync.pages.page import Page
from modelsync.progress import Progress, silent
from modelsync.transcribe.dialect import find_options
from modelsync.transcribe.find_notation import find_notation
from modelsync.transcribe.loose_pages import loose_pages, placed, with_notations
from modelsync.transcribe.page_files import (
    PageFile,
    duplicate_problem,
    in_models_folder,
    mdx_problems,
    pages_in_models,
    path_of_page_problem,
)


@dataclass(frozen=True, slots=True)
class Origin:
    """The paths of the pages of a set, which are kept after the pages have been read."""

    label: str
    """The name in messages of the folder that was read."""
    notation: str
    folder: str
    """The folder within the one that was read that has `models` in it."""
    paths: tuple[str, ...]
    """The paths of the pages below `folder`."""
    others: int = 0
    """How many files are not model pages."""
    loose: Mapping[str, str] = field(default_factory=dict)
    """The real path of each page that is not in a folder `models`."""

    @property
    def root(self) -> str:
        """The name in messages of the folder that the pages are in."""
        return f"{self.label}/{self.folder}" if self.folder else self.label

    def written(self, path: str) -> str:
        """Return the path that a page is written to."""
        return f"{self.folder}/{path}" if self.folder else path

    def source(self, path: str) -> str:
        """Return the path of a page below the folder that was read."""
        return self.loose.get(path) or self.written(path)

    def shown(self, path: str) -> str:
        """Return the name of a page in messages."""
        return f"{self.label}/{self.source(path)}"


@dataclass(frozen=True, slots=True)
class PageSet:
    """Model pages of one API in one notation."""

    origin: Origin
    pages: Mapping[str, Page]
    """Each page by its path."""
    options: Mapping[str, str | bool] = field(default_factory=dict)
    """The options of the target sdk-docs that writes the pages back."""
    own_options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The options in which a page differs, by its path."""

    @property
    def notation(self) -> str:
        """The notation of the pages."""
        return self.origin.notation

    def place(self, path: str, page: Page) -> Place:
        """Return the place of a page: its package, from its path, and its title."""
        inner = path.removeprefix("models/").rpartition("/")[0]
        return Place(inner.replace("/", ".") or "models", page.title)


def read_page_sets(
    label: str,
    files: Mapping[str, bytes],
    notation: str | None,
    problems: list[Problem],
    progress: Progress = silent,
) -> list[PageSet]:
    """Read the files of one folder, by their paths below it; `label` is what messages call it.

    There is a set for each folder that has a folder `models` in it. If no folder is called
    `models`, there is a set for each notation. Problems of pages are added to `problems`; a page
    that cannot be read, or written back, is omitted.
    """
    problems += mdx_problems(label, files)
    is_loose = not any(map(in_models_folder, files))
    if is_loose:
        pages, others = loose_pages(label, files, problems, progress)
        pages = placed(pages if notation else with_notations(pages))
    else:
        pages, others = pages_in_models(label, files, problems, progress)
    sets = []
    for (folder, own_notation), members in _by_set(label, pages, problems).items():
        by_path = {file.inner: file.page for file in members}
        language = notation or own_notation or find_notation(by_path.values())
        loose = {file.inner: file.path for file in members} if is_loose else {}
        origin = Origin(label, language, folder, tuple(by_path), others, loose)
        sets.append(PageSet(origin, by_path, *find_options(language, by_path)))
        others = 0  # each file is counted only once
    return sets


def _by_set(
    label: str, pages: Iterable[PageFile], problems: list[Problem]
) -> Mapping[tuple[str, str], Sequence[PageFile]]:
    """Return the pages of each set, which has a folder and a notation."""
    sets: dict[tuple[str, str], list[PageFile]] = {}
    taken: dict[tuple[str, ...], Position] = {}
    for file in pages:
        problem = path_of_page_problem(label, file) or duplicate_problem(file, taken)
        if problem is not None:
            problems.append(problem)
        else:
            sets.setdefault((file.folder, file.notation), []).append(file)
    return sets


def one_per_notation(sets: Iterable[PageSet], problems: list[Problem]) -> list[PageSet]:
    """Return the largest set of each notation; report the others.

    A definition has one page in a language, so a schema has no place for a second set.
    """
    largest: dict[str, PageSet] = {}
    for pages in sorted(sets, key=lambda pages: -len(pages.pages)):
        kept = largest.setdefault(pages.notation, pages)
        if kept is not pages:
            problems.append(_second_set(pages, kept))
    return list(largest.values())


def _second_set(pages: PageSet, kept: PageSet) -> Problem:
    number = f"{len(pages.pages):,} page" + ("s" if len(pages.pages) > 1 else "")
    message = (
        f"skipped a second set of pages in the {pages.notation} notation: it has {number},"
        f" the other one {len(kept.pages):,}"
    )
    help_ = (
        "transcribe each set into its own project; if the notation of one is wrong, pass"
        " `--notation` there"
    )
    related = ((Position(kept.origin.root), "the other set"),)
    return Problem(Position(pages.origin.root), "MS110", message, help=help_, related=related)


def no_pages(label: str) -> Problem:
    """Return the problem of a folder without any model page."""
    help_ = (
        "pass the folder that contains the `models` folder of the docs, or a folder of model pages:"
        " they begin with `# Name`, and have a table below `## Fields` or `## Values`"
    )
    return Problem(Position(label), "MS114", "folder contains no model pages", help=help_)
