"""Run cases through generated TypeScript: one Node for all of them, on the files as they are."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from modelsync.targets.base import Target
from modelsync.targets.typescript.names import exported
from modelsync.verify.cases import UNEQUAL, Case, Outcome, stopped, written
from modelsync.verify.toolchains import Tool

_SCRIPT: Final = """\
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";

const OWNERS = [Object, Array, String, Number, Boolean, Function, Date, Map, RegExp];

const [, , index, casesFile, outcomesFile, UNEQUAL] = process.argv;

// With the option `extension: js`, files import what a compiler would have made of them.
registerHooks({
  resolve(specifier, context, next) {
    const generated = specifier.startsWith(".") && specifier.endsWith(".js");
    return next(generated ? specifier.replace(/js$/, "ts") : specifier, context);
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
  const outcome = tried(() => {
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
  const other = tried(() => jsonOf(models[`encode${name}`](models[`decode${name}`](value))));
  if (outcome.crash || LONG.test(text) || LONG.test(outcome.json) || same(outcome, other)) {
    return outcome;
  }
  const crash = `decode and encode make something else of it: ${JSON.stringify(other)}`;
  return { accepted: false, crash };
}

/** What may be an integer that JSON.parse would round. */
const LONG = /\\d{16}/;

function tried(work) {
  try {
    return { accepted: true, json: work() };
  } catch (error) {
    // What was read has to be written: an EncodeError is a crash as well.
    if (!(error instanceof root.DecodeError)) {
      return { accepted: false, crash: String(error?.stack ?? error) };
    }
    return { accepted: false, path: error.path, message: error.message };
  }
}

function jsonOf(value) {
  return JSON.stringify(value, (_, item) => (typeof item === "bigint" ? Number(item) : item));
}

/** Whether two outcomes are the same, of which the first is no crash. */
function same(one, other) {
  return one.json === other.json && one.path === other.path;
}

// Without a prototype of their own, which a document may have changed.
const before = OWNERS.map((owner) =>
  Object.setPrototypeOf(Object.getOwnPropertyDescriptors(owner.prototype), null),
);

/** Undo what a document has changed about the prototypes of JavaScript, and name it. */
function changed() {
  const found = [];
  OWNERS.forEach((owner, number) => {
    const was = before[number];
    for (const key of new Set([...Reflect.ownKeys(owner.prototype), ...Reflect.ownKeys(was)])) {
      const is = Object.getOwnPropertyDescriptor(owner.prototype, key);
      if (["value", "get", "set"].every((part) => Object.is(is?.[part], was[key]?.[part]))) {
        continue;
      }
      found.push(`${owner.name}.prototype.${String(key)}`);
      if (was[key]) {
        Reflect.defineProperty(owner.prototype, key, was[key]);
      } else {
        Reflect.deleteProperty(owner.prototype, key);
      }
    }
  });
  return found;
}

function checkedOutcomeOf(asked) {
  const outcome = outcomeOf(asked);
  const found = changed();
  return found.length ? { accepted: false, crash: `has changed ${found.join(", ")}` } : outcome;
}

const cases = readFileSync(casesFile, "utf-8").split("\\n").filter(Boolean);
const outcomes = openSync(outcomesFile, "w");
for (const line of cases) {
  writeFileSync(outcomes, `${JSON.stringify(checkedOutcomeOf(JSON.parse(line)))}\\n`);
}
"""


def run(target: Target, out: Path, cases: Sequence[Case], node: Tool) -> list[Outcome]:
    """Return what the files of `target` in the folder `out` make of each case, in order.

    Raises :class:`RunFailed` where Node stops, or does not end.
    """
    with tempfile.TemporaryDirectory(prefix="modelsync-") as folder:
        script, asked, answered = (Path(folder, name) for name in ("run.mjs", "cases", "outcomes"))
        script.write_text(_SCRIPT, encoding="utf-8")
        asked.write_text("".join(f"{_asked(target, case)}\n" for case in cases), encoding="utf-8")
        answered.touch()
        failure = node.failure(script, out.resolve() / "index.ts", asked, answered, UNEQUAL)
        lines = answered.read_bytes().split(b"\n")[:-1]
    if failure or len(lines) != len(cases):
        raise stopped(cases, len(lines), failure)
    return [_outcome(line) for line in lines]


def _asked(target: Target, case: Case) -> str:
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
    found = json.loads(line)
    return written(found.get("json", "")) if found["accepted"] else Outcome(**found)
