"""Folders of model pages -> the specs and the config of a project, on the disk.

What a person has changed since stays: a spec that was edited, or removed, is left as it is, and it
is told what its pages say now. A list of what was written, with sums, lies beside the specs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

from modelsync import disk
from modelsync.config import NAME as CONFIG
from modelsync.errors import Problem, ProblemsError
from modelsync.ir import Schema
from modelsync.lift import of_language
from modelsync.manifest import Entry, Manifest, read_manifest, write_manifest
from modelsync.plan import Cause, Change, Kind, Plan, Present, digest, plan
from modelsync.progress import Progress, silent
from modelsync.project import read_project_config
from modelsync.render import render
from modelsync.spec.nodes import MAX_BYTES, decode
from modelsync.spec.read import read_schema
from modelsync.spec.write import plain, write_specs
from modelsync.targets import target_class
from modelsync.targets.base import Settings
from modelsync.transcribe import Transcription, transcribe
from modelsync.transcribe.exact import inexact

_WRITER: Final = "transcribe"
_LIST: Final = ".transcribed"
_HEAD: Final = """\
# What `modelsync transcribe` has written, so that it can tell what a person has changed since.
# Commit it, and leave it as it is.
"""


@dataclass(frozen=True, slots=True)
class Transcribed:
    """What a run made: the transcription, what was written, and what was left as it is.

    `exact` has the number of pages that come back byte for byte, for each page set, and `problems`
    is what is wrong with any page. `stale` are specs that a person has changed, and whose pages
    say something else since: each with what would be written, which lies at the path in `copies`.
    """

    transcription: Transcription
    exact: tuple[int, ...]
    problems: tuple[Problem, ...]
    written: Plan
    stale: tuple[Change, ...]
    copies: Mapping[str, str]


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

    Raises :class:`ProblemsError` for a config of the project that is wrong, and OSError.
    """
    pages = {}
    for number, folder in enumerate(folders):
        progress("reading", number, len(folders))
        pages[folder.as_posix()] = disk.read_pages(folder, MAX_BYTES)
    found = transcribe(pages, notation, wire)
    specs = _specs_root(project)
    texts = write_specs(found.schema, specs)
    # What was written says it all, and of a large API it is large enough.
    found = replace(found, schema=Schema(()))
    exact, problems = _written_back(found, read_schema(texts, specs), pages, progress)
    wanted = {path: text.encode("utf-8") for path, text in texts.items()}
    wanted[CONFIG] = config_text(found.settings, specs).encode("utf-8")
    project.mkdir(parents=True, exist_ok=True)
    with disk.locked(project, waiting):
        written, stale, present, before, manifest = _plan(project, specs, wanted)
        copies = disk.put_aside(project, {change.path: change.data or b"" for change in stale})
        name = f"{specs}/{_LIST}"
        if written.changes or before != manifest:
            disk.apply(project, written.changes, present, manifest, manifest, progress, name)
    return Transcribed(found, exact, problems, written, stale, copies)


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
    exact = []
    for number, (each, settings) in enumerate(zip(found.sets, found.settings, strict=True)):
        progress("writing back", number, len(found.sets))
        cls = target_class(settings.target)
        target = cls(of_language(schema, cls.language_of(settings)), settings)
        written = {path: output.data for path, output in render([target]).items()}
        wrong = list(inexact(each, pages[each.label], written, settings.out))
        exact.append(len(each.pages) - len(wrong))
        problems += wrong
    return tuple(exact), tuple(sorted(set(problems)))


def _specs_root(project: Path) -> str:
    """Return the folder of the specs: that of the config, if there is one."""
    if not (project / CONFIG).exists():
        return "specs"
    return read_project_config(project).specs


class _Planned(NamedTuple):
    """What to write, what a person has changed, and what was there when that was found.

    `before` is the list of what was written before, and `after` what it is to be.
    """

    written: Plan
    stale: tuple[Change, ...]
    present: Mapping[str, Present | None]
    before: bytes | None
    after: bytes


def _plan(project: Path, specs: str, wanted: Mapping[str, bytes]) -> _Planned:
    name = f"{specs}/{_LIST}"
    data, pending = disk.read_manifests(project, name)
    before = _list(data, name) | _list(pending, name)
    present = disk.read_present(project, wanted.keys() | before.files.keys())
    made = plan(wanted, present, before.files, _why, _why_orphaned)
    own, stale = [], []
    for change in made.changes:
        unedited = change.kind is Kind.ORPHANED and not change.edited
        if unedited or change.kind in (Kind.CREATED, Kind.OUTDATED, Kind.LINE_ENDINGS):
            own.append(change)
        elif _says_more(change, before):
            stale.append(change)
    files = {path: Entry(frozenset({digest(each)}), _WRITER, "-") for path, each in wanted.items()}
    manifest = write_manifest(Manifest(files), _HEAD).encode("utf-8")
    return _Planned(Plan(tuple(own), made.unchanged), tuple(stale), present, data, manifest)


def _list(data: bytes | None, name: str) -> Manifest:
    if data is None:
        return Manifest()
    text, problems = decode(name, data, limit=None)
    if problems:
        raise ProblemsError(problems)
    return read_manifest(text, name)


def _says_more(change: Change, before: Manifest) -> bool:
    """Whether the pages say something else than when the spec was written."""
    if change.data is None or change.path not in before.files:
        return True
    return digest(change.data) not in before.files[change.path].digests


def _why(path: str) -> tuple[Cause, ...]:
    return (Cause("its pages say something else now"),)


def _why_orphaned(path: str) -> tuple[Cause, ...]:
    return (Cause("its pages are gone"),)


def config_text(targets: Sequence[Settings], specs: str) -> str:
    """Return the text of a `modelsync.yaml` with these targets."""
    lines = [
        "# Written by `modelsync transcribe`: the targets that write the pages back. Add those of",
        "# your languages; see `modelsync init` in an empty folder.",
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


def _option(value: str | bool | Mapping[str, str]) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return plain(value)
        case _:
            pairs = (f"{json.dumps(key)}: {json.dumps(text)}" for key, text in value.items())
            return "{" + ", ".join(pairs) + "}"
