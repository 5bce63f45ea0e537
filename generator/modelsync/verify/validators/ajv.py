"""Validate with the npm package `ajv`, in one Node process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from modelsync.verify.cases import Case, Outcome
from modelsync.verify.languages.typescript import find_node, in_npm
from modelsync.verify.toolchains import Tool, ToolchainMissing, Version, format_version
from modelsync.verify.validators.request import Files, Schemas, ask

_OLDEST: Final[Version] = (8, 0)
"""The first version with JSON Schema 2020-12."""
_OLDEST_NODE: Final[Version] = (18, 0)
_MODULE: Final = "dist/2020.js"
_CURE: Final = "run `npm install --save-dev ajv` in the project (8.0 or later)"

_SCRIPT: Final = """\
import { openSync, readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Worker, isMainThread, workerData } from "node:worker_threads";

function main([module, requestFile, casesFile, answersFile]) {
  const { Ajv2020 } = createRequire(import.meta.url)(module);
  const request = JSON.parse(readFileSync(requestFile, "utf-8"));
  // Without `ownProperties`, a key such as `constructor` would always be there. `strict` refuses
  // keywords that start with `x-`, but without it Infinity would be a number.
  const options = { strict: false, strictNumbers: true, logger: false, ownProperties: true };
  const ajv = new Ajv2020(options);
  for (const [name, { pattern, maxLength }] of Object.entries(request.formats)) {
    const grammar = new RegExp(pattern, "u");
    const longest = maxLength ?? Infinity;
    ajv.addFormat(name, (text) => [...text].length <= longest && grammar.test(text));
  }
  for (const [uri, text] of Object.entries(request.texts)) {
    ajv.addSchema(JSON.parse(text), uri);
  }
  const validators = new Map();
  for (const [definition, uri] of Object.entries(request.uris)) {
    const validate = ajv.getSchema(uri);
    if (validate === undefined) {
      throw new Error(`there is no schema ${uri}`);
    }
    validators.set(definition, validate);
  }
  const answers = openSync(answersFile, "w");
  for (const line of readFileSync(casesFile, "utf-8").split("\\n").filter(Boolean)) {
    const { definition, document } = JSON.parse(line);
    const answer = answerOf(validators.get(definition), document);
    writeSync(answers, `${JSON.stringify(answer)}\\n`);
  }
}

function answerOf(validate, document) {
  try {
    if (validate(JSON.parse(Buffer.from(document, "base64").toString()))) {
      return { accepted: true };
    }
  } catch (error) {
    return { accepted: false, crash: String(error?.stack ?? error) };
  }
  const [{ instancePath, message }] = validate.errors;
  return { accepted: false, message: `${instancePath} ${message}`.trim() };
}

if (isMainThread) {
  // ajv compiles what a schema refers to in nested calls, and definitions can be a long chain.
  const limits = { stackSizeMb: 256, maxOldGenerationSizeMb: 4096 };
  const file = fileURLToPath(import.meta.url);
  new Worker(file, { workerData: process.argv.slice(2), resourceLimits: limits });
} else {
  main(workerData);
}
"""


def run(schemas: Schemas, cases: Sequence[Case], ajv: Tool) -> list[Outcome]:
    """Return what ajv says about each case, in order."""
    return ask(schemas, cases, "ecmascript", partial(_run, ajv))


def _run(ajv: Tool, files: Files) -> str:
    *node, module = ajv.argv
    script = files.folder / "run.mjs"
    script.write_text(_SCRIPT, encoding="utf-8")
    program = Tool(ajv.name, tuple(node), ajv.version, ajv.env)
    return program.failure(script, module, files.request, files.cases, files.answers)


def find(project: Path) -> Tool:
    """Find the ajv of a project, in the nearest `node_modules` that has a package of this name."""
    node = find_node(lambda version: version >= _OLDEST_NODE, format_version(_OLDEST_NODE))
    for place in (project, *project.parents):
        package = place / "node_modules" / "ajv"
        if package.is_dir():
            tool = in_npm("ajv", package, "package.json", _CURE, lambda: node)
            if tool.version < _OLDEST:  # many linters bring an earlier one
                version = format_version(tool.version)
                raise ToolchainMissing("ajv", f"{package} is {version}, too old", _CURE)
            return in_npm("ajv", package, _MODULE, _CURE, lambda: node)
    raise ToolchainMissing("ajv", "not found", _CURE)
