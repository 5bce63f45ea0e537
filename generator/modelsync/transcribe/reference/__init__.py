"""Reference pages, as the Markdown target writes them -> one schema, with the rules of specs.

    files -> pages -> nodes of documents -> schema

A page becomes the nodes that a spec of its definition has, so every rule of specs holds, and each
problem has its position on the page. This package reads and writes no files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from modelsync.errors import Names, Position, Problem, ProblemsError
from modelsync.naming import snake
from modelsync.pages.reference.facts import KINDS
from modelsync.pages.reference.page import ReferencePage, is_reference_page, read_reference_page
from modelsync.pages.reference.prose import text_of
from modelsync.progress import Progress, counted, silent
from modelsync.schema.schema import Schema
from modelsync.spec.nodes import Fingerprint, MappingNode, ScalarNode, decode
from modelsync.spec.read import read_nodes
from modelsync.spec.yaml_problems import conflict_problem
from modelsync.transcribe.page_files import PACKAGE
from modelsync.transcribe.page_sets import Origin
from modelsync.transcribe.reference.definition_nodes import (
    DefinitionNode,
    DefinitionNodes,
    Inherited,
    kind_of_page,
)
from modelsync.transcribe.reference.links import Links

NOTATION: Final = "reference"
"""What the summary shows instead of the notation of SDK docs."""
ROOT_PACKAGE: Final = "Models"
"""How pages call the root package."""
_IN: Final = re.compile(rf"(?:{'|'.join(KINDS)}) in \[((?:\\.|[^\[\]\\])*+)\]")


@dataclass(frozen=True, slots=True)
class ReferenceDocs:
    """What reference pages say."""

    schema: Schema
    places: Mapping[str, str]
    """The path of the spec of each definition that a page names, by the id of the definition."""
    sets: tuple[Origin, ...]
    problems: tuple[Problem, ...]
    """What is lost because other pages say it differently."""


def are_reference_pages(files: Mapping[str, bytes]) -> bool:
    """Return whether some of the files of a folder are reference pages."""
    return any(
        path.endswith(".md") and is_reference_page(files[path].decode("utf-8", "replace"))
        for path in files
    )


def read_reference_docs(
    folders: Mapping[str, Mapping[str, bytes]], specs: str, progress: Progress = silent
) -> ReferenceDocs:
    """Read the reference pages of some folders, each file by its path below the folder.

    `specs` is the folder of the specs. Raises :class:`ProblemsError` with every problem of all
    pages: pages with problems would become other specs.
    """
    problems: list[Problem] = []
    docs = [_Docs(label, files, problems, progress) for label, files in folders.items()]
    ids = {page: id_ for each in docs for page, id_ in each.ids.items()}
    pages = [page for each in docs for page in each.pages]
    unions = {ids[page.path] for page in pages if kind_of_page(page)[0] == "union"}
    names = Names(ids)
    found: list[tuple[str, ReferencePage, DefinitionNode]] = []
    for page in pages:
        nodes = DefinitionNodes(Links(page.path, ids, names, problems), problems)
        definition = nodes.definition(page, unions.__contains__)
        if definition is not None:
            found.append((ids[page.path], page, definition))
    places = {id_: page.spec for id_, page, _ in found if _is_place(page.spec, specs, id_)}
    found.sort(key=lambda each: (places.get(each[0], "~"), each[2].document, each[0]))
    reading = read_nodes(((_package(id_), node.node) for id_, _, node in found), problems)
    if reading.problems:
        raise ProblemsError(reading.problems)
    stale = tuple(_stale_rows({id_: node for id_, _, node in found}))
    return ReferenceDocs(reading.schema, places, tuple(each.origin for each in docs), stale)


def _package(id_: str) -> str:
    return id_.rpartition(".")[0]


def _is_place(spec: str, specs: str, id_: str) -> bool:
    """Return whether a path is that of a spec which has the definition in its package."""
    folder, _, name = spec.rpartition("/")
    if not re.fullmatch(r"\w[\w.-]*\.ya?ml", name) or not f"{folder}/".startswith(f"{specs}/"):
        return False
    parts = folder.removeprefix(specs).strip("/").split("/")
    names = (part if PACKAGE.fullmatch(part) else snake(part) for part in parts if part)
    return ".".join(names) == _package(id_)


# Pages --------------------------------------------------------------------------------------------


class _Docs:
    """The reference pages of one folder."""

    def __init__(
        self, label: str, files: Mapping[str, bytes], problems: list[Problem], progress: Progress
    ) -> None:
        self.label = label
        self.problems = problems
        self.pages: list[ReferencePage] = []
        self.others = 0
        for path in counted(sorted(files), f"reading {label}", progress):
            page = self._page(path, files[path]) if path.endswith(".md") else None
            if page is not None:
                self.pages.append(page)
            else:
                self.others += 1
        self.root = _root(self.pages, label)
        self.ids = dict(self._ids())
        self.pages = [page for page in self.pages if page.path in self.ids]

    @property
    def origin(self) -> Origin:
        paths = (page.path.removeprefix(self.root).lstrip("/") for page in self.pages)
        folder = self.root.removeprefix(self.label).strip("/")
        return Origin(self.label, NOTATION, folder, tuple(paths), self.others)

    def _page(self, path: str, data: bytes) -> ReferencePage | None:
        label = f"{self.label}/{path}"
        text, wrong = decode(label, data)
        text = text.replace("\r\n", "\n")
        if not is_reference_page(text):
            return None
        conflict = conflict_problem(label, text)
        wrong += [conflict] if conflict is not None else []
        if wrong:
            self.problems += wrong
            return None
        return read_reference_page(label, text, self.problems)

    def _ids(self) -> Iterator[tuple[str, str]]:
        """Yield the path of each page, and the id of its definition."""
        for page in self.pages:
            folder = page.path.rpartition("/")[0]
            package = folder.removeprefix(self.root).strip("/")
            wrong = [part for part in package.split("/") if part and not PACKAGE.fullmatch(part)]
            help_ = "use a lowercase letter, then lowercase letters, digits and `_`"
            if not f"{folder}/".startswith(f"{self.root}/"):
                message, help_ = f"page is not below `{self.root}`", "move it to the other pages"
                self.problems.append(Problem(Position(page.path), "MS109", message, help_))
            elif wrong:
                message = f"invalid package name `{wrong[0]}`"
                help_ = f"rename the folder: {help_}"
                self.problems.append(Problem(Position(page.path), "MS109", message, help_))
            else:
                name = text_of(page.title.markdown)
                yield page.path, ".".join([*filter(None, package.split("/")), name])


def _root(pages: Sequence[ReferencePage], label: str) -> str:
    """Return the folder of the root package: the one that fits most names of packages on pages."""
    votes: Counter[str] = Counter()
    for page in pages:
        found = _IN.match(page.facts.markdown) if page.facts is not None else None
        if found is None:
            continue
        package = text_of(found[1])
        below = "" if package == ROOT_PACKAGE else f"/{package.replace('.', '/')}"
        folder = page.path.rpartition("/")[0]
        if folder.endswith(below):
            votes[folder.removesuffix(below)] += 1
    return max(votes, key=lambda root: (votes[root], -len(root)), default=label)


# Inherited fields ---------------------------------------------------------------------------------


def _stale_rows(nodes: Mapping[str, DefinitionNode]) -> Iterator[Problem]:
    """Yield a problem for each row of an inherited field that differs from the parent's row."""
    own = {id_: _own_fields(each.node) for id_, each in nodes.items()}
    for each in nodes.values():
        for row in each.inherited:
            field = own.get(row.parent, {}).get(row.key.text)
            if field is None or _shown(field) != _shown(row.field):
                yield _stale_row(row, field)


def _stale_row(row: Inherited, field: MappingNode | None) -> Problem:
    parent = row.parent.rpartition(".")[2]
    message = f"`{row.key.text}` is inherited from `{parent}`, whose page differs and is used"
    if field is None:
        message = f"`{row.key.text}` is inherited from `{parent}`, whose page does not have it"
    help_ = f"change the page of `{parent}`, or remove `From {parent}` to replace the field here"
    related = ((field.position, "the row that is used"),) if field is not None else ()
    return Problem(row.key.position, "MS121", message, help_, related)


def _own_fields(node: MappingNode) -> dict[str, MappingNode]:
    fields = next((value for key, value in node.entries if key.text == "fields"), None)
    entries = fields.entries if isinstance(fields, MappingNode) else ()
    return {key.text: value for key, value in entries if isinstance(value, MappingNode)}


def _shown(field: MappingNode) -> str:
    """Return a digest of what the row of a field shows."""
    shown: list[tuple[ScalarNode, object]] = [
        (key, value)
        for key, value in field.entries
        if key.text != "pages" and not key.text.startswith("x-")
    ]
    digest = Fingerprint()
    digest.add(MappingNode(tuple(shown), field.position))  # type: ignore[arg-type]
    return digest.digest()
