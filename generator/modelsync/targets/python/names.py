"""Names in Python: how they are derived, and which ones already mean something else."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from typing import Final

from modelsync.naming import module_stem, with_parents
from modelsync.paths import DEVICES
from modelsync.schema.ir import Definition, EnumValue, Field
from modelsync.targets.base import Code
from modelsync.targets.words import words_in

SUPPORT: Final = Code("wire")
"""The support module. The other modules import it as a whole, so it takes one name in them."""
SUPPORT_NAMES: Final = tuple(
    map(Code, ("UNSET", "DecodeError", "EncodeError", "Unset", "WireError", "all_errors"))
)
"""What the root package exports from the support module."""
STRUCTURED_NAMES: Final = (Code("from_structured"),)
"""What it exports in addition with the option `structured`."""

METHODS: Final = tuple(map(Code, ("from_dict", "from_json", "to_dict", "to_json")))
"""The methods of a model. Enums and unions have functions that end in these names."""

KEYWORDS: Final = frozenset(keyword.kwlist)
_LISTS: Final = Path(__file__).parent / "reserved"
RESERVED_DEFINITIONS: Final = KEYWORDS | words_in(_LISTS / "definitions.txt")
TYPES: Final = {"Decimal": "decimal", "UUID": "uuid"}
"""The types that modules import for a scalar. They are only reserved where it is used."""
RESERVED_FIELDS: Final = KEYWORDS.union(METHODS, words_in(_LISTS / "fields.txt"))
RESERVED_VALUES: Final = KEYWORDS | words_in(_LISTS / "values.txt")

_MANGLED: Final = re.compile("__")
_MANGLED_VALUE: Final = re.compile("__|_.*(?:__|_$)")
"""Names that Python mangles or treats in a special way, in a class and in an enum."""


def is_mangled(name: str, item: Definition | Field | EnumValue) -> bool:
    """Return whether Python treats a name with these underscores in a special way."""
    return bool((_MANGLED_VALUE if isinstance(item, EnumValue) else _MANGLED).match(name))


def module_name(class_: str, folder: tuple[str, ...], taken: frozenset[tuple[str, ...]]) -> str:
    """Return the name of the module that defines `class_` in a package.

    `taken` has the paths of all packages, which a module must not hide.
    """
    name = module_stem(class_)
    # A class with the name of its module would hide it in the package.
    is_taken = name == class_ or (*folder, name) in taken
    return f"{name}_" if is_taken else _free(name, folder)


def package_folders(packages: set[str], reserved: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return the folder of each package and of its parents: package -> path, in order."""
    folders: dict[str, tuple[str, ...]] = {"": ()}
    for package in sorted(with_parents(packages))[1:]:
        outer, _, name = package.rpartition(".")
        folders[package] = (*folders[outer], _free(name, folders[outer], reserved))
    return folders


def _free(name: str, folder: tuple[str, ...], reserved: frozenset[str] = KEYWORDS) -> str:
    """Return a name for a module or package that is not reserved in Python or on Windows."""
    is_taken = name in reserved or name in DEVICES or (*folder, name) == (SUPPORT,)
    return f"{name}_" if is_taken else name
