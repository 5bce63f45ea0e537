"""`modelsync init`: the files that a project starts from, and templates to customize."""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from textwrap import indent
from typing import Final

from modelsync import disk
from modelsync.commands.schema import schema_text
from modelsync.errors import ProblemsError
from modelsync.plan.manifest import NAME as MANIFEST
from modelsync.project.config import NAME, Config
from modelsync.project.load import read_project_config
from modelsync.render.templates import built_in_templates
from modelsync.spec.nodes import MAX_BYTES
from modelsync.targets import built_in_targets, target_class
from modelsync.targets.base import NewProject, Target

SCHEMA_NAME: Final = "modelsync.schema.json"

_ATTRIBUTES: Final = f"""\
# Generated files have the same bytes everywhere, so git must not convert their line endings.
generated/** text eol=lf linguist-generated
# If two branches change the manifest, a merge keeps the lines of both.
{MANIFEST} text eol=lf merge=union linguist-generated
"""

_CONFIG: Final = """\
# yaml-language-server: $schema=modelsync.schema.json
# The folder of the specs, and what `modelsync generate` generates from them.
specs: specs
targets:
"""

_SPEC: Final = """\
# yaml-language-server: $schema=UP/modelsync.schema.json
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


def new_project(folder: Path) -> dict[str, bytes]:
    """Return the files of a new project in `folder`, with a first spec if there are none."""
    files = {NAME: _initial_config(folder)}
    specs = _specs_folder(folder)
    if not any(disk.is_spec(name) for _, names in disk.walk(folder, specs) for name in names):
        up = "/".join(".." for _ in specs.split("/"))
        files[f"{specs}/user.yaml"] = _SPEC.replace("UP", up)
    files |= {SCHEMA_NAME: schema_text(), ".gitattributes": _ATTRIBUTES}
    return {path: text.encode("utf-8") for path, text in files.items()}


def _initial_config(folder: Path) -> str:
    """Return the config of a new project, with what each target suggests for it.

    A variant of another target, such as one for a library, suggests nothing by inheritance.
    """
    suggestions = (
        cls.initial_config(_seen_by(cls, folder))
        for cls in built_in_targets()
        if "initial_config" in vars(cls)
    )
    return _CONFIG + indent("".join(suggestions), "  ")


def _seen_by(cls: type[Target], folder: Path) -> NewProject:
    """Return the project in a folder, with the file that a target asks for."""
    root = disk.find_project(folder, cls.asks_for_file) if cls.asks_for_file else None
    if root is None:
        return NewProject(folder.name)
    data = disk.read_config(root, cls.asks_for_file, MAX_BYTES) or b""
    text = data.decode("utf-8", "replace")
    return NewProject(folder.name, text, folder.relative_to(root).parts)


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
    """Return the built-in templates of `targets`, with their paths in the project in `folder`."""
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
