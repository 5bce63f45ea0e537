"""modelsync generates the same models in Python, TypeScript, Go and Markdown from one spec.

from pathlib import Path
import modelsync

project = modelsync.load(Path("."))        # project.schema: all definitions, checked
checked = modelsync.check(Path("."))       # checked.plan: which files differ, and why
generated = modelsync.generate(Path("."))  # generated.plan: which files were changed, and why
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modelsync.commands.check import check
    from modelsync.commands.generate import generate
    from modelsync.errors import ProblemsError
    from modelsync.project.load import load

__all__ = ["ProblemsError", "check", "generate", "load"]

_MODULES = {
    "ProblemsError": "modelsync.errors",
    "check": "modelsync.commands.check",
    "generate": "modelsync.commands.generate",
    "load": "modelsync.project.load",
}


def __getattr__(name: str) -> Any:
    # Import on first use, so that each command only imports what it needs.
    if name in _MODULES:
        return getattr(importlib.import_module(_MODULES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
