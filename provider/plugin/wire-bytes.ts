/** How a field's value stands on the wire: 0 is a varint, 2 is length-delimited bytes. */
export type WireType = 0 | 2;

/** Collects the bytes of one protobuf message. Nested messages hand over their parts; nothing is copied until `bytes`. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** Writes a field's number and wire type. */
  tag(number: number, wireType: WireType): void {
    this.varint(number * 8 + wireType);
  }

  /** Writes a whole number up to 2^53 in size; a negative one as the 64-bit two's complement that protobuf's int64 wants. */
  varint(value: number): void {
    const bytes: number[] = [];
    if (value < 0) {
      let rest = BigInt.asUintN(64, BigInt(value));
      for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
      bytes.push(Number(rest));
    } else {
      let rest = value;
      for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
      bytes.push(rest);
    }
    this.#push(Uint8Array.from(bytes));
  }

  /** Writes bytes with their length before them. */
  delimited(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.#push(bytes);
  }

  /** Writes what `fill` writes, with its length before it. */
  nested(fill: (inner: ByteWriter) => void): void {
    const inner = new ByteWriter();
    fill(inner);
    this.varint(inner.#length);
    for (const part of inner.#parts) this.#push(part);
  }

  /** Everything written so far, in one piece. */
  bytes(): Uint8Array {
    return Buffer.concat(this.#parts, this.#length);
  }

  #push(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.length;
  }
}

/** Walks over the bytes of one protobuf message. Throws a `RangeError` where they are no such message. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** True when every byte is read. */
  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The next field's number and wire type. */
  tag(): { readonly number: number; readonly wireType: number } {
    const tag = this.varint();
    return { number: Math.floor(tag / 8), wireType: tag % 8 };
  }

  /** A varint as signed 64-bit number; beyond 2^53 the last digits are lost. */
  varint(): number {
    const start = this.#at;
    let value = 0;
    for (let scale = 1; this.#at - start < 10; scale *= 0x80) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return this.#at - start < 10 ? value : this.#signed(start);
    }
    throw new RangeError("a protobuf number is longer than 64 bits");
  }

  /** The next length-delimited bytes, as a view of the message. */
  delimited(): Buffer {
    return this.#take(this.varint());
  }

  /** Steps over the value of a field that we do not know. */
  skip(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.#take(8);
    else if (wireType === 2) this.delimited();
    else if (wireType === 5) this.#take(4);
    else throw new RangeError(`a protobuf field has wire type ${wireType}, which is not one of 0, 1, 2 and 5`);
  }

  /** Ten bytes hold all 64 bits, the sign among them. */
  #signed(start: number): number {
    let value = 0n;
    for (let at = this.#at - 1; at >= start; at -= 1) value = (value << 7n) | BigInt((this.#bytes[at] ?? 0) & 0x7f);
    return Number(BigInt.asIntN(64, value));
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError("a protobuf message ends in the middle of a number");
    this.#at += 1;
    return byte;
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (length < 0 || end > this.#bytes.length)
      throw new RangeError("a protobuf message ends in the middle of a field");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
