// Compares the generated TypeScript with zod. __main__.py documents the input and output.

import { deepStrictEqual } from "node:assert";
import { readFileSync } from "node:fs";

import * as z from "zod";
import zod from "zod/package.json" with { type: "json" };

import { compare } from "../cost.ts";
import {
  decodeCatalog,
  encodeCatalog,
  parseCatalog,
} from "./generated/typescript/index.ts";

const ROUNDS = 41;

const Catalog = z.object({
  products: z.array(
    z.object({
      sku: z.string().regex(/^[A-Z]{2}-[0-9]+$/u),
      title: z.string().min(1).max(200),
      quantity: z.int32().min(1).max(1000),
      price: z.number().min(0).lt(100_000),
      step: z.int32().multipleOf(5),
      tags: z.array(z.string()).min(1).max(10),
      vendor: z.string(),
      weight: z.number(),
      stock: z.int(),
      active: z.boolean(),
      note: z.string().optional(),
    }),
  ),
});

const text = readFileSync(0, "utf-8");
const json: unknown = JSON.parse(text);
const catalog = decodeCatalog(json);
deepStrictEqual(Catalog.parse(json), catalog);
deepStrictEqual(Catalog.parse(encodeCatalog(catalog)), catalog);

const name = `zod ${zod.version}`;
compare(
  [
    {
      what: "decode",
      ours: "parseCatalog",
      peer: `${name}: JSON.parse, parse`,
      runOurs: () => parseCatalog(text),
      runPeer: () => Catalog.parse(JSON.parse(text)),
    },
    {
      what: "decode",
      ours: "decodeCatalog",
      peer: `${name}: parse`,
      runOurs: () => decodeCatalog(json),
      runPeer: () => Catalog.parse(json),
    },
    {
      what: "encode",
      ours: "encodeCatalog",
      peer: `${name}: encode`,
      runOurs: () => encodeCatalog(catalog),
      runPeer: () => Catalog.encode(catalog),
    },
  ],
  ROUNDS,
);
