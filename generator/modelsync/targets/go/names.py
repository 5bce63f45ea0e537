"""Names in Go: identifiers, files, packages and the keys of struct tags."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from modelsync.naming import INITIALISMS, is_letter_or_digit, pascal, snake, words
from modelsync.paths import DEVICES

_KEYWORDS: Final = frozenset(
    """
    break case chan const continue default defer else fallthrough for func go goto if import
    interface map package range return select struct switch type var
    """.split()
)
_PREDECLARED: Final = frozenset(
    """
    any append bool byte cap clear close comparable complex complex64 complex128 copy delete error
    false float32 float64 imag int int8 int16 int32 int64 iota len make max min new nil panic
    print println real recover rune string true uint uint8 uint16 uint32 uint64 uintptr
    """.split()
)
UNFIT_PACKAGES: Final = (
    _KEYWORDS | _PREDECLARED | {"init", "internal", "main", "testdata", "vendor"}
)
"""Words that no folder and package of ours is called, since Go gives them a meaning."""

_BUILD_SUFFIXES: Final = frozenset(
    """
    test
    aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9
    solaris wasip1 windows zos
    386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32
    mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm
    """.split()
)
"""Words that, last in a file's name, tell Go when to leave the file out."""

_UNFIT_FILES: Final = DEVICES | {"doc"}
"""The file of the package's own comment, and the devices of Windows."""

IMPORT_PATH: Final = re.compile(
    r"(?!\.)[A-Za-z0-9._~-]*[A-Za-z0-9_~-](?:/(?!\.)[A-Za-z0-9._~-]*[A-Za-z0-9_~-])*"
)
PACKAGE: Final = re.compile(r"[a-z][a-z0-9_]*")
"""What an import path, and the name of a package, match as a whole."""


def exported(text: str) -> str:
    """`user_id` -> `UserID`, `名前` -> `X名前`; empty where no letter and no digit is."""
    name = pascal(text, INITIALISMS)
    if not name.isascii():
        name = "".join(filter(is_letter_or_digit, name))
    return name if not name or is_exported(name) else f"X{name}"


def is_exported(name: str) -> bool:
    """Whether an identifier is one that other packages can use."""
    return unicodedata.category(name[0]) == "Lu"


def file_stem(name: str) -> str:
    """Return the name of a definition's file, without `.go`: never one that has a meaning to Go."""
    stem = snake(name)
    _, *rest = stem.split("_")
    unfit = stem in _UNFIT_FILES or (rest and rest[-1] in _BUILD_SUFFIXES)
    return f"{stem}_" if unfit else stem


def folder_part(part: str) -> str:
    """Return the folder, and name, of the package for one part of a spec's package."""
    unfit = part in UNFIT_PACKAGES or part in _UNFIT_FILES or part.endswith("_test")
    return f"{part}_" if unfit else part


def package_of_module(module: str) -> str:
    """Return the name of the package at an import path: `acme/go-models/v2` -> `models`."""
    parts = [part for part in module.split("/") if not re.fullmatch(r"v\d+", part)] or [module]
    name = "".join(words(parts[-1].removeprefix("go-").removesuffix(".go"))).lower()
    return folder_part(name) if PACKAGE.fullmatch(name) else "models"


# A name that struct tags can hold: what encoding/json takes, less a lone dash, which it leaves out.
_TAG_NAME: Final = re.compile(r"(?!-\Z)[\w!#$%&()*+\-./:;<=>?@[\]^{|}~ ]+")


@lru_cache(maxsize=65_536)
def fits_a_tag(wire: str) -> bool:
    """Whether encoding/json finds the key `wire` in a struct tag."""
    return _TAG_NAME.fullmatch(wire) is not None and (
        wire.isascii() or all(c.isascii() or is_letter_or_digit(c) for c in wire)
    )
