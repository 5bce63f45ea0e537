"""The files of a target: to render, and rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modelsync.schema.definitions import Definition
from modelsync.targets.checks import are_definitions, is_all, is_below, kind_of


@dataclass(frozen=True, slots=True)
class File:
    """One file to render."""

    path: str
    """Relative to the target's output folder, with `/`."""
    template: str
    """A name in the target's template folder, with or without its `.j2`."""
    view: Mapping[str, object]
    """The template's variables by name. The object for a field, a value or a member of a union has
    the attribute `position`: its position in a spec."""
    definitions: tuple[Definition, ...] = ()
    """The definitions that the file comes from; the template has them as `definitions`."""

    def __post_init__(self) -> None:
        """Raise for an invalid file, at the line that creates it."""
        if not is_all(str, self.path):
            raise TypeError(f"the path of a file is not a text, but {kind_of(self.path)}")
        if not is_all(str, self.template) or not is_below(self.template):
            raise ValueError(f"{self.template!r} cannot be the name of a template in its folder")
        if not is_all(Mapping, self.view):
            raise TypeError(f"the view is not a mapping, but {kind_of(self.view)}")
        if not is_all(str, *self.view) or "definitions" in self.view:
            raise TypeError("the names in a view must be strings other than `definitions`")
        if not are_definitions(self.definitions):
            raise TypeError("the definitions of a file are not a tuple of definitions")
        if self.template.endswith(".j2"):
            object.__setattr__(self, "template", self.template.removesuffix(".j2"))


@dataclass(frozen=True, slots=True)
class Output:
    """One rendered file."""

    data: bytes
    """UTF-8."""
    target: str
    """The name that its target has in `modelsync.yaml`."""
    template: str
    """The name of its template in the folder of the target."""
    definitions: tuple[Definition, ...]
    """The definitions that the file shows."""
