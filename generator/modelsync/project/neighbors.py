"""Other projects in the root of a project, which must not own the same files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from modelsync import disk
from modelsync.errors import Problem, ProblemsError
from modelsync.paths import path_key
from modelsync.project.config import NAME, Config, read_config
from modelsync.project.root import place_of
from modelsync.spec.nodes import MAX_BYTES, decode


def shared_outputs(config: Config) -> Iterator[Problem]:
    """Yield a problem for each output folder that overlaps with one of another project.

    Looks in the root and up to two levels of folders below it, if the config names the root.
    """
    if not config.place.folder:
        return
    root = config.place.root
    for folder in ["", *disk.folders_with(root, (NAME,))]:
        other = _config_in(root / folder) if folder != config.place.folder else None
        if other is None:
            continue
        for theirs in other.targets:
            out = path_key(disk.path_from(root, other.place.root, theirs.out))
            position = theirs.where("out")._replace(path=f"{folder}/{NAME}".lstrip("/"))
            for mine in config.targets:
                if _overlap(path_key(mine.out), out):
                    message = (
                        f"the output folder of `{mine.name}` overlaps with the one of"
                        f" `{theirs.name}` in another project"
                    )
                    related = ((position, "the other one is here"),)
                    help_ = "use a separate folder"
                    yield Problem(mine.where("out"), "MS075", message, help_, related)


def _config_in(folder: Path) -> Config | None:
    """Return the config in a folder, None if there is no valid one."""
    with suppress(ProblemsError, OSError):
        data = disk.read_config(folder, NAME, MAX_BYTES)
        text, problems = decode(NAME, data or b"")
        if data is not None and not problems:
            return read_config(text, place_of(folder))
    return None


def _overlap(one: str, other: str) -> bool:
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
