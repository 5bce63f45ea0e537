"""Compile generated Python, and run it in this process."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

from modelsync.targets.base import Target
from modelsync.targets.python import PythonTarget
from modelsync.threads import apart
from modelsync.verify import toolchains
from modelsync.verify.cases import UNEQUAL, Case, Error, Outcome, RunFailed, written
from modelsync.verify.languages import Compiler, Finding, Toolset
from modelsync.verify.strict import parse
from modelsync.verify.toolchains import SECONDS, RequiredTool, Tool, ToolchainMissing


def run(
    target: PythonTarget, out: Path, cases: Sequence[Case], seconds: float = SECONDS
) -> list[Outcome]:
    """Run the package of `target` in `out`, and return the outcome of each case, in order.

    Its output is hidden, and an exit is a crash.

    Raises :class:`RunFailed` if it cannot be imported, or has not ended after `seconds`.
    """
    with _imported(out.resolve()) as load, _silenced():
        # How deep documents may nest depends on the stack: a thread begins with an empty one.
        try:
            return apart(partial(_outcomes, target, load, cases), seconds)
        except TimeoutError as error:
            raise RunFailed(f"no answer within {seconds:g} seconds") from error


def _outcomes(
    target: PythonTarget, load: Callable[[str], ModuleType], cases: Sequence[Case]
) -> list[Outcome]:
    root = load("")
    decode_error, all_errors = _member(root, "DecodeError"), _member(root, "all_errors")
    codecs = {
        definition: _codec(target, load, definition)
        for definition in dict.fromkeys(case.definition for case in cases)
    }
    return [_outcome(case, codecs[case.definition], decode_error, all_errors) for case in cases]


class _Codec(NamedTuple):
    """The functions of a definition: methods, or functions next to it."""

    from_json: Callable[[bytes], Any]
    to_json: Callable[[Any], str]
    from_dict: Callable[[Any], Any]


def _codec(target: PythonTarget, load: Callable[[str], ModuleType], definition: str) -> _Codec:
    place = target.places[definition]
    package = load("".join(f".{folder}" for folder in place.package))
    owner = package if place.functions else _member(package, place.type)
    prefix = f"{place.functions}_" if place.functions else ""
    return _Codec(*(_member(owner, f"{prefix}{name}") for name in _Codec._fields))


def _member(owner: Any, name: str) -> Any:
    try:
        return getattr(owner, name)
    except AttributeError as error:
        raise RunFailed(str(error)) from error


def _outcome(
    case: Case,
    codec: _Codec,
    decode_error: type[Exception],
    all_errors: Callable[[Callable[[Any], Any], Any], Sequence[Exception]],
) -> Outcome:
    """Return the outcome of a case, with all errors if it is rejected."""
    outcome = _attempt(case, codec, decode_error)
    if outcome.accepted or outcome.crash:
        return outcome
    try:
        document = parse(case.document.decode("utf-8"))
    except (ValueError, RecursionError):
        return outcome
    try:
        found = all_errors(codec.from_dict, document)
        return replace(outcome, errors=tuple(Error(_path(each), str(each)) for each in found))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Outcome(accepted=False, crash=f"all_errors: {_named(error)}")


def _attempt(case: Case, codec: _Codec, decode_error: type[Exception]) -> Outcome:
    try:
        value = codec.from_json(case.document)
        if case.alike is not None and codec.from_json(case.alike) != value:
            return Outcome(accepted=False, crash=UNEQUAL)
        return written(codec.to_json(value))
    except KeyboardInterrupt:
        raise
    except decode_error as error:
        return Outcome(accepted=False, path=_path(error), message=str(error))
    except BaseException as error:  # such as an exit
        return Outcome(accepted=False, crash=_named(error))


def _path(error: Exception) -> str:
    return str(getattr(error, "path", ""))


def _named(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error}"  # with its file and line
    return traceback.format_exception_only(error)[-1].strip()


@contextmanager
def _silenced() -> Iterator[None]:
    """Hide what is printed: programs read the output of modelsync."""
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
    ):
        yield


@contextmanager
def _imported(out: Path) -> Iterator[Callable[[str], ModuleType]]:
    """Import the package in `out`, and remove all traces of it afterward.

    Yields a function that imports a module by its name after that of the package, such as `.mix`.
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
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # such as an exit
            raise RunFailed(f"{name}{suffix} cannot be imported: {_named(error)}") from error

    try:
        yield load
    finally:
        for known in _modules(name):
            del sys.modules[known]
        sys.modules.update(modules)
        sys.path[:] = path
        sys.dont_write_bytecode = writes_no_bytecode


def _modules(package: str) -> dict[str, ModuleType]:
    """Return the imported modules of a package."""
    return {
        name: module
        for name, module in sys.modules.items()
        if name == package or name.startswith(f"{package}.")
    }


# Tools -------------------------------------------------------------------------------------------


_INSTALL: Final = "run `pip install {}` in the environment of modelsync"


def this_python() -> Tool:
    """Return the Python that runs modelsync."""
    return Tool("python", (sys.executable,), sys.version_info[:3])


def python_with(package: str) -> Tool:
    """Return the Python that runs modelsync, if it can import a package."""
    if importlib.util.find_spec(package) is None:
        raise ToolchainMissing(package, "not found", _INSTALL.format(package))
    return this_python()


def find_mypy(packages: Sequence[str] = ()) -> Tool:
    """Find mypy in the running environment, or else on PATH.

    The running environment must have the packages that the generated code imports.
    """
    for package in packages:
        python_with(package)
    # Without -P, Python would import a module of the current folder instead of one of mypy's.
    beside = (sys.executable, "-P", "-m", "mypy") if importlib.util.find_spec("mypy") else None
    commands = (beside, toolchains.program_on_path("mypy"))
    return toolchains.first_recent("mypy", commands, "--version", bool, _INSTALL.format("mypy"))


def check(out: Path, mypy: Tool) -> list[Finding]:
    """Return what `mypy --strict` finds in the package whose folder is `out`."""
    with tempfile.TemporaryDirectory(prefix="modelsync-") as cache:
        # A mypy of another environment would not find the packages that the code imports.
        python = f"--python-executable={sys.executable}"
        options = ("--strict", "--config-file=", f"--cache-dir={cache}", python)
        done = mypy.run(*options, out.name, cwd=out.parent)
    return [Finding("mypy", done.stdout + done.stderr)] if done.returncode else []


class PythonToolset(Toolset):
    """Checks with mypy, runs in this process."""

    runnable = PythonTarget
    runtime = RequiredTool("python", lambda _project: this_python(), "not run")

    def compilers(self, target: Target) -> Sequence[Compiler]:
        """Return mypy."""

        def find(_project: Path) -> Tool:
            return find_mypy(target.requires)

        return (Compiler(RequiredTool("mypy", find, "not type-checked"), check),)

    def run(self, target: Target, out: Path, cases: Sequence[Case], tool: Tool) -> list[Outcome]:
        """Run the cases in this process."""
        assert isinstance(target, PythonTarget)
        return run(target, out, cases)


TOOLSET = PythonToolset()
