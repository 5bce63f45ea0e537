// Measures the TypeScript codecs; ../__main__.py documents the input and output.

import { deepStrictEqual } from "node:assert";
import { readFileSync } from "node:fs";

import { cost } from "../../cost.ts";
import type { Codec } from "./codec.ts";

const ROUNDS = 25;
const WARM_UP = 3; // more rounds, in which V8 compiles

const [document, ...only] = process.argv.slice(2);
const text = readFileSync(0, "utf-8");
const { codecs } = (await import(`./${document}.ts`)) as { codecs: Codec[] };
const ours = codecs[0]!;
const value = ours.decode(text);
const measured = codecs.filter(
  ({ name }) =>
    name === ours.name ||
    only.length === 0 ||
    only.some((word) => name.includes(word)),
);

/** The times of each codec, in microseconds, one for each round. */
type Times = Map<Codec, number[]>;
const times: { decode: Times; encode: Times } = {
  decode: new Map(),
  encode: new Map(),
};
const runs: [number[], () => unknown][] = [];
for (const codec of measured) {
  const read = codec.decode(text);
  if (!codec.name.endsWith("*")) {
    deepStrictEqual(read, value, `${codec.name} differs`);
  }
  const decoding: number[] = [];
  times.decode.set(codec, decoding);
  runs.push([decoding, () => codec.decode(text)]);
}
for (const codec of measured) {
  const { encode } = codec;
  if (encode !== undefined) {
    const read = codec.decode(text);
    deepStrictEqual(ours.decode(encode(read)), value, `${codec.name} differs`);
    const encoding: number[] = [];
    times.encode.set(codec, encoding);
    runs.push([encoding, () => encode(read)]);
  }
}
for (let round = 0; round < WARM_UP + ROUNDS; round++) {
  for (const [list, run] of runs) {
    const time = cost(run);
    if (round >= WARM_UP) {
      list.push(time);
    }
  }
}

for (const what of ["decode", "encode"] as const) {
  const our = times[what].get(ours)!;
  for (const [codec, theirs] of times[what]) {
    const line = {
      language: "typescript",
      document,
      what,
      codec: codec.name,
      microseconds: median(theirs),
      ratio_median: median(our.map((time, round) => time / theirs[round]!)),
      ratio_min: Math.min(...our) / Math.min(...theirs),
    };
    console.log(JSON.stringify(line));
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
