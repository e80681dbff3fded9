import { ByteReader, ByteWriter, type WireType } from "./wire-bytes";

/**
 * One field of a protobuf message: its number, and how its value is written and read.
 *
 * `Read` is what a decoded message holds, `Written` what an encoder takes. Only what Terraform's protocol needs exists:
 * varints and length-delimited fields; no floats, no packed lists.
 */
export interface Field<Read, Written = Read> {
  readonly number: number;
  readonly wireType: WireType;
  /** What a decoded message holds when the field is not on the wire. */
  absent(): Read;
  /** Writes tag and value, or nothing where proto3 writes nothing. */
  write(writer: ByteWriter, value: Written): void;
  /** Reads one occurrence; `before` is what earlier occurrences gave, which repeated fields extend. */
  read(reader: ByteReader, before: Read): Read;
}

// biome-ignore lint/suspicious/noExplicitAny: the bound of every field; each keeps its own types
type AnyField = Field<any, any>;

/** A protobuf message, described by its fields. A field whose message holds itself is given by a getter. */
export interface Message<F extends { readonly [name: string]: AnyField } = { readonly [name: string]: AnyField }> {
  readonly fields: F;
}

type ReadOf<F> = F extends Field<infer Read, infer _> ? Read : never;
type WrittenOf<F> = F extends Field<infer _, infer Written> ? Written : never;
type MayBeAbsent<F> = { [K in keyof F]: undefined extends ReadOf<F[K]> ? K : never }[keyof F];

/** A message as `decode` gives it: numbers, texts and lists are always there; messages and optional fields may not be. */
export type Decoded<M extends Message> = {
  readonly [K in Exclude<keyof M["fields"], MayBeAbsent<M["fields"]>>]: ReadOf<M["fields"][K]>;
} & { readonly [K in MayBeAbsent<M["fields"]>]?: ReadOf<M["fields"][K]> };

/** A message as `encode` takes it: every field may be left out. */
export type Encodable<M extends Message> = {
  readonly [K in keyof M["fields"]]?: WrittenOf<M["fields"][K]> | undefined;
};

/** The description of a message whose type is written by hand, which a message that holds itself needs. */
export type MessageOf<T> = Message<{ readonly [K in keyof T]-?: Field<T[K]> }>;

/** Describes a message. */
export function message<F extends { readonly [name: string]: AnyField }>(fields: F): Message<F> {
  return { fields };
}

/** The bytes of a message. Fields that are left out, or hold proto3's default, are not written. */
export function encode<M extends Message>(message: M, value: Encodable<M>): Uint8Array {
  const writer = new ByteWriter();
  writeFields(message, writer, value);
  return writer.bytes();
}

/**
 * The message in the bytes. Fields that we do not know are stepped over, so that a newer Terraform may send them.
 *
 * @throws RangeError when the bytes are no protobuf message
 */
export function decode<M extends Message>(message: M, bytes: Uint8Array): Decoded<M> {
  const fields = Object.entries<AnyField>(message.fields);
  const result = Object.fromEntries<unknown>(fields.map(([name, field]) => [name, field.absent()]));
  const reader = new ByteReader(bytes);
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    const known = fields.find(([, field]) => field.number === number && field.wireType === wireType);
    if (!known) reader.skip(wireType);
    else result[known[0]] = known[1].read(reader, result[known[0]]);
  }
  return result as Decoded<M>;
}

function writeFields<M extends Message>(message: M, writer: ByteWriter, value: Encodable<M>): void {
  for (const [name, field] of Object.entries<AnyField>(message.fields)) {
    const given = value[name];
    if (given !== undefined) field.write(writer, given);
  }
}

/** UTF-8 text, empty when absent. */
export const string = (number: number) =>
  scalar<string>(number, 2, {
    absent: "",
    write: (writer, value) => writer.delimited(Buffer.from(value)),
    read: (reader) => reader.delimited().toString(),
  });

/** Bytes, empty when absent. */
export const bytes = (number: number) =>
  scalar<Uint8Array>(number, 2, {
    absent: new Uint8Array(),
    isDefault: (value) => value.length === 0,
    write: (writer, value) => writer.delimited(value),
    read: (reader) => reader.delimited(),
  });

/** A truth value, false when absent. */
export const bool = (number: number) =>
  scalar<boolean>(number, 0, {
    absent: false,
    write: (writer, value) => writer.varint(value ? 1 : 0),
    read: (reader) => reader.varint() !== 0,
  });

/** A signed whole number, 0 when absent. Beyond 2^53 it loses digits; Terraform sends schema versions and list indexes. */
export const int64 = (number: number) =>
  scalar<number>(number, 0, {
    absent: 0,
    write: (writer, value) => writer.varint(value),
    read: (reader) => reader.varint(),
  });

/** One of several names, which stands on the wire as its place in the list. The first is the default. */
export const enumeration = <const Names extends readonly [string, ...string[]]>(number: number, ...names: Names) =>
  scalar<Names[number]>(number, 0, {
    absent: names[0],
    write: (writer, value) => writer.varint(names.indexOf(value)),
    read: (reader) => names[reader.varint()] ?? names[0],
  });

/** A scalar that may be absent, and is written even when it holds its default: proto3's `optional` and `oneof`. */
export const optional = <T>(field: Scalar<T>): Field<T | undefined> => ({
  number: field.number,
  wireType: field.wireType,
  absent: () => undefined,
  write(writer, value) {
    if (value !== undefined) field.writeAlways(writer, value);
  },
  read: (reader) => field.read(reader, field.absent()),
});

/** A message, undefined when absent. */
export const one = <M extends Message>(number: number, of: M): Field<Decoded<M> | undefined, Encodable<M>> => ({
  number,
  wireType: 2,
  absent: () => undefined,
  write: (writer, value) => writeMessage(writer, number, of, value),
  read: (reader) => decode(of, reader.delimited()),
});

/** A list of messages, empty when absent. */
export const many = <M extends Message>(
  number: number,
  of: M,
): Field<readonly Decoded<M>[], readonly Encodable<M>[]> => ({
  number,
  wireType: 2,
  absent: () => [],
  write(writer, values) {
    for (const value of values) writeMessage(writer, number, of, value);
  },
  read: (reader, before) => [...before, decode(of, reader.delimited())],
});

/** Messages by name, empty when absent. On the wire each is an entry of key 1 and value 2. */
export const map = <M extends Message>(
  number: number,
  of: M,
): Field<Readonly<Record<string, Decoded<M>>>, Readonly<Record<string, Encodable<M>>>> => ({
  number,
  wireType: 2,
  absent: () => ({}),
  write(writer, values) {
    for (const [key, value] of Object.entries(values)) {
      writer.tag(number, 2);
      writer.nested((entry) => {
        mapEntry.fields.key.write(entry, key);
        writeMessage(entry, mapEntry.fields.value.number, of, value);
      });
    }
  },
  read(reader, before) {
    const { key, value } = decode(mapEntry, reader.delimited());
    return { ...before, [key]: decode(of, value) };
  },
});

interface Scalar<T> extends Field<T> {
  /** Writes the value even when it is the default. */
  writeAlways(writer: ByteWriter, value: T): void;
}

interface ScalarKind<T> {
  readonly absent: T;
  readonly isDefault?: (value: T) => boolean;
  readonly write: (writer: ByteWriter, value: T) => void;
  readonly read: (reader: ByteReader) => T;
}

function scalar<T>(number: number, wireType: WireType, kind: ScalarKind<T>): Scalar<T> {
  const isDefault = kind.isDefault ?? ((value) => value === kind.absent);
  const writeAlways = (writer: ByteWriter, value: T) => {
    writer.tag(number, wireType);
    kind.write(writer, value);
  };
  return {
    number,
    wireType,
    absent: () => kind.absent,
    write(writer, value) {
      if (!isDefault(value)) writeAlways(writer, value);
    },
    writeAlways,
    read: (reader) => kind.read(reader),
  };
}

function writeMessage<M extends Message>(writer: ByteWriter, number: number, of: M, value: Encodable<M>): void {
  writer.tag(number, 2);
  writer.nested((inner) => writeFields(of, inner, value));
}

const mapEntry = message({ key: string(1), value: bytes(2) });
