"""The targets: an output language is one package here plus one folder of templates.

Packages in this folder are found automatically. The other modules here are shared by targets.
Another distribution adds a target with an entry point in the group `modelsync.targets` that names a
module.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache

from modelsync.errors import Problem, visible
from modelsync.naming import name_problems
from modelsync.paths import path_key, path_problem
from modelsync.schema.definitions import Definition
from modelsync.targets.base import File, Target
from modelsync.targets.entry_points import names_in
from modelsync.targets.external import load

GROUP = "modelsync.targets"


@cache
def _built_in() -> frozenset[str]:
    packages = (module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    return frozenset(name.replace("_", "-") for name in packages)


def is_target(name: str) -> bool:
    """Whether there is a target called `name`."""
    return name in _built_in() or name in target_names()


@cache
def target_names() -> tuple[str, ...]:
    """Return the names of all targets, sorted."""
    # Searching the installed packages takes a while, so only messages do it.
    return tuple(sorted(_built_in() | names_in(GROUP)))


def built_in_targets() -> tuple[type[Target], ...]:
    """Return the targets that come with modelsync: code languages first, then by name."""
    classes = map(target_class, _built_in())
    return tuple(sorted(classes, key=lambda cls: (not cls.is_code, cls.name)))


@cache
def target_class(name: str) -> type[Target]:
    """Return the target called `name`, for which :func:`is_target` holds.

    Its module is imported only now, so that a run imports only what it uses.

    Raises :class:`ProblemsError` for a target of another package that cannot be used.
    """
    if name in _built_in():
        module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
        found: type[Target] = module.TARGET
        assert found.name == name, f"{found.__module__}.TARGET is called {found.name}"
        return found
    return load(name, GROUP)


def problems_of(targets: Iterable[Target]) -> Iterator[Problem]:
    """Yield the problems that prevent rendering; the same name in several targets, once."""
    targets = tuple(targets)
    yield from name_problems(fault for target in targets for fault in target.name_faults)
    for target in targets:
        yield from target.found_problems


Owners = dict[str, tuple[Definition, ...]]
"""The source of each file, by the :func:`path_key` of its path, without its large view."""


def files_of(target: Target, owners: Owners, problems: list[Problem]) -> Iterator[tuple[str, File]]:
    """Yield each file of a target, with its path relative to the project.

    `owners` has the files of earlier targets, and the files of this one are added. A file is
    omitted, and a problem added to `problems`, if its path is invalid or the same as another file's
    (paths that differ only in case or Unicode form are the same on some file systems). A target
    without definitions has no files.
    """
    for file in target.files() if target.schema.definitions else ():
        path = f"{target.settings.out}/{file.path}"
        wrong = path_problem(path)
        key = path_key(path)
        if wrong:
            problems.append(_bad_path(target, path, file, wrong))
        elif key in owners:
            problems.append(_same_path(target, path, file, owners[key]))
        else:
            owners[key] = file.definitions
            yield path, file


def _bad_path(target: Target, path: str, file: File, wrong: str) -> Problem:
    places = [definition.position for definition in file.definitions]
    folder = path.rpartition("/")[0]
    return Problem(
        places[0] if places else target.settings.position,
        "MS044",
        f"invalid file path `{visible(path)}`: {wrong}",
        help="rename the folder of the spec"
        if path_problem(folder)
        else f"set another name with `names: {{{target.language}: ...}}`; define a union inside a"
        " field in its own document first",
    )


def _same_path(target: Target, path: str, file: File, others: tuple[Definition, ...]) -> Problem:
    here = [definition.position for definition in file.definitions]
    there = [definition.position for definition in others]
    return Problem(
        here[0] if here else target.settings.position,
        "MS043",
        f"two files have the path `{visible(path)}`",
        help="rename one of the two definitions, or use separate output folders for the targets",
        related=tuple((position, "the other one") for position in there[:1]),
    )
