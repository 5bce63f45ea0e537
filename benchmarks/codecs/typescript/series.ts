// Arrays of numbers.

import * as v from "valibot";
import * as z from "zod";

import {
  type Codec,
  JSON_ONLY,
  array,
  byHand,
  integer,
  number,
  object,
  string,
  valibotCodec,
  valibotInteger,
  zodCodec,
} from "./codec.ts";
import {
  type Dataset,
  type Series,
  parseDataset,
  stringifyDataset,
} from "./models/index.ts";

const zodDataset = z.object({
  series: z.array(
    z.object({
      name: z.string(),
      values: z.array(z.number()),
      counts: z.array(z.int()),
    }),
  ),
});

const valibotDataset = v.object({
  series: v.array(
    v.object({
      name: v.string(),
      values: v.array(v.pipe(v.number(), v.finite())),
      counts: v.array(valibotInteger),
    }),
  ),
});

function readSeries(value: unknown): Series {
  const from = object(value);
  return {
    name: string(from["name"]),
    values: array(from["values"], number),
    counts: array(from["counts"], integer),
  };
}

function readDataset(value: unknown): Dataset {
  return { series: array(object(value)["series"], readSeries) };
}

export const codecs: Codec[] = [
  { name: "modelsync", decode: parseDataset, encode: stringifyDataset },
  JSON_ONLY,
  zodCodec(zodDataset),
  valibotCodec(valibotDataset),
  byHand(readDataset),
];
