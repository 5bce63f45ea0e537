"""What a run of `modelsync transcribe` stores, so that the next run can see what was edited since.

`specs/.transcribed` lists the files that were written, with their checksums; it is committed. The
texts of the files are in the state folder, compressed, and git does not have them.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from modelsync.errors import Problem, ProblemsError
from modelsync.plan.changes import Change, digest
from modelsync.plan.manifest import Entry, Manifest, read_manifest, write_manifest
from modelsync.spec.nodes import decode

LIST: Final = ".transcribed"
TEXTS: Final = "transcribed.texts"
_MAX_TEXTS: Final = 128 << 20
"""The maximum size of the texts to read: far more than any run writes."""
_WRITER: Final = "transcribe"
_HEAD: Final = """\
# What `modelsync transcribe` wrote, so that it can see what you have edited since.
# Commit this file, and do not edit it.
"""


def list_text(wanted: Mapping[str, bytes]) -> bytes:
    """Return the list of the files that a run writes."""
    files = {path: Entry(frozenset({digest(data)}), _WRITER, "-") for path, data in wanted.items()}
    return write_manifest(Manifest(files), _HEAD).encode("utf-8")


def read_list(data: bytes | None, name: str) -> Manifest:
    """Return the list that a run wrote, an empty one if there is none.

    Raises :class:`ProblemsError`.
    """
    if data is None:
        return Manifest()
    text, problems = decode(name, data, limit=None)
    with helping_to_restore():
        if problems:
            raise ProblemsError(problems)
        return read_manifest(text, name)


@contextlib.contextmanager
def helping_to_restore() -> Iterator[None]:
    """Add help to problems with the list: how to restore it."""
    try:
        yield
    except ProblemsError as error:
        raise ProblemsError(map(_with_help_to_restore, error.problems)) from error


def _with_help_to_restore(problem: Problem) -> Problem:
    path = problem.position.path
    if problem.code == "MS080":
        return problem
    message = problem.message.replace("the manifest cannot", "this list cannot")
    help_ = (
        f"restore it with `git checkout {path}`; if it is not in git, delete it and transcribe"
        " again: specs that differ from their pages then count as edited"
    )
    return replace(problem, message=message, help=help_)


def is_new(change: Change, written: Manifest) -> bool:
    """Return whether the pages have changed since the file was written."""
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
