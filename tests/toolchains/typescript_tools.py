"""Which tools take the generated TypeScript with which value of the option `extension`.

The tests run the rows for tsc and Node, and compare the table with docs/targets.md. To run all
rows, install PACKAGES with npm in a folder, then run:

    PYTHONPATH=tests python -m toolchains.typescript_tools FOLDER
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from helpers.projects import generate
from modelsync.spec.read import read_schema
from modelsync.verify.languages.typescript import find_node
from modelsync.verify.toolchains import Tool

EXTENSIONS: Final = ("ts", "js", "none")

PACKAGES: Final = (
    "typescript ts-node tsx esbuild vite jest ts-jest webpack webpack-cli ts-loader @types/node"
).split()

SPECS: Final = {
    "specs/a.yaml": (
        "model: Order\n"
        "fields:\n"
        "  id: {type: string, required: true}\n"
        "  status: {type: Status, default: open}\n"
        "  at: {type: shop.Place}\n"
        "---\n"
        "enum: Status\n"
        "values: {open: , paid: }\n"
    ),
    "specs/shop/a.yaml": "model: Place\nfields: {name: {type: string, required: true}}\n",
}

MAIN: Final = """\
import { decodeOrder, encodeOrder, shop, type OrderInput } from "./models/indexEND";
import { decodePlace } from "./models/shop/placeEND";
const input: OrderInput = { id: "a" };
const order = decodeOrder({ ...encodeOrder(input), at: decodePlace({ name: "x" }) });
const text: string = order.status + shop.decodePlace(order.at).name;
if (text !== "openx") throw new Error(text);
"""
STRICT: Final = {
    "strict": True,
    "exactOptionalPropertyTypes": True,
    "types": [],
    "target": "es2022",
    "lib": ["es2022"],
}


@dataclass(frozen=True)
class Project:
    """A folder with generated models, and a `main.ts` that imports them."""

    folder: Path
    extension: str
    run: Callable[..., bool]
    """Runs a program of npm, or `node`, in the folder, and returns whether it succeeds."""

    def write(self, name: str, content: object) -> None:
        text = content if isinstance(content, str) else json.dumps(content)
        (self.folder / name).write_text(text, encoding="utf-8")

    def tsc(self, options: Mapping[str, object], *more: str) -> bool:
        """Compile with options; without `noEmit`, to the folder `dist`."""
        out = {} if options.get("noEmit") else {"outDir": "dist", "rootDir": "."}
        files = ["main.ts", "models/**/*.ts"]
        compiler = {**STRICT, **out, **options}
        self.write("tsconfig.json", {"compilerOptions": compiler, "include": files})
        return self.run("tsc", "--project", ".", *more)


def project(folder: Path, extension: str, run: Callable[..., bool], type_: str) -> Project:
    """Write a project whose package.json has a `type`."""
    folder.mkdir(parents=True)
    schema = read_schema(SPECS, "specs")
    generate(schema, "typescript", folder, "models", {"extension": extension})
    end = "" if extension == "none" else f".{extension}"
    made = Project(folder, extension, run)
    made.write("main.ts", MAIN.replace("END", end))
    made.write("package.json", {"type": type_, "private": True})
    return made


@dataclass(frozen=True)
class Row:
    """One row of the table: a tool with its settings."""

    tool: str
    settings: str
    works: Callable[[Project], bool]
    good: tuple[str, ...]
    """The values of `extension` that work."""
    type: str = "module"
    packages: tuple[str, ...] = field(default=())
    """The npm packages that it needs in addition to TypeScript."""


def _nodenext(project: Project, **options: object) -> bool:
    return project.tsc({"module": "nodenext", **options}) and (
        bool(options.get("noEmit")) or project.run("node", "dist/main.js")
    )


def _bundler(project: Project, **options: object) -> bool:
    return project.tsc({"module": "esnext", "moduleResolution": "bundler", **options})


def _commonjs(project: Project) -> bool:
    options = {"module": "commonjs", "moduleResolution": "node10"}
    return project.tsc(options) and project.run("node", "dist/main.js")


def _esbuild(project: Project) -> bool:
    done = project.run("esbuild", "main.ts", "--bundle", "--format=esm", "--outfile=dist/main.js")
    return done and project.run("node", "dist/main.js")


def _vite(project: Project) -> bool:
    done = project.run("vite", "build", "--ssr", "main.ts", "--outDir", "dist")
    return done and project.run("node", "dist/main.js")


def _webpack(project: Project, aliases: Mapping[str, list[str]], **options: object) -> bool:
    config = {
        "mode": "production",
        "target": "node",
        "entry": "./main.ts",
        "output": {"path": str(project.folder / "dist"), "filename": "main.cjs"},
        "resolve": {"extensions": [".ts", ".js"], "extensionAlias": aliases},
    }
    rule = "{test: /\\.ts$/, use: 'ts-loader'}"
    text = f"module.exports = {{...{json.dumps(config)}, module: {{rules: [{rule}]}}}};\n"
    project.write("webpack.config.cjs", text)
    compiler = {"module": "esnext", "moduleResolution": "bundler", **options}
    project.write("tsconfig.json", {"compilerOptions": STRICT | compiler, "files": ["main.ts"]})
    return project.run("webpack") and project.run("node", "dist/main.cjs")


def _jest(project: Project, mapper: Mapping[str, str], **options: object) -> bool:
    compiler = STRICT | {"module": "commonjs", "esModuleInterop": True, **options}
    config = {
        "testMatch": ["<rootDir>/main.ts"],
        "transform": {"\\.ts$": ["ts-jest", {"tsconfig": compiler}]},
        "moduleNameMapper": mapper,
    }
    main = (project.folder / "main.ts").read_text("utf-8")
    if "declare const it" not in main:
        main = f'{main}declare const it: any;\nit("works", () => undefined);\n'
    project.write("main.ts", main)
    project.write("jest.config.json", config)
    return project.run("jest", "--config", "jest.config.json", "--no-cache")


def _ts_node(project: Project) -> bool:
    options = {"module": "commonjs", "moduleResolution": "node10"}
    project.write("tsconfig.json", {"compilerOptions": STRICT | options})
    return project.run("ts-node", "main.ts")


ALLOWED: Final[Mapping[str, Any]] = {"allowImportingTsExtensions": True, "noEmit": True}
REWRITTEN: Final[Mapping[str, Any]] = {"rewriteRelativeImportExtensions": True}
TO_JS: Final = {r"^(\.{1,2}/.*)\.js$": "$1"}

ROWS: Final = (
    Row("Node 22.18 and later", "", lambda p: p.run("node", "main.ts"), ("ts",)),
    Row("tsc", '`"module": "nodenext"`', _nodenext, ("js",)),
    Row(
        "tsc 5.7 and later",
        '`"module": "nodenext"`, `"rewriteRelativeImportExtensions": true`',
        lambda p: _nodenext(p, **REWRITTEN),
        ("ts", "js"),
    ),
    Row(
        "tsc",
        '`"module": "nodenext"`, `"allowImportingTsExtensions": true`, `"noEmit": true`',
        lambda p: _nodenext(p, **ALLOWED),
        ("ts", "js"),
    ),
    Row("tsc", '`"moduleResolution": "bundler"`', _bundler, ("js", "none")),
    Row(
        "tsc",
        '`"moduleResolution": "bundler"`, `"allowImportingTsExtensions": true`, `"noEmit": true`',
        lambda p: _bundler(p, **ALLOWED),
        ("ts", "js", "none"),
    ),
    Row(
        "tsc 5",
        '`"module": "commonjs"`, `"moduleResolution": "node10"`',
        _commonjs,
        ("js", "none"),
        "commonjs",
    ),
    Row("esbuild", "", _esbuild, EXTENSIONS, packages=("esbuild",)),
    Row("Vite", "", _vite, EXTENSIONS, packages=("vite",)),
    Row(
        "webpack with ts-loader",
        '`"moduleResolution": "bundler"`',
        lambda p: _webpack(p, {}),
        ("none",),
        packages=("webpack", "ts-loader"),
    ),
    Row(
        "webpack with ts-loader",
        '`"moduleResolution": "bundler"`, `"rewriteRelativeImportExtensions": true`,'
        ' `resolve.extensionAlias: {".js": [".ts", ".js"]}`',
        lambda p: _webpack(p, {".js": [".ts", ".js"]}, **REWRITTEN),
        EXTENSIONS,
        packages=("webpack", "ts-loader"),
    ),
    Row(
        "Jest with ts-jest",
        '`"module": "commonjs"`',
        lambda p: _jest(p, {}),
        ("none",),
        "commonjs",
        ("jest", "ts-jest"),
    ),
    Row(
        "Jest with ts-jest",
        '`"module": "commonjs"`, `"allowImportingTsExtensions": true`, `"noEmit": true`,'
        r' `moduleNameMapper: {"^(\\.{1,2}/.*)\\.js$": "$1"}`',
        lambda p: _jest(p, TO_JS, **ALLOWED),
        EXTENSIONS,
        "commonjs",
        ("jest", "ts-jest"),
    ),
    Row(
        "ts-node",
        '`"module": "commonjs"`, `"moduleResolution": "node10"`',
        _ts_node,
        ("none",),
        "commonjs",
        ("ts-node",),
    ),
    Row("tsx", "", lambda p: p.run("tsx", "main.ts"), EXTENSIONS, packages=("tsx",)),
)


def markdown() -> str:
    """Return the table of docs/targets.md."""
    lines = ["| Tool | Settings | `ts` | `js` | `none` |", "| --- | --- | --- | --- | --- |"]
    for row in ROWS:
        cells = " | ".join("yes" if each in row.good else "no" for each in EXTENSIONS)
        lines.append(f"| {row.tool} | {row.settings} | {cells} |")
    return "\n".join(lines)


def _runner(modules: Path, node: Tool, folder: Path) -> Callable[..., bool]:
    """Return a function that runs a program in a folder: Node, or one of npm's."""

    def run(program: str, *arguments: str) -> bool:
        script = modules / "node_modules" / ".bin" / program
        command = [*arguments] if program == "node" else [str(script), *arguments]
        return node.run(*command, cwd=folder).returncode == 0

    return run


def main(modules: Path) -> int:
    """Run every row with the npm packages in a folder; return how many differ from the table."""
    node = find_node()
    wrong = 0
    for row in ROWS:
        for extension in EXTENSIONS:
            with tempfile.TemporaryDirectory(prefix="modelsync-", dir=modules) as name:
                folder = Path(name, "project")
                made = project(folder, extension, _runner(modules, node, folder), row.type)
                works = row.works(made)
            differs = works != (extension in row.good)
            wrong += differs
            mark = "DIFFERS" if differs else "ok"
            print(f"{mark:8} {extension:5} {works!s:6} {row.tool}: {row.settings}")
    print(node)
    for package in PACKAGES:
        manifest = json.loads((modules / "node_modules" / package / "package.json").read_text())
        print(package, manifest["version"])
    return wrong


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
