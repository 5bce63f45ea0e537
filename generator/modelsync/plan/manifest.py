"""The manifest: which files modelsync owns, and what each was generated from.

It has one line per file, sorted, so that branches which change different models merge cleanly:

    file generated/go/user.go <sha256> go specs/user.yaml
    option go module "example.com/models"
    spec specs/user.yaml <digest>
    template templates/go/model.go.j2 <digest>

Files in it may be overwritten and, in an output folder, deleted. The other lines are the inputs of
the run, from which the next run finds out why a file is outdated. Equal specs, templates and config
give equal manifests: it contains no version, time or machine.

A manifest with merge conflicts is read as both sides: a file has the digests of both.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from sys import intern
from typing import Final, NamedTuple

from modelsync.errors import Position, Problem, ProblemsError, visible
from modelsync.paths import path_problem

NAME: Final = "modelsync.manifest"
ABSENT: Final = "-"
"""The digest of a spec or template that did not exist for some of the files."""

_HEAD: Final = """\
# The files that modelsync owns, and what they were generated from. Commit this file and do not
# edit it. After a merge, even one with conflicts, run: modelsync generate
"""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MARKER: Final = re.compile(r"(<{7}|={7}|>{7})( .*)?")
_BASE: Final = re.compile(r"\|{7}( .*)?")
_MAX_PROBLEMS: Final = 10
"""The maximum number of invalid lines to report: other files may have millions."""


class Input(NamedTuple):
    """Something that a run reads."""

    kind: str
    """`spec`, `template` or `option`."""
    target: str
    """The target of an option; empty for specs and templates."""
    name: str


class Entry(NamedTuple):
    """One owned file."""

    digests: frozenset[str]
    """Several after a merge."""
    target: str
    source: str
    """The path of its spec, or of the folder of its specs followed by `/`, or `-` for none."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What modelsync owns in a project, and the inputs of the run that wrote it."""

    files: Mapping[str, Entry] = field(default_factory=dict)
    """By path."""
    inputs: Mapping[Input, frozenset[str]] = field(default_factory=dict)
    """The digests of each input, or the value of an option, as JSON."""

    def __or__(self, other: Manifest) -> Manifest:
        """Return the files and inputs of both; each has the digests of both."""
        files = dict(self.files)
        for path, entry in other.files.items():
            _add_file(files, path, entry)
        inputs = dict(self.inputs)
        for key, values in other.inputs.items():
            inputs[key] = inputs.get(key, frozenset()) | values
        return Manifest(files, inputs)

    def only(self, targets: Collection[str]) -> Manifest:
        """Return the files and options of these targets.

        Specs and templates belong to no target: :meth:`without` returns them.
        """
        return Manifest(
            {path: entry for path, entry in self.files.items() if entry.target in targets},
            {key: values for key, values in self.inputs.items() if key.target in targets},
        )

    def without(self, targets: Collection[str]) -> Manifest:
        """Return everything that :meth:`only` omits."""
        return Manifest(
            {path: entry for path, entry in self.files.items() if entry.target not in targets},
            {key: values for key, values in self.inputs.items() if key.target not in targets},
        )


def _add_file(files: dict[str, Entry], path: str, entry: Entry) -> None:
    existing = files.get(path)
    files[path] = (
        entry if existing is None else entry._replace(digests=existing.digests | entry.digests)
    )


def write_manifest(manifest: Manifest, head: str = _HEAD) -> str:
    """Return the text of a manifest, the inverse of :func:`read_manifest`. `head` is a comment."""
    lines = [
        f"file {path} {digest} {entry.target} {entry.source}\n"
        for path, entry in manifest.files.items()
        for digest in entry.digests
    ]
    for (kind, target, name), values in manifest.inputs.items():
        what = f"{kind} {target} {name}" if kind == "option" else f"{kind} {name}"
        lines += [f"{what} {value}\n" for value in values]
    return head + "".join(sorted(lines))


def read_manifest(text: str, path: str = NAME) -> Manifest:
    """Read the text of a manifest, also one with merge conflict markers.

    Raises :class:`ProblemsError` with the first invalid lines.
    """
    files: dict[str, Entry] = {}
    inputs: dict[Input, frozenset[str]] = {}
    problems: list[Problem] = []
    for number, line in _lines(text):
        if len(problems) == _MAX_PROBLEMS:
            break
        words = line.split(" ", 4)
        match words:
            case ["file", name, digest, target, source] if _DIGEST.fullmatch(digest):
                problem = path_problem(name)
                if problem:
                    problems.append(unreadable(Position(path, number, 6, len(name)), problem))
                _add_file(files, name, Entry(frozenset({digest}), intern(target), intern(source)))
            case ["spec" | "template" as kind, name, value]:
                key = Input(kind, "", name)
                inputs[key] = inputs.get(key, frozenset()) | {value}
            case ["option", target, name, _, *_]:
                key = Input("option", target, name)
                inputs[key] = inputs.get(key, frozenset()) | {line.split(" ", 3)[3]}
            case _:
                what = f"invalid line `{visible(line[:60])}`"
                problems.append(unreadable(Position(path, number, 1, len(line) or 1), what))
    if problems:
        raise ProblemsError(problems)
    return Manifest(files, inputs)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the relevant lines with their numbers, including both sides of a conflict.

    The common ancestor, which git's diff3 style includes, is neither side.
    """
    base = False
    for number, whole in enumerate(io.StringIO(text, newline="\n"), start=1):
        line = whole.removesuffix("\n").removesuffix("\r")
        marker = _MARKER.fullmatch(line) is not None
        if marker or _BASE.fullmatch(line):
            base = not marker
        elif line and not base and not line.startswith("#"):
            yield number, line


def listed_at(text: str, name: str = NAME) -> dict[str, Position]:
    """Return where the text of the manifest at the path `name` first lists each file."""
    positions: dict[str, Position] = {}
    for number, line in _lines(text):
        words = line.split(" ", 2)
        if words[0] == "file" and len(words) > 2:
            positions.setdefault(words[1], Position(name, number, 6, len(words[1])))
    return positions


def unreadable(position: Position, what: str) -> Problem:
    """Return the problem for a manifest that cannot be read."""
    return Problem(
        position,
        "MS090",
        f"the manifest cannot be read: {what}",
        help=f"restore it with `git checkout {NAME}`; if git does not have it, delete it and run"
        " `modelsync generate`",
    )
