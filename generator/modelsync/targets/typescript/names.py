"""Names in TypeScript: the reserved ones, and the folders and files of packages."""

from __future__ import annotations

import posixpath
from functools import cache
from pathlib import Path
from typing import Final

from modelsync.naming import Identifiers
from modelsync.paths import DEVICES
from modelsync.targets.base import Code, Target
from modelsync.targets.typescript.text import literal
from modelsync.targets.words import words_in

IDENTIFIERS: Final = Identifiers(more="$")

_LISTS: Final = Path(__file__).parent / "reserved"
RESERVED_DEFINITIONS: Final = words_in(_LISTS / "definitions.txt")
INHERITED: Final = words_in(_LISTS / "properties.txt")
RESERVED_FILES: Final = DEVICES | {"index"}
"""Names of modules that have another meaning in an import or on Windows."""

_RESERVED_PACKAGES: Final = words_in(_LISTS / "packages.txt")
_RESERVED_FOLDERS: Final = DEVICES | {"node_modules"}
"""Names of folders with another meaning: Node does not run TypeScript below `node_modules`."""


@cache
def _folder(package: str) -> str:
    """Return the folder of a package, below the output folder."""
    return "/".join(_free(part, _RESERVED_FOLDERS) for part in package.split("."))


def path(package: str, file: str) -> str:
    """Return the path of a file of a package, below the output folder."""
    return posixpath.join(_folder(package), file)


def exported(part: str) -> str:
    """Return the name under which an index exports a package, of which `part` is the last part."""
    return _free(part, _RESERVED_PACKAGES)


def _free(part: str, reserved: frozenset[str]) -> str:
    # With any number of `_` after it, so that two packages never get the same name.
    return f"{part}_" if part.rstrip("_") in reserved else part


def specifier(target: Target, package: str, other: str, file: str) -> Code:
    """Return how the modules of `package` import the module `file` of the package `other`."""
    extension = target.settings.text("extension")
    end = "" if extension == "none" else f".{extension}"
    return literal(f"{_folder_from(package, other)}/{file}{end}")


@cache
def _folder_from(package: str, other: str) -> str:
    """Return the path from one package's folder to another's: `.`, `../mix`."""
    path = posixpath.relpath(f"/{_folder(other)}", f"/{_folder(package)}")
    return path if path.startswith(".") else f"./{path}"
