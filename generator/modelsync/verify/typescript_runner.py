"""Run cases through generated TypeScript: one Node for all of them, on the files as they are."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from modelsync.targets.base import Target
from modelsync.verify.cases import Case, Outcome, RunFailed
from modelsync.verify.toolchains import Tool

_SCRIPT: Final = """\
import { readFileSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const [, , index, casesFile, outcomesFile] = process.argv;

// With the option `extension: js`, files import what a compiler would have made of them.
registerHooks({
  resolve(specifier, context, next) {
    const generated = specifier.startsWith(".") && specifier.endsWith(".js");
    return next(generated ? specifier.replace(/js$/, "ts") : specifier, context);
  },
});

const root = await import(pathToFileURL(index).href);
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function outcomeOf({ scope, name, document }) {
  const models = scope.reduce((namespace, part) => namespace[part], root);
  let text;
  try {
    text = utf8.decode(Buffer.from(document, "base64"));
  } catch {
    return { accepted: false, message: "not JSON: not UTF-8" };
  }
  try {
    const value = models[`parse${name}`](text);
    return { accepted: true, json: models[`stringify${name}`](value) };
  } catch (error) {
    if (!(error instanceof root.DecodeError || error instanceof root.EncodeError)) {
      return { accepted: false, crash: String(error?.stack ?? error) };
    }
    return { accepted: false, path: error.path, message: error.message };
  }
}

const cases = readFileSync(casesFile, "utf-8").split("\\n").filter(Boolean);
const before = Object.getOwnPropertyNames(Object.prototype).length;
const outcomes = cases.map((line) => JSON.stringify(outcomeOf(JSON.parse(line))));
if (Object.getOwnPropertyNames(Object.prototype).length !== before) {
  throw new Error("a document has changed Object.prototype");
}
writeFileSync(outcomesFile, outcomes.map((line) => `${line}\\n`).join(""));
"""


def run(target: Target, out: Path, cases: Sequence[Case], node: Tool) -> list[Outcome]:
    """Return what the files of `target` in the folder `out` make of each case, in order.

    Raises :class:`RunFailed` where Node stops, or an error is not the generated code's own.
    """
    with tempfile.TemporaryDirectory(prefix="modelsync-") as folder:
        script, asked, answered = (Path(folder, name) for name in ("run.mjs", "cases", "outcomes"))
        script.write_text(_SCRIPT, encoding="utf-8")
        asked.write_text("".join(f"{_asked(target, case)}\n" for case in cases), encoding="utf-8")
        done = node.run(script, out.resolve() / "index.ts", asked, answered)
        if done.returncode != 0:
            raise RunFailed(f"Node ended with {done.returncode}\n{done.stderr}")
        # Split at line feeds alone: JSON text may hold U+2028.
        lines = answered.read_text(encoding="utf-8").split("\n")[:-1]
    if len(lines) != len(cases):
        raise RunFailed(f"{len(cases)} cases, but {len(lines)} outcomes\n{done.stderr}")
    return [Outcome(**json.loads(line)) for line in lines]


def _asked(target: Target, case: Case) -> str:
    package = target.schema.by_id[case.definition].package
    return json.dumps(
        {
            "scope": package.split(".") if package else [],
            "name": target.definition_names[case.definition],
            "document": base64.b64encode(case.document).decode("ascii"),
        }
    )
