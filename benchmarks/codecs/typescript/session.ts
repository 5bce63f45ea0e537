// Text and timestamps.

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
  type Message,
  type Session,
  parseSession,
  stringifySession,
} from "./models/index.ts";

const zodMessage = z.object({
  content: z.string(),
  createdAt: zodMoment,
  id: z.string(),
  role: z.string(),
  updatedAt: zodMoment,
});

const zodSession = z.object({
  assistantMessageCount: z.int().optional(),
  completionTokens: z.int().optional(),
  cost: z.number().optional(),
  createdAt: zodMoment.optional(),
  id: z.string(),
  messages: z.array(zodMessage),
  promptTokens: z.int().optional(),
  title: z.string(),
  toolCallCount: z.int().optional(),
  updatedAt: zodMoment.optional(),
  userMessageCount: z.int().optional(),
});

const valibotMessage = v.object({
  content: v.string(),
  createdAt: valibotMoment,
  id: v.string(),
  role: v.string(),
  updatedAt: valibotMoment,
});

const valibotSession = v.object({
  assistantMessageCount: v.optional(valibotInteger),
  completionTokens: v.optional(valibotInteger),
  cost: v.optional(v.pipe(v.number(), v.finite())),
  createdAt: v.optional(valibotMoment),
  id: v.string(),
  messages: v.array(valibotMessage),
  promptTokens: v.optional(valibotInteger),
  title: v.string(),
  toolCallCount: v.optional(valibotInteger),
  updatedAt: v.optional(valibotMoment),
  userMessageCount: v.optional(valibotInteger),
});

function readMessage(value: unknown): Message {
  const from = object(value);
  return {
    content: string(from["content"]),
    createdAt: moment(from["createdAt"]),
    id: string(from["id"]),
    role: string(from["role"]),
    updatedAt: moment(from["updatedAt"]),
  };
}

function readSession(value: unknown): Session {
  const from = object(value);
  const to: Session = {
    id: string(from["id"]),
    messages: array(from["messages"], readMessage),
    title: string(from["title"]),
  };
  if (from["assistantMessageCount"] != null) {
    to.assistantMessageCount = integer(from["assistantMessageCount"]);
  }
  if (from["completionTokens"] != null) {
    to.completionTokens = integer(from["completionTokens"]);
  }
  if (from["cost"] != null) {
    to.cost = number(from["cost"]);
  }
  if (from["createdAt"] != null) {
    to.createdAt = moment(from["createdAt"]);
  }
  if (from["promptTokens"] != null) {
    to.promptTokens = integer(from["promptTokens"]);
  }
  if (from["toolCallCount"] != null) {
    to.toolCallCount = integer(from["toolCallCount"]);
  }
  if (from["updatedAt"] != null) {
    to.updatedAt = moment(from["updatedAt"]);
  }
  if (from["userMessageCount"] != null) {
    to.userMessageCount = integer(from["userMessageCount"]);
  }
  return to;
}

export const codecs: Codec[] = [
  { name: "modelsync", decode: parseSession, encode: stringifySession },
  JSON_ONLY,
  zodCodec(zodSession),
  valibotCodec(valibotSession),
  byHand(readSession),
];
