"""The types of one package, as annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelsync.schema import ir
from modelsync.targets.base import Code, code
from modelsync.targets.imports import ImportCollector
from modelsync.targets.pydantic.limits import annotated
from modelsync.targets.python.module import Annotations

if TYPE_CHECKING:
    from modelsync.targets.pydantic import PydanticTarget


class Types(Annotations):
    """Spells the types of one package, and collects what they import."""

    def __init__(self, target: PydanticTarget, package: str) -> None:
        self.target, self.definitions = target, target.schema.packages.get(package, ())
        self.root = Code("." * (len(target.folders[package]) + 1))
        self.names = {each.id: Code(target.definition_names[each.id]) for each in self.definitions}
        self.imports = ImportCollector(self.names.values())

    def limited(self, inner: Code, type_: ir.Limited) -> Code:
        return annotated(inner, type_, self.use)

    def scalar(self, type_: ir.Scalar) -> Code:
        name = "str" if type_.name == "string" else f"_base.{type_.name.capitalize()}"
        return self.use("typing", "Any") if type_.name == "any" else Code(name)

    def reference(self, type_: ir.Ref) -> Code:
        plain = self.target.schema.plain(type_)
        if isinstance(plain, ir.Ref) and plain.id in self.target.schema.recursive:
            type_ = plain  # pydantic takes the other name of a recursive model for a cycle
        there, names = self.target.schema[type_], self.target.definition_names
        if type_.id not in self.names:
            module = Code(self.root + ".".join(self.target.folders[there.package]))
            self.names[type_.id] = self.imports.use_free(module, Code(names[type_.id]))
        here = self.names[type_.id]
        if isinstance(there, ir.Enum) and there.open:
            return code("_base.Open[{}, {}]", here, self.scalar(ir.Scalar(there.type)))
        return here
