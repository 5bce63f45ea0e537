"""Names in Python: how they are derived, and which ones already mean something else."""

from __future__ import annotations

import keyword
import re
from typing import Final

from modelsync.naming import Identifiers, constant, module_stem, pascal, snake
from modelsync.paths import DEVICES
from modelsync.schema.ir import Definition, EnumValue, Field
from modelsync.targets.base import Code

SUPPORT: Final = Code("wire")
"""The support module. The other modules import it as a whole, so it takes one name in them."""
SUPPORT_NAMES: Final = ("UNSET", "DecodeError", "EncodeError", "Unset")
"""What the root package exports from the support module."""

METHODS: Final = ("from_dict", "from_json", "to_dict", "to_json")
"""The methods of a model. Enums and unions have functions that end in these names."""

IDENTIFIERS: Final = Identifiers(normalizes=True)
KEYWORDS: Final = frozenset(keyword.kwlist)
_IN_CLASS_BODIES: Final = frozenset(
    """
    str int float bool bytes list dict object datetime date field classmethod
    Any Literal Self UTC UNSET Unset
    """.split()
)
"""What a class body refers to: a field of that name would hide it."""
_IMPORTED: Final = frozenset(
    """
    Any Final IntEnum Literal Self StrEnum TYPE_CHECKING TypeAlias UTC
    UNSET DecodeError EncodeError Unset
    """.split()
)
_BUILT_IN: Final = frozenset(
    """
    ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup
    BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError
    ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError
    DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception
    ExceptionGroup FileExistsError FileNotFoundError FloatingPointError FutureWarning
    GeneratorExit IOError ImportError ImportWarning IndentationError IndexError
    InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError
    ModuleNotFoundError NameError NotADirectoryError NotImplemented NotImplementedError
    OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError
    RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning
    StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit
    TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError
    UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning
    ZeroDivisionError
    """.split()
)
_LOCALS: Final = frozenset(
    """
    annotations choice cls data dataclass error found_array found_bool found_null found_number
    found_object found_string key member read self source text value wire write
    """.split()
)
"""Lower-case imports and local variables of generated modules: they would hide such a type."""
_OF_ENUMS: Final = frozenset(
    """
    as_integer_ratio bit_count bit_length capitalize casefold center conjugate count
    denominator encode endswith expandtabs find format format_map from_bytes imag index
    isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable
    isspace istitle isupper join ljust lower lstrip maketrans mro name numerator partition
    real removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split
    splitlines startswith strip swapcase title to_bytes translate upper value zfill
    """.split()
)
"""What enums inherit from their base classes."""

RESERVED_DEFINITIONS: Final = (
    KEYWORDS | _BUILT_IN | _IMPORTED | _IN_CLASS_BODIES | _LOCALS | frozenset("_")
)
RESERVED_FIELDS: Final = KEYWORDS | frozenset(METHODS) | _IN_CLASS_BODIES
RESERVED_VALUES: Final = KEYWORDS | _OF_ENUMS

_MANGLED: Final = re.compile("__")
_MANGLED_VALUE: Final = re.compile("__|_.*(?:__|_$)")
"""Names that Python changes, or gives a meaning, in a class and in an enum."""


def is_mangled(name: str, item: Definition | Field | EnumValue) -> bool:
    """Return whether Python treats a name with these underscores in a special way."""
    pattern = _MANGLED_VALUE if isinstance(item, EnumValue) else _MANGLED
    return bool(pattern.match(name))


def class_name(name: str) -> str:
    """Return the name of the class, or of the type, for a definition."""
    return name if name[:1].isupper() else pascal(name)


def field_name(json_key: str) -> str:
    """Return the name of the attribute for a JSON key."""
    return snake(json_key)


def value_name(json_value: str) -> str:
    """Return the name of the enum member for a JSON value."""
    return constant(json_value)


def is_free(name: str) -> bool:
    """Return whether a module or a package may have a name, in Python and as a Windows file."""
    return name not in KEYWORDS and name not in DEVICES


def function_prefix(type_name: str) -> str:
    """Return what the names of the functions of an enum or a union begin with."""
    return module_stem(type_name)


def module_name(class_: str, folder: tuple[str, ...], taken: frozenset[tuple[str, ...]]) -> str:
    """Return the name of the module that defines `class_` in a package.

    `taken` has the paths of all packages, which a module must not hide.
    """
    name = module_stem(class_)
    path = (*folder, name)
    # A class with the name of its module would hide it in the package.
    is_taken = name == class_ or path == (SUPPORT,) or path in taken
    return f"{name}_" if is_taken or not is_free(name) else name


def package_folders(packages: set[str]) -> dict[str, tuple[str, ...]]:
    """Return the folder of each package and of its parents: package -> path, in order."""
    names = {""}
    for package in packages:
        parts = package.split(".")
        names.update(".".join(parts[:n]) for n in range(1, len(parts) + 1))
    return {name: _folder(name) for name in sorted(names)}


def _folder(package: str) -> tuple[str, ...]:
    parts = [part if is_free(part) else f"{part}_" for part in package.split(".") if part]
    if parts[:1] == [SUPPORT]:
        parts[0] += "_"
    return tuple(parts)
