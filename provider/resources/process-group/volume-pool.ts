import { type Clock, type Fly, FlyError, type Guest, type Volume } from "../../../api/fly";
import { isKept } from "../ownership";
import type { ProcessGroup } from "./attributes";

type Mount = NonNullable<ProcessGroup["mount"]>;

export interface PoolOptions {
  readonly fly: Fly;
  readonly app: string;
  readonly clock: Clock;
  readonly mount: Mount;
  /** Of the machines that will mount them, so that a volume lands on a host with room for both. */
  readonly guest: Guest;
  /** The app's, as listed. */
  readonly volumes: readonly Volume[];
  /** Whether an unattached volume of that name is the group's: nothing else in the app mounts it. */
  isOurs(volume: Volume): boolean;
  progress(step: string): void;
}

/** Volumes for the machines of a group: those that are free already, then new ones. Each is given away once. */
export class VolumePool {
  readonly #options: PoolOptions;
  readonly #given = new Set<string>();
  readonly #made = new Map<string, Volume>();
  /** One create at a time: Fly has no protection against a double, so it must be clear which one came of which call. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Volumes that were not there before; one whose machine then failed is free again and stays. */
  get made(): readonly Volume[] {
    return [...this.#made.values()];
  }

  /** Id of a free volume in the region, as large as declared. */
  async claim(region: string): Promise<string> {
    const { volumes, isOurs, fly, app, mount, progress } = this.#options;
    const free = volumes.find((volume) => this.#isFree(volume, region) && isOurs(volume));
    if (!free) return (await this.#create(region)).id;
    this.#given.add(free.id);
    progress(`volume ${free.id} in ${region} is free; using it`);
    if (free.size_gb < (mount.size_gb ?? 1)) await fly.volumes.extend(app, free.id, mount.size_gb ?? 1);
    return free.id;
  }

  /** Another new volume instead of one that was made here and whose host has no room; undefined: it may hold data and stays. */
  async exchange(id: string, region: string): Promise<string | undefined> {
    const { fly, app, progress } = this.#options;
    if (!this.#made.delete(id)) return undefined;
    const other = await this.#create(region);
    progress(`volume ${id} is empty and on a full host; destroying it`);
    await fly.volumes.delete(app, id);
    return other.id;
  }

  #isFree(volume: Volume, region: string): boolean {
    const { mount } = this.#options;
    return (
      isKept(volume) &&
      volume.region === region &&
      volume.name === mount.name &&
      !volume.attached_machine_id &&
      !this.#given.has(volume.id) &&
      (volume.host_status ?? "ok") === "ok" &&
      (volume.encrypted ?? true) === (mount.encrypted ?? true)
    );
  }

  #create(region: string): Promise<Volume> {
    const made = this.#last.then(() => this.#createNow(region));
    this.#last = made.catch(() => undefined);
    return made;
  }

  async #createNow(region: string): Promise<Volume> {
    const { fly, app, clock, mount, guest, volumes, progress } = this.#options;
    const body = {
      name: mount.name,
      region,
      size_gb: mount.size_gb ?? 1,
      encrypted: mount.encrypted ?? true,
      snapshot_retention: mount.snapshot_retention ?? 5,
      auto_backup_enabled: mount.auto_backup ?? true,
      compute: guest,
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        const made = await fly.volumes.create(app, body);
        return this.#take(made);
      } catch (error) {
        if (!(error instanceof FlyError) || !error.ambiguous || attempt === 3) throw error;
        progress(`volume ${mount.name}: Fly did not say whether it was made (${error.flyMessage}); looking`);
        await clock.sleep(1_000);
        const known = new Set(volumes.map(({ id }) => id));
        const found = (await fly.volumes.list(app)).find((one) => !known.has(one.id) && this.#isFree(one, region));
        if (found) return this.#take(found);
      }
    }
  }

  #take(volume: Volume): Volume {
    this.#given.add(volume.id);
    this.#made.set(volume.id, volume);
    this.#options.progress(`volume ${volume.id} made in ${volume.region}`);
    return volume;
  }
}
