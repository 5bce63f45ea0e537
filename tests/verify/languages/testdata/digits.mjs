
const { parse } = JSON;
let revived = 0;
// As before Node 22: a reviver does not get the text of a number.
JSON.parse = (text, reviver) =>
  reviver ? parse(text, (key, value) => (revived++, reviver(key, value))) : parse(text);
const { parseBig, stringifyBig, DecodeError } = await import("./out/index.ts");

const kept = [
  '{"id":9007199254740993}',
  '{"id":-9223372036854775808,"ids":[9223372036854775807,1,-9007199254740992]}',
  '{"rest":{"i9007199254740993":"i9007199254740993","s":["s1",""],"12345678901234568":1}}',
  '{"rest":[12345678901234568,"12345678901234568","a\\\\",{"\\\\\\"12345678901234568":"\\""}]}',
  '{"rest":{"__proto__":{"a":12345678901234568}},"number":0.12345678901234568}',
  '{"rest":["\u{1f600} 12345678901234568"],"number":1234567890123456.5}',
];
for (const text of kept) {
  const written = stringifyBig(parseBig(text));
  if (written !== text) console.log("expected", text, "found", written);
}
const spaced = '\n{ "id" :\t9007199254740993 ,\r\n"ids": [ -9007199254740993 ] , "rest" : "12" }\n';
const tight = '{"id":9007199254740993,"ids":[-9007199254740993],"rest":"12"}';
if (stringifyBig(parseBig(spaced)) !== tight) console.log("spaced", parseBig(spaced));

const message = (text) => {
  try { return `read: ${stringifyBig(parseBig(text))}`; } catch (error) {
    return error instanceof DecodeError ? error.message : `crash: ${error.stack}`;
  }
};
const refused = {
  '{"id":9223372036854775808}': "id: expected a 64-bit integer, found 9223372036854775808",
  '{"id":1e17}': "id: expected a 64-bit integer, found a number that may be rounded",
  '{"id":"9007199254740993"}': "id: expected a 64-bit integer, found \"9007199254740993\"",
};
for (const text of [
  '{"id":9007199254740993', '["9007199254740993"x]', '"9007199254740993',
  '{"id":09007199254740993}', '{"id":9007199254740993.}', '{"\\x":9007199254740993}',
  "[9007199254740993 1]", "9007199254740993-",
]) {
  try {
    parse(text);
  } catch (error) {
    // The engine's text may quote the document, so only its position is kept.
    const place = /position \d+/.exec(error.message);
    refused[text] = place ? `not JSON at ${place[0]}` : "not JSON";
  }
}
for (const [text, expected] of Object.entries(refused)) {
  if (message(text) !== expected) console.log("expected", expected, "found", message(text));
}
if (revived === 0 || Object.keys(refused).length !== 11) console.log(revived, refused);
