import { MsgpackReader } from "./msgpack-reader";
import { MsgpackWriter } from "./msgpack-writer";
import type { DynamicValue } from "./tfplugin6";
import { toNumber, type Value } from "./value";

/**
 * The msgpack that Terraform reads, whatever type the schema gives the value.
 *
 * @throws RangeError for NaN and infinities, which Terraform cannot hold
 */
export function encodeValue(value: Value): Uint8Array {
  const writer = new MsgpackWriter();
  writer.value(value);
  return writer.bytes();
}

/**
 * The value in msgpack bytes, or in a DynamicValue of either encoding. An absent value is null, as Terraform means it.
 *
 * A number that a double cannot keep comes as decimal text (see `toNumber`), and so does a fraction in msgpack.
 *
 * @throws RangeError when the bytes are no msgpack that Terraform writes, SyntaxError when the JSON is none
 */
export function decodeValue(from: Uint8Array | DynamicValue | undefined): Value {
  if (from === undefined) return null;
  if (from instanceof Uint8Array) return new MsgpackReader(from).whole();
  if (from.msgpack !== undefined) return new MsgpackReader(from.msgpack).whole();
  return from.json === undefined ? null : decodeJson(from.json);
}

/** The value in JSON text: stored state, as UpgradeResourceState gets it, or the JSON form of a DynamicValue. */
export function decodeJson(json: Uint8Array): Value {
  const text = Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString();
  return JSON.parse(quoteLongNumbers(text));
}

/** JSON with each number of which JSON.parse would lose digits turned into a string. */
function quoteLongNumbers(json: string): string {
  const stringOrLongNumber = /"|-?\d[\d.eE+-]{15,}/g;
  let quoted = "";
  let done = 0;
  for (let found = stringOrLongNumber.exec(json); found; found = stringOrLongNumber.exec(json)) {
    if (found[0] === '"') stringOrLongNumber.lastIndex = endOfString(json, found.index);
    else if (toNumber(found[0]) === undefined) {
      quoted += `${json.slice(done, found.index)}"${found[0]}"`;
      done = stringOrLongNumber.lastIndex;
    }
  }
  return quoted + json.slice(done);
}

/** Index after the closing quote. A loop, because a regular expression runs out of stack on a string of some MB. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += json[at] === "\\" ? 2 : 1) {
    if (json[at] === '"') return at + 1;
  }
  return json.length;
}
