import { isList, isObject, type Value } from "../../framework";

/** An object of a configuration; its values may be unknown. */
export type ConfigObject = Readonly<Record<string, Value>>;

/** True for an object that is there and known. */
export function isThere(value: Value | undefined): value is ConfigObject {
  return value !== undefined && isObject(value);
}

/** The known objects of a list. */
export function objectsOf(value: Value | undefined): ConfigObject[] {
  return value !== undefined && isList(value) ? value.filter(isThere) : [];
}

/** True for what is neither absent nor null; an unknown value is there. */
export function isSet(value: Value | undefined): boolean {
  return value !== undefined && value !== null;
}
