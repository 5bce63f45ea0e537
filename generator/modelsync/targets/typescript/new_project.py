"""The TypeScript or JavaScript project that a new project is for: its folders and imports."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import join
from typing import Any, Final

from modelsync.targets.new_project import NewProject, Suggestion
from modelsync.targets.typescript.tsconfig import compiler_options, read_jsonc

_FILES: Final = ("tsconfig.json", "package.json")
_BUNDLERS: Final = (
    "next vite webpack rollup parcel esbuild tsup vitest react-scripts expo astro nuxt".split()
)
_USED_WITH: Final = frozenset(["typescript", "tsx", "ts-node", *_BUNDLERS])
_NODE_MODULES: Final = ("node16", "node18", "node20", "nodenext")


def suggestion(project: NewProject) -> Suggestion:
    """Return a target whose imports the tools of the project resolve."""
    folder = project.nearest(_FILES)
    if folder is None:
        return _config("generated/typescript", "")
    package = read_jsonc(project.text(join(folder, "package.json")))
    options = compiler_options(project, join(folder, "tsconfig.json"))
    has_options = project.exists(join(folder, "tsconfig.json"))
    extension, why = _extension(options if has_options else None, package)
    if not has_options and not _tools(package) & _USED_WITH:
        # JavaScript, or only tools for other code
        why = "without TypeScript or a bundler; for a target, add `typescript` to the config"
        passed_over = f"{join(folder, 'package.json')}: {why}"
        return _config("generated/typescript", "")._replace(passed_over=passed_over)
    file = join(folder, "tsconfig.json" if has_options else "package.json")
    out = None if folder.startswith("..") else project.free(_folders(project, folder), ".ts")
    return _config(out or "generated/typescript", extension, f"{file} ({why})")


def _folders(project: NewProject, folder: str) -> list[str]:
    parent = next((each for each in ("src", "lib") if project.is_folder(join(folder, each))), "")
    names = ("models", "generated" if parent else "generated/typescript")
    return [join(folder, parent, name) for name in names]


def _extension(options: Mapping[str, Any] | None, package: Mapping[str, Any]) -> tuple[str, str]:
    """Return how imports end, and why. `options` is None without a tsconfig.json."""
    tools = _tools(package)
    bundler = next((tool for tool in _BUNDLERS if tool in tools), "")
    is_module = package.get("type") == "module"
    if options is None:
        return ("none", bundler) if bundler else ("ts", "no tsconfig.json")
    for option in ("allowImportingTsExtensions", "rewriteRelativeImportExtensions"):
        if options.get(option) is True:
            return "ts", option
    module = str(options.get("module", "")).lower()
    resolution = str(options.get("moduleResolution", "")).lower() or module
    if resolution in _NODE_MODULES:
        if is_module:
            return "js", f'{resolution} with "type": "module"'
        return "none", f"{resolution} with CommonJS"
    if resolution == "bundler" or module == "preserve" or bundler:
        return "none", bundler or "a bundler"
    if is_module and module.startswith("es"):
        return "js", f'module {module} with "type": "module"'
    if "jest" in tools or "ts-jest" in tools:
        return "none", "Jest"
    return "none", f"module {module}" if module else "no module setting"


def _tools(package: Mapping[str, Any]) -> set[str]:
    groups = (package.get(key) for key in ("dependencies", "devDependencies"))
    return {name for group in groups if isinstance(group, dict) for name in group}


def _config(out: str, extension: str, found: str = "") -> Suggestion:
    config = f"typescript:\n  out: {out}\n"
    if extension in ("js", "none"):
        config += f"  extension: {extension} # how imports end\n"
    elif not extension:
        config += (
            "  # package: true # also writes package.json and tsconfig.json\n"
            '  # extension: js # if tsc emits JavaScript, for example with "module": "nodenext"\n'
        )
    ending = "without an ending" if extension == "none" else f"that end in .{extension}"
    return Suggestion(config, out, found, f"TypeScript in `{out}`, with imports {ending}")
