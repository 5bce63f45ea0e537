"""`modelsync init`: the files that a project starts from, and templates to customize."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from textwrap import indent
from typing import Final, NamedTuple

from modelsync import disk
from modelsync.commands.schema import schema_text
from modelsync.commands.site import PAGES, SITE_CONFIG, pages_of, site_config
from modelsync.disk.surroundings import Surroundings
from modelsync.errors import ProblemsError
from modelsync.project.config import NAME, Config
from modelsync.project.load import read_project_config
from modelsync.project.root import place_of
from modelsync.render.templates import built_in_templates
from modelsync.targets import built_in_targets, target_class
from modelsync.targets.base import Settings, Suggestion

SCHEMA_NAME: Final = "modelsync.schema.json"

_HOOKS: Final = ".pre-commit-config.yaml"

_ATTRIBUTES: Final = """\
# Generated files have the same bytes everywhere, so git must not convert their line endings.
LINES# If two branches change the manifest, a merge keeps the lines of both.
MANIFEST text eol=lf merge=union linguist-generated
"""

_CONFIG: Final = """\
# yaml-language-server: $schema=modelsync.schema.json
# The folder of the specs, and what `modelsync generate` generates from them.
specs: specs
targets:
"""

_SPEC: Final = """\
# yaml-language-server: $schema=SCHEMA
model: User
description: Someone who has an account
fields:
  id:
    type: string
    required: true
    description: Never changes
  email:
    type: string | null
    required: true
    description: Null until it is confirmed
  role:
    type: Role
    default: member
  tags:
    type: list[string]
  createdAt:
    type: datetime
    required: true
example:
  id: u_1
  email: ada@example.com
  createdAt: 2026-01-31T12:00:00Z
---
enum: Role
description: What a user may do
values:
  member: Reads and writes
  admin: May do everything
"""


class Start(NamedTuple):
    """The files of a new project, and what was found in its folder."""

    files: dict[str, bytes]
    found: tuple[str, ...]


def new_project(folder: Path, docs: bool = False) -> Start:
    """Return the files of a new project in `folder`, with a first spec if there are none.

    With `docs`, they include the config of a site, if a target of the project has pages for it.

    Paths are relative to the root of the project, if it has a config already.
    """
    project = Surroundings(folder)
    suggestions, found = _suggestions(project)
    pages = _pages(project)
    if docs and pages not in suggestions:
        suggestions.append(pages)
    place = place_of(folder)
    schema = place.inside(SCHEMA_NAME)
    config = _CONFIG + indent("".join(each.config for each in suggestions), "  ")
    files = {place.config: config}
    specs = _specs_folder(folder)
    if not any(disk.is_spec(name) for _, names in disk.walk(place.root, specs) for name in names):
        files[f"{specs}/user.yaml"] = _SPEC.replace("SCHEMA", posixpath.relpath(schema, specs))
    existing = _targets(folder)
    outs = [each.out for each in existing] or [each.out for each in suggestions]
    files |= {schema: schema_text(), ".gitattributes": _attributes(outs, place.manifest)}
    exists = os.path.lexists(folder / NAME)
    shown = pages_of(existing) if exists else pages.out
    if docs and shown is not None:
        path = posixpath.relpath(shown, place.folder or ".")
        files[place.inside(SITE_CONFIG)] = site_config(folder, path)
    if pages in suggestions:
        found += tuple(_neighbors(project, pages.out))
    return Start(
        {path: text.encode("utf-8") for path, text in files.items()}, () if exists else found
    )


def _neighbors(project: Surroundings, pages: str) -> Iterator[str]:
    """Yield what to change for the tools that would change pages."""
    if "mdformat" in (project.text(_HOOKS) or ""):
        yield f"{_HOOKS}: add `exclude: ^{pages}/` to mdformat, which removes escapes"


def _suggestions(project: Surroundings) -> tuple[list[Suggestion], tuple[str, ...]]:
    """Return the target of each language that is there, or of all, and what was found.

    A variant of another target, such as one for a library, suggests nothing by inheritance.
    """
    suggestions = [
        suggestion
        for cls in built_in_targets()
        if "initial_config" in vars(cls) and (suggestion := cls.initial_config(project))
    ]
    there = [each for each in suggestions if each.found]
    if not there:
        return suggestions, ()
    found = [f"{each.found}: {each.decided}" for each in there]
    return there, (*found, *(each.passed_over for each in suggestions if each.passed_over))


def _attributes(outs: Iterable[str], manifest: str) -> str:
    """Return the text of a .gitattributes for output folders, most of which are in one folder."""
    folders = sorted({"generated" if out.startswith("generated/") else out for out in outs})
    lines = (f"{folder}/** text eol=lf linguist-generated\n" for folder in folders)
    return _ATTRIBUTES.replace("LINES", "".join(lines)).replace("MANIFEST", manifest)


def _pages(project: Surroundings) -> Suggestion:
    suggestion = target_class(PAGES).initial_config(project)
    assert suggestion is not None
    return suggestion


def _targets(folder: Path) -> tuple[Settings, ...]:
    """Return the targets of an existing config."""
    with suppress(ProblemsError):  # `modelsync generate` reports the problems
        config = _config(folder)
        return config.targets if config else ()
    return ()


def _specs_folder(folder: Path) -> str:
    """Return the specs folder: the one in an existing config, or the default."""
    with suppress(ProblemsError):  # `modelsync generate` reports the problems
        config = _config(folder)
        return config.specs if config else "specs"
    return "specs"


def _config(folder: Path) -> Config | None:
    """Return the existing config, if any. Raises :class:`ProblemsError`."""
    return read_project_config(folder) if os.path.lexists(folder / NAME) else None


def ejected(folder: Path, targets: Collection[str]) -> dict[str, bytes]:
    """Return the built-in templates of `targets`, with their paths in the project.

    Its config, if there is one, is in `folder`.
    """
    config = _config(folder)
    templates = config.templates if config else "templates"
    files: dict[str, bytes] = {}
    for target in targets:
        source = target_class(target).templates or built_in_templates() / target
        for path in sorted(source.rglob("*")):
            if path.is_file():
                name = path.relative_to(source).as_posix()
                files[f"{templates}/{target}/{name}"] = path.read_bytes()
    return files
