"""Find and run the programs that generated code is compiled and run with.

Each language's tools are in :mod:`modelsync.verify.languages`. modelsync downloads none of them: a
missing tool is a :class:`ToolchainMissing` error that says how to install it.
"""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from modelsync.programs import on_path
from modelsync.verify.cases import RunFailed

Version = tuple[int, ...]

SECONDS: Final = 900.0
"""The time limit of a program, far longer than any should take."""
_VERSION_SECONDS: Final = 60.0
"""The time limit of a program that prints its version."""


class ToolchainMissing(Exception):
    """A tool is missing or too old."""

    def __init__(self, tool: str, reason: str, help_: str) -> None:
        self.tool = tool
        self.reason = reason
        """What was found instead."""
        self.help = help_
        """How to install the tool."""
        super().__init__(f"{tool}: {reason}\nhelp: {help_}")


class RequiredTool(NamedTuple):
    """A tool that a language's code is compiled or run with."""

    name: str
    find: Callable[[Path], Tool]
    """Return the tool for the project in a folder, which may bring its own."""
    effect: str
    """What `verify` does not do without the tool, such as "not compiled"."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One program, ready to run."""

    name: str
    argv: tuple[str, ...]
    """The first arguments of each call, such as the paths of Node and of a script."""
    version: Version
    env: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Variables that the program needs in addition to the current environment."""

    def __str__(self) -> str:
        return f"{self.name} {format_version(self.version)} ({self.argv[-1]})"

    def run(
        self,
        *arguments: str | os.PathLike[str],
        cwd: Path | None = None,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        seconds: float = SECONDS,
    ) -> subprocess.CompletedProcess[str]:
        """Run the tool and return its exit code and its decoded output.

        A non-zero exit code is not an error here: most of these tools report findings that way.
        Raises :class:`RunFailed` if the tool has not ended after `seconds`.
        """
        command = [*self.argv, *arguments]
        # Go fails if TMPDIR names a folder that does not exist.
        temporary = {"TMPDIR": tempfile.gettempdir()}
        with subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **temporary, **self.env, **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            process_group=0,
        ) as process:
            try:
                out, err = process.communicate(stdin, seconds)
            except subprocess.TimeoutExpired as error:
                _end(process)
                raise RunFailed(f"{self.name}: no answer within {seconds:g} seconds") from error
            except BaseException:  # such as Ctrl-C, which its process group does not receive
                _end(process)
                raise
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def failure(
        self,
        *arguments: str | os.PathLike[str],
        cwd: Path | None = None,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> str:
        """Run the tool and return why it failed or did not end; empty for success."""
        try:
            done = self.run(*arguments, cwd=cwd, stdin=stdin, env=env)
        except RunFailed as error:
            return str(error)
        if done.returncode == 0:
            return ""
        return f"{self.name} ended with {done.returncode}\n{done.stderr}"


def _end(process: subprocess.Popen[str]) -> None:
    """Kill a program and its child processes, such as the binary that `go run` has built."""
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def parse_version(text: str) -> Version:
    """Return the first dotted number in `text`: ``go version go1.26.8 linux`` -> ``(1, 26, 8)``.

    Raises ValueError if there is none.
    """
    match = re.search(r"\d+(?:\.\d+)+", text)
    if match is None:
        raise ValueError(f"no version in {text!r}")
    return tuple(int(part) for part in match[0].split("."))


def format_version(version: Version) -> str:
    """Return the text of a version: ``(1, 26, 8)`` -> ``1.26.8``."""
    return ".".join(map(str, version))


def in_wheel(package: str, *files: str) -> tuple[str] | None:
    """Return the first of `files` that exists in an installed package, without importing it.

    A wheel for Windows has its programs in other places.
    """
    spec = importlib.util.find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        for file in files:
            if (path := Path(folder, file)).is_file():
                return (str(path),)
    return None


def path_with(tool: Tool) -> Mapping[str, str]:
    """Return a PATH on which `tool` is the first program of its name."""
    return {"PATH": os.pathsep.join([str(Path(tool.argv[0]).parent), os.environ.get("PATH", "")])}


def output(*argv: str, env: Mapping[str, str] | None = None) -> str:
    """Return what a command prints. Raises the errors of `subprocess.run(check=True)`."""
    return subprocess.run(
        argv,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=_VERSION_SECONDS,
    ).stdout


def program_on_path(name: str) -> tuple[str] | None:
    """Return the program of this name on PATH, as the start of a command."""
    program = on_path(name)
    return None if program is None else (program,)


def first_recent(
    name: str,
    commands: Sequence[tuple[str, ...] | None],
    version_argument: str,
    is_recent: Callable[[Version], bool],
    help_: str,
    env: Mapping[str, str] | None = None,
) -> Tool:
    """Return the first command that runs and is recent.

    Raises :class:`ToolchainMissing` with the problem of each command.
    """
    rejected = []
    for argv in filter(None, commands):
        command = " ".join(argv)
        try:
            version = parse_version(output(*argv, version_argument, env=env))
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            rejected.append(f"{command} does not run ({error})")
            continue
        if is_recent(version):
            return Tool(name, argv, version, env or {})
        rejected.append(f"{command} is {format_version(version)}, too old")
    raise ToolchainMissing(name, "; ".join(rejected) or "not found", help_)
