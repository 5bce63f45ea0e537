// Compares two versions of the generated TypeScript. versions.py runs it with the path of the older.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { parseExportSession } from "../generated/typescript/mix/components/index.ts";
import { cost } from "./cost.ts";

const ROUNDS = 41;

const before = (await import(pathToFileURL(process.argv[2] ?? "").href)) as {
  parseExportSession: typeof parseExportSession;
};
const text = readFileSync(0, "utf-8");
const ratios: number[] = [];
for (let round = 0; round <= ROUNDS; round++) {
  const old = cost(() => before.parseExportSession(text));
  const now = cost(() => parseExportSession(text));
  if (round > 0) {
    ratios.push(now / old); // the first round warms up the compiler
  }
}
console.log(JSON.stringify(ratios.toSorted((a, b) => a - b)));
