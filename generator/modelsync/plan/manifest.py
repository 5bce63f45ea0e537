"""The manifest: which files modelsync owns, and what each was made from.

One line a file, sorted, so that two branches that change different models merge by themselves:

    file generated/go/user.go <sha256> go specs/user.yaml
    option go module "example.com/models"
    spec specs/user.yaml <digest>
    template templates/go/model.go.j2 <digest>

`file` lines say what may be overwritten and, below an output folder, deleted. The others are the
inputs of the run that wrote them, by which the next run says why a file is outdated. Equal specs,
templates and config give equal manifests: there is no version, clock or machine in it.

A manifest that git could not merge is read as both of its sides: a file has every digest that
either of them gives it.
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
"""The digest of a spec or template that some of the files were made without."""

_HEAD: Final = """\
# The files that modelsync owns, and what they were made from. Commit it and leave it as it is;
# after a merge, conflicts and all: modelsync generate
"""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MARKER: Final = re.compile(r"(<{7}|={7}|>{7})( .*)?")
_BASE: Final = re.compile(r"\|{7}( .*)?")
_MAX_PROBLEMS: Final = 10
"""How many wrong lines are told: what is no manifest at all may have millions."""


class Input(NamedTuple):
    """What a run read: a `spec`, a `template`, or an `option` of the target called `target`."""

    kind: str
    target: str
    name: str


class Entry(NamedTuple):
    """One owned file: its digests (several after a merge), its target, and its spec.

    `source` is the path of the spec, of the folder of its specs with a `/` behind, or `-` for
    what comes from none.
    """

    digests: frozenset[str]
    target: str
    source: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What modelsync owns in a project, by path, and the inputs of the run that wrote it.

    An input has the digests of its contents; of an option it is the value, as JSON.
    """

    files: Mapping[str, Entry] = field(default_factory=dict)
    inputs: Mapping[Input, frozenset[str]] = field(default_factory=dict)

    def __or__(self, other: Manifest) -> Manifest:
        """Return what both own: a path has the digests of both."""
        files = dict(self.files)
        for path, entry in other.files.items():
            _add_file(files, path, entry)
        inputs = dict(self.inputs)
        for key, values in other.inputs.items():
            inputs[key] = inputs.get(key, frozenset()) | values
        return Manifest(files, inputs)

    def only(self, targets: Collection[str]) -> Manifest:
        """Return the files of the targets of these names, and their options.

        Specs and templates belong to no target: :meth:`without` has them.
        """
        return Manifest(
            {path: entry for path, entry in self.files.items() if entry.target in targets},
            {key: values for key, values in self.inputs.items() if key.target in targets},
        )

    def without(self, targets: Collection[str]) -> Manifest:
        """Return the part of it that :meth:`only` leaves out."""
        return Manifest(
            {path: entry for path, entry in self.files.items() if entry.target not in targets},
            {key: values for key, values in self.inputs.items() if key.target not in targets},
        )


def _add_file(files: dict[str, Entry], path: str, entry: Entry) -> None:
    known = files.get(path)
    files[path] = entry if known is None else entry._replace(digests=known.digests | entry.digests)


def write_manifest(manifest: Manifest, head: str = _HEAD) -> str:
    """Return the text of a manifest, the inverse of :func:`read_manifest`; `head` is comments."""
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
    """Read the text of a manifest, also one with the marks of a merge conflict.

    Raises :class:`ProblemsError` with the first lines that are none of a manifest.
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
                wrong = path_problem(name)
                if wrong:
                    problems.append(unreadable(Position(path, number, 6, len(name)), wrong))
                _add_file(files, name, Entry(frozenset({digest}), intern(target), intern(source)))
            case ["spec" | "template" as kind, name, value]:
                key = Input(kind, "", name)
                inputs[key] = inputs.get(key, frozenset()) | {value}
            case ["option", target, name, _, *_]:
                key = Input("option", target, name)
                inputs[key] = inputs.get(key, frozenset()) | {line.split(" ", 3)[3]}
            case _:
                what = f'"{visible(line[:60])}" is no line of a manifest'
                problems.append(unreadable(Position(path, number, 1, len(line) or 1), what))
    if problems:
        raise ProblemsError(problems)
    return Manifest(files, inputs)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that count, with their numbers: those of both sides of a conflict.

    What stood there before both of them (git's diff3 style shows it) is neither.
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
    """Return where the text of a manifest, which is called `name`, first lists each file."""
    found: dict[str, Position] = {}
    for number, line in _lines(text):
        words = line.split(" ", 2)
        if words[0] == "file" and len(words) > 2:
            found.setdefault(words[1], Position(name, number, 6, len(words[1])))
    return found


def unreadable(position: Position, what: str) -> Problem:
    """Return the problem of a manifest that cannot be read at a position, and why."""
    return Problem(
        position,
        "MS090",
        f"the manifest cannot be read: {what}",
        help=f"take it from git again: git checkout {NAME}; where git has none, delete it, and"
        " `modelsync generate` writes a new one",
    )
