"""Run cases through generated Python, in this process."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from modelsync.targets.python import PythonTarget
from modelsync.verify.cases import Case, Outcome, RunFailed


def run(target: PythonTarget, out: Path, cases: Sequence[Case]) -> list[Outcome]:
    """Return what the package that `target` made in the folder `out` makes of each case, in order.

    Raises :class:`RunFailed` where it cannot be imported, or an error is not its own.
    """
    # How deep documents may nest depends on the stack: a thread begins with an empty one.
    with _imported(out.resolve()) as load, ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(_outcomes, target, load, cases).result()


def _outcomes(
    target: PythonTarget, load: Callable[[str], ModuleType], cases: Sequence[Case]
) -> list[Outcome]:
    decode_error = load("").DecodeError
    codecs = {
        definition: _codec(target, load, definition)
        for definition in dict.fromkeys(case.definition for case in cases)
    }
    return [_outcome(case, *codecs[case.definition], decode_error) for case in cases]


def _codec(
    target: PythonTarget, load: Callable[[str], ModuleType], definition: str
) -> tuple[Callable[[bytes], Any], Callable[[Any], str]]:
    """Return the functions that read and write a definition: methods, or functions beside it."""
    place = target.places[definition]
    package = load("".join(f".{folder}" for folder in place.package))
    if not place.functions:
        model = getattr(package, place.type)
        return model.from_json, model.to_json
    reader = getattr(package, f"{place.functions}_from_json")
    return reader, getattr(package, f"{place.functions}_to_json")


def _outcome(
    case: Case,
    read: Callable[[bytes], Any],
    write: Callable[[Any], str],
    decode_error: type[Exception],
) -> Outcome:
    try:
        return Outcome(accepted=True, json=write(read(case.document)))
    except decode_error as error:
        return Outcome(accepted=False, path=str(getattr(error, "path", "")), message=str(error))
    except Exception as error:
        return Outcome(accepted=False, crash=f"{type(error).__name__}: {error}")


@contextmanager
def _imported(out: Path) -> Iterator[Callable[[str], ModuleType]]:
    """Import the package in `out`, and leave no trace of it behind.

    What is yielded imports a module by what follows the package's name, such as `.mix`.
    """
    name = out.name
    path, modules, writes_no_bytecode = sys.path[:], _modules(name), sys.dont_write_bytecode
    for known in modules:
        del sys.modules[known]
    sys.path.insert(0, str(out.parent))
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()

    def load(suffix: str) -> ModuleType:
        try:
            return importlib.import_module(f"{name}{suffix}")
        except Exception as error:
            raise RunFailed(f"{name}{suffix} cannot be imported") from error

    try:
        yield load
    finally:
        for known in _modules(name):
            del sys.modules[known]
        sys.modules.update(modules)
        sys.path[:] = path
        sys.dont_write_bytecode = writes_no_bytecode


def _modules(package: str) -> dict[str, ModuleType]:
    """Return the modules of a package that are imported."""
    return {
        name: module
        for name, module in sys.modules.items()
        if name == package or name.startswith(f"{package}.")
    }
