"""What a run that writes specs stores, so that the next run can see what was edited since.

A list beside the specs, such as `specs/.transcribed`, has the files that were written, with their
checksums and sources; it is committed. The texts of the files are in the state folder, compressed,
and git does not have them.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from modelsync.errors import Problem, ProblemsError
from modelsync.plan.changes import Change, digest
from modelsync.plan.manifest import Entry, Manifest, read_manifest, write_manifest
from modelsync.spec.nodes import decode

_MAX_TEXTS: Final = 128 << 20
"""The maximum size of the texts to read: far more than any run writes."""
_ALL: Final = frozenset({"-"})
"""The sources of a file whose run read everything there is."""


class Intake(NamedTuple):
    """A command that writes specs, and what it reads them from."""

    command: str
    """Such as `transcribe`."""
    list: str
    """The name of its list, in the folder of the specs."""
    texts: str
    """The name of its texts, in the state folder."""
    origin: str
    """What the specs come from: "its pages have changed"."""
    changed: str
    gone: str
    is_read: Callable[[str], bool] = lambda _source: True
    """Whether a run reads a source. Specs from other sources stay in the list, and on the disk."""

    @property
    def head(self) -> str:
        """The comment at the top of the list."""
        return (
            f"# What `modelsync {self.command}` wrote, so that it can see what you have edited"
            " since.\n# Commit this file, and do not edit it.\n"
        )


def list_text(
    intake: Intake,
    wanted: Mapping[str, bytes],
    before: Manifest,
    sources: Mapping[str, frozenset[str]],
) -> bytes:
    """Return the list of the files that a run writes, and of what other sources need.

    `before` is the list until now, and `sources` has the sources of each file that has any.
    """
    files = {}
    for path, entry in before.files.items():
        others = other_sources(intake, entry)
        if others:
            files[path] = entry._replace(source=_sources_text(others))
    for path, data in wanted.items():
        others = other_sources(intake, before.files[path]) if path in before.files else frozenset()
        source = _sources_text(sources.get(path, _ALL) | others)
        files[path] = Entry(frozenset({digest(data)}), intake.command, source)
    return write_manifest(Manifest(files), intake.head).encode("utf-8")


def other_sources(intake: Intake, entry: Entry) -> frozenset[str]:
    """Return the sources of a listed file that this run does not read."""
    return frozenset(source for source in sources_of(entry) if not intake.is_read(source))


def _sources_text(sources: frozenset[str]) -> str:
    return "-" if sources == _ALL else json.dumps(sorted(sources), ensure_ascii=False)


def sources_of(entry: Entry) -> frozenset[str]:
    """Return the sources of a listed file; text that is not a list of them is one source."""
    try:
        sources = json.loads(entry.source)
    except ValueError:
        return frozenset({entry.source})
    if isinstance(sources, list) and all(isinstance(each, str) for each in sources):
        return frozenset(sources)
    return frozenset({entry.source})


def read_list(intake: Intake, data: bytes | None, name: str) -> Manifest:
    """Return the list that a run wrote, an empty one if there is none.

    Raises :class:`ProblemsError`.
    """
    if data is None:
        return Manifest()
    text, problems = decode(name, data, limit=None)
    with helping_to_restore(intake):
        if problems:
            raise ProblemsError(problems)
        return read_manifest(text, name)


@contextlib.contextmanager
def helping_to_restore(intake: Intake) -> Iterator[None]:
    """Add help to problems with the list: how to restore it."""
    try:
        yield
    except ProblemsError as error:
        fixed = [_with_help_to_restore(intake, problem) for problem in error.problems]
        raise ProblemsError(fixed) from error


def _with_help_to_restore(intake: Intake, problem: Problem) -> Problem:
    path = problem.position.path
    if problem.code == "MS080":
        return problem
    message = problem.message.replace("the manifest cannot", "this list cannot")
    help_ = (
        f"restore it with `git checkout {path}`; if it is not in git, delete it and"
        f" {intake.command} again: specs that differ from their {intake.origin} then count as"
        " edited"
    )
    return replace(problem, message=message, help=help_)


def is_new(change: Change, written: Manifest) -> bool:
    """Return whether the source of a file has changed since the file was written."""
    if change.data is None or change.path not in written.files:
        return True
    return digest(change.data) not in written.files[change.path].digests


def pack_texts(texts: Mapping[str, bytes]) -> bytes:
    """Return the texts of files as the state folder stores them."""
    as_json = json.dumps({path: data.decode("utf-8") for path, data in texts.items()})
    return zlib.compress(as_json.encode("utf-8"), level=1)


def unpack_texts(data: bytes | None) -> Mapping[str, Any]:
    """Return the texts that the last run wrote; none if they cannot be read, or are too large."""
    decompressor = zlib.decompressobj()
    try:
        as_json = decompressor.decompress(data or b"", _MAX_TEXTS)
        if not decompressor.eof:
            return {}
        texts = json.loads(as_json)
    except (ValueError, RecursionError, zlib.error):
        return {}
    return texts if isinstance(texts, dict) else {}


def last_text(path: str, texts: Mapping[str, Any], written: Manifest) -> bytes | None:
    """Return what the last run wrote to a path, None if that is unknown.

    The list comes with the repository, but the texts do not, so they may belong to another run.
    """
    data = str(texts.get(path, "")).encode("utf-8", "replace")
    is_listed = path in written.files and digest(data) in written.files[path].digests
    return data if is_listed else None
