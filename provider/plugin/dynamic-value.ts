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
  const stringOrLongNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]{15,}/g;
  return JSON.parse(text.replace(stringOrLongNumber, (token) => (keeps(token) ? token : `"${token}"`)));
}

/** False for a number of which JSON.parse would lose digits. */
function keeps(token: string): boolean {
  return token.startsWith('"') || toNumber(token) !== undefined;
}
