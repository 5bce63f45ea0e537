"""The Python package that a new project is for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import join
from typing import Any, Final

from modelsync.targets.new_project import NewProject, Suggestion

_FILES: Final = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile")
_NO_PACKAGES: Final = frozenset("build dist docs examples scripts test tests venv".split())
_PATH: Final = re.compile(r"(?:[A-Za-z_]\w*/)*[A-Za-z_]\w*", re.ASCII)


def suggestion(project: NewProject) -> Suggestion:
    """Return a target with a folder in the package of the project, if there is one."""
    folder = project.nearest(_FILES)
    if folder is None:
        return _config("generated/python")
    file = next(join(folder, name) for name in _FILES if project.exists(join(folder, name)))
    if folder.startswith(".."):
        return _config("generated/python", file)
    package = _package(project, folder, _toml(project.text(join(folder, "pyproject.toml"))))
    names = ("models", "generated" if package else "generated/python")
    out = project.free((join(folder, package, name) for name in names), ".py")
    found = f"{file} (package {join(folder, package)})" if package else file
    return _config(out or join(folder, "generated/python"), found)


def _config(out: str, found: str = "") -> Suggestion:
    return Suggestion(f"python:\n  out: {out}\n", out, found, f"Python in `{out}`")


def _package(project: NewProject, folder: str, toml: Mapping[str, Any]) -> str:
    """Return the folder of the package, below `folder`; empty if none is found."""
    for path in [*_declared(toml), *_named(toml)]:
        if _PATH.fullmatch(path) and project.is_folder(join(folder, path)):
            return path
    for parent in ("src", ""):
        packages = [
            join(parent, name)
            for name in project.folders(join(folder, parent))
            if name not in _NO_PACKAGES
            if project.exists(join(folder, parent, name, "__init__.py"))
        ]
        if packages and (len(packages) == 1 or parent):
            return packages[0]
    return ""


def _declared(toml: Mapping[str, Any]) -> Iterator[str]:
    """Yield the folders of packages that the settings of build tools name."""
    yield from _texts(_get(toml, "tool", "hatch", "build", "targets", "wheel", "packages"))
    for each in _list(_get(toml, "tool", "poetry", "packages")):
        if isinstance(each, dict):
            yield join(str(each.get("from", "")), str(each.get("include", "")))
    uv = _get(toml, "tool", "uv", "build-backend")
    if isinstance(uv, dict) and isinstance(uv.get("module-name"), str):
        yield join(str(uv.get("module-root", "src")), uv["module-name"].replace(".", "/"))
    root = _get(toml, "tool", "setuptools", "package-dir", "")
    packages = _get(toml, "tool", "setuptools", "packages")
    for name in _texts(packages):
        yield join(root if isinstance(root, str) else "", name.replace(".", "/"))
    names = _texts(_get(toml, "tool", "flit", "module", "name"))
    yield from (path for name in names for path in (join("src", name), name))


def _named(toml: Mapping[str, Any]) -> Iterator[str]:
    """Yield the usual folders of a package with the name of the project."""
    for name in (_get(toml, "project", "name"), _get(toml, "tool", "poetry", "name")):
        if isinstance(name, str):
            module = re.sub(r"[-.]+", "_", name)
            for spelled in dict.fromkeys((module.lower(), module)):
                yield join("src", spelled)
                yield spelled


def _toml(text: str | None) -> Mapping[str, Any]:
    import tomllib  # noqa: PLC0415 - only `init` needs it

    try:
        return tomllib.loads(text or "")
    except tomllib.TOMLDecodeError:
        return {}


def _get(toml: object, *keys: str) -> object:
    for key in keys:
        toml = toml.get(key) if isinstance(toml, dict) else None
    return toml


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    values = [value] if isinstance(value, str) else _list(value)
    return [each for each in values if isinstance(each, str)]
