"""The files below one folder -> a set of model pages of one API in one language.

The folder shows its notation, the package that its examples import from, and the dialect of its
pages by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from modelsync.errors import HIDDEN, Position, Problem
from modelsync.pages.notation import NOTATIONS, NotThisNotation, Place
from modelsync.pages.notation.base import ANYTHING
from modelsync.pages.page import Fields, NoModelPage, OtherPage, Page, Values, read_page
from modelsync.paths import path_key, path_problem
from modelsync.progress import Progress, counted, silent
from modelsync.schema.ir import Ref
from modelsync.spec.nodes import decode
from modelsync.transcribe.dialect import find_options

_SAMPLE: Final = 300
"""How many pages of a folder are asked for its notation."""
PACKAGE: Final = re.compile(r"[a-z][a-z0-9_]*")
_IMPORTS: Final = {
    "typescript": re.compile(r'from "([^"\n]+)"'),
    "go": re.compile(r'^\t"([^"\n]+)"', re.M),
    "python": re.compile(r"^from (\S+) import", re.M),
}
"""What an example imports from, by notation."""
_LINKED: Final = re.compile(r"\(([^()\s]+\.md)\)")
_FOLDER: Final = re.compile(r"\w+")
_FILE: Final = re.compile(r"[\w-]+\.(?:js|md)")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the pages of a set lie: what is left of it to know when they have been read.

    `label` is what messages call the folder that was read, and `paths` are those of the pages
    below `folder`, which is a folder in it. `others` counts the files that are no model pages, and
    `loose` has where each page lies of which only the page itself tells where it belongs.
    """

    label: str
    notation: str
    folder: str
    paths: tuple[str, ...]
    others: int = 0
    loose: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """What messages call the folder that the pages lie in."""
        return f"{self.label}/{self.folder}" if self.folder else self.label

    def written(self, path: str) -> str:
        """Return the path at which a page is written back."""
        return f"{self.folder}/{path}" if self.folder else path

    def source(self, path: str) -> str:
        """Return the path of a page below the folder that was read."""
        return self.loose.get(path) or self.written(path)

    def shown(self, path: str) -> str:
        """Return what messages call a page."""
        return f"{self.label}/{self.source(path)}"


@dataclass(frozen=True, slots=True)
class PageSet:
    """Model pages of one API in one notation.

    `pages` has each page under its path. `options` are those of the Markdown target that writes
    the pages back, and `own_options` those that a page has otherwise, by its path.
    """

    origin: Origin
    pages: Mapping[str, Page]
    options: Mapping[str, str | bool] = field(default_factory=dict)
    own_options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def notation(self) -> str:
        """In which notation the pages are."""
        return self.origin.notation

    def place(self, path: str, page: Page) -> Place:
        """Return the place of a page: its package, as its path says, and its title."""
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

    Pages below several folders called `models` are as many sets; where there is no such folder,
    those of several notations are. Adds to `problems` what is wrong with a page; one that cannot
    be read, or written back, is left out.
    """
    problems += _in_mdx(label, files)
    is_loose = not any(map(lies_in_models, files))
    read = _loose if is_loose else _in_models
    found, others = read(label, files, problems, progress)
    if is_loose:
        found = _placed(found if notation else _told_by_page(found))
    sets: dict[tuple[str, str], dict[str, _Found]] = {}
    taken: dict[tuple[str, ...], Position] = {}
    for each in found:
        wrong = _misplaced(f"{label}/{each.path}", each) or _taken(each, taken)
        if wrong is not None:
            problems.append(wrong)
            continue
        sets.setdefault((each.folder, each.notation), {})[each.inner] = each
    made = []
    for (folder, told), pages in sets.items():
        by_path = {inner: each.page for inner, each in pages.items()}
        language = notation or told or find_notation(by_path.values())
        loose = {inner: each.path for inner, each in pages.items()} if is_loose else {}
        origin = Origin(label, language, folder, tuple(pages), others, loose)
        made.append(PageSet(origin, by_path, *find_options(language, by_path)))
        others = 0
    return made


class _Found(NamedTuple):
    """A page, its path, and where it belongs: `inner` is its path below `folder`.

    `notation` is empty where that of all pages in the folder counts.
    """

    page: Page
    path: str
    folder: str = ""
    inner: str = ""
    notation: str = ""


def _in_mdx(label: str, files: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem if some pages are of another format."""
    paths = sorted(path for path in files if path.endswith(".mdx") and lies_in_models(path))
    if paths:
        number = f"{len(paths):,} files" if len(paths) > 1 else "this file"
        message = f"{number} may be model pages in MDX, which cannot be read"
        help_ = "have them written as .md, and give those"
        yield Problem(Position(f"{label}/{paths[0]}"), "MS118", message, help=help_)


def lies_in_models(path: str) -> bool:
    """Whether a file lies in a folder called `models`."""
    return "models" in path.split("/")[:-1]


def _in_models(
    label: str, files: Mapping[str, bytes], problems: list[Problem], progress: Progress
) -> tuple[list[_Found], int]:
    """Return the pages in folders called `models`, and the number of other files."""
    found = []
    others = 0
    for path in counted(sorted(files), f"reading {label}", progress):
        folder, inner = _folder(path)
        if not inner or not _may_be_page(path):
            others += 1
            continue
        try:
            page = _page(f"{label}/{path}", files[path], problems)
        except OtherPage:
            others += 1
            continue
        except NoModelPage as error:
            problems.append(_no_page(f"{label}/{path}", error))
            continue
        if page is not None:
            found.append(_Found(page, path, folder, inner))
    return found, others


def _loose(
    label: str, files: Mapping[str, bytes], problems: list[Problem], progress: Progress
) -> tuple[list[_Found], int]:
    """Return the files that look like model pages, where no folder says which do, and the others.

    Where they belong, :func:`_placed` tells.
    """
    found = []
    others = 0
    for path in counted(sorted(files), f"reading {label}", progress):
        try:
            page = _page(f"{label}/{path}", files[path], problems) if _may_be_page(path) else None
        except NoModelPage:
            page = None
        if page is None:
            others += 1
            continue
        found.append(_Found(page, path))
    return found, others


def _may_be_page(path: str) -> bool:
    return path.endswith(".md") and path.rpartition("/")[2] != "README.md"


def _imported_from(page: Page) -> str | None:
    """Return the folder below `models` that the example on a page imports from, if it does."""
    pattern = _IMPORTS.get(page.fence)
    imports = pattern.finditer(page.usage or "") if pattern else ()
    separator = "." if page.fence == "python" else "/"
    folders = (_below_models(each[1], separator) for each in imports)
    return next((folder for folder in folders if folder is not None), None)


def _linked_to(page: Page) -> Iterator[str]:
    """Yield the folder below `models` that each link in the table of a page leads to."""
    for cell, _ in _cells(page):
        folders = (_below_models(link[1]) for link in _LINKED.finditer(cell))
        yield from (folder for folder in folders if folder is not None)


def _below_models(path: str, separator: str = "/") -> str | None:
    """Return the folder below `models` that a path leads to, the whole path after the first one.

    None if there is none, or if what follows cannot be a folder.
    """
    parts = path.split(separator)
    if _FILE.fullmatch(parts[-1]):
        parts.pop()
    place = len(parts)
    while place > 1 and _FOLDER.fullmatch(parts[place - 1]):
        place -= 1
    below = parts[place:]
    return "/".join(below[below.index("models") + 1 :]) if "models" in below else None


def _told_by_page(found: list[_Found]) -> list[_Found]:
    """Return pages, each with its own notation; the most frequent one where it does not tell."""
    usual = find_notation(each.page for each in found)
    return [each._replace(notation=_own_notation(each.page) or usual) for each in found]


def _placed(found: list[_Found]) -> list[_Found]:
    """Return loose pages, each with its path below a folder `models`.

    A page belongs where its example imports it from. Where it has none, its folder is its package,
    if it can be one; pages without are in the package that most links on them lead to.
    """
    linked: dict[str, Counter[str]] = {}
    for each in found:
        if "/" not in each.path:
            linked.setdefault(each.notation, Counter()).update(_linked_to(each.page))
    placed = []
    for each in found:
        *folders, name = each.path.split("/")
        package = _imported_from(each.page)
        if package is None:
            folder = "/".join(filter(PACKAGE.fullmatch, folders))
            most = linked.get(each.notation, Counter()).most_common(1)
            package = folder or (most[0][0] if most else "")
        inner = "/".join(filter(None, ("models", package, name)))
        placed.append(each._replace(inner=inner))
    return placed


def _own_notation(page: Page) -> str:
    """Return the notation that a page alone shows, empty where it may be one of several."""
    (first, most), (_, next_) = [*_votes([page]).most_common(2), ("", 0), ("", 0)][:2]
    return first if most > next_ else ""


def _folder(path: str) -> tuple[str, str]:
    """Return the folder that links on a page do not name, and the rest of its path.

    The rest begins with `models/`, and is empty for what does not lie in such a folder.
    """
    before, docs, below = f"/{path}".rpartition("/docs/models/")
    if docs:
        return f"{before}/docs".removeprefix("/"), f"models/{below}"
    before, models, below = f"/{path}".partition("/models/")
    return before.removeprefix("/"), f"models/{below}" if models else ""


def one_per_notation(sets: Iterable[PageSet], problems: list[Problem]) -> list[PageSet]:
    """Return the largest set of each notation; the others are problems.

    A definition has one page in a language, so a second set has no place in a schema.
    """
    largest: dict[str, PageSet] = {}
    for pages in sorted(sets, key=lambda each: -len(each.pages)):
        kept = largest.setdefault(pages.notation, pages)
        if kept is pages:
            continue
        where = Position(pages.origin.root)
        related = ((Position(kept.origin.root), "the others"),)
        message = (
            f"left out, for two sets of pages are in the notation of {pages.notation}: this one of"
            f" {len(pages.pages):,}, and one of {len(kept.pages):,}"
        )
        help_ = (
            "transcribe each of them into a project of its own; where one is in another notation,"
            " --notation says so there"
        )
        problems.append(Problem(where, "MS110", message, help=help_, related=related))
    return list(largest.values())


def no_pages(label: str) -> Problem:
    """Return the problem that a folder has in which there is no model page at all."""
    help_ = (
        "give the folder that has the `models` folder of the docs in it, or one of model pages:"
        " they begin with `# Name`, and have a table below `## Fields` or `## Values`"
    )
    return Problem(Position(label), "MS114", "no model pages below this folder", help=help_)


def _page(path: str, data: bytes, problems: list[Problem]) -> Page | None:
    """Read a page; None where its text cannot be read. Raises :class:`NoModelPage`."""
    text, wrong = decode(path, data)
    text = text.replace("\r\n", "\n")
    if not wrong and (hidden := HIDDEN.search(text)):
        wrong = [_hidden(path, text, hidden)]
    if wrong:
        problems += wrong
        return None
    try:
        page = read_page(path, text, wrong)
    except OtherPage:
        raise
    except NoModelPage:
        problems += wrong
        raise
    problems += wrong
    return page


def _no_page(path: str, error: NoModelPage) -> Problem:
    message = "this is no page of a model, an enum or a union"
    return Problem(Position(path, error.line), "MS108", message, help=f"expected {error.expected}")


def _hidden(path: str, text: str, found: re.Match[str]) -> Problem:
    start = found.start()
    where = Position(path, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
    message = f"this page holds U+{ord(found[0]):04X}, a character that editors hide"
    return Problem(where, "MS111", message, help="remove it: no spec can hold it")


def _misplaced(shown: str, found: _Found) -> Problem | None:
    """Return what is wrong with the path of a page, None if nothing is."""
    wrong = path_problem(f"{found.folder}/{found.inner}" if found.folder else found.inner)
    help_ = "rename it"
    for part in found.inner.split("/")[1:-1]:
        if not wrong and not PACKAGE.fullmatch(part):
            wrong = f'"{part}" cannot be a package'
            help_ = "rename the folder: a lower-case letter, then lower-case letters, digits and _"
    if not wrong:
        return None
    message = f"no page can be written to this path: {wrong}"
    return Problem(Position(shown), "MS109", message, help=help_)


def _taken(found: _Found, taken: dict[tuple[str, ...], Position]) -> Problem | None:
    """Return a problem if another page has the path of this one, or its title and package."""
    page = found.page
    home = (found.folder, found.notation)
    package = found.inner.rpartition("/")[0]
    keys = (("path", *home, path_key(found.inner)), ("title", *home, package, page.title))
    for key in keys:
        if key in taken:
            message = f'another page of this folder has the same {key[0]}, "{page.title}"'
            related = ((taken[key], "the other one"),)
            return Problem(page.position, "MS113", message, help="rename one", related=related)
    taken.update(dict.fromkeys(keys, page.position))
    return None


class _Anything:
    """References that lead nowhere: only the form of the cells counts."""

    anything = ANYTHING

    def page(self, place: Place, link: str) -> Ref:
        del link
        return Ref(place.shown)

    def outside(self, text: str, link: str) -> Ref:
        raise NotThisNotation(0, f"a known type, not {text} {link}")

    def at(self, link: str) -> Ref:
        return Ref(link)


def find_notation(pages: Iterable[Page]) -> str:
    """Return the notation in which most of the pages are written."""
    votes = _votes(pages)
    return votes.most_common(1)[0][0] if votes else "typescript"


def _votes(pages: Iterable[Page]) -> Counter[str]:
    """Return how much speaks for each notation."""
    votes: Counter[str] = Counter()
    for _, page in zip(range(_SAMPLE), pages, strict=False):
        if page.fence in NOTATIONS:
            votes[page.fence] += 5
        if isinstance(page.body, Values):
            votes[_notation_of_values(page.title, page.body)] += 1
        for cell, required in _cells(page):
            for name, notation in NOTATIONS.items():
                try:
                    notation.read_type_cell(cell, required, _Anything())
                except NotThisNotation:
                    continue
                votes[name] += 1
    return votes


def _notation_of_values(title: str, values: Values) -> str:
    """Return whose pages list the values of an enum like this."""
    if values.form != "table":
        return "typescript" if values.form == "code" else "python"
    if all(name.startswith(title) for name in values.names):
        return "go"
    capitals = all(name == name.upper() for name in values.names)
    return "python" if capitals else "typescript"


def _cells(page: Page) -> Iterator[tuple[str, bool]]:
    if isinstance(page.body, Fields):
        for row in page.body.rows:
            yield row.type, row.required
