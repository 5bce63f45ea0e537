"""Compile generated models, and let pydantic build them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from modelsync.targets.base import Target
from modelsync.verify.languages import Compiler, Finding, Toolset
from modelsync.verify.languages.python import TOOLSET as PYTHON
from modelsync.verify.languages.python import python_with
from modelsync.verify.toolchains import RequiredTool, Tool

_PROGRAM: Final = """
import importlib, pkgutil, sys, traceback, warnings
from importlib.util import module_from_spec, spec_from_file_location

import pydantic
from typing_extensions import TypeAliasType

warnings.simplefilter("error")
spec = spec_from_file_location("modelsync_models", sys.argv[1] + "/__init__.py")
package = sys.modules["modelsync_models"] = module_from_spec(spec)
try:
    spec.loader.exec_module(package)
    names = [each.name for each in pkgutil.walk_packages(package.__path__, "modelsync_models.")]
    for module in [package, *map(importlib.import_module, names)]:
        for value in vars(module).values():
            if isinstance(value, (TypeAliasType, type)):
                if getattr(value, "__module__", "") == module.__name__:
                    pydantic.TypeAdapter(value)
except Exception:
    sys.exit(traceback.format_exc(-2))
"""
"""Builds the validator of each type. The package has a name that no other module has."""


def build(out: Path, python: Tool) -> list[Finding]:
    """Return the first error of pydantic in the package whose folder is `out`."""
    done = python.run("-P", "-B", "-c", _PROGRAM, out)
    return [Finding("pydantic", done.stdout + done.stderr)] if done.returncode else []


class PydanticToolset(Toolset):
    """Checks with mypy, and builds the models with pydantic."""

    def compilers(self, target: Target) -> Sequence[Compiler]:
        """Return mypy and pydantic."""

        def find(_project: Path) -> Tool:
            return python_with("pydantic")

        required = RequiredTool("pydantic", find, "not type-checked")
        return (*PYTHON.compilers(target), Compiler(required, build))


TOOLSET = PydanticToolset()
