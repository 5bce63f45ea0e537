"""The settings of the target in a new project: the import path of its output folder."""

from __future__ import annotations

import re
from typing import Final

from modelsync.naming import snake
from modelsync.targets.base import NewProject
from modelsync.targets.go.names import IMPORT_PATH

# In one line or in parentheses, with or without quotes: https://go.dev/ref/mod#go-mod-file-module
_MODULE: Final = re.compile(r"""^module\s+(?:\(\s*)?["`]?([\w.~/-]+)""", re.MULTILINE)
_OUT: Final = "generated/go"


def initial_config(project: NewProject) -> str:
    """Return the lines of the target in the config."""
    return (
        "go:\n"
        f"  out: {_OUT}\n"
        f"  module: {_import_path(project)} # the import path of that folder\n"
        "  # gomod: true # also writes go.mod, if the folder is in none of your Go modules\n"
    )


def _import_path(project: NewProject) -> str:
    """Return the import path of the output folder, in the Go module of the project if any."""
    module = _MODULE.search(project.text or "")
    if module is not None:
        path = "/".join([module[1], *project.inside, _OUT])
        # Go cannot import from some folders, for example if the name has a space.
        if IMPORT_PATH.fullmatch(path):
            return path
    name = snake(project.name) or "models"
    return f"example.com/{name if name.isascii() else 'models'}/{_OUT}"
