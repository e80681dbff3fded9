import type { PrivateState } from "./definition";

/** Set by an import until the first read; the `$` keeps it apart from the keys of handlers. */
const importedKey = "$imported";

/** Private state while one call runs: what Terraform handed over, and what to hand back. */
export class PrivateStore implements PrivateState {
  private constructor(private readonly entries: Map<string, unknown>) {}

  /** What Terraform kept; empty bytes, as for a new resource, give an empty store. */
  static decode(bytes: Uint8Array | undefined): PrivateStore {
    if (!bytes || bytes.length === 0) return new PrivateStore(new Map());
    const stored: unknown = JSON.parse(Buffer.from(bytes).toString());
    return new PrivateStore(new Map(Object.entries(stored ?? {})));
  }

  /** The store of a resource that was just imported and not yet read. */
  static imported(): PrivateStore {
    return new PrivateStore(new Map([[importedKey, true]]));
  }

  get<T>(key: string): T | undefined {
    return this.entries.get(key) as T | undefined;
  }

  set(key: string, value: unknown): void {
    if (value === undefined) this.entries.delete(key);
    else this.entries.set(key, value);
  }

  /** True once, after an import. */
  takeImported(): boolean {
    return this.entries.delete(importedKey);
  }

  /** JSON for Terraform; nothing at all when the store is empty. */
  encode(): Uint8Array | undefined {
    return this.entries.size === 0 ? undefined : Buffer.from(JSON.stringify(Object.fromEntries(this.entries)));
  }
}
