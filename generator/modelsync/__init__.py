"""modelsync: one spec, and the same model in Python, TypeScript, Go and Markdown.

from pathlib import Path
import modelsync

project = modelsync.load(Path("."))      # the schema of all specs, checked
done = modelsync.generate(Path("."))     # every target written; says what changed
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modelsync.errors import ProblemsError
    from modelsync.sync import generate, load

__all__ = ["ProblemsError", "generate", "load"]


def __getattr__(name: str) -> Any:
    # Imported on first use, so that the command line pays only for what a command needs.
    if name in __all__:
        home = "modelsync.errors" if name == "ProblemsError" else "modelsync.sync"
        return getattr(importlib.import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
