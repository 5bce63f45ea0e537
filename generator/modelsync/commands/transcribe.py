"""Folders of model pages -> the specs and the config of a project, on the disk.

What a person has changed since stays. Where the pages of an edited spec have changed as well, the
spec gets their change beside its edits if both do not touch the same lines; else it is left as it
is. A list of what was written, with sums, lies beside the specs, and the texts themselves in the
state folder: with those it is known what has changed on the pages, and what in the specs.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from modelsync import disk
from modelsync.errors import Problem, ProblemsError
from modelsync.plan.changes import Cause, Change, Kind, Plan, Present, digest, plan
from modelsync.plan.manifest import Entry, Manifest, read_manifest, write_manifest
from modelsync.progress import Progress, silent, ticker
from modelsync.project.config import NAME as CONFIG
from modelsync.project.load import read_project_config
from modelsync.render.render import render
from modelsync.schema.for_language import of_language
from modelsync.schema.ir import Schema
from modelsync.spec.nodes import MAX_BYTES, decode
from modelsync.spec.read import read_schema
from modelsync.spec.write import plain, write_specs
from modelsync.targets import target_class
from modelsync.targets.base import Settings
from modelsync.transcribe import Transcription, transcribe
from modelsync.transcribe.keep_edits import with_edits
from modelsync.transcribe.page_sets import lies_in_models
from modelsync.transcribe.round_trip import inexact
from modelsync.tree import InTheWay

_WRITER: Final = "transcribe"
_LIST: Final = ".transcribed"
_TEXTS: Final = "transcribed.texts"
_MAX_TEXTS: Final = 128 << 20
_HEAD: Final = """\
# What `modelsync transcribe` has written, so that it can tell what a person has changed since.
# Commit it, and leave it as it is.
"""


@dataclass(frozen=True, slots=True)
class Stale:
    """A file that a person has changed, and whose pages say something else since.

    `before` is what was written the last time, None where that is not known, and `after` what would
    be written now, None where the pages are gone. `merged` is what is written: the edits and the
    change of the pages; None where it is left as it is, or `removed`. `copy` is where the file
    lies as it was if it is merged, and where `after` lies if it is not; empty without one.
    """

    path: str
    before: bytes | None
    after: bytes | None
    merged: bytes | None = None
    removed: bool = False
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Transcribed:
    """What a run made: the transcription, what was written, and what a person has changed.

    `exact` has the number of pages that come back byte for byte, for each page set, and `problems`
    is what is wrong with any page.
    """

    transcription: Transcription
    exact: tuple[int, ...]
    problems: tuple[Problem, ...]
    written: Plan
    stale: tuple[Stale, ...]


def transcribe_into(
    folders: Sequence[Path],
    project: Path,
    *,
    notation: str | None = None,
    wire: str | None = None,
    progress: Progress = silent,
    waiting: Callable[[], object] = lambda: None,
) -> Transcribed:
    """Read the pages below `folders`, and write the specs and the config of `project`.

    Raises :class:`ProblemsError` where no folder has any page, and for a config of the project
    that is wrong; and OSError.
    """
    pages = dict(map(_pages, folders))
    specs = _specs_root(project)
    found = transcribe(pages, notation, wire, progress)
    if not found.sets:
        raise ProblemsError(found.problems)
    texts = write_specs(found.schema, specs, progress)
    # What was written says it all, and of a large API it is large enough.
    found = replace(found, schema=Schema(()))
    schema = read_schema(texts, specs, progress)
    exact, problems = _written_back(found, schema, pages, progress)
    del schema  # of 20,000 pages it takes 100 MB
    wanted = {path: text.encode("utf-8") for path, text in texts.items()}
    wanted[CONFIG] = config_text(found.settings, specs, found.join).encode("utf-8")
    project.mkdir(parents=True, exist_ok=True)
    with disk.locked(project, waiting):
        written, stale, present, before, manifest = _plan(project, specs, wanted)
        stale = _kept(project, stale)
        gone = [change.path for change in written.changes if change.data is None]
        disk.keep(project, gone)
        name = f"{specs}/{_LIST}"
        if written.changes or before != manifest:
            disk.apply(project, written.changes, present, manifest, manifest, progress, name)
        disk.remember(project, _TEXTS, _packed(wanted))
    return Transcribed(found, exact, problems, written, stale)


def _pages(folder: Path) -> tuple[str, disk.Pages]:
    """Return what messages call a folder of pages, and its pages by their paths below it.

    One inside `docs`, such as `docs/models/shop`, tells by its own path which package it is: its
    pages are those of the folder that has `models` in it, as far as they lie in `folder`.
    """
    pages = disk.Pages(folder, MAX_BYTES)
    inside = _in_models(folder)
    if not inside or any(map(lies_in_models, pages)):
        return folder.as_posix(), pages
    root = os.path.normpath(folder / ("../" * (inside.count("/") + 1)))
    return Path(root).as_posix(), disk.Pages(folder, MAX_BYTES, f"{inside}/")


def _in_models(folder: Path) -> str:
    """`docs/models/shop` -> `models/shop`; empty for what is not in the `models` of some docs."""
    path = Path(os.path.normpath(folder.absolute())).as_posix()
    before, models, below = f"{path}/".rpartition("/models/")
    return f"models/{below}".rstrip("/") if models and "/docs/" in f"{before}/" else ""


def _kept(project: Path, stale: Sequence[Stale]) -> tuple[Stale, ...]:
    """Return `stale` with the place of a copy of what would be lost, or is left out."""
    aside = {each.path: each.after for each in stale if each.after and not each.merged}
    copies = disk.put_aside(project, aside)
    copies |= disk.keep(project, [each.path for each in stale if each.merged])
    return tuple(replace(each, copy=copies.get(each.path, "")) for each in stale)


def _packed(texts: Mapping[str, bytes]) -> bytes:
    whole = json.dumps({path: data.decode("utf-8") for path, data in texts.items()})
    return zlib.compress(whole.encode("utf-8"), level=1)


def _unpacked(data: bytes | None) -> Mapping[str, Any]:
    """Return the texts that were written the last time, none where they cannot be read.

    They cannot where they are larger than any run would write them, by far.
    """
    unpacking = zlib.decompressobj()
    try:
        whole = unpacking.decompress(data or b"", _MAX_TEXTS)
        if not unpacking.eof:
            return {}
        texts = json.loads(whole)
    except (ValueError, RecursionError, zlib.error):
        return {}
    return texts if isinstance(texts, dict) else {}


def _written_back(
    found: Transcription,
    schema: Schema,
    pages: Mapping[str, Mapping[str, bytes]],
    progress: Progress,
) -> tuple[tuple[int, ...], tuple[Problem, ...]]:
    """Return how many pages of each set the specs give back exactly, and all problems.

    `schema` are the specs as `modelsync generate` reads them: what is counted is what comes.
    """
    problems = list(found.problems)
    told = {problem.position.path for problem in problems}
    exact = []
    for each, settings in zip(found.sets, found.settings, strict=True):
        cls = target_class(settings.target)
        target = cls(of_language(schema, cls.language_of(settings)), settings)
        tick = ticker(f"writing the pages of {each.notation}", len(each.paths), progress)
        rendered = render([target], rendered=tick)
        written = {path: output.data for path, output in rendered.items()}
        wrong = list(inexact(each, pages[each.label], written, settings.out, progress))
        exact.append(len(each.paths) - len(wrong))
        # That a page does not come back follows from what else is wrong with it.
        problems += (problem for problem in wrong if problem.position.path not in told)
    return tuple(exact), tuple(sorted(set(problems)))


def _specs_root(project: Path) -> str:
    """Return the folder of the specs: that of the config, if there is one."""
    if not os.path.lexists(project / CONFIG):
        return "specs"
    try:
        return read_project_config(project).specs
    except ProblemsError as error:
        raise ProblemsError(map(_or_moved_away, error.problems)) from error


def _or_moved_away(problem: Problem) -> Problem:
    away = f"move {CONFIG} away, for `modelsync transcribe` writes one"
    return replace(problem, help=f"{problem.help}; or {away}" if problem.help else away)


class _Planned(NamedTuple):
    """What to write, what a person has changed, and what was there when that was found.

    `before` is the list of what was written before, and `after` what it is to be.
    """

    written: Plan
    stale: tuple[Stale, ...]
    present: Mapping[str, Present | None]
    before: bytes | None
    after: bytes


def _plan(project: Path, specs: str, wanted: Mapping[str, bytes]) -> _Planned:
    name = f"{specs}/{_LIST}"
    with _restoring():
        data, pending = disk.read_manifests(project, name)
    # What an interrupted run was about to write has been told to nobody.
    told = _list(data, name)
    # Whatever the list says, only specs are written here: nothing else is read, let alone deleted.
    before = {
        path: entry
        for path, entry in (told | _list(pending, name)).files.items()
        if path in wanted or (path.startswith(f"{specs}/") and disk.is_spec(path))
    }
    present = disk.read_present(project, wanted.keys() | before.keys())
    made = plan(wanted, present, before, _why, _why_orphaned)
    obstacles = [change.obstacle for change in made.changes if change.obstacle]
    if obstacles:
        help_ = "move it away, for `modelsync transcribe` writes there"
        raise ProblemsError(
            problem for each in obstacles for problem in InTheWay(each, help_).problems
        )
    own, edited = [], []
    for change in made.changes:
        unedited = change.kind is Kind.ORPHANED and not change.edited
        if unedited or change.kind in (Kind.CREATED, Kind.OUTDATED, Kind.LINE_ENDINGS):
            own.append(change)
        elif _says_more(change, told):
            edited.append(change)
    texts = _unpacked(disk.recall(project, _TEXTS)) if edited else {}
    stale = tuple(
        _stale(project, specs, change, _last(change.path, texts, told)) for change in edited
    )
    own += [
        Change(each.path, Kind.EDITED, _why(each.path), each.merged)
        for each in stale
        if each.merged
    ]
    files = {path: Entry(frozenset({digest(each)}), _WRITER, "-") for path, each in wanted.items()}
    manifest = write_manifest(Manifest(files), _HEAD).encode("utf-8")
    return _Planned(Plan(tuple(own), made.unchanged), stale, present, data, manifest)


def _last(path: str, texts: Mapping[str, Any], told: Manifest) -> bytes | None:
    """Return what was written to a path the last time, None where that is not known.

    The list comes with the repository and the texts do not, so they may be of other runs.
    """
    data = str(texts.get(path, "")).encode("utf-8", "replace")
    known = path in told.files and digest(data) in told.files[path].digests
    return data if known else None


def _stale(project: Path, specs: str, change: Change, before: bytes | None) -> Stale:
    found = Stale(change.path, before, change.data, removed=change.kind is Kind.DELETED)
    if change.kind is not Kind.EDITED or before is None or change.data is None:
        return found
    edited = disk.read_file(project, change.path)
    return replace(found, merged=with_edits(change.path, specs, before, edited, change.data))


def _list(data: bytes | None, name: str) -> Manifest:
    if data is None:
        return Manifest()
    text, problems = decode(name, data, limit=None)
    with _restoring():
        if problems:
            raise ProblemsError(problems)
        return read_manifest(text, name)


@contextlib.contextmanager
def _restoring() -> Iterator[None]:
    """Say of problems of the list what they are and how to get it back."""
    try:
        yield
    except ProblemsError as error:
        raise ProblemsError(map(_restored, error.problems)) from error


def _restored(problem: Problem) -> Problem:
    path = problem.position.path
    if problem.code == "MS080":
        return problem
    message = problem.message.replace("the manifest cannot", "this list cannot")
    help_ = (
        f"take it from git again: git checkout {path}; where git has none, delete it, and"
        " transcribe again: specs that differ from their pages then count as edited"
    )
    return replace(problem, message=message, help=help_)


def _says_more(change: Change, before: Manifest) -> bool:
    """Whether the pages say something else than when the spec was written."""
    if change.data is None or change.path not in before.files:
        return True
    return digest(change.data) not in before.files[change.path].digests


def _why(path: str) -> tuple[Cause, ...]:
    return (Cause("its pages say something else now"),)


def _why_orphaned(path: str) -> tuple[Cause, ...]:
    return (Cause("its pages are gone"),)


def config_text(targets: Sequence[Settings], specs: str, join: Mapping[str, str]) -> str:
    """Return the text of a `modelsync.yaml` with these targets.

    `join` is the option that one for Go would need, empty where it needs none.
    """
    lines = [
        "# Written by `modelsync transcribe`: the targets that write the pages back. Add those of",
        "# your languages; see `modelsync init` in an empty folder.",
        *_join_lines(join),
        f"specs: {plain(specs)}",
        "targets:",
    ]
    for settings in targets:
        lines.append(f"  {settings.name}:")
        if settings.target != settings.name:
            lines.append(f"    target: {settings.target}")
        lines.append(f"    out: {plain(settings.out)}")
        defaults = target_class(settings.target).defaults()
        for name, value in settings.options.items():
            if value != defaults.get(name):
                lines.append(f"    {name}: {_option(value)}")
    return "".join(f"{line}\n" for line in lines)


def _join_lines(join: Mapping[str, str]) -> list[str]:
    if not join:
        return []
    return [
        "# Some packages use each other, which Go refuses. A target for Go makes one of them with",
        f"#     join: {_option(join)}",
    ]


def _option(value: str | bool | Mapping[str, str]) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return plain(value)
        case _:
            pairs = (f"{json.dumps(key)}: {json.dumps(text)}" for key, text in value.items())
            return "{" + ", ".join(pairs) + "}"
