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
import { type Comparison, compare } from "./cost.ts";

const ROUNDS = 41;

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
    ours: "parseExportSession",
    peer: `zod ${zod.version}: JSON.parse, parse`,
    runOurs: () => parseExportSession(text),
    runPeer: () => ExportSession.parse(JSON.parse(text)),
  },
  {
    what: "decode",
    ours: "decodeExportSession",
    peer: `zod ${zod.version}: parse`,
    runOurs: () => decodeExportSession(json),
    runPeer: () => ExportSession.parse(json),
  },
  {
    what: "encode",
    ours: "stringifyExportSession",
    peer: `zod ${zod.version}: encode, JSON.stringify`,
    runOurs: () => stringifyExportSession(session),
    runPeer: () => JSON.stringify(ExportSession.encode(session)),
  },
  {
    what: "encode",
    ours: "encodeExportSession",
    peer: `zod ${zod.version}: encode`,
    runOurs: () => encodeExportSession(session),
    runPeer: () => ExportSession.encode(session),
  },
];

compare(comparisons, ROUNDS);
