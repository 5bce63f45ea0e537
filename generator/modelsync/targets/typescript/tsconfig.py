"""The options of a tsconfig.json, with those of the files that it extends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from posixpath import dirname, join, normpath
from typing import Any, Final

from modelsync.jsonc import plain_json
from modelsync.targets.new_project import NewProject

_MAX_FILES: Final = 20


def read_jsonc(text: str | None) -> Mapping[str, Any]:
    """Return an object of JSON with comments and trailing commas; empty if it is none."""
    try:
        value = json.loads(plain_json(text or ""), strict=False)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def compiler_options(project: NewProject, path: str) -> Mapping[str, Any]:
    """Return the compiler options of a tsconfig.json; later files override those they extend."""
    return _options(project, path, [])


def _options(project: NewProject, path: str, seen: list[str]) -> dict[str, Any]:
    path = normpath(path)
    if path in seen or len(seen) > _MAX_FILES:
        return {}
    seen.append(path)
    config = read_jsonc(project.text(path))
    extended = config.get("extends")
    options: dict[str, Any] = {}
    for name in extended if isinstance(extended, list) else [extended]:
        for place in _places(project, dirname(path), name) if isinstance(name, str) else ():
            if project.exists(place):
                options |= _options(project, place, seen)
                break
    own = config.get("compilerOptions")
    return options | (own if isinstance(own, dict) else {})


def _places(project: NewProject, folder: str, name: str) -> list[str]:
    """Return where a file that another one extends may be: a path, or a package."""
    if name.startswith(("./", "../")) or name in (".", ".."):
        return [
            join(folder, name),
            join(folder, f"{name}.json"),
            join(folder, name, "tsconfig.json"),
        ]
    places = []
    for count in range(len(project.folder.parents)):
        package = join(folder, *[".."] * count, "node_modules", name)
        places += [package, f"{package}.json", join(package, "tsconfig.json")]
    return [place for place in places if not project.is_folder(place)]
