"""modelsync: one spec, and the same model in Python, TypeScript, Go and Markdown.

from pathlib import Path
import modelsync

project = modelsync.load(Path("."))      # the schema of all specs, checked
found = modelsync.check(Path("."))       # found.plan: what is not as the specs say, and why
done = modelsync.generate(Path("."))     # every target written; done.plan: what has changed
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modelsync.commands.generate import check, generate, load
    from modelsync.errors import ProblemsError

__all__ = ["ProblemsError", "check", "generate", "load"]


def __getattr__(name: str) -> Any:
    # Imported on first use, so that the command line pays only for what a command needs.
    if name in __all__:
        home = "modelsync.errors" if name == "ProblemsError" else "modelsync.commands.generate"
        return getattr(importlib.import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
