import { isList, isUnknown, type ObjectValue, type Value } from "./value";

/*
 * The part of MessagePack that Terraform uses: nil, booleans, numbers, strings, arrays, maps with string keys, and
 * extensions, each of which means "unknown" whatever its code (docs/plugin-protocol/object-wire-format.md of
 * hashicorp/terraform, read 2026-11). A library for all of MessagePack would neither keep the digits of numbers apart nor
 * start as fast.
 */

/** Collects the msgpack of a value. */
export class MsgpackWriter {
  #buffer = Buffer.allocUnsafe(1024);
  #length = 0;

  value(value: Value): void {
    if (value === null) this.#byte(0xc0);
    else if (value === false) this.#byte(0xc2);
    else if (value === true) this.#byte(0xc3);
    else if (isUnknown(value)) this.#unknown();
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "string") this.#string(value);
    else if (isList(value)) this.#list(value);
    else this.#map(value);
  }

  /** Everything written so far. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Extension of code 0 with one byte, which Terraform writes and does not read. */
  #unknown(): void {
    this.#byte(0xd4);
    this.#byte(0);
    this.#byte(0);
  }

  #number(value: number): void {
    if (!Number.isFinite(value))
      throw new RangeError(`${value} cannot be sent to Terraform: it is not a finite number`);
    if (Number.isSafeInteger(value)) this.#integer(value);
    else this.#string(String(value)); // a double would be 0.1 to 53 bits, and a configuration's 0.1 has 512
  }

  #integer(value: number): void {
    if (value >= -0x20 && value < 0x80) this.#byte(value & 0xff);
    else if (value > 0 && value <= 0xffffffff) this.#fixed(0xce, 4, (buffer, at) => buffer.writeUInt32BE(value, at));
    else this.#fixed(0xd3, 8, (buffer, at) => buffer.writeBigInt64BE(BigInt(value), at));
  }

  #string(value: string): void {
    const length = Buffer.byteLength(value);
    this.#sized(length, { fix: 0xa0, fixLimit: 0x20, short: 0xda, long: 0xdb });
    const at = this.#grow(length);
    this.#buffer.write(value, at);
  }

  #list(values: readonly Value[]): void {
    this.#sized(values.length, { fix: 0x90, fixLimit: 0x10, short: 0xdc, long: 0xdd });
    for (const value of values) this.value(value);
  }

  #map(values: ObjectValue): void {
    const entries = Object.entries(values);
    this.#sized(entries.length, { fix: 0x80, fixLimit: 0x10, short: 0xde, long: 0xdf });
    for (const [key, value] of entries) {
      this.#string(key);
      this.value(value);
    }
  }

  /** Writes a length in the least form of its kind. */
  #sized(length: number, codes: { fix: number; fixLimit: number; short: number; long: number }): void {
    if (length < codes.fixLimit) this.#byte(codes.fix | length);
    else if (length <= 0xffff) this.#fixed(codes.short, 2, (buffer, at) => buffer.writeUInt16BE(length, at));
    else this.#fixed(codes.long, 4, (buffer, at) => buffer.writeUInt32BE(length, at));
  }

  #byte(byte: number): void {
    const at = this.#grow(1);
    this.#buffer[at] = byte;
  }

  #fixed(code: number, room: number, fill: (buffer: Buffer, at: number) => void): void {
    this.#byte(code);
    const at = this.#grow(room);
    fill(this.#buffer, at);
  }

  /** Makes room at the end and returns where it begins; the buffer may be another one afterwards. */
  #grow(room: number): number {
    const at = this.#length;
    this.#length += room;
    if (this.#length > this.#buffer.length) {
      this.#buffer = Buffer.concat([this.#buffer.subarray(0, at)], Math.max(this.#length, this.#buffer.length * 2));
    }
    return at;
  }
}
