import { readFileSync } from "node:fs";

import * as v from "valibot";
import * as z from "zod";

/** How a library decodes and encodes one document; valibot has no encoder. */
export interface Codec {
  name: string;
  decode: (text: string) => unknown;
  encode?: (value: any) => string;
}

/** Returns the name and version of a package. */
function named(name: string): string {
  const path = new URL(
    `../../node_modules/${name}/package.json`,
    import.meta.url,
  );
  return `${name} ${JSON.parse(readFileSync(path, "utf-8")).version}`;
}

/** No models and no checks: what the others add their work to. */
export const JSON_ONLY: Codec = {
  name: `JSON of Node ${process.versions.node}*`,
  decode: JSON.parse,
  encode: JSON.stringify,
};

export function zodCodec(schema: z.ZodType): Codec {
  return {
    name: named("zod"),
    decode: (text) => schema.parse(JSON.parse(text)),
    encode: (value) => JSON.stringify(schema.encode(value)),
  };
}

export function valibotCodec(schema: v.GenericSchema<unknown, unknown>): Codec {
  return {
    name: named("valibot"),
    decode: (text) => v.parse(schema, JSON.parse(text)),
  };
}

/** It checks what it decodes, and leaves the encoding to JSON.stringify and Date. */
export function byHand(read: (value: unknown) => unknown): Codec {
  return {
    name: "by hand",
    decode: (text) => read(JSON.parse(text)),
    encode: JSON.stringify,
  };
}

/** From zod's documentation. */
export const zodMoment = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

export const valibotMoment = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => new Date(text)),
);

export const valibotInteger = v.pipe(v.number(), v.safeInteger());

// What a careful engineer writes by hand: the same checks, without the path of the error.

export type Unknown = Record<string, unknown>;

export function object(value: unknown): Unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("expected an object");
  }
  return value as Unknown;
}

export function array<T>(value: unknown, read: (item: unknown) => T): T[] {
  if (!Array.isArray(value)) {
    throw new TypeError("expected an array");
  }
  return value.map(read);
}

export function string(value: unknown): string {
  if (typeof value !== "string") {
    throw new TypeError("expected a string");
  }
  return value;
}

export function number(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new TypeError("expected a number");
  }
  return value;
}

export function integer(value: unknown): number {
  if (!Number.isSafeInteger(value)) {
    throw new TypeError("expected an integer");
  }
  return value as number;
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

export function moment(value: unknown): Date {
  if (typeof value !== "string" || !MOMENT.test(value)) {
    throw new TypeError("expected a timestamp");
  }
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) {
    throw new TypeError("expected a timestamp");
  }
  return date;
}
