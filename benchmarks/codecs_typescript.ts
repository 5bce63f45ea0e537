// Compares the generated TypeScript with zod, which `npm ci --prefix benchmarks` installs. codecs.py
// runs this file with Node, and documents its input and output.

import { deepStrictEqual } from "node:assert";
import { readFileSync } from "node:fs";

import * as z from "zod";
import zod from "zod/package.json" with { type: "json" };

import {
  decodeExportSession,
  encodeExportSession,
  parseExportSession,
  stringifyExportSession,
} from "../generated/typescript/mix/components/index.ts";

const ROUNDS = 41;
/** How long one function is measured in one round: CPU time in microseconds. */
const TURN = 20_000;

// This codec is from zod's documentation.
const datetime = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

const ExportMessage = z.object({
  content: z.string(),
  createdAt: datetime,
  id: z.string(),
  role: z.string(),
  updatedAt: datetime,
});

const ExportSession = z.object({
  assistantMessageCount: z.int().optional(),
  completionTokens: z.int().optional(),
  cost: z.number().optional(),
  createdAt: datetime.optional(),
  id: z.string(),
  messages: z.array(ExportMessage),
  promptTokens: z.int().optional(),
  title: z.string(),
  toolCallCount: z.int().optional(),
  updatedAt: datetime.optional(),
  userMessageCount: z.int().optional(),
});

/** A generated function, and the functions of zod that do the same. */
interface Comparison {
  what: "decode" | "encode";
  generated: string;
  peer: string;
  runGenerated: () => unknown;
  runPeer: () => unknown;
}

const text = readFileSync(0, "utf-8");
const json: unknown = JSON.parse(text);
const session = decodeExportSession(json);

// Each side decodes what the other one encodes.
deepStrictEqual(ExportSession.parse(json), session);
deepStrictEqual(ExportSession.parse(encodeExportSession(session)), session);
deepStrictEqual(decodeExportSession(ExportSession.encode(session)), session);

const comparisons: Comparison[] = [
  {
    what: "decode",
    generated: "parseExportSession",
    peer: "JSON.parse, parse",
    runGenerated: () => parseExportSession(text),
    runPeer: () => ExportSession.parse(JSON.parse(text)),
  },
  {
    what: "decode",
    generated: "decodeExportSession",
    peer: "parse",
    runGenerated: () => decodeExportSession(json),
    runPeer: () => ExportSession.parse(json),
  },
  {
    what: "encode",
    generated: "stringifyExportSession",
    peer: "encode, JSON.stringify",
    runGenerated: () => stringifyExportSession(session),
    runPeer: () => JSON.stringify(ExportSession.encode(session)),
  },
  {
    what: "encode",
    generated: "encodeExportSession",
    peer: "encode",
    runGenerated: () => encodeExportSession(session),
    runPeer: () => ExportSession.encode(session),
  },
];

/** Returns the CPU time of one call, in microseconds. */
function cost(run: () => unknown): number {
  const start = process.cpuUsage();
  let calls = 0;
  let spent = 0;
  while (spent < TURN) {
    for (let call = 0; call < 20; call++) {
      run();
    }
    calls += 20;
    const { user, system } = process.cpuUsage(start);
    spent = user + system;
  }
  return spent / calls;
}

const allRatios = new Map(comparisons.map((each) => [each, [] as number[]]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const [comparison, ratios] of allRatios) {
    const generatedCost = cost(comparison.runGenerated);
    const ratio = cost(comparison.runPeer) / generatedCost;
    if (round > 0) {
      ratios.push(ratio); // the first round warms up the compiler
    }
  }
}
for (const [{ what, generated, peer }, ratios] of allRatios) {
  const sorted = ratios.toSorted((a, b) => a - b);
  const line = {
    language: "typescript",
    what,
    ours: generated,
    peer: `zod ${zod.version}: ${peer}`,
    ratio_median: sorted[sorted.length >> 1],
    ratio_min: sorted[0],
  };
  console.log(JSON.stringify(line));
}
