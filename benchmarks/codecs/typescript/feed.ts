// Unions: with a tag, without one, and of scalars.

import * as v from "valibot";
import * as z from "zod";

import {
  type Codec,
  JSON_ONLY,
  array,
  byHand,
  integer,
  moment,
  number,
  object,
  string,
  valibotCodec,
  valibotInteger,
  valibotMoment,
  zodCodec,
  zodMoment,
} from "./codec.ts";
import {
  type Company,
  type Event,
  type Feed,
  type Party,
  type Person,
  type Reference,
  parseFeed,
  stringifyFeed,
} from "./models/index.ts";

const METHODS = ["card", "transfer", "voucher"] as const;

const zodReference = z.union([z.string(), z.int()]);

const zodParty = z.union([
  z.object({
    id: zodReference,
    givenName: z.string(),
    familyName: z.string(),
    email: z.string().optional(),
  }),
  z.object({
    id: zodReference,
    legalName: z.string(),
    vatNumber: z.string(),
    employees: z.int().optional(),
  }),
]);

const zodEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("order_placed"),
    at: zodMoment,
    order: zodReference,
    buyer: zodReference,
    total: z.number(),
  }),
  z.object({
    type: z.literal("payment_received"),
    at: zodMoment,
    order: zodReference,
    amount: z.number(),
    method: z.enum(METHODS),
  }),
  z.object({
    type: z.literal("parcel_sent"),
    at: zodMoment,
    order: zodReference,
    carrier: z.string(),
    weight: z.number().optional(),
  }),
  z.object({
    type: z.literal("note_added"),
    at: zodMoment,
    author: zodReference,
    text: z.string(),
  }),
]);

const zodFeed = z.object({
  parties: z.array(zodParty),
  events: z.array(zodEvent),
});

const valibotReference = v.union([v.string(), valibotInteger]);

const valibotParty = v.union([
  v.object({
    id: valibotReference,
    givenName: v.string(),
    familyName: v.string(),
    email: v.optional(v.string()),
  }),
  v.object({
    id: valibotReference,
    legalName: v.string(),
    vatNumber: v.string(),
    employees: v.optional(valibotInteger),
  }),
]);

const valibotNumber = v.pipe(v.number(), v.finite());

const valibotEvent = v.variant("type", [
  v.object({
    type: v.literal("order_placed"),
    at: valibotMoment,
    order: valibotReference,
    buyer: valibotReference,
    total: valibotNumber,
  }),
  v.object({
    type: v.literal("payment_received"),
    at: valibotMoment,
    order: valibotReference,
    amount: valibotNumber,
    method: v.picklist(METHODS),
  }),
  v.object({
    type: v.literal("parcel_sent"),
    at: valibotMoment,
    order: valibotReference,
    carrier: v.string(),
    weight: v.optional(valibotNumber),
  }),
  v.object({
    type: v.literal("note_added"),
    at: valibotMoment,
    author: valibotReference,
    text: v.string(),
  }),
]);

const valibotFeed = v.object({
  parties: v.array(valibotParty),
  events: v.array(valibotEvent),
});

function readReference(value: unknown): Reference {
  return typeof value === "string" ? value : integer(value);
}

function readParty(value: unknown): Party {
  const from = object(value);
  if ("givenName" in from) {
    const person: Person = {
      id: readReference(from["id"]),
      givenName: string(from["givenName"]),
      familyName: string(from["familyName"]),
    };
    if (from["email"] != null) {
      person.email = string(from["email"]);
    }
    return person;
  }
  const company: Company = {
    id: readReference(from["id"]),
    legalName: string(from["legalName"]),
    vatNumber: string(from["vatNumber"]),
  };
  if (from["employees"] != null) {
    company.employees = integer(from["employees"]);
  }
  return company;
}

function readEvent(value: unknown): Event {
  const from = object(value);
  const at = moment(from["at"]);
  switch (from["type"]) {
    case "order_placed":
      return {
        type: "order_placed",
        at,
        order: readReference(from["order"]),
        buyer: readReference(from["buyer"]),
        total: number(from["total"]),
      };
    case "payment_received": {
      const method = METHODS.find((known) => known === from["method"]);
      if (method === undefined) {
        throw new TypeError("unknown payment method");
      }
      return {
        type: "payment_received",
        at,
        order: readReference(from["order"]),
        amount: number(from["amount"]),
        method,
      };
    }
    case "parcel_sent":
      return {
        type: "parcel_sent",
        at,
        order: readReference(from["order"]),
        carrier: string(from["carrier"]),
        ...(from["weight"] == null ? {} : { weight: number(from["weight"]) }),
      };
    case "note_added":
      return {
        type: "note_added",
        at,
        author: readReference(from["author"]),
        text: string(from["text"]),
      };
    default:
      throw new TypeError("unknown type of event");
  }
}

function readFeed(value: unknown): Feed {
  const from = object(value);
  return {
    parties: array(from["parties"], readParty),
    events: array(from["events"], readEvent),
  };
}

export const codecs: Codec[] = [
  { name: "modelsync", decode: parseFeed, encode: stringifyFeed },
  JSON_ONLY,
  zodCodec(zodFeed),
  valibotCodec(valibotFeed),
  byHand(readFeed),
];
