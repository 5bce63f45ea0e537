"""Hold generated files against the compilers and checkers of their language, all files at once.

Each function takes the output folder of one target, and returns a finding for each tool that has
something to say; the outputs are made such that none has.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from modelsync.verify.toolchains import Tool

_STRICT: Final = (
    "strict",
    "exactOptionalPropertyTypes",
    "noUncheckedIndexedAccess",
    "noPropertyAccessFromIndexSignature",
    "noImplicitOverride",
    "noImplicitReturns",
    "noFallthroughCasesInSwitch",
    "noUnusedLocals",
    "noUnusedParameters",
    "verbatimModuleSyntax",
    "isolatedModules",
    "allowImportingTsExtensions",
)
"""The strict options of tsc, all of which generated code passes."""
_ERASABLE_SINCE: Final = (5, 8)
"""The first version of tsc with the option `erasableSyntaxOnly`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a tool has against what was generated, in its own words."""

    tool: str
    text: str


def check_go_format(out: Path, gofmt: Tool) -> list[Finding]:
    """Return what gofmt finds."""
    done = gofmt.run("-l", ".", cwd=out)
    text = done.stdout + done.stderr
    return [Finding("gofmt", text)] if text else []


def check_go(out: Path, go: Tool) -> list[Finding]:
    """Return what `go vet` finds; `out` has to have its go.mod."""
    # Without the folder's own path, running the code finds what was compiled here.
    done = go.run("vet", "-trimpath", "./...", cwd=out)
    return [Finding("go vet", done.stderr or done.stdout)] if done.returncode else []


def check_typescript(out: Path, tsc: Tool) -> list[Finding]:
    """Return what tsc finds with the strict options."""
    strict = [*_STRICT, *(["erasableSyntaxOnly"] if tsc.version >= _ERASABLE_SINCE else [])]
    options: dict[str, object] = dict.fromkeys(strict, True)
    options |= {"noEmit": True, "target": "ES2022", "lib": ["ES2022"], "module": "NodeNext"}
    options |= {"types": []}
    with tempfile.TemporaryDirectory(prefix="modelsync-") as folder:
        config = Path(folder, "tsconfig.json")
        files = (out.resolve() / "**" / "*.ts").as_posix()
        config.write_text(
            json.dumps({"compilerOptions": options, "include": [files]}), encoding="utf-8"
        )
        done = tsc.run("--project", config, cwd=out)
    return [Finding("tsc", done.stdout + done.stderr)] if done.returncode else []


def check_python(out: Path, mypy: Tool) -> list[Finding]:
    """Return what `mypy --strict` finds in the package whose folder is `out`."""
    with tempfile.TemporaryDirectory(prefix="modelsync-") as cache:
        done = mypy.run(
            "--strict", "--config-file=", f"--cache-dir={cache}", out.name, cwd=out.parent
        )
    return [Finding("mypy", done.stdout + done.stderr)] if done.returncode else []
