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
    respelled,
    snake,
    words,
)
from modelsync.paths import DEVICES
from modelsync.targets.base import Code
from modelsync.targets.naming_rules import starts_with_digit
from modelsync.targets.words import words_in

_LISTS: Final = Path(__file__).parent / "reserved"
UNFIT_PACKAGES: Final = words_in(_LISTS / "packages.txt")
"""Names that no generated folder or package has, because they have a meaning in Go."""

UNFIT_IMPORTS: Final = frozenset(
    map(
        Code,
        [*UNFIT_PACKAGES, *"codec data decoded dst err object r start tag time v w wire".split()],
    )
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
TAG: Final = re.compile(r"(?!json\Z)[a-z][a-z0-9_.]*")
"""The patterns of import paths, package names and other struct tags, for full matches."""


_PLURALS: Final = {
    f"{word}s": f"{word.upper()}s" for word in INITIALISMS if f"{word}s" not in INITIALISMS
}


@lru_cache(maxsize=64)
def _in_go(spelled: Spelling) -> Spelling:
    """Return a spelling that also has the plurals of initialisms: `IDs`."""
    return Spelling({**_PLURALS, **spelled.by_word})


def type_name(name: str, spelled: Spelling) -> str:
    """`OrderId` -> `OrderID`: only initialisms change in names such as `ABTest`."""
    if "A" <= name[:1] <= "Z" and "_" not in name:
        return respelled(name, _in_go(spelled), INITIALISMS)
    return exported(name, spelled)


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
    name = pascal(text, INITIALISMS, _in_go(spelled))
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
