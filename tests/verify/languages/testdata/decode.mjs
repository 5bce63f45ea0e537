import { runInNewContext } from "node:vm";
import { DecodeError, decodeThing, encodeThing, parseThing } from "./out/index.ts";

class Instance { id = 1; }

const refused = {
  "a Promise: is an await missing?": Promise.resolve({ id: 1 }),
  "an instance of Map": new Map([["id", 1]]),
  "an instance of Date": new Date(0),
  "an instance of Set": new Set(),
  "an instance of Error": new Error("id"),
  "an instance of URL": new URL("http://localhost"),
  "an instance of Uint8Array": new Uint8Array(1),
  "an instance of Instance": new Instance(),
  "an instance of RegExp": runInNewContext("/id/"),
  "one with a prototype of its own": Object.create({ id: 1 }),
};
const says = (value, message) => {
  try {
    console.log("read", decodeThing(value));
  } catch (error) {
    if (!(error instanceof DecodeError) || error.message !== message) console.log(message, error);
  }
};
for (const [found, value] of Object.entries(refused)) {
  const message = `expected a plain object, found ${found}`;
  says(value, message);
  says({ next: value }, `next: ${message}`);
  says({ map: value }, `map: ${message}`);
  says({ list: [null, value] }, `list[1]: ${message}`);
  if (!(value instanceof Date || value instanceof Uint8Array)) {
    says({ any: { a: value } }, `any.a: ${message}`);
    says({ either: value }, `either: expected a value of ThingEither (as Plus: ${message})`);
  }
}
says(Object.create(Object.assign(Object.create(null), { id: 1 })),
  "expected a plain object, found one with a prototype of its own");
says(() => ({ id: 1 }), "expected an object, found function");
says({ list: [, {}] }, "list[0]: required, but absent");

const read = (value) => {
  if (decodeThing(value).id !== 1) console.log("not read", value);
};
read({ id: 1 });
read({ get id() { return 1; } });
read(Object.freeze({ id: 1 }));
read(new Proxy({ id: 1 }, {}));
read(Object.assign(Object.create(null), { id: 1 }));
read(runInNewContext("({ id: 1, next: { map: {} }, list: [{}] })"));

Object.prototype.id = 2;
for (const value of [decodeThing({}), parseThing("{}"), decodeThing({ next: {} }).next]) {
  if (Object.hasOwn(value, "id")) console.log("inherited", value);
}
read({ id: 1 });
