"""The files below one folder -> a set of model pages of one API in one language.

The folder shows its notation, the package that its examples import from, and the dialect of its
pages by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from modelsync.errors import HIDDEN, Position, Problem
from modelsync.ir import Ref
from modelsync.pages.notation import NOTATIONS, NotThisNotation, Place
from modelsync.pages.page import Fields, Members, NoModelPage, Page, Values, read_page
from modelsync.paths import path_key, path_problem
from modelsync.spec.nodes import decode

_SAMPLE: Final = 300
"""How many pages of a folder are asked for its notation."""
_PACKAGE: Final = re.compile(r"[a-z][a-z0-9_]*")
_MODULES: Final = {
    "typescript": re.compile(r'from "(.+?)/models[/"]'),
    "go": re.compile(r'^\t"(.+?)/models[/"]', re.M),
    "python": re.compile(r"^from (\S+?)\.models[. ]", re.M),
}
"""What stands before `models` where an example imports a definition, by notation."""


@dataclass(frozen=True, slots=True)
class PageSet:
    """Model pages of one API in one notation.

    `pages` has each page under its path below `folder`, and `others` counts the files that are no
    model pages. `options` are those of the Markdown target that writes the pages back.
    """

    label: str
    notation: str
    folder: str
    pages: Mapping[str, Page]
    others: int = 0
    options: Mapping[str, str | bool] = field(default_factory=dict)

    def source(self, path: str) -> str:
        """Return the path of a page below the folder that was read."""
        return f"{self.folder}/{path}" if self.folder else path

    def place(self, path: str, page: Page) -> Place:
        """Return the place of a page: its package, as its path says, and its title."""
        inner = path.removeprefix("models/").rpartition("/")[0]
        return Place(inner.replace("/", ".") or "models", page.title)


def read_page_sets(
    label: str, files: Mapping[str, bytes], notation: str | None, problems: list[Problem]
) -> list[PageSet]:
    """Read the files of one folder, by their paths below it; `label` is what messages call it.

    Pages below several folders called `models` are as many sets. Adds to `problems` what is wrong
    with a page; one that cannot be read, or written back, is left out.
    """
    by_folder: dict[str, dict[str, Page]] = {}
    others = 0
    taken: dict[tuple[str, ...], Position] = {}
    for path in sorted(files):
        folder, inner = _folder(path)
        if not inner or not path.endswith(".md") or path.endswith("/README.md"):
            others += 1
            continue
        shown = f"{label}/{path}"
        page = _page(shown, files[path], problems)
        if page is None:
            continue
        wrong = _misplaced(shown, folder, inner) or _taken(page, path, inner, taken)
        if wrong is not None:
            problems.append(wrong)
            continue
        by_folder.setdefault(folder, {})[inner] = page
    sets = []
    for folder, pages in by_folder.items():
        language = notation or find_notation(pages.values())
        sets.append(PageSet(label, language, folder, pages, others, _options(language, pages)))
        others = 0
    return sets


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
        message = f"these pages are in the notation of {pages.notation}, as others are"
        help_ = "transcribe them into a project of their own, or give their notation"
        related = ((_where(kept), f"the others: {len(kept.pages)} pages"),)
        problems.append(Problem(_where(pages), "MS110", message, help=help_, related=related))
    return list(largest.values())


def _where(pages: PageSet) -> Position:
    return next(iter(pages.pages.values())).position


def _page(path: str, data: bytes, problems: list[Problem]) -> Page | None:
    text, wrong = decode(path, data)
    text = text.replace("\r\n", "\n")
    if not wrong and (hidden := HIDDEN.search(text)):
        wrong = [_hidden(path, text, hidden)]
    if wrong:
        problems += wrong
        return None
    try:
        return read_page(path, text, problems)
    except NoModelPage as error:
        message = "this is no page of a model, an enum or a union"
        where = Position(path, error.line)
        problems.append(Problem(where, "MS108", message, help=f"expected {error.expected}"))
        return None


def _hidden(path: str, text: str, found: re.Match[str]) -> Problem:
    start = found.start()
    where = Position(path, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
    message = f"this page holds U+{ord(found[0]):04X}, a character that editors hide"
    return Problem(where, "MS111", message, help="remove it: no spec can hold it")


def _misplaced(shown: str, folder: str, inner: str) -> Problem | None:
    """Return what is wrong with the path of a page, None if nothing is."""
    wrong = path_problem(f"{folder}/{inner}" if folder else inner)
    help_ = "rename it"
    for part in inner.split("/")[1:-1]:
        if not wrong and not _PACKAGE.fullmatch(part):
            wrong = f'"{part}" cannot be a package'
            help_ = "rename the folder: a lower-case letter, then lower-case letters, digits and _"
    if not wrong:
        return None
    message = f"no page can be written to this path: {wrong}"
    return Problem(Position(shown), "MS109", message, help=help_)


def _taken(
    page: Page, path: str, inner: str, taken: dict[tuple[str, ...], Position]
) -> Problem | None:
    """Return a problem if another page has the path of this one, or its title and package."""
    folder = path.removesuffix(inner.rpartition("/")[2])
    keys = (("path", path_key(path)), ("title", folder, page.title))
    for key in keys:
        if key in taken:
            message = f'another page of this folder has the same {key[0]}, "{page.title}"'
            related = ((taken[key], "the other one"),)
            return Problem(page.position, "MS113", message, help="rename one", related=related)
    taken.update(dict.fromkeys(keys, page.position))
    return None


class _Anything:
    """References that lead nowhere: only the form of the cells counts."""

    def page(self, place: Place, link: str) -> Ref:
        del link
        return Ref(place.shown)

    def outside(self, text: str, link: str) -> Ref:
        raise NotThisNotation(0, f"a known type, not {text} {link}")


def find_notation(pages: Iterable[Page]) -> str:
    """Return the notation in which most of the pages are written."""
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
    return votes.most_common(1)[0][0] if votes else "typescript"


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


def _options(notation: str, pages: Mapping[str, Page]) -> dict[str, str | bool]:
    """Return the options of the Markdown target under which it writes these pages."""
    found: dict[str, str | bool] = {}
    modules: Counter[str] = Counter()
    italic = code = listed = named = used = unused = told = captured = shown = hidden = 0
    generic = brackets = 0
    for page in pages.values():
        if page.usage:
            modules.update(_MODULES[notation].findall(page.usage))
        if not isinstance(page.body, Members):
            shown += page.usage is not None
            hidden += page.usage is None
        match page.body:
            case Fields(rows=rows):
                plain = [row.type for row in rows if "](" not in row.type]
                code += sum("`" in each for each in plain)
                italic += sum("`" not in each for each in plain)
            case Values(form=form):
                listed += form != "table"
                captured += (page.body.told or -1) if page.body.open and form == "code" else 0
                named += form == "table"
                used += page.usage is not None
                unused += page.usage is None
            case Members(members=members, more=more):
                told += bool(more) or -1
                generic += sum("Array<" in member.head for member in members)
                brackets += sum("[]" in member.head for member in members)
    if modules:
        found["sdk"] = modules.most_common(1)[0][0]
    if notation == "go":
        found |= {"types": "code"} if code > italic else {}
        found |= {"discrimination": True} if told > 0 else {}
    if notation != "go" and named > listed:
        found["enums"] = "names"
    if notation == "typescript":
        found |= {"captured": True} if captured > 0 else {}
        found |= {"arrays": "generic"} if generic > brackets else {}
        found |= {"examples": False} if hidden > shown else {}
    elif used > unused:
        found["usage"] = True
    return found
