"""The options that a target reads in `modelsync.yaml`, and the settings with their values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

from modelsync.errors import Position
from modelsync.targets.checks import is_all
from modelsync.targets.naming_rules import PLAIN, Naming

OptionKind: TypeAlias = Literal["text", "flag", "names", "texts"]
"""What the value of an option is: a text, true or false, a mapping of text to text, or texts."""
OptionValue: TypeAlias = str | bool | Mapping[str, str] | tuple[str, ...]

_TYPES: Final[Mapping[OptionKind, type]] = {
    "text": str,
    "flag": bool,
    "names": Mapping,
    "texts": tuple,
}


@dataclass(frozen=True, slots=True)
class Option:
    """One key that a target reads in `modelsync.yaml`."""

    name: str
    doc: str
    kind: OptionKind = "text"
    default: OptionValue | None = None
    """The option is required if this is None."""
    choices: tuple[str, ...] = ()
    """The only texts allowed; empty if all are."""
    pattern: re.Pattern[str] | None = None
    """What a text, or each of the texts, must match in full."""
    hint: str = ""
    """What `pattern` matches, in words."""
    within: str = ""
    """The mapping of the target that contains the option; empty for the target itself."""

    def __post_init__(self) -> None:
        """Raise for an invalid option, at the line that creates it."""
        if not is_all(str, self.name, self.doc) or not self.name:
            raise TypeError("an option has a name and a text that describes it")
        if self.kind not in _TYPES:
            raise ValueError(
                f"an option's kind is one of {', '.join(get_args(OptionKind))}, not {self.kind!r}"
            )
        if self.default is not None and not isinstance(self.default, _TYPES[self.kind]):
            raise TypeError(f"the default of the option `{self.name}` is not a {self.kind}")
        if not is_all(tuple, self.choices) or not is_all(str, *self.choices):
            raise TypeError(f"the choices of the option `{self.name}` are not a tuple of strings")
        if self.pattern is not None and not is_all(re.Pattern, self.pattern):
            raise TypeError(f"the pattern of the option `{self.name}` is not compiled")


VARIANTS: Final = Option(
    "variants",
    "Whether to add types for requests, without read-only fields, and for responses, without"
    " write-only ones.",
    "flag",
    default=False,
)
"""The option of targets whose schema gets the variants of :mod:`modelsync.schema.variants`."""

STRUCTURED: Final = Option(
    "structured",
    "Whether to add a function that decodes what a language model returns for the schemas of a"
    " `preset` of the target `json-schema`.",
    "flag",
    default=False,
)
"""The option of targets that undo :mod:`modelsync.schema.structured`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one target in `modelsync.yaml`."""

    name: str
    target: str
    """The name of the target's class."""
    out: str
    """The output folder, relative to the project, with `/`."""
    packages: tuple[str, ...] = ()
    """The packages that the target has; empty for all."""
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    naming: Naming = PLAIN
    """What the config says about the names of all targets."""
    position: Position = field(default=Position("modelsync.yaml"), compare=False)
    """The position in that file."""
    option_positions: Mapping[str, Position] = field(default_factory=dict, compare=False)

    def text(self, option: str) -> str:
        """Return an option of kind `text`."""
        value = self.options[option]
        assert isinstance(value, str)
        return value

    def texts(self, option: str) -> tuple[str, ...]:
        """Return an option of kind `texts`."""
        value = self.options[option]
        assert isinstance(value, tuple)
        return value

    def names(self, option: str) -> Mapping[str, str]:
        """Return an option of kind `names`."""
        value = self.options[option]
        assert isinstance(value, Mapping)
        return value

    @property
    def has_variants(self) -> bool:
        """Whether the target has types for requests and for responses."""
        return self.options.get(VARIANTS.name) is True

    @property
    def is_structured(self) -> bool:
        """Whether the target undoes the presets for structured output."""
        return self.options.get(STRUCTURED.name) is True

    def where(self, option: str) -> Position:
        """Return the position of an option, or of the target if the option has its default."""
        return self.option_positions.get(option, self.position)
