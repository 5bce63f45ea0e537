"""The Go module that a new project is in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join
from typing import Final

from modelsync.errors import Problem
from modelsync.naming import snake
from modelsync.targets.go.names import IMPORT_PATH
from modelsync.targets.new_project import NewProject, Suggestion
from modelsync.targets.options import Settings

# In one line or in parentheses, with or without quotes: https://go.dev/ref/mod#go-mod-file-module
_MODULE: Final = re.compile(r"""^module\s+(?:\(\s*)?["`]?([\w.~/-]+)""", re.MULTILINE)

_OUT: Final = "generated/go/models"
"""The output folder if there is no module. Go calls the package like the folder."""


def module_in(text: str) -> str:
    """Return the path of the module in the text of a go.mod; empty if there is none."""
    found = _MODULE.search(text)
    return found[1] if found else ""


def suggestion(project: NewProject) -> Suggestion:
    """Return a target that the module of the project, if there is one, can import."""
    folder = project.nearest(["go.mod"], anywhere_above=True)
    module = module_in(project.text(join(folder, "go.mod")) or "") if folder is not None else ""
    if folder is None or not module:
        return _config(_OUT, _example(project.name))
    is_above = folder.startswith("..")
    base = "" if is_above else folder
    out = project.free(_folders(project, base)) or join(base, _OUT)
    inside = [*project.parts_below(folder), out] if is_above else [out[len(base) :].strip("/")]
    path = "/".join([module, *inside])
    if not IMPORT_PATH.fullmatch(path):  # for example if a folder's name has a space
        return _config(_OUT, _example(project.name))
    return _config(out, path, f"{join(folder, 'go.mod')} (module {module})")


def wrong_module(settings: Settings, project: NewProject) -> Iterator[Problem]:
    """Yield a warning if the go.mod above the output folder gives it another import path."""
    if settings.options.get("gomod") is True:
        return  # the output folder is a module
    parts = settings.out.split("/")
    above = ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]
    folder = next((each for each in above if project.exists(join(each, "go.mod"))), None)
    if folder is not None:
        inside = parts[folder.count("/") + 1 :]
    else:
        folder = project.nearest_above(["go.mod"])
        if folder is None:
            return
        inside = [*project.parts_below(folder), *parts]
    file = join(folder, "go.mod")
    module = module_in(project.text(file) or "")
    path = "/".join([module, *inside])
    if module and path != settings.text("module") and IMPORT_PATH.fullmatch(path):
        yield Problem(
            settings.where("module"),
            "MS097",
            f"`{file}` gives the output folder the import path `{path}`",
            f"write `module: {path}`",
        )


def _folders(project: NewProject, base: str) -> list[str]:
    parents = [name for name in ("internal", "pkg") if project.is_folder(join(base, name))]
    return [join(base, parent, "models") for parent in [*parents, ""]]


def _example(name: str) -> str:
    words = snake(name)
    return f"example.com/{words if words and words.isascii() else 'models'}/{_OUT}"


def _config(out: str, path: str, found: str = "") -> Suggestion:
    config = f"go:\n  out: {out}\n  module: {path} # the import path of that folder\n"
    if not found:
        config += (
            "  # gomod: true # also writes go.mod, if the folder is in none of your Go modules\n"
        )
    return Suggestion(config, out, found, f"Go in `{out}`")
