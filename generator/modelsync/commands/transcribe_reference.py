"""What `modelsync transcribe` writes from reference pages, those of the target `markdown`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from modelsync import disk
from modelsync.errors import Problem, ProblemsError
from modelsync.pages.reference.page import without_code
from modelsync.progress import Progress
from modelsync.project.config import NAME as CONFIG
from modelsync.project.load import read_project_config
from modelsync.render.render import render
from modelsync.schema.schema import Schema
from modelsync.spec.nodes import MAX_BYTES, decode
from modelsync.spec.read import read_schema, read_specs
from modelsync.spec.write import write_specs
from modelsync.targets import target_class
from modelsync.targets.base import Settings
from modelsync.transcribe.config_text import config_text
from modelsync.transcribe.page_sets import Origin, no_pages
from modelsync.transcribe.reference import read_reference_docs

_OUT: Final = "docs/models"
"""Where the pages of a new project are, if they were read from elsewhere."""


class ReferenceRun(NamedTuple):
    """What reference pages say, and what to write."""

    sets: tuple[Origin, ...]
    exact: tuple[int, ...]
    """The number of pages of each folder that are reproduced exactly, except for other targets."""
    problems: tuple[Problem, ...]
    texts: Mapping[str, str]
    """The specs by their paths."""
    config: str
    """The text of the config; empty if the project has one with this target."""
    before: Mapping[str, bytes]
    """What the specs of the project are in the same form, by their paths."""


def read_reference(
    pages: Mapping[str, Mapping[str, bytes]],
    folders: Sequence[Path],
    project: Path,
    specs: str,
    progress: Progress,
) -> ReferenceRun:
    """Read reference pages of a project. Raises :class:`ProblemsError`."""
    docs = read_reference_docs(pages, specs, progress)
    without = [no_pages(each.label) for each in docs.sets if not each.paths]
    if without:
        raise ProblemsError(without)
    texts = write_specs(docs.schema, specs, progress, docs.places)
    schema = read_schema(texts, specs, progress)
    rendered = _rendered(schema)
    exact = tuple(_exact(each, pages[each.label], rendered) for each in docs.sets)
    config = ""
    if not _has_target(project):
        settings = Settings("docs", "markdown", _out(project, folders[0], docs.sets[0]))
        config = config_text([settings], specs, {})
    return ReferenceRun(docs.sets, exact, docs.problems, texts, config, _before(project, specs))


def _out(project: Path, folder: Path, pages: Origin) -> str:
    """Return the folder of the pages, if it is in the project."""
    root = folder / pages.folder if pages.label == folder.as_posix() else Path(pages.root)
    inside = os.path.relpath(root.absolute(), project).replace(os.sep, "/")
    return _OUT if inside.startswith("..") or inside == "." else inside


def _has_target(project: Path) -> bool:
    if not os.path.lexists(project / CONFIG):
        return False
    return any(each.target == "markdown" for each in read_project_config(project).targets)


def _rendered(schema: Schema) -> Mapping[str, bytes]:
    target = target_class("markdown")(schema, Settings("docs", "markdown", "docs"))
    return {path.removeprefix("docs/"): out.data for path, out in render([target]).items()}


def _exact(pages: Origin, files: Mapping[str, bytes], rendered: Mapping[str, bytes]) -> int:
    """Return how many pages are reproduced. They also show code of targets that are not known."""
    return sum(
        without_code(files[pages.source(path)].decode("utf-8", "replace"))
        == without_code(rendered.get(path, b"").decode("utf-8"))
        for path in pages.paths
    )


def _before(project: Path, specs: str) -> Mapping[str, bytes]:
    """Return the specs of the project as this command would write them, if they are valid."""
    if not project.is_dir() or not (project / specs).is_dir():
        return {}
    found = disk.read_specs(project, specs, MAX_BYTES)
    texts = {path: decode(path, data)[0] for path, data in found.items()}
    reading = read_specs(texts, specs)
    if reading.problems:
        return {}
    places = {each.id: each.spec for each in reading.schema.definitions}
    written = write_specs(reading.schema, specs, places=places)
    return {path: text.encode("utf-8") for path, text in written.items()}
