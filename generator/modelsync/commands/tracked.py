"""What the next commit lacks of a project: `--tracked`.

A hook looks at the files on the disk, and a commit takes what is staged. For a commit to be in
sync, git needs all that a clone makes the same files from, and the files.
"""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from modelsync import disk
from modelsync.commands.generate import Found, relative
from modelsync.disk.git import GitError, Repository, State
from modelsync.errors import ProblemsError, visible
from modelsync.plan.manifest import NAME as MANIFEST
from modelsync.plan.manifest import Entry, read_manifest
from modelsync.project.config import NAME as CONFIG
from modelsync.project.config import Config


@dataclass(frozen=True, slots=True)
class Unstaged:
    """What is not staged; paths are relative to the project, and sorted.

    `untracked` are files that git does not have and does not ignore. `changed` are those that
    stand in the index otherwise, and `gone` those that stand in it alone. `left` are files that git
    has and that modelsync owns no more: what stands there is as it was generated.

    `add` and `remove` are what to give `git add` and `git rm`, and `root` is where the repository
    begins.
    """

    untracked: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    root: Path = Path()


def unstaged(done: Found) -> Unstaged:
    """Return what a commit would lack after a run that has left all in sync.

    Where git is about to commit nothing of the project at all, changes that are not staged do not
    count: they are left out together. Raises :class:`GitError`.
    """
    project, config = done.project, done.project.config
    repository = Repository(project.folder)
    outs = [settings.out for settings in config.targets]
    states = repository.states([CONFIG, MANIFEST, config.specs, config.templates, *outs])
    ours = {CONFIG, MANIFEST, *project.fingerprints, *done.templates, *done.outputs}
    known = {
        path: state
        for path, state in states.items()
        if path in ours or (state.is_gone and _is_input(config, path))
    }
    left = _left_over(done, repository)
    untracked = {path for path, state in known.items() if state.is_untracked}
    differing = {path for path, state in known.items() if state.unstaged not in " ?"}
    if repository.commits and not any(state.is_staged for state in states.values()):
        differing = set()
    gone = {path for path in differing if known[path].is_gone} - left.keys()
    changed = differing - gone - left.keys()
    absent = {path for path, is_there in left.items() if not is_there}
    return Unstaged(
        untracked=tuple(sorted(untracked)),
        changed=tuple(sorted(changed)),
        gone=tuple(sorted(gone)),
        left=tuple(sorted(left)),
        add=tuple(_shortened(untracked | changed | gone | absent, outs, states)),
        remove=tuple(sorted(left.keys() - absent)),
        root=repository.root,
    )


def _is_input(config: Config, path: str) -> bool:
    """Whether a file that is gone was a spec, or one of the project's own templates."""
    if path.startswith(f"{config.templates}/"):
        return True
    return path.startswith(f"{config.specs}/") and disk.is_spec(path.rpartition("/")[2])


def _left_over(done: Found, repository: Repository) -> dict[str, bool]:
    """Return the files that git has and that were ours, and whether they stand on the disk.

    A file that somebody has written in the place of one that was ours is not left over, nor is one
    outside the output folders that does not say that modelsync generated it: a line of a manifest
    alone does not make it ours.
    """
    folder = done.project.folder
    data, _ = disk.read_manifests(folder)
    owned = _files(data or b"")
    before: dict[str, Entry] = {}
    for commit in ("HEAD", ""):
        with contextlib.suppress(GitError):
            before |= _files(repository.content(MANIFEST, commit))
    lost = before.keys() - owned.keys()
    lost &= repository.tracked() if lost else set()
    present = disk.read_present(folder, lost)
    outs = tuple(f"{settings.out}/" for settings in done.project.config.targets)
    return {
        path: found is not None
        for path, found in present.items()
        if found is None
        or (found.is_as_generated(before[path]) and (found.marked or path.startswith(outs)))
    }


def _files(manifest: bytes) -> Mapping[str, Entry]:
    """Return the files of a manifest, none if it cannot be read."""
    with contextlib.suppress(ProblemsError, UnicodeDecodeError):
        return read_manifest(manifest.decode("utf-8")).files
    return {}


def _shortened(
    paths: Collection[str], folders: Collection[str], states: Mapping[str, State]
) -> Iterator[str]:
    """Yield `paths`, and in their place a folder of which git would add nothing but them."""
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


def lines(found: Unstaged) -> Iterator[str]:
    """Yield a line for each file that is not staged."""
    for word, paths, why in (
        ("untracked", found.untracked, "git does not have it"),
        ("unstaged", found.changed, "the next commit has an older one"),
        ("unstaged", found.gone, "it is gone, and the next commit has it still"),
        ("left over", found.left, "git has it, and no spec wants it any more"),
    ):
        for path in paths:
            yield f"{word:<9}  {visible(path)}: {why}"


def command(found: Unstaged, project: Path, here: Path) -> str:
    """Return the command line that stages what is not staged, as it is run in the folder `here`."""
    git = ["git"]
    if not here.is_relative_to(found.root):
        git += ["-C", os.fspath(project)]
        here = project
    commands = []
    for word, paths in (("add", found.add), ("rm", found.remove)):
        if paths:
            called = (relative(project, path, here) for path in paths)
            commands.append(shlex.join([*git, word, "--", *called]))
    return " && ".join(commands)
