"""Names in Go: identifiers, files, packages and the keys of struct tags."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

from modelsync.naming import (
    INITIALISMS,
    PLAIN,
    Spelling,
    is_letter_or_digit,
    pascal,
    snake,
    words,
)
from modelsync.paths import DEVICES
from modelsync.targets.base import Code, NewProject
from modelsync.targets.naming_rules import starts_with_digit
from modelsync.targets.words import words_in

_LISTS: Final = Path(__file__).parent / "reserved"
UNFIT_PACKAGES: Final = words_in(_LISTS / "packages.txt")
"""Names that no generated folder or package has, because they have a meaning in Go."""

UNFIT_IMPORTS: Final = frozenset(
    map(Code, [*UNFIT_PACKAGES, *"data dst err object r start tag time v w wire".split()])
)
"""Names that have a meaning in a generated file: its imports, and variables in its functions."""

_BUILD_SUFFIXES: Final = words_in(_LISTS / "build_suffixes.txt")
"""Words at the end of a file's name that restrict on which systems Go builds the file."""

_UNFIT_FILES: Final = DEVICES | {"doc"}
"""The file of the package's doc comment, and the devices of Windows."""

IMPORT_PATH: Final = re.compile(
    r"(?!\.)[A-Za-z0-9._~-]*[A-Za-z0-9_~-](?:/(?!\.)[A-Za-z0-9._~-]*[A-Za-z0-9_~-])*"
)
PACKAGE: Final = re.compile(r"[a-z][a-z0-9_]*")
"""The patterns of import paths and package names, for full matches."""
# In one line or in parentheses, with or without quotes: https://go.dev/ref/mod#go-mod-file-module
_MODULE: Final = re.compile(r"""^module\s+(?:\(\s*)?["`]?([\w.~/-]+)""", re.MULTILINE)


def import_path_in(project: NewProject) -> str:
    """Return the import path of the output folder, in the Go module of the project if any."""
    module = _MODULE.search(project.text or "")
    path = "/".join([module[1], *project.inside, "generated/go"]) if module else ""
    # Go cannot import from some folders, for example if the name has a space.
    if IMPORT_PATH.fullmatch(path):
        return path
    name = snake(project.name)
    return f"example.com/{name if name and name.isascii() else 'models'}/generated/go"


def exported(text: str, spelled: Spelling = PLAIN) -> str:
    """`user_id` -> `UserID`, `名前` -> `X名前`; empty if `text` has no letter or digit."""
    name = _pascal(text, spelled)
    return name if not name or is_exported(name) else f"X{name}"


def after(enum: str, text: str, spelled: Spelling) -> str:
    """Return the name of a value of an enum, which may start with a digit: `Level` -> `Level1`."""
    if not starts_with_digit(text):
        name = exported(text, spelled)
        return enum + name if name else ""
    return f"{enum}{'Value' * enum[-1:].isdecimal()}{_pascal(text, spelled)}"


def _pascal(text: str, spelled: Spelling) -> str:
    name = pascal(text, INITIALISMS, spelled)
    if not name.isascii():
        name = "".join(filter(is_letter_or_digit, name))
    return name


def is_exported(name: str) -> bool:
    """Whether other packages can use an identifier."""
    return unicodedata.category(name[0]) == "Lu"


def file_stem(name: str) -> str:
    """Return the name of a definition's file, without `.go`: none that has a meaning in Go."""
    stem = snake(name)
    _, *rest = stem.split("_")
    unfit = stem in _UNFIT_FILES or (rest and rest[-1] in _BUILD_SUFFIXES)
    return f"{stem}_" if unfit else stem


def folder_part(part: str) -> str:
    """Return the name of the folder and the package for one part of a spec package."""
    unfit = part in UNFIT_PACKAGES or part in _UNFIT_FILES or part.endswith("_test")
    return f"{part}_" if unfit else part


def package_of_module(module: str) -> str:
    """Return the name of the package at an import path: `acme/go-models/v2` -> `models`."""
    parts = [part for part in module.split("/") if not re.fullmatch(r"v\d+", part)] or [module]
    name = "".join(words(parts[-1].removeprefix("go-").removesuffix(".go"))).lower()
    return folder_part(name) if PACKAGE.fullmatch(name) else "models"


# What encoding/json accepts as a name in a tag, except `-`, which omits the field.
_TAG_NAME: Final = re.compile(r"(?!-\Z)[\w!#$%&()*+\-./:;<=>?@[\]^{|}~ ]+")


@lru_cache(maxsize=65_536)
def fits_a_tag(json_key: str) -> bool:
    """Whether a struct tag can give a field this key."""
    return _TAG_NAME.fullmatch(json_key) is not None and (
        json_key.isascii() or all(c.isascii() or is_letter_or_digit(c) for c in json_key)
    )
