import type { MachineConfig } from "./fly/config-schema";

/** States of a machine. @see fly docs machines/machine-states (read 2026-08) */
export type MachineState =
  | "created"
  | "started"
  | "stopped"
  | "suspended"
  | "failed"
  | "starting"
  | "stopping"
  | "restarting"
  | "suspending"
  | "destroying"
  | "replacing"
  | "destroyed";

/** What a token may do: everything in an organization, read an organization, manage some apps, nothing. */
export type TokenKind = "org-deploy" | "org-readonly" | "app-deploy" | "none";

/** An organization. */
export interface OrganizationRow {
  id: string;
  slug: string;
  name: string;
  internalNumericId: number;
  /** Most machines that the organization may have; absent: no limit. */
  quota?: number;
}

/** A person. */
export interface UserRow {
  id: string;
  email: string;
  name: string;
}

/** A token is kept by its SHA-256 only, so that neither the state file nor the journal can show it. */
export interface TokenRow {
  hash: string;
  id: string;
  name: string;
  kind: TokenKind;
  org: string;
  apps?: string[];
  user?: string;
  /** Unix ms; absent: never. */
  expiresAt?: number;
  revokedAt?: number;
}

/** One app and all that lives and dies with it. */
export interface AppRow {
  id: string;
  internalNumericId: number;
  name: string;
  org: string;
  network: string;
  createdAt: number;
  idempotencyKey?: string;
  /** Unix ms at which a deleted app stops to be readable. */
  goneAt?: number;
  secretsVersion: number;
  machines: Map<string, MachineRow>;
  volumes: Map<string, VolumeRow>;
  secrets: Map<string, SecretRow>;
  addresses: Map<string, AddressRow>;
  certificates: Map<string, CertificateRow>;
  /** Oldest first. */
  releases: ReleaseRow[];
  /** What its machines have answered over HTTP, oldest first; absent: nothing. */
  responses?: { at: number; status: number; count: number }[];
  /** Lines that its programs have written, as the control had them do. */
  written?: { at: number; line: string }[];
}

/** What the platform will do next with a machine, kept as data so that a restart of the sandbox goes on with it. */
export interface PendingStep {
  at: number;
  step: "prepare" | "boot" | "stop" | "suspend" | "destroy" | "exit";
}

/** Who may change a machine for now. */
export interface LeaseRow {
  nonce: string;
  /** Unix ms. */
  expiresAt: number;
  owner: string;
  description: string;
}

interface ExitEvent {
  exit_code: number;
  guest_exit_code: number;
  guest_signal: number;
  signal: number;
  oom_killed: boolean;
  requested_stop: boolean;
  restarting: boolean;
  exited_at: string;
}

/** Something that happened to a machine. */
export interface EventRow {
  id: string;
  type: string;
  status: string;
  source: "user" | "flyd" | "proxy";
  /** Unix ms. */
  timestamp: number;
  request?: { exit_event?: ExitEvent; restart_count?: number };
  migrated?: boolean;
}

/** What was pulled for an image name. */
export interface ImageRef {
  registry: string;
  repository: string;
  tag?: string;
  digest: string;
  labels: Record<string, string>;
}

/** One machine; field names are ours, `config` is as on the wire. */
export interface MachineRow {
  id: string;
  name: string;
  region: string;
  state: MachineState;
  instanceId: string;
  privateIp: string;
  config: MachineConfig;
  imageRef: ImageRef;
  createdAt: number;
  updatedAt: number;
  /** Newest first, at most 50. */
  events: EventRow[];
  /** Every configuration it ever had, newest first. */
  versions: { version: string; user_config: MachineConfig }[];
  hostStatus: "ok" | "unknown" | "unreachable";
  cordoned: boolean;
  lease?: LeaseRow;
  /** Unix ms of the last boot. */
  startedAt: number;
  restartCount: number;
  /** Version of the app's secrets that the machine saw at its last create, update or start. */
  secretsVersion: number;
  skipLaunch: boolean;
  pending?: PendingStep;
  /** `full`: a larger guest is refused. `disabled`: every update is. */
  host?: "full" | "disabled";
  /** Check results that the platform adds by itself. */
  extraChecks?: { name: string; status: "passing" | "warning" | "critical" }[];
}

/** One volume. */
export interface VolumeRow {
  id: string;
  name: string;
  state: "created" | "pending_destroy";
  sizeGb: number;
  region: string;
  zone: string;
  encrypted: boolean;
  attachedMachineId?: string;
  createdAt: number;
  updatedAt: number;
  fstype: string;
  snapshotRetention: number;
  autoBackupEnabled: boolean;
  hostStatus: "ok" | "unknown" | "unreachable";
  /** Unix ms at which a volume in pending_destroy leaves the listing. */
  goneAt?: number;
  snapshots: SnapshotRow[];
}

interface SnapshotRow {
  id: string;
  createdAt: number;
  sizeGb: number;
  retentionDays: number;
}

/** One secret, never its value. */
export interface SecretRow {
  name: string;
  digest: string;
  createdAt: number;
  updatedAt: number;
  /** E-mail of who wrote it last. */
  user: string;
}

/** Kinds of address; a listing does not show them. */
export type AddressType = "v4" | "v6" | "shared_v4" | "private_v6" | "egress_v4" | "egress_v6";

/** One address. */
export interface AddressRow {
  id: string;
  ip: string;
  type: AddressType;
  region: string;
  serviceName: string;
  createdAt: number;
  network?: { name: string; org_slug: string };
}

/** The certificates of one hostname. */
export interface CertificateRow {
  id: string;
  hostname: string;
  acmeRequested: boolean;
  custom: boolean;
  /** True when DNS points here: validation passes and a certificate is issued. */
  configured: boolean;
  createdAt: number;
  updatedAt: number;
}

/** One release, as flyctl records it. */
export interface ReleaseRow {
  id: string;
  version: number;
  status: string;
  strategy: string;
  imageRef: string;
  /** fly.toml as JSON, as flyctl sent it; null when the release carries none. */
  definition: unknown;
  description: string;
  user: string;
  createdAt: number;
}
