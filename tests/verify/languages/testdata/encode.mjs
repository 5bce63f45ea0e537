import { EncodeError, encodeThing, stringifyThing, decodeThing } from "./out/index.ts";

class Instance { id = 1; }

const refused = [
  [{ number: NaN }, "number"],
  [{ single: 3.5e38 }, "single"],
  [{ number: Infinity }, "number"],
  [{ small: 1.5 }, "small"],
  [{ small: 2 ** 31 }, "small"],
  [{ id: 2 ** 53 }, "id"],
  [{ id: "1" }, "id"],
  [{ at: new Date(NaN) }, "at"],
  [{ at: new Date(253402300800000) }, "at"],
  [{ at: "2024-01-01T00:00:00Z" }, "at"],
  [{ day: "2024-02-30" }, "day"],
  [{ data: [1] }, "data"],
  [{ text: "\ud800" }, "text"],
  [{ text: null }, "text"],
  [{ state: "other" }, "state"],
  [{ map: { a: null } }, "map.a"],
  [{ list: [null, {}, { next: { id: 0.5 } }] }, "list[2].next.id"],
  [{ any: { a: [undefined] } }, "any.a[0]"],
  [{ any: () => 1 }, "any"],
  [{ any: new Date(0) }, "any"],
  [{ either: { plus: "-" } }, "either"],
  [{ any: [1, , 2] }, "any[1]"],
  [{ any: { a: [, 1] } }, "any.a[0]"],
  [{ any: { a: new Map([["b", 1]]) } }, "any.a"],
  [{ any: [new Instance()] }, "any[0]"],
  [{ list: [, {}] }, "list[0]"],
  [{ list: [{}, new Map()] }, "list[1]"],
  [{ next: { next: new Set() } }, "next.next"],
  [{ next: new Date() }, "next"],
  [{ map: new Map([["a", 1]]) }, "map"],
  [{ maps: [{}, new Instance()] }, "maps[1]"],
  [{ either: new Map() }, "either"],
  [{ either: Object.assign(new Instance(), { plus: "+" }) }, "either"],
  [new Instance(), ""],
  [null, ""],
];
for (const [value, path] of refused) {
  for (const write of [encodeThing, stringifyThing]) {
    try {
      console.log("written", write(value));
    } catch (error) {
      if (!(error instanceof EncodeError) || error.path !== path) console.log(path, error);
    }
  }
}
const loop = {};
loop.next = loop;
try { stringifyThing(loop); } catch (error) { if (!(error instanceof EncodeError)) throw error; }

const says = (value, message) => {
  try {
    console.log("written", encodeThing(value));
  } catch (error) {
    equal(error.message, message);
    equal(error.name, "EncodeError");
  }
};
says({ number: NaN }, "number: expected a finite number");
says({ single: -Infinity }, "single: expected a finite number");
says({ single: 3.5e38 }, "single: expected a 32-bit number, found 3.5e+38");
says({ id: 1.5 }, "id: expected a 64-bit integer, found 1.5");
says({ id: 2 ** 65 }, "id: expected a 64-bit integer, found 36893488147419103000");
says({ map: new Map() }, "map: expected a plain object, found an instance of Map");

function equal(a, b) { if (a !== b) console.log("expected", b, "found", a); }
equal(stringifyThing({ at: new Date(-62135596800000) }), '{"at":"0001-01-01T00:00:00Z"}');
equal(stringifyThing({ at: new Date(-1) }), '{"at":"1969-12-31T23:59:59.999Z"}');
equal(stringifyThing({ at: new Date(951827696780) }), '{"at":"2000-02-29T12:34:56.78Z"}');
equal(stringifyThing({ single: Math.fround(0.1) }), '{"single":0.1}');
equal(stringifyThing({ small: -0 }), '{"small":0}');
const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
for (let end = 0; end < 256; end++) {
  const data = bytes.subarray(0, end);
  const json = encodeThing({ data });
  equal(json["data"], Buffer.from(data).toString("base64"));
  equal(String(decodeThing(json).data), String(data));
}
const bare = Object.assign(Object.create(null), { id: 1 });
equal(stringifyThing({ next: bare, any: bare, map: bare }),
  '{"next":{"id":1},"any":{"id":1},"map":{"id":1}}');
equal(stringifyThing({ map: { a: undefined, b: 1 }, any: [{ a: undefined }] }),
  '{"any":[{}],"map":{"b":1}}');
equal({}.polluted, undefined);
equal(decodeThing({ map: JSON.parse('{"a":1}') }).map.constructor, Object);
equal(decodeThing({ constructor: 1 }).id, undefined);
