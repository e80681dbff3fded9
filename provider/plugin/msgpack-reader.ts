import { type ObjectValue, unknown, type Value } from "./value";

/** Walks over the msgpack of a value. Throws a `RangeError` where it is none that Terraform writes. */
export class MsgpackReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The value that takes all of the bytes. */
  whole(): Value {
    const value = this.#value();
    if (this.#at < this.#bytes.length) throw new RangeError("a msgpack value is followed by more bytes");
    return value;
  }

  #value(): Value {
    const code = this.#take(1).readUInt8();
    if (code < 0x80) return code;
    if (code < 0x90) return this.#map(code & 0x0f);
    if (code < 0xa0) return this.#list(code & 0x0f);
    if (code < 0xc0) return this.#string(code & 0x1f);
    if (code >= 0xe0) return code - 0x100;
    return this.#coded(code);
  }

  #coded(code: number): Value {
    switch (code) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xca:
        return this.#take(4).readFloatBE();
      case 0xcb:
        return this.#take(8).readDoubleBE();
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#take(1 << (code - 0xcc)).readUIntBE(0, 1 << (code - 0xcc));
      case 0xcf:
        return integer(this.#take(8).readBigUInt64BE());
      case 0xd0:
      case 0xd1:
      case 0xd2:
        return this.#take(1 << (code - 0xd0)).readIntBE(0, 1 << (code - 0xd0));
      case 0xd3:
        return integer(this.#take(8).readBigInt64BE());
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#unknown(1 << (code - 0xd4));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#unknown(this.#length(code - 0xc7));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#string(this.#length(code - 0xd9));
      case 0xdc:
      case 0xdd:
        return this.#list(this.#length(code - 0xdb));
      case 0xde:
      case 0xdf:
        return this.#map(this.#length(code - 0xdd));
      default:
        throw new RangeError(`a msgpack value has the code 0x${code.toString(16)}, which Terraform has no use for`);
    }
  }

  /** A length in 1, 2 or 4 bytes: `size` is the power of two. */
  #length(size: number): number {
    return this.#take(1 << size).readUIntBE(0, 1 << size);
  }

  #unknown(length: number): Value {
    this.#take(1 + length); // the extension's code, and what Terraform may say about the value to come
    return unknown;
  }

  #string(length: number): string {
    return this.#take(length).toString();
  }

  #list(length: number): Value[] {
    const values: Value[] = [];
    for (let index = 0; index < length; index += 1) values.push(this.#value());
    return values;
  }

  #map(length: number): ObjectValue {
    const entries: [string, Value][] = [];
    for (let index = 0; index < length; index += 1) {
      const key = this.#value();
      if (typeof key !== "string") throw new RangeError("a msgpack map has a key that is no string");
      entries.push([key, this.#value()]);
    }
    return Object.fromEntries(entries); // also right for a key such as __proto__
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("a msgpack value ends too early");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

function integer(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
