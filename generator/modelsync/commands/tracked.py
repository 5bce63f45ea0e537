"""`--tracked`: find files of a project that the next commit lacks.

A hook sees the files on the disk, but a commit takes what is staged. The commit is in sync only if
it has everything that files are generated from, and the files themselves.
"""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from modelsync import disk
from modelsync.commands.comparison import Comparison
from modelsync.disk.git import GitError, Repository, State
from modelsync.errors import ProblemsError, visible
from modelsync.plan.manifest import Entry, read_manifest
from modelsync.project.config import Config


@dataclass(frozen=True, slots=True)
class Unstaged:
    """Files to stage before the next commit. Paths are relative to the project, and sorted."""

    untracked: tuple[str, ...] = ()
    """Files that git neither tracks nor ignores."""
    changed: tuple[str, ...] = ()
    """Files that differ from the index."""
    deleted: tuple[str, ...] = ()
    """Files that are only in the index."""
    leftover: tuple[str, ...] = ()
    """Tracked files that modelsync generated and no longer owns, unchanged since."""
    add: tuple[str, ...] = ()
    """The arguments for `git add`."""
    remove: tuple[str, ...] = ()
    """The arguments for `git rm`."""
    root: Path = Path()
    """The root of the repository."""

    @property
    def is_empty(self) -> bool:
        """Whether everything is staged."""
        return not (self.untracked or self.changed or self.deleted or self.leftover)


def find_unstaged(compared: Comparison) -> Unstaged:
    """Return what the next commit lacks of a project whose files are generated.

    If git is about to commit nothing of the project, unstaged changes do not matter: the commit
    has none of them. Raises :class:`GitError`.
    """
    project, config = compared.project, compared.project.config
    repository = Repository(project.folder)
    outs = [settings.out for settings in config.targets]
    states = repository.states(
        [config.place.config, config.place.manifest, config.specs, config.templates, *outs]
    )
    relevant = _relevant(compared, states)
    leftover = _leftover(compared, repository)
    untracked = {path for path, state in relevant.items() if state.is_untracked}
    differing = {path for path, state in relevant.items() if state.unstaged not in " ?"}
    if repository.commits and not any(state.is_staged for state in states.values()):
        differing = set()
    deleted = {path for path in differing if relevant[path].is_deleted} - leftover.keys()
    changed = differing - deleted - leftover.keys()
    gone = {path for path, exists in leftover.items() if not exists}
    return Unstaged(
        untracked=tuple(sorted(untracked)),
        changed=tuple(sorted(changed)),
        deleted=tuple(sorted(deleted)),
        leftover=tuple(sorted(leftover)),
        add=tuple(_by_folder(untracked | changed | deleted | gone, outs, states)),
        remove=tuple(sorted(leftover.keys() - gone)),
        root=repository.root,
    )


def _relevant(compared: Comparison, states: Mapping[str, State]) -> dict[str, State]:
    """Return the states of the files that modelsync reads or generates, also of deleted ones."""
    project = compared.project
    place = project.config.place
    paths = {
        place.config,
        place.manifest,
        *project.fingerprints,
        *compared.templates,
        *compared.outputs,
    }
    return {
        path: state
        for path, state in states.items()
        if path in paths or (state.is_deleted and _is_input(project.config, path))
    }


def _is_input(config: Config, path: str) -> bool:
    """Return whether a deleted file was a spec or one of the project's own templates."""
    if path.startswith(f"{config.templates}/"):
        return True
    return path.startswith(f"{config.specs}/") and disk.is_spec(path.rpartition("/")[2])


def _leftover(compared: Comparison, repository: Repository) -> dict[str, bool]:
    """Return the tracked files that modelsync no longer owns, and whether they exist.

    Files that were replaced since are not included. Files outside the output folders without the
    header of a generated file are not included either: a line in a manifest is not enough evidence.
    """
    folder = compared.project.folder
    manifest = compared.project.config.place.manifest
    data, _ = disk.read_manifests(folder, manifest)
    owned = _files(data or b"")
    before: dict[str, Entry] = {}
    for commit in ("HEAD", ""):
        with contextlib.suppress(GitError):
            before |= _files(repository.content(manifest, commit))
    lost = before.keys() - owned.keys()
    lost &= repository.tracked() if lost else set()
    outs = tuple(f"{settings.out}/" for settings in compared.project.config.targets)
    return {
        path: file is not None
        for path, file in disk.read_present(folder, lost).items()
        if file is None
        or (file.is_as_generated(before[path]) and (file.marked or path.startswith(outs)))
    }


def _files(manifest: bytes) -> Mapping[str, Entry]:
    """Return the files that a manifest lists; none if it cannot be read."""
    with contextlib.suppress(ProblemsError, UnicodeDecodeError):
        return read_manifest(manifest.decode("utf-8")).files
    return {}


def _by_folder(
    paths: Collection[str], folders: Collection[str], states: Mapping[str, State]
) -> Iterator[str]:
    """Yield `paths`, or a folder instead of its files if git would add nothing else from it."""
    pending = {path for path, state in states.items() if state.unstaged != " "}
    whole = [
        folder
        for folder in folders
        if all(path in paths for path in pending if path.startswith(f"{folder}/"))
    ]
    yield from sorted(
        {
            next((folder for folder in whole if path.startswith(f"{folder}/")), path)
            for path in paths
        }
    )


def unstaged_lines(unstaged: Unstaged) -> Iterator[str]:
    """Yield a line for each file that is not staged."""
    for word, paths, why in (
        ("untracked", unstaged.untracked, "not tracked by git"),
        ("unstaged", unstaged.changed, "the staged version is out of date"),
        ("unstaged", unstaged.deleted, "deleted, but still staged"),
        ("left over", unstaged.leftover, "still in git, but no longer generated"),
    ):
        for path in paths:
            yield f"{word:<9}  {visible(path)}: {why}"


def stage_command(unstaged: Unstaged, project: Path, here: Path) -> str:
    """Return the command line that stages everything, to run in the folder `here`."""
    git = ["git"]
    if not here.is_relative_to(unstaged.root):
        git += ["-C", os.fspath(project)]
        here = project
    commands = []
    for word, paths in (("add", unstaged.add), ("rm", unstaged.remove)):
        if paths:
            relative = (disk.path_from(here, project, path) for path in paths)
            commands.append(shlex.join([*git, word, "--", *relative]))
    return " && ".join(commands)
